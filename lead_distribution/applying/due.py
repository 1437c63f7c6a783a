"""What is due of leads that were handed out: met, over, or moved. Whoever acts moves the deadline on at once.

The row of the history and its lead are always written by one statement: they say the same at any moment.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ..finding.statuses import get_done_sql
from ..names import MOVED
from ..planning.deadlines import Wanted, find_step, list_steps, read_terms, reckon
from ..work.system import as_system
from .wanting import get_wanting, get_wanting_sql

NEVER = timedelta(days=36_500)
FEW = 50  # people whose deadlines move in the transaction in which somebody is away; those of more: by the schedule
DEADLINE = "lead_distribution_deadline"  # context key: what is written follows from a deadline, and is nobody's work
# fields of leads by which a deadline is met, or over
WATCHED = {"user_id", "open_user_id", "lead_status_id", "stage_id", "type", "active", "lost_reason_id"}
KEPT, MISSED, OVER, OPEN = "kept", "missed", "over", "open"


class Owed(NamedTuple):
    """A row of the history with something due, and how its lead is now.

    ``campaign_id``: whose deadlines count, see ``wanting``; ``is_there``: the lead is still with the person;
    ``baseline_id``: status before the hand-out.
    """

    id: int
    lead_id: int
    user_id: int
    campaign_id: int
    applied_on: datetime
    state: str
    checkpoint: str
    due_on: datetime
    remind_on: datetime
    missed_on: datetime
    missed_checkpoint: str
    first_action_on: datetime
    baseline_id: int
    terms: dict
    is_there: bool
    is_active: bool
    type: str
    status_id: int
    is_closed: bool

    @property
    def is_told(self):
        """Whether what is due was missed, and that was told."""
        return self.missed_checkpoint == self.checkpoint

    @property
    def is_reminded(self):
        return self.terms.get("reminded") == self.checkpoint

    @property
    def is_over(self):
        """Whether nothing is due of the person any more: somebody else has the lead, or it was archived untouched."""
        return not self.is_there or not (self.is_active or (self.is_closed and self.first_action_on))

    def is_met(self, step):
        """Whether a step is done, whenever that was."""
        if self.is_closed:
            return True
        if step.name == "action":
            return bool(self.first_action_on)
        if step.name == "opportunity":
            return self.type == "opportunity"
        idle = {*self.terms["idle"], *([self.baseline_id] if self.terms["from_start"] else ())}
        return bool(self.status_id) and self.status_id not in idle

    def is_late(self, due_on, now=None):
        """Whether what is due was done after its time.

        :param now: what is done is done now, if nothing says otherwise; None: it was done some time before, in time
        """
        if self.is_told or not due_on:
            return False
        if self.terms.get("late") == self.checkpoint:
            return True
        moment = self.first_action_on if self.checkpoint == "action" and self.first_action_on else now
        return bool(moment) and moment > due_on

    def want(self, step):
        return Wanted(self.user_id, self.applied_on, step, self.terms["remind"])


@dataclass
class Change:
    """What becomes of a row; ``late``: the name of what was done too late, which nobody was told of."""

    id: int
    state: str
    checkpoint: str | None = None
    due_on: datetime | None = None
    remind_on: datetime | None = None
    check_on: datetime | None = None
    missed_on: datetime | None = None
    missed_checkpoint: str | None = None
    terms: dict = field(default_factory=dict)


# ---- at the hand-out

ROW_FIELDS = ("deadline_state", "checkpoint", "due_on", "remind_on", "check_on", "deadline_terms")


class _Planned:
    """What is due of leads that are handed out at a moment, by keys; nothing where the campaign wants nothing."""

    def __init__(self):
        self.terms, self.due = {}, {}

    def plan(self, campaign, moment, wanted):
        """:param wanted: list of (key, user id, terms, first step)"""
        self.terms |= {key: terms for key, _user_id, terms, _step in wanted}
        asked = {key: Wanted(user_id, moment, step, terms["remind"]) for key, user_id, terms, step in wanted}
        if asked:
            found = reckon(campaign, asked.values(), moment)
            self.due |= {key: found[one] for key, one in asked.items()}

    def get_columns(self, key):
        """Return the values of ``ROW_FIELDS`` as they are stored."""
        due = self.due.get(key)
        return (OPEN, *due, json.dumps(self.terms[key])) if due else (None,) * len(ROW_FIELDS)


class Plan(_Planned):
    """The same of rows of a batch; keys are their ids.

    :param run: with full rights
    :param rows: whose leads are as they were
    """

    def __init__(self, run, rows, moment):
        super().__init__()
        campaign = as_system(run.campaign_id)
        kinds = {(row.kind, get_wanting(campaign, row)) for row in rows}
        terms_of = {(kind, wanting): read_terms(wanting, kind) for kind, wanting in kinds}
        wanted = {}
        for row in rows:
            wanting = get_wanting(campaign, row)
            terms = terms_of[row.kind, wanting]
            if terms and not row.is_uncounted:  # what somebody gets to decide about is not due
                lead = row.lead_id
                reset = campaign.status_reset_id if row.kind not in MOVED else campaign.status_reset_id.browse()
                step = find_first(terms, lead.type, (reset or lead.lead_status_id).id)
                wanted.setdefault(wanting, []).extend([(row.id, row.user_id.id, terms, step)] if step else [])
        for wanting, mine in wanted.items():
            self.plan(wanting, moment, mine)

    def get_lead_values(self, row):
        """Return what is written on the lead of a row."""
        due = self.due.get(row.id)
        return {"due_on": (due and due.due_on) or False}


class Coming(_Planned):
    """The same of leads that are made; keys are their places in a list of values."""

    def __init__(self, run, vals_list, moment):
        super().__init__()
        campaign = as_system(run.campaign_id)
        terms, wanted = read_terms(campaign), []
        for number, vals in enumerate(vals_list if terms else ()):
            user_id = vals.get("user_id")
            step = user_id and find_first(terms, vals.get("type"), vals.get("lead_status_id"))
            wanted += [(number, user_id, terms, step)] if step else []
        self.plan(campaign, moment, wanted)

    def get_lead_values(self, number):
        """Return what is written on a lead; nothing where nothing is due."""
        due = self.due.get(number)
        return {"due_on": due.due_on} if due and due.due_on else {}

    def get_row_values(self, number):
        """Return the values of the row of the history."""
        due = self.due.get(number)
        return dict(zip(ROW_FIELDS, (OPEN, *due, self.terms[number]), strict=True)) if due else {}


def find_first(terms, lead_type, status_id):
    """Return the first step that is not done yet by what the lead is; None if all are."""
    for step in list_steps(terms):
        if step.name == "opportunity" and lead_type == "opportunity":
            continue
        if step.name == "status" and not terms["from_start"] and status_id and status_id not in terms["idle"]:
            continue
        return step
    return None


# ---- reading


def find_owed_ids(env, lead_ids):
    """Return the ids of rows with something due of some leads; one statement."""
    return [
        row_id
        for [row_id] in env.execute_query(
            SQL(
                "SELECT id FROM lead_distribution_assignment WHERE lead_id = ANY(%s) AND checkpoint IS NOT NULL",
                list(lead_ids),
            )
        )
    ]


def read_owed(env, row_ids):
    """Return the ``Owed`` of some rows; one statement."""
    leads, rows = as_system(env["crm.lead"]), as_system(env["lead.distribution.assignment"])
    leads.flush_model(["active", "type", "holder_id", "lead_status_id", "distribution_campaign_id"])
    rows.flush_model()
    found = env.execute_query(
        SQL(
            "SELECT a.id, a.lead_id, a.user_id, %s, a.applied_on, a.deadline_state, a.checkpoint, a.due_on, "
            "a.remind_on, a.missed_on, a.missed_checkpoint, a.first_action_on, a.lead_status_id, a.deadline_terms, "
            "coalesce(a.state = 'done' AND l.holder_id = a.user_id, FALSE), coalesce(l.active, FALSE), l.type, "
            "l.lead_status_id, coalesce(%s, FALSE) FROM lead_distribution_assignment a "
            "LEFT JOIN crm_lead l ON l.id = a.lead_id "
            "WHERE a.id = ANY(%s) AND a.checkpoint IS NOT NULL ORDER BY a.id",
            get_wanting_sql("a"),
            get_done_sql(leads, "l"),
            list(row_ids),
        )
    )
    return [_complete(Owed(*row)) for row in found]


def _complete(owed):
    """Return the same with terms: a row that somebody has written otherwise is due when it says."""
    if owed.terms:
        return owed
    whole = owed.due_on - owed.applied_on if owed.due_on else NEVER
    share = (owed.remind_on - owed.applied_on) / whole if owed.remind_on else 0
    step = [owed.checkpoint, whole.total_seconds() / 3600, "clock"]
    return owed._replace(terms={"steps": [step], "remind": share * 100, "idle": [], "from_start": True})


def reckon_all(env, wanted):
    """Return {``Owed``'s id: ``Due``} of pairs of (owed, step), campaign by campaign."""
    found, by_campaign = {}, {}
    for owed, step in wanted:
        by_campaign.setdefault(owed.campaign_id, []).append((owed, step))
    campaigns = as_system(env["lead.distribution.campaign"])
    for campaign_id, pairs in by_campaign.items():
        due = reckon(campaigns.browse(campaign_id), [owed.want(step) for owed, step in pairs])
        found |= {owed.id: _keep_set(owed, step, due[owed.want(step)]) for owed, step in pairs}
    return found


def _keep_set(owed, step, due):
    """Return the ``Due`` of a step, at the moment that somebody has set, if anybody has."""
    if owed.terms.get("set") != step.name or not owed.due_on:
        return due
    remind_on = due.remind_on if due.remind_on and due.remind_on < owed.due_on else None
    return due._replace(due_on=owed.due_on, remind_on=remind_on, check_on=remind_on or owed.due_on)


def note_set(rows):
    """Have the moment hold that a program has set on these rows, whatever the hours of their people."""
    flush(rows.env)
    rows.env.cr.execute(
        SQL(
            "WITH a AS (UPDATE lead_distribution_assignment SET check_on = due_on, deadline_terms = "
            "deadline_terms || jsonb_build_object('set', checkpoint) WHERE id = ANY(%s) "
            "AND checkpoint IS NOT NULL AND due_on IS NOT NULL AND deadline_terms IS NOT NULL "
            "RETURNING lead_id, due_on) UPDATE crm_lead l SET due_on = a.due_on FROM a WHERE l.id = a.lead_id",
            rows.ids,
        )
    )
    forget(rows.env)


# ---- what becomes of rows


def end(owed):
    """Return the change of a row whose lead is somebody else's now, or nobody's work any more."""
    return replace(_keep(owed), state=MISSED if owed.state == MISSED else OVER)


def _keep(owed):
    return Change(
        owed.id, owed.state, missed_on=owed.missed_on, missed_checkpoint=owed.missed_checkpoint, terms=owed.terms
    )  # fmt: skip


def find_next(owed):
    """Return the first step after the present one that is not done; None if all are."""
    return next((step for step in list_steps(owed.terms, owed.checkpoint) if not owed.is_met(step)), None)


def go_on(owed, due):
    """Return the change of a row of which the present step is done with.

    :param due: the ``Due`` of the next step; None: there is none
    """
    change = _keep(owed)
    if due is None:
        return replace(change, state=MISSED if owed.state == MISSED else KEPT)
    return replace(change, **due._asdict())


def settle(env, row_ids, now=None):
    """Move deadlines on whose leads have changed: met, or over. What is open, and not met, stays as it is.

    What was done too late stays for the schedule, which tells it.
    """
    now = now or fields.Datetime.now()
    changes, met = [], []
    for owed in read_owed(env, row_ids):
        if owed.is_over:
            changes.append(end(owed))
        elif owed.is_met(find_step(owed.terms, owed.checkpoint)):
            if owed.is_late(owed.due_on, now):
                late = {**owed.terms, "late": owed.checkpoint}
                changes.append(replace(wait_until(owed, now), terms=late))
            else:
                met.append((owed, find_next(owed)))
    due = reckon_all(env, [(owed, step) for owed, step in met if step])
    changes += [go_on(owed, due.get(owed.id)) for owed, _step in met]
    store(env, changes)


def wait_until(owed, check_on):
    """Return the change of a row that is looked at again later, or never (None), and stays as it is."""
    kept = {"checkpoint": owed.checkpoint, "due_on": owed.due_on, "remind_on": owed.remind_on}
    return replace(_keep(owed), **kept, check_on=check_on)


def redo(owed, due):
    """Return the change of a row whose due time is another one now: nobody is reminded twice."""
    change = replace(_keep(owed), **due._asdict())
    return without_reminder(change, due) if owed.is_reminded else change


def without_reminder(change, due):
    """Return the change of a row whose person knows."""
    return replace(change, remind_on=None, check_on=due.due_on or due.check_on)


def store(env, changes):
    """Write rows and their leads, with one statement."""
    if not changes:
        return
    columns = [
        [getattr(change, name) or None for change in changes]
        for name in ("id", "state", "checkpoint", "due_on", "remind_on", "check_on", "missed_on", "missed_checkpoint")
    ]
    terms = [json.dumps(change.terms) for change in changes]
    flush(env)
    env.cr.execute(
        SQL(
            "WITH k AS (SELECT * FROM unnest(%s::int[], %s::text[], %s::text[], %s::timestamp[], %s::timestamp[], "
            "%s::timestamp[], %s::timestamp[], %s::text[], %s::jsonb[]) AS k(id, state, checkpoint, due_on, remind_on, "
            "check_on, missed_on, missed_checkpoint, terms)), "
            "done AS (UPDATE lead_distribution_assignment a SET deadline_state = k.state, checkpoint = k.checkpoint, "
            "due_on = k.due_on, remind_on = k.remind_on, check_on = k.check_on, missed_on = k.missed_on, "
            "missed_checkpoint = k.missed_checkpoint, deadline_terms = k.terms FROM k WHERE a.id = k.id "
            "RETURNING a.lead_id, a.due_on) "
            "UPDATE crm_lead l SET due_on = done.due_on FROM done WHERE l.id = done.lead_id "  # one open row a lead
            "AND l.due_on IS DISTINCT FROM done.due_on",
            *columns,
            terms,
        )
    )
    forget(env)


def flush(env):
    """Write what is due to the database, before statements read and change it."""
    as_system(env["crm.lead"]).flush_model(["due_on"])
    as_system(env["lead.distribution.assignment"]).flush_model()


def forget(env):
    """Forget what was read of deadlines: statements have changed it."""
    names = ["deadline_state", "checkpoint", "due_on", "remind_on", "check_on", "missed_on", "missed_checkpoint"]
    env["lead.distribution.assignment"].invalidate_model([*names, "deadline_terms"], flush=False)
    env["crm.lead"].invalidate_model(["due_on"], flush=False)


# ---- what others do to leads


def is_watched(vals):
    """Whether a write of these values may meet a deadline, or end it."""
    return bool(WATCHED & vals.keys())


def follow_change(leads):
    """Look at the deadlines of leads that were just changed by somebody; one statement where there are none."""
    handed_out = as_system(leads).filtered("distribution_campaign_id")
    if handed_out and (ids := find_owed_ids(leads.env, handed_out.ids)):
        settle(leads.env, ids)


def clear(leads):
    """Have nothing due of leads, as of no work on them."""
    if leads:
        leads.flush_recordset(["due_on"])
        leads.env.cr.execute(SQL("UPDATE crm_lead SET due_on = NULL WHERE id = ANY(%s)", leads.ids))
        leads.invalidate_recordset(["due_on"], flush=False)


def end_of_leads(leads):
    """End what is due of leads that are given to somebody else, or deleted; one statement."""
    if not leads:
        return
    flush(leads.env)
    leads.env.cr.execute(
        SQL(
            "UPDATE lead_distribution_assignment SET %s WHERE lead_id = ANY(%s) AND checkpoint IS NOT NULL",
            get_ended_sql(),
            leads.ids,
        )
    )
    if leads.env.cr.rowcount:
        forget(leads.env)


def take_off(rows, leads):
    """Have nothing due of rows that came to nothing, whose leads are with nobody."""
    rows.write(dict.fromkeys(("deadline_state", "checkpoint", "due_on", "remind_on", "check_on"), False))
    clear(leads)


def get_ended_sql():
    """Return what is set of a row with which nothing is due any more."""
    return SQL(
        "deadline_state = CASE WHEN deadline_state = 'open' THEN 'over' ELSE deadline_state END, "
        "checkpoint = NULL, due_on = NULL, remind_on = NULL, check_on = NULL"
    )


# ---- people who are there at other times


def move(users):
    """Reckon anew what is due of people whose hours have changed; of many people the schedule does it."""
    env, users = users.env, users._origin
    if not users:
        return
    if len(users) > FEW:
        look_anew(env, users)
        return
    ids = [
        row_id
        for [row_id] in env.execute_query(
            SQL(
                "SELECT id FROM lead_distribution_assignment WHERE user_id = ANY(%s) "
                "AND deadline_state IN ('open', 'missed') AND checkpoint IS NOT NULL "
                "AND checkpoint IS DISTINCT FROM missed_checkpoint",
                users.ids,
            )
        )
    ]
    owed = read_owed(env, ids) if ids else []
    due = reckon_all(env, [(one, find_step(one.terms, one.checkpoint)) for one in owed])
    store(env, [redo(one, due[one.id]) for one in owed if one.due_on != due[one.id].due_on])


def look_anew(env, users):
    """Have the schedule reckon anew what is due of people."""
    if not users:
        return
    as_system(env["lead.distribution.assignment"]).flush_model()
    env.cr.execute(
        SQL(
            "UPDATE lead_distribution_assignment SET check_on = %(now)s WHERE user_id = ANY(%(users)s) "
            "AND deadline_state IN ('open', 'missed') AND checkpoint IS NOT NULL "
            "AND checkpoint IS DISTINCT FROM missed_checkpoint "
            "AND (check_on IS NULL OR check_on > %(now)s)",  # each line of a calendar that is written comes by here
            now=fields.Datetime.now(),
            users=users.ids,
        )
    )
    env["lead.distribution.assignment"].invalidate_model(["check_on"], flush=False)
