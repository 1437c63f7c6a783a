"""After the hand-out, in real processes: kill -9 in the middle of taking back, covering and handing over; and races."""

import signal
from collections import Counter

import pytest
from run_checks import start_at_once

LEADS, PEOPLE = 40, 4
# dies right after the given step, at the how manieth time
KILL = """
import os, signal
from importlib import import_module
*path, owner, name = place.split(".")
module = import_module("odoo.addons.lead_distribution." + ".".join(path))
owner = getattr(module, owner, None) or import_module(f"{module.__name__}.{owner}")
original, calls = getattr(owner, name), []

def killing(*args, **kwargs):
    result = original(*args, **kwargs)
    calls.append(1)
    if len(calls) == times:
        os.kill(os.getpid(), signal.SIGKILL)
    return result

setattr(owner, name, killing)
"""
FOLLOW = """
from odoo.addons.lead_distribution.applying import applier
applier.BATCH_SIZE = 5
env["lead.distribution.assignment"]._cron_follow()
env.cr.commit()
"""
COMMON = """
import json
from datetime import timedelta
from odoo import fields
campaign = env["lead.distribution.campaign"].browse(campaign_id)
people = campaign.member_ids.user_id.sorted("id")
now = fields.Datetime.now()
"""

# somebody is away from now on, and the campaign shares the leads
AWAY = (
    COMMON
    + """
env["lead.distribution.absence"].create({
    "user_id": people[0].id, "date_from": now - timedelta(minutes=1), "date_to": now + timedelta(hours=3),
    "cover": "campaign",
})
env.cr.commit()
"""
)
BACK = (
    COMMON
    + 'env["lead.distribution.absence"].search([("user_id", "=", people[0].id)]).date_to = now\nenv.cr.commit()\n'
)
LEAVE = (
    COMMON
    + """
from odoo.addons.lead_distribution.applying import applier
applier.BATCH_SIZE = 3
run = people[0].plan_handover()
env.cr.commit()
run.action_apply()
env.cr.commit()
"""
)
IN_THE_MIDDLE = [
    ("applying.applier.Applier.write_leads", 2),  # leads of the second batch are written, nothing of it committed
    ("applying.applier.Applier.commit", 2),  # a batch is committed
]


@pytest.fixture
def handed_out(odoo):
    """The id of a campaign whose leads were handed out an hour ago; what is late goes to somebody else."""
    campaign_id = odoo.run(
        """
        import json
        number = env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
        group = env.ref("sales_team.group_sale_salesman")
        users = env["res.users"].with_context(no_reset_password=True).create([
            {"name": f"F{n}", "login": f"f{n}-{number}@test", "group_ids": [(4, group.id)]} for n in range(people)
        ])
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Following {number}", "tz": "UTC", "lead_type": "lead", "user_id": env.ref("base.user_admin").id,
            "first_action_hours": 2, "first_action_clock": "clock", "on_missed": "take_back", "remind_percent": 0,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in users],
        })
        leads = env["crm.lead"].create([
            {"name": f"Lead {n}", "type": "lead", "user_id": False, "team_id": False} for n in range(count)
        ])
        campaign.distribute(lead_ids=leads.ids)
        env.cr.execute(
            "UPDATE crm_lead SET distributed_on = distributed_on - interval '1 hour', write_date = write_date - "
            "interval '1 hour', due_on = due_on - interval '1 hour' WHERE id = ANY(%s)", [leads.ids])
        env.cr.execute(
            "UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '1 hour', due_on = due_on - "
            "interval '1 hour', check_on = check_on - interval '1 hour' WHERE campaign_id = %s", [campaign.id])
        env.cr.commit()
        print("RESULT " + json.dumps(campaign.id))
        """,
        people=PEOPLE, count=LEADS,
    )  # fmt: skip
    yield campaign_id
    odoo.run(
        COMMON + "campaign.action_archive()\n"
        "env['lead.distribution.absence'].search([('user_id', 'in', people.ids)]).unlink()\nenv.cr.commit()",
        campaign_id=campaign_id,
    )


def let_them_be_late(odoo, campaign_id):
    """Let two hours go by: what nobody has touched is due."""
    with odoo.connect() as connection, connection.cursor() as cursor:
        for statement in (
            "UPDATE crm_lead SET due_on = due_on - interval '2 hours', distributed_on = distributed_on - "
            "interval '2 hours', write_date = write_date - interval '2 hours' WHERE distribution_campaign_id = %s",
            "UPDATE lead_distribution_assignment SET due_on = due_on - interval '2 hours', check_on = check_on - "
            "interval '2 hours', applied_on = applied_on - interval '2 hours' WHERE campaign_id = %s",
        ):
            cursor.execute(statement, [campaign_id])


