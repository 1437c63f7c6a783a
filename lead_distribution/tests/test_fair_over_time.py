"""Fair over runs and days: who was away, who is new, who begins slowly; and the run of a day that goes on."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.live.by_hand import explain

from .common import DistributionCase
from .test_live_worker import LiveCase


@tagged("post_install", "-at_install")
class TestFairOverRuns(DistributionCase):
    """Round robin over several runs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = {member.user_id: member for member in cls.campaign.member_ids}

    def run_with(self, count, **options):
        """Hand out new leads; return the leads of (Ann, Bob, Cem) in this run."""
        self.make_leads(count)
        run = self.campaign.distribute(**options)
        received = {line.user_id: line.leads_received for line in run.member_line_ids}
        return tuple(received.get(user, 0) for user in (self.ann, self.bob, self.cem))

    def get_turns(self):
        return tuple(self.members[user].rotation_turns for user in (self.ann, self.bob, self.cem))

    def leave_out(self, *users):
        self.campaign.excluded_receiver_ids = [Command.set([user.id for user in users])]

    def test_whoever_was_left_out_of_a_run_starts_at_the_average_of_the_others(self):
        self.run_with(6)
        self.leave_out(self.cem)
        self.assertEqual(self.run_with(40), (20, 20, 0))
        self.leave_out()
        self.run_with(3)
        self.assertEqual(self.get_turns(), (23, 23, 23))
        totals = [self.run_with(1) for _run in range(9)]
        self.assertEqual(tuple(map(sum, zip(*totals, strict=True))), (3, 3, 3))  # neither a flood nor a loss

    def test_a_new_member_is_not_given_the_leads_of_the_weeks_before(self):
        self.run_with(30)
        dan = self.make_user("dan")
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == dan)
        totals = [self.run_with(1) for _run in range(8)]
        self.assertEqual(tuple(map(sum, zip(*totals, strict=True))), (2, 2, 2))
        self.assertEqual((member.rotation_turns, member.in_rotation), (12, True))

    def test_whoever_is_ahead_of_the_average_keeps_that(self):
        self.run_with(3)
        self.leave_out(self.ann)
        self.run_with(2)
        self.members[self.ann].rotation_turns = 9
        self.leave_out()
        self.run_with(3)
        self.assertEqual(self.get_turns(), (10, 3, 3))

    def test_whoever_was_not_chosen_for_a_run_was_not_away(self):
        self.run_with(3)
        self.assertEqual(self.run_with(4, user_ids=self.ann.ids), (4, 0, 0))
        self.assertEqual([self.run_with(1)[0] for _run in range(8)], [0] * 8)  # the others make up for it
        self.assertEqual(self.get_turns(), (5, 5, 5))

    def test_a_simulation_levels_nobody(self):
        self.run_with(3)
        self.leave_out(self.cem)
        self.run_with(20)
        self.leave_out()
        self.make_leads(3)
        run = self.campaign.simulate()
        self.assertEqual(self.get_turns(), (11, 11, 1))
        self.assertFalse(self.members[self.cem].in_rotation)
        run.action_apply()
        self.assertEqual(self.get_turns(), (12, 12, 12))

    def test_a_revert_takes_the_turns_back_that_the_run_gave(self):
        self.run_with(3)
        self.leave_out(self.cem)
        self.run_with(20)
        self.leave_out()
        self.run_with(6)
        run = self.campaign.run_ids[0]
        self.make_past(run)
        run.action_revert()
        self.assertEqual(self.get_turns(), (11, 11, 11))

    def test_a_run_that_hands_out_nothing_changes_nothing_of_the_rotation(self):
        self.run_with(6)
        self.leave_out(self.cem)
        self.campaign.distribute()
        self.assertTrue(self.members[self.cem].in_rotation)


