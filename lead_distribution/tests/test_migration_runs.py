"""What the update of an existing database does to its runs."""

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import file_path

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestMigrationRuns(DistributionCase):
    def migrate(self, name):
        self.env.flush_all()
        path = file_path(f"lead_distribution/migrations/19.0.1.1.0/{name}.py")
        load_script(path, name).migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()

    def test_of_several_runs_being_applied_the_oldest_goes_on_and_the_others_can_later(self):
        self.make_leads(6)
        first, second = self.campaign.simulate(), self.campaign.simulate()
        imported = self.campaign.simulate()
        self.env.flush_all()
        self.env.cr.execute("DROP INDEX lead_distribution_run_one_applying_idx")
        (first | second | imported).write({"state": "applying"})
        imported.origin = "import"
        self.migrate("pre-one-run")
        self.assertEqual((first.state, second.state, imported.state), ("applying", "failed", "applying"))
        self.assertIn("Go on", second.error)
        first.action_apply()
        second.action_apply()
        self.assertEqual((first.leads_distributed, second.state, second.leads_distributed), (6, "done", 0))

    def test_reverted_runs_know_how_many_leads_they_have_not_put_back(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        leads[0].user_id = self.manager
        run.action_revert()
        run.leads_kept = 0
        self.migrate("post-reverted-runs")
        self.assertEqual(run.leads_kept, 1)
