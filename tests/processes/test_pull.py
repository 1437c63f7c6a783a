"""Give me leads, in real processes: two who press at once, one that is killed, one beside a run."""

import signal

import pytest
from run_checks import start_at_once, wait_at_gate

PEOPLE, LEADS, LIMIT = 3, 20, 6
PULL = """
import json
campaign = env["lead.distribution.campaign"].browse(campaign_id).with_user({user_id})
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
got = [lead_id for _turn in range(4) for lead_id in campaign.pull_leads(2).ids]
print("RESULT " + json.dumps(got))
"""
KILLED = """
import os, signal
from odoo.addons.lead_distribution.following import pull
pull.grow = lambda *_arguments: os.kill(os.getpid(), signal.SIGKILL)
env["lead.distribution.campaign"].browse(campaign_id).with_user(user_id).pull_leads(5)
"""
RUN = """
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
env["lead.distribution.campaign"].browse(campaign_id).distribute()
env.cr.commit()
"""
HOLDERS = "SELECT id, user_id FROM crm_lead WHERE id = ANY(%s) AND user_id IS NOT NULL"


@pytest.fixture
def pullers(odoo):
    """(id of a campaign that hands out the newest leads first, ids of its people, ids of its leads)."""
    return odoo.run(
        """
        import json
        number = env["lead.distribution.campaign"].search_count([])
        people = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"Puller {n}", "login": f"puller{n}-{number}@test",
             "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)]} for n in range(people)
        ])
        source = env["utm.source"].create({"name": f"Pulled {number}"})
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Pull {number}", "tz": "UTC", "use_window": False, "lead_order": "newest", "max_daily": limit,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
            "filter_ids": [(0, 0, {"values_text": source.name})],
        })
        leads = env["crm.lead"].create([
            {"name": f"Pulled {n}", "type": "lead", "user_id": False, "source_id": source.id} for n in range(leads)
        ])
        env.cr.commit()
        print("RESULT " + json.dumps([campaign.id, people.ids, leads.ids]))
        """,
        people=PEOPLE, leads=LEADS, limit=LIMIT,
    )  # fmt: skip


def test_people_who_press_at_once_never_get_the_same_lead_and_each_as_many_as_the_limit_allows(odoo, pullers):
    campaign_id, user_ids, lead_ids = pullers
    scripts = [PULL.replace("{user_id}", str(user_id)) for user_id in user_ids[:2]]
    for process in wait_at_gate(odoo, *scripts, campaign_id=campaign_id):
        out, err = process.communicate(timeout=180)
        # the fourth time both are full, and are told so
        assert process.returncode == 1 and "as many leads as your limits allow" in err, err[-3000:]
        assert "RESULT" not in out
    holders = dict(odoo.rows(HOLDERS, lead_ids))
    got = [list(holders.values()).count(user_id) for user_id in user_ids]
    assert got == [LIMIT, LIMIT, 0]
    rows = odoo.rows(
        "SELECT state, kind, count(*), count(DISTINCT lead_id), count(DISTINCT run_id) "
        "FROM lead_distribution_assignment WHERE campaign_id = %s GROUP BY 1, 2",
        campaign_id,
    )
    assert rows == [("done", "pull", 2 * LIMIT, 2 * LIMIT, 1)], "one run of the day, whoever was first"
    turns = odoo.rows(
        "SELECT coalesce(rotation_turns, 0) FROM lead_distribution_member WHERE campaign_id = %s", campaign_id
    )
    assert sorted(turns) == [(0,), (LIMIT,), (LIMIT,)]


def test_killed_in_the_middle_nobody_has_anything_and_the_next_one_gets_it(odoo, pullers):
    campaign_id, user_ids, lead_ids = pullers
    odoo.finish(odoo.start(KILLED, campaign_id=campaign_id, user_id=user_ids[0]), code=-signal.SIGKILL)
    assert odoo.rows(HOLDERS, lead_ids) == []
    assert odoo.value("SELECT count(*) FROM lead_distribution_run WHERE campaign_id = %s", campaign_id) == 0
    got = odoo.run(
        """
        import json
        campaign = env["lead.distribution.campaign"].browse(campaign_id).with_user(user_id)
        print("RESULT " + json.dumps(campaign.pull_leads(5).ids))
        """,
        campaign_id=campaign_id,
        user_id=user_ids[1],
    )
    assert sorted(odoo.rows(HOLDERS, lead_ids)) == [(lead_id, user_ids[1]) for lead_id in sorted(got)]
    assert len(got) == 5


def test_beside_a_run_each_lead_has_one_holder_and_the_limits_hold(odoo, pullers):
    campaign_id, user_ids, lead_ids = pullers
    once = PULL.replace("range(4)", "range(1)").replace("{user_id}", str(user_ids[0]))
    start_at_once(odoo, campaign_id, once, RUN)
    done = odoo.rows(
        "SELECT lead_id, user_id FROM lead_distribution_assignment WHERE campaign_id = %s AND state = 'done'",
        campaign_id,
    )
    assert len({lead_id for lead_id, _user in done}) == len(done), "nobody was given what somebody else had taken"
    assert sorted(odoo.rows(HOLDERS, lead_ids)) == sorted(done)
