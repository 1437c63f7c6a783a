"""The run of the day: one a campaign, day and origin collects what is handed out in small parts.

Leads as they come, leads taken back, declined, pulled. It is done from its first lead, so it can be reverted at any
time; after that, the next lead opens another one. Its figures grow with each part: what it has found is what it has
handed out, and what is left over.
"""

from collections import Counter
from random import SystemRandom

from odoo import fields

from .. import engine
from ..applying.rotation import turn_rotation
from ..finding.scope import get_today
from ..finding.window import get_window
from ..names import BY_TURN
from ..planning.going_on import carry_over, describe_progress
from ..planning.people import tell_unsound
from ..planning.request import PlanRequest
from ..planning.store import create_run
from ..planning.strategy import choose_strategy
from ..planning.track import add_to_lines
from ..reporting.rules_on import describe_rules
from ..reporting.summary import add_to_summary

MANY = 2**31 - 1


def find_run(campaign, origin="live"):
    """Return today's run of a campaign that grows, if there is one."""
    return campaign.env["lead.distribution.run"].search(
        [
            ("campaign_id", "=", campaign.id), ("origin", "=", origin), ("state", "=", "done"),
            ("reverting_since", "=", False), ("distribution_date", "=", get_today(campaign)),
        ],
        limit=1,
    )  # fmt: skip


def describe_day(campaign, run, members, strategy):
    """Return {user id: ``Progress``} of the day's live run, for its next leads.

    Who gets the first leads of a day depends on the day before where shares count, else small ones came to nothing.

    :param run: of the day, may be empty
    :param strategy: name of the one by which the next leads are handed out
    """
    carried = {}
    if engine.get_strategy_class(strategy).is_settled_later and members.user_id - run.member_line_ids.user_id:
        carried = carry_over(_find_last_run(campaign, run), strategy)
    return describe_progress(run, members, carried)


def _find_last_run(campaign, run):
    """Return the live run before the one of today; what was put back is as if it had not been."""
    domain = [
        ("campaign_id", "=", campaign.id), ("origin", "=", run.origin or "live"), ("state", "=", "done"),
        ("id", "!=", run.id),
    ]  # fmt: skip
    runs = campaign.env["lead.distribution.run"]
    return runs.search([*domain, ("member_line_ids", "!=", False)], order="id desc", limit=1)


def get_run(campaign, found, selection, get_warnings, origin="live"):
    """Return today's run of a campaign that grows, a new one at the day's first lead.

    :param found: what the rules take now
    :param selection: who takes part
    :param get_warnings: → what in the settings does not work, in words
    """
    run = find_run(campaign, origin)
    # batches are small: how many leads there are says nothing here
    strategy = choose_strategy(campaign, PlanRequest(), MANY, len(selection.members))
    if not run:
        return _open_run(campaign, found, selection, get_warnings, strategy, origin)
    values = {"strategy": strategy, "left_out": selection.left_out}
    changed = {name: value for name, value in values.items() if (run[name] or {}) != (value or {})}
    if changed:
        run.write(changed)
    return run


def _open_run(campaign, found, selection, get_warnings, strategy, origin):
    users, now = selection.members.user_id, fields.Datetime.now()
    return create_run(
        campaign,
        PlanRequest(),
        SystemRandom().randrange(2**31),
        _without_counts(campaign, found),
        selection.left_out,
        [*get_warnings(), *(tell_unsound(campaign, users) if users else ())],
        strategy=strategy,
        rules_on=describe_rules(campaign, PlanRequest(), campaign.env._),
        origin=origin,
        state="done",
        is_growing=True,
        started_on=now,
        finished_on=now,
    )


def _without_counts(campaign, found):
    """Return the same without the leads: they are counted batch by batch."""
    return type(found)(window=get_window(campaign, PlanRequest()), warnings=found.warnings)


def count_left_today(run):
    """Return how many more leads the run may hand out, None for any number."""
    most = run.campaign_id.max_leads
    return max(0, most - run.leads_done) if most else None


def grow(run, done, change, refused, seconds):
    """Add a batch to the run: its figures, tracking lines, summary, and whose turn it is.

    :param done: rows of the history that were handed out or dropped back
    :param change: how many leads more the run has found
    :param refused: {key of a step: leads that it refuses, looked at for the first time}
    """
    handed = done.filtered(lambda row: row.kind != "dropback")
    run.write(
        {
            "leads_found": run.leads_found + change,
            "leads_done": run.leads_done + len(handed),
            "leads_planned": run.leads_done + len(handed),
            "leads_dropped_back": run.leads_dropped_back + len(done) - len(handed),
            "exclusions": dict(Counter(run.exclusions or {}) + Counter(refused)),
            "finished_on": fields.Datetime.now(),
            "applying_seconds": run.applying_seconds + seconds,
        }
    )
    if done:
        add_to_lines(run, done)
        add_to_summary(run, done)
        turn_rotation(run, Counter(row.user_id.id for row in handed if row.kind in BY_TURN and not row.is_uncounted), 1)
