"""Leads as they come, in real processes: kill -9 at every step, two workers at once, beside runs and imports."""

import signal
from collections import Counter
from contextlib import closing

import pytest
from run_checks import start_at_once, wait_until

LIVE = """
from odoo.addons.lead_distribution.applying import applier
from odoo.addons.lead_distribution.day import part
from odoo.addons.lead_distribution.live import batch, rows, share, worker
rows.BATCH_SIZE = size
campaigns = env["lead.distribution.campaign"]
"""
COME = """
campaign = env["lead.distribution.campaign"].browse(campaign_id)
source = env["utm.source"].search([("name", "=", campaign.filter_ids.values_text)])
env["crm.lead"].create([
    {"name": f"Lead {n}", "type": "lead", "user_id": False, "source_id": source.id} for n in range(count)
])
env.cr.commit()
"""
HAND_OUT = LIVE + "campaigns.hand_out_waiting()\nenv.cr.commit()\n"
# dies at the second batch, right after that step
KILL = (
    COME
    + LIVE
    + """
import os, signal
places = {"batch": batch, "worker": worker}
owner = places.get(place) or getattr({"Batch": batch, "Share": share, "Part": part, "Applier": applier}[place], place)
original, calls = getattr(owner, name), []

def killing(*args):
    result = original(*args)
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, killing)
campaigns.hand_out_waiting()
"""
)
GATE = """
env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
env.cr.commit()
"""
UNTIL_NOTHING_WAITS = (
    LIVE
    + GATE
    + """
import time
while env["lead.distribution.waiting"].search_count([("next_try", "<=", "now")]):
    campaigns.hand_out_waiting()
    env.cr.commit()
    time.sleep(0.01)
"""
)


@pytest.fixture(scope="module")
def live(odoo):
    """A live campaign with three people; its id. After the tests nothing is live any more."""
    yield make_live(odoo)
    odoo.run(
        """
        env["lead.distribution.campaign"].search([]).is_live = False
        env["lead.distribution.waiting"].search([]).unlink()
        env.cr.commit()
        """
    )


def make_live(odoo):
    return odoo.run(
        """
        import json
        env["lead.distribution.campaign"].search([]).is_live = False
        number = env["lead.distribution.campaign"].search_count([])
        group = env.ref("sales_team.group_sale_salesman")
        people = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"L{n}", "login": f"l{n}-{number}@test", "group_ids": [(4, group.id)]} for n in range(3)
        ])
        source = env["utm.source"].create({"name": f"live {number}"})
        field = env["ir.model.fields"]._get("crm.lead", "source_id")
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Live {number}", "tz": "UTC", "use_window": False, "is_live": True, "lead_type": "lead",
            "filter_ids": [(0, 0, {"field_id": field.id, "values_text": source.name})],
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
        })
        env["lead.distribution.waiting"].search([]).unlink()
        env.cr.commit()
        print("RESULT " + json.dumps(campaign.id))
        """
    )


def come(odoo, campaign_id, count):
    odoo.run(COME, campaign_id=campaign_id, count=count)


def get_leads(odoo, campaign_id, after=0):
    """Return [(lead id, owner, done rows of the history, whether it waits)] of the leads of a campaign after one."""
    return odoo.rows(
        "SELECT l.id, l.user_id, (SELECT array_agg(a.user_id) FROM lead_distribution_assignment a "
        "WHERE a.lead_id = l.id AND a.state = 'done'), "
        "EXISTS (SELECT FROM lead_distribution_waiting w WHERE w.lead_id = l.id) FROM crm_lead l "
        "JOIN utm_source s ON s.id = l.source_id JOIN lead_distribution_filter f ON f.values_text = s.name "
        "WHERE f.campaign_id = %s AND l.id > %s ORDER BY l.id",
        campaign_id,
        after,
    )


def assert_one_owner_or_waiting(odoo, campaign_id, count, after):
    """Each lead is with one person, as the history says, or waits; return how many have an owner."""
    leads = get_leads(odoo, campaign_id, after)
    assert len(leads) == count
    for _lead, owner, done, waits in leads:
        assert (owner is None) == waits
        assert (done or []) == ([owner] if owner else [])
    return sum(owner is not None for _lead, owner, _done, _waits in leads)


def assert_figures(odoo, campaign_id):
    """The run of the day says what is so: every lead with an owner was found and handed out, and nothing is left."""
    owned = sum(owner is not None for _lead, owner, *_rest in get_leads(odoo, campaign_id))
    [run] = odoo.rows(
        "SELECT r.leads_found, r.leads_distributed, r.leads_not_distributed, r.state, "
        "(SELECT sum(leads_received) FROM lead_distribution_run_member m WHERE m.run_id = r.id) "
        "FROM lead_distribution_run r WHERE r.campaign_id = %s AND r.origin = 'live'",
        campaign_id,
    )
    assert run == (owned, owned, 0, "done", owned)


def get_last(odoo):
    return odoo.value("SELECT coalesce(max(id), 0) FROM crm_lead")


