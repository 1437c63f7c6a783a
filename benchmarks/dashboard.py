"""Opening the dashboard and the lists with a million assignments: what the web client asks when a page opens."""

from ast import literal_eval
from datetime import timedelta
from statistics import median

import find
import table
from budgets import PAGES, Verdicts
from lxml import etree

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

ASSIGNMENTS, WAITING = 1_000_000, 100_000
DAYS, CAMPAIGNS, PEOPLE = 365, 5, find.PEOPLE
TURNS = 5
HISTORY, TRACKING = "lead_distribution_assignment_action", "lead_distribution_run_member_action"


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


def measure(env, meter, shrink=1):
    """Return (number of assignments, {page: [Measured]})."""
    assignments = ASSIGNMENTS // shrink
    manager, salesperson = prepare(env, assignments)
    pages = {**_get_dashboards(env, manager, salesperson), **_get_lists(env, manager, salesperson)}
    measured = {name: [] for name in pages}
    for _turn in range(1 if shrink > 1 else TURNS):
        for name, page in pages.items():
            measured[name].append(meter.measure(page))
    return assignments, measured


def _get_dashboards(env, manager, salesperson):
    seen, own = (env["lead.distribution.dashboard"].with_user(user) for user in (manager, salesperson))
    report = env["lead.distribution.report"].with_user(manager)
    year = fields.Date.today() - timedelta(days=364)
    return {
        "dashboard of a manager, 30 days": lambda: seen.get_data(),
        "dashboard of a manager, 365 days": lambda: seen.get_data(days=365),
        "dashboard of a salesperson": lambda: own.get_data(),
        "dashboard of a salesperson, 365 days": lambda: own.get_data(days=365),
        "report of a campaign, a year": lambda: report.generate_campaign_report("Year 1", year),
    }


def _get_lists(env, manager, salesperson):
    """Return the pages behind the menus: with their own filters, and without the last 30 days."""
    seen, own = (lambda model, user=user: env[model].with_user(user) for user in (manager, salesperson))
    rows, runs, lines = "lead.distribution.assignment", "lead.distribution.run", "lead.distribution.run.member"
    opened, everything = _get_domain(env, HISTORY), _get_domain(env, HISTORY, without=("recent",))
    tracked = _get_domain(env, TRACKING)
    columns, cells = _get_kanban_groups(env[rows]), _get_pivot_groups(env[rows])
    return {
        "history, list": lambda: _open_list(seen(rows), opened),
        "history, kanban": lambda: _open_groups(seen(rows), opened, columns),
        "history, pivot": lambda: _open_pivot(seen(rows), opened, cells),
        "history of a salesperson, list": lambda: _open_list(own(rows), opened),
        "whole history, list": lambda: _open_list(seen(rows), everything),
        "whole history, kanban": lambda: _open_groups(seen(rows), everything, columns),
        "whole history, pivot": lambda: _open_pivot(seen(rows), everything, cells),
        "whole history of a salesperson, list": lambda: _open_list(own(rows), everything),
        "tracking, list": lambda: _open_list(seen(lines), tracked),
        "tracking, pivot": lambda: _open_pivot(seen(lines), tracked, _get_pivot_groups(env[lines])),
        **_get_waiting(seen("lead.distribution.waiting")),
        "runs, list": lambda: _open_list(seen(runs), []),
        "a run's page": lambda: seen(runs).search([], limit=1).web_read({"overview": {}, "member_line_ids": {}}),
    }


def _get_waiting(rows):
    specification = {"display_name": {}}
    return {
        "waiting leads, list": lambda: _open_list(rows, []),
        "waiting leads by reason": lambda: rows.web_read_group(
            [], ["reason"], ["__count"], limit=80, auto_unfold=True, unfold_read_default_limit=80,
            unfold_read_specification=specification,
        ),
    }  # fmt: skip


def _get_domain(env, action, without=()):
    """Return the domain with which the web client opens an action: that of its default filters."""
    action = env.ref(f"lead_distribution.{action}")
    arch = etree.fromstring(env[action.res_model].get_view(view_type="search")["arch"])
    names = {name.removeprefix("search_default_") for name, value in literal_eval(action.context).items() if value}
    filters = [
        literal_eval(node.get("domain")) for node in arch.iter("filter") if node.get("name") in names - {*without}
    ]
    return list(Domain.AND(filters))


def _get_kanban_groups(records):
    return [etree.fromstring(records.get_view(view_type="kanban")["arch"]).get("default_group_by")]


def _get_pivot_groups(records):
    """Return what the pivot is grouped by when all rows and columns are open."""
    arch = etree.fromstring(records.get_view(view_type="pivot")["arch"])
    nodes = [node for kind in ("row", "col") for node in arch.iter("field") if node.get("type") == kind]
    return [":".join(filter(None, (node.get("name"), node.get("interval")))) for node in nodes]


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


def render(assignments, measured):
    """Return (the text, the verdicts)."""
    rows, worst = [], {}
    for name, runs in measured.items():
        seconds, processor = [run.seconds for run in runs], [run.processor for run in runs]
        worst[name] = median(seconds)
        rows.append(
            [name, table.spread(seconds, 3), table.spread(processor), f"{runs[-1].statements}",
             f"{max(run.memory for run in runs):.0f}"]
        )  # fmt: skip
    verdicts, slowest = Verdicts(), max(worst, key=worst.get)
    verdicts.judge(PAGES["seconds"], worst[slowest], slowest)
    slowest_waiting = max((name for name in worst if name.startswith("waiting")), key=worst.get)
    verdicts.judge(PAGES["waiting"], worst[slowest_waiting], slowest_waiting)
    for name, value in worst.items():
        if value > PAGES["seconds"].limit and name != slowest:
            verdicts.judge(PAGES["seconds"], value, name)
    header = ["page", "seconds of the server", "processor", "SQL statements", "memory over idle, MiB"]
    text = [
        f"With {assignments:,} leads and as many assignments, {DAYS * CAMPAIGNS:,} runs, {PEOPLE} people, "
        f"{min(WAITING, assignments // 10):,} waiting leads. Medians of the turns. The budget is about the seconds of "
        "the server; PostgreSQL may use several processors.",
        "",
        table.render(header, rows),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts
