"""The rows of the list of waiting leads: those that are due, and what becomes of them; a statement each."""

import json
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

BATCH_SIZE = 2000  # rows of one transaction
TOLD_AT_ONCE = 5  # reasons that one to-do names
FAILED = "failed"
UNSEEN = ("locked", "delay")  # why a lead waits that was not looked at: somebody changes it, or it has just come
LOCKED_AGAIN = timedelta(seconds=5)  # somebody saves a lead in less


class Due(NamedTuple):
    """A row that is due, locked."""

    id: int
    lead_id: int
    run_id: int | None
    since: datetime
    tries: int
    told_on: datetime | None
    reason: str | None = None

    @property
    def is_new(self):
        """Whether no campaign has looked at the lead yet."""
        return not self.tries or self.reason in UNSEEN

    @property
    def failures(self):
        """How often in a row it has failed; waiting for somebody is none."""
        return self.tries if self.reason == FAILED else 0


class Wait(NamedTuple):
    """Why a lead waits now, and until when; ``is_told``: the responsible hears of it with this."""

    reason: str
    next_try: datetime
    detail: str | None = None
    campaign_id: int | None = None
    run_id: int | None = None
    is_told: bool = False


def change_rows(env, query):
    """Write rows of the lists by SQL, and have them read anew; return their number."""
    lists = env["lead.distribution.waiting"], env["lead.distribution.not.taken"]
    for rows in lists:
        rows.flush_model()
    env.cr.execute(query)
    count = env.cr.rowcount
    for rows in lists:
        rows.invalidate_model(flush=False)
    return count


def lock_due(env):
    """Return the rows that may be tried now, the longest due first; what somebody else has in hand is passed over."""
    env["lead.distribution.waiting"].flush_model()
    rows = env.execute_query(
        SQL(
            "SELECT id, lead_id, run_id, since, coalesce(tries, 0), told_on, reason FROM lead_distribution_waiting "
            "WHERE next_try <= %s ORDER BY next_try, id LIMIT %s FOR UPDATE SKIP LOCKED",
            fields.Datetime.now(),
            BATCH_SIZE,
        )
    )
    return [Due(*row) for row in rows]


def lock_leads(env, lead_ids):
    """Lock the leads that nobody has; return (their ids, ids of those that somebody is changing)."""
    env["crm.lead"].flush_model(["active", "holder_id"])
    free = env.execute_query(
        SQL(
            "SELECT id FROM crm_lead WHERE id = ANY(%s) AND active AND holder_id IS NULL "
            "ORDER BY id FOR NO KEY UPDATE SKIP LOCKED",
            list(lead_ids),
        )
    )
    free = {lead_id for [lead_id] in free}
    rest = [lead_id for lead_id in lead_ids if lead_id not in free]
    if not rest:
        return free, set()
    busy = env.execute_query(SQL("SELECT id FROM crm_lead WHERE id = ANY(%s) AND active AND holder_id IS NULL", rest))
    return free, {lead_id for [lead_id] in busy}


def remove(env, lead_ids):
    """Take leads from the list."""
    if lead_ids:
        env.cr.execute(SQL("DELETE FROM lead_distribution_waiting WHERE lead_id = ANY(%s)", list(lead_ids)))
        env["lead.distribution.waiting"].invalidate_model(flush=False)


def keep_waiting(env, waits):
    """Write why leads wait, and until when.

    :param waits: {lead id: ``Wait``}
    """
    if not waits:
        return
    columns = zip(*waits.values(), strict=True)
    now = fields.Datetime.now()
    env.cr.execute(
        SQL(
            "UPDATE lead_distribution_waiting w SET reason = v.reason, next_try = v.next_try, detail = v.detail, "
            "campaign_id = coalesce(v.campaign_id, w.campaign_id), run_id = coalesce(v.run_id, w.run_id), "
            "tries = CASE WHEN v.reason = %s AND w.reason IS DISTINCT FROM v.reason THEN 1 "
            "ELSE coalesce(w.tries, 0) + 1 END, told_on = CASE WHEN v.is_told THEN %s ELSE w.told_on END "
            "FROM unnest(%s::int[], %s::text[], %s::timestamp[], %s::text[], %s::int[], %s::int[], %s::bool[]) "
            "AS v(lead_id, reason, next_try, detail, campaign_id, run_id, is_told) WHERE w.lead_id = v.lead_id",
            FAILED,
            now,
            list(waits),
            *map(list, columns),
        )
    )
    env["lead.distribution.waiting"].invalidate_model(flush=False)


def keep_not_taken(env, refused):
    """Write which step of each live campaign refuses leads that none of them takes, and end their waiting.

    :param refused: {lead id: {campaign id: key of the step}}
    """
    if not refused:
        return
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_not_taken (lead_id, company_id, looked_on, reasons) "
            "SELECT l.id, l.company_id, %s, v.reasons FROM unnest(%s::int[], %s::jsonb[]) AS v(id, reasons) "
            "JOIN crm_lead l ON l.id = v.id "
            "ON CONFLICT (lead_id) DO UPDATE SET looked_on = excluded.looked_on, reasons = excluded.reasons, "
            "company_id = excluded.company_id",
            fields.Datetime.now(),
            list(refused),
            [json.dumps(reasons) for reasons in refused.values()],
        )
    )
    env["lead.distribution.not.taken"].invalidate_model(flush=False)
    remove(env, refused)


def is_anything_due(env):
    """Say whether something may be tried now, or has changed for whose sake something may."""
    env["lead.distribution.waiting"].flush_model(["next_try"])
    query = (
        "SELECT EXISTS (SELECT FROM lead_distribution_waiting WHERE next_try <= %s) "
        "OR EXISTS (SELECT FROM lead_distribution_change)"
    )
    [[is_due]] = env.execute_query(SQL(query, fields.Datetime.now()))
    return is_due


def find_next_try(env):
    """Return when the next lead that waits may be tried, None where none does."""
    env["lead.distribution.waiting"].flush_model(["next_try"])
    [[moment]] = env.execute_query(SQL("SELECT min(next_try) FROM lead_distribution_waiting"))
    return moment


def read_left(run):
    """Return {reason: ids of leads} of what a live run has found, and that waits still."""
    rows = run.env.execute_query(
        SQL(
            "SELECT reason, array_agg(lead_id ORDER BY lead_id) FROM lead_distribution_waiting "
            "WHERE run_id = %s GROUP BY reason",
            run.id,
        )
    )
    return dict(rows)


def count_told(env):
    """Return {campaign id: leads that wait, and that the responsible was told of}."""
    return dict(
        env.execute_query(
            SQL(
                "SELECT campaign_id, count(*) FROM lead_distribution_waiting "
                "WHERE told_on IS NOT NULL GROUP BY campaign_id"
            )
        )
    )


def list_told(campaign):
    """Return [(reason, in detail, leads)] of what waits and the responsible was told of, the most frequent first."""
    return campaign.env.execute_query(
        SQL(
            "SELECT reason, detail, count(*) FROM lead_distribution_waiting "
            "WHERE campaign_id = %s AND told_on IS NOT NULL GROUP BY reason, detail ORDER BY count(*) DESC LIMIT %s",
            campaign.id,
            TOLD_AT_ONCE,
        )
    )
