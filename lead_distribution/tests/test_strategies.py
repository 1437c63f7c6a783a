from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.lead_distribution.engine.strategies import Proportional
from odoo.addons.lead_distribution.planning.rotation import is_rotation_over

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestStrategies(DistributionCase):
    """Strategies, the selection of people and the limits, as a campaign sets them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = dict(zip(("ann", "bob", "cem"), cls.campaign.member_ids, strict=True))

    def shares(self, count=None, **options):
        """Return what Ann, Bob and Cem would get of these many new leads."""
        if count:
            self.make_leads(count)
        run = self.campaign.simulate(**options)
        return tuple(
            len(run.assignment_ids.filtered(lambda row, user=user: row.user_id == user))
            for user in (self.ann, self.bob, self.cem)
        )

    def set_targets(self, *targets):
        for member, target in zip(self.members.values(), targets, strict=True):
            member.target_leads = target

    def test_r55_r60_levels_are_filled_in_order_and_the_rest_stays(self):
        self.campaign.strategy = "level_based"
        for name, level in (("ann", "senior"), ("bob", "mid_level"), ("cem", "junior")):
            self.members[name].level_id = self.level[level]
        self.set_targets(5, 4, 3)
        self.make_leads(2, user_id=self.ann.id)
        self.assertEqual(self.shares(6), (3, 3, 0))
        self.assertEqual(self.shares(6), (3, 4, 3))
        self.assertEqual(self.campaign.simulate().left_over, {"everybody_full": 2})

    def test_r61_overflow_up_to_its_percentage(self):
        self.campaign.write({"strategy": "level_based", "allow_overflow": True, "overflow_limit": 50})
        self.set_targets(4, 2, 0)
        self.assertEqual(self.shares(20), (6, 3, 0))

    def test_r62_r63_proportional_weighted_and_by_free_capacity(self):
        self.set_targets(20, 10, 0)
        self.make_leads(15, user_id=self.ann.id)
        self.members["cem"].weight = 2
        self.make_leads(12)
        for strategy, expected in (
            ("proportional", (8, 4, 0)),
            ("weighted", (3, 3, 6)),
            ("capacity_based", (4, 8, 0)),
            ("random", (4, 4, 4)),
        ):
            self.assertEqual(self.shares(strategy=strategy), expected, strategy)
        self.assertEqual(self.campaign.simulate(strategy="weighted").strategy, "weighted")

    def test_r56_people_without_a_level_come_last(self):
        self.campaign.strategy = "level_based"
        self.set_targets(5, 5, 5)
        self.members["ann"].level_id = False
        self.assertEqual(self.shares(10), (0, 5, 5))

    def test_r59_the_override_needs_one_of_its_reasons_both_counts_strict(self):
        self.campaign.write({"strategy": "proportional", "use_override": True,
                             "override_lead_count": 4, "override_people_count": 3})  # fmt: skip
        self.make_leads(4)
        self.assertEqual(self.campaign.simulate().strategy, "proportional")
        self.campaign.override_lead_count = 5
        self.assertEqual(self.campaign.simulate().strategy, "round_robin")
        self.campaign.write({"override_lead_count": 0, "override_people_count": 4})
        self.assertEqual(self.campaign.simulate().strategy, "round_robin")
        self.campaign.use_override = False
        self.assertEqual(self.campaign.simulate().strategy, "proportional")
        self.assertEqual(self.campaign.simulate(force_round_robin=True).strategy, "round_robin")

    def test_r54_the_limit_of_utilization_is_met_to_the_lead_however_large_the_target(self):
        self.members["bob"].target_leads = 30
        self.campaign.write({"use_max_workload": True, "max_workload": 33.3})
        self.make_leads(10, user_id=self.bob.id)  # 33.333… %
        self.assertEqual(self.campaign.simulate().left_out, {"Bob": "33.33% utilization is above the limit"})
        self.campaign.max_workload = 33.34
        self.assertFalse(self.campaign.simulate().left_out)

    def test_r53_level_team_and_name_leave_people_out_with_the_reason(self):
        team = self.env["crm.team"].create({"name": "Voice"})
        self.members["ann"].level_id = self.level["junior"]
        self.members["bob"].team_id = team
        self.campaign.min_experience = "2"
        self.assertEqual(self.shares(4)[0], 0)
        self.campaign.team_filter_id = team
        self.assertEqual(self.shares(), (0, 4, 0))
        self.campaign.excluded_receiver_ids = self.bob
        run = self.campaign.simulate()
        self.assertEqual((run.state, run.leads_planned), ("planned", 0))
        self.assertEqual(
            run.left_out,
            {"Ann": "not in the team Voice", "Bob": "left out by name", "Cem": "not in the team Voice"},
        )

    def test_r54_the_workload_counts_before_the_run_and_a_target_of_zero_stays(self):
        self.set_targets(10, 10, 0)
        self.make_leads(9, user_id=self.ann.id)
        self.make_leads(10, user_id=self.bob.id)
        self.make_leads(5, user_id=self.cem.id)
        self.campaign.write({"use_max_workload": True, "max_workload": 90})
        self.assertEqual(self.shares(6), (3, 0, 3))
        self.assertIn("100% utilization", self.campaign.simulate().left_out["Bob"])

    def test_r52_inactive_members_receive_only_if_the_campaign_says_so(self):
        self.members["ann"].active = False
        self.assertEqual(self.shares(4)[0], 0)
        self.campaign.include_inactive = True
        self.assertGreater(self.shares()[0], 0)
        self.ann.active = False
        self.assertEqual(self.shares()[0], 0)

    def test_r64_the_daily_limit_counts_what_was_received_earlier_that_day(self):
        self.campaign.max_daily = 2
        self.make_leads(4)
        self.assertEqual(self.campaign.distribute().leads_distributed, 4)
        self.make_leads(9)
        run = self.campaign.distribute()
        self.assertEqual((run.leads_distributed, run.left_over), (2, {"everybody_full": 7}))
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {2})

    def test_r70_a_strategy_that_fails_gives_way_to_round_robin_or_fails_the_run(self):
        leads = self.make_leads(3)
        self.campaign.strategy = "proportional"

        def broken(strategy, candidate):
            raise ZeroDivisionError("no share")

        with patch.object(Proportional, "key", broken), self.assertLogs(level="ERROR"):
            run = self.campaign.distribute()
            self.assertEqual((run.state, run.strategy, run.leads_distributed), ("done", "round_robin", 3))
            self.assertIn("no share", run.warnings[0])
            self.assertEqual(set(run.assignment_ids.mapped("strategy")), {"round_robin"})
            run.action_revert()
            self.campaign.fallback_round_robin = False
            failed = self.campaign.distribute()
        self.assertEqual((failed.state, failed.left_over), ("failed", {"strategy_failed": 3}))
        self.assertFalse(leads.user_id)

    def test_r70_round_robin_takes_over_also_when_a_statement_of_the_strategy_fails(self):
        self.make_leads(3)
        self.campaign.strategy = "proportional"

        def broken(strategy, candidate):
            self.env.cr.execute("SELECT 1 FROM no_such_table")

        with patch.object(Proportional, "key", broken), self.assertLogs(level="ERROR"):
            run = self.campaign.distribute()
        self.assertEqual((run.state, run.strategy, run.leads_distributed), ("done", "round_robin", 3))

    def test_r65_high_priority_for_seniors_only_in_every_strategy_and_without_room_it_stays(self):
        self.members["ann"].level_id = self.level["senior"]
        self.campaign.band_high = "senior_only"
        self.make_leads(2, priority="3")
        self.make_leads(1, priority="2")
        for strategy in ("round_robin", "weighted"):
            self.assertEqual(self.shares(strategy=strategy), (3, 0, 0))
        self.set_targets(2, 50, 50)
        run = self.campaign.simulate(strategy="level_based")
        self.assertEqual((run.leads_planned, run.left_over), (2, {"everybody_full": 1}))
        self.members["ann"].level_id = self.level["junior"]
        self.assertEqual(self.campaign.simulate().left_over, {"no_eligible": 3})

    def test_r65_low_priority_for_juniors_first_when_levels_are_filled(self):
        for name, level in (("ann", "senior"), ("bob", "mid_level"), ("cem", "junior")):
            self.members[name].level_id = self.level[level]
        self.set_targets(5, 5, 3)
        self.campaign.write({"strategy": "level_based", "band_low": "junior_first"})
        self.make_leads(4, priority="0")
        self.assertEqual(self.shares(), (0, 1, 3))
        self.make_leads(2, priority="1")
        self.assertEqual(self.shares(), (2, 1, 3))

    def test_turns_are_forgotten_when_a_rotation_ends(self):
        self.make_leads(4)
        self.campaign.distribute()
        self.assertEqual(self.campaign.rotation_started, self.today)
        self.campaign.rotation_started = self.days_ago(40)
        self.assertFalse(is_rotation_over(self.campaign))
        for reset in ("daily", "weekly", "monthly"):
            self.campaign.rotation_reset = reset
            self.assertTrue(is_rotation_over(self.campaign), reset)
        self.make_leads(3)
        self.campaign.distribute()
        self.assertEqual(self.campaign.member_ids.mapped("rotation_turns"), [1, 1, 1])
        self.assertFalse(is_rotation_over(self.campaign))
