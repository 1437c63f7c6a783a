"""Leads as they come: what the worker makes of what waits."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..reporting.live_warnings import check_live
from .common import DistributionCase


@tagged("post_install", "-at_install")
class LiveCase(DistributionCase):
    """A live campaign; leads are put into the list by hand, so that these tests look at the worker alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.is_live = True
        cls.waiting = cls.env["lead.distribution.waiting"]

    def come(self, count=1, **values):
        """Create leads that wait; return them."""
        leads = self.make_leads(count, **values)
        present = self.waiting.search([("lead_id", "in", leads.ids)]).lead_id
        self.waiting.create([{"lead_id": lead.id} for lead in leads - present])
        return leads

    def try_all(self):
        """Have everything that waits be due."""
        self.waiting.search([]).next_try = fields.Datetime.now()

    def hand_out(self):
        return self.env["lead.distribution.campaign"].hand_out_waiting()

    def get_run(self, campaign=None):
        return (campaign or self.campaign).run_ids.filtered(lambda run: run.origin == "live")[:1]

    def count(self, leads):
        return [
            len(leads.filtered(lambda lead, user=user: lead.user_id == user)) for user in (self.ann, self.bob, self.cem)
        ]


class TestLiveWorker(LiveCase):
    def test_waiting_leads_are_handed_out_evenly_and_leave_the_list(self):
        leads = self.come(6)
        self.assertEqual(self.hand_out(), {"handed_out": 6, "waiting": 0, "not_taken": 0})
        self.assertEqual(self.count(leads), [2, 2, 2])
        self.assertFalse(self.waiting.search([]))

    def test_one_run_a_day_collects_them_with_its_figures(self):
        for number in range(5):
            self.come(1, name=f"Lead {number}")
            self.hand_out()
        run = self.get_run()
        self.assertEqual(len(self.campaign.run_ids), 1)
        self.assertEqual(run.state, "done")
        self.assertEqual((run.leads_found, run.leads_distributed, run.leads_not_distributed), (5, 5, 0))
        self.assertEqual(sorted(run.member_line_ids.mapped("leads_received")), [1, 2, 2])
        self.assertEqual(run.member_line_ids.mapped("leads_before_total"), [0, 0, 0])
        self.assertEqual(sum(run.member_line_ids.mapped("leads_after_total")), 5)
        self.assertEqual(len(run.assignment_ids), 5)

    def test_a_lead_no_live_campaign_takes_leaves_the_list_with_the_step_that_refuses_it(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        self.campaign.filter_ids = [Command.create({"field_id": field.id, "values_text": "web"})]
        lead = self.come()
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 1})
        self.assertFalse(self.waiting.search([]))
        row = self.env["lead.distribution.not.taken"].search([("lead_id", "=", lead.id)])
        self.assertEqual(row.reasons, {str(self.campaign.id): "web_source"})

    def test_the_first_campaign_that_takes_a_lead_has_it(self):
        second = self.make_campaign("Second", self.bob, is_live=True, sequence=20)
        first = self.make_campaign("First", self.cem, is_live=True, sequence=5)
        lead = self.come()
        self.hand_out()
        self.assertEqual(lead.user_id, self.cem)
        self.assertFalse(self.get_run(second) | self.get_run())
        self.assertEqual(self.get_run(first).leads_done, 1)

    def test_a_lead_that_somebody_has_got_meanwhile_just_leaves_the_list(self):
        lead = self.come()
        self.env.cr.execute(
            "UPDATE crm_lead SET user_id = %s, holder_id = %s WHERE id = %s", (self.ann.id, self.ann.id, lead.id)
        )
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 0})
        self.assertFalse(self.waiting.search([]))
        self.assertFalse(self.get_run())

    def test_found_is_handed_out_and_left_over_while_everybody_fills_up(self):
        self.campaign.max_daily = 1
        leads = self.come(5)
        self.assertEqual(self.hand_out(), {"handed_out": 3, "waiting": 2, "not_taken": 0})
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_distributed, run.leads_not_distributed), (5, 3, 2))
        self.assertEqual(run.left_over, {"everybody_full": 2})
        self.assertEqual(set(self.waiting.search([]).mapped("reason")), {"everybody_full"})
        self.campaign.max_daily = 2
        self.try_all()
        self.hand_out()
        self.assertEqual((run.leads_found, run.leads_distributed, run.left_over or {}), (5, 5, {}))
        self.assertTrue(all(leads.mapped("user_id")))


