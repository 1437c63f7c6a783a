"""Opening the dashboard and the lists with a million assignments: what the web client asks when a page opens."""

from datetime import timedelta
from statistics import median

import find
import pages
import table
from budgets import PAGES, Verdicts

from odoo import fields
from odoo.tools import SQL

ASSIGNMENTS, WAITING = 1_000_000, 100_000
DAYS, CAMPAIGNS, PEOPLE = 365, 5, find.PEOPLE
TURNS = 5
LISTED = 30  # pages in the table
DEALT = 100_000  # leads of an experiment


def prepare(env, assignments=ASSIGNMENTS):
    """Create a year of daily runs of five campaigns with plain SQL; return a manager and a salesperson.

    Each of as many leads was handed out once, to the person who holds it now.
    """
    known = env["crm.lead"].search_count([("name", "=", f"Lead {assignments}")])
    if not known or env["crm.lead"].search_count([]) != assignments:
        find.prepare(env, assignments)
    manager = env["res.users"].with_context(no_reset_password=True).create(
        {"name": "Bench manager", "login": "benchmanager",
         "group_ids": [(4, env.ref("sales_team.group_sale_manager").id)]}
    )  # fmt: skip
    people = find.get_people(env)
    sources = env["utm.source"].search([], limit=20).ids
    campaigns = env["lead.distribution.campaign"].create(
        [
            {
                "name": f"Year {n}",
                "tz": "UTC",
                "member_ids": [(0, 0, {"user_id": user.id}) for user in people[n::CAMPAIGNS]],
            }
            for n in range(CAMPAIGNS)
        ]
    )
    env.flush_all()
    for number, campaign in enumerate(campaigns):
        _insert_runs(env, campaign, people[number::CAMPAIGNS].ids, assignments // CAMPAIGNS // DAYS)
    _insert_history(env, campaigns, people.ids, sources, assignments)
    _insert_waiting(env, campaigns[0], min(WAITING, assignments // 10))
    _start_experiment(env, campaigns[1], assignments // 10)
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    for name in ("assignment", "run", "run_member", "waiting"):
        env.cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(f"lead_distribution_{name}")))
    env.cr._cnx.autocommit = False
    return manager, people[0]


def _insert_runs(env, campaign, users, a_run):
    first = fields.Date.today() - timedelta(days=DAYS - 1)
    shared = (campaign.id, env.company.id)
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_run (campaign_id, company_id, state, origin, strategy, distribution_date, "
            "leads_found, leads_planned, leads_done, leads_distributed, leads_not_distributed, efficiency, is_applied, "
            "execution_seconds, fairness_index, utilization_spread, leads_by_source, left_over, create_date) "
            "SELECT %s, %s, 'done', 'schedule', 'round_robin', %s::date + n, %s, %s, %s, %s, 2, 99, true, 4, 0.99, 8, "
            "'{\"bench source 1\": 300, \"None\": 248}', '{\"max_leads\": 2}', now() FROM generate_series(0, %s) n",
            *shared, first, a_run + 2, a_run, a_run, a_run, DAYS - 1,
        )
    )  # fmt: skip
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_run_member (run_id, campaign_id, company_id, run_state, distribution_date, "
            "user_id, salesperson_name, leads_received, leads_before_total, leads_after_total, target_leads, "
            "utilization) "
            "SELECT id, campaign_id, company_id, 'done', distribution_date, u, 'Caller', %s, 90, 104, 150, 70 "
            "FROM lead_distribution_run, unnest(%s::int[]) u WHERE campaign_id = %s",
            a_run // len(users), users, campaign.id,
        )
    )  # fmt: skip


def _insert_history(env, campaigns, users, sources, assignments):
    """Insert the assignments, the oldest first, as runs write them; one in ten was not touched yet."""
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_assignment (run_id, campaign_id, company_id, kind, state, lead_id, "
            "lead_name, user_id, user_name, previous_user_id, strategy, reason, turn, source_id, distribution_date, "
            "applied_on, first_action_on, hours_to_action, working_hours_to_action, deadline_state, handed_on) "
            "SELECT r.id, r.campaign_id, r.company_id, 'distribution', 'done', first_lead + n - 1, 'Lead ' || n, "
            "(%(users)s::int[])[1 + n %% %(people)s], 'Caller', CASE WHEN n %% 3 = 0 THEN "
            "(%(users)s::int[])[1 + (n + 5) %% %(people)s] END, 'round_robin', 'round_robin', n %% 1000, "
            "(%(sources)s::int[])[1 + n %% 20], r.distribution_date, r.distribution_date, "
            "CASE WHEN n %% 10 > 0 THEN r.distribution_date + interval '5 hours' END, "
            "CASE WHEN n %% 10 > 0 THEN random() * 20 END, CASE WHEN n %% 10 > 0 THEN random() * 8 END, "
            "CASE WHEN n %% 10 > 0 THEN CASE WHEN n %% 7 = 0 THEN 'missed' ELSE 'kept' END END, "
            "CASE WHEN n %% 3 = 0 THEN 1 + n %% 4 / 3 ELSE 0 END "
            "FROM generate_series(1, %(count)s) n "
            "CROSS JOIN (SELECT min(id) AS first_lead FROM crm_lead) AS leads "
            "JOIN lead_distribution_run r ON r.campaign_id = (%(campaigns)s::int[])[1 + n %% %(many)s] "
            "AND r.distribution_date = %(first)s::date + ((n - 1)::bigint * %(days)s / %(count)s)::int ORDER BY n",
            users=users, people=len(users), sources=sources, count=assignments, campaigns=campaigns.ids,
            many=CAMPAIGNS, days=DAYS, first=fields.Date.today() - timedelta(days=DAYS - 1),
        )
    )  # fmt: skip


