"""Two processes that do at the very same moment what each of them may do alone."""

from run_checks import start_at_once

# both processes have looked at the database before either goes on: neither sees what the other writes
GATE = """
def wait_at_gate(place, name):
    original, calls = getattr(place, name), []

    def waiting(first, *args):
        calls.append(1)
        if len(calls) == 1:
            (getattr(first, "cr", None) or first.env.cr).execute("SELECT pg_advisory_lock_shared(4712)")
        return original(first, *args)

    setattr(place, name, waiting)
"""
IMPORT = (
    GATE
    + """
from odoo.addons.lead_distribution.importing import chunk
chunk.CHUNK = 100
batch = env["lead.import.batch"].browse({batch_id})
wait_at_gate(chunk, "claim")
batch._import_in_steps()
env.cr.commit()
"""
)
APPLY = (
    GATE
    + """
from odoo.addons.lead_distribution.planning import over_limits as module
run = env["lead.distribution.run"].browse({run_id})
wait_at_gate(module, "claim_rooms")
run.action_apply()
env.cr.commit()
"""
)

BY_HAND = """
from odoo.service.model import retrying
def plan():
    env["crm.lead.distribute"].create({
        "way": "people", "people_ids": [(6, 0, {user_ids})], "lead_ids": [(6, 0, {lead_ids})]}).action_plan()
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
retrying(plan, env)
"""


def upload(odoo, number, rows, at_once=500):
    """Start an import of some people in the background; return its id."""
    return odoo.run(
        """
        import base64, json
        from odoo.addons.lead_distribution.models.imports import wizard as module
        module.AT_ONCE = at_once
        user = env["res.users"].with_context(no_reset_password=True).create({
            "name": "T", "login": f"t{env['res.users'].search_count([])}@test",
            "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]})
        campaign = env["lead.distribution.campaign"].create({"name": f"Together {user.login}", "tz": "UTC"})
        lines = ["Name,E-mail,Source"] + [f"P {n},p{n}@together{number}.com,Fair {number}" for n in range(rows)]
        batch = env["lead.import.batch"].create({
            "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv"})
        batch.action_next()
        batch.create_missing = True
        batch.action_next()
        batch.action_next()
        batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id})]})
        batch.action_next()
        batch.action_start()
        env.cr.commit()
        print("RESULT " + json.dumps(batch.id))
        """,
        number=number, rows=rows, at_once=at_once,
    )  # fmt: skip


def test_two_imports_of_the_same_people_at_once_make_one_lead_of_each(odoo):
    number = odoo.value("SELECT count(*) FROM lead_import_batch")
    first, second = (upload(odoo, number, 300, at_once=0) for _turn in range(2))
    start_at_once(odoo, None, *(IMPORT.replace("{batch_id}", str(batch_id)) for batch_id in (first, second)))

    leads = "SELECT count(*), count(DISTINCT email_normalized) FROM crm_lead WHERE import_batch_id IN %s"
    both = (first, second)
    assert odoo.rows(leads, both) == [(300, 300)]
    rows = "SELECT state, code, count(*) FROM lead_import_row WHERE batch_id IN %s GROUP BY 1, 2 ORDER BY 1"
    assert odoo.rows(rows, both) == [("done", None, 300), ("skipped", "duplicate_lead", 300)]
    assert odoo.rows("SELECT DISTINCT state FROM lead_import_batch WHERE id IN %s", both) == [("done",)]
    # both bring a source that did not exist, too
    assert odoo.value("SELECT count(*) FROM utm_source WHERE name LIKE %s", f"Fair {number}%") == 1


def test_two_plans_with_limits_applied_at_once_give_nobody_more_than_the_limit(odoo, plan):
    run_id, campaign_id = plan
    runs = odoo.run(
        """
        import json
        old = env["lead.distribution.run"].browse(run_id)
        lead_ids = old.assignment_ids.lead_id.ids
        old.action_cancel()
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        campaign.max_daily = 100
        both = campaign | campaign.copy()  # each of them has one run at a time
        runs = [c.simulate(lead_ids=lead_ids[half::2]).id for half, c in enumerate(both)]
        env.cr.commit()
        print("RESULT " + json.dumps(runs))
        """,
        run_id=run_id, campaign_id=campaign_id,
    )  # fmt: skip
    planned = "SELECT leads_planned FROM lead_distribution_run WHERE id = ANY(%s)"
    assert odoo.rows(planned, runs) == [(300,), (300,)], "each of them alone fills everybody's day"
    start_at_once(odoo, campaign_id, *(APPLY.replace("{run_id}", str(number)) for number in runs))

    assert odoo.rows("SELECT DISTINCT state FROM lead_distribution_run WHERE id = ANY(%s)", runs) == [("done",)]
    received = "SELECT user_id, count(*) FROM lead_distribution_assignment WHERE run_id = ANY(%s) AND state = 'done' GROUP BY 1"  # noqa: E501
    assert [count for _user, count in odoo.rows(received, runs)] == [100, 100, 100]
    noted = "SELECT DISTINCT note FROM lead_distribution_assignment WHERE run_id = ANY(%s) AND state = 'skipped'"
    assert odoo.rows(noted, runs) == [("The limit of this person was reached meanwhile.",)]


def test_two_who_hand_out_by_hand_for_the_first_time_at_once_both_get_a_plan(odoo, plan):
    run_id, campaign_id = plan
    members = "SELECT user_id FROM lead_distribution_member WHERE campaign_id = %s"
    people = [user_id for (user_id,) in odoo.rows(members, campaign_id)]
    leads = "SELECT lead_id FROM lead_distribution_assignment WHERE run_id = %s ORDER BY 1 LIMIT 20"
    lead_ids = [lead_id for (lead_id,) in odoo.rows(leads, run_id)]
    by_hand = BY_HAND.replace("{user_ids}", str(people))
    halves = (by_hand.replace("{lead_ids}", str(half)) for half in (lead_ids[:10], lead_ids[10:]))
    start_at_once(odoo, None, *halves)

    runs = """
        SELECT c.id, r.leads_planned FROM lead_distribution_run r JOIN lead_distribution_campaign c
        ON c.id = r.campaign_id WHERE c.is_by_hand ORDER BY r.id DESC LIMIT 2"""
    [(first, planned), (second, planned_too)] = odoo.rows(runs)
    assert (first, planned, planned_too) == (second, 10, 10)


def test_a_plan_with_limits_outlives_a_conflict_before_its_first_batch(odoo, plan):
    """Others who count against the same limits write the members meanwhile; who gives way may not lose the plan."""
    run_id, campaign_id = plan
    result = odoo.run(
        """
        import json
        old = env["lead.distribution.run"].browse(run_id)
        lead_ids = old.assignment_ids.lead_id.ids
        old.action_cancel()
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        campaign.max_daily = 100
        people = campaign.member_ids.user_id.ids
        env.cr.commit()
        run = campaign.simulate(lead_ids=lead_ids)  # as distribute() does: the plan is not committed yet
        env.flush_all()
        with env.registry.cursor() as other:
            other.execute("UPDATE lead_distribution_member SET write_date = now() WHERE user_id = ANY(%s)", [people])
        run.action_apply()
        env.cr.commit()
        print("RESULT " + json.dumps([run.exists().ids, run.state, run.leads_distributed]))
        """,
        run_id=run_id, campaign_id=campaign_id,
    )  # fmt: skip
    assert result[1:] == ["done", 300]
    assert odoo.value("SELECT count(*) FROM lead_distribution_run WHERE id = %s", result[0][0]) == 1
