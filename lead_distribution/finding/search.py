"""Finding: the leads of a campaign walk through its steps.

The database walks them: one statement counts the leads that each step is the first to refuse, another
fetches those that pass all of them, however many leads there are.
"""

import logging

from odoo.fields import Domain

from ..names import DROPPED
from ..work.database import TimeLimitReached, compile_nothing, think_small, time_limit
from . import sales
from .candidates import Found, fetch_candidates, sort_candidates
from .funnel import count_refused
from .in_turn import InTurn
from .scope import get_leads
from .steps import Step, keep_asked, list_base_steps, work_out
from .window import count_outside, get_base_domain, get_date_field, get_whole_domain, get_window

_logger = logging.getLogger(__name__)

SALES = "sales"  # the step that looks for customers with an opportunity


def find(campaign, request, steps, fact_names=()):
    """Return what a campaign finds now, see ``Found``; a fixed number of statements.

    :param request: a ``PlanRequest``
    :param steps: list of ``Step``, in their order
    :param fact_names: the lead's columns that are read besides a candidate's own
    """
    # compiling the statement takes PostgreSQL longer than running it: 1.0 s against 0.13 s
    # for the funnel of a million leads (docs/developer/performance.md)
    compile_nothing(campaign.env)
    window = get_window(campaign, request)
    base, steps = get_base_domain(campaign, request, window), work_out(keep_asked(steps, request), campaign)
    found = _find_in_time(campaign, steps, lambda steps: _walk(campaign, base, steps, fact_names))
    found.window, found.base = window, base
    found.outside = count_outside(campaign, request, found)
    if not (found.candidates or found.to_drop_back) and campaign.warn_without_leads:
        # a run that finds nothing is right, and says so
        found.warnings.append(campaign.env._("No lead qualifies: there is nothing to distribute."))
    return found


def sort_out(campaign, request, steps, lead_ids, fact_names=()):
    """Return which of some leads a campaign takes, and of each other one the step that refuses it, see ``Found``.

    The same as ``find`` of these leads, for the many small batches of leads as they come: one statement.

    :param request: a ``PlanRequest``, which names no leads
    :param steps: list of ``Step``, in their order
    """
    think_small(campaign.env)
    window = get_window(campaign, request)
    whole, base = get_whole_domain(campaign, request), get_base_domain(campaign, request, window)
    outside = [Step("type", "", domain=whole), Step("date", "", domain=base)]
    steps = [*outside, *work_out(keep_asked(steps, request), campaign)]
    found = _find_in_time(campaign, steps, lambda steps: _sort(campaign, lead_ids, steps, fact_names))
    found.window = window
    return found


def get_found_domain(campaign, request, steps):
    """Return the leads that a campaign would find now, as a Domain."""
    passing = [step.domain for step in work_out(keep_asked(steps, request), campaign)]
    return Domain.AND([get_base_domain(campaign, request), *passing])


def find_in_turn(campaign, request, steps, fact_names=()):
    """Return the leads that a campaign would find now in its order, to be read page by page, see ``InTurn``.

    What drops back is not among them.
    """
    compile_nothing(campaign.env)
    window = get_window(campaign, request)
    base, steps = get_base_domain(campaign, request, window), work_out(keep_asked(steps, request), campaign)
    days = window if get_date_field(campaign).name == "source_date" else (None, None)

    def look(steps):
        domain = Domain.AND([base, *(step.domain for step in steps)])
        return InTurn(get_leads(campaign), domain, campaign.lead_order, days, fact_names)

    return _find_in_time(campaign, steps, look)


def find_refused(campaign, request, steps, key, limit):
    """Return the ids of the leads that a step is the first to refuse now; at most ``limit``.

    :param key: of the step
    """
    if key in {step.key for step in list_base_steps(campaign, request)}:
        return _find_outside(campaign, request, key, limit)
    reached = get_base_domain(campaign, request)
    for step in work_out(keep_asked(steps, request), campaign):
        if step.key == key:
            return get_leads(campaign).search(reached & ~step.domain, order="id", limit=limit).ids
        reached &= step.domain
    return []


def _find_outside(campaign, request, key, limit):
    """Return the ids of the leads that do not walk through the steps; of named ones also archived ones."""
    leads, whole = get_leads(campaign), get_whole_domain(campaign, request)
    if key == "date":
        return leads.search(whole & ~get_base_domain(campaign, request), order="id", limit=limit).ids
    named = Domain("id", "in", list(request.lead_ids or ()))
    return leads.with_context(active_test=False).search(named & ~whole, order="id", limit=limit).ids


def _find_in_time(campaign, steps, walk):
    """Walk the steps; without that of customers, where the opportunities cannot be read, or not fast enough.

    :param walk: called with steps; returns what was found
    """
    env, seconds = campaign.env, campaign.sales_seconds
    if not campaign.use_sales_filter:
        return walk(steps)
    try:
        with time_limit(env.cr, seconds):
            if sales.can_read_opportunities(campaign):
                return walk(steps)
            problem = env._("The opportunities could not be read: no lead was left out for them.")
    except TimeLimitReached:
        _logger.warning("Lead distribution: campaign %s looked for customers too long", campaign.id)
        problem = env._(
            "Looking for customers with an opportunity took longer than %s seconds: no lead was left out for them.",
            f"{seconds:g}",
        )
    found = walk([step for step in steps if step.key != SALES])
    found.warnings.append(problem)
    return found


def _sort(campaign, lead_ids, steps, fact_names):
    """Return what passes the steps, and for each other lead the first step that refuses it."""
    leads, found = get_leads(campaign), Found()
    for key, candidate in sort_candidates(leads, lead_ids, steps, fact_names):
        if key is None:
            found.candidates.append(candidate)
        elif key == DROPPED:
            found.to_drop_back.append(candidate)
        else:
            found.refused[candidate.id] = key
    return found


def _walk(campaign, base, steps, fact_names):
    """Return what passes the steps, and where the rest stays.

    :param base: Domain of the leads that are looked at
    :param steps: those that are on, with their domains
    """
    leads, keys = get_leads(campaign), [step.key for step in steps]
    refused = count_refused(leads, base, steps, sales.NO_CONTACT if SALES in keys else None)
    found = Found(excluded={**dict.fromkeys(keys, 0), **{each.key: each.count for each in refused if each.key}})
    if SALES in keys:
        reaching = {None, *keys[keys.index(SALES) :]}
        without_contact = sum(each.marked for each in refused if each.key in reaching)
        found.warnings += sales.tell_without_contact(campaign, without_contact)
    passing = Domain.AND([base, *(step.domain for step in steps)])
    found.candidates = fetch_candidates(leads, passing, fact_names)
    reached = base
    for step in steps:
        if step.key == SALES and found.excluded[SALES]:
            found.sales_by_stage = sales.count_by_stage(campaign, reached)
            found.sales_list = sales.list_leaving(campaign, reached) if campaign.sales_export else []
        if step.key == DROPPED and found.excluded[DROPPED]:
            found.to_drop_back = fetch_candidates(leads, reached & ~step.domain)
        reached &= step.domain
    found.excluded.pop(DROPPED, None)  # they go another way: that is no reason of exclusion
    return found