@tagged("post_install", "-at_install")
class TestRampUp(DistributionCase):
    """Who is new in a campaign begins slowly."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"ramp_up_days": 14, "ramp_up_percent": 50})
        cls.members = {member.user_id: member for member in cls.campaign.member_ids}
        cls.campaign.member_ids.joined_on = cls.today - timedelta(days=100)
        cls.members[cls.cem].joined_on = cls.today
        cls.campaign.member_ids.write({"has_own_target": True, "own_target": 100})

    def share(self, count, **values):
        self.campaign.write(values)
        self.make_leads(count)
        run = self.campaign.distribute()
        received = {line.user_id: line.leads_received for line in run.member_line_ids}
        return tuple(received.get(user, 0) for user in (self.ann, self.bob, self.cem))

    def test_a_new_member_gets_half_a_share_by_every_strategy_that_shares(self):
        for strategy in ("round_robin", "random", "weighted", "proportional", "performance"):
            shares = self.share(50, strategy=strategy)
            self.assertEqual(shares, (20, 20, 10), strategy)

    def test_over_short_runs_it_is_half_a_share_too(self):
        totals = [self.share(2) for _run in range(10)]
        self.assertEqual(tuple(map(sum, zip(*totals, strict=True))), (8, 8, 4))

    def test_targets_are_halved_where_leads_are_filled_up(self):
        for strategy in ("level_based", "least_loaded", "capacity_based"):
            run = self.campaign.simulate(strategy=strategy)
            self.assertEqual(sorted(run.member_line_ids.mapped("target_leads")), [50, 100, 100])
        self.assertEqual(self.share(260, strategy="capacity_based"), (100, 100, 50))
        line = self.campaign.run_ids[0].member_line_ids.filtered(lambda one: one.user_id == self.cem)
        self.assertEqual((line.target_leads, line.utilization, line.ramp_share), (50, 100, 50))

    def test_limits_are_halved_and_never_nothing(self):
        self.assertEqual(self.share(30, max_daily=5), (5, 5, 2))
        self.campaign.max_daily = 0
        caps = [{"measure": "day", "maximum": 9}, {"measure": "open_fresh", "maximum": 400}]
        self.env["lead.distribution.cap"].create([{"campaign_id": self.campaign.id, **cap} for cap in caps])
        self.assertEqual(self.share(30), (4, 4, 2))
        self.campaign.ramp_up_percent = 1
        dan = self.make_user("dan")
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        self.make_leads(5)
        run = self.campaign.distribute()
        self.assertEqual([(line.user_id, line.leads_received) for line in run.member_line_ids if line.leads_received],
                         [(dan, 1)])  # fmt: skip

    def test_half_of_what_is_wanted_a_day_is_enough(self):
        self.campaign.min_daily = 4
        self.make_leads(10)
        run = self.campaign.simulate()
        self.assertEqual(sorted(run.member_line_ids.mapped("leads_received")), [2, 4, 4])
        self.assertFalse([text for text in run.warnings or [] if "Fewer than" in text])

    def test_by_hand_somebody_is_full_at_half_the_target(self):
        self.make_leads(60, user_id=self.cem.id)
        self.make_leads(60, user_id=self.bob.id)
        [text] = explain(self.bob + self.cem, self.campaign)
        self.assertIn("60 of 50 leads", text)

    def test_a_plan_that_waits_passes_no_halved_limit(self):
        self.campaign.max_daily = 5
        self.make_leads(12)
        first, second = self.campaign.simulate(), self.campaign.simulate()
        first.action_apply()
        second.action_apply()
        self.assertEqual(sum(line.leads_received for line in (first + second).member_line_ids
                             if line.user_id == self.cem), 2)  # fmt: skip

    def test_it_is_shown_until_its_last_day(self):
        member = self.members[self.cem]
        member.joined_on = fields.Date.to_date("2026-04-20")
        for day, share, words in [
            ("2026-04-20", 50, "50% until May 3"),
            ("2026-05-03", 50, "50% until May 3"),
            ("2026-05-04", 100, False),
        ]:
            with freeze_time(f"{day} 12:00:00"):
                member.invalidate_recordset()
                self.assertEqual((member.ramp_share, member.ramp_words), (share, words))
        member.joined_on = fields.Date.to_date("2026-12-24")
        with freeze_time("2026-12-24 12:00:00"):
            member.invalidate_recordset()
            self.assertEqual(member.ramp_words, "50% until Jan 6, 2027")
        self.campaign.ramp_up_days = 0
        self.assertEqual((member.ramp_share, member.ramp_words), (100, False))

    def test_the_day_is_that_of_the_campaign(self):
        member = self.members[self.cem]
        member.joined_on = fields.Date.to_date("2026-04-20")
        self.campaign.tz = "Pacific/Auckland"
        with freeze_time("2026-05-03 13:00:00"):  # 4 May in Auckland
            member.invalidate_recordset()
            self.assertEqual(member.ramp_share, 100)

    def test_what_a_strategy_promises_and_a_comparison_know_of_it(self):
        self.make_leads(50)
        run = self.campaign.simulate()
        promised = {line.user_id: line.promised for line in run.member_line_ids}
        self.assertEqual(promised, {self.ann: 20, self.bob: 20, self.cem: 10})
        variant = {"strategy": "round_robin", "fill_strategy": False, "allow_overflow": False, "overflow_limit": 0,
                   "distribution_order": "random", "max_daily": 0}  # fmt: skip
        [column] = self.campaign._compare([variant], seed=1)["columns"]
        self.assertEqual({one["user_id"]: one["received"] for one in column["people"]}[self.cem.id], 10)

    def test_a_copy_of_the_campaign_has_the_same_newcomers(self):
        copy = self.campaign.copy()
        self.assertEqual([copy.member_ids.filtered(lambda m, u=u: m.user_id == u).ramp_share
                          for u in (self.ann, self.bob, self.cem)], [100, 100, 50])  # fmt: skip

    def test_a_revert_takes_back_the_turns_that_were_counted(self):
        self.share(50)
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {20})
        self.campaign.ramp_up_days = 0
        run = self.campaign.run_ids[0]
        self.make_past(run)
        run.action_revert()
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})


@tagged("post_install", "-at_install")
class TestFairAsTheyCome(LiveCase):
    """Leads that come one by one are shared as if they had come together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = {member.user_id: member for member in cls.campaign.member_ids}

    def come_and_go(self, count, at_once=1):
        """Have leads come, so many at once, and be handed out; return the leads of (Ann, Bob, Cem)."""
        leads = self.env["crm.lead"]
        for _batch in range(count // at_once):
            leads += self.come(at_once)
            self.hand_out()
        return self.count(leads)

    def leave_out(self, *users):
        self.campaign.excluded_receiver_ids = [Command.set([user.id for user in users])]

    def get_line(self, user):
        return self.get_run().member_line_ids.filtered(lambda line: line.user_id == user)

    def test_single_leads_are_shared_by_weight(self):
        self.campaign.strategy = "weighted"
        for user, weight in ((self.ann, 4), (self.bob, 2), (self.cem, 1)):
            self.members[user].weight = weight
        self.assertEqual(self.come_and_go(14), [8, 4, 2])
        self.assertEqual([self.get_line(user).promised for user in (self.ann, self.bob, self.cem)], [8, 4, 2])

    def test_targets_hold_over_single_leads_whatever_the_strategy_fills_up(self):
        self.campaign.member_ids.write({"has_own_target": True, "own_target": 3})
        self.members[self.ann].own_target = 1
        for strategy in ("least_loaded", "capacity_based", "level_based"):
            with self.subTest(strategy):
                self.campaign.strategy = strategy
                self.env["crm.lead"].search([("user_id", "in", (self.ann + self.bob + self.cem).ids)]).active = False
                self.assertEqual(self.come_and_go(9), [1, 3, 3])
                self.waiting.search([]).unlink()

    def test_the_turn_is_the_number_of_the_lead_in_the_day(self):
        self.come_and_go(6)
        rows = self.get_run().assignment_ids
        self.assertEqual(sorted(rows.filtered(lambda row: row.user_id == self.ann).mapped("turn")), [1, 2])

    def test_whoever_comes_at_noon_goes_on_with_the_others(self):
        self.leave_out(self.cem)
        self.come_and_go(10, at_once=5)
        self.leave_out()
        self.assertEqual(self.come_and_go(6), [2, 2, 2])
        self.assertEqual(self.get_line(self.cem).head_start, 5)
        self.assertEqual([self.members[user].rotation_turns for user in (self.ann, self.bob, self.cem)], [7, 7, 7])

    def test_whoever_was_out_for_lunch_is_neither_flooded_nor_passed_over(self):
        self.come_and_go(6)
        self.leave_out(self.cem)
        self.come_and_go(8)
        self.assertFalse(self.get_line(self.cem).was_there)
        self.leave_out()
        self.assertEqual(self.come_and_go(6), [2, 2, 2])

    def test_a_shift_that_takes_over_goes_on_where_the_other_ended(self):
        self.leave_out(self.bob, self.cem)
        self.come_and_go(8)
        self.leave_out(self.ann)
        self.come_and_go(4)
        self.leave_out()
        self.assertEqual(self.come_and_go(6), [2, 2, 2])

    def test_another_weight_or_strategy_at_noon_counts_from_then_on(self):
        self.campaign.strategy = "weighted"
        self.come_and_go(9)
        self.members[self.ann].weight = 2
        self.assertEqual(self.come_and_go(8), [4, 2, 2])
        self.campaign.strategy = "round_robin"
        self.assertEqual(self.come_and_go(6), [2, 2, 2])

    def test_who_begins_slowly_gets_half_of_what_comes(self):
        self.campaign.write({"ramp_up_days": 14, "ramp_up_percent": 50})
        self.campaign.member_ids.joined_on = self.today - timedelta(days=100)
        self.members[self.cem].joined_on = self.today
        self.assertEqual(self.come_and_go(10), [4, 4, 2])
        self.assertEqual(self.get_line(self.cem).ramp_share, 50)
        self.campaign.ramp_up_days = 0  # a whole share from now on, and no more than that
        self.assertEqual(self.come_and_go(6), [2, 2, 2])

    def test_who_is_next_is_who_gets_the_lead(self):
        for _lead in range(7):
            lead = self.come()
            told = self.campaign._explain_who(lead).next_ones[0]
            tied = {told.person.name, *told.tied}
            self.hand_out()
            self.assertIn(lead.user_id.name, tied)
        self.assertEqual(sum(self.get_run().member_line_ids.mapped("leads_received")), 7)

    def test_each_lead_is_explained_by_its_place_in_the_day(self):
        self.campaign.distribution_order = "alphabetical"
        self.come_and_go(5)
        run = self.get_run()
        for row in run.assignment_ids.sorted("id"):
            places = run._explain_assignment(row)
            self.assertEqual(places[0].person.id, row.user_id.id)
            self.assertEqual(places[0].received, row.turn - 1)

    def test_after_a_revert_the_day_begins_anew(self):
        self.come_and_go(5)
        run = self.get_run()
        self.make_past(run)
        run.action_revert()
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})
        self.assertEqual(self.come_and_go(3), [1, 1, 1])
        self.assertNotEqual(self.get_run(), run)

    def come_on_days(self, days, a_day):
        """Have so many leads come each day, one by one; return the leads of (Ann, Bob, Cem)."""
        leads, monday = self.env["crm.lead"], fields.Datetime.now().replace(hour=9) + timedelta(days=1)
        for number in range(days * a_day):
            with freeze_time(monday + timedelta(days=number // a_day, hours=number % a_day)):
                leads += self.come(source_date=fields.Date.today())
                self.hand_out()
        return self.count(leads)

    def test_few_leads_a_day_are_shared_by_weight_over_the_days(self):
        for user, weight in ((self.ann, 4), (self.bob, 2), (self.cem, 1)):
            self.members[user].write({"weight": weight, "has_own_target": True, "own_target": 100 * weight})
        for strategy, days, a_day in (("weighted", 14, 1), ("weighted", 7, 3), ("proportional", 7, 2)):
            with self.subTest(strategy=strategy, a_day=a_day):
                self.campaign.strategy = strategy
                self.campaign.run_ids.member_line_ids.unlink()
                shares = self.come_on_days(days, a_day)
                for count, weight in zip(shares, (4, 2, 1), strict=True):
                    self.assertAlmostEqual(count, weight * days * a_day // 7, delta=1)

    def test_a_day_makes_up_for_one_lead_of_the_day_before_at_most(self):
        self.campaign.strategy = "weighted"
        cap = self.campaign.cap_ids.create(
            {"campaign_id": self.campaign.id, "user_id": self.ann.id, "measure": "open", "maximum": 1}
        )
        self.assertEqual(self.come_on_days(1, 13), [1, 6, 6])
        cap.unlink()
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.assertEqual(self.come_and_go(8), [4, 2, 2])  # not [6, 1, 1]

    def test_whoever_begins_later_in_the_day_has_what_the_day_before_left(self):
        self.campaign.strategy = "weighted"
        self.come_on_days(1, 2)
        [behind] = self.members.keys() - self.get_run().assignment_ids.user_id
        self.leave_out(behind)
        with freeze_time(fields.Datetime.now() + timedelta(days=3)):
            self.come_and_go(2)
            self.leave_out()
            lead = self.come()
            self.assertEqual(self.campaign._explain_who(lead).next_ones[0].person.id, behind.id)
            self.hand_out()
            self.assertEqual(lead.user_id, behind)
