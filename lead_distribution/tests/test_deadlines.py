"""By when something is due: worked out at the hand-out, moved with the hours of people, met, over."""

from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..applying.due import look_anew, move
from .test_live_worker import LiveCase
from .test_presence_calendars import CalendarCase

MONDAY = "2024-05-13 08:00:00"


class DeadlineCase(CalendarCase):
    """Ann, Bob and Cem work Monday to Friday, 8 to 12 and 13 to 17 o'clock, UTC."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"availability": "ignore", "first_action_hours": 4, "user_id": cls.manager.id})
        cls.campaign.write({"notify_salespeople": "none", "notify_responsible": False})  # of runs

    def hand_out(self, count=1, at=MONDAY, user=None, **values):
        """Hand out leads as if it were another time; return the rows of the history."""
        if user:
            others = self.campaign.member_ids.filtered(lambda member: member.user_id != user)
            others.active = False
        leads = self.make_leads(count, **values)
        rows = self.campaign.distribute(lead_ids=leads.ids).assignment_ids
        rows = rows.filtered(lambda row: row.state == "done")
        self.pretend(rows, at)
        return rows

    def pretend(self, rows, at):
        """Have rows be handed out at another time."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET write_date = %(at)s, distributed_on = %(at)s, received_on = %(at)s, "
            "last_worked_on = NULL WHERE id IN %(ids)s",
            {"at": at, "ids": tuple(rows.lead_id.ids)},
        )
        self.env.cr.execute(
            "UPDATE lead_distribution_assignment SET applied_on = %s WHERE id IN %s",
            (at, tuple(rows.ids)),
        )
        self.env.invalidate_all()
        with freeze_time(at):
            move(rows.user_id)

    def check(self, at, campaigns=None):
        with freeze_time(at):
            return (campaigns or self.campaign).with_user(self.manager).check_deadlines()

    def get_letters(self, user):
        """Return the messages that somebody got, the last one first."""
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")], order="id desc"
        )

    def assert_due(self, row, due, state="open"):
        self.assertEqual(str(row.due_on or ""), due)
        self.assertEqual(row.lead_id.due_on, row.due_on, "the lead says the same")
        self.assertEqual(row.deadline_state, state)


@tagged("post_install", "-at_install")
class TestDue(DeadlineCase):
    def test_a_lead_that_is_handed_out_says_by_when_something_is_due(self):
        self.campaign.write({"first_action_clock": "clock", "remind_percent": 50})
        leads = self.make_leads(3)
        rows = self.campaign.distribute().assignment_ids
        for row in rows:
            start = row.applied_on.replace(microsecond=0)
            self.assertEqual(row.due_on, start + timedelta(hours=4))
            self.assertEqual(row.remind_on, start + timedelta(hours=2))
            self.assertEqual(row.check_on, row.remind_on)
            self.assertEqual((row.deadline_state, row.checkpoint), ("open", "action"))
        self.assertEqual(leads.mapped("due_on"), [row.due_on for row in rows.sorted("lead_id")])

    def test_without_deadlines_nothing_is_due(self):
        self.campaign.first_action_hours = 0
        self.make_leads()
        row = self.campaign.distribute().assignment_ids
        self.assertFalse(row.deadline_state or row.checkpoint or row.check_on or row.lead_id.due_on)

    def test_working_hours_stop_at_night_at_noon_and_at_weekends(self):
        row = self.hand_out(at="2024-05-17 15:30:00", user=self.ann)  # a Friday
        self.assert_due(row, "2024-05-20 10:30:00")
        row = self.hand_out(at="2024-05-13 10:00:00")
        self.assert_due(row, "2024-05-13 15:00:00")

    def test_every_person_has_the_own_hours_also_where_the_clocks_change(self):
        night = self.make_calendar("Night", (range(7), 22, 24), (range(7), 0, 6))
        self.make_resource(self.ann, night, zone="America/New_York")
        # in the night of the 10th of March, New York has no hour from 2 to 3
        row = self.hand_out(at="2024-03-10 05:00:00", user=self.ann)  # midnight there
        self.assert_due(row, "2024-03-10 09:00:00")
        self.campaign.first_action_hours = 6
        row = self.hand_out(at="2024-03-10 05:00:00")
        self.assert_due(row, "2024-03-11 03:00:00")  # 23 o'clock there: an hour of the night is missing

    def test_what_is_handed_out_later_has_the_settings_of_that_time(self):
        row = self.hand_out()
        self.campaign.first_action_hours = 2
        with freeze_time(MONDAY):
            move(row.user_id)
        self.assert_due(row, "2024-05-13 12:00:00")

    def test_who_has_no_hours_has_a_clock_that_stands_still(self):
        nothing = self.make_calendar("Nothing")
        self.make_resource(self.ann, nothing)
        row = self.hand_out(user=self.ann)
        self.assert_due(row, "")
        self.assertEqual(row.checkpoint, "action")
        self.assertEqual(self.check("2024-06-30 08:00:00")["missed"], 0)
        with freeze_time("2024-07-01 08:00:00"):
            self.office.attendance_ids.copy({"calendar_id": nothing.id})
        self.check("2024-07-01 08:00:00")
        self.assertTrue(row.due_on)

    def test_only_what_campaigns_hand_out_in_turn_has_a_deadline(self):
        rule = {"name": "default", "is_default": True, "user_id": self.make_user("pat").id}
        self.campaign.write(
            {"use_dropback": True, "younger_than_days": 30, "dropback_rule_ids": [Command.create(rule)],
             "dropback_threshold_ids": [Command.create({"days": 30})]}
        )  # fmt: skip
        old = self.make_leads(1, source_date=self.days_ago(40))
        self.campaign.distribute()
        self.assertEqual(old.assignment_ids.kind, "dropback")
        self.assertFalse(old.due_on or old.assignment_ids.checkpoint)

    def test_an_import_that_hands_out_sets_deadlines(self):
        payload = {"campaign": self.campaign.id, "callers": [self.ann.id], "leads": [{"email": "new@example.com"}]}
        self.campaign.first_action_clock = "clock"
        self.env["lead.import.batch"].with_user(self.manager).import_payload(payload)
        lead = self.env["crm.lead"].search([("email_from", "=", "new@example.com")])
        row = lead.assignment_ids
        self.assertEqual(row.due_on, row.applied_on.replace(microsecond=0) + timedelta(hours=4))
        self.assertEqual((lead.due_on, row.deadline_state), (row.due_on, "open"))

    def test_a_campaign_without_deadlines_needs_no_statement_more_and_one_with_them_a_few_a_batch(self):
        def count(leads):
            self.make_leads(leads)
            run = self.campaign.simulate()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_apply()
            return self.env.cr.sql_log_count - before

        count(3)
        few, many = count(3), count(60)
        self.assertLess(many - few, 12)
        self.campaign.first_action_hours = 0
        count(3)
        self.assertLess(few - count(3), 14)


