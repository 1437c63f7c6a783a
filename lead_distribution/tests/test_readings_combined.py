"""Whole configurations, and keys of several blocks at once, through load_config."""

from odoo.tests import tagged

from .readings_common import HEAD, ReadingsCase

PEOPLE = """salesperson_name,salesperson_id,campaign_name,active,team,level,target_leads
Ann,9999,Voice,true,Voice,senior,200
Bob,1,Voice,true,Voice,mid_level,150
Cem,2,Voice,false,Voice,junior,100
Mia,3,Apple,true,Apple,senior,200
"""
MAIN = """
version: "1.0"
name: "Daily Lead Distribution"
tags: ["lead-distribution", "sales"]
author: "Sales Operations Team"
created_date: "2024-01-15"
odoo_connection: {host: h, port: 8069, database: d, username: u, password: p}
database_connection: {host: h, port: "3306", database: d, username: u, password: p}
campaign: {name: Voice, description: calls, target_campaign: Voice, distribution_frequency: daily, active: true}
salesperson_selection:
  source_type: campaign_table
  source_config:
    campaign_table:
      file_path: "config/salesperson_campaigns.csv"
      table_name: salesperson_campaigns
      campaign_column: campaign_name
      salesperson_column: salesperson_name
      active_column: active
    file_path: "config/salespeople.txt"
    salespeople_list: [alice_smith]
    database_query: {table: res_users, where_clause: "active = true", fields: [name, id]}
  campaign_filtering:
    enabled: true
    target_campaign: Voice
    include_inactive_salespeople: false
    exclude_specific_users: ["Drew Cox", "Bob"]
  filters: {active_only: true, has_permissions: true, min_experience_level: 1, max_workload_percentage: 90,
            team_filter: Voice}
lead_finding:
  date_range: {older_than_days: 60, younger_than_days: 180}
  web_sources: {source_type: file, source_config: {file_path: "config/web_sources.txt"}}
  campaigns: {types: [voice_2024], match_patterns: ["voice_campaign_*"]}
  additional_filters: {status: [new, in_progress], exclude_assigned: true}
distribution:
  strategy: level_based
  level_based:
    levels:
      senior: {target_leads: 200, priority: 1}
      mid_level: {target_leads: 150, priority: 2}
  round_robin_override: {enabled: false}
reporting: {generate_report: true, report_format: csv, report_location: "reports/", include_analytics: true,
            email_notification: false}
execution: {dry_run: false, max_leads_per_run: 1000, batch_size: 50, retry_failed: true, max_retries: 3,
            log_level: INFO}
"""
HARD_CODED = """
current_implementation:
  date_range: {lowerlimit: 0, upperlimit: 30}
  excluded_users: ["Drew Cox", "Mia"]
  status_filters:
    active_salespeople: {statuses: ["Utr", "Call Back"]}
    inactive_salespeople: {statuses: ["Utr", "Call Back", "Full Pitch Follow Up", "Full Pitch Follow Up ", "New"]}
  campaign_filters: {campaign_name: Voice}
  dnc_filtering:
    enabled: true
    statuses: [dnc, do_not_call]
    case_sensitive: false
    match_mode: exact
    exclude_dnc_tags: true
    dnc_tags: [do_not_call]
  activity_deadline: {exclude_within_days: 4}
  distribution: {strategy: round_robin, randomize_order: true, team_assignment: Voice, status_reset: New}
"""


