"""An experiment in real processes: a worker that is killed leaves every lead with one owner, one way, or waiting."""

import signal
from contextlib import closing

import pytest
from run_checks import AT_GATE, wait_until
from test_live import HAND_OUT, KILL, LIVE, assert_one_owner_or_waiting, come, get_last, live  # noqa: F401


@pytest.fixture(scope="module")
def dealt(odoo, live):  # noqa: F811
    """The live campaign with a running experiment; the id of the experiment."""
    return odoo.run(
        """
        import json
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        experiment = env["lead.distribution.experiment"].create(
            {"campaign_id": campaign.id, "strategy_b": "weighted", "planned_leads": 100000})
        experiment.action_start()
        env.cr.commit()
        print("RESULT " + json.dumps(experiment.id))
        """,
        campaign_id=live,
    )


def get_deals(odoo, experiment_id, after):
    """Return [(way that was dealt, ways of the rows that were done)] of each lead that was dealt."""
    return odoo.rows(
        "SELECT d.arm, (SELECT array_agg(a.arm) FROM lead_distribution_assignment a "
        "WHERE a.lead_id = d.lead_id AND a.state = 'done' AND a.experiment_id = d.experiment_id) "
        "FROM lead_distribution_experiment_deal d WHERE d.experiment_id = %s AND d.lead_id > %s",
        experiment_id,
        after,
    )


def assert_figures_of_both(odoo, campaign_id):
    """The runs of the day say together what is so."""
    [(found, done, left, received, rows)] = odoo.rows(
        "SELECT sum(leads_found), sum(leads_distributed), sum(leads_not_distributed), (SELECT sum(leads_received) FROM "
        "lead_distribution_run_member m WHERE m.run_id = ANY(array_agg(r.id))), (SELECT count(*) FROM "
        "lead_distribution_assignment a WHERE a.campaign_id = %s AND a.state = 'done') FROM lead_distribution_run r "
        "WHERE r.campaign_id = %s AND r.origin = 'live'",
        campaign_id,
        campaign_id,
    )
    assert (found or 0) == (done or 0) == (received or 0) == rows
    assert not left


@pytest.mark.parametrize(
    ("place", "name", "handed_out"),
    [
        ("Part", "decide", 0),  # both ways of the first batch are decided, one of them is written
        ("Applier", "apply", 0),  # both are written, nothing committed
        ("worker", "commit", 20),  # the second batch is committed, nobody told
    ],
)
def test_a_killed_worker_deals_no_lead_twice(odoo, live, dealt, place, name, handed_out):  # noqa: F811
    last = get_last(odoo)
    killed = odoo.start(KILL, place=place, name=name, size=20, campaign_id=live, count=60)
    odoo.finish(killed, code=-signal.SIGKILL)
    owned = assert_one_owner_or_waiting(odoo, live, 60, last)
    assert owned >= handed_out
    assert len(get_deals(odoo, dealt, last)) == owned, "what was not handed out was not dealt"

    odoo.run(HAND_OUT, size=20)
    assert assert_one_owner_or_waiting(odoo, live, 60, last) == 60
    deals = get_deals(odoo, dealt, last)
    assert len(deals) == 60
    assert all(ways == [arm] for arm, ways in deals)
    assert 20 <= sum(arm == "b" for arm, _ways in deals) <= 40
    assert_figures_of_both(odoo, live)


# the worker has read that the experiment runs, and has not dealt a lead yet
HAND_OUT_FROM_GATE = (
    LIVE
    + """
from odoo.addons.lead_distribution.planning import arms
original, calls = arms.keep_dealt, []

def waiting(experiment, dealt):
    calls.append(1)
    if len(calls) == 1:
        experiment.env.cr.execute("SELECT pg_advisory_lock_shared(4712)")
    return original(experiment, dealt)

arms.keep_dealt = waiting
campaigns.hand_out_waiting()
env.cr.commit()
"""
)


def test_who_stops_an_experiment_in_the_middle_of_a_batch_keeps_no_lead_from_anybody(odoo, live, dealt):  # noqa: F811
    last = get_last(odoo)
    come(odoo, live, 60)
    with closing(odoo.connect()) as gate, gate.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(4712)")
        worker = odoo.start(HAND_OUT_FROM_GATE, size=20)
        wait_until(lambda: odoo.value(AT_GATE) == 1)
        odoo.run("env['lead.distribution.experiment'].browse(number).action_stop()\nenv.cr.commit()", number=dealt)
    odoo.finish(worker)
    assert assert_one_owner_or_waiting(odoo, live, 60, last) == 60
    assert not get_deals(odoo, dealt, last), "nothing is dealt after the end"