@tagged("post_install", "-at_install")
class TestMoved(DeadlineCase):
    def be_absent(self, user, date_from, date_to):
        values = {"user_id": user.id, "date_from": date_from, "date_to": date_to}
        return self.env["lead.distribution.absence"].create(values)

    def test_an_absence_moves_what_is_due_and_back_when_it_is_taken_away(self):
        row = self.hand_out(user=self.ann)
        self.assert_due(row, "2024-05-13 12:00:00")
        with freeze_time("2024-05-13 09:00:00"):
            absence = self.be_absent(self.ann, "2024-05-13 10:00:00", "2024-05-14 17:00:00")
            self.assert_due(row, "2024-05-15 10:00:00")
            absence.date_to = "2024-05-13 17:00:00"
            self.assert_due(row, "2024-05-14 10:00:00")
            absence.unlink()
        self.assert_due(row, "2024-05-13 12:00:00")

    def test_leave_of_a_person_and_of_everybody_move_it(self):
        resource = self.make_resource(self.ann, self.office)
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 08:00:00"):
            self.make_leave("2024-05-13 08:00:00", "2024-05-13 10:00:00", resource)
            self.assert_due(row, "2024-05-13 15:00:00")
            self.make_leave("2024-05-13 13:00:00", "2024-05-13 17:00:00")  # a public holiday: the schedule moves it
            self.check("2024-05-13 08:00:01")
        self.assert_due(row, "2024-05-14 10:00:00")

    def test_the_clock_stands_still_while_somebody_pauses_also_in_pauses_that_are_over(self):
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            self.ann.action_pause_leads()
            self.assert_due(row, "")
        with freeze_time("2024-05-13 10:00:00"):
            self.ann.action_resume_leads()
            self.assert_due(row, "2024-05-13 14:00:00")
            self.ann.action_pause_leads(until="2024-05-13 11:00:00")
            self.assert_due(row, "2024-05-13 15:00:00")
        with freeze_time("2024-05-13 13:00:00"):  # a new one over one that has run out
            self.ann.action_pause_leads(until="2024-05-13 14:00:00")
            self.assert_due(row, "2024-05-13 16:00:00")
        with freeze_time("2024-05-13 13:30:00"):
            self.ann.action_resume_leads()
        self.assert_due(row, "2024-05-13 15:30:00")
        stopped = self.env["lead.distribution.stopped"].search([("user_id", "=", self.ann.id)])
        self.assertEqual(len(stopped), 3)

    def test_old_pauses_are_forgotten(self):
        stopped = self.env["lead.distribution.stopped"]
        old = stopped.create({"user_id": self.ann.id, "date_from": "2020-01-01", "date_to": "2020-01-02"})
        new = stopped.create({"user_id": self.ann.id, "date_from": self.days_ago(2), "date_to": self.days_ago(1)})
        stopped._gc_stopped()
        self.assertEqual((old | new).exists(), new)

    def test_an_absence_that_is_entered_after_a_miss_changes_nothing_of_it(self):
        row = self.hand_out(user=self.ann)
        self.check("2024-05-13 12:10:00")
        self.assert_due(row, "2024-05-13 12:00:00", "missed")
        with freeze_time("2024-05-13 13:00:00"):
            self.be_absent(self.ann, "2024-05-13 10:00:00", "2024-05-14 17:00:00")
        self.assert_due(row, "2024-05-13 12:00:00", "missed")

    def test_what_was_over_by_the_hours_that_were_known_is_reckoned_anew_before_it_is_missed(self):
        row = self.hand_out(user=self.ann)
        self.env.cr.execute(  # written by SQL, so that nothing has moved it
            "INSERT INTO lead_distribution_absence (user_id, date_from, date_to, cover) VALUES (%s, %s, %s, 'none')",
            (self.ann.id, "2024-05-13 08:00:00", "2024-05-13 17:00:00"),
        )
        self.assertEqual(self.check("2024-05-13 12:10:00")["missed"], 0)
        self.assert_due(row, "2024-05-14 12:00:00")

    def test_by_the_clock_nothing_stops_it(self):
        self.campaign.first_action_clock = "clock"
        row = self.hand_out(user=self.ann)
        with freeze_time(MONDAY):
            self.be_absent(self.ann, "2024-05-13 08:00:00", "2024-05-14 17:00:00")
        self.assert_due(row, "2024-05-13 12:00:00")

    def test_a_calendar_that_changes_moves_it_when_the_schedule_looks(self):
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            self.office.attendance_ids.filtered(lambda line: line.hour_from == 8).hour_to = 10
            self.check("2024-05-13 09:00:01")
        self.assert_due(row, "2024-05-13 15:00:00")

    def test_lines_of_a_calendar_that_are_written_one_by_one_write_no_row_again(self):
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            look_anew(self.env, self.ann)
            self.env.cr.execute("SELECT xmin, cmin FROM lead_distribution_assignment WHERE id = %s", row.ids)
            written = self.env.cr.fetchone()
            look_anew(self.env, self.ann)
            self.env.cr.execute("SELECT xmin, cmin FROM lead_distribution_assignment WHERE id = %s", row.ids)
            self.assertEqual(self.env.cr.fetchone(), written)
        self.assertEqual(str(row.check_on), "2024-05-13 09:00:00")

    def test_what_many_people_have_is_moved_by_the_schedule(self):
        rows = self.hand_out(6)
        with freeze_time("2024-05-13 09:00:00"):
            look_anew(self.env, self.team)
        self.assertEqual(set(rows.mapped("check_on")), {datetime(2024, 5, 13, 9)})


