from odoo.tests import tagged

from odoo.addons.lead_distribution.tests.common import DistributionCase


@tagged("post_install", "-at_install")
class TestExtension(DistributionCase):
    """Another addon adds a strategy and a rule without changing a line of Lead Distribution."""

    def test_the_strategy_of_another_addon_is_planned_applied_explained_and_compared(self):
        self.campaign.strategy = "packs"
        self.make_leads(7)
        run = self.campaign.distribute()
        received = sorted(run.member_line_ids.mapped("leads_received"))
        self.assertEqual((run.strategy, received), ("packs", [1, 3, 3]))
        self.assertIn("Packs of three, turn 1 of", run.assignment_ids.sorted("id")[0].explanation)
        in_a_row = run.assignment_ids.sorted("id").mapped("user_id.id")
        self.assertEqual(run.assignment_ids.sorted("id")[:3].user_id.ids, in_a_row[:1])
        self.make_leads(3)
        column = self.campaign._compare([{"strategy": "packs", "max_daily": 0}], seed=1)["columns"][0]
        self.assertEqual(sorted(p["received"] for p in column["people"]), [0, 0, 3])

    def test_the_rule_of_another_addon_decides_and_tells_so(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.bob.lang = "fr_FR"
        self.campaign.use_language = True
        french = self.env["res.lang"]._lang_get("fr_FR")
        leads = self.make_leads(4, lang_id=french.id)
        run = self.campaign.simulate(lead_ids=leads.ids)
        self.assertEqual(run.assignment_ids.user_id, self.bob)
        places = run._explain_assignment(run.assignment_ids[0])
        refused = {place.person.name: place.refused_by for place in places}
        self.assertEqual(refused, {"Bob": "", "Ann": "language", "Cem": "language"})
        self.assertEqual(self.campaign._describe_rule("language"), "language")