def get_holders(odoo, campaign_id):
    """Return {lead: who has it}, as the leads say; the last row of each in the history must say the same."""
    rows = odoo.rows(
        "SELECT l.id, l.user_id, l.open_user_id, l.holder_id, (SELECT a.user_id FROM lead_distribution_assignment a "
        "WHERE a.lead_id = l.id AND a.state = 'done' ORDER BY a.id DESC LIMIT 1) "
        "FROM crm_lead l WHERE l.distribution_campaign_id = %s",
        campaign_id,
    )
    assert len(rows) == LEADS
    for lead, *people in rows:
        assert len(set(people)) == 1, (lead, people)
    return {lead: user for lead, user, *_rest in rows}


def count_done(odoo, campaign_id, kind):
    """Return how often each lead was given to somebody in a way: {times: leads}."""
    rows = odoo.rows(
        "SELECT lead_id, count(*) FROM lead_distribution_assignment a JOIN crm_lead l ON l.id = a.lead_id "
        "WHERE l.distribution_campaign_id = %s AND a.state = 'done' AND a.kind = %s GROUP BY lead_id",
        campaign_id,
        kind,
    )
    return Counter(count for _lead, count in rows)


def assert_no_plan_is_left(odoo, campaign_id):
    assert not odoo.rows(
        "SELECT r.id, r.origin, r.state FROM lead_distribution_run r WHERE r.campaign_id = %s "
        "AND (r.state IN ('planned', 'applying') OR EXISTS (SELECT FROM lead_distribution_assignment a "
        "WHERE a.run_id = r.id AND a.state = 'planned'))",
        campaign_id,
    )


def count_told(odoo, campaign_id):
    """Return how many messages the responsible got that name the campaign."""
    return odoo.value(
        "SELECT count(*) FROM mail_message m JOIN mail_message_res_partner_rel r ON r.mail_message_id = m.id "
        "JOIN res_users u ON u.partner_id = r.res_partner_id JOIN lead_distribution_campaign c ON c.user_id = u.id "
        "WHERE c.id = %s AND (m.body LIKE '%%' || c.name || '%%' OR m.subject LIKE '%%' || c.name || '%%')",
        campaign_id,
    )


@pytest.mark.parametrize(
    ("place", "times"),
    [
        ("following.deadlines.commit", 1),  # missed and told, nothing taken back yet
        ("day.part.Part.decide", 1),  # it is decided who gets which, and stored
        ("applying.applier.Applier.apply", 1),  # the leads are written, nothing committed
        ("following.hand_on.grow", 1),  # the run of the day has grown, too
    ],
)
def test_killed_while_leads_are_taken_back_each_goes_on_once(odoo, handed_out, place, times):
    let_them_be_late(odoo, handed_out)
    before = get_holders(odoo, handed_out)
    killed = odoo.start(KILL + FOLLOW, place=place, times=times)
    odoo.finish(killed, code=-signal.SIGKILL)
    assert get_holders(odoo, handed_out) == before
    assert count_done(odoo, handed_out, "take_back") == {}

    odoo.run(FOLLOW)
    after = get_holders(odoo, handed_out)
    assert not [lead for lead in before if after[lead] == before[lead]]
    assert count_done(odoo, handed_out, "take_back") == {1: LEADS}
    assert_no_plan_is_left(odoo, handed_out)
    [found] = odoo.rows(
        "SELECT leads_found, leads_done FROM lead_distribution_run WHERE campaign_id = %s AND origin = 'take_back'",
        handed_out,
    )
    assert found == (LEADS, LEADS)


def test_two_schedules_at_once_take_each_lead_back_once(odoo, handed_out):
    let_them_be_late(odoo, handed_out)
    before = get_holders(odoo, handed_out)
    gate = "env.cr.execute('SELECT pg_advisory_lock_shared(4712)')\nenv.cr.commit()\n"
    start_at_once(odoo, handed_out, gate + FOLLOW, gate + FOLLOW)
    odoo.run(FOLLOW)  # what the other one had in hand when it was looked at
    after = get_holders(odoo, handed_out)
    assert not [lead for lead in before if after[lead] == before[lead]]
    assert count_done(odoo, handed_out, "take_back") == {1: LEADS}


def get_first(odoo, campaign_id):
    return odoo.value("SELECT min(user_id) FROM lead_distribution_member WHERE campaign_id = %s", campaign_id)


