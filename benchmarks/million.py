"""Finding among a million leads: against the same SQL by hand, medians of several turns."""

import time
from statistics import median

import odoo.sql_db
from odoo.tools import SQL

LEADS = 1_000_000
TURNS = 5


def prepare(env):
    """Create a million leads with plain SQL: ages over 300 days, 200 holders, some do-not-call."""
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True)
    people = users.create(
        [{"name": f"Caller {n:03}", "login": f"caller{n}", "group_ids": [(4, group.id)]} for n in range(200)]
    )
    sources = env["utm.source"].create([{"name": f"bench source {n}"} for n in range(20)])
    tag = env["crm.tag"].create({"name": "dnc"})
    get_field = env["ir.model.fields"]._get
    campaign = env["lead.distribution.campaign"].create(
        {
            "name": "Million",
            "tz": "UTC",
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
            "use_sales_filter": True,
            "filter_ids": [
                (0, 0, {"field_id": get_field("crm.lead", "source_id").id, "mode": "wildcard",
                        "values_text": "bench source 1*"})
            ],
        }
    )  # fmt: skip
    statuses = env["crm.lead.status"].search([]).ids
    stage = env["crm.stage"].search([], limit=1).id
    env.flush_all()
    env.cr.execute("DELETE FROM crm_lead")
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
            env.ref("base.main_partner").id, LEADS, people.ids,
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


def measure(env):
    """Return rows (what, seconds, statements, what it is compared with, ratio)."""
    campaign, people = prepare(env)
    leads = env["crm.lead"].sudo()
    steps = campaign._get_filter_steps({})
    domain = campaign._get_base_domain({})
    for _step, passes in steps:
        domain &= passes
    by_hand = leads._search(domain, order="id")
    columns = [leads._field_to_sql("crm_lead", name, by_hand) for name in campaign._get_candidate_fields()]
    env.cr.execute(by_hand.select(*columns))
    text = env.cr.mogrify(by_hand.select(*columns).code, by_hand.select(*columns).params).decode()
    ids_text = env.cr.mogrify(by_hand.select().code, by_hand.select().params).decode()
    funnel = campaign._get_funnel_sql(campaign._get_base_domain({}), steps)
    funnel_text = env.cr.mogrify(funnel.code, funnel.params).decode()
    cases = {
        "the candidates' columns, SQL by hand": lambda: _run(env, text),
        "the same with the funnel, SQL by hand": lambda: (_run(env, text), _run(env, funnel_text)),
        "find candidates, funnel included": lambda: campaign._find_leads({}),
        "the candidates' ids, SQL by hand": lambda: _run(env, ids_text),
        "search of the ids": lambda: leads.search(domain, order="id"),
        "workload of 200 people by status": lambda: leads._get_workload(people, by_status=True),
        "leads by class": lambda: leads._read_group([], ["classification"], ["__count"]),
    }
    seconds, statements = {name: [] for name in cases}, {}
    for _turn in range(TURNS):
        for name, case in cases.items():
            env.invalidate_all()
            before, started = odoo.sql_db.sql_counter, time.perf_counter()
            case()
            seconds[name].append(time.perf_counter() - started)
            statements[name] = odoo.sql_db.sql_counter - before
    return seconds, statements, len(env.execute_query(by_hand.select()))


def _run(env, text):
    env.cr.execute(text)
    return env.cr.fetchall()


COMPARED = {
    "find candidates, funnel included": "the same with the funnel, SQL by hand",
    "search of the ids": "the candidates' ids, SQL by hand",
}


def render(seconds, statements, found):
    lines = [
        f"Among {LEADS:,} leads of which {found:,} are found, 200 people. Medians of {TURNS} turns.",
        "",
        "| what | seconds | SQL statements | time ÷ SQL by hand |",
        "|---|---|---|---|",
    ]
    for name, values in seconds.items():
        other = COMPARED.get(name)
        pairs = zip(values, seconds[other], strict=True) if other else ()
        ratio = f"{median(mine / theirs for mine, theirs in pairs):.2f}" if other else "–"
        lines.append(
            f"| {name} | {median(values):.3f} ({min(values):.3f}–{max(values):.3f}) | {statements[name]} | {ratio} |"
        )
    return "\n".join(lines) + "\n"
