"""Why not this lead: the steps of finding for single leads, each with the rule and what the lead has instead."""

from dataclasses import replace

from odoo.exceptions import ValidationError
from odoo.tools import SQL, split_every

from ..work.system import as_system
from .funnel import list_conditions
from .scope import get_leads, get_today
from .step_words import describe_rule, describe_value
from .steps import list_base_steps, work_out

CAMPAIGNS_AT_ONCE = 40  # a statement of PostgreSQL has 1,664 columns at most; each campaign takes one
LEADS_AT_ONCE = 10_000


def explain_lead(campaign, lead, request, steps):
    """Return what each step says of one lead: dicts of ``step``, ``name``, ``passes``, ``rule`` and ``value``.

    ``rule`` is what the campaign asks for, ``value`` what the lead has. The same conditions as in a run, evaluated by
    the same database, in one statement.

    :param request: a ``PlanRequest``
    :param steps: list of ``Step`` after the window
    """
    steps = _list_all(campaign, request, steps)
    refused = _find_refusing([(campaign, steps)], lead.ids).get(lead.id, [()])[0]
    return [
        {
            "step": step.key,
            "name": step.words,
            "passes": step.key not in refused,
            **_describe(campaign, lead, request, step),
        }
        for step in steps
    ]


def explain_campaigns(lead, request, asked):
    """Return for each of some campaigns the first step that refuses a lead: dicts as of ``explain_lead``.

    With ``campaign``; ``step`` is None for a campaign that would take the lead; ``problem`` says why one cannot tell.

    :param asked: list of (campaign, steps after the window)
    """
    worked_out, problems = [], {}
    for campaign, steps in asked:
        try:
            worked_out.append((campaign, _list_all(campaign, request, steps)))
        except ValidationError as error:  # a broken filter of one campaign keeps nobody from the others
            problems[campaign] = str(error)
    refused = _find_refusing(worked_out, lead.ids).get(lead.id, [()] * len(worked_out))
    answers = {}
    for (campaign, steps), keys in zip(worked_out, refused, strict=True):
        first = next((step for step in steps if step.key in keys), None)
        words = {"name": first.words, **_describe(campaign, lead, request, first)} if first else {}
        answers[campaign] = {"campaign": campaign, "step": first and first.key, "problem": "", **words}
    return [
        answers.get(campaign) or {"campaign": campaign, "step": None, "problem": problems[campaign]}
        for campaign, _steps in asked
    ]


def find_refusals(campaign, request, steps, lead_ids):
    """Return {lead id: keys of all steps that refuse it}, in their order; one statement for very many leads.

    :param request: whose ``override`` does not count here
    """
    all_steps = _list_all(campaign, replace(request, override=None), steps)
    found = {}
    for ids in split_every(LEADS_AT_ONCE, lead_ids, list):
        found |= {lead_id: keys for lead_id, (keys,) in _find_refusing([(campaign, all_steps)], ids).items()}
    # a lead of another type or company is outside of what the window lets in, whatever its date
    return {lead_id: [key for key in keys if key != "date" or "type" not in keys] for lead_id, keys in found.items()}


def describe_refusal(campaign, lead, step):
    """Return what a lead has of what a step looks at, such as “with Ann since 11/16/2026”.

    :param step: a ``Step``
    """
    return describe_value(step, lead, get_today(campaign))


def _list_all(campaign, request, steps):
    return [*list_base_steps(campaign, request), *work_out(steps, campaign)]


def _describe(campaign, lead, request, step):
    return {
        "rule": describe_rule(step, campaign, request),
        "value": describe_value(step, lead, get_today(campaign)),
    }


def _find_refusing(worked_out, lead_ids):
    """Return {lead id: for each campaign, the keys of the steps that refuse it}.

    :param worked_out: list of (campaign, steps with their domains)
    """
    found = {lead_id: [] for lead_id in lead_ids}
    for part in split_every(CAMPAIGNS_AT_ONCE, worked_out, list):
        for lead_id, *keys in _ask(part, lead_ids):
            found[lead_id] += keys
    return {lead_id: keys for lead_id, keys in found.items() if keys}


def _ask(part, lead_ids):
    """Ask the database once which steps of some campaigns refuse which leads."""
    env = part[0][0].env
    any_leads = as_system(env["crm.lead"]).with_context(active_test=False)
    query = any_leads._search([("id", "in", list(lead_ids))])
    columns = [_list_refusing_sql(campaign, steps, query) for campaign, steps in part]
    return env.execute_query(query.select(any_leads._field_to_sql("crm_lead", "id", query), *columns))


def _list_refusing_sql(campaign, steps, query):
    leads = get_leads(campaign)  # as a run: the leads may be archived, but archived activities do not count
    cases = [
        SQL("CASE WHEN (%s) IS NOT TRUE THEN %s END", condition, step.key)
        for condition, step in zip(list_conditions(leads, steps, query), steps, strict=True)
    ]
    return SQL("array_remove(ARRAY[%s]::text[], NULL)", SQL(", ").join(cases))