def assert_given_to_others(odoo, campaign_id, before, kind):
    """Who was first has no lead any more, each of them is with somebody else, once; others have what they had."""
    first, after = get_first(odoo, campaign_id), get_holders(odoo, campaign_id)
    moved = [lead for lead, user in before.items() if user == first]
    assert first not in after.values()
    assert all(after[lead] == user for lead, user in before.items() if user != first)
    assert count_done(odoo, campaign_id, kind) == {1: len(moved)}
    assert_no_plan_is_left(odoo, campaign_id)


@pytest.mark.parametrize(("place", "times"), IN_THE_MIDDLE)
def test_killed_while_a_cover_begins_and_while_it_ends_all_is_as_it_was(odoo, handed_out, place, times):
    before = get_holders(odoo, handed_out)
    killed = odoo.start(KILL + AWAY + FOLLOW, place=place, times=times, campaign_id=handed_out)
    odoo.finish(killed, code=-signal.SIGKILL)
    get_holders(odoo, handed_out)  # each has one, as the history says
    odoo.run(FOLLOW)
    assert_given_to_others(odoo, handed_out, before, "cover")

    killed = odoo.start(KILL + BACK + FOLLOW, place=place, times=times, campaign_id=handed_out)
    odoo.finish(killed, code=-signal.SIGKILL)
    get_holders(odoo, handed_out)
    odoo.run(FOLLOW)
    assert get_holders(odoo, handed_out) == before
    assert_no_plan_is_left(odoo, handed_out)


@pytest.mark.parametrize(("place", "times"), IN_THE_MIDDLE)
def test_killed_while_leads_are_handed_over_each_goes_to_somebody_once(odoo, handed_out, place, times):
    before = get_holders(odoo, handed_out)
    killed = odoo.start(KILL + LEAVE, place=place, times=times, campaign_id=handed_out)
    odoo.finish(killed, code=-signal.SIGKILL)
    get_holders(odoo, handed_out)
    odoo.run("env.ref('lead_distribution.ir_cron_distribute').method_direct_trigger()")
    assert_given_to_others(odoo, handed_out, before, "handover")


def test_what_is_touched_or_declined_in_the_moment_it_is_taken_back_has_one_holder_and_goes_on_at_most_once(
    odoo, handed_out
):
    let_them_be_late(odoo, handed_out)
    before = get_holders(odoo, handed_out)
    first, *others = sorted(set(before.values()))
    mine = [lead for lead, user in sorted(before.items()) if user == first]
    worked = [lead for lead, user in sorted(before.items()) if user == others[0]]
    gate = "env.cr.execute('SELECT pg_advisory_lock_shared(4712)')\nenv.cr.commit()\n"
    decline = f"""
from odoo.exceptions import UserError, AccessError
for lead in env["crm.lead"].with_user({first}).browse({mine}):
    try:
        lead.action_decline("In the same moment")
    except (UserError, AccessError):  # it is with somebody else already
        env.cr.rollback()
"""
    touch = f"""
from odoo.exceptions import AccessError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
for lead in env["crm.lead"].with_user({others[0]}).browse({worked}):
    for _turn in range(5):
        try:
            env.invalidate_all()
            lead.message_post(body="Called", message_type="comment", subtype_xmlid="mail.mt_comment")
            env.cr.commit()
            env.invalidate_all()
            break
        except AccessError:  # it is with somebody else already
            env.cr.rollback()
            env.invalidate_all()
            break
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            env.cr.rollback()
"""
    start_at_once(odoo, handed_out, gate + FOLLOW, gate + decline, gate + touch)
    odoo.run(FOLLOW)  # what somebody had in hand when it was looked at
    after = get_holders(odoo, handed_out)
    moves = Counter(
        lead
        for [lead] in odoo.rows(
            "SELECT lead_id FROM lead_distribution_assignment WHERE state = 'done' "
            "AND kind IN ('take_back', 'decline') AND lead_id = ANY(%s)",
            list(before),
        )
    )
    for lead in before:  # in whatever order they came: it went on once, or stays where it was
        assert moves[lead] == (after[lead] != before[lead]), lead
    rows = "SELECT lead_id FROM lead_distribution_assignment WHERE lead_id = ANY(%s) AND {}"
    touched = odoo.rows(rows.format("first_action_on IS NOT NULL AND kind <> 'take_back'"), worked)
    assert {lead for [lead] in touched} == {lead for lead in worked if after[lead] == before[lead]}
    declined = odoo.rows(rows.format("declined_on IS NOT NULL"), mine)
    given_back = odoo.rows(rows.format("kind = 'decline' AND state = 'done'"), mine)
    assert sorted(declined) == sorted(given_back), "who declined is the one from whom it went"
    assert_no_plan_is_left(odoo, handed_out)
