from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged, users
from odoo.tools import mute_logger

from .common import DistributionCase


class ByHandCase(DistributionCase):
    def open_form(self, leads, **values):
        context = {"active_model": "crm.lead", "active_ids": leads.ids}
        return self.env["crm.lead.distribute"].with_context(**context).create(values)

    def choose_people(self, leads, *people, **values):
        ids = [user.id for user in people]
        return self.open_form(leads, way="people", people_ids=[Command.set(ids)], **values)

    def refusals(self, wizard):
        return {refusal.step: refusal.count for refusal in wizard.refusal_ids}

    def tick(self, wizard, *steps):
        wizard.refusal_ids.filtered(lambda refusal: refusal.step in steps).override = True


@tagged("post_install", "-at_install")
class TestByHand(ByHandCase):
    """Hand out by hand: a campaign or people, the plan, what speaks against it, and what is left aside knowingly."""

    @users("mia@test")
    def test_leads_go_to_chosen_people_one_each_in_turn_without_a_campaigns_rules(self):
        leads = self.make_leads(4) + self.make_leads(2, type="opportunity", source_date=self.days_ago(400))
        wizard = self.choose_people(leads, self.ann, self.bob)
        wizard.action_plan()
        self.assertEqual(wizard.summary, "6 of 6 selected leads go to 2 people.")
        self.assertEqual({line.user_id: line.leads_received for line in wizard.person_ids}, {self.ann: 3, self.bob: 3})
        self.assertFalse(wizard.refusal_ids)
        self.assertFalse(leads.user_id)
        action = wizard.action_apply()
        run = self.env["lead.distribution.run"].browse(action["res_id"])
        self.assertEqual((run.state, run.origin, run.leads_distributed), ("done", "selection", 6))
        self.assertEqual(leads.user_id, self.ann + self.bob)
        run.action_revert()
        self.assertFalse(leads.user_id)

    @users("mia@test")
    def test_one_lead_is_told_in_the_singular(self):
        wizard = self.choose_people(self.make_leads(), self.ann)
        wizard.action_plan()
        self.assertEqual(wizard.summary, "The selected lead goes to 1 person.")
        wizard = self.choose_people(self.make_leads(user_id=self.cem.id), self.ann)
        wizard.action_plan()
        self.assertEqual(wizard.summary, "The selected lead would not be handed out.")

    @users("mia@test")
    def test_what_speaks_against_leads_is_told_with_what_they_have(self):
        self.make_leads(name="Deal", type="opportunity", email_from="acme@acme.test", user_id=self.cem.id)
        customer = self.make_leads(name="Customer", email_from="acme@acme.test")
        held = self.make_leads(name="Held", user_id=self.cem.id)
        closed = self.make_leads(name="Closed", lead_status_id=self.status["won"].id)
        wizard = self.choose_people(customer + held + closed + self.make_leads(), self.ann)
        wizard.action_plan()
        self.assertEqual(wizard.summary, "1 of 4 selected leads go to 1 person.")
        self.assertEqual(self.refusals(wizard), {"sales": 1, "closed": 1, "assigned": 1})
        texts = {refusal.step: refusal.examples for refusal in wizard.refusal_ids}
        self.assertEqual(texts["sales"], "Customer: acme@acme.test")
        self.assertIn("Held: with Cem since ", texts["assigned"])
        self.assertIn("Won", texts["closed"])

    @users("mia@test")
    def test_a_lead_is_handed_out_anyway_and_the_history_names_who_and_although_what(self):
        held = self.make_leads(name="Held", user_id=self.cem.id)
        won = self.make_leads(name="Won and held", user_id=self.cem.id, lead_status_id=self.status["won"].id)
        free = self.make_leads(name="Free")
        wizard = self.choose_people(held + won + free, self.ann)
        wizard.action_plan()
        self.tick(wizard, "assigned")
        action = wizard.action_apply()
        self.assertEqual(action["res_model"], wizard._name, "other steps are left aside: the plan is shown first")
        self.assertEqual(held.user_id, self.cem)
        self.assertEqual(self.refusals(wizard), {"closed": 1, "assigned": 2})
        run = self.env["lead.distribution.run"].browse(wizard.action_apply()["res_id"])
        self.assertEqual((held + free).user_id, self.ann)
        self.assertEqual(won.user_id, self.cem)
        rows = {row.lead_id: row for row in run.sudo().assignment_ids}
        self.assertEqual((rows[held].overridden, rows[free].overridden), (["assigned"], False))
        self.assertIn("Handed out by Mia anyway, although: Already assigned", rows[held].explanation)
        self.assertNotIn("anyway", rows[free].explanation)

    @users("mia@test")
    def test_who_must_not_be_called_is_never_handed_out(self):
        lead = self.make_leads(lead_status_id=self.status["dnc"].id)
        wizard = self.choose_people(lead, self.ann)
        wizard.action_plan()
        self.assertTrue(wizard.refusal_ids.is_firm)
        self.tick(wizard, "dnc")
        with self.assertRaises(ValidationError):
            wizard.action_plan()
        with self.assertRaisesRegex(ValidationError, "nobody can leave aside dnc"):
            self.campaign.with_env(self.env).simulate(lead_ids=lead.ids, override=["dnc"])

    @users("mia@test")
    def test_the_rules_of_a_campaign_can_be_left_aside_too_its_window_included(self):
        old = self.make_leads(source_date=self.days_ago(300))
        wizard = self.open_form(old + self.make_leads(), way="campaign", campaign_id=self.campaign.id)
        wizard.action_plan()
        self.assertEqual(self.refusals(wizard), {"date": 1})
        self.assertIn("is 300 days old", wizard.refusal_ids.examples)
        self.tick(wizard, "date")
        wizard.action_plan()
        self.assertEqual(wizard.run_id.leads_planned, 2)
        self.assertEqual(wizard.run_id.campaign_id, self.campaign)

    def test_override_of_a_program_is_checked(self):
        lead = self.make_leads()
        for options, text in (
            ({"override": ["closed"]}, "give “lead_ids”, too"),
            ({"override": "closed", "lead_ids": lead.ids}, "must be a list of steps"),
            ({"override": ["nonsense"], "lead_ids": lead.ids}, "has no steps nonsense"),
        ):
            with self.assertRaisesRegex(ValidationError, text):
                self.campaign.simulate(**options)
        run = self.campaign.distribute(lead_ids=lead.ids, override=["closed", "date"])
        self.assertEqual(run.options["override"], ["closed", "date"])
        self.assertEqual(lead.distribution_campaign_id, self.campaign)

    @users("mia@test")
    def test_by_hand_is_no_campaign_of_the_lists_and_its_people_count_in_no_load(self):
        members = self.env["lead.distribution.member"].search_count([])
        for leads in (self.make_leads(2), self.make_leads(1)):
            wizard = self.choose_people(leads, self.ann, self.bob)
            wizard.action_plan()
        campaign = wizard.run_id.campaign_id
        self.assertEqual((campaign.name, campaign.active, campaign.frequency), ("By hand", False, "manual"))
        self.assertNotIn(campaign, self.env["lead.distribution.campaign"].search([]))
        self.assertEqual(self.env["lead.distribution.member"].search_count([]), members)
        everything = self.env["lead.distribution.campaign"].with_context(active_test=False)
        self.assertEqual(everything.search_count([("is_by_hand", "=", True)]), 1)

    @users("mia@test")
    def test_who_is_furthest_below_the_target_of_the_own_campaigns_is_first(self):
        self.campaign.sudo().member_ids[0].target_leads = 100
        self.campaign.sudo().member_ids[1].target_leads = 10
        self.make_leads(5, user_id=self.ann.id)
        self.make_leads(5, user_id=self.bob.id)
        wizard = self.choose_people(self.make_leads(20), self.ann, self.bob, sharing="least_loaded")
        wizard.action_plan()
        self.assertEqual({line.user_id: line.leads_received for line in wizard.person_ids}, {self.ann: 20, self.bob: 0})

    @users("mia@test")
    def test_planning_again_and_going_back_leave_no_plan_behind(self):
        wizard = self.choose_people(self.make_leads(2), self.ann)
        wizard.action_plan()
        first = wizard.run_id
        wizard.action_plan()
        self.assertFalse(first.exists())
        second = wizard.run_id
        wizard.action_back()
        self.assertFalse(second.exists() or wizard.run_id or wizard.refusal_ids)

    def test_what_goes_by_hand_gets_no_rules_and_no_schedule_whatever_a_configuration_is_called(self):
        self.choose_people(self.make_leads(), self.ann).action_plan()
        every = self.env["lead.distribution.campaign"].with_context(active_test=False)
        by_hand = every.search([("is_by_hand", "=", True), ("company_id", "=", self.env.company.id)])
        loaded = every.load_config({"campaign": {"name": by_hand.name}})
        self.assertNotEqual(loaded, by_hand)
        self.assertTrue(loaded.active and by_hand.use_sales_filter)
        self.assertEqual(every.load_config({"campaign": {"name": by_hand.name}}), loaded, "loaded again, it is one")
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"), self.env.cr.savepoint():
            by_hand.action_unarchive()
            self.env.flush_all()

    @users("mia@test")
    def test_a_plan_that_hands_out_nothing_cannot_be_handed_out(self):
        held = self.make_leads(user_id=self.cem.id)
        wizard = self.choose_people(held, self.ann)
        wizard.action_plan()
        self.assertFalse(wizard.hands_out)
        with self.assertRaisesRegex(UserError, "The selected lead would not be handed out"):
            wizard.action_apply()
        self.assertEqual(wizard.run_id.state, "planned")
        self.tick(wizard, "assigned")
        wizard.action_apply()
        self.assertTrue(wizard.hands_out)
        wizard.action_apply()
        self.assertEqual(held.user_id, self.ann)

    @users("mia@test")
    def test_it_says_what_is_missing(self):
        lead = self.make_leads()
        with self.assertRaisesRegex(UserError, "Choose the people"):
            self.choose_people(lead).action_plan()
        with self.assertRaisesRegex(UserError, "Select the leads"):
            self.choose_people(lead.browse(), self.ann).action_plan()

    def test_salespeople_and_managers_of_other_companies_cannot(self):
        lead = self.make_leads()
        with self.assertRaises(AccessError):
            self.env["crm.lead.distribute"].with_user(self.ann).create({"way": "people"})
        company = self.env["res.company"].create({"name": "Other"})
        stella = self.make_user("stella", "base.group_user,sales_team.group_sale_manager",
                                company_id=company.id, company_ids=[Command.set(company.ids)])  # fmt: skip
        lead.company_id = self.env.company
        with self.assertRaises(AccessError):
            self.env["crm.lead.distribute"].with_user(stella).create({"lead_ids": [Command.set(lead.ids)]})

    @users("mia@test")
    def test_the_form_offers_salespeople_and_plans_from_what_is_typed(self):
        leads = self.make_leads(2)
        context = {"active_model": "crm.lead", "active_ids": leads.ids}
        form = Form(self.env["crm.lead.distribute"].with_context(**context))
        form.way = "people"
        form.people_ids.add(self.cem)
        wizard = form.save()
        self.assertIn(self.cem, wizard.salespeople_ids)
        wizard.action_plan()
        wizard.action_apply()
        self.assertEqual(leads.user_id, self.cem)

    def test_many_leads_cost_no_more_statements_than_few(self):
        counts = []
        for number in (20, 400):
            leads = self.make_leads(number, user_id=self.cem.id)
            self.env.flush_all()
            wizard = self.choose_people(leads, self.ann, self.bob)
            wizard.action_plan()
            self.tick(wizard, "assigned")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            wizard.action_plan()
            self.env.flush_all()
            counts.append(self.cr.sql_log_count - before)
            self.assertEqual(wizard.run_id.leads_planned, number)
        self.assertLess(counts[1] - counts[0], 20, counts)


@tagged("post_install", "-at_install")
class TestByHandTour(ByHandCase, HttpCase):
    def test_from_the_list_of_leads_to_people_with_a_rule_left_aside_to_the_history(self):
        self.manager.group_ids += self.env.ref("crm.group_use_lead")
        leads = self.make_leads(2) + self.make_leads(name="Held lead", user_id=self.cem.id)
        self.env["crm.lead"].search([("id", "not in", leads.ids)]).active = False
        self.start_tour("/odoo/action-crm.crm_lead_all_leads", "lead_distribution_by_hand", login="mia@test")
        self.assertEqual(leads.user_id, self.ann)