class TestNobodyThere(LiveCase):
    """What waits says why, and until when; and what becomes of it in the end."""

    def be_away(self, *users, hours=4):
        now = fields.Datetime.now()
        values = {"date_from": now - timedelta(hours=1), "date_to": now + timedelta(hours=hours)}
        self.env["lead.distribution.absence"].create([{"user_id": user.id, **values} for user in users])

    def wait_long(self, minutes):
        """Pretend that all leads came some time ago, and may be tried."""
        self.env.flush_all()
        self.waiting.search([]).since = fields.Datetime.now() - timedelta(minutes=minutes)
        self.try_all()

    def test_a_lead_waits_until_the_first_one_is_back_and_says_who_is_away(self):
        self.be_away(self.ann, self.bob, hours=4)
        self.be_away(self.cem, hours=0.5)
        lead = self.come()
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 1, "not_taken": 0})
        row = self.waiting.search([("lead_id", "=", lead.id)])
        self.assertEqual((row.reason, row.campaign_id), ("nobody_there", self.campaign))
        self.assertLess(row.next_try - fields.Datetime.now(), timedelta(minutes=31))
        self.assertRegex(row.detail, "^Cem: away until .*; Ann: away until .*; Bob: ")
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_distributed, run.left_over), (1, 0, {"nobody_there": 1}))

    def test_nobody_is_asked_before_the_time(self):
        self.be_away(self.ann, self.bob, self.cem)
        self.come()
        self.hand_out()
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 0})

    def test_a_lead_that_nobody_could_take_goes_to_the_person_whom_the_campaign_names(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 10})
        self.be_away(self.ann, self.bob, self.cem)
        lead = self.come()
        self.hand_out()
        self.assertFalse(lead.user_id)
        row = self.waiting.search([("lead_id", "=", lead.id)])
        self.assertLess(row.next_try - fields.Datetime.now(), timedelta(minutes=11))
        self.wait_long(11)
        self.assertEqual(self.hand_out()["handed_out"], 1)
        self.assertEqual(lead.user_id, dan)
        assignment = lead.assignment_ids
        self.assertEqual((assignment.kind, assignment.state), ("fallback", "done"))
        self.assertIn("so Dan got it", assignment.explanation)
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_distributed, run.left_over or {}), (1, 1, {}))
        self.assertEqual([row["user_id"] for row in run.to_dict()["assignments"]], [dan.id])

    def test_a_portal_user_is_nobody_to_give_leads_to(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 0})
        dan.group_ids = self.env.ref("base.group_portal")
        self.campaign.user_id = self.manager
        self.be_away(self.ann, self.bob, self.cem)
        lead = self.come()
        self.assertEqual(self.hand_out()["handed_out"], 0)
        self.assertFalse(lead.user_id)
        self.assertIn("1 lead waits", self.campaign.activity_ids.note)

    def test_the_campaign_says_so_when_whom_it_names_cannot_have_its_leads(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id})
        company = self.env["res.company"].create({"name": "Beta"})
        for change, text in (
            ({}, ""),
            ({"company_ids": [(6, 0, company.ids)], "company_id": company.id}, "does not work for"),
            ({"group_ids": [(6, 0, self.env.ref("base.group_portal").ids)]}, "does not work here"),
            ({"active": False}, "is archived"),
        ):
            dan.write(change)
            found = [
                warning for warning in check_live(self.campaign) if "who is to get what nobody can take" in warning
            ]
            self.assertEqual(len(found), bool(text))
            self.assertIn(text, "".join(found))

    def test_at_once_means_at_once(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 0})
        self.be_away(self.ann, self.bob, self.cem)
        lead = self.come()
        self.assertEqual(self.hand_out()["handed_out"], 1)
        self.assertEqual(lead.user_id, dan)

    def test_nobody_gets_leads_as_the_named_person_who_could_not_open_them(self):
        self.be_away(self.ann, self.bob, self.cem)
        self.campaign.company_id = self.env.company
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        of_elsewhere = {"company_id": elsewhere.id, "company_ids": [Command.set(elsewhere.ids)]}
        strangers = (
            self.make_user("pat", "base.group_portal"),
            self.make_user("ina", "base.group_user"),
            self.make_user("eli", **of_elsewhere),
        )
        lead = self.come()
        for user in strangers:
            self.campaign.write({"live_fallback": "user", "live_fallback_user_id": user.id, "live_fallback_minutes": 0})
            self.try_all()
            with self.subTest(user=user.name):
                self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 1, "not_taken": 0})
                self.assertEqual(self.waiting.search([("lead_id", "=", lead.id)]).reason, "nobody_there")
                self.assertIn(f"{user.name}, who is to get what nobody can take,", str(self.campaign._get_warnings()))

    def test_the_named_person_gets_nothing_while_away_either_and_the_responsible_hears_of_it_once(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 10})
        self.campaign.user_id = self.manager
        self.be_away(self.ann, self.bob, self.cem, dan)
        lead = self.come()
        self.wait_long(11)
        for _time in range(2):
            self.hand_out()
            self.try_all()
        self.assertFalse(lead.user_id)
        todo = self.campaign.activity_ids
        self.assertEqual(todo.user_id, self.manager)
        self.assertIn("1 lead waits: Nobody is there", todo.note)

    def test_one_to_do_names_all_that_waits_too_long(self):
        self.campaign.write({"live_fallback_minutes": 10, "user_id": self.manager.id})
        self.be_away(self.ann, self.bob, self.cem)
        for _time in range(2):
            self.come(2)
            self.wait_long(11)
            self.hand_out()
        self.assertIn("4 leads wait: Nobody is there", self.campaign.activity_ids.note)

    def test_what_stays_is_told_once_and_settled_when_somebody_has_it(self):
        self.campaign.write({"live_fallback_minutes": 10, "user_id": self.manager.id})
        self.be_away(self.ann, self.bob, self.cem)
        lead = self.come()
        self.hand_out()
        self.assertFalse(self.campaign.activity_ids)
        self.wait_long(11)
        self.hand_out()
        self.assertEqual(len(self.campaign.activity_ids), 1)
        self.env["lead.distribution.absence"].search([]).unlink()
        self.try_all()
        self.hand_out()
        self.assertTrue(lead.user_id)
        self.assertFalse(self.campaign.activity_ids)

    def test_what_was_told_is_settled_when_the_campaign_is_live_no_more(self):
        self.campaign.write({"live_fallback_minutes": 10, "user_id": self.manager.id})
        self.be_away(self.ann, self.bob, self.cem)
        for is_last in (True, False):
            with self.subTest(is_last=is_last):
                if not is_last:
                    self.make_campaign("Other", self.ann, is_live=True, sequence=100)
                self.campaign.is_live = True
                self.come()
                self.wait_long(11)
                self.hand_out()
                self.assertEqual(len(self.campaign.activity_ids), 1)
                self.campaign.is_live = False
                self.hand_out()
                self.assertFalse(self.campaign.activity_ids)

    def test_longer_hours_end_the_waiting_of_leads(self):
        calendar = self.env["resource.calendar"].create({"name": "Nobody", "tz": "UTC", "attendance_ids": False})
        self.env.company.resource_calendar_id = calendar
        self.campaign.availability = "working_hours"
        lead = self.come()
        self.hand_out()
        self.assertEqual(self.waiting.search([("lead_id", "=", lead.id)]).reason, "nobody_there")
        hours = {"hour_from": 0, "hour_to": 24, "day_period": "morning"}
        calendar.attendance_ids = [
            Command.create({"name": "All", "dayofweek": str(day), **hours}) for day in range(7)
        ]  # fmt: skip
        self.hand_out()
        self.assertTrue(lead.user_id)

    def test_a_delay_keeps_a_lead_alone_and_it_is_no_part_of_the_run_until_then(self):
        self.campaign.live_delay = 10
        lead = self.come()
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 1, "not_taken": 0})
        row = self.waiting.search([("lead_id", "=", lead.id)])
        self.assertEqual((row.reason, row.next_try), ("delay", row.since + timedelta(minutes=10)))
        self.assertFalse(self.get_run())
        self.wait_long(11)
        self.hand_out()
        self.assertTrue(lead.user_id)

    def test_full_people_are_tried_again_at_their_midnight_at_the_latest_in_an_hour(self):
        self.campaign.max_daily = 1
        (self.ann | self.bob | self.cem).tz = "UTC"
        for hour, minutes in (("10:00", 60), ("23:45", 15)):
            with freeze_time(f"2024-05-14 {hour}:00"):
                leads = self.come(4)
                self.hand_out()
                row = self.waiting.search([("lead_id", "in", leads.ids)])[:1]
                self.assertEqual(
                    (row.reason, row.next_try - fields.Datetime.now()), ("everybody_full", timedelta(minutes=minutes))
                )
                self.waiting.search([]).unlink()

    def test_the_limit_of_the_campaign_is_one_of_the_day(self):
        self.campaign.max_leads = 4
        self.come(3)
        self.hand_out()
        self.come(3)
        self.assertEqual(self.hand_out(), {"handed_out": 1, "waiting": 2, "not_taken": 0})
        self.assertEqual(self.waiting.search([]).mapped("reason"), ["max_leads"] * 2)
        self.assertEqual(self.get_run().left_over, {"max_leads": 2})
