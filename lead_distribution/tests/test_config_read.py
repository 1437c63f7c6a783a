"""Configurations as text: what is read, what is refused, and how it is told."""

from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from .common import SALESPERSON, DistributionCase
from .config_common import CSV, ConfigCase


@tagged("post_install", "-at_install")
class TestConfigText(DistributionCase):
    def load(self, text, **options):
        return self.env["lead.distribution.campaign"].load_config(text, **options)

    def refuse(self, text, *parts, **options):
        with self.assertRaises(ValidationError) as caught:
            self.load(text, **options)
        for part in parts:
            self.assertIn(part, str(caught.exception))
        return str(caught.exception)

    def test_yaml_json_and_a_dict_give_the_same_campaign(self):
        yaml = 'campaign:\n  name: "Text"\nlead_finding:\n  date_range:\n    younger_than_days: 12\n'
        json = '{"campaign": {"name": "Text"},\n\t"lead_finding": {"date_range": {"younger_than_days": 12}}}'
        data = {"campaign": {"name": "Text"}, "lead_finding": {"date_range": {"younger_than_days": 12}}}
        campaigns = {self.load(source) for source in (yaml, yaml.encode(), json, data)}
        self.assertEqual(len(campaigns), 1)
        campaign = campaigns.pop()
        self.assertTrue(campaign.use_window)
        self.assertEqual((campaign.older_than_days, campaign.younger_than_days), (0, 12))

    def test_a_campaign_is_found_by_its_name_and_brought_up_to_date(self):
        self.assertEqual(self.load("campaign: {name: Voice, description: new}"), self.campaign)
        self.assertEqual(self.campaign.description, "new")
        self.campaign.active = False
        self.assertEqual(self.load("campaign: {name: Voice}"), self.campaign)
        self.assertTrue(self.campaign.active)

    def test_all_problems_are_told_at_once_with_paths_and_lines(self):
        text = """campaign:
  name: Text
lead_finding:
  date_range:
    younger_then_days: 30
    custom_start_date: 2024-02-31
  web_sources:
    match_mode: exakt
    source_config: [a]
distribution:
  strategy: by_magic
extra: 1
"""
        message = self.refuse(
            text,
            "lead_finding.date_range.younger_then_days (line 5)",
            "Did you mean “younger_than_days”?",
            "lead_finding.date_range.custom_start_date (line 6)",
            "lead_finding.web_sources.match_mode (line 8)",
            "Did you mean “exact”?",
            "lead_finding.web_sources.source_config (line 9)",
            "distribution.strategy (line 11)",
            "extra (line 12)",
        )
        self.assertIn("6 problems", message)
        self.assertFalse(self.env["lead.distribution.campaign"].search([("name", "=", "Text")]))

    def test_a_key_at_the_wrong_place_is_told_where_it_belongs(self):
        self.refuse("campaign: {name: A, strategy: round_robin}", "campaign.strategy", "it belongs to distribution")

    def test_a_key_that_is_there_twice_is_refused(self):
        self.refuse("campaign: {name: A}\ncampaign: {name: B}", "campaign (line 2)", "twice", "line 1")
        self.refuse('{"campaign": {"name": "A", "name": "B"}}', "twice")

    def test_the_notation_for_alternatives_is_refused_with_all_its_values(self):
        text = 'campaign: {name: A}\nlead_finding:\n  web_sources:\n    match_mode: "exact" | "partial"  # one of\n'
        self.refuse(text, "lead_finding.web_sources.match_mode (line 4)", "exact, partial")

    def test_broken_texts_are_refused_in_one_line(self):
        self.refuse("campaign: [", "This is no YAML", "line 1")
        self.refuse("", "empty")
        self.refuse("# only a comment", "empty")
        self.refuse("- a\n- b", "keys and values")
        self.refuse(b"\xff\xfe\x00", "UTF-8")
        self.refuse("campaign: {name: A}\n---\ncampaign: {name: B}", "This is no YAML")
        self.refuse(42, "keys and values")
        self.refuse({"campaign": {"name": self.campaign}}, "campaign.name", "type")

    def test_hostile_texts_are_refused(self):
        laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + "".join(
            f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10)
        )
        self.refuse(laughs, "more than")
        self.refuse("campaign: &a [*a]", "nested")
        self.refuse("campaign: " + "[" * 5000, "nested")
        self.refuse('{"a":' * 50000, "nested")
        self.refuse("campaign: {name: !!python/object/apply:os.system [id]}", "not allowed")
        self.refuse("a" * 2_000_001, "longer")

    def test_aliases_and_merge_keys_are_read(self):
        campaign = self.load("""
campaign: {name: Text}
lead_finding:
  status_filters:
    active_salespeople: &pool {statuses: [utr], date_range_days: 9}
    inactive_salespeople: {<<: *pool, statuses: [new]}
""")
        pools = {pool.holder: (pool.status_ids.mapped("code"), pool.max_age_days) for pool in campaign.pool_ids}
        self.assertEqual(pools, {"active_member": (["utr"], 9), "inactive_member": (["new"], 9)})

    def test_variables_are_filled_in_only_where_the_caller_allows_it(self):
        text = (
            "campaign: {name: Text}\nexecution: {max_leads_per_run: '${LIMIT}'}\nodoo_connection: {host: '${HOST}'}\n"
        )
        self.refuse(text, "execution.max_leads_per_run", "Variables are not filled in")
        self.refuse(text, "LIMIT", variables={"HOST": "x"})
        self.assertEqual(self.load(text, variables={"LIMIT": "12"}).max_leads, 12)

    def test_settings_of_connections_and_their_pools_are_taken_and_told_as_not_needed(self):
        self.load(
            "campaign: {name: Text}\nodoo_connection: {host: a, port: 8069, timeout: 5}\n"
            "database_connection: {host: b, pool_name: p, pool_size: 5, autocommit: true, charset: utf8mb4}\n"
        )
        told = self.env["lead.distribution.campaign"].check_config(
            "campaign: {name: Text}\ndatabase_connection: {pool_size: 5}"
        )
        self.assertFalse(told["problems"])
        self.assertIn("database_connection", str(told["unneeded"]))

    def test_the_server_s_own_variables_stay_secret(self):
        self.refuse("campaign: {name: '${PATH}'}", "Variables are not filled in")

    def test_without_a_name_nothing_is_loaded_except_into_a_campaign(self):
        self.refuse("execution: {dry_run: true}", "campaign.name", "missing")
        self.assertEqual(self.campaign.load_config("execution: {dry_run: true}"), self.campaign)
        self.assertTrue(self.campaign.plan_only)

    def test_salespeople_may_not_load_nor_read_configurations(self):
        user = self.make_user("sid", SALESPERSON)
        campaigns = self.env["lead.distribution.campaign"].with_user(user)
        with self.assertRaises(AccessError):
            campaigns.load_config("campaign: {name: A}")
        with self.assertRaises(AccessError):
            self.campaign.with_user(user).dump_config()

    def test_a_manager_may_load_and_dump(self):
        campaigns = self.env["lead.distribution.campaign"].with_user(self.manager)
        text = "campaign: {name: Text}\nlead_finding: {status_filters: {unassigned: {statuses: [brand_new_status]}}}"
        campaign = campaigns.load_config(text)
        self.assertEqual(campaign.pool_ids.status_ids.code, "brand_new_status")
        self.assertIn("brand_new_status", campaign.dump_config())


