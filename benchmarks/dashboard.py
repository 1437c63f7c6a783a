"""Opening the dashboard and the lists with a million assignments: seconds of the server."""

import time
from datetime import timedelta
from statistics import median

import odoo.sql_db
from odoo import fields
from odoo.tools import SQL

ASSIGNMENTS = 1_000_000
DAYS, CAMPAIGNS, PEOPLE = 365, 5, 200
LIMIT = 1.0  # seconds, the budget of each
TURNS = 5


def prepare(env):
    """Create a year of daily runs of five campaigns with plain SQL; return a manager and a salesperson."""
    manager = env["res.users"].with_context(no_reset_password=True).create(
        {"name": "Bench manager", "login": "benchmanager",
         "group_ids": [(4, env.ref("sales_team.group_sale_manager").id)]}
    )  # fmt: skip
    people = _get_people(env)
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
        _insert_year(env, campaign, people[number::CAMPAIGNS].ids, sources)
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    for table in ("assignment", "run", "run_member"):
        env.cr.execute(SQL("VACUUM ANALYZE %s", SQL.identifier(f"lead_distribution_{table}")))
    env.cr._cnx.autocommit = False
    return manager, people[0]


def _get_people(env):
    found = env["res.users"].search([("login", "like", "caller")], limit=PEOPLE)
    if found:
        return found
    group = env.ref("sales_team.group_sale_salesman")
    return env["res.users"].with_context(no_reset_password=True).create(
        [{"name": f"Caller {n:03}", "login": f"caller{n}", "group_ids": [(4, group.id)]} for n in range(PEOPLE)]
    )  # fmt: skip


def _insert_year(env, campaign, users, sources):
    first = fields.Date.today() - timedelta(days=DAYS - 1)
    a_run = ASSIGNMENTS // CAMPAIGNS // DAYS
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
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_assignment (run_id, campaign_id, company_id, kind, state, lead_name, "
            "user_id, user_name, previous_user_id, strategy, reason, turn, source_id, distribution_date, applied_on, "
            "first_action_on, hours_to_action, working_hours_to_action) "
            "SELECT r.id, r.campaign_id, r.company_id, 'distribution', 'done', 'Lead ' || n, "
            "(%(users)s::int[])[1 + n %% %(people)s], 'Caller', CASE WHEN n %% 3 = 0 THEN "
            "(%(users)s::int[])[1 + (n + 1) %% %(people)s] END, 'round_robin', 'round_robin', n, "
            "(%(sources)s::int[])[1 + n %% 20], r.distribution_date, r.distribution_date, "
            "CASE WHEN n %% 10 > 0 THEN r.distribution_date + interval '5 hours' END, "
            "CASE WHEN n %% 10 > 0 THEN random() * 20 END, CASE WHEN n %% 10 > 0 THEN random() * 8 END "
            "FROM lead_distribution_run r, generate_series(1, %(count)s) n WHERE r.campaign_id = %(campaign)s",
            users=users, people=len(users), sources=sources, count=a_run, campaign=campaign.id,
        )
    )  # fmt: skip


def measure(env):
    """Return seconds and statements of opening each page, as the web client asks for it."""
    manager, salesperson = prepare(env)
    seen, own = (lambda model, user=user: env[model].with_user(user) for user in (manager, salesperson))
    rows, runs, lines = "lead.distribution.assignment", "lead.distribution.run", "lead.distribution.run.member"
    done = [("state", "=", "done")]
    cases = {
        "dashboard of a manager, 30 days": lambda: seen("lead.distribution.dashboard").get_data(),
        "dashboard of a manager, 365 days": lambda: seen("lead.distribution.dashboard").get_data(days=365),
        "dashboard of a salesperson": lambda: own("lead.distribution.dashboard").get_data(),
        "history, list": lambda: _open_list(seen(rows), done),
        "history of a salesperson, list": lambda: _open_list(own(rows), done),
        "history, kanban by salesperson": lambda: _open_groups(seen(rows), done, ["user_id"]),
        "history, pivot": lambda: _open_pivot(seen(rows), done, ["user_id", "distribution_date:week"]),
        "tracking, list": lambda: _open_list(seen(lines), [("run_state", "=", "done")]),
        "runs, list": lambda: _open_list(seen(runs), []),
        "a run's page": lambda: seen(runs).search([], limit=1).web_read({"overview": {}, "member_line_ids": {}}),
        "report of a campaign, a year": lambda: seen("lead.distribution.report").generate_campaign_report(
            "Year 1", fields.Date.today() - timedelta(days=364)
        ),
    }
    seconds, statements = {name: [] for name in cases}, {}
    for _turn in range(TURNS):
        for name, case in cases.items():
            env.invalidate_all()
            before, started = odoo.sql_db.sql_counter, time.perf_counter()
            case()
            seconds[name].append(time.perf_counter() - started)
            statements[name] = odoo.sql_db.sql_counter - before
    return seconds, statements


def _get_specification(records):
    """Return the fields of the default list as the web client asks for them."""
    view = records.get_view(view_type="list")
    names = [name for name in view["models"][records._name] if name in records._fields]
    many2one = {"fields": {"display_name": {}}}
    return {
        name: many2one if records._fields[name].type == "many2one" else {}
        for name in names
        if records._fields[name].type not in ("one2many", "many2many", "json")
    }


def _open_list(records, domain):
    return records.web_search_read(domain, _get_specification(records), limit=80, count_limit=10001)


def _open_groups(records, domain, groupby):
    return records.web_read_group(
        domain, groupby, ["__count"], limit=80, auto_unfold=True, unfold_read_default_limit=40,
        unfold_read_specification={"lead_name": {}, "state": {}, "campaign_id": {"fields": {"display_name": {}}}},
    )  # fmt: skip


def _open_pivot(records, domain, groupby):
    return records.formatted_read_group(domain, groupby, ["__count"])


def render(seconds, statements):
    lines = [
        f"With {ASSIGNMENTS:,} assignments, {DAYS * CAMPAIGNS:,} runs, {PEOPLE} people. Medians of {TURNS} turns; "
        f"the budget is {LIMIT:.0f} second each.",
        "",
        "| page | seconds of the server | SQL statements |",
        "|---|---|---|",
    ]
    for name, values in seconds.items():
        lines.append(f"| {name} | {median(values):.3f} ({min(values):.3f}–{max(values):.3f}) | {statements[name]} |")
    return "\n".join(lines) + "\n"
