"""Finding among many leads: against the same SQL by hand, medians of several turns."""

from statistics import median

import table
from budgets import FINDING, Verdicts

from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.lead_distribution.finding.candidates import OWN_COLUMNS
from odoo.addons.lead_distribution.finding.funnel import get_funnel_sql
from odoo.addons.lead_distribution.finding.steps import work_out
from odoo.addons.lead_distribution.finding.window import get_base_domain
from odoo.addons.lead_distribution.planning.request import PlanRequest
from odoo.addons.lead_distribution.planning.workload import count_workload

SIZES = (100_000, 1_000_000)
TURNS = 5
PEOPLE = 200


def get_people(env):
    """Return the people who hold the leads; they are created once."""
    known = env["res.users"].search([("login", "like", "caller%")], order="id")
    if known:
        return known
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        [{"name": f"Caller {n:03}", "login": f"caller{n}", "group_ids": [(4, group.id)]} for n in range(PEOPLE)]
    )


def _get_campaign(env, people):
    known = env["lead.distribution.campaign"].search([("name", "=", "Million")])
    if known:
        return known
    env["utm.source"].create([{"name": f"bench source {n}"} for n in range(20)])
    source = env["ir.model.fields"]._get("crm.lead", "source_id")
    return env["lead.distribution.campaign"].create(
        {
            "name": "Million",
            "tz": "UTC",
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
            "use_sales_filter": True,
            "filter_ids": [
                (0, 0, {"field_id": source.id, "mode": "wildcard", "values_text": "bench source 1*"})
            ],
        }
    )  # fmt: skip


def prepare(env, leads):
    """Create leads with plain SQL: ages over 300 days, two thirds held by 200 people, some do-not-call."""
    people = get_people(env)
    campaign = _get_campaign(env, people)
    sources = env["utm.source"].search([("name", "like", "bench source%")], order="id")
    tag = env["crm.tag"].search([("name", "=", "dnc")]) or env["crm.tag"].create({"name": "dnc"})
    statuses = env["crm.lead.status"].search([]).ids
    stage = env["crm.stage"].search([], limit=1).id
    env.flush_all()
    for table_name in ("lead_distribution_assignment", "crm_lead"):
        env.cr.execute(SQL("DELETE FROM %s", SQL.identifier(table_name)))
    env.cr.execute(
        SQL(
            "INSERT INTO crm_lead (name, type, active, company_id, stage_id, priority, source_date, create_date, "
            "write_date, user_id, open_user_id, holder_id, lead_status_id, source_id, email_normalized, "
            "partner_id, date_open) "
            "SELECT 'Lead ' || n, CASE WHEN n %% 20 = 0 THEN 'opportunity' ELSE 'lead' END, true, %s, %s, "
            "(n %% 4)::text, current_date - (random() * 300)::int, now() - random() * interval '300 days', now(), "
            "holder, holder, holder, (%s::int[])[1 + (random() * %s)::int], "
            "(%s::int[])[1 + (random() * 19)::int], 'lead' || n || '@example.com', "
            "CASE WHEN n %% 20 = 0 THEN %s END, now() "
            "FROM generate_series(1, %s) n, LATERAL (SELECT CASE WHEN n %% 3 > 0 "
            "THEN (%s::int[])[1 + (n %% 200)] END AS holder) AS held",
            env.company.id, stage, statuses, len(statuses) - 1, sources.ids,
            env.ref("base.main_partner").id, leads, people.ids,
        )
    )  # fmt: skip
    env.cr.execute(
        SQL("INSERT INTO crm_tag_rel (lead_id, tag_id) SELECT id, %s FROM crm_lead WHERE id %% 50 = 0", tag.id)
    )
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE crm_lead")
    env.cr.execute("VACUUM ANALYZE crm_tag_rel")
    env.cr._cnx.autocommit = False
    return campaign, people


def measure(env, meter, shrink=1):
    """Return {leads: (what was found, {case: [Measured]})}."""
    results = {}
    for size in SIZES:
        campaign, people = prepare(env, size // shrink)
        results[size // shrink] = _measure_size(env, meter, campaign, people, 1 if shrink > 1 else TURNS)
    return results


def _measure_size(env, meter, campaign, people, turns):
    leads = env["crm.lead"].sudo()
    request = PlanRequest()
    base, steps = get_base_domain(campaign, request), work_out(campaign._get_filter_steps(request), campaign)
    domain = Domain.AND([base, *(step.domain for step in steps)])
    by_hand = leads._search(domain, order="id")
    columns = [leads._field_to_sql("crm_lead", name, by_hand) for name in (*OWN_COLUMNS, *campaign._get_rule_fields())]
    text, ids_text = _to_text(env, by_hand.select(*columns)), _to_text(env, by_hand.select())
    funnel_text = _to_text(env, get_funnel_sql(leads, base, steps))
    cases = {
        COLUMNS: lambda: _run(env, text),
        BY_HAND: lambda: (_run(env, text), _run(env, funnel_text)),
        FIND: lambda: campaign._find_leads(request),
        IDS_BY_HAND: lambda: _run(env, ids_text),
        IDS: lambda: leads.search(domain, order="id"),
        WORKLOAD: lambda: count_workload(leads.env, people, by_status=True),
        "leads by class": lambda: leads._read_group([], ["classification"], ["__count"]),
    }
    measured = {name: [] for name in cases}
    for _turn in range(turns):
        for name, case in cases.items():
            measured[name].append(meter.measure(case))
    return len(env.execute_query(by_hand.select())), measured


def _to_text(env, statement):
    return env.cr.mogrify(statement.code, statement.params).decode()


def _run(env, text):
    env.cr.execute("SET LOCAL jit = off")  # as finding does: compiling would take longer than running
    env.cr.execute(text)
    return env.cr.fetchall()


COLUMNS, BY_HAND = "the candidates' columns, SQL by hand", "the same with the funnel, SQL by hand"
FIND, IDS_BY_HAND, IDS = "find candidates, funnel included", "the candidates' ids, SQL by hand", "search of the ids"
WORKLOAD = f"workload of {PEOPLE} people by status"
COMPARED = {FIND: (BY_HAND, "funnel"), IDS: (IDS_BY_HAND, "ids")}


def render(results):
    """Return (the text, the verdicts)."""
    rows, verdicts, grown = [], Verdicts(), {}
    for leads, (found, measured) in results.items():
        grown[leads] = median(run.seconds for run in measured[FIND])
        for name, runs in measured.items():
            seconds = [run.seconds for run in runs]
            other, key = COMPARED.get(name, (None, None))
            ratio = table.ratio(seconds, [run.seconds for run in measured[other]]) if other else None
            if other and leads == max(results):
                verdicts.judge(FINDING[key], ratio, f"{leads:,} leads")
            rows.append(
                [f"{leads:,}", f"{found:,}", name, table.spread(seconds, 3),
                 table.spread([run.processor for run in runs]), f"{runs[-1].statements}",
                 f"{max(run.memory for run in runs):.0f}", table.number(ratio)]
            )  # fmt: skip
        if leads == max(results):
            verdicts.judge(FINDING["workload"], measured[WORKLOAD][-1].statements, f"{leads:,} leads")
    header = ["leads", "found", "what", "seconds", "processor", "SQL statements", "memory over idle, MiB",
              "time ÷ SQL by hand"]  # fmt: skip
    text = [
        "200 people. Medians of the turns; in brackets the extremes.",
        "",
        table.render(header, rows),
        "",
        f"- {table.tell_growth(FIND, grown)}",
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts
