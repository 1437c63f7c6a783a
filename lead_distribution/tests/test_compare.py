from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestCompare(DistributionCase):
    """Several strategies on the same leads, without changing anything; and the leads of the past."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for member, target in zip(cls.campaign.member_ids, (30, 20, 10), strict=True):
            member.target_leads = target
        cls.Compare = cls.env["lead.distribution.compare"].with_user(cls.manager)

    def compare(self, *lines, **values):
        wizard = self.Compare.create(
            {"campaign_id": self.campaign.id, "line_ids": [(0, 0, line) for line in lines], **values}
        )
        wizard.action_compare()
        return wizard, wizard.result["columns"]

    def received(self, column):
        return [person["received"] for person in column["people"]]

    def test_strategies_side_by_side_on_the_same_leads_and_nothing_is_changed_or_stored(self):
        leads = self.make_leads(12)
        runs = self.env["lead.distribution.run"].search_count([])
        _wizard, columns = self.compare({"strategy": "round_robin"}, {"strategy": "proportional"},
                                        {"strategy": "round_robin", "max_daily": 1})  # fmt: skip
        self.assertEqual([self.received(column) for column in columns], [[4, 4, 4], [6, 4, 2], [1, 1, 1]])
        self.assertEqual([column["left"] for column in columns], [0, 0, 9])
        self.assertEqual(columns[1]["fairness_index"], round(144 / (3 * 56), 4))
        self.assertEqual(columns[1]["spread"], 0.0)
        self.assertEqual(columns[2]["name"], "Round robin, at most 1 a day")
        self.assertFalse(leads.user_id)
        self.assertEqual(self.env["lead.distribution.run"].search_count([]), runs)

    def test_a_comparison_shows_what_a_run_then_does(self):
        self.make_leads(12)
        _wizard, columns = self.compare({"strategy": "level_based", "allow_overflow": True})
        self.campaign.write({"strategy": "level_based", "allow_overflow": True})
        run = self.campaign.distribute()
        lines = {line.salesperson_name: line.leads_received for line in run.member_line_ids}
        self.assertEqual(self.received(columns[0]), [lines[name] for name in ("Ann", "Bob", "Cem")])

    def test_one_click_makes_a_column_the_campaigns_setting(self):
        self.make_leads(3)
        other = {"strategy": "level_based", "allow_overflow": True, "overflow_limit": 7}
        wizard, _columns = self.compare({"strategy": "round_robin"}, other)
        wizard.action_adopt(1)
        self.assertEqual((self.campaign.strategy, self.campaign.overflow_limit), ("level_based", 7))
        with self.assertRaises(UserError):
            wizard.action_adopt(2)

    def test_replay_hands_the_leads_of_past_runs_out_again_from_the_state_of_then(self):
        self.make_leads(6)
        self.campaign.distribute()
        _wizard, columns = self.compare({"strategy": "proportional"}, when="past")
        self.assertEqual(columns[0]["name"], "As it was")
        self.assertEqual(self.received(columns[0]), [2, 2, 2])
        self.assertEqual(self.received(columns[1]), [3, 2, 1])
        self.assertEqual([p["utilization"] for p in columns[1]["people"]], [10.0, 10.0, 10.0])

    def test_replay_counts_lost_leads_people_who_left_and_the_limits_of_those_days(self):
        leads = self.make_leads(6)
        self.campaign.max_daily = 2
        self.campaign.distribute()
        leads[:3].action_set_lost()
        self.campaign.member_ids[0].active = False
        _wizard, columns = self.compare({"strategy": "round_robin", "max_daily": 2}, when="past")
        self.assertEqual((columns[0]["distributed"], columns[0]["left"]), (6, 0))
        self.assertEqual((self.received(columns[1]), columns[1]["left"]), ([2, 2], 2))

    def test_a_variant_that_does_not_work_costs_only_its_column(self):
        self.make_leads(2)
        broken = {"strategy": "least_loaded", "allow_overflow": True, "overflow_limit": -1}
        _wizard, columns = self.compare({"strategy": "round_robin"}, broken)
        self.assertIn("error", columns[1])
        self.assertEqual(sum(self.received(columns[0])), 2)

    def test_without_leads_or_with_a_period_the_wrong_way_round_it_says_what_to_do(self):
        with self.assertRaisesRegex(UserError, "past period"):
            self.compare({"strategy": "round_robin"})
        with self.assertRaisesRegex(UserError, "in this order"):
            self.compare({"strategy": "round_robin"}, when="past", date_from="2026-02-01", date_to="2026-01-01")
        with self.assertRaisesRegex(UserError, "at least one"):
            self.compare()

    def test_it_is_for_managers(self):
        with self.assertRaises(AccessError):
            self.env["lead.distribution.compare"].with_user(self.ann).create({"campaign_id": self.campaign.id})

    def test_the_campaigns_own_setting_comes_first(self):
        self.campaign.strategy = "weighted"
        wizard = self.Compare.with_context(
            active_model="lead.distribution.campaign", active_id=self.campaign.id
        ).create({})
        self.assertEqual(wizard.line_ids.mapped("strategy"),
                         ["weighted", "round_robin", "level_based", "proportional"])  # fmt: skip
