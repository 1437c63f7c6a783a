import re

from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestReport(DistributionCase):
    """The report of a run as text: same numbers as the run."""

    def test_all_sections_are_there_with_the_numbers_of_the_run(self):
        source = self.env["utm.source"].create({"name": "facebook_form"})
        self.make_leads(7, source_id=source.id)
        self.make_leads(2, user_id=self.manager.id)
        run = self.campaign.simulate(max_leads=6)
        text = run.get_text_report()
        for heading in ("Dry run report: Voice", "Distribution overview", "Dropback analysis",
                        "Filter impact analysis", "Current workload analysis",
                        "Distribution preview", "Strategy details", "Recommendations",
                        "Execution summary"):  # fmt: skip
            self.assertIn(heading, text)
        self.assertRegex(text, r"Leads in date range: +9\n")
        self.assertRegex(text, r"Final distributable leads: +7\n")
        self.assertRegex(text, r"From people whose leads are not taken: +2\n")
        self.assertRegex(text, r"Limit of the run reached: +1\n")
        self.assertIn("This was a dry run", text)
        self.assertEqual(run.to_dict()["by_source"], {"facebook_form": 6})
        run.action_apply()
        self.assertIn("Distribution report: Voice", run.get_text_report())

    def test_colour_only_when_asked_for(self):
        run = self.campaign.simulate()
        self.assertNotIn("\033", run.get_text_report())
        self.assertIn("\033", run.get_text_report(color=True))

    def test_table_lines_are_equally_long(self):
        self.ann.name = "Ann-Kathrin Çelik-Łukasiewicz"
        text = self.campaign.simulate().get_text_report()
        tables = [table.splitlines() for table in re.findall(r"(?:^[┌│├└].*\n)+", text, re.MULTILINE)]
        self.assertEqual([len(lines) for lines in tables], [7, 7], "the workload and the preview, of three people")
        for lines in tables:
            self.assertEqual(len({len(line) for line in lines}), 1, lines)
            self.assertIn(self.ann.name, "\n".join(lines))

    def test_the_filter_impact_names_each_step_with_its_leads(self):
        source = self.env["utm.source"].create({"name": "fair"})
        customer = self.env["res.partner"].create({"name": "A"})
        source_field = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        function_field = self.env["ir.model.fields"]._get("crm.lead", "function")
        self.campaign.write(
            {
                "use_sales_filter": True,
                "required_field_ids": function_field,
                "filter_ids": [Command.create({"field_id": source_field.id, "mode": "exact", "values_text": "fair"})],
            }
        )
        self.make_leads(1, type="opportunity", partner_id=customer.id)
        fit = {"source_id": source.id, "function": "Buyer"}
        self.make_leads(1, **fit)
        self.make_leads(2, **fit, partner_id=customer.id)
        self.make_leads(3, **fit, lead_status_id=self.status["dnc"].id)
        self.make_leads(4, source_id=source.id)
        self.make_leads(5, function="Buyer")
        self.make_leads(6, **fit, user_id=self.manager.id)
        text = self.campaign.simulate().get_text_report()
        for name, count in (
            ("Customer with an opportunity", 2), ("Do not call", 3), ("Missing required fields", 4),
            ("Web source not matched", 5), ("From people whose leads are not taken", 6), ("Leads filtered out", 20),
            ("Final distributable leads", 1),
        ):  # fmt: skip
            self.assertRegex(text, rf"\n +{name}: +{count}\n")

    def test_r74_average_largest_and_smallest_are_over_those_who_received(self):
        self.make_leads(2)
        overview = self.campaign.simulate().overview
        self.assertEqual(
            (
                overview["average_received"],
                overview["largest_received"],
                overview["smallest_received"],
            ),
            (1.0, 1, 1),
        )

    def test_the_leads_of_a_left_over_reason_can_be_opened(self):
        self.make_leads(3)
        run = self.campaign.simulate(max_leads=1)
        action = run.action_view_left_over("max_leads")
        self.assertEqual(len(self.env["crm.lead"].search(action["domain"])), 2)
