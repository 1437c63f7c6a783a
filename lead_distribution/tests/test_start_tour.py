from odoo.tests import HttpCase, tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestStartTour(DistributionCase, HttpCase):
    """The first hour, in a real browser: nothing but three salespeople and what was typed in today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).active = False
        cls.campaign.active = False
        # what whoever types in a lead makes, and a new campaign takes
        cls.employees, cls.feature = cls.env.ref("base.group_user"), cls.env.ref("crm.group_use_lead")

    def type_in(self, count, **values):
        """Create leads as people do, of today and by default of the type that Odoo makes; they hold none of them."""
        leads = self.env["crm.lead"].with_user(self.manager)
        return leads.create([{"name": f"Typed in {n}", "user_id": False, **values} for n in range(count)])

    def start_first_hour(self):
        leads = self.type_in(5)
        self.start_tour("/odoo/lead-distribution", "lead_distribution_first_hour", login="mia@test")
        campaign = self.env["lead.distribution.campaign"].search([("name", "=", "First")])
        self.assertRecordValues(campaign.run_ids, [{"state": "done", "leads_distributed": 5}])
        self.assertEqual(len(leads.filtered("user_id")), 5)
        self.assertFalse(leads.filtered(lambda lead: lead.user_id == self.manager))
        return leads

    def test_from_new_to_an_applied_run_in_eight_clicks_with_leads_switched_off(self):
        self.employees.implied_ids -= self.feature
        self.assertEqual(set(self.start_first_hour().mapped("type")), {"opportunity"})

    def test_from_new_to_an_applied_run_in_eight_clicks_with_leads_switched_on(self):
        self.employees.implied_ids += self.feature
        self.assertEqual(set(self.start_first_hour().mapped("type")), {"lead"})

    def test_answers_are_kept_going_back_and_cancelling_leaves_nothing(self):
        self.employees.implied_ids += self.feature
        self.env["res.users"].search([("share", "=", False)]).filtered(
            lambda user: user not in self.ann + self.bob + self.cem + self.manager
        ).group_ids -= self.env.ref("sales_team.group_sale_salesman")
        self.type_in(4, source_date=self.days_ago(90))
        before = self.env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
        self.start_tour("/odoo/lead-distribution", "lead_distribution_start_back_and_forth", login="mia@test")
        after = self.env["lead.distribution.campaign"].with_context(active_test=False).search_count([])
        self.assertEqual(after, before)

    def test_a_plan_that_finds_nothing_is_mended_with_one_click(self):
        self.campaign.active = True
        leads = self.type_in(3, type="opportunity")
        url = f"/odoo/lead-distribution/{self.campaign.id}"
        self.start_tour(url, "lead_distribution_mend_the_plan", login="mia@test")
        self.assertEqual(len(leads.filtered("user_id")), 3)
