"""What docs/developer/readings.md says of words and values that hold everywhere, through load_config."""

import json
from datetime import datetime
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .readings_common import HEAD, ReadingsCase


@tagged("post_install", "-at_install")
class TestReadingsWords(ReadingsCase):
    def test_r1_without_sections_every_open_lead_of_whatever_age_and_holder_is_taken(self):
        leads = self.make_leads(source_date=self.days_ago(900), lead_status_id=self.status["dnc"].id)
        leads += self.make_leads(source_date=False, lead_status_id=self.status["won"].id)
        leads += self.make_leads(source_date=self.today, user_id=self.manager.id, priority="0")
        team = leads[0].team_id
        campaign = self.load()
        told = self.run_it(campaign)
        self.assertEqual((told["leads_found"], told["exclusions"], told["date_range"]), (3, {}, [None, None]))
        self.assertEqual(leads[0].lead_status_id, self.status["dnc"])
        self.assertEqual(leads[0].team_id, team)

    def test_r1_defaults_hold_only_inside_a_section_that_is_there(self):
        in_window = self.make_leads(source_date=self.days_ago(30))
        self.make_leads(source_date=self.days_ago(31))
        self.assert_takes(in_window, "lead_finding: {date_range: {older_than_days: 0}}")

    def test_r2_today_is_the_date_of_the_campaigns_time_zone(self):
        now = datetime(2026, 3, 10, 23, 30)
        with patch.object(fields.Datetime, "now", lambda *a: now):
            campaign = self.load("lead_finding: {date_range: {younger_than_days: 3, older_than_days: 0}}")
            campaign.tz = "Pacific/Kiritimati"
            self.assertEqual(self.plan(campaign)["date_range"], ["2026-03-08", "2026-03-10"])
            campaign.tz = "UTC"
            self.assertEqual(self.plan(campaign)["date_range"], ["2026-03-07", "2026-03-09"])

    def test_r3_each_lead_has_the_first_reason_of_the_order(self):
        dnc, test = self.status["dnc"].id, self.tag("test")
        partner = self.env["res.partner"].create({"name": "P"})
        self.env["crm.lead"].create({"name": "Opp", "type": "opportunity", "partner_id": partner.id})
        good = {"source_id": self.source("Good").id, "campaign_id": self.utm_campaign("Spring").id,
                "lead_status_id": self.status["new"].id, "user_id": self.ann.id, "phone": "1",
                "priority": "2"}  # fmt: skip
        for change in (
            {"lead_status_id": dnc, "partner_id": partner.id}, {"partner_id": partner.id, "source_id": False},
            {"source_id": False, "campaign_id": False}, {"campaign_id": False, "user_id": self.manager.id},
            {"user_id": self.manager.id, "lead_status_id": self.status["won"].id},
            {"user_id": False, "lead_status_id": self.status["won"].id},
            {"lead_status_id": self.status["won"].id}, {"lead_status_id": self.status["utr"].id, "tag_ids": test.ids},
            {"tag_ids": test.ids, "phone": False}, {"phone": " ", "priority": "0"}, {"priority": "0"}, {},
        ):  # fmt: skip
            self.make_leads(**{**good, **change})
        told = self.plan(
            self.load("""
        lead_finding:
          web_sources: [good]
          campaigns: [spring]
          excluded_users: [Mia]
          status_filters:
            active_salespeople: {statuses: [new, utr, won]}
            exclude_closed_leads: true
          additional_filters:
            status: [new]
            exclude_tags: [test]
            required_fields: [phone]
            min_priority: 2
            exclude_dnc: true
            exclude_assigned: true
          sales_filter: {enabled: true}
        """)
        )
        self.assertEqual(self.reasons(told), {
            "dnc": 1, "sales": 1, "web_source": 1, "campaign": 1, "excluded_user": 1, "no_holder": 1, "closed": 1,
            "status": 1, "tags": 1, "required_fields": 1, "priority": 1, "assigned": 1,
        })  # fmt: skip

    def test_r4_do_not_call_is_never_dropped_back(self):
        self.make_leads(source_date=self.days_ago(99), lead_status_id=self.status["dnc"].id)
        told = self.run_it(
            self.load("""
        lead_finding:
          additional_filters: {exclude_dnc: true}
          dropback_filter: {enabled: true, campaign_assignments: {default: Ann}}
        """)
        )
        self.assertEqual((told["dropback"], self.reasons(told)), ([], {"dnc": 1}))

    def test_r5_the_holder_is_open_user_else_user_and_never_the_closer(self):
        free = self.make_leads(closer_id=self.ann.id)
        self.make_leads(user_id=self.ann.id)
        self.make_leads(open_user_id=self.bob.id)
        self.assert_takes(free, "lead_finding: {additional_filters: {exclude_assigned: true}}")
        held = self.make_leads(user_id=self.manager.id, open_user_id=self.ann.id)
        self.make_leads(user_id=self.ann.id, open_user_id=self.manager.id)
        ann = self.make_leads(user_id=self.ann.id)
        leads = self.taken("lead_finding: {status_filters: {active_salespeople: {statuses: []}}}")
        self.assertLessEqual(held + ann, leads)
        self.assertFalse(leads.filtered(lambda lead: lead.open_user_id == self.manager))

    def test_r6_statuses_by_code_or_label_in_their_normal_form(self):
        lead = self.make_leads(lead_status_id=self.status["full_pitch_follow_up"].id)
        other = self.make_leads(lead_status_id=self.new_status("fullpitch_follow_up", "Another").id)
        for name in ("Full Pitch Follow Up ", " full__pitch_follow_up", "FULL PITCH  FOLLOW_UP"):
            self.assert_takes(lead, f'lead_finding: {{additional_filters: {{status: ["{name}"]}}}}')
            self.assert_takes(
                lead,
                f"""
            lead_finding:
              additional_filters:
                status: {{values: ["{name}"], case_sensitive: true}}
            """,
            )
        self.assert_takes(other, "lead_finding: {additional_filters: {status: [ANOTHER]}}")
        self.assert_takes(other, "lead_finding: {additional_filters: {status: [Fullpitch_follow up]}}")

    def test_r6_in_partial_and_regex_mode_the_code_or_the_label_matches(self):
        lead = self.make_leads(lead_status_id=self.new_status("abc", "Waiting list").id)
        self.make_leads(lead_status_id=self.status["new"].id)
        for block in ('{values: ["waiting"], match_mode: partial}', '{values: [ab], match_mode: partial}',
                      '{match_mode: regex, regex_patterns: ["wait.*"]}',
                      '{match_mode: regex, regex_patterns: ["^abc"]}',
                      '{match_mode: regex, regex_patterns: ["waiting_"]}'):  # fmt: skip
            self.assert_takes(lead, f"lead_finding: {{additional_filters: {{status: {block}}}}}")

    def test_r7_what_is_empty_matches_no_value_in_no_mode(self):
        lead = self.make_leads()
        for mode in ("exact", "partial"):
            for section in (f"web_sources: {{source_config: {{sources: [a]}}, match_mode: {mode}}}",
                            f"campaigns: {{types: [a], match_mode: {mode}}}",
                            f"additional_filters: {{status: {{values: [new], match_mode: {mode}}}}}",
                            f"additional_filters: {{include_tags: {{values: [a], match_mode: {mode}}}}}"):  # fmt: skip
                self.assertFalse(self.taken(f"lead_finding: {{{section}}}"), section)
        for section in ("web_sources: {match_mode: regex, regex_patterns: ['.*']}",
                        "campaigns: {match_mode: regex, regex_patterns: ['.*']}",
                        "campaigns: {match_patterns: ['*']}"):  # fmt: skip
            self.assertFalse(self.taken(f"lead_finding: {{{section}}}"), section)
        for section in ("dnc_filtering: {match_mode: partial}", "dnc_filtering: {match_mode: regex}",
                        "{exclude_dnc: true, dnc_match_mode: partial}"):  # fmt: skip
            block = section if section.startswith("{") else f"{{{section}}}"
            self.assert_takes(lead, f"lead_finding: {{additional_filters: {block}}}")

    def test_r8_the_specification_counts_from_1_where_odoo_counts_from_0(self):
        low, medium, high, top = leads = self.env["crm.lead"].union(*(self.make_leads(priority=p) for p in "0123"))
        for block, expected in (
            ("min_priority: 2", medium + high + top), ("max_priority: 1", low), ("min_priority: 5", leads.browse()),
            ("priority_range: {min: 4, max: 5}", top), ("priority_range: {min: 2}", medium + high + top),
            ("priority_range: {max: 3}", low + medium + high),
        ):  # fmt: skip
            self.assert_takes(expected, f"lead_finding: {{additional_filters: {{{block}}}}}")
        none = self.make_leads(priority=False)
        self.assert_takes(low + none, "lead_finding: {additional_filters: {max_priority: 1}}")

    def test_r8_a_priority_to_be_written_is_at_most_odoos_highest(self):
        for given, written in ((1, "0"), (4, "3"), (5, "3")):
            lead = self.make_leads(source_date=self.days_ago(50))
            self.run_it(
                self.load(f"""
            lead_finding:
              dropback_filter:
                enabled: true
                assignment_rules: {{default: {{user: Ann, priority: {given}}}}}
            """)
            )
            self.assertEqual(lead.priority, written)
            lead.active = False

    def test_r9_fields_of_the_specification(self):
        lead = self.make_leads(email_from="a@b.c", source_id=self.source("S").id, lead_status_id=self.status["new"].id)
        self.make_leads()
        self.assert_takes(
            lead, "lead_finding: {additional_filters: {required_fields: [name, email, status, web_source]}}"
        )
        self.refuse("lead_finding: {additional_filters: {required_fields: [x_none]}}",
                    "lead_finding.additional_filters.required_fields[0]")  # fmt: skip
        self.refuse(
            """
        lead_finding:
          dropback_filter: {enabled: true, age_thresholds: {a: {days: 3, conditions: ["x_none >= 3"]}}}
        """,
            "x_none",
            "lead_finding.dropback_filter.age_thresholds.a.conditions[0]",
        )

    def test_r10_the_name_wins_over_the_id_and_a_name_without_a_user_is_left_out(self):
        head = """
        campaign: {name: Reading}
        salesperson_selection: {source_type: file, source_config: {file_path: people.txt}}
        """
        text = f"ann|{self.bob.id}|senior|10\n|{self.cem.id}|junior|5\nNobody|{self.bob.id}|junior|5\n"
        campaign = self.load("", head, {"people.txt": text})
        self.assertEqual(campaign.member_ids.user_id, self.ann + self.cem)
        self.assertIn("Nobody", self.warned(campaign))
        self.assertTrue(any("Nobody" in warning for warning in self.plan(campaign)["warnings"]))

    def test_r11_a_status_is_created_and_a_team_is_not(self):
        lead = self.make_leads()
        campaign = self.load("distribution: {status_reset: Brand New, team_assignment: No such team}")
        team = lead.team_id
        self.assertIn("No such team", self.warned(campaign))
        self.run_it(campaign)
        self.assertEqual((lead.lead_status_id.code, lead.team_id), ("brand_new", team))

    def test_r12_all_problems_are_told_at_once_with_their_paths(self):
        self.refuse("""
        unheard_of: 1
        lead_finding:
          date_range: {custom_start_date: someday, older_than_days: many, exclude_weekends: perhaps}
          web_sources: {source_type: file, source_config: {file_path: gone.txt}, match_mode: fuzzy}
          campaigns: {match_mode: regex, regex_patterns: ["("]}
          additional_filters: {status: 5, min_priority: 9, nonsense: true, required_fields: name}
          excluded_users: Ann
        distribution:
          strategy: magic
          level_based: {fill_strategy: upwards, levels: [a]}
          round_robin_override: {enabled: 1, distribution_order: backwards, trigger_conditions: [when_it_rains]}
        execution: {max_leads_per_run: lots}
        """, "unheard_of", "lead_finding.date_range.custom_start_date", "lead_finding.date_range.older_than_days",
            "lead_finding.date_range.exclude_weekends", "lead_finding.web_sources.match_mode", "gone.txt",
            "lead_finding.campaigns.regex_patterns[0]", "lead_finding.additional_filters.status",
            "lead_finding.additional_filters.min_priority", "lead_finding.additional_filters.nonsense",
            "lead_finding.additional_filters.required_fields", "lead_finding.excluded_users",
            "distribution.strategy", "distribution.level_based.fill_strategy", "distribution.level_based.levels",
            "distribution.round_robin_override.enabled", "distribution.round_robin_override.distribution_order",
            "distribution.round_robin_override.trigger_conditions[0]", "execution.max_leads_per_run",
        )  # fmt: skip

    def test_r12_unknown_sources_campaigns_and_levels_are_warned_about(self):
        warned = self.warned(
            self.load("""
        lead_finding: {web_sources: [nowhere], campaigns: [never]}
        distribution: {strategy: level_based, level_based: {levels: {senior: {salespeople: [Ghost]}}}}
        odoo_connection: {host: "h", port: 8069}
        """)
        )
        for word in ("nowhere", "never", "Ghost", "mid_level", "odoo_connection"):
            self.assertIn(word, warned)

    def test_r12_the_same_from_a_dict_and_from_json(self):
        config = {
            "campaign": {"name": "J"},
            "execution": {"max_leads_per_run": 4},
            "distribution": {"strategy": "random"},
        }
        for source in (config, json.dumps(config), json.dumps(config).encode()):
            campaign = self.env["lead.distribution.campaign"].load_config(source)
            self.assertEqual((campaign.name, campaign.max_leads, campaign.strategy), ("J", 4, "random"))
            campaign.unlink()

    def test_r12_loading_again_removes_what_is_not_named_any_more(self):
        campaign = self.load("""
        lead_finding:
          date_range: {younger_than_days: 9}
          web_sources: [a]
          excluded_users: [Ann]
          status_filters: {unassigned: {statuses: [new]}}
          additional_filters: {exclude_dnc: true, required_fields: [phone], priority_range: {min: 3}}
          activity_deadline: {exclude_within_days: 3}
          sales_filter: {enabled: true}
          dropback_filter: {enabled: true, campaign_assignments: {default: Ann}}
        distribution:
          strategy: level_based
          status_reset: new
          level_based: {levels: {boss: {target_leads: 3, priority: 1, salespeople: [Ann]}}}
          advanced_rules: {workload_balancing: {enabled: true, max_daily_distribution: 1}}
        execution: {max_leads_per_run: 1}
        """)
        head = HEAD.replace("[Ann, Bob, Cem]", "[Bob]")
        self.assertEqual(self.load("", head), campaign)
        self.assertEqual(campaign.member_ids.user_id, self.bob)
        lead = self.make_leads(
            2, lead_status_id=self.status["dnc"].id, user_id=self.ann.id, source_date=self.days_ago(99)
        )
        told = self.run_it(campaign)
        self.assertEqual((told["strategy"], told["leads_distributed"], told["exclusions"]), ("round_robin", 2, {}))
        self.assertEqual(lead.lead_status_id, self.status["dnc"])
        self.assertEqual([line["target"] for line in told["salespeople"]], [150])

    def test_r12_files_are_found_in_whatever_spelling_of_the_path(self):
        text = "lead_finding: {web_sources: {source_type: file, source_config: {file_path: %s}}}"
        for named in ("config/x.txt", "./config/x.txt", "x.txt", "./x.txt"):
            for given in ("config/x.txt", "./config/x.txt", "x.txt", "./x.txt"):
                campaign = self.load(text % named, files={given: "one\n# two\n\n three \n"})
                self.assertEqual(campaign.filter_ids.values_text, "one\nthree", (named, given))

    def test_r13_over_seeds_the_winner_of_a_tie_changes(self):
        lead = self.make_leads()
        for strategy in ("round_robin", "level_based", "proportional", "capacity_based", "weighted", "random"):
            campaign = self.load(f"distribution: {{strategy: {strategy}}}")
            winners = {self.plan(campaign, seed=seed)["assignments"][0]["user_id"] for seed in range(30)}
            self.assertEqual(winners, set((self.ann + self.bob + self.cem).ids), strategy)
            again = {self.plan(campaign, seed=3)["assignments"][0]["user_id"] for _n in range(3)}
            self.assertEqual(len(again), 1)
        self.assertFalse(lead.user_id)
