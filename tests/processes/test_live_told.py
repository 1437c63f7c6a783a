"""Whoever gets a lead as it comes is told exactly once, wherever the process that does it is killed."""

import signal

import pytest
from test_live import HAND_OUT, LIVE, come, live, make_live  # noqa: F401

# dies while it tells people of the leads that it has handed out and committed
KILL = (
    LIVE
    + """
import os, signal
original = {"before": worker.tell_new_leads, "written": worker.tell_new_leads, "committed": worker._tell}[step]

def killing(*args):
    if step != "before":
        original(*args)
        env.flush_all()
    os.kill(os.getpid(), signal.SIGKILL)

setattr(worker, "_tell" if step == "committed" else "tell_new_leads", killing)
campaigns.hand_out_waiting()
"""
)


def count_told(odoo, campaign_id):
    """Return how many messages each of the people has got, in order, and how many leads nobody was told of."""
    told = odoo.rows(
        "SELECT count(r.mail_message_id) FROM lead_distribution_member m JOIN res_users u ON u.id = m.user_id "
        "LEFT JOIN mail_message_res_partner_rel r ON r.res_partner_id = u.partner_id "
        "WHERE m.campaign_id = %s GROUP BY u.id ORDER BY u.id",
        campaign_id,
    )
    untold = "SELECT count(*) FROM lead_distribution_assignment WHERE campaign_id = %s AND is_untold"
    return [count for [count] in told], odoo.value(untold, campaign_id)


@pytest.mark.parametrize(("step", "told"), [("before", [0, 0, 0]), ("written", [0, 0, 0]), ("committed", [1, 1, 1])])
def test_everybody_is_told_once_though_the_process_is_killed(odoo, live, step, told):  # noqa: F811
    live = make_live(odoo)  # nobody has been told of anything yet
    come(odoo, live, 3)
    odoo.finish(odoo.start(KILL, size=100, step=step), code=-signal.SIGKILL)

    assert count_told(odoo, live) == (told, 0 if told[0] else 3)
    for _time in range(2):
        odoo.finish(odoo.start(HAND_OUT, size=100))
        assert count_told(odoo, live) == ([1, 1, 1], 0)
