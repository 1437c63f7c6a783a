from collections import Counter
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from ..applying import applier
from .dealing_common import DealingCase


@tagged("post_install", "-at_install")
class TestExperimentRuns(DealingCase):
    """One run deals its leads to both ways of an experiment, and each way decides its own."""

    def get_ways(self, run):
        """Return {way: {user: leads}} of a run."""
        counts = {"a": Counter(), "b": Counter()}
        for row in run.assignment_ids:
            counts[row.arm][row.user_id] += 1
        return counts

    def count(self, run):
        """Return {user: leads} of a run."""
        return Counter(row.user_id for row in run.assignment_ids)

    def get_members(self, campaign):
        return {m.user_id: m for m in campaign.sudo().with_context(active_test=False).member_ids}

    def test_every_lead_has_exactly_one_owner_and_the_way_it_was_dealt_to(self):
        experiment = self.make_experiment()
        leads = self.make_leads(60)
        run = self.campaign.distribute()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.experiment_id, experiment)
        self.assertEqual(run.assignment_ids.mapped("state"), ["done"] * 60)
        self.assertEqual(run.assignment_ids.lead_id, leads)
        self.assertTrue(all(lead.user_id in self.ann + self.bob + self.cem for lead in leads))
        self.assertEqual({row.lead_id.id: row.arm for row in run.assignment_ids}, self.get_deals(experiment))
        self.assertEqual(run.assignment_ids.experiment_id, experiment)
        ways = self.get_ways(run)
        self.assertLessEqual(abs(ways["a"].total() - ways["b"].total()), 6)
        for counts in ways.values():  # round robin is even in each way
            self.assertLessEqual(max(counts.values()) - min(counts[user] for user in self.ann + self.bob + self.cem), 1)

    def test_rows_say_by_which_strategy_their_way_has_decided(self):
        self.make_experiment(variant={"strategy": "weighted"})
        self.make_leads(20)
        run = self.campaign.distribute()
        self.assertEqual(
            {(row.arm, row.strategy) for row in run.assignment_ids}, {("a", "round_robin"), ("b", "weighted")}
        )
        self.assertEqual(run.strategy, "round_robin")

    def test_a_run_tells_all_ages_of_dropback(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": days}) for days in (60, 90)],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        self.make_experiment()
        self.make_leads(2)
        run = self.campaign.simulate()
        self.assertTrue(run.experiment_id)
        self.assertIn(["Dropback after", "60 days; 90 days"], run.rules_on)

    def test_the_other_people_of_way_b_get_its_leads_and_no_others(self):
        dan = self.make_user("dan")
        experiment = self.make_experiment()
        members = [Command.clear(), Command.create({"user_id": dan.id}), Command.create({"user_id": self.cem.id})]
        experiment.variant_id.member_ids = members
        self.make_leads(60)
        run = self.campaign.distribute()
        ways = self.get_ways(run)
        self.assertEqual(ways["a"].keys(), {self.ann, self.bob, self.cem})
        self.assertEqual(ways["b"].keys(), {dan, self.cem})
        lines = {line.user_id: line for line in run.member_line_ids}
        self.assertEqual(lines.keys(), {self.ann, self.bob, self.cem, dan})
        for user, line in lines.items():
            both = ways["a"][user] + ways["b"][user]
            self.assertEqual(line.leads_received, both)
            self.assertEqual(line.promised, both)

    def test_the_weights_of_way_b_share_its_leads(self):
        experiment = self.make_experiment(variant={"strategy": "weighted"})
        self.get_members(experiment.variant_id)[self.ann].weight = 8
        self.make_leads(120)
        ways = self.get_ways(self.campaign.distribute())
        self.assertLessEqual(max(ways["a"].values()) - min(ways["a"].values()), 1)
        self.assertAlmostEqual(ways["b"][self.ann] / ways["b"].total(), 0.8, delta=0.03)

    def test_the_rules_of_way_b_keep_its_leads_from_people(self):
        tag = self.env["crm.tag"].create({"name": "Greek"})
        experiment = self.make_experiment()
        experiment.variant_id.write({"use_skills": True, "skill_ids": [Command.create({"tag_id": tag.id})]})
        self.get_members(experiment.variant_id)[self.bob].skill_tag_ids = tag
        self.make_leads(30, tag_ids=[Command.link(tag.id)])
        run = self.campaign.distribute()
        ways = self.get_ways(run)
        self.assertEqual(ways["b"].keys(), {self.bob})
        self.assertEqual(ways["a"].keys(), {self.ann, self.bob, self.cem})
        explained = run.assignment_ids.filtered(lambda row: row.arm == "b").mapped("explanation")
        self.assertTrue(all("Greek" in text for text in explained), explained[:1])
        explained = run.assignment_ids.filtered(lambda row: row.arm == "a").mapped("explanation")
        self.assertFalse(any("Greek" in text for text in explained), explained[:1])

    def test_the_limit_of_way_b_is_for_its_leads_and_counts_those_of_way_a(self):
        experiment = self.make_experiment(variant={"max_daily": 2})
        self.make_leads(40)
        run = self.campaign.distribute()
        ways = self.get_ways(run)
        # whoever had two leads by whatever way gets none by way B
        self.assertLessEqual(max(ways["b"].values(), default=0), 2)
        self.assertEqual(ways["a"].total() + run.left_over["everybody_full"] + ways["b"].total(), 40)
        self.assertEqual(len(self.get_deals(experiment)), 40)
        received = Counter()
        for row in run.assignment_ids.sorted("id"):
            if row.arm == "b":
                self.assertLess(received[row.user_id], 2)
            received[row.user_id] += 1

    def test_a_common_limit_holds_for_the_sum_of_both_ways(self):
        self.campaign.max_daily = 5
        self.make_experiment()
        self.make_leads(40)
        run = self.campaign.distribute()
        self.assertEqual(self.count(run), dict.fromkeys(self.ann + self.bob + self.cem, 5))
        self.assertEqual(run.left_over, {"everybody_full": 25})
        self.make_leads(5)
        self.assertFalse(self.campaign.distribute().assignment_ids)  # nobody gets more on the same day

    def test_limits_of_this_campaign_alone_count_its_leads_by_both_ways(self):
        cap = {"measure": "day", "maximum": 4, "only_campaign": True, "name": "Four"}
        self.campaign.cap_ids = [Command.create(cap)]
        experiment = self.make_experiment()
        self.assertEqual(experiment.variant_id.cap_ids.mapped("maximum"), [4])
        self.make_leads(30)
        self.assertEqual(set(self.count(self.campaign.distribute()).values()), {4})
        elsewhere = self.make_campaign("Other", self.ann)
        more = self.make_leads(3)
        self.assertEqual(len(elsewhere.distribute(lead_ids=more.ids).assignment_ids), 3)  # another campaign's leads
        self.assertFalse(self.campaign.distribute().assignment_ids)
        experiment.variant_id.cap_ids.maximum = 6
        self.make_leads(30)
        run = self.campaign.distribute()
        self.assertEqual(set(run.assignment_ids.mapped("arm")), {"b"})
        self.assertEqual(set(self.count(run).values()), {2})

    def test_limits_of_a_class_hold_for_the_sum_of_both_ways(self):
        self.campaign.cap_ids = [Command.create({"measure": "open_fresh", "maximum": 3, "name": "Three"})]
        self.make_experiment()
        self.make_leads(30, source_date=fields.Date.today())
        run = self.campaign.distribute()
        self.assertEqual(set(self.count(run).values()), {3})

    def test_targets_are_filled_by_both_ways_together(self):
        self.campaign.strategy = "level_based"
        self.campaign.member_ids.target_leads = 7
        self.make_experiment()
        self.make_leads(40)
        run = self.campaign.distribute()
        self.assertEqual(set(self.count(run).values()), {7})
        self.assertEqual(run.left_over, {"everybody_full": 19})
        self.assertEqual({line.promised for line in run.member_line_ids}, {7})

    def test_a_way_that_plans_ahead_shares_the_targets_with_the_other(self):
        self.campaign.member_ids.target_leads = 8
        self.make_experiment(variant={"strategy": "optimal"})
        self.make_leads(20)
        run = self.campaign.distribute()
        if any("scipy" in text for text in run.warnings or ()):
            self.skipTest("needs scipy")
        ways = self.get_ways(run)
        self.assertEqual(ways["a"].total() + ways["b"].total(), 20)
        self.assertLessEqual(max(self.count(run).values()), 8)
        self.assertEqual(
            {(row.arm, row.strategy) for row in run.assignment_ids}, {("a", "round_robin"), ("b", "optimal")}
        )

    def test_deals_stay_from_the_dry_run_to_its_application_and_the_next_day(self):
        experiment = self.make_experiment()
        leads = self.make_leads(20)
        planned = self.campaign.simulate()
        deals = self.get_deals(experiment)
        self.assertEqual(deals.keys(), set(leads.ids))
        again = self.campaign.simulate()
        self.assertEqual({row.lead_id.id: row.arm for row in again.assignment_ids}, deals)
        planned.action_apply()
        self.assertEqual({row.lead_id.id: row.arm for row in planned.assignment_ids}, deals)
        self.make_past(planned)
        leads.write({"user_id": False})
        later = self.campaign.distribute()
        self.assertEqual({row.lead_id.id: row.arm for row in later.assignment_ids}, deals)
        self.assertEqual(self.get_deals(experiment), deals)

    def test_a_lead_that_way_b_leaves_over_is_its_own_tomorrow_too(self):
        experiment = self.make_experiment()
        variant = experiment.variant_id
        variant.excluded_receiver_ids = self.ann + self.bob + self.cem
        leads = self.make_leads(20)
        run = self.campaign.distribute()
        self.assertEqual(set(run.assignment_ids.mapped("arm")), {"a"})
        deals = self.get_deals(experiment)
        left = {lead_id for lead_id, arm in deals.items() if arm == "b"}
        self.assertTrue(left)
        self.assertEqual(run.left_over, {"no_salespeople": len(left)})
        self.assertIn("way B", " ".join(run.warnings))
        self.assertEqual(set(leads.filtered(lambda lead: not lead.user_id).ids), left)
        variant.excluded_receiver_ids = False
        later = self.campaign.distribute()
        self.assertEqual({row.lead_id.id: row.arm for row in later.assignment_ids}, dict.fromkeys(left, "b"))

    def test_nobody_in_way_a_and_somebody_in_way_b_hands_out_the_leads_of_b(self):
        experiment = self.make_experiment()
        self.campaign.excluded_receiver_ids = self.ann + self.bob + self.cem
        self.make_leads(20)
        run = self.campaign.distribute()
        self.assertEqual(run.state, "done")
        self.assertEqual(set(run.assignment_ids.mapped("arm")), {"b"})
        self.assertEqual(run.left_over["no_salespeople"], list(self.get_deals(experiment).values()).count("a"))

    def test_nobody_in_both_ways_is_no_plan_and_deals_nothing(self):
        experiment = self.make_experiment()
        (self.campaign + experiment.variant_id).write({"excluded_receiver_ids": (self.ann + self.bob + self.cem).ids})
        self.make_leads(5)
        run = self.campaign.simulate()
        self.assertTrue(run.error)
        self.assertEqual(run.left_over, {"no_salespeople": 5})
        self.assertFalse(self.get_deals(experiment))

    def test_leads_whose_turn_did_not_come_are_not_dealt(self):
        experiment = self.make_experiment()
        self.make_leads(30)
        run = self.campaign.distribute(max_leads=12)
        self.assertEqual(len(run.assignment_ids), 12)
        self.assertEqual(run.left_over, {"max_leads": 18})
        self.assertEqual(self.get_deals(experiment).keys(), set(run.assignment_ids.lead_id.ids))

    def test_who_decides_by_hand_leaves_the_experiment_out(self):
        experiment = self.make_experiment()
        for options in ({"strategy": "random"}, {"user_ids": self.ann.ids}, {"force_round_robin": True}):
            self.make_leads(4)
            run = self.campaign.distribute(**options)
            self.assertEqual(len(run.assignment_ids), 4)
            self.assertFalse(run.experiment_id)
            self.assertFalse(any(run.assignment_ids.mapped("arm")))
        self.assertFalse(self.get_deals(experiment))
        leads = self.make_leads(4)
        self.assertEqual(self.campaign.distribute(lead_ids=leads.ids).experiment_id, experiment)

    def test_a_way_whose_strategy_fails_leaves_the_experiment_aside_and_says_so(self):
        experiment = self.make_experiment(variant={"strategy": "weighted"})
        self.make_leads(12)
        with (
            patch(
                "odoo.addons.lead_distribution.engine.strategies.divisor.Weighted.prepare", side_effect=ValueError("!")
            ),
            self.assertLogs("odoo.addons.lead_distribution", "ERROR"),
        ):
            run = self.campaign.distribute()
        self.assertEqual(run.state, "done")
        self.assertEqual(len(run.assignment_ids), 12)
        self.assertEqual(set(run.assignment_ids.mapped("strategy")), {"round_robin"})
        self.assertFalse(run.experiment_id or any(run.assignment_ids.mapped("arm")))
        self.assertIn("The experiment was left aside: ", run.warnings[-1])
        self.assertFalse(self.get_deals(experiment))

    def test_what_is_given_by_a_way_counts_among_the_turns_of_its_members_only(self):
        experiment = self.make_experiment()
        self.make_leads(24)
        run = self.campaign.distribute()
        ways = self.get_ways(run)
        for arm, campaign in (("a", self.campaign), ("b", experiment.variant_id)):
            turns = {user: m.rotation_turns for user, m in self.get_members(campaign).items()}
            self.assertEqual(turns, {user: ways[arm][user] for user in self.ann + self.bob + self.cem})
            self.assertTrue(all(m.in_rotation for m in self.get_members(campaign).values()))
        self.make_past(run)
        run.action_revert()
        for campaign in (self.campaign, experiment.variant_id):
            self.assertEqual({m.rotation_turns for m in self.get_members(campaign).values()}, {0})

    def test_a_run_that_was_given_up_counts_the_turns_of_each_way_once(self):
        experiment = self.make_experiment()
        self.make_leads(24)
        self.patch(applier, "BATCH_SIZE", 10)
        run = self.campaign.simulate()
        run._begin()
        run._apply_next_batch(0)
        run._give_up("broken")
        run.action_apply()
        ways = self.get_ways(run)
        self.assertEqual(sum(ways["a"].values()) + sum(ways["b"].values()), 24)
        for arm, campaign in (("a", self.campaign), ("b", experiment.variant_id)):
            turns = {user: m.rotation_turns for user, m in self.get_members(campaign).items()}
            self.assertEqual(turns, {user: ways[arm][user] for user in self.ann + self.bob + self.cem})

    def test_each_way_is_fair_over_many_small_runs(self):
        experiment = self.make_experiment()
        total = {"a": Counter(), "b": Counter()}
        for _day in range(8):
            self.make_leads(5)
            for arm, counts in self.get_ways(self.campaign.distribute()).items():
                total[arm].update(counts)
        for counts in total.values():
            self.assertLessEqual(max(counts.values()) - min(counts[user] for user in self.ann + self.bob + self.cem), 1)
        self.assertEqual(len(self.get_deals(experiment)), 40)

    def test_the_plan_is_what_is_applied_later_and_what_others_received_meanwhile_counts_for_both_ways(self):
        self.campaign.max_daily = 4
        self.make_experiment()
        self.make_leads(12)
        planned = self.campaign.simulate()
        other = self.make_campaign("Other", self.ann, max_daily=9)
        self.make_leads(3)
        given = other.distribute(lead_ids=self.env["crm.lead"].search([], order="id desc", limit=3).ids)
        self.assertEqual(len(given.assignment_ids), 3)
        planned.action_apply()
        done = planned.assignment_ids.filtered(lambda row: row.state == "done")
        counts = Counter(row.user_id for row in done)
        self.assertEqual(counts[self.ann], 1)
        self.assertEqual((counts[self.bob], counts[self.cem]), (4, 4))

    def test_no_statement_more_without_an_experiment(self):
        self.make_leads(20)
        self.campaign.distribute()
        counts = []
        for state in (None, "done"):
            if state:
                self.make_experiment().state = state
            self.make_leads(20)
            counts.append(self._count(self.campaign.simulate))
        self.assertEqual(counts[0], counts[1])

    def test_an_experiment_costs_a_fixed_number_of_statements(self):
        self.make_leads(20)
        self.campaign.distribute()
        self.make_leads(20)
        without = self._count(self.campaign.simulate)
        self.make_experiment()
        self._count(self.campaign.simulate)
        few = self._count(self.campaign.simulate)
        self.make_leads(130)
        many = self._count(self.campaign.simulate)
        self.assertLess(few - without, 40)
        self.assertLess(many, few + 12)

    def _count(self, call):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        call()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_programs_are_told_the_way_of_each_lead(self):
        experiment = self.make_experiment()
        self.make_leads(10)
        run = self.campaign.distribute()
        told = run.with_user(self.manager).to_dict()
        deals = self.get_deals(experiment)
        self.assertEqual({each["lead_id"]: each["arm"] for each in told["assignments"]}, deals)
        counts = Counter(deals.values())
        self.assertEqual(told["experiment"], {"id": experiment.id, "name": "Test", "a": counts["a"], "b": counts["b"]})
        report = run.with_user(self.manager).get_text_report()
        self.assertIn(f"Experiment “Test”: {counts['a']} leads by way A, {counts['b']} leads by way B", report)

    def test_programs_are_told_of_no_experiment_where_there_is_none(self):
        self.make_leads(3)
        run = self.campaign.distribute()
        told = run.to_dict()
        self.assertIsNone(told["experiment"])
        self.assertEqual({each["arm"] for each in told["assignments"]}, {None})
        self.assertNotIn("Experiment", run.get_text_report())

    def test_the_line_up_of_a_row_is_that_of_its_way(self):
        dan = self.make_user("dan")
        experiment = self.make_experiment(variant={"strategy": "weighted"})
        experiment.variant_id.member_ids = [Command.clear(), Command.create({"user_id": dan.id})]
        self.make_leads(12)
        run = self.campaign.distribute()
        for row in run.assignment_ids:
            wizard = self.env["lead.distribution.line.up"].with_user(self.manager).create({"assignment_id": row.id})
            names = set(wizard.line_ids.mapped("name"))
            self.assertEqual(names, {"Dan"} if row.arm == "b" else {"Ann", "Bob", "Cem"})
            first = wizard.line_ids.filtered("is_next")
            self.assertIn(row.user_name, first.mapped("name"))

    def test_the_line_up_counts_what_the_other_way_has_given(self):
        self.campaign.write({"strategy": "least_loaded"})
        self.campaign.member_ids.target_leads = 20
        self.make_experiment()
        self.make_leads(30)
        run = self.campaign.distribute()
        held = Counter()
        for row in run.assignment_ids.sorted("id"):
            wizard = self.env["lead.distribution.line.up"].with_user(self.manager).create({"assignment_id": row.id})
            self.assertIn(row.user_name, wizard.line_ids.filtered("is_next").mapped("name"))
            self.assertEqual(held[row.user_id], min(held[user] for user in self.ann + self.bob + self.cem))
            held[row.user_id] += 1

    def test_salespeople_see_nothing_of_the_ways(self):
        experiment = self.make_experiment(variant={"strategy": "weighted"})
        self.make_leads(12)
        run = self.campaign.distribute()
        own = run.assignment_ids.filtered(lambda row: row.user_id == self.ann).with_user(self.ann)
        self.assertTrue(own)
        for name in ("arm", "experiment_id"):
            self.assertNotIn(name, own.fields_get())
            with self.assertRaises(AccessError):
                own.read([name])
            with self.assertRaises(AccessError):
                own.search([(name, "!=", False)])
        for text in own.mapped("explanation"):
            self.assertNotRegex(text.lower(), r"\b(way|experiment|arm)\b")
        with self.assertRaises(AccessError):
            experiment.with_user(self.ann).read(["name"])
        self.assertNotIn("experiment_id", run.with_user(self.ann).fields_get())

    def test_the_dealing_ends_with_the_planned_number_of_leads_and_the_campaign_goes_on_by_way_a(self):
        experiment = self.make_experiment(planned_leads=10)
        self.make_leads(10)
        self.assertEqual(self.campaign.distribute().experiment_id, experiment)
        self.make_leads(10)
        run = self.campaign.distribute()
        self.assertFalse(run.experiment_id)
        self.assertEqual(len(run.assignment_ids), 10)
        self.assertEqual(len(self.get_deals(experiment)), 10)

    def test_old_leads_that_drop_back_are_not_dealt(self):
        rule = {"name": "Old", "is_default": True, "user_id": self.cem.id}
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create(rule)],
                "younger_than_days": 30,
            }
        )
        experiment = self.make_experiment()
        old = self.make_leads(3, source_date=fields.Date.today() - timedelta(days=90))
        self.make_leads(6)
        run = self.campaign.distribute()
        dropped = run.assignment_ids.filtered(lambda row: row.kind == "dropback")
        self.assertEqual(dropped.lead_id, old)
        self.assertFalse(any(dropped.mapped("arm")))
        self.assertFalse(self.get_deals(experiment).keys() & set(old.ids))
