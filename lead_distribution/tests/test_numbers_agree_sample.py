"""A figure that stands in two places is the same in both, on the sample data: all kinds of leads, two campaigns."""

from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestSampleAgrees(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.voice = cls.env["lead.distribution.demo"]._load()[0]
        cls.first = cls.voice.distribute(max_leads=40)
        cls.second = cls.voice.distribute()
        cls.first.action_revert()

    def get_dashboard(self, campaign=None):
        data = self.env["lead.distribution.dashboard"].get_data(campaign_id=campaign and campaign.id, days=7)
        return data, {figure["key"]: figure["value"] for figure in data["figures"]}

    def test_funnel_and_leads_of_the_type(self):
        told = self.second.to_dict()
        every = self.env["crm.lead"].search_count([("type", "=", "lead"), ("company_id", "in", self.company_ids())])
        self.assertEqual(told["leads_looked_at"], every)
        self.assertEqual(told["leads_looked_at"], told["leads_found"] + sum(s["refused"] for s in told["funnel"]))

    def company_ids(self):
        return [self.voice.company_id.id, False]

    def test_load_of_members_workload_and_dashboard(self):
        data, _figures = self.get_dashboard(self.voice)
        shown = {person["user_id"]: (person["leads"], person["target"]) for person in data["utilization"]}
        workload = {row["user_id"]: (row["total"], row["target"]) for row in self.voice.get_workload()}
        members = self.voice.member_ids.filtered(lambda m: m.active and m.user_id.active)
        self.assertEqual(shown, {m.user_id.id: (m.current_leads, m.target_leads) for m in members})
        self.assertEqual(shown, {user_id: workload[user_id] for user_id in shown})

    def test_open_leads_of_members_and_the_list(self):
        for member in self.voice.member_ids:
            held = self.env["crm.lead"].search([("holder_id", "=", member.user_id.id), ("type", "=", "lead")])
            self.assertEqual(member.open_leads, len(held.filtered("is_open")))
            self.assertEqual(member.current_leads, len(held))

    def test_nobodys_leads_of_verify_and_dashboard(self):
        _data, figures = self.get_dashboard()
        verified = self.voice.verify_assignments()
        nobodys = self.env["crm.lead"].browse(verified["unassigned"])
        self.assertEqual(nobodys, nobodys.filtered("is_open"))
        self.assertEqual(len(nobodys) + sum(verified["not_taken"].values()), figures["unassigned"])

    def test_the_day_adds_up_though_a_run_was_taken_back(self):
        report = self.env["lead.distribution.report"].generate_daily_report(None, self.voice.id)
        self.assertGreaterEqual(report["reverted"]["runs"], 1)
        for person in report["salespeople"]:
            changes = person["leads_received"] + person["leads_dropped_back"] - person["leads_given_up"]
            self.assertEqual(person["current_leads"] + changes + person["leads_otherwise"], person["new_total"])
        self.assertEqual(
            report["total_leads_found"], report["total_leads_distributed"] + report["total_leads_not_distributed"]
        )
        self.assertEqual(sum(report["reason_not_distributed"].values()), report["total_leads_not_distributed"])
        data, _figures = self.get_dashboard(self.voice)
        self.assertEqual(data["per_day"][-1]["left"], report["total_leads_not_distributed"])

    def test_run_and_its_report(self):
        told = {person["user_id"]: person for person in self.second.to_dict()["salespeople"]}
        rows = self.second.get_report_data()["salesperson_summary"]
        self.assertEqual(
            {row["id"]: (row["leads_received"], row["new_total"], row["utilization"]) for row in rows},
            {user_id: (p["received"], p["after"], p["utilization"]) for user_id, p in told.items()},
        )
