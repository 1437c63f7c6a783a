from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import MANAGER
from .test_cover import CoverCase


@tagged("post_install", "-at_install")
class TestCoverChanges(CoverCase):
    """Absences that are changed, overlap, or end otherwise; people who are away themselves; what they are told."""

    def cover(self, count=2, **values):
        """Have Ann's leads covered; return them and the absence."""
        leads = self.hold(self.ann, count)
        absence = self.absent(**values)
        self.follow()
        self.assertNotIn(self.ann, leads.user_id)
        self.pass_an_hour()
        return leads, absence

    def get_messages(self, user):
        messages = self.env["mail.message"].search([("partner_ids", "in", user.partner_id.ids)], order="id")
        return messages.mapped("subject")

    def test_a_deleted_absence_gives_the_leads_back(self):
        leads, absence = self.cover()
        absence.unlink()
        self.follow()
        self.assertEqual(leads.user_id, self.ann)

    def test_nobody_takes_over_any_more_gives_them_back(self):
        leads, absence = self.cover()
        absence.cover = "none"
        self.assertFalse(absence.cover_state)
        self.follow()
        self.assertEqual(leads.user_id, self.ann)
        self.assertFalse(absence.cover_state)

    def test_somebody_else_takes_over_from_now_on(self):
        leads, absence = self.cover()
        absence.cover_user_id = self.cem
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (self.cem, "covered"))
        self.end(absence)
        self.assertEqual(leads.user_id, self.ann)

    def test_shortened_it_ends_earlier_and_extended_later(self):
        leads, absence = self.cover()
        absence.date_to += timedelta(days=3)
        self.follow()
        self.assertEqual(leads.user_id, self.bob)
        absence.date_to = fields.Datetime.now() - timedelta(minutes=1)
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (self.ann, "returned"))

    def test_put_off_to_a_later_day_they_come_back_and_go_again_then(self):
        leads, absence = self.cover()
        later = fields.Datetime.now() + timedelta(days=2)
        absence.write({"date_from": later, "date_to": later + timedelta(days=1)})
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (self.ann, "waiting"))

    def test_of_overlapping_ones_the_last_brings_them_back(self):
        leads, absence = self.cover()
        other = self.absent(first=-1, last=48, cover="none")
        self.end(absence)
        self.assertEqual((leads.user_id, absence.cover_state), (self.bob, "covered"), "still away")
        self.end(other)
        self.assertEqual((leads.user_id, absence.cover_state), (self.ann, "returned"))

    def test_a_second_absence_with_a_cover_takes_only_what_is_still_there(self):
        leads, _absence = self.cover()
        late = self.hold(self.ann)
        self.absent(first=-1, last=48, cover="user", cover_user_id=self.cem.id)
        self.follow()
        self.assertEqual((leads.user_id, late.user_id), (self.bob, self.cem))

    def test_who_takes_over_may_go_away_too_and_all_comes_back_to_the_first(self):
        leads, absence = self.cover()
        his = self.absent(self.bob, cover="user", cover_user_id=self.cem.id)
        self.follow()
        self.assertEqual(leads.user_id, self.cem)
        self.end(absence)
        self.assertEqual(leads.user_id, self.ann)
        self.end(his)
        self.assertEqual(leads.user_id, self.ann, "they are not his")

    def test_who_takes_over_is_back_first_and_has_them_until_the_first_is_back(self):
        leads, absence = self.cover()
        his = self.absent(self.bob, cover="user", cover_user_id=self.cem.id)
        self.follow()
        self.end(his)
        self.assertEqual(leads.user_id, self.bob)
        self.end(absence)
        self.assertEqual(leads.user_id, self.ann)

    def test_what_one_of_several_worked_on_in_between_stays(self):
        leads, absence = self.cover()
        leads[0].with_user(self.bob).lead_status_id = self.status["call_back"]
        his = self.absent(self.bob, cover="user", cover_user_id=self.cem.id)
        self.follow()
        # all of this test is one moment: say that it was after the cover
        row = his.sudo().cover_run_ids.assignment_ids.filtered(lambda row: row.lead_id == leads[0])
        now = fields.Datetime.now()
        row.before = {**row.before, "touched": [now.isoformat(), self.bob.id]}
        self.end(absence)
        self.assertEqual([lead.user_id for lead in leads], [self.cem, self.ann])

    def test_a_reverted_cover_has_nothing_to_bring_back(self):
        leads, absence = self.cover()
        absence.cover_run_ids.action_revert()
        self.assertEqual(leads.user_id, self.ann)
        self.end(absence)
        self.assertEqual((absence.cover_run_ids.mapped("origin"), absence.cover_state), (["cover"], "returned"))

    def test_what_came_back_can_be_reverted_and_nothing_comes_back_again(self):
        leads, absence = self.cover()
        self.end(absence)
        self.pass_an_hour()
        back = absence.cover_run_ids.filtered(lambda run: run.origin == "cover_return")
        back.action_revert()
        self.assertEqual(leads.user_id, self.bob)
        self.follow()
        self.assertEqual(leads.user_id, self.bob)

    def test_to_somebody_archived_nothing_comes_back_and_the_responsible_is_told(self):
        self.campaign.user_id = self.manager
        leads, absence = self.cover(cover="campaign")
        self.ann.active = False
        self.end(absence)
        self.assertNotIn(self.ann, leads.user_id)
        self.assertEqual(absence.cover_state, "returned")
        self.assertIn("Ann is archived: 2 leads stay with who took them over.", self.get_messages(self.manager))

    def test_people_are_told_once_of_what_they_take_over_and_of_what_came_back(self):
        leads, absence = self.cover(3)
        [told] = self.get_messages(self.bob)
        self.assertRegex(told, "You take over 3 leads of Ann until ")
        leads[0].with_user(self.bob).lead_status_id = self.status["call_back"]
        self.end(absence)
        self.follow()
        self.assertEqual(self.get_messages(self.ann), ["2 leads came back to you"])
        body = self.env["mail.message"].search([("partner_ids", "in", self.ann.partner_id.ids)]).body
        self.assertIn("1 lead stays with who took it over", body)
        self.assertIn("Somebody has worked on them", body)
        self.assertEqual(len(self.get_messages(self.bob)), 1)

    def test_the_history_of_a_cover_is_kept_until_the_leads_are_back(self):
        self.campaign.retention_days = 7
        leads, absence = self.cover(cover="campaign")
        run = absence.cover_run_ids
        for records in (run, run.assignment_ids, run.member_line_ids):
            records.write({"distribution_date": self.days_ago(60)})
        runs = self.env["lead.distribution.run"].sudo()
        runs._gc_history()
        self.end(absence)
        self.assertEqual(leads.user_id, self.ann)
        runs._gc_history()
        self.assertFalse(run.exists().assignment_ids)

    def test_in_the_languages_of_the_readers(self):
        for code in ("de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(code)
        self.ann.lang, self.bob.lang = "ar_001", "de_DE"
        leads, absence = self.cover(1)
        self.end(absence)
        self.assertEqual(leads.user_id, self.ann)
        self.assertEqual([len(self.get_messages(user)) for user in (self.ann, self.bob)], [1, 1])

    def test_nobody_can_so_they_stay_and_the_responsible_has_a_to_do(self):
        self.campaign.user_id = self.manager
        (self.bob + self.cem).active = False
        leads = self.hold(self.ann, 2)
        absence = self.absent(cover="campaign")
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (self.ann, "covered"))
        self.assertEqual(absence.cover_run_ids.state, "failed")
        self.assertTrue(self.campaign.activity_ids.filtered(lambda todo: todo.user_id == self.manager))
        self.follow()
        self.assertEqual(len(absence.cover_run_ids), 1, "once")
        self.end(absence)
        self.assertEqual(absence.cover_state, "returned")

    def test_in_no_campaign_they_stay_and_a_manager_is_told(self):
        dan = self.make_user("dan")
        leads = self.hold(dan, 2)
        absence = self.absent(dan, cover="campaign")
        self.follow()
        self.assertEqual((leads.user_id, absence.cover_state), (dan, "covered"))
        about = self.env["mail.message"].search([("model", "=", absence._name), ("res_id", "=", absence.id)])
        self.assertIn("Dan is away, and nobody takes over 2 leads", about.subject)

    def test_a_manager_looks_at_the_plan_which_is_applied_when_the_absence_begins(self):
        leads = self.hold(self.ann, 4)
        absence = self.absent(first=1, cover="campaign").with_user(self.manager)
        for _again in range(2):
            action = absence.action_plan_cover()
            plan = self.env["lead.distribution.run"].browse(action["res_id"])
            self.assertEqual((plan.state, plan.leads_planned, leads.user_id), ("planned", 4, self.ann))
        planned = {row.lead_id: row.user_id for row in plan.assignment_ids}
        more = self.hold(self.ann)
        absence.date_from -= timedelta(hours=2)
        self.follow()
        self.assertEqual({lead: lead.user_id for lead in leads}, planned)
        self.assertEqual((plan.state, len(absence.sudo().cover_run_ids)), ("done", 2))
        self.assertNotEqual(more.user_id, self.ann, "came after the plan")

    def test_a_manager_looks_at_what_would_come_back(self):
        leads, absence = self.cover(3)
        leads[0].with_user(self.bob).lead_status_id = self.status["call_back"]
        action = absence.with_user(self.manager).action_plan_cover()
        plan = self.env["lead.distribution.run"].browse(action["res_id"])
        self.assertEqual((plan.state, plan.leads_found, plan.leads_planned), ("planned", 3, 2))
        self.assertEqual(plan.left_over, {"worked_on": 1})
        leads[1].with_user(self.bob).lead_status_id = self.status["call_back"]
        self.end(absence)
        self.assertFalse(plan.exists(), "made anew")
        self.assertEqual([lead.user_id for lead in leads], [self.bob, self.bob, self.ann])

    def test_a_plan_of_what_comes_back_leaves_what_was_worked_on_since(self):
        leads, absence = self.cover()
        plan = self.env["lead.distribution.run"].browse(absence.with_user(self.manager).action_plan_cover()["res_id"])
        leads[0].with_user(self.bob).message_post(body="x", message_type="comment")
        plan.action_apply()
        self.assertEqual([lead.user_id for lead in leads], [self.bob, self.ann])
        self.assertIn("worked on", plan.assignment_ids.filtered(lambda row: row.lead_id == leads[0]).note)

    def test_without_anything_to_show_it_says_so(self):
        absence = self.absent(first=1).with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Ann has no open leads"):
            absence.action_plan_cover()

    def test_a_salesperson_chooses_who_takes_over_but_nothing_else(self):
        self.hold(self.ann)
        absence = self.absent().with_user(self.ann)
        self.assertEqual((absence.cover_state, absence.open_leads), ("waiting", 1))
        for call in (absence.action_plan_cover, absence.action_view_covers, lambda: absence.cover_run_ids):
            with self.assertRaises(AccessError):
                call()
        for values in ({"cover_state": "returned"}, {"cover_run_ids": [Command.clear()]}):
            with self.assertRaises(AccessError):
                absence.write(values)
        absence.with_user(self.ann).unlink()

    def test_a_manager_of_another_company_neither_looks_nor_plans(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        oli = self.make_user("oli", MANAGER, company_id=company.id, company_ids=[Command.set(company.ids)])
        absence = self.absent().with_user(oli).with_context(allowed_company_ids=company.ids)
        with self.assertRaises(AccessError):
            absence.action_plan_cover()

    def test_leads_of_two_companies_go_to_who_works_for_them(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.ann.company_ids += company
        self.cem.company_ids += company
        there = self.make_campaign("There", self.cem, company_id=company.id)
        here, theirs = self.hold(self.ann), self.hold(self.ann, company_id=company.id)
        theirs.sudo().distribution_campaign_id = there
        absence = self.absent()
        self.follow()
        self.assertEqual((here.user_id, theirs.user_id), (self.bob, self.cem), "Bob does not work there")
        self.end(absence)
        self.assertEqual((here + theirs).user_id, self.ann)
        self.assertEqual(theirs.company_id, company)


@tagged("post_install", "-at_install")
class TestCoverTours(CoverCase, HttpCase):
    """What a manager sees of a cover in the browser."""

    def test_a_manager_chooses_who_takes_over_and_looks_at_the_plan(self):
        leads = self.hold(self.ann, 4)
        absence = self.absent(first=1, cover="none")
        self.start_tour(f"/odoo/lead-absences/{absence.id}", "lead_distribution_cover", login="mia@test")
        self.assertEqual((absence.cover, absence.cover_user_id, leads.user_id), ("user", self.bob, self.ann))
        self.assertEqual(absence.cover_run_ids.state, "planned")

    def test_a_manager_looks_at_what_would_come_back_now(self):
        leads = self.hold(self.ann, 2)
        absence = self.absent()
        self.follow()
        leads[0].with_user(self.bob).lead_status_id = self.status["call_back"]
        self.start_tour(f"/odoo/lead-absences/{absence.id}", "lead_distribution_cover_back", login="mia@test")
        self.assertEqual(leads.user_id, self.bob)
