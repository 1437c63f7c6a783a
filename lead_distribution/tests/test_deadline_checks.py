"""What the schedule does with what is due: reminders, misses told once, and what a campaign wants besides."""

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from .common import MANAGER
from .test_deadlines import DeadlineCase

NOTHING = {"reminded": 0, "missed": 0, "taken_back": 0}


@tagged("post_install", "-at_install")
class TestListOfMisses(DeadlineCase):
    def test_it_says_of_each_lead_what_was_missed_and_when_it_was_due(self):
        action = self.env["ir.actions.act_window"]._for_xml_id("lead_distribution.lead_distribution_missed_action")
        views = self.env["lead.distribution.assignment"].with_user(self.manager).get_views(action["views"])["views"]
        for kind in ("list", "kanban"):
            for name in ("lead_name", "user_id", "missed_on", "missed_checkpoint"):
                self.assertRegex(views[kind]["arch"], f'<field name="{name}"(?![^>]* optional="hide")')


@tagged("post_install", "-at_install")
class TestReminders(DeadlineCase):
    def test_a_person_is_reminded_once_of_all_that_is_due_soon(self):
        self.hand_out(3, user=self.ann)
        self.assertEqual(self.check("2024-05-13 11:11:00"), NOTHING)
        self.assertEqual(self.check("2024-05-13 11:12:00")["reminded"], 3)  # 80 percent of 4 hours
        letter = self.get_letters(self.ann)
        self.assertEqual(len(letter), 1)
        self.assertIn("3 leads", letter.subject)
        self.assertIn("first action by 12:00", letter.body)
        self.assertEqual(self.check("2024-05-13 11:20:00"), NOTHING)
        self.assertFalse(self.get_letters(self.manager))

    def test_one_lead_is_named_and_linked(self):
        row = self.hand_out(user=self.ann)
        self.check("2024-05-13 11:30:00")
        letter = self.get_letters(self.ann)
        self.assertIn(row.lead_id.name, letter.subject)
        self.assertIn(f"/odoo/crm.lead/{row.lead_id.id}", letter.body)

    def test_nobody_is_reminded_without_a_share_of_the_time(self):
        self.campaign.remind_percent = 0
        self.hand_out(user=self.ann)
        self.assertEqual(self.check("2024-05-13 11:59:00"), NOTHING)

    def test_nobody_is_reminded_while_away_but_after_it(self):
        self.campaign.write({"first_action_clock": "clock", "first_action_hours": 8})
        self.hand_out(user=self.ann)
        values = {"user_id": self.ann.id, "date_from": "2024-05-13 13:00:00", "date_to": "2024-05-13 15:00:00"}
        self.env["lead.distribution.absence"].create(values)
        self.assertEqual(self.check("2024-05-13 14:30:00"), NOTHING)
        self.assertEqual(self.check("2024-05-13 15:00:00")["reminded"], 1)

    def test_a_deadline_that_moves_is_reminded_of_once(self):
        self.hand_out(user=self.ann)
        self.check("2024-05-13 11:12:00")
        with freeze_time("2024-05-13 11:13:00"):
            self.ann.action_pause_leads(until="2024-05-13 15:00:00")
        self.assertEqual(self.check("2024-05-13 15:30:00"), NOTHING)
        self.assertEqual(self.check("2024-05-13 15:50:00")["missed"], 1)
        self.assertEqual(len(self.get_letters(self.ann)), 1)

    def test_a_pause_without_an_end_is_no_reason_to_remind_again(self):
        self.hand_out(user=self.ann)
        self.check("2024-05-13 11:12:00")
        with freeze_time("2024-05-13 11:13:00"):
            self.ann.action_pause_leads()
        with freeze_time("2024-05-13 15:00:00"):
            self.ann.action_resume_leads()
        self.assertEqual(self.check("2024-05-13 15:30:00"), NOTHING)

    def test_nobody_is_reminded_of_what_is_missed_already(self):
        self.hand_out(user=self.ann)
        self.assertEqual(self.check("2024-05-13 13:30:00"), {"reminded": 0, "missed": 1, "taken_back": 0})
        self.assertFalse(self.get_letters(self.ann))

    def test_many_people_are_reminded_with_the_statements_of_a_few(self):
        self.campaign.write({"first_action_clock": "clock", "notify_salespeople": "inbox"})

        def count(leads):
            self.hand_out(leads)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(self.check("2024-05-13 11:12:00")["reminded"], leads)
            return self.env.cr.sql_log_count - before

        few = count(3)
        users = self.make_users(*(f"further{number}" for number in range(9)))
        self.campaign.member_ids = [Command.create({"user_id": user.id}) for user in users]
        many = count(12)
        self.assertEqual(sum(bool(self.get_letters(user)) for user in users), 9)
        self.assertLess(many - few, 6)

    def test_people_are_told_in_their_language_and_zone(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("ar_001")
        self.ann.write({"lang": "de_DE", "tz": "Europe/Berlin"})
        self.manager.lang = "ar_001"
        self.campaign.first_action_clock = "clock"
        self.hand_out(user=self.ann)
        self.check("2024-05-13 11:30:00")
        self.assertIn("14:00", self.get_letters(self.ann).body)
        self.check("2024-05-13 12:30:00")
        self.assertEqual(len(self.get_letters(self.manager)), 1)


@tagged("post_install", "-at_install")
class TestMisses(DeadlineCase):
    def test_a_miss_is_told_once_in_one_message_to_the_responsible(self):
        rows = self.hand_out(3, user=self.ann)
        self.assertEqual(self.check("2024-05-13 12:00:00")["missed"], 3)
        letter = self.get_letters(self.manager)
        self.assertEqual(len(letter), 1)
        self.assertIn("3 deadlines", letter.subject)
        self.assertIn(f"{rows[0].lead_id.name} (Ann): no first action by", letter.body)
        self.assertEqual(set(rows.mapped("deadline_state")), {"missed"})
        self.assertEqual({str(moment) for moment in rows.mapped("missed_on")}, {"2024-05-13 12:00:00"})
        self.assertEqual(self.check("2024-05-13 12:02:00"), NOTHING)
        self.assertEqual(self.check("2024-05-20 12:02:00"), NOTHING)
        self.assertEqual(len(self.get_letters(self.manager)), 1)

    def test_a_moment_that_a_program_sets_holds_whatever_the_hours(self):
        row = self.hand_out(user=self.ann)
        row.sudo().due_on = "2024-05-13 09:00:00"
        self.assertEqual(str(row.lead_id.due_on), "2024-05-13 09:00:00")
        self.assertEqual(self.check("2024-05-13 08:59:00"), NOTHING)
        self.assertEqual(self.check("2024-05-13 09:00:00")["missed"], 1)
        self.assertEqual(str(row.missed_on), "2024-05-13 09:00:00")
        self.assertEqual(self.check("2024-05-13 12:30:00"), NOTHING)

    def test_one_who_does_not_want_to_hear_of_it_does_not(self):
        self.campaign.missed_tell = False
        self.hand_out(user=self.ann)
        self.assertEqual(self.check("2024-05-13 12:00:00")["missed"], 1)
        self.assertFalse(self.get_letters(self.manager))

    def test_the_lead_is_late_until_it_is_touched_and_the_miss_stays_one(self):
        row = self.hand_out(user=self.ann)
        self.check("2024-05-13 12:00:00")
        self.assert_due(row, "2024-05-13 12:00:00", "missed")
        self.assertFalse(row.check_on, "nobody looks at it again")
        with freeze_time("2024-05-13 14:00:00"):
            row.lead_id.with_user(self.ann).lead_status_id = self.status["in_progress"]
        self.assert_due(row, "", "missed")
        self.assertEqual(self.check("2024-05-13 18:00:00"), NOTHING)

    def test_after_a_miss_the_next_step_is_due_and_each_is_told_once(self):
        self.campaign.write({"status_change_hours": 8, "opportunity_hours": 16})
        row = self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        for at, due, told in (
            ("2024-05-13 12:01:00", "2024-05-13 17:00:00", "action"),
            ("2024-05-13 17:01:00", "2024-05-14 17:00:00", "status"),
            ("2024-05-14 17:01:00", "2024-05-14 17:00:00", "opportunity"),
        ):
            self.assertEqual(self.check(at)["missed"], 1)
            self.assert_due(row, due, "missed")
            self.assertEqual((row.missed_checkpoint, str(row.missed_on)), (told, "2024-05-13 12:00:00"))
        self.assertEqual(self.check("2024-05-15 17:01:00"), NOTHING)
        self.assertEqual(len(self.get_letters(self.manager)), 3)

    def test_all_steps_that_are_over_are_told_at_one_look(self):
        self.campaign.write({"status_change_hours": 8})
        self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        self.assertEqual(self.check("2024-05-15 12:01:00")["missed"], 2)

    def test_status_and_tag_are_written_as_nobodys_work(self):
        tag = self.env["crm.tag"].create({"name": "Late"})
        self.campaign.write(
            {"missed_tag_id": tag.id, "missed_status_id": self.status["call_back"].id, "status_change_hours": 8}
        )
        row = self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        self.check("2024-05-13 12:01:00")
        lead = row.lead_id
        self.assertEqual((lead.tag_ids, lead.lead_status_id.code), (tag, "call_back"))
        self.assertFalse(lead.last_worked_on or row.first_action_on)
        self.assertEqual(self.check("2024-05-13 17:01:00")["missed"], 1, "what we write is no other status")

    def test_the_person_pauses_if_the_campaign_wants_so(self):
        self.campaign.missed_pause = True
        row = self.hand_out(2, user=self.ann)[0]
        self.check("2024-05-13 12:01:00")
        presence = self.env["lead.distribution.presence"].search([("user_id", "=", self.ann.id)])
        self.assertEqual(str(presence.paused_since), "2024-05-13 12:01:00")
        self.assertIn("Voice", presence.pause_reason)
        self.assert_due(row, "2024-05-13 12:00:00", "missed")

    def test_a_pause_that_runs_already_stays_as_it_is(self):
        self.campaign.write({"missed_pause": True, "first_action_clock": "clock"})
        self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 11:00:00"):
            self.ann.action_pause_leads(reason="Fair", until="2024-05-13 17:00:00")
        self.check("2024-05-13 12:01:00")
        presence = self.env["lead.distribution.presence"].search([("user_id", "=", self.ann.id)])
        self.assertEqual(presence.pause_reason, "Fair")

    def test_a_lead_that_refuses_to_be_marked_costs_the_others_nothing(self):
        self.campaign.missed_status_id = self.status["call_back"]
        rows = self.hand_out(3, user=self.ann)
        bad = rows[1].lead_id

        def write(leads, vals):
            if bad in leads and "lead_status_id" in vals:
                raise ValueError("not this one")
            return original(leads, vals)

        original = type(bad).write
        self.patch(type(bad), "write", write)
        with self.assertLogs("odoo.addons.lead_distribution.following.misses", "WARNING"):
            self.assertEqual(self.check("2024-05-13 12:01:00")["missed"], 3)
        self.assertEqual(len(rows.lead_id.filtered(lambda lead: lead.lead_status_id.code == "call_back")), 2)

    def test_a_row_that_nothing_can_be_done_about_costs_the_others_nothing(self):
        rows = self.hand_out(3, user=self.ann)
        terms = '{"steps": [], "remind": 0}'  # what was due is none of the steps
        self.env.cr.execute(
            "UPDATE lead_distribution_assignment SET deadline_terms = %s WHERE id = %s", (terms, rows[1].id)
        )
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.lead_distribution.following.deadlines", "ERROR"):
            self.assertEqual(self.check("2024-05-13 12:01:00")["missed"], 2)
        self.assertEqual(str(rows[1].check_on), "2024-05-13 12:16:00")

    def test_a_row_that_somebody_has_written_otherwise_is_due_when_it_says(self):
        row = self.hand_out(user=self.ann)
        self.env.cr.execute("UPDATE lead_distribution_assignment SET deadline_terms = NULL WHERE id = %s", [row.id])
        self.env.invalidate_all()
        self.assertEqual(self.check("2024-05-13 11:11:00"), NOTHING)
        self.assertEqual(self.check("2024-05-13 11:12:00")["reminded"], 1)
        self.assertEqual(self.check("2024-05-13 12:01:00")["missed"], 1)
        self.assert_due(row, "2024-05-13 12:00:00", "missed")

    def test_a_campaign_that_is_archived_takes_nothing_back(self):
        self.campaign.write({"on_missed": "take_back", "missed_status_id": self.status["utr"].id})
        row = self.hand_out(user=self.ann)
        self.campaign.with_context(active_test=False).member_ids.active = True
        self.campaign.active = False
        self.assertEqual(self.check("2024-05-13 12:00:00"), {"reminded": 0, "missed": 1, "taken_back": 0})
        self.assertEqual((row.lead_id.user_id, row.check_on), (self.ann, False))
        self.assertEqual(row.lead_id.lead_status_id, self.status["utr"], "it stays, and looks like one that is late")

    def test_the_schedule_does_it_for_all_campaigns(self):
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 12:01:00"):
            self.env["lead.distribution.assignment"]._cron_follow()
        self.assert_due(row, "2024-05-13 12:00:00", "missed")


@tagged("post_install", "-at_install")
class TestWhoMayCheck(DeadlineCase):
    def test_salespeople_may_not(self):
        for campaigns in (self.campaign, self.campaign.browse()):
            with self.assertRaises(AccessError):
                campaigns.with_user(self.ann).check_deadlines()

    def test_a_manager_of_another_company_looks_at_none_of_ours(self):
        row = self.hand_out(user=self.ann)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": elsewhere.id, "company_ids": [(6, 0, elsewhere.ids)]}
        oli = self.make_user("oli", MANAGER, **there)
        with freeze_time("2024-05-13 12:01:00"):
            campaigns = self.env["lead.distribution.campaign"].with_user(oli)
            self.assertEqual(campaigns.check_deadlines(), NOTHING)
            with self.assertRaises(AccessError):
                self.campaign.with_user(oli).check_deadlines()
            self.assertEqual(row.deadline_state, "open")
            mine = campaigns.browse().with_user(self.manager)
            self.assertEqual(mine.check_deadlines()["missed"], 1)

    def test_looking_takes_a_fixed_number_of_statements_and_nothing_for_what_is_not_due(self):
        self.hand_out(2, user=self.ann)

        def count(at):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.check(at)
            return self.env.cr.sql_log_count - before

        self.campaign.notify_salespeople = "inbox"
        few = count("2024-05-13 12:01:00")
        self.hand_out(40)
        nothing = count("2024-05-13 08:00:00")
        many = count("2024-05-13 12:01:00")
        self.assertLess(nothing, 12)
        self.assertLess(many - few, 10)
