"""What docs/developer/readings.md says of who is next, through load_config: strategies and rules."""

from odoo.tests import tagged

from .readings_common import ReadingsCase

SENIOR_JUNIOR = "Ann||senior|\nBob||mid_level|\nCem||junior|\n"


@tagged("post_install", "-at_install")
class TestReadingsStrategies(ReadingsCase):
    def people(self, rows, distribution, more=""):
        """Load people of a text file ``name||level|target`` and a distribution section."""
        head = "campaign: {name: Reading}\nsalesperson_selection: {source_type: file, source_config: {file_path: s}}\n"
        return self.load(f"distribution: {{{distribution}}}\n{more}", head, {"s": rows})

    def shares(self, rows, distribution, more="", **options):
        received = self.received(self.plan(self.people(rows, distribution, more), **options))
        return tuple(received.get(name, None) for name in ("Ann", "Bob", "Cem"))

    def test_r57_nobody_gets_back_what_they_hold_in_no_strategy(self):
        mine = self.make_leads(2, user_id=self.ann.id)
        opened = self.make_leads(2, open_user_id=self.bob.id)
        closer = self.make_leads(closer_id=self.cem.id)
        for strategy in ("round_robin", "random", "level_based", "proportional", "capacity_based", "weighted",
                         "least_loaded", "performance"):  # fmt: skip
            told = self.plan(self.load(f"distribution: {{strategy: {strategy}}}"))
            got = {row["lead_id"]: row["user_id"] for row in told["assignments"]}
            self.assertEqual(len(got), 5, strategy)
            self.assertNotIn(self.ann.id, [got[lead.id] for lead in mine])
            self.assertNotIn(self.bob.id, [got[lead.id] for lead in opened])
        self.assertIn(closer.id, got)

    def test_r57_a_lead_that_nobody_may_take_stays_with_a_reason(self):
        lead = self.make_leads(3, user_id=self.ann.id)
        told = self.run_it(self.people("Ann||senior|9", "strategy: round_robin"))
        self.assertEqual((told["leads_found"], told["leads_distributed"], told["leads_not_distributed"]), (3, 0, 3))
        self.assertEqual((sum(told["left_over"].values()), lead.user_id, told["state"]), (3, self.ann, "done"))

    def test_r58_round_robin_ignores_targets_and_load(self):
        self.make_leads(50, user_id=self.ann.id, source_date=self.days_ago(90))
        self.make_leads(8)
        window = "lead_finding: {date_range: {younger_than_days: 30}}"
        shares = self.shares("Ann||senior|1\nBob||junior|0\nCem||junior|9", "strategy: round_robin", window)
        self.assertEqual(sorted(shares), [2, 3, 3])

    def test_r58_the_order_is_by_chance_by_name_or_by_level(self):
        self.make_leads()
        rows = "Cem||senior|\nBob||mid_level|\nAnn||junior|\n"
        for order, first in (("alphabetical", self.ann), ("seniority", self.cem)):
            for block in (f"strategy: round_robin, distribution_order: {order}",
                          f"strategy: proportional, round_robin_override: {{enabled: true, "
                          f"distribution_order: {order}, "
                          "trigger_conditions: ['when_lead_count < 10']}",
                          f"strategy: round_robin, round_robin_override: {{distribution_order: {order}}}"):  # fmt: skip
                campaign = self.people(rows, block)
                winners = {self.plan(campaign, seed=n)["assignments"][0]["user_id"] for n in range(5)}
                self.assertEqual(winners, {first.id}, block)
        campaign = self.people(rows, "strategy: round_robin, distribution_order: random")
        self.assertEqual(len({self.plan(campaign, seed=n)["assignments"][0]["user_id"] for n in range(30)}), 3)

    def test_r59_any_one_trigger_is_enough(self):
        self.make_leads(4)
        base = "strategy: proportional, round_robin_override: {enabled: %s, trigger_conditions: ['%s', '%s']}"
        for triggers, fires in (
            (("when_lead_count < 5", "when_salespeople_count < 3"), True),
            (("when_lead_count < 4", "when_salespeople_count < 4"), True),
            (("when_lead_count < 4", "when_salespeople_count < 3"), False),
            ((" when_lead_count<5 ", "when_manual_override = true"), True),
            (("when_lead_count   <  4", "when_manual_override = true"), False),
        ):
            for enabled in ("true", "false"):
                told = self.plan(self.people(SENIOR_JUNIOR, base % (enabled, *triggers)))
                expected = "round_robin" if fires and enabled == "true" else "proportional"
                self.assertEqual(told["strategy"], expected, (triggers, enabled))
        campaign = self.people(SENIOR_JUNIOR, base % ("false", "when_lead_count < 1", "when_salespeople_count < 1"))
        self.assertEqual(self.plan(campaign, force_round_robin=True)["strategy"], "round_robin")

    def test_r59_leads_are_counted_before_the_cap_and_without_triggers_nothing_fires(self):
        self.make_leads(12)
        override = "strategy: proportional, round_robin_override: {enabled: true%s}"
        campaign = self.people(SENIOR_JUNIOR, override % ", trigger_conditions: ['when_lead_count < 12']")
        self.assertEqual(self.plan(campaign, max_leads=2)["strategy"], "proportional")
        self.assertEqual(self.plan(self.people(SENIOR_JUNIOR, override % ""))["strategy"], "proportional")

    def test_r60_levels_are_filled_in_the_order_of_their_priority(self):
        self.make_leads(9)
        levels = (
            "level_based: {levels: {senior: {target_leads: 4, priority: 2}, junior: {target_leads: 3, priority: 1}}%s}"
        )
        rows = "Ann||senior|\nBob||junior|\nCem||junior|1\n"
        told = self.plan(self.people(rows, "strategy: level_based, " + levels % ""))
        self.assertEqual(self.received(told), {"Ann": 4, "Bob": 3, "Cem": 1})
        self.assertEqual(
            (told["leads_found"], told["leads_not_distributed"], sum(told["left_over"].values())), (9, 1, 1)
        )
        self.assertEqual(self.shares(rows, "strategy: level_based, " + levels % "", max_leads=5), (1, 3, 1))

    def test_r60_a_shortfall_is_shared_by_the_largest_deficit_or_in_turn(self):
        self.make_leads(6)
        rows = "Ann||senior|10\nBob||senior|8\nCem||senior|2\n"
        fill = "strategy: level_based, level_based: {fill_strategy: %s}"
        self.assertEqual(self.shares(rows, fill % "highest_priority_first"), (4, 2, 0))
        self.assertEqual(self.shares(rows, fill % "round_robin_within_level"), (2, 2, 2))
        rows = "Ann||senior|9\nBob||senior|9\nCem||senior|1\n"
        *others, cem = self.shares(rows, fill % "round_robin_within_level")
        self.assertEqual((sorted(others), cem), ([2, 3], 1))

    def test_r61_overflow_only_after_every_level_and_up_to_the_limit(self):
        self.make_leads(40)
        rows = "Ann||senior|10\nBob||mid_level|5\nCem||junior|3\n"
        levels = "strategy: level_based, level_based: {allow_overflow: %s, overflow_limit: %s}"
        self.assertEqual(self.shares(rows, levels % ("true", 25)), (12, 6, 3))
        self.assertEqual(self.shares(rows, levels % ("false", 25)), (10, 5, 3))
        self.assertEqual(self.shares(rows, levels % ("true", 25), max_leads=18), (10, 5, 3))
        self.assertEqual(self.shares(rows, levels % ("true", 25), max_leads=19), (11, 5, 3))
        self.assertEqual(self.shares(rows, "strategy: level_based, level_based: {allow_overflow: true}"), (11, 5, 3))

    def test_r62_proportional_to_targets_without_load_and_cap(self):
        self.make_leads(30, user_id=self.ann.id, source_date=self.days_ago(90))
        self.make_leads(8)
        window = "lead_finding: {date_range: {younger_than_days: 30}}"
        for rows, expected in (
            ("Ann||senior|4\nBob||senior|2\nCem||senior|2\n", (4, 2, 2)),
            ("Ann||senior|2\nBob||senior|2\nCem||senior|0\n", (4, 4, 0)),
            ("Ann||senior|1\nBob||senior|1\nCem||senior|6\n", (1, 1, 6)),
        ):
            self.assertEqual(self.shares(rows, "strategy: proportional", window), expected)
        shares = self.shares("Ann||senior|0\nBob||senior|0\nCem||senior|0\n", "strategy: proportional", window)
        self.assertEqual(sorted(shares), [2, 3, 3])

    def test_r62_the_divisor_method_is_websters(self):
        self.make_leads(10)
        shares = self.shares("Ann||senior|53\nBob||senior|24\nCem||senior|23\n", "strategy: proportional")
        self.assertEqual(shares, (6, 2, 2))

    def test_r63_free_capacity_is_the_share_and_the_cap(self):
        self.make_leads(6, user_id=self.ann.id, source_date=self.days_ago(90))
        self.make_leads(9)
        window = "lead_finding: {date_range: {younger_than_days: 30}}"
        rows = "Ann||senior|8\nBob||senior|4\nCem||senior|0\n"
        self.assertEqual(self.shares(rows, "strategy: capacity_based", window), (2, 4, 0))
        self.assertEqual(self.shares(rows, "strategy: capacity_based", window, max_leads=3), (1, 2, 0))
        told = self.plan(self.people(rows, "strategy: capacity_based", window))
        self.assertEqual((told["leads_not_distributed"], sum(told["left_over"].values())), (3, 3))

    def test_r64_the_daily_cap_holds_in_every_strategy_and_over_runs(self):
        balancing = ("advanced_rules: {workload_balancing: {enabled: %s, max_daily_distribution: 2, "
                     "min_daily_distribution: 1}}")  # fmt: skip
        for strategy in ("round_robin", "level_based", "proportional", "capacity_based", "weighted"):
            leads = self.make_leads(9)
            text = f"strategy: {strategy}, "
            self.assertEqual(self.shares(SENIOR_JUNIOR, text + balancing % "true"), (2, 2, 2), strategy)
            self.assertEqual(sum(self.shares(SENIOR_JUNIOR, text + balancing % "false")), 9, strategy)
            leads.active = False
        self.make_leads(3)
        campaign = self.people(SENIOR_JUNIOR, "strategy: level_based, " + balancing % "true")
        self.assertEqual(self.received(self.run_it(campaign)), {"Ann": 2, "Bob": 1, "Cem": 0})
        leads = self.make_leads(9)
        told = self.run_it(campaign, lead_ids=leads.ids)
        self.assertEqual(self.received(told), {"Ann": 0, "Bob": 1, "Cem": 2})

    def test_r65_bands_by_the_leads_priority(self):
        bands = "strategy: %s, advanced_rules: {priority_handling: {%s}}"
        very, high, medium, low = (self.make_leads(2, priority=p) for p in "3210")

        def who(leads, strategy, text):
            told = self.plan(self.people(SENIOR_JUNIOR, bands % (strategy, text)), lead_ids=leads.ids)
            return {row["user_id"] for row in told["assignments"]}

        for strategy in ("round_robin", "level_based", "proportional", "capacity_based"):
            self.assertEqual(
                who(very + high, strategy, "high_priority_leads: senior_only"), set(self.ann.ids), strategy
            )
        self.assertEqual(who(medium, "round_robin", "medium_priority_leads: senior_only"), set(self.ann.ids))
        self.assertGreater(len(who(medium + low, "round_robin", "high_priority_leads: senior_only")), 1)
        self.assertEqual(who(low, "level_based", "low_priority_leads: junior_first"), set(self.cem.ids))
        self.assertEqual(who(low, "level_based", "low_priority_leads: all_levels"), set(self.ann.ids))

    def test_r65_without_room_at_senior_the_lead_stays(self):
        self.make_leads(3, priority="2")
        text = "strategy: level_based, advanced_rules: {priority_handling: {high_priority_leads: senior_only}}"
        told = self.plan(self.people("Ann||senior|1\nBob||junior|9\n", text))
        self.assertEqual((self.received(told), told["leads_not_distributed"]), ({"Ann": 1, "Bob": 0}, 2))

    def test_r66_the_cap_limits_what_is_distributed(self):
        self.make_leads(7)
        campaign = self.load("execution: {max_leads_per_run: 3}")
        told = self.plan(campaign)
        self.assertEqual((told["leads_found"], told["leads_distributed"], told["leads_not_distributed"]), (7, 3, 4))
        self.assertEqual(sum(told["left_over"].values()), 4)
        self.assertEqual(self.plan(campaign, max_leads=5)["leads_distributed"], 5)
        self.assertEqual(self.run_it(campaign, max_leads=2)["leads_distributed"], 2)
