"""An experiment on the sample data in a real browser: planned, started, looked at, read, used."""

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.demo import demo_experiments

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestExperimentTour(DistributionCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.name = "Another"  # the sample has its own Voice
        cls.demo = cls.env["lead.distribution.demo"]
        cls.voice, cls.apple = cls.demo._load()
        (cls.voice + cls.apple).company_id = cls.env.company
        cls.patch_printer()

    @classmethod
    def patch_printer(cls):
        """As on a server without the program for PDF: what is offered instead is looked at."""
        cls.classPatch(type(cls.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda *a: "install")

    def test_a_manager_plans_starts_hands_out_and_looks_without_a_verdict(self):
        self.start_tour("/odoo/lead-experiments", "lead_distribution_experiment_plan", login="mia@test")
        experiment = self.voice.experiment_ids
        self.assertRecordValues(experiment, [{"state": "running", "strategy_b": "random", "planned_leads": 1000}])
        self.assertEqual(experiment.variant_id.max_daily, 300)
        handed_out = experiment.get_result()
        rows = self.env["lead.distribution.assignment"].search([("experiment_id", "=", experiment.id)])
        self.assertEqual(
            handed_out["a"]["leads"] + handed_out["b"]["leads"], len(rows.filtered(lambda r: r.state == "done"))
        )
        self.assertEqual(set(rows.mapped("arm")), {"a", "b"})
        self.start_tour("/odoo/lead-experiments", "lead_distribution_experiment_look", login="mia@test")

    def test_a_manager_reads_one_that_has_ended_prints_it_and_uses_way_b(self):
        self.classPatch(demo_experiments, "A_WEEK", 60)
        ended, planned = self.demo._make_experiments()
        self.assertRecordValues(ended + planned, [{"state": "done"}, {"state": "draft"}])
        self.assertEqual(ended.get_result()["winner"], "b")
        with mute_logger("odoo.http"):  # it is told that the program for PDF is missing
            self.start_tour("/odoo/lead-experiments", "lead_distribution_experiment_read", login="mia@test")
        self.assertRecordValues(ended, [{"adopted": "b"}])
        self.assertEqual(self.voice.strategy, ended.strategy_b)
