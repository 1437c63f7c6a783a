from odoo.tests import HttpCase, tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestTours(DistributionCase, HttpCase):
    """A manager's way through the interface, in a real browser."""

    def test_campaign_simulate_read_apply_history(self):
        leads = self.make_leads(7)
        self.start_tour("/odoo/lead-distribution", "lead_distribution_daily_run", login="mia@test")
        self.assertEqual(len(leads.filtered("user_id")), 7)
        self.assertRecordValues(self.campaign.run_ids, [{"state": "done", "leads_distributed": 7}])

    def test_a_run_can_be_reverted(self):
        leads = self.make_leads(2)
        run = self.campaign.distribute()
        self.make_past(run)
        worked_on = leads[1].with_user(self.manager)
        worked_on.description = "Called, wants an offer"
        worked_on.flush_recordset()  # in her name
        url = f"/odoo/lead-distribution-runs/{run.id}"
        self.start_tour(url, "lead_distribution_revert", login="mia@test")
        self.assertEqual(leads.filtered("user_id"), leads[1])
        self.assertRecordValues(run, [{"state": "reverted", "leads_put_back": 1, "leads_kept": 1}])

    def test_filter_preview_funnel_and_why_not_this_lead(self):
        self.manager.group_ids += self.env.ref("crm.group_use_lead")
        source = self.env["utm.source"].create({"name": "tour_source"})
        self.make_leads(2, source_id=source.id)
        self.make_leads(name="Other lead", contact_name="Other")
        url = f"/odoo/lead-distribution/{self.campaign.id}"
        self.start_tour(url, "lead_distribution_filters", login="mia@test")
        self.assertEqual(self.campaign.filter_ids.values_text, "tour_source")
        self.assertEqual(self.campaign.run_ids.leads_found, 2)

    def test_line_up_of_a_typed_in_lead_and_comparison_of_strategies(self):
        for member, target in zip(self.campaign.member_ids, (20, 10, 10), strict=True):
            member.target_leads = target
        self.campaign.member_ids[2].active = False
        self.campaign.use_known_owner = True
        self.make_leads(9)
        self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "email_from": "known@acme.test", "user_id": self.bob.id}
        )
        url = f"/odoo/lead-distribution/{self.campaign.id}"
        self.start_tour(url, "lead_distribution_line_up_and_comparison", login="mia@test")
        self.assertEqual(self.campaign.strategy, "proportional")

    def test_a_salesperson_opens_a_run_and_sees_the_own_part(self):
        self.make_leads(6)
        run = self.campaign.distribute()
        url = f"/odoo/lead-distribution-runs/{run.id}"
        self.start_tour(url, "lead_distribution_run_of_a_salesperson", login="ann@test")