@tagged("post_install", "-at_install")
class TestMet(DeadlineCase):
    def test_whatever_is_a_first_action_meets_the_deadline_at_once(self):
        for act in (
            lambda lead: lead.write({"lead_status_id": self.status["in_progress"].id}),
            lambda lead: lead.message_post(body="I called", message_type="comment"),
            lambda lead: lead.activity_schedule("mail.mail_activity_data_call").action_feedback(feedback="talked"),
        ):
            row = self.hand_out(user=self.ann)
            with freeze_time("2024-05-13 09:00:00"):
                act(row.lead_id.with_user(row.user_id))
            self.assert_due(row, "", "kept")
            self.assertFalse(row.checkpoint or row.check_on)

    def test_after_the_first_action_the_next_step_is_due_from_the_hand_out(self):
        self.campaign.write({"status_change_hours": 6, "opportunity_hours": 10})
        row = self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        lead = row.lead_id.with_user(self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            lead.message_post(body="I called", message_type="comment")
            self.assert_due(row, "2024-05-13 15:00:00")
            self.assertEqual(row.checkpoint, "status")
            lead.lead_status_id = self.status["in_progress"]
            self.assert_due(row, "2024-05-14 10:00:00")
            self.assertEqual(row.checkpoint, "opportunity")
            lead.convert_opportunity(lead.partner_id)
        self.assert_due(row, "", "kept")

    def test_a_status_that_is_among_the_chosen_ones_is_no_change(self):
        chosen = self.status["new"] | self.status["utr"]
        self.campaign.write(
            {"first_action_hours": 0, "status_change_hours": 4, "status_change_ids": [(6, 0, chosen.ids)]}
        )
        row = self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        lead = row.lead_id.with_user(self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            lead.lead_status_id = self.status["utr"]
            self.assertEqual(row.checkpoint, "status")
            lead.lead_status_id = self.status["call_back"]
        self.assert_due(row, "", "kept")

    def test_a_closed_lead_is_done_with(self):
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 09:00:00"):
            row.lead_id.with_user(self.ann).lead_status_id = self.status["lost"]
        self.assert_due(row, "", "kept")

    def test_what_is_done_too_late_is_missed_and_the_lead_stays(self):
        self.campaign.write({"status_change_hours": 8, "on_missed": "take_back"})
        row = self.hand_out(user=self.ann, lead_status_id=self.status["new"].id)
        with freeze_time("2024-05-13 12:00:30"):  # before the schedule looks
            row.lead_id.with_user(self.ann).message_post(body="I called", message_type="comment")
        self.assertEqual(self.check("2024-05-13 12:02:00"), {"reminded": 0, "missed": 1, "taken_back": 0})
        self.assert_due(row, "2024-05-13 17:00:00", "missed")
        self.assertEqual((row.missed_checkpoint, str(row.missed_on)), ("action", "2024-05-13 12:00:00"))
        with freeze_time("2024-05-13 17:00:30"):
            row.lead_id.with_user(self.ann).lead_status_id = self.status["in_progress"]
        self.assertEqual(self.check("2024-05-13 17:02:00")["missed"], 1)
        self.assert_due(row, "", "missed")
        self.assertEqual((row.missed_checkpoint, row.lead_id.user_id), ("status", self.ann))
        self.assertEqual(self.check("2024-05-13 17:04:00")["missed"], 0)

    def test_what_was_done_in_time_and_noticed_by_nobody_is_kept(self):
        row = self.hand_out(user=self.ann)
        self.env.cr.execute(
            "UPDATE lead_distribution_assignment SET first_action_on = '2024-05-13 11:00:00' WHERE id = %s", [row.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self.check("2024-05-13 12:02:00")["missed"], 0)
        self.assert_due(row, "", "kept")

    def test_it_is_over_when_somebody_else_has_the_lead_by_whatever_way(self):
        for way, give in {
            "to Bob": lambda row: row.lead_id.write({"user_id": self.bob.id}),
            "to nobody": lambda row: row.lead_id.write({"user_id": False}),
            "archived": lambda row: row.lead_id.action_archive(),
            "put back": lambda row: row.run_id.with_user(self.manager).action_revert(),
        }.items():
            with self.subTest(way):
                row = self.hand_out(user=self.ann)
                with freeze_time("2024-05-13 09:00:00"):
                    give(row)
                self.assert_due(row, "", "over")
                self.assertFalse(row.checkpoint or row.check_on)

    def test_another_run_ends_it_and_begins_anew(self):
        row = self.hand_out(user=self.ann)
        bobs = self.make_campaign("Bobs", self.bob, first_action_hours=2, first_action_clock="clock")
        bobs.pool_mode = "all"
        run = bobs.distribute(lead_ids=row.lead_id.ids)
        new = run.assignment_ids
        self.assertEqual((new.state, new.user_id), ("done", self.bob))
        self.assertEqual((row.deadline_state, row.checkpoint), ("over", False))
        self.assertEqual(row.lead_id.due_on, new.due_on)
        self.assertEqual(new.deadline_state, "open")

    def test_a_lead_that_is_deleted_has_nothing_due(self):
        row = self.hand_out(user=self.ann)
        row.lead_id.unlink()
        self.assertEqual((row.deadline_state, row.checkpoint, row.check_on), ("over", False, False))

    def test_the_end_of_the_history_is_the_end_of_what_is_due(self):
        row = self.hand_out(user=self.ann)
        lead = row.lead_id
        row.unlink()
        self.assertFalse(lead.due_on)

    def test_working_hours_to_the_first_action_are_those_of_the_person(self):
        self.make_resource(self.ann, self.make_calendar("Late", (range(7), 10, 12)))
        row = self.hand_out(user=self.ann)
        with freeze_time("2024-05-13 11:00:00"):
            row.lead_id.with_user(self.ann).lead_status_id = self.status["in_progress"]
        self.assertEqual((row.hours_to_action, row.working_hours_to_action), (3, 1))


@tagged("post_install", "-at_install")
class TestDueLive(LiveCase):
    def test_leads_as_they_come_have_deadlines(self):
        self.campaign.write({"first_action_hours": 4, "first_action_clock": "clock"})
        lead = self.come()
        self.hand_out()
        row = lead.assignment_ids
        self.assertEqual(row.due_on, row.applied_on.replace(microsecond=0) + timedelta(hours=4))
        self.assertEqual(lead.due_on, row.due_on)
        self.assertGreater(lead.due_on, fields.Datetime.now())
