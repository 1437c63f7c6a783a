"""Deadlines of leads that others have taken over: whose they are, and what they change."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..applying.due import move
from .test_cover import CoverCase


class CoverDeadlineCase(CoverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"first_action_hours": 8, "first_action_clock": "clock", "user_id": cls.manager.id})
        cls.campaign.notify_responsible = False  # of runs
        cls.tag = cls.env["crm.tag"].create({"name": "Late"})

    def give(self, count=1, user=None, **values):
        """Hand leads out to a person, Ann unless somebody else is said; return the leads."""
        leads = self.make_leads(count, lead_status_id=self.status["new"].id, **values)
        self.campaign.distribute(lead_ids=leads.ids, user_ids=(user or self.ann).ids)
        return leads

    def miss(self, leads):
        """Have what is due of these leads be due a minute ago, and look at it."""
        due = fields.Datetime.now() - timedelta(minutes=1)
        leads.assignment_ids.filtered("checkpoint").sudo().due_on = due
        counts = self.campaign.with_user(self.manager).check_deadlines()
        self.env.flush_all()
        self.env.invalidate_all()
        return counts

    def get_subjects(self, user):
        messages = self.env["mail.message"].search([("partner_ids", "in", user.partner_id.ids)], order="id")
        return messages.mapped("subject")


@tagged("post_install", "-at_install")
class TestMissesAreNoWork(CoverDeadlineCase):
    """A status and a tag that the schedule gives a late lead keep nobody from getting it back."""

    def setUp(self):
        super().setUp()
        self.campaign.write({"missed_tag_id": self.tag.id, "missed_status_id": self.status["call_back"].id})

    def cover(self, leads):
        absence = self.absent(cover="campaign")
        self.follow()
        self.pass_an_hour()
        self.assertNotIn(self.ann, leads.user_id)
        return absence

    def test_what_nobody_worked_on_comes_back_with_its_old_status(self):
        leads = self.give(4)
        before = self.see(leads)
        absence = self.cover(leads)
        self.assertEqual(self.miss(leads), {"reminded": 0, "missed": 4, "taken_back": 0})
        self.assertEqual((leads.lead_status_id.code, leads.tag_ids), ("call_back", self.tag))
        self.end(absence)
        self.assertEqual(self.see(leads), before)
        back = absence.cover_run_ids.filtered(lambda run: run.origin == "cover_return")
        self.assertEqual((back.leads_done, bool(back.left_over)), (4, False))

    def test_what_somebody_had_worked_on_or_works_on_then_stays(self):
        leads = self.give(4)
        absence = self.cover(leads)
        owners = [lead.user_id for lead in leads]
        leads[0].with_user(owners[0]).phone = "0123"
        leads[1].with_user(owners[1]).lead_status_id = self.status["in_progress"]
        self.assertEqual(self.miss(leads)["missed"], 3)
        self.pass_an_hour()
        leads[2].with_user(owners[2]).lead_status_id = self.status["in_progress"]
        self.end(absence)
        self.assertEqual([lead.user_id for lead in leads], [*owners[:3], self.ann])

    def test_work_stays_known_though_the_first_thing_that_kept_the_lead_is_gone(self):
        self.campaign.missed_status_id = False
        leads = self.give(2)
        absence = self.cover(leads)
        owner = leads[0].user_id
        leads[0].with_user(owner).phone = "0123"
        self.pass_an_hour()
        call = leads[0].with_user(owner).activity_schedule("mail.mail_activity_data_call")
        self.assertEqual(self.miss(leads)["missed"], 2)
        self.pass_an_hour()
        call.unlink()
        self.end(absence)
        self.assertEqual((leads[0].user_id, leads[1].user_id), (owner, self.ann))

    def test_what_was_late_with_one_comes_back_from_the_next_one_too(self):
        leads = self.give(2)
        before = self.see(leads)
        first = self.absent()
        self.follow()
        self.pass_an_hour()
        leads[0].with_user(self.bob).phone = "0123"
        self.miss(leads)
        self.pass_an_hour()
        second = self.absent(self.bob, cover_user_id=self.cem.id, cover="user")
        self.follow()
        self.assertEqual(leads.user_id, self.cem)
        self.end(first)
        self.end(second)
        self.assertEqual((leads[0].user_id, self.see(leads[1])), (self.bob, before[1:]))

    def test_a_run_whose_leads_were_late_is_put_back_as_it_was(self):
        leads = self.make_leads(3, lead_status_id=self.status["new"].id)
        run = self.campaign.distribute(lead_ids=leads.ids)
        self.pass_an_hour()
        leads[0].with_user(leads[0].user_id).phone = "0123"
        self.miss(leads)
        self.assertEqual(leads.lead_status_id.code, "call_back")
        run.action_revert()
        self.assertTrue(leads[0].user_id)
        self.assertFalse(leads[1:].user_id)
        self.assertEqual(leads[1:].lead_status_id.code, "new")

    def test_many_late_leads_are_marked_with_the_statements_of_a_few(self):
        counts = []
        for number in (5, 60):
            leads = self.give(number)
            self.pass_an_hour()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.miss(leads)
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(leads.lead_status_id.code, "call_back")
        self.assertLess(counts[1] - counts[0], 15, counts)


@tagged("post_install", "-at_install")
class TestDeadlinesOfNamedPeople(CoverDeadlineCase):
    """Who takes over is named, so there is no campaign: the deadlines are those of the campaign of the leads."""

    def setUp(self):
        super().setUp()
        self.campaign.write({"on_missed": "take_back", "missed_tag_id": self.tag.id, "missed_pause": True})

    def test_somebody_else_of_the_campaign_gets_what_the_named_person_missed(self):
        leads = self.give(2)
        self.absent()
        self.follow()
        self.pass_an_hour()
        self.assertEqual(leads.user_id, self.bob)
        self.assertEqual(self.miss(leads), {"reminded": 0, "missed": 2, "taken_back": 2})
        self.assertEqual((leads.user_id, leads.tag_ids), (self.cem, self.tag))
        self.assertEqual(leads.distribution_campaign_id, self.campaign)
        taken = leads.assignment_ids.filtered(lambda row: row.kind == "take_back")
        self.assertEqual((taken.campaign_id, taken.previous_user_id), (self.campaign, self.bob))
        paused = self.env["lead.distribution.presence"].search([("user_id", "=", self.bob.id)])
        self.assertEqual(paused.pause_reason, "A deadline was missed in the campaign Voice.")
        self.assertIn("2 deadlines were missed in Voice", self.get_subjects(self.manager))

    def test_leads_of_two_campaigns_follow_each_its_own(self):
        mine = self.give()
        other = self.make_campaign("Apple", self.ann, self.cem, user_id=self.manager.id, first_action_hours=8)
        other.write({"first_action_clock": "clock", "missed_status_id": self.status["call_back"].id})
        theirs = self.make_leads()
        other.distribute(lead_ids=theirs.ids, user_ids=self.ann.ids)
        self.absent()
        self.follow()
        self.pass_an_hour()
        self.assertEqual((mine + theirs).user_id, self.bob)
        self.assertEqual(self.miss(mine + theirs)["missed"], 1, "of this campaign")
        other.check_deadlines()
        self.env.invalidate_all()
        self.assertEqual((mine.user_id, theirs.user_id), (self.cem, self.bob))
        self.assertEqual((theirs.lead_status_id.code, theirs.tag_ids.ids), ("call_back", []))

    def test_what_was_handed_over_to_named_people_too(self):
        lead = self.give()
        self.ann.with_user(self.manager).plan_handover(user_ids=self.bob.ids).action_apply()
        self.pass_an_hour()
        self.miss(lead)
        self.assertEqual((lead.user_id, lead.tag_ids), (self.cem, self.tag))

    def test_what_a_named_person_kept_or_missed_counts_for_the_campaign_of_the_leads(self):
        self.campaign.on_missed = "tell"
        leads = self.give(3)
        self.absent()
        self.follow()
        self.pass_an_hour()
        self.miss(leads[:2])
        leads[2].with_user(self.bob).lead_status_id = self.status["in_progress"]
        report = self.env["lead.distribution.report"].with_user(self.manager)
        for options in ({}, {"campaign_name": "Voice"}):
            told = report.generate_campaign_report(**options)["after_the_hand_out"]
            self.assertEqual((told["deadlines_kept"], told["deadlines_missed"]), (1, 2))
            campaigns = [(c["name"], c["deadlines_kept"], c["deadlines_missed"]) for c in told["campaigns"]]
            self.assertEqual(campaigns, [("Voice", 1, 2)])
            self.assertEqual([(p["name"], p["deadlines_missed"]) for p in told["salespeople"]], [("Bob", 2)])
        told = report.generate_daily_report(None, "Voice")["after_the_hand_out"]
        self.assertEqual(told["kept_in_time"], 33.3)
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(self.campaign.id)
        [kept] = [figure for figure in data["figures"] if figure["key"] == "kept"]
        [bob] = data["afterwards"]["people"]
        self.assertEqual((kept["value"], kept["detail"], bob["kept_in_time"]), (33.3, "1 of 3", 33.3))
        rows = self.env["lead.distribution.assignment"].with_user(self.manager)
        for opened in (kept["open"], bob["open"]):
            self.assertEqual(rows.search(opened["domain"]).lead_id, leads.sorted(lambda lead: -lead.id))

    def test_they_are_due_by_the_hours_of_that_campaign_also_when_these_are_reckoned_anew(self):
        self.campaign.write({"first_action_clock": "working_hours", "tz": "Asia/Tokyo"})
        (self.ann + self.bob).tz = False
        self.env.company.resource_calendar_id = self.env["resource.calendar"].create(
            {
                "name": "Every day",
                "tz": "UTC",
                "attendance_ids": [
                    Command.create(
                        {"name": "Work", "dayofweek": str(day), "hour_from": 8, "hour_to": 12, "day_period": "morning"}
                    )
                    for day in range(7)
                ],
            }
        )
        lead = self.give()
        self.absent()
        self.follow()
        before = lead.due_on
        move(self.bob)
        self.assertTrue(before)
        self.assertEqual(lead.due_on, before)
        self.assertIn((before.hour + 9) % 24, range(8, 13), "in Tokyo")
