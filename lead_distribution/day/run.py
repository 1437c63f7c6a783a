"""The run of the day: one a campaign, day and origin collects what is handed out in small parts.

Leads as they come, leads taken back, declined, pulled. It is done from its first lead, so it can be reverted at any
time; after that, the next lead opens another one. Its figures grow with each part: what it has found is what it has
handed out, and what is left over.
"""

from collections import Counter
from random import SystemRandom

from odoo import fields
from odoo.fields import Domain

from .. import engine
from ..applying.rotation import turn_rotation
from ..finding.scope import get_today
from ..finding.window import get_window
from ..names import BASE_STEPS, BY_TURN
from ..planning.going_on import carry_over, describe_progress
from ..planning.people import tell_unsound
from ..planning.request import PlanRequest
from ..planning.store import create_run
from ..planning.strategy import choose_strategy
from ..planning.track import add_to_lines
from ..reporting.rules_on import describe_rules
from ..reporting.summary import add_to_summary

MANY = 2**31 - 1


def find_run(campaign, origin="live", side=None):
    """Return today's run of a campaign that grows, if there is one.

    :param side: the ``arms.Side`` whose leads it hands out, None outside of an experiment
    """
    domain = _get_domain_of_side(side) & _get_domain_of_today(campaign, origin)
    return campaign.env["lead.distribution.run"].search(domain, limit=1)


def _get_domain_of_side(side):
    """Each way of each experiment has its own runs, and so has what is outside of experiments."""
    if not side or not side.arm:
        return Domain("arm", "=", False)
    return Domain("arm", "=", side.arm) & Domain("experiment_id", "=", side.experiment.id)


def _get_domain_of_today(campaign, origin):
    return Domain(
        [
            ("campaign_id", "=", campaign.id), ("origin", "=", origin), ("state", "=", "done"),
            ("reverting_since", "=", False), ("distribution_date", "=", get_today(campaign)),
        ]
    )  # fmt: skip


def describe_day(campaign, run, members, strategy, side=None):
    """Return {user id: ``Progress``} of the day's live run, for its next leads.

    Who gets the first leads of a day depends on the day before where shares count, else small ones came to nothing.

    :param run: of the day, may be empty
    :param strategy: name of the one by which the next leads are handed out
    :param side: see ``find_run``
    """
    carried = {}
    if engine.get_strategy_class(strategy).is_settled_later and members.user_id - run.member_line_ids.user_id:
        carried = carry_over(_find_last_run(campaign, run, side), strategy)
    return describe_progress(run, members, carried)


def _find_last_run(campaign, run, side):
    """Return the live run before the one of today; what was put back is as if it had not been."""
    domain = Domain(
        [
            ("campaign_id", "=", campaign.id), ("origin", "=", run.origin or "live"), ("state", "=", "done"),
            ("id", "!=", run.id), ("member_line_ids", "!=", False),
        ]
    )  # fmt: skip
    runs = campaign.env["lead.distribution.run"]
    return runs.search(domain & _get_domain_of_side(side), order="id desc", limit=1)


def get_run(campaign, found, selection, get_warnings, origin="live", side=None):
    """Return today's run of a campaign that grows, a new one at the day's first lead.

    :param found: what the rules take now
    :param selection: who takes part
    :param get_warnings: → what in the settings does not work, in words
    :param side: the ``arms.Side`` whose leads it hands out, None outside of an experiment
    """
    run = find_run(campaign, origin, side)
    # batches are small: how many leads there are says nothing here
    request = PlanRequest(strategy=side.strategy if side else None)
    deciding = side.ways.campaign if side else campaign
    strategy = choose_strategy(deciding, request, MANY, len(selection.members))
    if not run:
        rules = describe_rules(deciding, PlanRequest(), campaign.env._)
        decided = {**_describe_side(side), "strategy": strategy, "origin": origin, "rules_on": rules}
        return _open_run(campaign, found, selection, get_warnings, decided)
    values = {"strategy": strategy, "left_out": selection.left_out}
    changed = {name: value for name, value in values.items() if (run[name] or {}) != (value or {})}
    if changed:
        run.write(changed)
    return run


def _describe_side(side):
    """Return what a run keeps of the way whose leads it hands out."""
    if not side or not side.arm:
        return {}
    return {
        "arm": side.arm,
        "experiment_id": side.experiment.id,
        "distribution_order": side.ways.campaign.distribution_order,
    }


def _open_run(campaign, found, selection, get_warnings, decided):
    users, now = selection.members.user_id, fields.Datetime.now()
    return create_run(
        campaign,
        PlanRequest(),
        SystemRandom().randrange(2**31),
        _without_counts(campaign, found),
        selection.left_out,
        [*get_warnings(), *(tell_unsound(campaign, users) if users else ())],
        state="done",
        is_growing=True,
        started_on=now,
        finished_on=now,
        **decided,
    )


def _without_counts(campaign, found):
    """Return the same without the leads: they are counted batch by batch."""
    return type(found)(window=get_window(campaign, PlanRequest()), warnings=found.warnings)


def count_left_today(run):
    """Return how many more leads the run may hand out beside the day's runs of other ways, None for any number."""
    return count_room_today(run.campaign_id, run.origin)


def count_room_today(campaign, origin="live"):
    """Return how many more leads the campaign's runs of the day may hand out by all ways, None for any number."""
    most = campaign.max_leads
    if not most:
        return None
    runs = campaign.env["lead.distribution.run"].search(_get_domain_of_today(campaign, origin))
    return max(0, most - sum(runs.mapped("leads_done")))


def grow(run, done, change, refused, seconds):
    """Add a batch to the run: its figures, tracking lines, summary, and whose turn it is.

    :param done: rows of the history that were handed out or dropped back
    :param change: how many leads more the run has found
    :param refused: {key of a step: leads that it refuses, looked at for the first time}
    """
    handed = done.filtered(lambda row: row.kind != "dropback")
    outside = Counter({key: count for key, count in refused.items() if key in BASE_STEPS})
    run.write(
        {
            "leads_found": run.leads_found + change,
            "leads_done": run.leads_done + len(handed),
            "leads_planned": run.leads_done + len(handed),
            "leads_dropped_back": run.leads_dropped_back + len(done) - len(handed),
            "outside": dict(Counter(run.outside or {}) + outside),
            "exclusions": dict(Counter(run.exclusions or {}) + Counter(refused) - outside),
            "finished_on": fields.Datetime.now(),
            "applying_seconds": run.applying_seconds + seconds,
        }
    )
    if done:
        add_to_lines(run, done)
        add_to_summary(run, done)
        turn_rotation(run, Counter(row.user_id.id for row in handed if row.kind in BY_TURN and not row.is_uncounted), 1)
