"""What docs/developer/readings.md says of what is written, of runs and figures, through load_config."""

from unittest.mock import patch

from odoo.tests import tagged

from ..engine.strategies.divisor import Proportional
from .readings_common import ReadingsCase

KEYS = [
    "campaign",
    "state",
    "dry_run",
    "strategy",
    "seed",
    "date_range",
    "leads_in_range",
    "leads_found",
    "leads_distributed",
    "leads_not_distributed",
    "efficiency",
    "exclusions",
    "left_over",
    "dropback",
    "assignments",
    "salespeople",
    "by_source",
    "by_status",
    "by_campaign",
    "recommendations",
    "execution_time_seconds",
]


@tagged("post_install", "-at_install")
class TestReadingsRuns(ReadingsCase):
    def test_r67_owner_status_and_team_are_written_where_the_config_names_them(self):
        team = self.env["crm.team"].create({"name": "Voice"})
        other = self.env["crm.team"].create({"name": "Other"})
        lead = self.make_leads(team_id=other.id, lead_status_id=self.status["utr"].id, closer_id=self.manager.id)
        told = self.run_it(self.load())
        self.assertEqual((lead.user_id, lead.open_user_id, lead.closer_id), (lead.user_id,) * 3)
        self.assertEqual(lead.user_id.id, told["assignments"][0]["user_id"])
        self.assertEqual((lead.team_id, lead.lead_status_id), (other, self.status["utr"]))
        self.run_it(self.load("current_implementation: {distribution: {team_assignment: voice, status_reset: New}}"))
        self.assertEqual((lead.team_id, lead.lead_status_id), (team, self.status["new"]))

    def test_r68_states_of_runs_and_assignments(self):
        good, bad = self.make_leads(2)
        campaign = self.load()
        self.assertEqual(self.plan(campaign)["state"], "planned")
        write = type(good).write

        def fail_for_bad(leads, vals):
            if "user_id" in vals and bad in leads:
                raise ValueError("no")
            return write(leads, vals)

        with (
            patch.object(type(good), "write", fail_for_bad),
            self.assertLogs("odoo.addons.lead_distribution", level="WARNING"),
        ):
            told = self.run_it(campaign)
        self.assertEqual(
            {row["lead_id"]: row["state"] for row in told["assignments"]}, {good.id: "done", bad.id: "failed"}
        )
        self.assertEqual((told["state"], told["leads_distributed"], told["leads_not_distributed"]), ("done", 1, 1))
        self.assertEqual((told["leads_found"], sum(told["left_over"].values()), bad.user_id.id), (2, 1, False))

    def test_r69_nobody_eligible_fails_and_changes_nothing(self):
        head = "campaign: {name: Reading}\nsalesperson_selection: {source_config: {salespeople_list: [X Y]}}\n"
        lead, old = self.make_leads(), self.make_leads(source_date=self.days_ago(90))
        campaign = self.load(
            "lead_finding: {dropback_filter: {enabled: true, campaign_assignments: {default: Mia}}}", head
        )
        told = self.run_it(campaign)
        self.assertEqual((told["state"], told["dropback"], told["leads_distributed"]), ("failed", [], 0))
        self.assertTrue(told["error"])
        self.assertFalse((lead + old).user_id)

    def test_r69_no_lead_is_a_success_with_a_warning(self):
        told = self.run_it(self.load())
        self.assertEqual((told["state"], told["leads_found"], told["efficiency"]), ("done", 0, 0))
        self.assertTrue(told["warnings"])

    def test_r70_a_strategy_that_raises(self):
        lead = self.make_leads()
        fallback = "error_handling: {fallback_strategies: {when_distribution_fails: use_round_robin}}\n"
        for text, state, strategy in ((fallback, "done", "round_robin"), ("", "failed", "proportional")):
            campaign = self.load(text + "distribution: {strategy: proportional}")
            with (
                patch.object(Proportional, "key", side_effect=ZeroDivisionError("oh")),
                self.assertLogs("odoo.addons.lead_distribution", level="ERROR"),
            ):
                told = self.run_it(campaign, lead_ids=lead.ids)
            self.assertEqual((told["state"], told["strategy"]), (state, strategy))
            lead.write({"user_id": False, "open_user_id": False})
        self.refuse("distribution: {strategy: magic}", "distribution.strategy", "magic")

    def test_r71_a_dry_run_writes_nothing_and_has_the_numbers_of_the_real_one(self):
        leads = self.make_leads(5) + self.make_leads(source_date=self.days_ago(90))
        campaign = self.load("""
        lead_finding: {dropback_filter: {enabled: true, campaign_assignments: {default: Mia}}}
        distribution: {status_reset: new}
        """)
        planned = self.plan(campaign)
        self.assertEqual((planned["dry_run"], planned["leads_distributed"]), (True, 5))
        self.assertFalse(leads.user_id | leads.closer_id)
        self.assertFalse(leads.lead_status_id)
        done = self.run_it(campaign)
        self.assertEqual(done["dry_run"], False)
        for key in (
            "leads_found",
            "leads_distributed",
            "efficiency",
            "salespeople",
            "strategy",
            "dropback",
            "date_range",
        ):
            self.assertEqual(planned[key], done[key], key)

    def test_r72_sums_and_efficiency(self):
        leads = self.make_leads(3)
        self.make_leads(priority="3")
        campaign = self.load("lead_finding: {additional_filters: {max_priority: 2}}\nexecution: {max_leads_per_run: 1}")
        told = self.plan(campaign)
        self.assertEqual((told["leads_found"], told["leads_distributed"], told["leads_not_distributed"]), (3, 1, 2))
        self.assertEqual((told["efficiency"], sum(told["left_over"].values())), (33.33, 2))
        told = self.plan(campaign, lead_ids=leads[:1].ids)
        self.assertEqual((told["leads_found"], told["efficiency"]), (1, 100))

    def test_r73_everybody_selected_is_listed_with_figures_from_before_and_after(self):
        self.make_leads(3, user_id=self.ann.id, source_date=self.days_ago(90))
        moved = self.make_leads(user_id=self.ann.id)
        head = "campaign: {name: Reading}\nsalesperson_selection: {source_type: file, source_config: {file_path: s}}\n"
        campaign = self.load("lead_finding: {date_range: {younger_than_days: 30}}", head,
                             {"s": "Ann||senior|3\nBob||junior|8\nCem||junior|0\n"})  # fmt: skip
        empty = self.plan(campaign, lead_ids=[])
        self.assertEqual(self.received(empty), {"Ann": 0, "Bob": 0, "Cem": 0})
        told = self.run_it(campaign)
        by_name = {line["name"]: line for line in told["salespeople"]}
        ann = by_name["Ann"]
        figures = ("level", "target", "before", "received", "after", "deficit", "surplus", "utilization")
        self.assertEqual([ann[key] for key in figures], ["senior", 3, 4, 0, 3, 0, 1, 100])
        self.assertEqual(ann["level_name"], "Senior")
        self.assertEqual((by_name["Cem"]["utilization"], by_name["Bob"]["deficit"]), (0, 8))
        self.assertEqual(by_name["Bob"]["received"] + by_name["Cem"]["received"], 1)
        self.assertIn(moved.user_id, self.bob + self.cem)

    def test_r73_the_keys_and_types_of_the_dict(self):
        self.make_leads(source_id=self.source("S").id, campaign_id=self.utm_campaign("C").id)
        told = self.run_it(self.load())
        self.assertLessEqual(set(KEYS), set(told))
        for key in ("exclusions", "left_over", "by_source", "by_status", "by_campaign"):
            self.assertIsInstance(told[key], dict)
        self.assertEqual((told["by_source"], told["by_campaign"]), ({"S": 1}, {"C": 1}))
        for line in told["salespeople"]:
            self.assertLessEqual(
                {"user_id", "name", "level", "target", "before", "received", "after", "utilization", "deficit"},
                set(line),
            )
        self.assertEqual((told["campaign"], told["seed"]), ("Reading", 7))

    def test_r74_the_summary_and_the_history(self):
        lead = self.make_leads(user_id=self.manager.id, lead_status_id=self.status["utr"].id)
        self.make_leads(3, user_id=self.ann.id)
        campaign = self.load("""
        distribution: {strategy: proportional, status_reset: new,
                       round_robin_override: {enabled: true, trigger_conditions: ["when_lead_count < 9"]}}
        """)
        told = self.run_it(campaign)
        received = [count for count in self.received(told).values() if count]
        self.assertEqual(told["average_received"], round(4 / len(received), 2))
        self.assertEqual((told["largest_received"], told["smallest_received"]), (max(received), min(received)))
        self.assertEqual(next(line["given_up"] for line in told["salespeople"] if line["name"] == "Ann"), 3)
        row = self.env["lead.distribution.assignment"].search([("lead_id", "=", lead.id)])
        self.assertEqual((row.lead_status_id, row.previous_user_id, told["strategy"]),
                         (self.status["utr"], self.manager, "round_robin"))  # fmt: skip
        self.assertEqual(told["by_status"].get(self.status["utr"].name), 1)
        self.assertEqual(lead.lead_status_id, self.status["new"])

    def test_r75_the_range_of_a_run_is_dates(self):
        told = self.plan(self.load("lead_finding: {date_range: {older_than_days: 2, younger_than_days: 9}}"))
        self.assertEqual(told["date_range"], [str(self.days_ago(9)), str(self.days_ago(3))])
        told = self.plan(self.load(), date_from="2024-01-01", date_to="2024-01-31")
        self.assertEqual(told["date_range"], ["2024-01-01", "2024-01-31"])
