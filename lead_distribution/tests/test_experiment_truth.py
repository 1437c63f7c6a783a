from collections import Counter
from random import Random

from odoo.tests import tagged

from .common import DistributionCase

LEADS, RUNS = 1200, 2
FAST = {"ann": 0.30, "bob": 0.10}  # who wins how many of the leads they get
SAME = 0.2  # of both ways


@tagged("post_install", "-at_install")
class TestExperimentTruth(DistributionCase):
    """An experiment from its plan to its verdict, through the campaign's own runs, where the truth is known."""

    def play(self, seed, weights, is_same=False):
        """Run an experiment in which people win leads by chance; return it, ended.

        :param weights: {name: weight by way B}; by way A leads go around
        :param is_same: whether chance chooses as many of both ways, whoever has them: a draw of 1 in 25 that says
            there is a difference must not fail the test
        """
        campaign = self.make_campaign(
            f"Truth {seed}", self.ann, self.bob, max_leads=LEADS // RUNS, user_id=self.manager.id
        )
        experiment = (
            self.env["lead.distribution.experiment"]
            .with_user(self.manager)
            .create(
                {
                    "name": f"Truth {seed}", "campaign_id": campaign.id, "strategy_a": "round_robin",
                    "strategy_b": "weighted", "planned_leads": LEADS, "seed": seed, "days": 30,
                }
            )
        )  # fmt: skip
        experiment.action_open_way_b()
        for member in experiment.variant_id.member_ids:
            member.weight = weights[member.user_id.name.lower()]
        experiment.action_start()
        sources = self.env["utm.source"].create([{"name": f"Source {seed} {n}"} for n in range(4)])
        rng = Random(seed)
        for source in sources:
            for priority in "012":
                self.make_leads(LEADS // 12, source_id=source.id, priority=priority)
        for number in range(RUNS):
            campaign.distribute(seed=seed + number)
        self.win_by_chance(experiment, rng, is_same)
        return experiment

    def win_by_chance(self, experiment, rng, is_same):
        """Two months go by, in which each lead is won with the chance of who has it."""
        self.env.flush_all()
        rows = self.env["lead.distribution.assignment"].search([("experiment_id", "=", experiment.id)], order="id")
        self.counted = {"a": Counter(), "b": Counter()}
        won, chosen = [], set()
        for way in "ab":
            of_way = [row.id for row in rows if row.arm == way]
            chosen.update(rng.sample(of_way, round(len(of_way) * SAME)))
        for row in rows:
            is_won = row.id in chosen if is_same else rng.random() < FAST[row.user_id.name.lower()]
            self.counted[row.arm].update(leads=1, won=is_won)
            won += [row.lead_id.id] if is_won else []
        self.env.cr.execute(
            "UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '60 days' WHERE id = ANY(%s)",
            (rows.ids,),
        )
        self.env.cr.execute(
            "UPDATE crm_lead SET won_status = 'won', date_closed = now() AT TIME ZONE 'UTC' - interval '50 days' "
            "WHERE id = ANY(%s)",
            (won,),
        )
        self.env.invalidate_all()
        self.look(experiment)

    def look(self, experiment):
        for _day in range(2):
            self.env["lead.distribution.experiment"]._cron_watch()
        self.assertEqual(experiment.state, "done")
        self.assertFalse(experiment.ended_early)

    def check_counts(self, result):
        for arm, counted in self.counted.items():
            self.assertEqual((result[arm]["leads"], result[arm]["conversions"]), (counted["leads"], counted["won"]))
        self.assertEqual(sum(counted["leads"] for counted in self.counted.values()), LEADS)
        self.assertLessEqual(abs(self.counted["a"]["leads"] - LEADS / 2), 24)  # dealt in blocks by source and priority
        self.assertTrue(result["balance"]["is_alike"], result["balance"]["words"])
        self.assertEqual(result["not_handed_out"], {"a": 0, "b": 0})

    def test_a_better_way_is_found(self):
        experiment = self.play(seed=11, weights={"ann": 20, "bob": 1})
        result = experiment.get_result()
        self.check_counts(result)
        self.assertEqual((result["kind"], result["winner"]), ("b_better", "b"), result["verdict"])
        truth = (20 * 0.3 + 0.1) / 21 - 0.2  # five standard errors
        self.assertLess(abs(result["difference"] - truth), result["high"] - result["low"])
        self.assertRegex(result["verdict"], r"^B won \d+\.\d points more \(.* to .*\)\.$")

    def test_where_there_is_no_difference_none_is_found(self):
        experiment = self.play(seed=12, weights={"ann": 1, "bob": 3}, is_same=True)
        result = experiment.get_result()
        self.check_counts(result)
        self.assertEqual((result["kind"], result["winner"]), ("no_difference", None))
        self.assertTrue(result["low"] <= 0 <= result["high"])

    def test_a_way_that_does_harm_is_stopped(self):
        experiment = self.play(seed=13, weights={"ann": 1, "bob": 40})
        result = experiment.get_result()
        self.assertEqual(result["winner"], "a")
        self.assertIn(result["kind"], ("harm", "a_better"))
        self.assertLess(result["high"], 0)
