"""Dropback, strategy and errors of loaded campaigns."""

from odoo.tests import tagged

from .config_common import ConfigCase


@tagged("post_install", "-at_install")
class TestConfigDropback(ConfigCase):
    def dropback(self, **block):
        return self.finding(dropback_filter={"enabled": True, **block})

    def rules(self, campaign):
        return {rule.name: rule for rule in campaign.dropback_rule_ids}

    def drop(self, campaign, **values):
        """Return the name of the rule and the user of an old lead that drops back."""
        lead = self.make_leads(1, source_date=self.days_ago(90), **values)
        run = campaign.simulate(lead_ids=lead.ids)
        rows = run.to_dict()["dropback"]
        return (rows[0]["rule"], rows[0]["user_id"]) if rows else None

    def source(self, name):
        return {"source_id": self.env["utm.source"].create({"name": name}).id}

    def test_r44_r45_lists_patterns_and_their_order(self):
        campaign = self.dropback(
            web_source_campaign_mapping={"voice_sources": ["my iphone shop"], "default_campaign": "rest"},
            web_source_matching={"campaign_patterns": {
                "Voice": {"pattern_matches": [".*phone.*"]}, "Apple": {"pattern_matches": [".*iphone.*"]}}},
            campaign_assignments={"Apple": "Bob", "Voice": "Ann", "rest": "Cem"},
        )  # fmt: skip
        self.assertEqual(list(self.rules(campaign)), ["Voice", "Apple", "rest"])
        self.assertEqual(self.drop(campaign, **self.source("the iphone")), ("Voice", self.ann.id))
        self.assertEqual(self.drop(campaign, **self.source("other")), ("rest", self.cem.id))
        self.assertIn("also fits “iphone”", "\n".join(self.told(campaign, "warning")))

    def test_r44_the_next_field_is_tried_where_one_gives_nothing(self):
        campaign = self.dropback(
            web_source_matching={
                "primary_field": "source_id",
                "fallback_fields": [{"field": "x_gone", "type": "char"}, {"field": "referred", "type": "char"}],
                "campaign_patterns": {"Apple": {"exact_matches": ["apple page"]}},
            },
            assignment_rules={"Apple": {"user": "Bob"}, "default": {"user": "Cem"}},
        )
        self.assertIn("x_gone", "\n".join(self.told(campaign, "warning")))
        self.assertEqual(self.drop(campaign, referred="Apple Page", **self.source("x")), ("Apple", self.bob.id))
        self.assertEqual(self.drop(campaign), ("default", self.cem.id))

    def test_r46_who_gets_it(self):
        campaign = self.dropback(
            web_source_campaign_mapping={
                name: [name] for name in ("one_sources", "two_sources", "three_sources", "four_sources")
            },
            assignment_rules={"One": {"user": "Ann"}, "Two": {"user": "Ghost"}, "Four": {"priority": 1}},
            campaign_assignments={"three": "Bob", "Two": "Ann", "default": "Cem"},
        )
        users = {name: rule.user_id.name for name, rule in self.rules(campaign).items()}
        self.assertEqual(users, {"One": "Ann", "Two": "Cem", "three": "Bob", "Four": "Cem", "default": "Cem"})
        self.assertIn("Ghost", "\n".join(self.told(campaign, "person")))
        self.assertEqual(self.drop(campaign, **self.source("two_sources")), ("Two", self.cem.id))

    def test_r46_an_id_counts_only_without_a_name(self):
        campaign = self.dropback(assignment_rules={
            "A": {"user": "Ann", "user_id": self.bob.id}, "B": {"user_id": self.bob.id}, "default": {"user": "Cem"},
        })  # fmt: skip
        self.assertEqual(self.rules(campaign)["A"].user_id, self.ann)
        self.assertEqual(self.rules(campaign)["B"].user_id, self.bob)

    def test_r47_what_is_written(self):
        team = self.env["crm.team"].create({"name": "Voice Team"})
        campaign = self.dropback(
            assignment_rules={
                "default": {"user": "Ann", "team": "Voice Team", "status": "Dropback Voice", "priority": 5}
            },
        )
        rule = campaign.dropback_rule_ids
        self.assertEqual((rule.team_id, rule.status_id.code, rule.priority), (team, "dropback_voice", "3"))
        self.assertEqual(campaign.dropback_status_id.code, "dropback")
        lead = self.make_leads(1, source_date=self.days_ago(31))
        campaign.distribute(lead_ids=lead.ids)
        self.assertEqual((lead.user_id, lead.team_id, lead.priority), (self.ann, team, "3"))
        self.assertEqual(lead.lead_status_id.code, "dropback_voice")

    def test_r43_thresholds_and_conditions(self):
        campaign = self.dropback(age_thresholds={
            "first": {"days": 30, "description": "usual"},
            "second": {"days": 60, "field_name": "create_date", "use_business_days": True,
                       "conditions": ["priority >= 3", "tag_ids contains 'vip'"]},
        })  # fmt: skip
        first, second = campaign.dropback_threshold_ids
        self.assertEqual((first.days, first.date_field_id.name, first.name), (30, False, "usual"))
        self.assertEqual((second.days, second.date_field_id.name, second.business_days), (60, "create_date", True))
        self.assertEqual(len(second.conditions_text.splitlines()), 2)
        self.refuse(
            "conditions[0]", "not_there", "age_thresholds.a.field_name",
            lead_finding={"dropback_filter": {"enabled": True, "age_thresholds": {
                "a": {"field_name": "name", "conditions": ["nonsense", "not_there > 3"]}}}},
        )  # fmt: skip

    def test_r48_left_alone(self):
        self.env["crm.tag"].create({"name": "Manual"})
        campaign = self.dropback(
            campaign_assignments={"default": "Cem"},
            assignment_config={"override_existing_assignments": False},
            additional_criteria={
                "lead_criteria": {"exclude_statuses": ["won"], "exclude_tags": ["manual", "later"], "min_priority": 2},
                "exclude_existing_assignments": {"enabled": True, "dropback_users": ["Ann"]},
            },
        )
        self.assertEqual(campaign.dropback_user_ids, self.ann)
        self.assertIsNone(self.drop(campaign))
        self.assertEqual(self.drop(campaign, priority="1"), ("default", self.cem.id))
        self.assertIsNone(self.drop(campaign, priority="1", user_id=self.bob.id))
        later = self.env["crm.tag"].create({"name": "Later"})
        self.assertIsNone(self.drop(campaign, priority="1", tag_ids=later.ids))
        self.assertIsNone(self.drop(campaign, priority="1", lead_status_id=self.status["won"].id))

    def test_r49_switched_off_everything_stays_in_the_pool(self):
        campaign = self.finding(dropback_filter={"enabled": False, "campaign_assignments": {"default": "Cem"}})
        self.assertIsNone(self.drop(campaign))
        campaign = self.finding(dropback_filter={"campaign_assignments": {"default": "Cem"}})
        self.assertFalse(campaign.use_dropback, "the switch is missing")

    def test_unknown_keys_of_the_mapping_are_refused(self):
        self.refuse("web_source_campaign_mapping.voice:", "voice_sources", lead_finding={
            "dropback_filter": {"enabled": True, "web_source_campaign_mapping": {"voice": ["a"]}}})  # fmt: skip


@tagged("post_install", "-at_install")
class TestConfigDistribution(ConfigCase):
    def test_every_strategy_can_be_named(self):
        names = [name for name, _label in self.campaign._fields["strategy"]._description_selection(self.env)]
        self.assertGreaterEqual(set(names), {"level_based", "round_robin", "proportional", "capacity_based"})
        for name in names:
            self.assertEqual(self.load(distribution={"strategy": name}).strategy, name)
        self.assertEqual(self.load().strategy, "round_robin")

    def test_r59_the_override(self):
        override = {
            "enabled": True,
            "trigger_conditions": ["when_lead_count < 7", "when_manual_override = true"],
            "distribution_order": "seniority",
            "cycle_reset": "weekly",
        }
        campaign = self.load(distribution={"strategy": "level_based", "round_robin_override": override})
        self.assertEqual((campaign.use_override, campaign.override_lead_count), (True, 7))
        self.assertEqual(campaign.override_people_count, 0, "what is not named never fires")
        self.assertEqual((campaign.distribution_order, campaign.rotation_reset), ("seniority", "weekly"))
        self.make_leads(7)
        self.assertEqual(campaign.simulate().strategy, "level_based")
        self.assertEqual(campaign.simulate(max_leads=1).strategy, "level_based")
        self.assertEqual(campaign.simulate(force_round_robin=True).strategy, "round_robin")

    def test_r60_r61_levels_and_overflow(self):
        levels = {"senior": {"target_leads": 2, "priority": 1, "salespeople": ["Ann"]},
                  "junior": {"target_leads": 1, "priority": 2, "salespeople": ["Bob", "Cem"]}}  # fmt: skip
        block = {"levels": levels, "fill_strategy": "round_robin_within_level"}
        campaign = self.load(distribution={"strategy": "level_based", "level_based": block})
        self.make_leads(9)
        received = {p["name"]: p["received"] for p in campaign.simulate().to_dict()["salespeople"]}
        self.assertEqual(received, {"Ann": 2, "Bob": 1, "Cem": 1})
        block.update(allow_overflow=True, overflow_limit=100)
        campaign = self.load(distribution={"strategy": "level_based", "level_based": block})
        received = {p["name"]: p["received"] for p in campaign.simulate().to_dict()["salespeople"]}
        self.assertEqual(received, {"Ann": 4, "Bob": 2, "Cem": 2})

    def test_r64_r65_daily_cap_and_bands(self):
        rules = {
            "workload_balancing": {"enabled": True, "max_daily_distribution": 2, "min_daily_distribution": 1},
            "priority_handling": {"high_priority_leads": "senior_only", "low_priority_leads": "junior_first"},
        }
        campaign = self.load(distribution={"strategy": "round_robin", "advanced_rules": rules})
        self.assertEqual((campaign.max_daily, campaign.band_high), (2, "senior_only"))
        self.assertEqual((campaign.band_medium, campaign.band_low), ("all_levels", "junior_first"))
        rules["workload_balancing"]["enabled"] = False
        self.assertEqual(self.load(distribution={"advanced_rules": rules}).max_daily, 0)

    def test_skills_and_places_are_accepted_and_kept_where_the_campaign_has_them(self):
        campaign = self.load(distribution={"advanced_rules": {
            "skill_matching": {"enabled": True, "required_skills": ["enterprise_sales", "technical"],
                               "skill_weights": [0.7, 0.3]},
            "geographic_distribution": {"enabled": True, "region_matching": True, "timezone_consideration": True},
        }})  # fmt: skip
        for name in ("use_skills", "use_territory", "use_calling_hours"):
            if name in campaign._fields:
                self.assertTrue(campaign[name], name)
        if "skill_ids" in campaign._fields:
            self.assertEqual(campaign.skill_ids.tag_id.mapped("name"), ["enterprise_sales", "technical"])
            self.assertEqual(campaign.skill_ids.mapped("weight"), [0.7, 0.3])

    def test_r66_r67_limit_status_and_team(self):
        self.env["crm.team"].create({"name": "Closers"})
        campaign = self.load(
            execution={"max_leads_per_run": 2, "dry_run": True},
            distribution={"strategy": "round_robin", "status_reset": "New", "team_assignment": "closers"},
        )
        leads = self.make_leads(3, lead_status_id=self.status["utr"].id)
        run = campaign.distribute()
        self.assertEqual((run.leads_found, run.leads_distributed), (3, 2))
        taken = leads.filtered("user_id")
        self.assertEqual((taken.lead_status_id.code, taken.team_id.name), ("new", "Closers"))
        self.assertTrue(campaign.plan_only)

    def test_r11_a_team_that_does_not_exist_is_warned_about(self):
        campaign = self.load(distribution={"team_assignment": "Nowhere"})
        self.assertFalse(campaign.team_id)
        self.assertIn("Nowhere", "\n".join(self.told(campaign, "warning")))

    def test_r70_the_fallback_is_off_unless_it_is_named(self):
        self.assertFalse(self.load().fallback_round_robin)
        errors = {"fallback_strategies": {"when_distribution_fails": "use_round_robin"}}
        self.assertTrue(self.load(error_handling=errors).fallback_round_robin)

    def test_retries_and_limits(self):
        campaign = self.load(execution={"retry_failed": True, "max_retries": 2})
        self.assertEqual((campaign.max_retries, campaign.retry_delay), (2, 0))
        errors = {"retry_failed_assignments": False, "error_thresholds": {"max_failed_assignments": 10}}
        campaign = self.load(execution={"retry_failed": True}, error_handling=errors)
        self.assertEqual((campaign.max_retries, campaign.max_failed, campaign.max_invalid), (0, 10, 0))

    def test_the_frequency_is_the_schedule_of_odoo(self):
        campaign = self.load(campaign={"name": "Text", "distribution_frequency": "weekly"})
        self.assertEqual(campaign.frequency, "weekly")
        self.assertTrue(campaign.next_run)
        self.assertFalse(self.load().next_run)
