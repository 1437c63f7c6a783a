"""The addon goes, and comes back: a real uninstall and a real install in a copy of the database."""

import contextlib

import pytest
from odoo_shell import Odoo

COPY = "lead_distribution_uninstall_test"
USE = """
import json
from odoo.addons.lead_distribution.reporting.todos import FAILED, raise_todo
env["ir.config_parameter"].set_param("lead_distribution.fresh_days", 9)
env["ir.config_parameter"].set_param("leadXdistribution.of_somebody_else", "stays")
group = env.ref("sales_team.group_sale_manager")
user = env["res.users"].with_context(no_reset_password=True).create(
    {"name": "Uma", "login": "uma@test", "group_ids": [(4, group.id)]})
campaign = env["lead.distribution.campaign"].create({
    "name": "Going", "tz": "UTC", "use_window": False, "user_id": user.id, "frequency": "daily",
    "report_format": "csv", "member_ids": [(0, 0, {"user_id": user.id})]})
leads = env["crm.lead"].create([{"name": f"Going {n}", "type": "lead", "user_id": False} for n in range(3)])
run = campaign.distribute(lead_ids=leads.ids)
assert run.state == "done" and run.leads_done == 3
raise_todo(campaign, FAILED, ["text"])
campaign.message_post(body="Hello")
for model, values in (
    ("ir.filters", {"name": "Mine", "model_id": run._name}),
    ("ir.exports", {"name": "Mine", "resource": run._name}),
    ("mail.activity.type", {"name": "Mine", "res_model": campaign._name}),
    ("mail.activity.plan", {"name": "Mine", "res_model": campaign._name}),
    ("ir.filters", {"name": "Others", "model_id": "crm.lead"}),
):
    env[model].create(values)
wizard = env["base.module.uninstall"].create(
    {"module_ids": [(6, 0, env["ir.module.module"].search([("name", "=", "crm")]).ids)]})
told = wizard.lead_distribution_loss
env.cr.commit()
print("RESULT " + json.dumps([user.id, leads.ids, told]))
"""
UNINSTALL = """
env["ir.module.module"].search([("name", "=", "lead_distribution")]).button_immediate_uninstall()
"""
INSTALL = """
env["ir.module.module"].search([("name", "=", "lead_distribution")]).button_immediate_install()
"""
LOOK = """
import json
from odoo.addons.lead_distribution.planning.received import count_received
user = env["res.users"].browse(user_id)
leads = env["crm.lead"].browse(lead_ids)
print("RESULT " + json.dumps([
    count_received(env, user), [bool(lead.received_on or lead.distributed_on) for lead in leads],
    [lead.holder_id.id for lead in leads], [lead.source_date == lead.create_date.date() for lead in leads],
    env["lead.distribution.run"].search_count([]),
]))
"""
# whatever is named after the addon or its models
LEFT = """
SELECT 'parameter ' || key FROM ir_config_parameter WHERE key LIKE 'lead\\_distribution%%'
UNION ALL SELECT 'action ' || cron_name FROM ir_cron WHERE cron_name LIKE '%%Distribution%%'
UNION ALL SELECT 'trigger ' || t.id FROM ir_cron_trigger t LEFT JOIN ir_cron c ON c.id = t.cron_id WHERE c.id IS NULL
UNION ALL SELECT 'file ' || name FROM ir_attachment WHERE res_model LIKE 'lead.%%'
UNION ALL SELECT 'to-do ' || id FROM mail_activity WHERE res_model LIKE 'lead.%%'
UNION ALL SELECT 'kind of to-do ' || id FROM mail_activity_type WHERE res_model LIKE 'lead.%%'
UNION ALL SELECT 'plan of to-dos ' || id FROM mail_activity_plan WHERE res_model LIKE 'lead.%%'
UNION ALL SELECT 'message ' || id FROM mail_message WHERE model LIKE 'lead.%%'
UNION ALL SELECT 'follower ' || id FROM mail_followers WHERE res_model LIKE 'lead.%%'
UNION ALL SELECT 'filter ' || id FROM ir_filters WHERE model_id LIKE 'lead.%%'
UNION ALL SELECT 'export ' || id FROM ir_exports WHERE resource LIKE 'lead.%%'
UNION ALL SELECT 'template ' || id FROM mail_template WHERE model LIKE 'lead.%%'
UNION ALL SELECT 'name ' || module || '.' || name FROM ir_model_data
    WHERE module = 'lead_distribution' OR name LIKE '%%\\_\\_lead\\_distribution\\_%%'
    OR name LIKE '%%\\_\\_lead\\_import\\_%%'
UNION ALL SELECT 'model ' || model FROM ir_model WHERE model LIKE 'lead.%%' OR model = 'crm.lead.status'
UNION ALL SELECT 'table ' || relname FROM pg_class WHERE relname LIKE 'lead\\_%%'
UNION ALL SELECT 'column ' || column_name FROM information_schema.columns WHERE table_name = 'crm_lead'
    AND column_name IN ('source_date', 'holder_id', 'received_on', 'distributed_on', 'open_user_id', 'lead_status_id')
"""


@pytest.fixture
def copy(odoo):
    """A copy of the database that is lost afterwards."""

    def execute(*statements):
        with contextlib.closing(Odoo("postgres").connect()) as connection:
            connection.autocommit = True
            for statement in statements:
                connection.cursor().execute(statement)

    drop = f"DROP DATABASE IF EXISTS {COPY} WITH (FORCE)"
    execute(drop, f'CREATE DATABASE {COPY} TEMPLATE "{odoo.database}"')
    yield Odoo(COPY)
    execute(drop)


def test_uninstalling_leaves_nothing_and_installing_again_takes_no_lead_for_handed_out(copy):
    user_id, lead_ids, told = copy.run(USE)
    assert "The history goes, too" in told
    copy.run(UNINSTALL, timeout=300)
    assert [text for [text] in copy.rows(LEFT)] == []
    assert copy.value("SELECT count(*) FROM ir_filters WHERE name = 'Others'") == 1
    assert copy.value("SELECT count(*) FROM ir_config_parameter WHERE key LIKE 'leadX%%'") == 1
    owners = "SELECT count(*) FROM crm_lead WHERE user_id = %s AND id = ANY(%s)"
    assert copy.value(owners, user_id, lead_ids) == 3, "the leads stay with who has them"
    copy.run(INSTALL, timeout=300)
    received, marked, holders, dated, runs = copy.run(LOOK, user_id=user_id, lead_ids=lead_ids)
    assert received == {"day": {}, "week": {}, "month": {}}
    assert marked == [False] * 3
    assert holders == [user_id] * 3
    assert dated == [True] * 3
    assert runs == 0