def get_shares(odoo, campaign_id, after=0):
    return sorted(Counter(owner for _lead, owner, *_rest in get_leads(odoo, campaign_id, after)).values())


@pytest.mark.parametrize(
    ("place", "name", "handed_out"),
    [
        ("batch", "lock_leads", 20),  # rows and leads of the second batch are locked
        ("Part", "decide", 20),  # it is decided who gets which, and stored
        ("Applier", "apply", 20),  # the leads are written
        ("Batch", "settle", 20),  # all is written, nothing committed
        ("worker", "commit", 20),  # committed, nobody told
        ("worker", "_tell", 40),  # committed and told of
    ],
)
def test_a_killed_worker_leaves_each_lead_with_one_owner_or_waiting(odoo, live, place, name, handed_out):
    last = get_last(odoo)
    killed = odoo.start(KILL, place=place, name=name, size=20, campaign_id=live, count=60)
    odoo.finish(killed, code=-signal.SIGKILL)
    assert assert_one_owner_or_waiting(odoo, live, 60, last) == handed_out
    assert_figures(odoo, live)

    odoo.run(HAND_OUT, size=20)
    assert assert_one_owner_or_waiting(odoo, live, 60, last) == 60
    assert_figures(odoo, live)
    assert get_shares(odoo, live, last) == [20, 20, 20]


def test_two_workers_at_once_are_as_fair_as_one(odoo, live):
    last = get_last(odoo)
    come(odoo, live, 150)
    start_at_once(odoo, live, *[f"size = 4\n{UNTIL_NOTHING_WAITS}"] * 2, f"count = 90\n{GATE}{COME}")
    odoo.run(HAND_OUT, size=50)
    assert assert_one_owner_or_waiting(odoo, live, 240, last) == 240
    assert_figures(odoo, live)
    assert get_shares(odoo, live, last) == [80, 80, 80]
    given = odoo.rows(
        "SELECT user_id FROM lead_distribution_assignment WHERE campaign_id = %s AND lead_id > %s ORDER BY id",
        live,
        last,
    )
    shares = Counter()
    for [user_id] in given:  # at each moment of the day
        shares[user_id] += 1
        assert max(shares.values()) - min(shares.values() if len(shares) == 3 else [0]) <= 1


HOLDS = """
original = batch.Batch.settle

def settle(self):
    original(self)
    env.cr.execute("SELECT pg_advisory_xact_lock_shared(4713)")

batch.Batch.settle = settle
"""
IN_HAND = """
SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database
WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.objid = 4713 AND NOT l.granted
"""
ADVISORY = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'"
BLOCKED = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND wait_event IN ('transactionid', 'tuple')
"""
CHANGES = """
campaign = env["lead.distribution.campaign"].browse(campaign_id)
user = campaign.member_ids.user_id[0]
env.cr.execute("SET lock_timeout = '5s'")
campaign.max_leads = 90
env.cr.commit()
campaign.filter_ids.copy({"values_text": "nobody comes from there", "active": False})
env.cr.commit()
env["lead.distribution.cap"].create({"user_id": user.id, "maximum": 80})
env.cr.commit()
user.action_pause_leads()
env.cr.commit()
user.action_resume_leads()
env.cr.commit()
"""
MEMBER = """
from odoo.service.model import retrying
member = env["lead.distribution.campaign"].browse(campaign_id).member_ids[0]
retrying(lambda: member.write({"weight": 3}), env)
env.cr.commit()
"""


def test_settings_and_pauses_neither_wait_for_the_worker_nor_fail_while_it_has_leads_in_hand(odoo, live):
    live, last = make_live(odoo), get_last(odoo)
    odoo.run(COME + HAND_OUT, size=20, campaign_id=live, count=20)  # the first lead of all begins the rotation
    come(odoo, live, 60)
    with closing(odoo.connect()) as holding, holding.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4713)")
        worker = odoo.start(LIVE + HOLDS + "campaigns.hand_out_waiting()\nenv.cr.commit()\n", size=20)
        wait_until(lambda: odoo.value(IN_HAND) == 1)
        odoo.run(CHANGES, campaign_id=live)  # nothing is tried twice: one conflict, and it ends with an error
        assert odoo.value("SELECT count(*) FROM lead_distribution_change") > 0
        member = odoo.start(MEMBER, campaign_id=live)  # whose turn it is stands there, so it comes after
        wait_until(lambda: odoo.value(BLOCKED) == 1)
    odoo.finish(member)
    odoo.finish(worker)
    odoo.run(HAND_OUT, size=20)
    assert odoo.value("SELECT count(*) FROM lead_distribution_change") == 0
    assert assert_one_owner_or_waiting(odoo, live, 80, last) == 80


TAKES_A_TURN = """
from odoo.addons.lead_distribution.applying.locks import one_at_a_time
import json
with one_at_a_time(env):
    print("RESULT " + json.dumps(env["lead.distribution.waiting"].search_count([])))
