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
        widths = {len(line) for line in text.splitlines() if line[:1] in "┌│├└" and "Level" in text}
        self.assertLessEqual(len({w for w in widths if w}), 3)

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
