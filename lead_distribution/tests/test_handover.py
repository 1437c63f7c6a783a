"""Who leaves hands the open leads over: by a plan, to people or by a campaign, with what is planned on them."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import MANAGER
from .test_open_leads import MoveCase


class HandoverCase(MoveCase):
    def plan(self, user=None, by=None, **options):
        return (user or self.ann).with_user(by or self.manager).plan_handover(**options)

    def hand_over(self, user=None, by=None, **options):
        run = self.plan(user, by, **options)
        run.action_apply()
        return run

    def plan_activity(self, lead, user, days=3):
        return lead.activity_schedule(
            "mail.mail_activity_data_call", fields.Date.today() + timedelta(days=days), user_id=user.id
        )

    def ask(self, user=None):
        """Return the form that a manager fills in to hand leads over."""
        action = (user or self.ann).with_user(self.manager).action_hand_over()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])


@tagged("post_install", "-at_install")
class TestHandover(HandoverCase):
    def test_named_people_get_equal_shares_and_nothing_changes_before_it_is_applied(self):
        leads = self.hold(self.ann, 5) + self.hold(self.ann, type="opportunity")
        run = self.plan(user_ids=(self.bob + self.cem).ids)
        self.assertEqual((run.state, run.origin, run.leaver_id), ("planned", "handover", self.ann))
        self.assertEqual((run.leads_found, run.leads_planned, leads.user_id), (6, 6, self.ann))
        run.action_apply()
        self.assertEqual(sorted(lead.user_id.name for lead in leads), ["Bob"] * 3 + ["Cem"] * 3)
        for row in run.assignment_ids:
            self.assertRegex(row.explanation, "^Handed over from Ann; ")
        figures = run.to_dict()
        self.assertEqual(figures["leads_found"], figures["leads_distributed"] + figures["leads_not_distributed"])

    def test_leads_only_leave_opportunities_where_they_are(self):
        lead, deal = self.hold(self.ann), self.hold(self.ann, type="opportunity")
        self.hand_over(user_ids=self.bob.ids, opportunities=False)
        self.assertEqual((lead.user_id, deal.user_id), (self.bob, self.ann))

    def test_without_a_word_the_campaign_most_leads_come_from_shares_them(self):
        other = self.make_campaign("Mail", self.ann, self.cem)
        self.hold(self.ann, 2, distribution_campaign_id=other.id)
        self.hold(self.ann, 1, distribution_campaign_id=self.campaign.id)
        run = self.hand_over()
        self.assertEqual((run.campaign_id, run.assignment_ids.user_id), (other, self.cem))

    def test_leads_of_no_campaign_are_shared_by_the_campaign_of_the_person(self):
        self.make_campaign("Aside", self.bob, sequence=1)
        self.hold(self.ann, 2)
        self.assertEqual(self.plan().campaign_id, self.campaign)

    def test_a_campaign_may_be_named_by_its_id_and_its_people_too(self):
        leads = self.hold(self.ann, 2)
        run = self.hand_over(campaign=self.campaign.id, user_ids=self.cem.ids)
        self.assertEqual((run.campaign_id, leads.user_id), (self.campaign, self.cem))

    def test_it_is_told_what_is_in_the_way(self):
        with self.assertRaisesRegex(UserError, "Ann has no open leads"):
            self.plan(user_ids=self.bob.ids)
        self.hold(self.ann)
        for nobody in ([], self.ann.ids, [10**9]):
            with self.assertRaisesRegex(UserError, "Choose who takes over the leads of Ann"):
                self.plan(user_ids=nobody)
        self.campaign.member_ids.filtered(lambda member: member.user_id != self.ann).active = False
        with self.assertRaisesRegex(UserError, "Nobody can receive leads"):
            self.plan()
        self.assertFalse(self.campaign.run_ids)
        self.campaign.active = False
        with self.assertRaisesRegex(UserError, "is not active"):
            self.plan(campaign=self.campaign)
        with self.assertRaisesRegex(UserError, "Choose who takes over the leads, or a campaign"):
            self.plan()

    def test_who_left_already_hands_over_too(self):
        leads = self.hold(self.ann, 2)
        self.ann.active = False
        self.hand_over(user_ids=self.bob.ids)
        self.assertEqual(leads.user_id, self.bob)

    def test_what_was_worked_on_stays_when_it_is_taken_back(self):
        leads = self.hold(self.ann, 3)
        run = self.hand_over(user_ids=self.bob.ids)
        self.make_past(run.sudo())
        called = leads[0].with_user(self.bob)
        called.description = "Called"
        called.flush_recordset()  # in his name
        run.with_user(self.manager).action_revert()
        self.assertEqual((leads[0].user_id, leads[1:].user_id), (self.bob, self.ann))
        self.assertEqual((run.state, run.leads_kept), ("reverted", 1))

    def test_one_message_a_receiver(self):
        self.hold(self.ann, 6)
        messages = self.env["mail.message"].search([], order="id desc", limit=1).id
        self.hand_over(user_ids=(self.bob + self.cem).ids)
        new = self.env["mail.message"].search([("id", ">", messages), ("message_type", "!=", "notification")])
        told = [message.partner_ids for message in new if message.partner_ids & (self.bob + self.cem).partner_id]
        self.assertEqual(sorted(partner.name for partners in told for partner in partners), ["Bob", "Cem"])

    def test_a_lead_that_went_elsewhere_meanwhile_is_passed_over(self):
        leads = self.hold(self.ann, 2)
        run = self.plan(user_ids=self.bob.ids)
        leads[0].write({"user_id": self.cem.id, "open_user_id": self.cem.id})
        run.action_apply()
        self.assertEqual((leads[0].user_id, leads[1].user_id), (self.cem, self.bob))
        self.assertEqual((run.leads_found, run.leads_distributed, run.leads_not_distributed), (2, 1, 1))


@tagged("post_install", "-at_install")
class TestActivities(HandoverCase):
    def test_what_the_person_planned_goes_along_and_comes_back(self):
        lead, quiet = self.hold(self.ann, 2)
        mine = self.plan_activity(lead, self.ann) + self.plan_activity(lead, self.ann, days=-2)
        others = self.plan_activity(lead, self.cem)
        elsewhere = self.plan_activity(self.hold(self.cem), self.ann)
        run = self.hand_over(user_ids=self.bob.ids)
        self.assertEqual((mine.user_id, others.user_id, elsewhere.user_id), (self.bob, self.cem, self.ann))
        row = run.sudo().assignment_ids.filtered(lambda row: row.lead_id == lead)
        self.assertEqual(row.before["activities"], mine.ids)
        run.action_revert()
        self.assertEqual((lead + quiet).user_id, self.ann)
        self.assertEqual(mine.user_id, self.ann)

    def test_what_was_given_on_since_stays_where_it_is(self):
        lead = self.hold(self.ann)
        activity = self.plan_activity(lead, self.ann)
        run = self.hand_over(user_ids=self.bob.ids)
        activity.user_id = self.cem
        run.action_revert()
        self.assertEqual((lead.user_id, activity.user_id), (self.ann, self.cem))

    def test_activities_stay_if_that_is_wanted(self):
        activity = self.plan_activity(self.hold(self.ann), self.ann)
        self.hand_over(user_ids=self.bob.ids, activities=False)
        self.assertEqual(activity.user_id, self.ann)

    def test_nobody_is_told_of_each_activity(self):
        lead = self.hold(self.ann)
        for days in (1, 2, 3):
            self.plan_activity(lead, self.ann, days)
        before = self.env["mail.message"].search_count([])
        self.env["mail.activity"].search([("res_id", "=", lead.id), ("res_model", "=", "crm.lead")])
        run = self.plan(user_ids=self.bob.ids)
        self.campaign.search([("is_by_hand", "=", True), ("active", "=", False)]).notify_salespeople = "none"
        run.action_apply()
        new = self.env["mail.message"].search_count([]) - before
        self.assertLessEqual(new, 2)  # the lead's own chatter, and the responsible's

    def test_more_activities_need_no_more_statements(self):
        def count(number):
            leads = self.hold(self.ann, number)
            for lead in leads:
                self.plan_activity(lead, self.ann)
            run = self.plan(user_ids=(self.bob + self.cem).ids)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_apply()
            return self.env.cr.sql_log_count - before

        count(4)  # what is looked up once
        self.assertLessEqual(count(120) - count(10), 12)


@tagged("post_install", "-at_install")
class TestArchiving(HandoverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("adam", f"{MANAGER},base.group_system")

    def test_archiving_who_has_open_leads_asks_who_takes_them_over_and_keeps_what_is_planned(self):
        lead, done = self.hold(self.ann, 2)
        done.lead_status_id = self.status["lost"]
        kept, lost = self.plan_activity(lead, self.ann), self.plan_activity(done, self.ann)
        action = self.ann.with_user(self.admin).action_archive()
        self.assertFalse(self.ann.active)
        self.assertEqual((kept.exists().user_id, lost.exists()), (self.ann, lost.browse()))
        wizard = self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])
        self.assertEqual((wizard.user_id, wizard.campaign_id), (self.ann, self.campaign))
        wizard.action_plan()
        wizard.action_apply()
        self.assertIn(lead.user_id, self.bob + self.cem)
        self.assertEqual(kept.user_id, lead.user_id)

    def test_several_are_asked_about_one_after_the_other(self):
        self.hold(self.ann, 2)
        self.hold(self.cem, 1)
        action = (self.ann + self.bob + self.cem).with_user(self.admin).action_archive()
        self.assertFalse(any((self.ann + self.bob + self.cem).mapped("active")))
        wizard = self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])
        self.assertEqual((wizard.user_id, wizard.next_ids), (self.ann, self.cem))
        following = wizard.action_skip()
        wizard = wizard.browse(following["res_id"])
        self.assertEqual((wizard.user_id, wizard.next_ids), (self.cem, self.cem.browse()))
        self.assertEqual(wizard.action_skip()["type"], "ir.actions.act_window_close")

    def test_without_open_leads_or_rights_archiving_is_as_ever(self):
        self.assertFalse(self.bob.with_user(self.admin).action_archive())
        self.hold(self.ann)
        clerk = self.make_user("clerk", "base.group_user,base.group_erp_manager")
        self.assertFalse(self.ann.with_user(clerk).action_archive())
        self.assertFalse(self.ann.active)


@tagged("post_install", "-at_install")
class TestWizard(HandoverCase):
    def test_a_manager_chooses_people_looks_at_the_plan_and_hands_over(self):
        leads = self.hold(self.ann, 3) + self.hold(self.ann, type="opportunity")
        self.plan_activity(leads[0], self.ann)
        wizard = self.ask()
        self.assertEqual(wizard.holds, "3 leads, 1 opportunity, 1 planned activity")
        with Form(wizard) as form:
            form.opportunities = False
            self.assertEqual(form.holds, "3 leads, 1 planned activity")
            form.way = "people"
            form.people_ids.add(self.bob)
        wizard.action_plan()
        self.assertEqual((wizard.summary, leads.user_id), ("3 of 3 leads go to 1 person.", self.ann))
        action = wizard.action_apply()
        self.assertEqual((action["res_model"], action["res_id"]), ("lead.distribution.run", wizard.run_id.id))
        self.assertEqual((leads[:3].user_id, leads[3].user_id), (self.bob, self.ann))

    def test_a_plan_that_is_not_wanted_is_forgotten(self):
        self.hold(self.ann, 2)
        wizard = self.ask()
        wizard.action_plan()
        run = wizard.run_id
        self.assertTrue(run.leads_planned)
        wizard.action_back()
        self.assertFalse(run.exists() or wizard.run_id)
        wizard.action_plan()
        run = wizard.run_id
        wizard.action_discard()
        self.assertFalse(run.exists())

    def test_what_stays_is_told_with_its_reason(self):
        self.env["lead.distribution.cap"].create({"user_id": self.bob.id, "measure": "day", "maximum": 1})
        self.campaign.member_ids.filtered(lambda member: member.user_id == self.cem).active = False
        self.hold(self.ann, 3)
        wizard = self.ask()
        wizard.action_plan()
        self.assertRegex(wizard.summary, r"^1 of 3 leads go to 1 person\. Stay: 2 \(.*full.*\)\.$")

    def test_the_form_of_a_user_says_how_many_open_leads_there_are(self):
        self.hold(self.ann, 2)
        self.hold(self.ann, lead_status_id=self.status["lost"].id)
        self.assertEqual(self.ann.with_user(self.manager).open_lead_count, 2)
        self.assertEqual(self.bob.with_user(self.manager).open_lead_count, 0)

    def test_in_german_and_arabic(self):
        for lang in ("de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
            self.manager.lang = lang
            self.bob.lang = lang
            lead = self.hold(self.ann)
            wizard = self.ask()
            with Form(wizard) as form:
                form.way = "people"
                form.people_ids.add(self.bob)
            wizard.action_plan()
            self.assertTrue(wizard.summary)
            wizard.action_apply()
            self.assertEqual(lead.user_id, self.bob)
            self.assertTrue(wizard.run_id.with_context(lang=lang).name)

    def test_it_forgets_its_own_plan_only_and_no_other_that_somebody_writes_on_it(self):
        self.hold(self.ann)
        other = self.campaign.simulate(lead_ids=self.make_leads(1).ids)
        wizard = self.ask()
        wizard.run_id = other
        wizard.action_back()
        self.assertEqual((other.exists(), other.state), (other, "planned"))


@tagged("post_install", "-at_install")
class TestHandoverRights(HandoverCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": cls.elsewhere.id, "company_ids": [(6, 0, cls.elsewhere.ids)]}
        cls.stranger = cls.make_user("oli", MANAGER, **there)
        cls.there = cls.make_user("tea", **there)

    @mute_logger("odoo.addons.base.models.ir_model")
    def test_salespeople_and_managers_of_another_company_hand_over_nothing(self):
        lead = self.hold(self.ann)
        for user in (self.bob, self.ann, self.stranger):
            with self.assertRaises(AccessError):
                self.plan(by=user, user_ids=(self.bob + self.there).ids)
            with self.assertRaises(AccessError):
                self.ann.with_user(user).action_hand_over()
        self.assertEqual(lead.user_id, self.ann)

    def test_what_is_no_person_or_no_campaign_is_refused_in_words_all_at_once(self):
        self.hold(self.ann)
        for people in (["x"], "abc", True, {"a": 1}, [[1]], [1.5], [None], [-1], [10**30]):
            with self.assertRaisesRegex(UserError, "by a list of the ids of users", msg=repr(people)):
                self.plan(user_ids=people)
        for campaign in (999_999, "x", True, [self.campaign.id], -1, 10**30, {"a": 1}, 1.5):
            with self.assertRaisesRegex(UserError, "no such campaign", msg=repr(campaign)):
                self.plan(campaign=campaign)
        with self.assertRaisesRegex(UserError, "(?s)ids of users.*no such campaign"):
            self.plan(user_ids="abc", campaign="x")
        self.assertEqual(self.plan(user_ids=self.bob, campaign=self.campaign.id).assignment_ids.user_id, self.bob)

    def test_leads_of_another_company_stay_and_it_is_told(self):
        self.ann.company_ids += self.elsewhere
        mine = self.hold(self.ann, 2, company_id=self.env.company.id) + self.hold(self.ann)
        theirs = self.hold(self.ann, 1, company_id=self.elsewhere.id)
        run = self.hand_over(user_ids=self.bob.ids)
        self.assertEqual((mine.user_id, theirs.user_id, run.leads_found), (self.bob, self.ann, 3))
        self.assertIn("1 open lead of another company stays with Ann.", run.sudo().warnings)

    def test_a_manager_of_both_companies_hands_over_in_the_one_of_the_campaign(self):
        both = self.env.company + self.elsewhere
        self.ann.company_ids = self.bob.company_ids = self.manager.company_ids = both
        mine = self.hold(self.ann, 2, company_id=self.env.company.id)
        theirs = self.hold(self.ann, 1, company_id=self.elsewhere.id)
        campaign = self.make_campaign("There", self.ann, self.bob, company_id=self.elsewhere.id)
        leaver = self.ann.with_user(self.manager).with_context(allowed_company_ids=both.ids)
        run = leaver.plan_handover(campaign=campaign.id)
        run.action_apply()
        self.assertEqual((mine.user_id, theirs.user_id), (self.ann, self.bob))
        self.assertIn("2 open leads of other companies stay with Ann.", run.sudo().warnings)

    def test_who_works_for_another_company_is_no_receiver(self):
        self.hold(self.ann, company_id=self.env.company.id)
        with self.assertRaisesRegex(UserError, "may not work for"):
            self.plan(user_ids=self.there.ids)