"""


def test_whoever_else_hands_out_leads_has_a_turn_while_leads_never_cease_to_come(odoo, live):
    live, last = make_live(odoo), get_last(odoo)
    come(odoo, live, 60)
    with closing(odoo.connect()) as holding, holding.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4713)")
        at_once = "worker.TURN = 0\n"
        worker = odoo.start(LIVE + at_once + HOLDS + "campaigns.hand_out_waiting()\nenv.cr.commit()\n", size=20)
        wait_until(lambda: odoo.value(IN_HAND) == 1)
        other = odoo.start(TAKES_A_TURN)
        wait_until(lambda: odoo.value(ADVISORY) == 2)
    assert odoo.finish(other) == 40, "after the batch that was in hand, and before the next"
    odoo.finish(worker)
    odoo.run(HAND_OUT, size=20)
    assert assert_one_owner_or_waiting(odoo, live, 60, last) == 60


RUN = (
    GATE
    + """
campaign = env["lead.distribution.campaign"].browse(campaign_id)
run = campaign.distribute()
env.cr.commit()
assert run.state == "done", run.state
"""
)
IMPORT = (
    GATE
    + """
import base64
campaign = env["lead.distribution.campaign"].browse(campaign_id)
lines = ["Name,E-mail"] + [f"P {n},p{n}@beside{campaign_id}.com" for n in range(60)]
batch = env["lead.import.batch"].create({
    "file": base64.b64encode("\\n".join(lines).encode()), "file_name": "people.csv"})
batch.action_next()
batch.create_missing = True
batch.action_next()
batch.action_next()
users = campaign.member_ids.user_id
batch.write({"campaign_id": campaign.id, "caller_ids": [(0, 0, {"user_id": user.id}) for user in users]})
env.cr.commit()
from odoo.service.model import retrying
retrying(batch.action_next, env)
retrying(batch.action_start, env)
assert batch.state in ("importing", "done"), batch.state
"""
)
# what a conflict has left to the scheduler
GO_ON = """
for name in ("ir_cron_import", "ir_cron_distribute"):
    env.ref(f"lead_distribution.{name}").method_direct_trigger()
"""


def test_beside_a_run_and_an_import_no_limit_is_passed_and_all_come_to_their_ends(odoo, live):
    live = make_live(odoo)
    switch = "env['lead.distribution.campaign'].browse(campaign_id).write({'max_daily': 40, 'is_live': %s})"
    # of before it went live: what a run finds
    odoo.run("\n".join([switch % False, COME, switch % True, COME]), campaign_id=live, count=80)
    start_at_once(odoo, live, f"size = 3\n{UNTIL_NOTHING_WAITS}", RUN, IMPORT)
    odoo.run(GO_ON)
    odoo.run(HAND_OUT, size=3)
    assert odoo.rows("SELECT state, rows_done FROM lead_import_batch WHERE campaign_id = %s", live) == [("done", 60)]
    states = odoo.rows("SELECT DISTINCT state FROM lead_distribution_run WHERE campaign_id = %s", live)
    assert states == [("done",)]
    received = odoo.rows(
        "SELECT a.user_id, count(*) FROM lead_distribution_assignment a WHERE a.campaign_id = %s AND a.state = 'done' "
        "GROUP BY a.user_id",
        live,
    )
    shares = [count for _user, count in received]
    assert max(shares) <= 40
    assert shares == [40, 40, 40] or not odoo.value("SELECT count(*) FROM lead_distribution_waiting")
    doubled = "SELECT 1 FROM lead_distribution_assignment WHERE campaign_id = %s AND state = 'done' "
    assert not odoo.rows(doubled + "GROUP BY lead_id HAVING count(*) > 1", live)
    held = "SELECT 1 FROM lead_distribution_waiting w JOIN crm_lead l ON l.id = w.lead_id WHERE l.holder_id IS NOT NULL"
    assert not odoo.rows(held)


def test_a_live_run_that_grows_is_reverted_and_the_next_lead_opens_another_one(odoo, live):
    live = make_live(odoo)
    odoo.run(COME + HAND_OUT + COME, size=20, campaign_id=live, count=60)
    revert = f"""{GATE}
env["lead.distribution.campaign"].browse(campaign_id).run_ids.action_revert()
env.cr.commit()
"""
    start_at_once(odoo, live, f"size = 5\n{UNTIL_NOTHING_WAITS}", revert)
    odoo.run(HAND_OUT, size=20)
    wait_until(lambda: not odoo.rows("SELECT 1 FROM lead_distribution_run WHERE reverting_since IS NOT NULL"), 5)
    runs = odoo.rows(
        "SELECT state, leads_found, leads_distributed, coalesce(leads_kept, 0) FROM lead_distribution_run "
        "WHERE campaign_id = %s ORDER BY id",
        live,
    )
    assert [(state, kept) for state, _found, _done, kept in runs] == [("reverted", 0), ("done", 0)][: len(runs)]
    put_back = runs[0][2]
    assert 60 <= put_back <= 120
    assert sum(done for _state, _found, done, _kept in runs) == 120
    owned = [owner for _lead, owner, *_rest in get_leads(odoo, live) if owner]
    assert len(owned) == 120 - put_back
