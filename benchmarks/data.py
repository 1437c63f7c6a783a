"""The database of the benchmarks: people, teams, leads, and mail tables that are not empty."""

from datetime import timedelta

from odoo import fields
from odoo.tools import SQL

TEAMS, PEOPLE = 3, 20
COPIED = 1000  # leads of which others are copies
MAIL_ROWS = 100_000  # empty mail tables make long transactions look slower than they are
CAP = 3_000_000  # so high that Odoo's own assignment hands out everything in one call


def prepare(env):
    """Create everything but the leads; return the salespeople."""
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True)
    people = users.create(
        [{"name": f"Salesperson {n:02}", "login": f"bench{n}", "group_ids": [(4, group.id)]} for n in range(PEOPLE)]
    )
    env["crm.team"].search([]).action_archive()
    for number in range(TEAMS):
        members = people[number::TEAMS]
        env["crm.team"].create(
            {
                "name": f"Team {number}",
                "use_leads": True,
                "use_opportunities": True,
                "crm_team_member_ids": [(0, 0, {"user_id": user.id, "assignment_max": CAP}) for user in members],
            }
        )
    env["ir.config_parameter"].set_param("crm.lead.auto.assignment", True)
    env["lead.distribution.campaign"].create(
        {
            "name": "Bench",
            "tz": "UTC",
            "team_id": env["crm.team"].search([], limit=1).id,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
        }
    )
    fill_mail_tables(env)
    fill_frequencies(env)
    env.cr.commit()
    return people


def fill_frequencies(env):
    """What earlier leads were won and lost: without it Odoo need not compute probabilities."""
    rows = env["crm.lead.scoring.frequency"].sudo()
    rows.search([]).unlink()
    values = [("stage_id", str(stage.id)) for stage in env["crm.stage"].search([])]
    values += [(name, value) for name in ("email_state", "phone_state") for value in ("correct", "incorrect")]
    values += [("country_id", str(country.id)) for country in env["res.country"].search([], limit=6)]
    rows.create(
        [
            {"team_id": team.id, "variable": name, "value": value, "won_count": 20.1 + n, "lost_count": 60.1 + 3 * n}
            for team in env["crm.team"].search([])
            for n, (name, value) in enumerate(values)
        ]
    )


def fill_mail_tables(env):
    env.flush_all()
    partner = env.ref("base.partner_admin").id
    field = env["ir.model.fields"]._get("crm.lead", "user_id").id
    for statement in (
        SQL(
            "INSERT INTO mail_message (message_type, model, res_id, date, body, author_id) "
            "SELECT 'notification', 'crm.lead', 1000000000 + n, now(), 'x', %s "
            "FROM generate_series(1, %s) n",
            partner,
            MAIL_ROWS,
        ),
        SQL(
            "INSERT INTO mail_tracking_value (mail_message_id, field_id, new_value_char) "
            "SELECT id, %s, 'x' FROM mail_message WHERE res_id > 1000000000",
            field,
        ),
        SQL(
            "INSERT INTO mail_followers (res_model, res_id, partner_id) "
            "SELECT 'crm.lead', 1000000000 + n, %s FROM generate_series(1, %s) n",
            partner,
            MAIL_ROWS,
        ),
    ):
        env.cr.execute(statement)


def make_leads(env, count):
    """Have so many leads of yesterday that nobody holds, each with an e-mail of its own."""
    known = env["crm.lead"].with_context(active_test=False).search_count([])
    if known > count or not env["crm.lead"].search_count([("email_from", "like", "lead%")], limit=1):
        env.cr.execute("DELETE FROM lead_distribution_assignment")
        env.cr.execute("DELETE FROM crm_lead")
        env.invalidate_all()
        known = 0
    if known:
        reset(env)
    yesterday = fields.Date.today() - timedelta(days=1)
    leads = env["crm.lead"].with_context(tracking_disable=True)
    stage = env["crm.stage"].search([], limit=1)
    for start in range(known, count, 1000):
        leads.create(
            [
                {
                    "name": f"Lead {n}", "type": "lead", "user_id": False, "team_id": False,
                    "stage_id": stage.id, "email_from": f"lead{n}@example{n % 97}.com",
                    "phone": f"+1 212 555 {n:04}", "source_date": yesterday,
                }
                for n in range(start, min(start + 1000, count))
            ]
        )  # fmt: skip
        env.cr.commit()
        env.invalidate_all()
    env.cr.execute("DROP TABLE IF EXISTS benchmark_lead")
    env.cr.execute("CREATE TABLE benchmark_lead AS SELECT id, probability, automated_probability FROM crm_lead")
    env.cr.commit()


def copy_leads(env, count):
    """Have so many leads as ``make_leads`` makes them; most are copied with plain SQL."""
    make_leads(env, min(count, COPIED))
    columns = env.execute_query(
        SQL(
            "SELECT column_name FROM information_schema.columns WHERE table_name = 'crm_lead' "
            "AND column_name NOT IN ('id', 'email_from', 'email_normalized') AND is_generated = 'NEVER'"
        )
    )
    names = SQL(", ").join(SQL.identifier(name) for (name,) in columns)
    email = SQL("'lead' || id || '-' || n || '@example' || n %% 97 || '.com'")
    env.cr.execute(
        SQL(
            "INSERT INTO crm_lead (email_from, email_normalized, %s) SELECT %s, %s, %s "
            "FROM crm_lead, generate_series(2, %s) AS n",
            names, email, email, names, count // COPIED,
        )
    )  # fmt: skip
    env.cr.execute("DROP TABLE IF EXISTS benchmark_lead")
    env.cr.execute("CREATE TABLE benchmark_lead AS SELECT id, probability, automated_probability FROM crm_lead")
    env.cr.commit()
    env.invalidate_all()


def reset(env):
    """Take all leads away from everybody again, and what was written about them."""
    for statement in (
        "UPDATE crm_lead SET user_id = NULL, open_user_id = NULL, closer_id = NULL, holder_id = NULL, "
        "team_id = NULL, date_open = NULL, type = 'lead', distribution_campaign_id = NULL, "
        "distributed_on = NULL, date_conversion = NULL",
        "UPDATE crm_lead AS l SET probability = b.probability, automated_probability = b.automated_probability "
        "FROM benchmark_lead b WHERE b.id = l.id AND l.probability IS DISTINCT FROM b.probability",
        "DELETE FROM lead_distribution_waiting",
        "DELETE FROM lead_distribution_not_taken",
        "DELETE FROM lead_distribution_assignment",
        "DELETE FROM lead_distribution_run",
        "DELETE FROM mail_message WHERE model = 'crm.lead' AND res_id < 1000000000",
        "DELETE FROM mail_followers WHERE res_model = 'crm.lead' AND res_id < 1000000000",
    ):
        env.cr.execute(statement)
    env.cr.commit()
    env.invalidate_all()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE crm_lead, lead_distribution_assignment, mail_message, mail_followers")
    env.cr._cnx.autocommit = False
