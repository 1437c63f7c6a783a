"""Leads as they come, and leads that go on to somebody else, while an experiment runs: each goes its way."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.following.take_back import take_back
from odoo.addons.lead_distribution.models.base.ways import get_ways

from .common import MANAGER
from .test_live_worker import LiveCase


class GrowingCase(LiveCase):
    @classmethod
    def start(cls, strategy_b="weighted", variant=None, **values):
        experiment = cls.env["lead.distribution.experiment"].create(
            {"campaign_id": cls.campaign.id, "strategy_b": strategy_b, "seed": 3, "planned_leads": 10_000, **values}
        )
        experiment.action_open_way_b()
        experiment.variant_id.write(variant or {})
        experiment.action_start()
        return experiment

    def get_runs(self, origin="live"):
        """Return {way: run} of today."""
        runs = self.campaign.run_ids.filtered(lambda run: run.origin == origin)
        return {run.arm: run for run in runs}

    def get_deals(self, experiment):
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        return {deal.lead_id: deal.arm for deal in deals}

    def check_one_each(self, leads):
        """Every lead has one owner, one row, one deal; and the row says the way that was dealt."""
        deals = self.get_deals(self.campaign.experiment_ids[:1])
        self.assertEqual(set(deals), set(leads))
        for lead in leads:
            row = lead.assignment_ids
            self.assertEqual(len(row), 1)
            self.assertEqual((row.user_id, row.arm, row.state), (lead.user_id, deals[lead], "done"))
            self.assertEqual(row.run_id.arm, row.arm)
        return deals


@tagged("post_install", "-at_install")
class TestExperimentLive(GrowingCase):
    def test_every_lead_that_comes_has_one_owner_one_deal_and_the_run_of_its_way(self):
        experiment = self.start(variant={"max_daily": 50})
        leads = self.env["crm.lead"]
        for _batch in range(4):
            leads |= self.come(5)
            self.assertEqual(self.hand_out()["handed_out"], 5)
        deals = self.check_one_each(leads)
        runs = self.get_runs()
        self.assertEqual(set(runs), {"a", "b"})
        for arm, run in runs.items():
            count = list(deals.values()).count(arm)
            self.assertEqual((run.leads_found, run.leads_done, run.experiment_id), (count, count, experiment))
            self.assertEqual(sum(run.member_line_ids.mapped("leads_received")), count)
            self.assertEqual(run.campaign_id, self.campaign)
        self.assertEqual((runs["a"].strategy, runs["b"].strategy), ("round_robin", "weighted"))
        self.assertFalse(dict(runs["a"].rules_on).get("Leads a person a day at most"))
        self.assertEqual(dict(runs["b"].rules_on)["Leads a person a day at most"], "50", "the rules are those of B")
        self.assertLessEqual(abs(runs["a"].leads_done - runs["b"].leads_done), 8)

    def test_each_way_has_its_own_people(self):
        experiment = self.start()
        experiment.variant_id.member_ids.filtered(lambda m: m.user_id != self.cem).active = False
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.cem).weight = 1
        leads = self.come(20)
        self.hand_out()
        deals = self.check_one_each(leads)
        for lead, arm in deals.items():
            if arm == "b":
                self.assertEqual(lead.user_id, self.cem)
        self.assertEqual({lead.user_id for lead, arm in deals.items() if arm == "a"}, {self.ann, self.bob, self.cem})

    def test_who_takes_part_only_by_way_b_receives_and_nothing_is_wrong_about_it(self):
        dan = self.make_user("dan")
        experiment = self.start()
        experiment.variant_id.member_ids = [Command.clear(), Command.create({"user_id": dan.id})]
        leads = self.come(10)
        self.assertEqual(self.hand_out()["handed_out"], 10)
        deals = self.check_one_each(leads)
        mine = leads.filtered(lambda lead: lead.user_id == dan)
        self.assertEqual(mine, leads.filtered(lambda lead: deals[lead] == "b"))
        self.assertFalse(self.campaign.verify_assignments()["problems"])
        run = self.get_runs()["b"]
        self.assertEqual([line["name"] for line in run.to_dict()["salespeople"]], ["Dan"])
        self.make_past(run)
        run.with_user(self.manager).action_revert()
        self.assertEqual(run.state, "reverted")
        self.assertFalse(mine.user_id)

    def test_other_companies_and_salespeople_see_nothing_of_it(self):
        experiment = self.start()
        lead = self.come()
        self.hand_out()
        row = lead.assignment_ids
        owner = row.user_id
        for field in ("arm", "experiment_id"):
            with self.assertRaises(AccessError):
                row.with_user(owner).read([field])
            with self.assertRaises(AccessError):
                row.run_id.with_user(owner).read([field])
        self.assertNotIn("way", str(row.with_user(owner).explanation or "").lower().split())
        with self.assertRaises(AccessError):
            self.env["lead.distribution.experiment.deal"].with_user(owner).search([])
        there = self.env["res.company"].create({"name": "There"})
        other = self.make_user("oli", MANAGER, company_id=there.id, company_ids=[(6, 0, there.ids)])
        self.assertFalse(self.env["lead.distribution.experiment"].with_user(other).search([]))
        self.assertFalse(self.env["lead.distribution.experiment.deal"].with_user(other).search([]))
        with self.assertRaises(AccessError):
            experiment.with_user(other).action_stop()

    def test_limits_of_people_hold_over_both_ways(self):
        self.campaign.max_daily = 3
        self.start()
        leads = self.come(14)
        self.assertEqual(self.hand_out(), {"handed_out": 9, "waiting": 5, "not_taken": 0})
        for user in (self.ann, self.bob, self.cem):
            self.assertEqual(len(leads.filtered(lambda lead, user=user: lead.user_id == user)), 3)
        runs = self.get_runs()
        self.assertEqual(sum(run.leads_found for run in runs.values()), 14)
        self.assertEqual(sum(run.leads_not_distributed for run in runs.values()), 5)

    def test_a_limit_of_leads_a_run_is_of_both_ways_together(self):
        self.campaign.max_leads = 6
        self.start()
        self.come(4)
        self.hand_out()
        self.come(8)
        self.assertEqual(self.hand_out()["handed_out"], 2)
        deals = self.get_deals(self.campaign.experiment_ids)
        self.come(3)
        self.assertEqual(self.hand_out()["handed_out"], 0)
        self.assertEqual(self.get_deals(self.campaign.experiment_ids), deals, "whose turn did not come is not dealt")

    def test_a_lead_that_waits_keeps_its_way(self):
        experiment = self.start()
        experiment.variant_id.member_ids.active = False
        leads = self.come(12)
        self.hand_out()
        deals = self.get_deals(experiment)
        waiting = leads.filtered(lambda lead: not lead.user_id)
        self.assertEqual(waiting, leads.filtered(lambda lead: deals[lead] == "b"))
        self.assertTrue(waiting)
        self.assertEqual(set(self.waiting.search([]).mapped("campaign_id")), {self.campaign})
        experiment.variant_id.with_context(active_test=False).member_ids.active = True
        self.env.flush_all()
        self.assertEqual(self.hand_out()["handed_out"], len(waiting))
        self.assertEqual(self.get_deals(experiment), deals)
        self.check_one_each(leads)
        runs = self.get_runs()
        self.assertEqual(sum(run.leads_not_distributed for run in runs.values()), 0)

    def test_runs_of_before_and_after_stand_beside_those_of_the_ways(self):
        self.come(2)
        self.hand_out()
        experiment = self.start()
        self.come(4)
        self.hand_out()
        experiment.action_stop()
        after = self.come(3)
        self.hand_out()
        runs = self.get_runs()
        self.assertEqual(runs[False].leads_done, 5)
        self.assertEqual(runs["a"].leads_done + runs["b"].leads_done, 4)
        self.assertFalse(after.assignment_ids.experiment_id)

    def test_what_drops_back_goes_no_way(self):
        default = {"name": "default", "is_default": True, "user_id": self.manager.id}
        self.campaign.write(
            {
                "use_dropback": True,
                "younger_than_days": 30,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create(default)],
            }
        )
        experiment = self.start()
        old = self.come(2, source_date=self.days_ago(60))
        new = self.come(4)
        self.hand_out()
        self.assertEqual(set(self.get_deals(experiment)), set(new))
        rows = old.assignment_ids
        self.assertEqual(set(rows.mapped("kind")), {"dropback"})
        self.assertFalse(rows.experiment_id or any(rows.mapped("arm")))
        self.assertEqual(sum(run.leads_done for run in self.campaign.run_ids), 4)
        self.assertEqual(sum(run.leads_dropped_back for run in self.campaign.run_ids), 2)

    def test_what_goes_to_the_person_named_for_it_keeps_its_way(self):
        dan = self.make_user("dan")
        self.campaign.write({"live_fallback": "user", "live_fallback_user_id": dan.id, "live_fallback_minutes": 0})
        experiment = self.start()
        experiment.variant_id.member_ids.active = False
        leads = self.come(10)
        self.hand_out()
        deals = self.check_one_each(leads)
        mine = leads.filtered(lambda lead: lead.user_id == dan)
        self.assertEqual(mine, leads.filtered(lambda lead: deals[lead] == "b"))
        self.assertEqual(set(mine.assignment_ids.mapped("kind")), {"fallback"})

    def test_shares_of_a_way_are_carried_over_to_its_next_day(self):
        members = {m.user_id: m for m in self.campaign.member_ids}
        self.campaign.strategy = "weighted"
        members[self.ann].weight = 8
        self.start("proportional")
        for days in range(4):
            for run in self.campaign.run_ids:
                run.distribution_date -= timedelta(days=1)
            self.come(4)
            self.hand_out()
            self.env.invalidate_all()
            self.assertEqual(days + 1, len({run.distribution_date for run in self.campaign.run_ids}))
        totals = {}
        for run in self.campaign.run_ids.filtered(lambda run: run.arm == "a"):
            for line in run.member_line_ids:
                totals[line.user_id] = totals.get(line.user_id, 0) + line.leads_received
        self.assertGreater(totals.get(self.ann, 0), totals.get(self.bob, 0))

    def test_ten_times_the_leads_need_no_more_statements(self):
        self.start()
        self.come(4)
        self.hand_out()
        counts = []
        for number in (20, 200):
            self.come(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.hand_out()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1], counts[0] * 1.5 + 40)

    def test_who_is_next_is_told_of_both_ways(self):
        self.start()
        lead = self.make_leads(1)
        now = self.campaign.with_user(self.manager)._explain_who(lead)
        self.assertEqual({one.way for one in now.next_ones}, {"A", "B"})
        self.assertEqual(len(now.others), 3)
        wizard = self.env["lead.distribution.line.up"].with_user(self.manager)
        wizard = wizard.create({"distribution_id": self.campaign.id, "lead_id": lead.id})
        self.assertIn("By way A:", wizard.answer)
        self.assertIn("By way B:", wizard.answer)
        self.assertEqual(len(wizard.line_ids), 6)
        self.come()
        self.hand_out()
        dealt = next(iter(self.get_deals(self.campaign.experiment_ids)))
        self.assertIsNone(self.campaign._explain_who(dealt).others)
        shown = self.env["lead.distribution.dashboard"].with_user(self.manager).get_next(self.campaign.id)
        self.assertTrue(any("way B" in person["why"] for person in shown["people"]))


@tagged("post_install", "-at_install")
class TestExperimentGoesOn(GrowingCase):
    def miss(self, rows):
        """Pretend that rows were handed out two hours ago, and were due an hour ago."""
        now = fields.Datetime.now()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE crm_lead SET distributed_on = %(on)s, received_on = %(on)s, write_date = %(on)s "
            "WHERE id IN %(ids)s",
            {"on": now - timedelta(hours=2), "ids": tuple(rows.lead_id.ids)},
        )
        self.env.invalidate_all()
        due = now - timedelta(hours=1)
        rows.write(
            {
                "applied_on": now - timedelta(hours=2), "deadline_state": "missed", "checkpoint": "action",
                "missed_checkpoint": "action", "due_on": due, "missed_on": due, "check_on": now,
            }
        )  # fmt: skip

    def test_leads_that_are_taken_back_go_on_by_the_way_they_came(self):
        self.campaign.write({"first_action_hours": 1, "on_missed": "take_back", "user_id": self.manager.id})
        before = self.come(2)
        self.hand_out()
        experiment = self.start()
        leads = self.come(8)
        self.hand_out()
        deals = self.get_deals(experiment)
        rows = (leads | before).assignment_ids
        self.miss(rows)
        done = take_back(get_ways(self.campaign.sudo()), rows)
        self.assertEqual(len(done), 10)
        for row in done:
            self.assertEqual(row.arm, deals.get(row.lead_id, False))
            self.assertEqual(row.run_id.arm, row.arm)
            self.assertEqual(row.experiment_id, experiment if row.arm else experiment.browse())
        self.assertEqual(set(self.get_runs("take_back")), {"a", "b", False})
        self.assertEqual(self.get_deals(experiment), deals, "who was not dealt stays outside")
        self.assertEqual(sum(run.leads_done for run in self.get_runs("take_back").values()), 10)

    def test_a_declined_lead_goes_on_by_its_way(self):
        self.campaign.write({"decline_mode": "next", "user_id": self.manager.id})
        experiment = self.start()
        leads = self.come(6)
        self.hand_out()
        deals = self.get_deals(experiment)
        for lead in leads:
            lead.with_user(lead.user_id).action_decline("No time")
        self.env.invalidate_all()
        for lead in leads:
            row = lead.assignment_ids.filtered(lambda row: row.kind == "decline")
            self.assertEqual((row.arm, row.user_id), (deals[lead], lead.user_id))

    def test_who_takes_leads_chooses_and_nothing_is_dealt(self):
        experiment = self.start()
        self.campaign.is_live = False
        self.make_leads(3)
        pulled = self.campaign.with_user(self.ann).pull_leads(2)
        self.assertEqual(len(pulled), 2)
        self.assertFalse(self.get_deals(experiment))
        self.assertFalse(pulled.sudo().assignment_ids.experiment_id)