@tagged("post_install", "-at_install")
class TestConfigValues(ConfigCase):
    def test_r1_what_is_not_named_is_off(self):
        campaign = self.load()
        for name in (
            "use_window", "use_dnc", "dnc_by_category", "dnc_email_blacklist", "dnc_phone_blacklist",
            "protect_activities", "exclude_closed", "exclude_assigned", "exclude_inactive_users", "use_priority",
            "use_sales_filter", "use_dropback", "use_override", "allow_overflow", "use_max_workload",
            "fallback_round_robin", "include_inactive", "exclude_weekends", "status_reset_id", "team_id",
        ):  # fmt: skip
            self.assertFalse(campaign[name], name)
        self.assertEqual(campaign.pool_mode, "all")
        self.assertFalse(campaign.pool_ids + campaign.filter_ids.campaign_id.pool_ids)
        self.assertFalse(campaign.dnc_filter_ids)
        self.assertEqual((campaign.max_daily, campaign.max_leads, campaign.frequency), (0, 0, "manual"))
        held = self.make_leads(1, user_id=self.ann.id, source_date=self.days_ago(900))
        closed = self.make_leads(1, lead_status_id=self.status["won"].id, source_date=False)
        blocked = self.make_leads(1, lead_status_id=self.status["dnc"].id)
        found, refused = self.find_in(campaign)
        self.assertEqual((found, refused), (held + closed + blocked, {}))

    def test_r1_a_campaign_made_by_hand_loses_what_the_text_does_not_name(self):
        self.assertTrue(self.campaign.use_window and self.campaign.use_dnc and self.campaign.pool_ids)
        self.load(name="Voice", people=False)
        self.assertFalse(self.campaign.use_window or self.campaign.use_dnc or self.campaign.pool_ids)
        self.assertFalse(self.campaign.dnc_filter_ids)
        self.assertEqual(len(self.campaign.member_ids), 3, "people stay where the text does not speak of them")

    def test_r1_a_section_that_is_there_has_defaults(self):
        campaign = self.finding(date_range={}, activity_deadline={})
        self.assertEqual((campaign.use_window, campaign.older_than_days, campaign.younger_than_days), (True, 0, 30))
        self.assertEqual((campaign.protect_activities, campaign.activity_days), (True, 4))

    def test_r12_wrong_types_are_refused(self):
        self.refuse(
            "lead_finding.date_range.younger_than_days", "lead_finding.date_range.exclude_weekends",
            "lead_finding.excluded_users", "lead_finding.web_sources", "lead_finding.additional_filters.status",
            "execution.max_leads_per_run", "campaign.active", "lead_finding.additional_filters.max_priority",
            "-3", "lead_finding.sales_filter.enabled",
            campaign={"name": "Text", "active": "perhaps"},
            lead_finding={
                "date_range": {"younger_than_days": "thirty", "exclude_weekends": "no"},
                "excluded_users": "Ann",
                "web_sources": 5,
                "additional_filters": {"status": "new", "max_priority": 6},
                "sales_filter": {"enabled": 1},
            },
            execution={"max_leads_per_run": -3},
        )  # fmt: skip

    def test_r12_broken_regexes_are_refused_with_their_place(self):
        self.refuse(
            "lead_finding.web_sources.regex_patterns[1]",
            "lead_finding.additional_filters.dnc_filtering.regex_patterns[0]",
            "lead_finding.dropback_filter.web_source_matching.campaign_patterns.Voice.pattern_matches[0]",
            lead_finding={
                "web_sources": {"match_mode": "regex", "regex_patterns": ["^ok", "(broken"]},
                "additional_filters": {"dnc_filtering": {"regex_patterns": ["[a"]}},
                "dropback_filter": {
                    "enabled": True,
                    "web_source_matching": {"campaign_patterns": {"Voice": {"pattern_matches": ["*x"]}}},
                },
            },
        )

    def test_r12_unknown_choices_are_refused(self):
        self.refuse(
            "distribution.strategy", "distribution.level_based.fill_strategy",
            "distribution.round_robin_override.distribution_order",
            "distribution.round_robin_override.trigger_conditions[0]",
            "lead_finding.additional_filters.dnc_match_mode", "salesperson_selection.source_type",
            salesperson_selection={"source_type": "magic"},
            lead_finding={"additional_filters": {"dnc_match_mode": "fuzzy"}},
            distribution={
                "strategy": "fastest",
                "level_based": {"fill_strategy": "random"},
                "round_robin_override": {"distribution_order": "size", "trigger_conditions": ["when_it_rains"]},
            },
        )  # fmt: skip

    def test_r12_a_file_that_is_named_but_not_given_is_refused(self):
        selection = {"source_type": "file", "source_config": {"file_path": "config/people.txt"}}
        sources = {"source_type": "file", "source_config": {"file_path": "web_sources.txt"}}
        self.refuse(
            "salesperson_selection.source_config.file_path: The file config/people.txt is named",
            "lead_finding.web_sources.source_config.file_path",
            salesperson_selection=selection,
            lead_finding={"web_sources": sources},
        )

    def test_keys_that_odoo_does_not_need_are_accepted_and_told(self):
        campaign = self.load(
            odoo_connection={"host": "${ODOO_HOST}", "port": 8069},
            database_connection={"host": "localhost", "port": 3306, "password": "${SECRET}"},
            tracking={"enabled": True, "batch_size": 1000, "async_tracking": False},
            security={"encrypt_sensitive_data": True},
            execution={"batch_size": 50},
        )
        told = "\n".join(self.told(campaign, "unneeded"))
        for path in (
            "odoo_connection",
            "database_connection",
            "tracking.batch_size",
            "security.encrypt_sensitive_data",
            "execution.batch_size",
        ):
            self.assertIn(f"{path}: Not needed", told)
        self.assertNotIn("SECRET", told)

    def test_checking_writes_nothing_and_says_what_would_happen(self):
        campaigns = self.env["lead.distribution.campaign"]
        right = campaigns.check_config({"campaign": {"name": "New one"}, "distribution": {"status_reset": "shiny"}})
        self.assertEqual((right["action"], right["problems"]), ("create", []))
        self.assertIn("shiny", "\n".join(right["notes"]))
        self.assertFalse(campaigns.search([("name", "=", "New one")]))
        self.assertNotIn("shiny", self.env["crm.lead.status"].search([]).mapped("code"))
        wrong = campaigns.check_config("campaign: {name: Voice, nmae: x}")
        self.assertEqual((wrong["action"], len(wrong["problems"])), ("update", 1))
        known = campaigns.check_config("campaign: {name: Voice}\nlead_finding: {excluded_users: [Nobody Known]}")
        self.assertEqual(known["problems"], [])
        self.assertIn("Nobody Known", known["warnings"][0])

    def test_r24_own_dates_are_read_as_dates_or_texts(self):
        campaign = self.finding(date_range={"custom_start_date": "2024-01-31", "custom_end_date": date(2024, 2, 29)})
        self.assertEqual(str(campaign.custom_date_from), "2024-01-31")
        self.assertEqual(str(campaign.custom_date_to), "2024-02-29")
        self.refuse("ends before it starts", lead_finding={
            "date_range": {"custom_start_date": "2024-02-01", "custom_end_date": "2024-01-01"}})  # fmt: skip

    def test_a_named_range_can_be_chosen(self):
        own = {"last_week": {"older_than_days": 1, "younger_than_days": 7}}
        campaign = self.finding(date_range={"strategy": "last_week"}, date_range_strategies=own)
        self.assertEqual((campaign.older_than_days, campaign.younger_than_days), (1, 7))
        campaign = self.finding(date_range={"strategy": "stale_lead_recovery"})
        self.assertEqual((campaign.older_than_days, campaign.younger_than_days), (60, 180))
        self.refuse("date_range.strategy", lead_finding={"date_range": {"strategy": "someday"}})
        self.assertFalse(self.finding(date_range_strategies=own).use_window)

    def test_an_empty_window_is_warned_about(self):
        campaign = self.finding(date_range={"older_than_days": 30, "younger_than_days": 10})
        self.assertIn("empty", "\n".join(self.told(campaign, "warning")))

    def test_days_without_end_reach_as_far_as_dates_go(self):
        campaign = self.finding(
            date_range={"younger_than_days": 9999999},
            status_filters={"unassigned": {"date_range_days": 9999999}},
            activity_deadline={"exclude_within_days": 9999999},
        )
        lead = self.make_leads(1, source_date="1990-01-01")
        self.assertEqual(self.find_in(campaign)[0], lead)

    def test_the_current_implementation_is_read(self):
        campaign = self.env["lead.distribution.campaign"].load_config("""
current_implementation:
  date_range: {lowerlimit: 0, upperlimit: 30}
  excluded_users: ["Cem", "Somebody Who Left"]
  status_filters:
    active_salespeople: {statuses: ["Utr", "Call Back"]}
    inactive_salespeople: {statuses: ["Full Pitch Follow Up", "Full Pitch Follow Up ", "New"]}
  campaign_filters: {campaign_name: "Current"}
  dnc_filtering: {enabled: true, statuses: ["dnc"], exclude_dnc_tags: false}
  activity_deadline: {exclude_within_days: 4}
  distribution: {strategy: "round_robin", randomize_order: true, team_assignment: "Direct", status_reset: "New"}
""")
        team = self.env["crm.team"].search([("name", "=", "Direct")], limit=1)
        self.assertEqual(campaign.name, "Current")
        self.assertEqual(campaign.protected_user_ids, self.cem)
        self.assertEqual((campaign.use_window, campaign.younger_than_days, campaign.activity_days), (True, 30, 4))
        self.assertEqual(
            [(p.holder, p.status_ids.mapped("code")) for p in campaign.pool_ids],
            [("active_member", ["utr", "call_back"]), ("inactive_member", ["full_pitch_follow_up", "new"])]
            if campaign.pool_ids[1].status_ids[0].code == "full_pitch_follow_up"
            else [("active_member", ["utr", "call_back"]), ("inactive_member", ["new", "full_pitch_follow_up"])],
        )
        self.assertEqual((campaign.status_reset_id.code, campaign.team_id), ("new", team))
        self.assertEqual(campaign.dnc_filter_ids.mapped("values_text"), ["dnc"])

    def test_a_campaign_table_file_is_found_under_its_bare_name(self):
        selection = {
            "source_type": "campaign_table",
            "source_config": {"campaign_table": {"file_path": "./config/people.csv"}},
            "campaign_filtering": {"target_campaign": "Voice"},
        }
        for name in ("./config/people.csv", "config/people.csv", "people.csv"):
            campaign = self.load({name: CSV.encode()}, salesperson_selection=selection)
            self.assertEqual(len(campaign.with_context(active_test=False).member_ids), 3)
