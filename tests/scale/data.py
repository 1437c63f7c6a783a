"""Big tables, made with plain SQL in a database of their own: leads, and the history of many runs.

Runs inside ``odoo shell``: ``env`` is Odoo's.
"""

from contextlib import contextmanager

from odoo.tools import SQL

PEOPLE = 200
SOURCES = 20
RUN_OF_DAYS = 1000  # the history goes back as many days, one run a day
IMPORTS, OTHERS = 20, 200_000  # imports; rows of imports, contacts, and of each blacklist
WAITING = 100_000  # leads that wait for somebody, and as many that no live campaign takes
BIG = (
    "crm_lead", "lead_distribution_assignment", "lead_distribution_run_member", "lead_import_row",
    "lead_distribution_waiting", "lead_distribution_not_taken",
)  # fmt: skip
LISTS = ("res_partner", "mail_blacklist", "phone_blacklist")  # may be read whole for a join

# ages over 300 days; two thirds have a holder; one in twenty is an opportunity, with a customer as few leads have
LEADS = """
INSERT INTO crm_lead (name, type, active, company_id, stage_id, priority, source_date, create_date,
    write_date, user_id, open_user_id, holder_id, received_on, lead_status_id, source_id, email_from,
    email_normalized, phone_sanitized, partner_id, date_open, won_status)
SELECT 'Lead ' || n, CASE WHEN n %% 20 = 0 THEN 'opportunity' ELSE 'lead' END, true, %(company)s, %(stage)s,
    (n / 7 %% 4)::text, current_date - age, now() - age * interval '1 day', now() - age * interval '1 day',
    holder, holder, holder, CASE WHEN holder > 0 THEN now() - age * interval '1 day' END,
    (%(statuses)s::int[])[1 + (random() * (cardinality(%(statuses)s::int[]) - 1))::int],
    (%(sources)s::int[])[1 + n %% cardinality(%(sources)s::int[])],
    'lead' || n || '@example' || n %% 997 || '.com', 'lead' || n || '@example' || n %% 997 || '.com',
    '+1212' || lpad(n::text, 7, '0'),
    CASE WHEN n %% 20 = 0 OR n %% 200 = 1 THEN (%(partners)s::int[])[1 + n %% cardinality(%(partners)s::int[])] END,
    now(), 'pending'
FROM generate_series(1, %(count)s) n,
    LATERAL (SELECT (random() * 300)::int + n %% 1 AS age,
        CASE WHEN n %% 3 > 0 THEN (%(people)s::int[])[1 + n %% %(many)s] END AS holder) AS drawn
"""

RUNS = """
INSERT INTO lead_distribution_run (campaign_id, company_id, state, origin, strategy, distribution_date,
    leads_found, leads_planned, leads_done, leads_distributed, create_date)
SELECT (%(campaigns)s::int[])[1 + n %% cardinality(%(campaigns)s::int[])], %(company)s, 'done', 'schedule',
    'round_robin', current_date - n, %(count)s / %(days)s, %(count)s / %(days)s, %(count)s / %(days)s,
    %(count)s / %(days)s, now() - n * interval '1 day'
FROM generate_series(1, %(days)s) n
RETURNING id
"""

# the oldest first, as runs write it; one in ten was not touched yet
HISTORY = """
INSERT INTO lead_distribution_assignment (run_id, campaign_id, company_id, kind, state, lead_id, lead_name,
    user_id, user_name, turn, strategy, distribution_date, applied_on, lead_status_id, source_id,
    first_action_on, hours_to_action)
SELECT r.id, r.campaign_id, %(company)s, 'distribution', 'done', %(first_lead)s + (n::bigint * 7919) %% %(leads)s,
    'Lead ' || n, (%(people)s::int[])[1 + n %% %(many)s], 'Caller', n %% 1000, 'round_robin',
    r.distribution_date, r.distribution_date + interval '6 hours', %(status)s, %(source)s,
    CASE WHEN n %% 10 > 0 THEN r.distribution_date + interval '9 hours' END, CASE WHEN n %% 10 > 0 THEN n %% 90 END
FROM generate_series(1, %(count)s) n
    JOIN lead_distribution_run r
        ON r.id = (%(runs)s::int[])[%(days)s - ((n - 1)::bigint * %(days)s / %(count)s)::int]
ORDER BY n
"""

LINES = """
INSERT INTO lead_distribution_run_member (run_id, campaign_id, company_id, user_id, salesperson_name,
    distribution_date, run_state, leads_received)
SELECT r.id, r.campaign_id, r.company_id, person, 'Caller', r.distribution_date, 'done', 80
FROM lead_distribution_run r, unnest(%(people)s::int[]) person
"""

# some are due, most are tried again within the hour
FREE = "SELECT id, row_number() OVER (ORDER BY id) AS n FROM crm_lead WHERE active AND holder_id IS NULL"
WAITING_SQL = (
    f"""
INSERT INTO lead_distribution_waiting (lead_id, company_id, campaign_id, run_id, reason, detail, since, next_try, tries)
SELECT id, %(company)s, (%(campaigns)s::int[])[1 + n %% 3], (%(runs)s::int[])[1 + n %% 3],
    (ARRAY['nobody_there', 'everybody_full', 'delay'])[1 + n %% 3], 'Eve is away until Monday',
    now() - n * interval '1 second', now() + (n %% 3600 - 60) * interval '1 second', 3
FROM ({FREE}) AS free WHERE n <= %(waiting)s
""",
    f"""
INSERT INTO lead_distribution_not_taken (lead_id, company_id, looked_on, reasons)
SELECT id, %(company)s, now() - n * interval '20 seconds',
    jsonb_build_object((%(campaigns)s::int[])[1]::text, 'web_source', (%(campaigns)s::int[])[2]::text, 'closed')
FROM ({FREE}) AS free WHERE n > %(waiting)s AND n <= 2 * %(waiting)s
""",
)

OTHERS_SQL = (
    """
INSERT INTO lead_import_row (batch_id, number, state, email_key, lead_id, user_id, raw, done_on)
SELECT (%(batches)s::int[])[1 + n * %(imports)s / (%(others)s + 1)], n, 'done', 'lead' || n || '@example.com',
    %(first_lead)s + n %% %(leads)s, (%(people)s::int[])[1 + n %% %(many)s], '["a", "b"]', now()
FROM generate_series(1, %(others)s) n
""",
    """
INSERT INTO res_partner (name, active, type, email, email_normalized, phone_sanitized)
SELECT 'Contact ' || n, true, 'contact', 'contact' || n || '@example.com', 'contact' || n || '@example.com',
    '+1646' || lpad(n::text, 7, '0')
FROM generate_series(1, %(others)s) n
""",
    """
INSERT INTO mail_blacklist (email, active) SELECT 'blocked' || n || '@example.com', true
FROM generate_series(1, %(others)s) n
""",
    """
INSERT INTO phone_blacklist (number, active) SELECT '+1917' || lpad(n::text, 7, '0'), true
FROM generate_series(1, %(others)s) n
""",
)


@contextmanager
def quick_inserts(env):
    """Take the indexes and the checks of foreign keys away meanwhile; rows by the million take minutes else."""
    env.cr.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index "
        "WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        ([*BIG, *LISTS],),
    )
    indexes = env.cr.fetchall()
    for name, _definition in indexes:
        env.cr.execute(SQL("DROP INDEX %s", SQL.identifier(name)))
    env.cr.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if env.cr.fetchone()[0]:
        env.cr.execute("SET LOCAL session_replication_role = replica")
    yield
    env.cr.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for _name, definition in indexes:
        env.cr.execute(definition)


def fill(env, leads, history):
    """Fill the tables and gather statistics; return the ids that queries ask for."""
    people = _create_people(env)
    sources = env["utm.source"].create([{"name": f"scale source {n}"} for n in range(SOURCES)])
    campaigns = _create_campaigns(env, people)
    batches = _create_imports(env, campaigns)
    partners = env["res.partner"].create([{"name": f"Customer {n}"} for n in range(1000)])
    statuses = env["crm.lead.status"].search([], limit=100)
    env.flush_all()
    known = {
        "people": people.ids, "many": PEOPLE, "sources": sources.ids, "statuses": statuses.ids,
        "partners": partners.ids, "campaigns": campaigns.ids, "company": env.company.id,
        "stage": env["crm.stage"].search([], limit=1).id, "days": RUN_OF_DAYS,
        "status": statuses[:1].id, "source": sources[:1].id, "batches": batches.ids, "imports": IMPORTS,
        "others": OTHERS, "leads": leads,
    }  # fmt: skip
    campaigns[:2].is_live = True
    env.flush_all()
    # as if they were live for long: what came before is none of their business
    env.cr.execute("UPDATE lead_distribution_campaign SET live_since = now() - interval '60 days' WHERE is_live")
    with quick_inserts(env):
        env.cr.execute(SQL(LEADS, count=leads, **known))
        [[first_lead]] = env.execute_query(SQL("SELECT min(id) FROM crm_lead WHERE name = 'Lead 1'"))
        runs = [row[0] for row in env.execute_query(SQL(RUNS, count=history, **known))]
        env.cr.execute(SQL(HISTORY, count=history, runs=runs, first_lead=first_lead, **known))
        env.cr.execute(SQL(LINES, **known))
        for statement in OTHERS_SQL:
            env.cr.execute(SQL(statement, first_lead=first_lead, **known))
        for statement in WAITING_SQL:
            env.cr.execute(SQL(statement, runs=runs, waiting=min(WAITING, leads // 10), **known))
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False
    return {
        "campaign": campaigns[0].id, "person": people[7].id, "run": runs[150], "lead": first_lead + 7,
        "batch": batches[7].id,
    }  # fmt: skip


def _create_people(env):
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True)
    return users.create(
        [{"name": f"Caller {n:03}", "login": f"scale{n}", "group_ids": [(4, group.id)]} for n in range(PEOPLE)]
    )


def _create_imports(env, campaigns):
    return env["lead.import.batch"].create(
        [
            {"state": "done", "step": "duplicates", "campaign_id": campaigns[n % len(campaigns)].id, "match_name": True}
            for n in range(IMPORTS)
        ]
    )


def _create_campaigns(env, people):
    """Ten campaigns of twenty people; the first one uses most of what a campaign can do."""
    source = env["ir.model.fields"]._get("crm.lead", "source_id")
    full = {
        "use_sales_filter": True, "protect_activities": True, "exclude_closed": True, "use_known_owner": True,
        "max_daily": 100, "use_window": True, "younger_than_days": 10, "retention_days": 400,
        "cap_ids": [
            (0, 0, {"measure": measure, "maximum": 5000, "only_campaign": only})
            for measure in ("week", "month", "open", "open_fresh")
            for only in (False, True)
        ],
        "filter_ids": [(0, 0, {"field_id": source.id, "mode": "wildcard", "values_text": "scale source 1*"})],
    }  # fmt: skip
    return env["lead.distribution.campaign"].create(
        [
            {
                "name": f"Scale {n}", "tz": "UTC", **({} if n else full),
                "member_ids": [(0, 0, {"user_id": user.id}) for user in people[n::10]],
            }
            for n in range(10)
        ]
    )  # fmt: skip
