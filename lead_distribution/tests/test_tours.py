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
        url = f"/odoo/lead-distribution-runs/{run.id}"
        self.start_tour(url, "lead_distribution_revert", login="mia@test")
        self.assertFalse(leads.user_id)
        self.assertEqual(run.state, "reverted")
