"""A handover that is killed: what is done is done, the rest goes on, and what was planned on the leads with it."""

import signal

import pytest

PREPARE = """
import json, uuid
from odoo.fields import Command
users = env["res.users"].with_context(no_reset_password=True)
group = env.ref("sales_team.group_sale_salesman").id
ann, bob, cem = (
    users.create({"name": n, "login": f"{n}@{uuid.uuid4()}", "group_ids": [Command.link(group)]})
    for n in ("ann", "bob", "cem")
)
leads = env["crm.lead"].create(
    [{"name": f"Lead {n}", "type": "lead", "user_id": ann.id, "open_user_id": ann.id} for n in range(60)]
)
call = env.ref("mail.mail_activity_data_call").id
env["mail.activity"].with_context(mail_activity_quick_update=True).create(
    [
        {"res_model_id": env["ir.model"]._get_id("crm.lead"), "res_id": lead.id, "user_id": ann.id,
         "activity_type_id": call, "date_deadline": "2030-01-01"}
        for lead in leads
    ]
)
run = ann.plan_handover(user_ids=(bob + cem).ids)
env.cr.commit()
print("RESULT " + json.dumps([run.id, ann.id, bob.id, cem.id]))
"""
KILL = """
import os, signal
from odoo.addons.lead_distribution.applying import applier, reverter
applier.BATCH_SIZE = reverter.BATCH_SIZE = 10
module = {"applier": applier.Applier, "reverter": reverter.Reverter}[room]
steps, original = [], getattr(module, method)

def killing(self, *args):
    result = original(self, *args)
    steps.append(1)
    if len(steps) == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(module, method, killing)
run = env["lead.distribution.run"].browse(run_id)
run.action_apply() if room == "applier" else run.action_revert()
"""
GO_ON = "env.ref('lead_distribution.ir_cron_distribute').method_direct_trigger()"


def count_holders(odoo, run_id):
    """Return {(holder, who has what is planned): number of leads} of a run."""
    return dict(
        ((holder, planner), count)
        for holder, planner, count in odoo.rows(
            "SELECT l.holder_id, m.user_id, count(*) FROM lead_distribution_assignment a "
            "JOIN crm_lead l ON l.id = a.lead_id "
            "JOIN mail_activity m ON m.res_model = 'crm.lead' AND m.res_id = l.id "
            "WHERE a.run_id = %s GROUP BY l.holder_id, m.user_id",
            run_id,
        )
    )


@pytest.mark.parametrize("method", ["write_leads", "commit"])
def test_a_killed_handover_goes_on_and_nothing_is_with_two_people(odoo, method):
    run_id, ann, bob, cem = odoo.run(PREPARE)
    odoo.finish(odoo.start(KILL, run_id=run_id, room="applier", method=method), code=-signal.SIGKILL)
    between = count_holders(odoo, run_id)
    assert set(between) == {(user, user) for user in (ann, bob, cem)}  # what is planned is with who has the lead
    assert between[ann, ann] == 40
    odoo.run(GO_ON)
    assert count_holders(odoo, run_id) == {(bob, bob): 30, (cem, cem): 30}
    assert odoo.rows("SELECT state, leads_done FROM lead_distribution_run WHERE id = %s", run_id) == [("done", 60)]

    odoo.finish(odoo.start(KILL, run_id=run_id, room="reverter", method="revert_next"), code=-signal.SIGKILL)
    assert count_holders(odoo, run_id)[ann, ann] == 20
    odoo.run(GO_ON)
    assert count_holders(odoo, run_id) == {(ann, ann): 60}
    assert odoo.value("SELECT state FROM lead_distribution_run WHERE id = %s", run_id) == "reverted"
