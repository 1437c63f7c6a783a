"""Checking deadlines while a million leads are out: it costs what is due, not what is open."""

import json
from datetime import timedelta
from statistics import median

import find
import table
from budgets import DEADLINES, Verdicts

from odoo import fields
from odoo.tools import SQL

OPEN, DUE, TURNS = 1_000_000, 500, 5
HOURS = 8
SIZES = (0, 50, DUE, 5_000)
MISSED, WORKING = "missed by the clock, and told", "missed in working hours, and told"
REMINDED, TAKEN = "reminded", "missed, and given to somebody else"
# hours since the hand-out
SINCE = {MISSED: HOURS + 0.1, WORKING: 24 * 14, REMINDED: HOURS * 0.9, TAKEN: HOURS + 0.1}


def prepare(env, leads):
    """Have so many leads with people, each handed out with an hour that is still ahead; return the campaign."""
    campaign, people = find.prepare(env, leads)
    campaign.write({"first_action_hours": HOURS, "first_action_clock": "clock", "exclude_closed": False})
    run = env["lead.distribution.run"].create(
        {
            "campaign_id": campaign.id,
            "state": "done",
            "strategy": "round_robin",
            "distribution_date": fields.Date.today(),
            "leads_done": leads,
        }
    )
    env.flush_all()
    now = fields.Datetime.now()
    shared = {
        "campaign": campaign.id, "run": run.id, "company": env.company.id, "people": people.ids, "many": len(people),
        "start": now - timedelta(hours=2), "due": now + timedelta(hours=6), "remind": now + timedelta(hours=5),
    }  # fmt: skip
    env.cr.execute(
        SQL(
            "UPDATE crm_lead SET type = 'lead', lead_status_id = NULL, user_id = h.u, open_user_id = h.u, "
            "holder_id = h.u, distribution_campaign_id = %(campaign)s, distributed_on = %(start)s, due_on = %(due)s "
            "FROM (SELECT id, (%(people)s::int[])[1 + id %% %(many)s] AS u FROM crm_lead) h WHERE h.id = crm_lead.id",
            **shared,
        )
    )
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_assignment (run_id, campaign_id, company_id, kind, state, lead_id, "
            "lead_name, user_id, user_name, strategy, reason, distribution_date, applied_on, deadline_state, "
            "checkpoint, due_on, remind_on, check_on) "
            "SELECT %(run)s, %(campaign)s, %(company)s, 'distribution', 'done', id, name, user_id, 'Caller', "
            "'round_robin', 'round_robin', current_date, %(start)s, 'open', 'action', %(due)s, %(remind)s, %(remind)s "
            "FROM crm_lead ORDER BY id",
            **shared,
        )
    )
    _vacuum(env)
    return campaign


def _vacuum(env):
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE crm_lead, lead_distribution_assignment")
    env.cr._cnx.autocommit = False


def make_due(env, what, first, count):
    """Let so many leads, the next ones after the first, have been handed out so long ago that they are due now."""
    now = fields.Datetime.now()
    start, past = now - timedelta(hours=SINCE[what]), now - timedelta(minutes=1)
    clock = "working_hours" if what == WORKING else "clock"
    terms = {"steps": [["action", HOURS, clock]], "remind": 80, "idle": [], "from_start": False}
    env.cr.execute(
        SQL(
            "WITH late AS (UPDATE lead_distribution_assignment SET applied_on = %(start)s, check_on = %(past)s, "
            "due_on = %(start)s + interval '8 hours', remind_on = CASE WHEN %(is_remind)s THEN %(past)s END, "
            "deadline_terms = %(terms)s::jsonb WHERE id IN "
            "(SELECT id FROM lead_distribution_assignment ORDER BY id OFFSET %(first)s LIMIT %(count)s) "
            "RETURNING lead_id, due_on) "
            "UPDATE crm_lead SET due_on = late.due_on, distributed_on = %(start)s FROM late "
            "WHERE late.lead_id = crm_lead.id",
            start=start, past=past, is_remind=what == REMINDED, terms=json.dumps(terms), first=first, count=count,
        )
    )  # fmt: skip
    env.cr.commit()


def measure(env, meter, shrink=1):
    """Return {(what, due): [(Measured, what the check counted)]}, and how many are open."""
    campaign = prepare(env, OPEN // shrink)
    results, first = {}, 0
    for _turn in range(1 if shrink > 1 else TURNS):
        for what, size in [*((MISSED, size) for size in SIZES), (WORKING, DUE), (REMINDED, DUE), (TAKEN, DUE)]:
            campaign.on_missed = "take_back" if what == TAKEN else "tell"
            make_due(env, what, first, size)
            first, counted = first + size, {}
            measured = meter.measure(lambda counted=counted: counted.update(campaign.check_deadlines()))
            results.setdefault((what, size), []).append((measured, counted))
    campaign.action_archive()
    env.cr.commit()
    return results, OPEN // shrink


def render(results, leads):
    """Return (the text, the verdicts)."""
    rows, verdicts, seconds = [], Verdicts(), {}
    for (what, size), turns in results.items():
        times = [measured.seconds for measured, _counted in turns]
        seconds[what, size] = median(times)
        counted = turns[-1][1]
        rows.append(
            [f"{size:,}", what, table.spread(times, 3), table.spread([m.processor for m, _counted in turns]),
             f"{max(m.statements for m, _counted in turns):,}",
             ", ".join(f"{name} {count:,}" for name, count in counted.items() if count) or "–"]
        )  # fmt: skip
    for what in (MISSED, WORKING, REMINDED, TAKEN):
        verdicts.judge(DEADLINES["seconds"], seconds[what, DUE], f"{DUE} {what}")
    verdicts.judge(DEADLINES["idle"], seconds[MISSED, 0])
    text = [
        f"{leads:,} leads are out, each with something due. Medians of the turns; in brackets the extremes.",
        "",
        table.render(["due", "what becomes of it", "seconds", "processor", "SQL statements", "counted"], rows),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts
