"""What docs/developer/readings.md says of dropback, through load_config."""

from datetime import timedelta

from odoo.tests import tagged

from .readings_common import ReadingsCase


@tagged("post_install", "-at_install")
class TestReadingsDropback(ReadingsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.pat, cls.kevin, cls.boss = cls.make_users("pat", "kevin", "boss")
        cls.team = cls.env["crm.team"].create({"name": "Voice Team"})

    def old(self, source=None, days=40, **values):
        source_id = self.env["utm.source"].search([("name", "=", source)]).id or (
            self.source(source).id if source else False
        )
        return self.make_leads(source_id=source_id, source_date=self.days_ago(days), **values)

    def dropback(self, block, window="", **options):
        """Load a dropback block and plan; return {lead id: (user id, rule)} and what the run tells."""
        text = f"lead_finding: {{{window} dropback_filter: {{enabled: true, {block}}}}}"
        told = self.plan(self.load(text), **options)
        return {row["lead_id"]: (row["user_id"], row["rule"]) for row in told["dropback"]}, told

    def test_r41_leads_beyond_the_old_edge_are_looked_at(self):
        old, between, new = self.old(days=50), self.old(days=40), self.old(days=5)
        self.make_leads(source_date=self.today)
        block = "age_threshold: {days: 45}, campaign_assignments: {default: Boss}"
        dropped, told = self.dropback(block, "date_range: {older_than_days: 0, younger_than_days: 30},")
        self.assertEqual(dropped, {old.id: (self.boss.id, "default")})
        self.assertEqual([row["lead_id"] for row in told["assignments"]], new.ids)
        self.assertTrue(between)
        dropped, told = self.dropback(block, "web_sources: [gone],")
        self.assertEqual((list(dropped), told["leads_found"]), (old.ids, 0))

    def test_r41_weekends_hold_for_old_leads(self):
        saturday = self.today - timedelta(days=(self.today.weekday() + 2) % 7 + 70)
        self.assertEqual(saturday.weekday(), 5)
        self.make_leads(source_date=saturday)
        monday = self.make_leads(source_date=saturday + timedelta(days=2))
        dropped, _told = self.dropback("campaign_assignments: {default: Boss}", "date_range: {exclude_weekends: true},")
        self.assertEqual(list(dropped), monday.ids)

    def test_r42_strictly_more_than_the_days_and_never_without_a_date(self):
        past, edge = self.old(days=31), self.old(days=30)
        none = self.make_leads(source_date=False)
        dropped, told = self.dropback("age_threshold: {days: 30}, campaign_assignments: {default: Boss}")
        self.assertEqual(list(dropped), past.ids)
        self.assertEqual(sorted(row["lead_id"] for row in told["assignments"]), (edge + none).ids)

    def test_r42_business_days(self):
        ages = range(1, 20)
        leads = {age: self.old(days=age) for age in ages}
        dropped, _told = self.dropback(
            "age_threshold: {days: 5, use_business_days: true}, campaign_assignments: {default: Boss}"
        )
        expected = [
            leads[age].id
            for age in ages
            if sum((self.today - timedelta(days=n)).weekday() < 5 for n in range(1, age + 1)) > 5
        ]
        self.assertEqual(sorted(dropped), sorted(expected))

    def test_r43_any_threshold_with_all_of_its_conditions(self):
        vip = self.tag("VIP")
        plain = self.old(days=20, priority="0")
        urgent, important = self.old(days=20, priority="2"), self.old(days=20, priority="2", tag_ids=vip.ids)
        ancient = self.old(days=91)
        dropped, _told = self.dropback("""
          age_thresholds: {
            standard: {days: 90},
            quick: {days: 10, conditions: ["priority >= 3", "tag_ids contains 'vip'"]}},
          campaign_assignments: {default: Boss}""")
        self.assertEqual(sorted(dropped), (important + ancient).ids)
        for condition, expected in (
            ("priority = 1", plain + ancient), ("priority > 1", urgent + important), ("priority <= 2", plain + ancient),
            ("priority < 4", plain + urgent + important + ancient),
        ):  # fmt: skip
            ancient.priority = "0"
            dropped, _told = self.dropback(f"""
              age_thresholds: {{one: {{days: 10, conditions: ["{condition}"]}}}}, age_threshold: {{days: 1}},
              campaign_assignments: {{default: Boss}}""")
            self.assertEqual(sorted(dropped), sorted(expected.ids), condition)

    def test_r44_exact_of_all_campaigns_then_patterns_in_their_order(self):
        leads = {name: self.old(name) for name in ("MY IPHONE", "iphone page", "A Phone", "Something")}
        dropped, _told = self.dropback("""
          web_source_campaign_mapping: {apple_sources: [my iphone], default_campaign: Rest},
          web_source_matching: {campaign_patterns: {
            Voice: {pattern_matches: [".*phone.*"]}, Apple: {pattern_matches: [".*iphone.*"]}}},
          campaign_assignments: {Voice: Pat, Apple: Kevin, Rest: Boss}""")
        self.assertEqual(
            {name: dropped[lead.id] for name, lead in leads.items()},
            {"MY IPHONE": (self.kevin.id, "Apple"), "iphone page": (self.pat.id, "Voice"),
             "A Phone": (self.pat.id, "Voice"), "Something": (self.boss.id, "Rest")},
        )  # fmt: skip

    def test_r44_rules_that_are_loaded_again_in_another_order_count_in_that_order_at_once(self):
        lead = self.old("iphone")
        voice, apple = 'Voice: {pattern_matches: [".*phone.*"]}', 'Apple: {pattern_matches: [".*iphone.*"]}'
        for first, second, name in ((voice, apple, "Voice"), (apple, voice, "Apple"), (voice, apple, "Voice")):
            dropped, _told = self.dropback(f"""
              web_source_matching: {{campaign_patterns: {{{first}, {second}}}}},
              campaign_assignments: {{Voice: Pat, Apple: Kevin}}""")
            self.assertEqual(dropped[lead.id][1], name)

    def test_r44_fallback_fields_are_tried_when_a_field_gives_no_campaign(self):
        medium = self.env["utm.medium"].create({"name": "Voice Call"})
        empty, unknown = self.old(referred="voice"), self.old("Odd", medium_id=medium.id)
        block = """
          web_source_matching: {primary_field: web_source_id, fallback_fields: [{field: medium_id, type: many2one},
             {field: x_none, type: char}, referred], campaign_patterns: {Voice: {pattern_matches: ["^voice.*"]}}},
          campaign_assignments: {Voice: Pat, default: Boss}"""
        dropped, _told = self.dropback(block)
        self.assertEqual(dropped, {lead.id: (self.pat.id, "Voice") for lead in empty + unknown})

    def test_r45_the_lists_of_the_mapping_and_the_exact_matches(self):
        listed, matched, upper = self.old("a"), self.old("b"), self.old("C")
        dropped, _told = self.dropback("""
          web_source_campaign_mapping: {voice_line_sources: [a, c]},
          web_source_matching: {campaign_patterns: {"Voice Line": {exact_matches: [b]}}},
          campaign_assignments: {Voice_Line: Pat}""")
        self.assertEqual({user for user, _rule in dropped.values()}, {self.pat.id})
        self.assertEqual(sorted(dropped), (listed + matched + upper).ids)

    def test_r46_rule_then_default_rule_then_assignment_then_its_default(self):
        voice, apple, other = self.old("voice"), self.old("apple"), self.old("other")
        lists = "web_source_campaign_mapping: {voice_sources: [voice], apple_sources: [apple]},"
        for block, expected in (
            ("assignment_rules: {Voice: {user: Pat}, default: {user: Boss}}, campaign_assignments: {Apple: Kevin}",
             (self.pat, self.boss, self.boss)),
            ("assignment_rules: {Voice: {user: Pat}}, campaign_assignments: {Apple: Kevin, default: Boss}",
             (self.pat, self.kevin, self.boss)),
            ("campaign_assignments: {default: Boss}", (self.boss,) * 3),
            ("campaign_assignments: {Voice: No Such User, Apple: kevin@test, default: Boss}",
             (self.boss, self.kevin, self.boss)),
        ):  # fmt: skip
            dropped, told = self.dropback(lists + block)
            users = [self.env["res.users"].browse(dropped[lead.id][0]) for lead in (voice, apple, other)]
            self.assertEqual(tuple(users), expected, block)
        self.assertEqual(dropped[voice.id][1], "Voice")
        self.assertTrue(any("No Such User" in text for text in told["warnings"]))

    def test_r47_owner_status_team_and_priority_are_written(self):
        text = """
        lead_finding:
          dropback_filter:
            enabled: true
            web_source_campaign_mapping: {voice_sources: [v]}
            assignment_rules:
              Voice: {user: Pat, team: Voice Team, status: dropback voice, priority: 3}
              default: {user: Boss, team: null}
            assignment_config: {update_status: %s, preserve_team_assignment: %s}
        """
        other = self.env["crm.team"].create({"name": "Other"})
        voice, rest = (self.old(name, team_id=other.id, priority="1", user_id=self.ann.id) for name in ("v", "r"))
        self.run_it(self.load(text % ("true", "false")))
        self.assertEqual((voice.user_id, voice.open_user_id, voice.closer_id), (self.pat,) * 3)
        self.assertEqual((voice.lead_status_id.code, voice.team_id, voice.priority), ("dropback_voice", self.team, "2"))
        self.assertEqual((rest.lead_status_id.code, rest.team_id, rest.priority), ("dropback", other, "1"))
        (voice + rest).active = False
        kept = self.old("v", team_id=other.id, lead_status_id=self.status["utr"].id)
        self.run_it(self.load(text % ("false", "true")))
        self.assertEqual((kept.user_id, kept.team_id, kept.lead_status_id), (self.pat, other, self.status["utr"]))

    def test_r47_the_status_of_the_configuration_and_no_priority_without_rules(self):
        lead = self.old(priority="1")
        self.run_it(
            self.load("""
        lead_finding: {dropback_filter: {enabled: true, assignment_config: {dropback_status: "Gone Cold "},
                       campaign_assignments: {default: Boss}}}
        """)
        )
        self.assertEqual((lead.user_id, lead.lead_status_id.code, lead.priority), (self.boss, "gone_cold", "1"))

    def test_r48_old_leads_that_are_left_alone(self):
        lead = self.old(priority="0", user_id=self.kevin.id, lead_status_id=self.status["utr"].id)
        lead.tag_ids = self.tag("manual")
        for block, is_left in (
            ("additional_criteria: {lead_criteria: {min_priority: 2}}", True),
            ("additional_criteria: {lead_criteria: {max_priority: 1}}", False),
            ("additional_criteria: {lead_criteria: {required_fields: [phone]}}", True),
            ("additional_criteria: {lead_criteria: {exclude_statuses: [Utr]}}", True),
            ("additional_criteria: {lead_criteria: {exclude_tags: [Manual]}}", True),
            ("assignment_config: {override_existing_assignments: false}", True),
            ("assignment_config: {override_existing_assignments: true}", False),
            ("additional_criteria: {exclude_existing_assignments: {enabled: true, dropback_users: [Kevin]}}", True),
            ("additional_criteria: {exclude_existing_assignments: {enabled: false, dropback_users: [Kevin]}}", False),
        ):
            dropped, told = self.dropback(f"{block}, campaign_assignments: {{default: Boss}}")
            self.assertEqual(list(dropped), [] if is_left else lead.ids, block)
            self.assertEqual((told["leads_found"], self.reasons(told)), (0, {"dropback": 1} if is_left else {}), block)

    def test_r48_closed_leads_and_those_the_rules_user_holds_are_left_alone(self):
        won, mine = self.old(lead_status_id=self.status["won"].id), self.old(user_id=self.boss.id)
        dropped, told = self.dropback("campaign_assignments: {default: Boss}")
        self.assertEqual((dropped, told["leads_found"], self.reasons(told)), ({}, 0, {"dropback": 2}))
        block = "additional_criteria: {lead_criteria: {include_closed: true}}, campaign_assignments: {default: Boss}"
        dropped, told = self.dropback(block)
        self.assertEqual((list(dropped), self.reasons(told)), (won.ids, {"dropback": 1}))
        self.assertTrue(mine)

    def test_r49_dropped_back_leads_are_beside_the_plan(self):
        old, new = self.old("v"), self.make_leads(2)
        text = """
        lead_finding: {dropback_filter: {enabled: %s, web_source_campaign_mapping: {my_voice_sources: [v]},
                       campaign_assignments: {My Voice: Pat}}}
        execution: {max_leads_per_run: 1}
        """
        told = self.plan(self.load(text % "true"))
        self.assertEqual(told["dropback"], [{"lead_id": old.id, "user_id": self.pat.id, "rule": "My Voice"}])
        self.assertEqual((told["leads_found"], told["leads_distributed"], old.user_id.id), (2, 1, False))
        told = self.run_it(self.load(text % "true"))
        self.assertEqual((told["leads_distributed"], old.user_id, len(new.user_id)), (1, self.pat, 1))
        old.user_id = False
        told = self.plan(self.load(text % "false"))
        self.assertEqual((told["dropback"], told["leads_found"]), ([], 3))

    def test_r41_dates_of_one_run_move_the_old_edge_and_the_new_edge_holds(self):
        old, inside, after = self.old(days=40), self.old(days=12), self.old(days=2)
        text = """
        lead_finding: {dropback_filter: {enabled: true, campaign_assignments: {default: Boss}},
                       date_range: {older_than_days: 0, younger_than_days: 30}}
        """
        dates = {"date_from": str(self.days_ago(20)), "date_to": str(self.days_ago(5))}
        told = self.plan(self.load(text), **dates)
        self.assertEqual([row["lead_id"] for row in told["dropback"]], old.ids)
        self.assertEqual([row["lead_id"] for row in told["assignments"]], inside.ids)
        told = self.plan(self.load(text), **dates, lead_ids=(inside + after).ids)
        self.assertEqual((told["dropback"], told["leads_found"]), ([], 1))

    def test_r44_the_pattern_of_the_first_field_wins_over_an_exact_name_in_the_next(self):
        medium = self.env["utm.medium"].create({"name": "Exact Voice"})
        first, second = self.old("big apple", medium_id=medium.id), self.old("nothing", medium_id=medium.id)
        dropped, _told = self.dropback("""
          web_source_matching: {primary_field: source_id, fallback_fields: [medium_id], campaign_patterns: {
            Voice: {exact_matches: ["exact voice"]}, Apple: {pattern_matches: [".*APPLE$"]}}},
          web_source_campaign_mapping: {default_campaign: Apple},
          campaign_assignments: {Voice: Pat, Apple: Kevin}""")
        self.assertEqual(dropped, {first.id: (self.kevin.id, "Apple"), second.id: (self.pat.id, "Voice")})
        none = self.old("no campaign at all")
        dropped, _told = self.dropback("""
          web_source_campaign_mapping: {voice_sources: [x], default_campaign: apple},
          campaign_assignments: {Voice: Pat, Apple: Kevin}""")
        self.assertEqual(dropped[none.id], (self.kevin.id, "Apple"))

    def test_r46_nobody_exists_and_there_is_no_default_the_leads_are_left_alone(self):
        voice, apple = self.old("v"), self.old("a")
        dropped, told = self.dropback("""
          web_source_campaign_mapping: {voice_sources: [v], apple_sources: [a]},
          assignment_rules: {Voice: {user: Ghost}, Apple: {user: Kevin}}""")
        self.assertEqual(dropped, {apple.id: (self.kevin.id, "Apple")})
        self.assertEqual((self.reasons(told), told["leads_found"]), ({"dropback": 1}, 0))
        self.assertIn("Ghost", " ".join(told["warnings"]))
        self.assertFalse(voice.user_id)
