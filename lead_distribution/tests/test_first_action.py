from datetime import datetime, timedelta

from odoo import Command, fields
from odoo.tests import tagged

from ..applying.touches import note_first_action
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestFirstAction(DistributionCase):
    """How long an owner takes to touch a lead, in hours and in working hours."""

    def hand_out(self, hours_ago=3):
        lead = self.make_leads()
        run = self.campaign.distribute()
        row = run.assignment_ids
        moment = fields.Datetime.now() - timedelta(hours=hours_ago)
        row.sudo().applied_on = moment
        return lead.with_user(row.user_id), row

    def assert_touched(self, row, hours=3):
        self.assertTrue(row.first_action_on)
        self.assertAlmostEqual(row.hours_to_action, hours, places=1)

    def test_a_change_of_status_by_the_owner_is_the_first_touch(self):
        lead, row = self.hand_out()
        lead.lead_status_id = self.status["in_progress"]
        self.assert_touched(row)

    def test_a_change_of_stage_is_one(self):
        lead, row = self.hand_out()
        stages = self.env["crm.stage"].search([])
        lead.stage_id = (stages - lead.stage_id)[0]
        self.assert_touched(row)

    def test_a_message_of_the_owner_is_one_also_by_e_mail(self):
        lead, row = self.hand_out()
        lead.sudo().message_post(
            body="I called", message_type="email", author_id=row.user_id.partner_id.id, subtype_xmlid="mail.mt_comment"
        )
        self.assert_touched(row)

    def test_an_activity_done_is_one(self):
        lead, row = self.hand_out()
        activity = lead.activity_schedule("mail.mail_activity_data_call")
        self.assertFalse(row.first_action_on)
        activity.action_feedback(feedback="talked")
        self.assert_touched(row)

    def test_what_others_do_and_what_runs_do_is_none(self):
        lead, row = self.hand_out()
        lead.with_user(self.manager).lead_status_id = self.status["in_progress"]
        lead.with_user(self.manager).message_post(body="Look at this", message_type="comment")
        self.assertFalse(row.first_action_on)

    def test_only_the_first_touch_counts(self):
        lead, row = self.hand_out()
        lead.lead_status_id = self.status["in_progress"]
        first = row.first_action_on
        row.sudo().first_action_on = first - timedelta(hours=1)
        lead.lead_status_id = self.status["call_back"]
        self.assertEqual(row.first_action_on, first - timedelta(hours=1))

    def test_setting_the_same_status_again_is_no_touch(self):
        lead, row = self.hand_out()
        lead.lead_status_id = lead.lead_status_id
        self.assertFalse(row.first_action_on)

    def test_making_it_an_opportunity_is_one(self):
        lead, row = self.hand_out()
        lead.convert_opportunity(self.env["res.partner"])
        self.assert_touched(row)

    def test_waiting_for_a_first_touch_ends_with_the_touch_or_with_the_lead(self):
        waiting = [("is_waiting", "=", True)]
        rows = self.env["lead.distribution.assignment"]
        for end in (
            lambda lead: lead.write({"lead_status_id": self.status["in_progress"].id}),
            lambda lead: lead.sudo().write({"user_id": self.manager.id, "open_user_id": self.manager.id}),
            lambda lead: lead.sudo().write({"active": False}),
            lambda lead: lead.sudo().unlink(),
        ):
            lead, row = self.hand_out()
            self.assertEqual((row.is_waiting, rows.search(waiting)), (True, row))
            end(lead)
            row.invalidate_recordset()
            self.assertEqual((row.is_waiting, rows.search(waiting)), (False, rows))
            self.assertIn(row, rows.search([("is_waiting", "=", False)]))

    def test_a_former_owner_does_not_touch(self):
        lead, row = self.hand_out()
        owner = row.user_id
        lead.sudo().write({"user_id": self.manager.id, "open_user_id": self.manager.id})
        lead.sudo().message_post(body="bye", message_type="comment", author_id=owner.partner_id.id)
        self.assertFalse(row.first_action_on)

    def test_who_got_a_lead_twice_has_touched_it_once_and_by_the_last_hand_over(self):
        self.pools(("unassigned", [], 0), ("active_member", [], 0))
        lead, rows = self.make_leads(), self.env["lead.distribution.assignment"]
        for hours, user in ((50, self.ann), (30, self.bob), (3, self.ann)):
            row = self.campaign.distribute(lead_ids=lead.ids, user_ids=user.ids).assignment_ids
            row.sudo().applied_on = fields.Datetime.now() - timedelta(hours=hours)
            rows += row
        lead.with_user(self.ann).lead_status_id = self.status["in_progress"]
        first, _of_bob, last = rows
        self.assert_touched(last)
        self.assertFalse(rows.search([("is_waiting", "=", True)]))
        lead.with_user(self.ann).lead_status_id = self.status["call_back"]
        self.assertFalse(first.hours_to_action)
        report = self.env["lead.distribution.report"].generate_salesperson_report(self.ann.id)
        self.assertEqual(report["median_hours_to_first_action"], 3.0)

    def test_working_hours_leave_out_nights_and_weekends(self):
        hours = {"hour_from": 9, "hour_to": 17, "day_period": "morning"}
        days = [Command.create({"name": str(day), "dayofweek": str(day), **hours}) for day in range(5)]
        calendar = self.env["resource.calendar"].create({"name": "9 to 5", "tz": "UTC"})
        calendar.attendance_ids = [Command.clear(), *days]
        self.env.company.resource_calendar_id = calendar
        lead, row = self.hand_out()
        friday = datetime(2026, 3, 6, 16)
        row.sudo().applied_on = friday
        monday = datetime(2026, 3, 9, 11)
        self.patch(fields.Datetime, "now", lambda: monday)
        lead.lead_status_id = self.status["in_progress"]
        self.assertAlmostEqual(row.hours_to_action, 67)
        self.assertAlmostEqual(row.working_hours_to_action, 3)

    def test_touching_many_leads_at_once_takes_no_query_for_each(self):
        leads = self.make_leads(40)
        rows = self.campaign.distribute().assignment_ids
        ids = rows.filtered(lambda row: row.user_id == self.ann).lead_id.ids
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        note_first_action(self.env, ids, self.ann)
        self.env.flush_all()
        self.assertLess(self.env.cr.sql_log_count - before, 20)
        self.assertEqual(len(rows.filtered("first_action_on")), len(ids))
        self.assertEqual(len(leads), 40)
