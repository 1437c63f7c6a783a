import json

from odoo.tests import tagged

from .experiment_common import ExperimentCase


@tagged("post_install", "-at_install")
class TestExperimentResult(ExperimentCase):
    def test_the_result_has_what_others_rely_on(self):
        a, b = self.make_leads(2), self.make_leads(3)
        self.hand_out(a, "a")
        self.hand_out(b, "b", user=self.bob)
        self.win(b[:1], self.later(days=3), revenue=500)
        result = self.experiment.with_user(self.manager).get_result()
        self.assertEqual(
            {"leads": 2, "conversions": 0, "rate": 0}, {k: result["a"][k] for k in ("leads", "conversions", "rate")}
        )
        self.assertEqual((result["b"]["leads"], result["b"]["conversions"]), (3, 1))
        self.assertAlmostEqual(result["difference"], 1 / 3)
        self.assertLess(result["low"], result["difference"])
        self.assertLess(result["difference"], result["high"])
        self.assertEqual((result["state"], result["kind"], result["winner"]), ("running", "running", None))
        self.assertIn("5 of 100", result["verdict"])
        self.assertEqual(json.loads(json.dumps(result)), result)
        self.assertEqual(self.experiment.result, result)
