"""Verifying a campaign that has handed out half a million leads, as its nightly check does."""

from statistics import median

import find
import table
from budgets import VERIFYING, Verdicts

from odoo.tools import SQL

LEADS = 500_000
RUNS = 365
TURNS = 3


def prepare(env, leads):
    """Create a year of runs and their leads with plain SQL; each lead is where the history says, but for a few."""
    people = find.get_people(env)
    campaign = env["lead.distribution.campaign"].create(
        {"name": "Verified", "tz": "UTC", "member_ids": [(0, 0, {"user_id": user.id}) for user in people]}
    )
    env.flush_all()
    for name in ("lead_distribution_assignment", "crm_lead"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(name)))
    shared = {
        "campaign": campaign.id, "company": env.company.id, "users": people.ids, "many": len(people), "count": leads,
        "stage": env["crm.stage"].search([], limit=1).id, "runs": RUNS,
    }  # fmt: skip
    for statement in (RUN_ROWS, LEAD_ROWS, HISTORY):
        env.cr.execute(SQL(statement, **shared))
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    for name in ("crm_lead", "lead_distribution_assignment", "lead_distribution_run"):
        env.cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(name)))
    env.cr._cnx.autocommit = False
    return campaign


RUN_ROWS = """
INSERT INTO lead_distribution_run (campaign_id, company_id, state, origin, strategy, distribution_date,
    leads_found, leads_planned, leads_done, leads_distributed, is_applied, create_date)
SELECT %(campaign)s, %(company)s, 'done', 'schedule', 'round_robin', current_date - n, 1, 1, 1, 1, true, now()
FROM generate_series(1, %(runs)s) n
"""
# one in a hundred was given to somebody else since
LEAD_ROWS = """
INSERT INTO crm_lead (name, type, active, company_id, stage_id, priority, source_date, create_date, write_date,
    user_id, open_user_id, holder_id, distribution_campaign_id, distributed_on, email_normalized, date_open, won_status)
SELECT 'Lead ' || n, 'lead', true, %(company)s, %(stage)s, '1', current_date - n %% %(runs)s, now(), now(),
    holder, holder, holder, %(campaign)s, now(), 'lead' || n || '@example.com', now(), 'pending'
FROM generate_series(1, %(count)s) n,
    LATERAL (SELECT (%(users)s::int[])[1 + (n + (n %% 100 = 0)::int) %% %(many)s] AS holder) AS held
"""
HISTORY = """
INSERT INTO lead_distribution_assignment (run_id, campaign_id, company_id, kind, state, lead_id, lead_name, user_id,
    user_name, strategy, turn, distribution_date, applied_on)
SELECT r.id, %(campaign)s, %(company)s, 'distribution', 'done', first_lead + n - 1, 'Lead ' || n,
    (%(users)s::int[])[1 + n %% %(many)s], 'Caller', 'round_robin', n, r.distribution_date, r.distribution_date
FROM generate_series(1, %(count)s) n
    CROSS JOIN (SELECT min(id) AS first_lead FROM crm_lead) AS leads
    JOIN lead_distribution_run r
        ON r.campaign_id = %(campaign)s AND r.distribution_date = current_date - 1 - n %% %(runs)s
ORDER BY n
"""


def measure(env, meter, shrink=1):
    """Return (leads, [Measured])."""
    leads = LEADS // shrink
    campaign = prepare(env, leads)
    found = campaign.verify_assignments()
    if found["problems"] or not found["notes"]:
        raise AssertionError(found["problems"])
    return leads, [meter.measure(campaign.verify_assignments) for _turn in range(1 if shrink > 1 else TURNS)]


def render(leads, runs):
    """Return (the text, the verdicts)."""
    verdicts, seconds = Verdicts(), [run.seconds for run in runs]
    row = [f"{leads:,}", table.spread(seconds), table.spread([run.processor for run in runs]),
           f"{runs[-1].statements}", f"{max(run.memory for run in runs):.0f}"]  # fmt: skip
    verdicts.judge(VERIFYING["seconds"], median(seconds), f"{leads:,} assignments")
    header = ["assignments", "seconds", "processor", "SQL statements", "memory over idle, MiB"]
    text = [f"{find.PEOPLE} people, {RUNS} runs.", "", table.render(header, [row]), "", verdicts.render()]
    return "\n".join(text), verdicts