def _insert_waiting(env, campaign, waiting):
    """Have leads wait as if everybody were away since they came; whoever has them in the history has no part in it."""
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_waiting (lead_id, company_id, campaign_id, reason, detail, since, next_try, "
            "tries) SELECT id, %s, %s, (ARRAY['nobody_there', 'everybody_full', 'delay'])[1 + id %% 3], "
            "'Eve is away until Monday', now() - id %% 90000 * interval '1 second', now() + interval '1 hour', 3 "
            "FROM crm_lead ORDER BY id LIMIT %s",
            env.company.id, campaign.id, waiting,
        )
    )  # fmt: skip


def _start_experiment(env, campaign, dealt):
    """Have an experiment that has dealt so many of the campaign's leads to two ways; one in ten of them was won."""
    experiment = env["lead.distribution.experiment"].create({"campaign_id": campaign.id, "strategy_b": "weighted"})
    experiment.action_start()
    env.flush_all()
    env.cr.execute(
        SQL(
            "UPDATE lead_distribution_assignment SET experiment_id = %s, arm = (ARRAY['a', 'b'])[1 + id %% 2] "
            "WHERE id IN (SELECT id FROM lead_distribution_assignment WHERE campaign_id = %s ORDER BY id LIMIT %s)",
            experiment.id,
            campaign.id,
            min(dealt, DEALT),
        )
    )


def measure(env, meter, shrink=1):
    """Return (number of assignments, {page: [Measured]})."""
    assignments = ASSIGNMENTS // shrink
    manager, salesperson = prepare(env, assignments)
    opened = pages.list_pages(env, {"manager": manager, "salesperson": salesperson})
    opened |= _get_dashboards(env, manager, salesperson)
    measured = {name: [] for name in opened}
    for _turn in range(1 if shrink > 1 else TURNS):
        for name, page in opened.items():
            measured[name].append(meter.measure(page))
    return assignments, measured


def _get_dashboards(env, manager, salesperson):
    seen, own = (env["lead.distribution.dashboard"].with_user(user) for user in (manager, salesperson))
    report = env["lead.distribution.report"].with_user(manager)
    year = fields.Date.today() - timedelta(days=364)
    experiment = env["lead.distribution.experiment"].with_user(manager).search([], limit=1)
    return {
        "dashboard of a manager, 365 days": lambda: seen.get_data(days=365),
        "dashboard of a salesperson, 365 days": lambda: own.get_data(days=365),
        "an experiment with 100,000 leads": lambda: experiment.get_result(),
        "report of a campaign, a year": lambda: report.generate_campaign_report("Year 1", year),
    }


def render(assignments, measured):
    """Return (the text, the verdicts)."""
    rows, worst = [], {name: median(run.seconds for run in runs) for name, runs in measured.items()}
    for name in sorted(worst, key=worst.get, reverse=True)[:LISTED]:
        runs = measured[name]
        rows.append(
            [name, table.spread([run.seconds for run in runs], 3), table.spread([run.processor for run in runs]),
             f"{runs[-1].statements}", f"{max(run.memory for run in runs):.0f}"]
        )  # fmt: skip
    verdicts, slowest = Verdicts(), max(worst, key=worst.get)
    verdicts.judge(PAGES["slowest"], worst[slowest], slowest)
    for name, value in worst.items():
        if value > PAGES["seconds"].limit and name != slowest:
            verdicts.judge(PAGES["seconds"], value, name)
    header = ["page", "seconds of the server", "processor", "SQL statements", "memory over idle, MiB"]
    text = [
        f"With {assignments:,} leads and as many assignments, {DAYS * CAMPAIGNS:,} runs, {PEOPLE} people, "
        f"{min(WAITING, assignments // 10):,} waiting leads. Medians of the turns. The budget is about the seconds of "
        f"the server; PostgreSQL may use several processors. {len(worst)} pages were opened: lists, cards, pivots, "
        "graphs, forms, windows, panels beside lists, and each list by everything that its filters can group by; the "
        f"{len(rows)} slowest are named.",
        "",
        table.render(header, rows),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts
