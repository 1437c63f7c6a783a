"""What is missed is told once: two at it at the same moment, one that dies, somebody at work on a lead."""

import signal

from run_checks import start_at_once

LATE = """
import json
run = env["lead.distribution.run"].browse(run_id)
env["lead.distribution.campaign"].search([]).missed_tell = False
run.campaign_id.write({
    "first_action_hours": 4, "first_action_clock": "clock", "remind_percent": 0, "missed_tell": True,
    "user_id": env.ref("base.user_admin").id, "notify_salespeople": "inbox", "notify_responsible": False})
run.action_apply()
env.cr.execute("UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '5 hours', "
               "check_on = now() AT TIME ZONE 'UTC' - interval '1 minute' WHERE run_id = %s", [run.id])
env.cr.commit()
"""
CHECK = """
from odoo.addons.lead_distribution.following import deadlines as module
module.BATCH_SIZE = 100
campaign = env["lead.distribution.campaign"].browse({campaign_id})
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
env.cr.commit()
campaign.check_deadlines()
"""
DIE = """
import os, signal
from odoo.addons.lead_distribution.following import deadlines as module
module.BATCH_SIZE, batches = 100, []
original = module.follow_up

def killing(*args):
    original(*args)
    batches.append(1)
    if len(batches) == 3:
        os.kill(os.getpid(), signal.SIGKILL)

module.follow_up = killing
env["lead.distribution.campaign"].browse(campaign_id).check_deadlines()
"""
TOLD = (
    "SELECT coalesce(sum((regexp_match(subject, '[0-9]+'))[1]::int), 0) FROM mail_message "
    "WHERE model = 'lead.distribution.campaign' AND res_id = %s AND subject LIKE '%%deadlines were missed%%'"
)
STATES = "SELECT deadline_state, count(*) FROM lead_distribution_assignment WHERE run_id = %s GROUP BY 1 ORDER BY 1"


def test_two_that_look_at_the_same_moment_tell_each_miss_once(odoo, plan):
    run_id, campaign_id = plan
    odoo.run(LATE, run_id=run_id)
    start_at_once(odoo, None, *[CHECK.replace("{campaign_id}", str(campaign_id))] * 2)
    odoo.run("env['lead.distribution.campaign'].browse(number).check_deadlines()", number=campaign_id)
    assert odoo.rows(STATES, run_id) == [("missed", 600)]
    assert odoo.value(TOLD, campaign_id) == 600


def test_one_that_is_killed_tells_nothing_twice_and_the_next_one_goes_on(odoo, plan):
    run_id, campaign_id = plan
    odoo.run(LATE, run_id=run_id)
    odoo.finish(odoo.start(DIE, campaign_id=campaign_id), code=-signal.SIGKILL)
    assert odoo.rows(STATES, run_id) == [("missed", 200), ("open", 400)]
    assert odoo.value(TOLD, campaign_id) == 200
    odoo.run("env['lead.distribution.campaign'].browse(number).check_deadlines()", number=campaign_id)
    assert odoo.rows(STATES, run_id) == [("missed", 600)]
    assert odoo.value(TOLD, campaign_id) == 600


def test_a_lead_that_somebody_is_changing_is_looked_at_a_minute_later(odoo, plan):
    run_id, campaign_id = plan
    odoo.run(LATE, run_id=run_id)
    connection = odoo.connect()
    try:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY id LIMIT 10", [run_id]
        )
        lead_ids = [lead_id for [lead_id] in cursor.fetchall()]
        cursor.execute("SELECT id FROM crm_lead WHERE id = ANY(%s) FOR UPDATE", [lead_ids])
        odoo.run("env['lead.distribution.campaign'].browse(number).check_deadlines()", number=campaign_id)
    finally:
        connection.rollback()
        connection.close()
    assert odoo.rows(STATES, run_id) == [("missed", 590), ("open", 10)]
    later = "SELECT bool_and(check_on > now() AT TIME ZONE 'UTC') FROM lead_distribution_assignment WHERE run_id = %s AND deadline_state = 'open'"  # noqa: E501
    assert odoo.value(later, run_id)