@tagged("post_install", "-at_install")
class TestReadingsCombined(ReadingsCase):
    def test_the_main_file_of_5_1_from_end_to_end(self):
        campaigns = self.env["lead.distribution.campaign"]
        files = {"config/salesperson_campaigns.csv": PEOPLE, "./config/web_sources.txt": "# s\nOne\n"}
        one = self.source("One").id
        good = {"source_id": one, "campaign_id": self.utm_campaign("Voice_Campaign_7").id,
                "lead_status_id": self.status["new"].id, "source_date": self.days_ago(100)}  # fmt: skip
        lead = self.make_leads(**good)
        for change in ({"source_date": self.days_ago(60)}, {"source_id": False}, {"campaign_id": False},
                       {"lead_status_id": self.status["utr"].id}, {"user_id": self.manager.id}):  # fmt: skip
            self.make_leads(**{**good, **change})
        campaign = campaigns.load_config(MAIN, files)
        self.assertEqual(campaign, self.campaign)
        told = self.run_it(campaign)
        self.assertEqual(self.reasons(told), {"web_source": 1, "campaign": 1, "status": 1, "assigned": 1})
        self.assertEqual((lead.user_id, self.received(told), told["strategy"]), (self.ann, {"Ann": 1}, "level_based"))
        self.assertEqual((told["leads_in_range"], told["salespeople"][0]["level"]), (5, "senior"))

    def test_the_hard_coded_values_of_17_7_from_end_to_end(self):
        people = PEOPLE.replace("Mia,3,Apple", "Mia,3,Voice")
        head = """
salesperson_selection:
  source_type: campaign_table
  source_config: {campaign_table: {file_path: p.csv}}
"""
        team = self.env["crm.team"].create({"name": "Voice"})
        codes = ("utr", "call_back", "full_pitch_follow_up", "new")
        leads = {(user.name, code): self.make_leads(user_id=user.id, lead_status_id=self.status[code].id)
                 for user in self.ann + self.cem + self.manager for code in codes}  # fmt: skip
        campaign = self.env["lead.distribution.campaign"].load_config(head + HARD_CODED, {"p.csv": people})
        told = self.run_it(campaign)
        taken = {key for key, lead in leads.items() if lead.id in [row["lead_id"] for row in told["assignments"]]}
        self.assertEqual(taken, {("Ann", "utr"), ("Ann", "call_back"), *(("Cem", code) for code in codes)})
        self.assertEqual(self.reasons(told), {"excluded_user": 4, "holder_status": 2})
        moved = leads["Cem", "utr"]
        self.assertEqual((moved.team_id, moved.lead_status_id), (team, self.status["new"]))
        self.assertNotIn("Cem", self.received(told))

    def test_r12_a_section_beside_the_hard_coded_values_wins(self):
        campaign = self.load("""
        current_implementation: {date_range: {lowerlimit: 0, upperlimit: 30}, distribution: {strategy: random}}
        lead_finding: {date_range: {younger_than_days: 5}}
        """)
        self.assertEqual((campaign.younger_than_days, campaign.strategy), (5, "random"))

    def test_r26_r27_exclude_assigned_beside_a_pool_of_unassigned_leads(self):
        free = self.make_leads(lead_status_id=self.status["new"].id)
        self.make_leads(user_id=self.ann.id, lead_status_id=self.status["new"].id)
        self.assert_takes(
            free,
            """
        lead_finding:
          status_filters:
            active_salespeople: {statuses: [new]}
            unassigned: {statuses: [new], date_range_days: 3}
            exclude_assigned_leads: true
        """,
        )

    def test_r58_the_rotation_is_remembered_by_runs_and_not_moved_by_simulations(self):
        campaign = self.load("distribution: {strategy: round_robin}")
        got = []
        for _turn in range(3):
            lead = self.make_leads()
            for seed in range(5):
                self.plan(campaign, seed=seed)
            got.append(self.run_it(campaign, lead_ids=lead.ids)["assignments"][0]["user_id"])
            lead.active = False
        self.assertEqual(set(got), set((self.ann + self.bob + self.cem).ids))

    def test_r58_loading_again_keeps_the_place_in_the_rotation(self):
        got = []
        for _turn in range(3):
            lead = self.make_leads()
            told = self.run_it(self.load("distribution: {strategy: round_robin}"), lead_ids=lead.ids)
            got.append(told["assignments"][0]["user_id"])
            lead.active = False
        self.assertEqual(len(set(got)), 3)

    def test_r62_weighted_by_the_weights_of_the_people(self):
        head = """
campaign: {name: Reading}
salesperson_selection:
  source_type: list
  source_config: {salespeople_list: [{name: Ann, weight: 3}, {name: Bob, weight: 1}, {name: Cem, weight: 0}]}
"""
        self.make_leads(8)
        told = self.plan(self.load("distribution: {strategy: weighted}", head))
        self.assertEqual(self.received(told), {"Ann": 6, "Bob": 2, "Cem": 0})

    def test_r10_excluded_users_and_receivers_that_do_not_exist_stop_nothing(self):
        self.make_leads()
        head = HEAD.replace(
            "source_type: list", "source_type: list\n  campaign_filtering: {exclude_specific_users: [Zoe]}"
        )
        campaign = self.load("lead_finding: {excluded_users: [Zed]}", head)
        told = self.run_it(campaign)
        self.assertEqual((told["state"], told["leads_distributed"]), ("done", 1))
        self.assertIn("Zed", self.warned(campaign))
        self.assertFalse(campaign.protected_user_ids)

    def test_r12_a_dump_loads_back_and_tells_the_same(self):
        files = {"salesperson_campaigns.csv": PEOPLE, "web_sources.txt": "One\n"}
        campaign = self.env["lead.distribution.campaign"].load_config(MAIN, files)
        self.make_leads(source_id=self.source("One").id, campaign_id=self.utm_campaign("voice_2024").id,
                        lead_status_id=self.status["new"].id, source_date=self.days_ago(100))  # fmt: skip
        before, text = self.plan(campaign), campaign.dump_config()
        self.assertEqual(campaign.load_config(text), campaign)
        after = self.plan(campaign)
        for key in ("leads_found", "exclusions", "date_range", "assignments", "salespeople", "strategy"):
            self.assertEqual(before[key], after[key], key)
        self.assertEqual(campaign.dump_config(), text)

    def test_r68_a_run_is_reverted(self):
        lead = self.make_leads(user_id=self.manager.id, lead_status_id=self.status["utr"].id)
        run = self.load("distribution: {status_reset: new}").distribute(seed=1)
        self.assertNotEqual(lead.user_id, self.manager)
        run.action_revert()
        told = run.to_dict()
        self.assertEqual((told["state"], told["assignments"][0]["state"]), ("reverted", "reverted"))
        self.assertEqual((lead.user_id, lead.lead_status_id), (self.manager, self.status["utr"]))

    def test_r71_the_plan_that_was_looked_at_is_the_one_that_is_applied(self):
        leads = self.make_leads(6)
        run = self.load().simulate(seed=3)
        planned = {row["lead_id"]: row["user_id"] for row in run.to_dict()["assignments"]}
        run.action_apply()
        self.assertEqual({lead.id: lead.user_id.id for lead in leads}, planned)
        self.assertEqual(run.to_dict()["state"], "done")

    def test_r6_codes_that_differ_in_an_underscore_are_two_statuses(self):
        one, two = (self.make_leads(lead_status_id=self.new_status(c, c + "?").id) for c in ("call_me", "callme"))
        self.assert_takes(one, "lead_finding: {additional_filters: {status: [Call Me]}}")
        self.assert_takes(two, "lead_finding: {additional_filters: {status: [CallMe]}}")
        last = self.make_leads(lead_status_id=self.new_status("call_me_", "Third").id)
        self.assert_takes(last, "lead_finding: {additional_filters: {status: [call_me_]}}")
        self.assert_takes(one, "lead_finding: {additional_filters: {status: ['call me ']}}")
