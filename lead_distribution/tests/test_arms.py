from collections import Counter

from odoo.tests import tagged

from odoo.addons.lead_distribution.finding.candidates import fetch_candidates
from odoo.addons.lead_distribution.planning.arms import (
    STRATUM_COLUMNS,
    Deals,
    count_handed_out,
    find_arms,
    get_base,
    split,
)
from odoo.addons.lead_distribution.planning.request import PlanRequest

from .dealing_common import DealingCase


@tagged("post_install", "-at_install")
class TestArms(DealingCase):
    """Chance chooses the way of each lead once, and it stays."""

    def deal(self, experiment, leads):
        candidates = fetch_candidates(self.env["crm.lead"], [("id", "in", leads.ids)], STRATUM_COLUMNS)
        parts = split(find_arms(experiment.campaign_id.sudo()), candidates, list(STRATUM_COLUMNS))
        return {arm: {candidate.id for candidate in part} for arm, part in parts.items()}

    def test_without_a_running_experiment_nothing_is_dealt_and_nothing_asked(self):
        experiment = self.make_experiment()
        for state in ("draft", "waiting", "done"):
            experiment.state = state
            self.assertIsNone(find_arms(self.campaign.sudo()))
        self.env.flush_all()
        self.assertTrue(self.campaign.name)  # its columns are read, as those of any campaign that plans
        with self.assertQueryCount(0):
            self.assertIsNone(find_arms(self.campaign.sudo()))

    def test_a_running_experiment_has_both_ways(self):
        experiment = self.make_experiment(variant={"strategy": "weighted"})
        arms = find_arms(self.campaign.sudo())
        self.assertEqual(arms.experiment, experiment)
        self.assertEqual(arms.campaigns, {"a": self.campaign, "b": experiment.variant_id})
        self.assertEqual(arms.strategies, {"a": "round_robin", "b": "weighted"})
        self.assertIsNone(find_arms(experiment.variant_id.sudo()))

    def test_who_decides_by_hand_leaves_nothing_to_chance(self):
        self.make_experiment()
        campaign = self.campaign.sudo()
        by_hand = ({"strategy": "random"}, {"force_round_robin": True}, {"user_ids": [self.ann.id]})
        for options in by_hand:
            self.assertIsNone(find_arms(campaign, PlanRequest.read(options)), options)
        for options in ({}, {"lead_ids": [1]}, {"max_leads": 3}, {"seed": 1}, {"force_round_robin": False}):
            self.assertTrue(find_arms(campaign, PlanRequest.read(options)), options)

    def test_the_dealing_ends_when_as_many_leads_are_handed_out_as_were_planned(self):
        experiment = self.make_experiment(planned_leads=4)
        leads = self.make_leads(5)
        run = self.env["lead.distribution.run"].sudo().create({"campaign_id": self.campaign.id, "strategy": "random"})
        rows, shared = self.env["lead.distribution.assignment"].sudo(), {"run_id": run.id, "arm": "a"}
        shared["experiment_id"] = experiment.id
        for lead, state in zip(leads, ("done", "done", "done", "reverted", "planned"), strict=True):
            rows.create({**shared, "lead_id": lead.id, "state": state})
        self.assertEqual(count_handed_out(experiment), {experiment.id: 3})
        self.assertTrue(find_arms(self.campaign.sudo()))
        rows.create({**shared, "lead_id": leads[3].id, "state": "done", "arm": "b"})
        self.assertIsNone(find_arms(self.campaign.sudo()))

    def test_the_base_of_way_b_is_the_campaign(self):
        experiment = self.make_experiment()
        self.assertEqual(get_base(experiment.variant_id), self.campaign)
        self.assertEqual(get_base(self.campaign), self.campaign)
        self.assertEqual(get_base(self.campaign.with_user(self.ann)), self.campaign)

    def test_each_lead_is_dealt_once_whoever_asks_again(self):
        experiment = self.make_experiment()
        leads = self.make_leads(20)
        first = self.deal(experiment, leads)
        self.assertFalse(first["a"] & first["b"])
        self.assertEqual(first["a"] | first["b"], set(leads.ids))
        leads[:10].write({"priority": "3", "source_id": self.env["utm.source"].create({"name": "Other"}).id})
        self.assertEqual(self.deal(experiment, leads[::-1]), first)
        self.assertEqual(len(self.get_deals(experiment)), 20)

    def test_both_ways_get_the_same_kinds_of_leads_over_many_small_parts(self):
        experiment = self.make_experiment()
        sources = self.env["utm.source"].create([{"name": name} for name in ("Web", "Fair")])
        for number in range(24):
            for source in sources:
                for priority in ("0", "3"):
                    self.deal(experiment, self.make_leads(1, source_id=source.id, priority=priority, name=f"{number}"))
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        counts = Counter((deal.source_id, deal.priority, deal.arm) for deal in deals)
        self.assertEqual(len(counts), 8)
        for source in sources:
            for priority in ("0", "3"):
                self.assertLessEqual(abs(counts[source, priority, "a"] - counts[source, priority, "b"]), 4)

    def test_what_was_dealt_says_when_and_to_whom_it_belongs(self):
        company = self.env["res.company"].create({"name": "Other"})
        campaign = self.make_campaign("Elsewhere", company_id=company.id)
        experiment = self.make_experiment(campaign)
        self.deal(experiment, self.make_leads(3, company_id=company.id))
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        self.assertEqual(deals.company_id, company)
        self.assertTrue(all(deals.mapped("dealt_on")))
        self.assertEqual(set(deals.mapped("priority")), {"0"})

    def test_only_what_is_kept_is_dealt(self):
        experiment = self.make_experiment()
        leads = self.make_leads(4)
        deals = Deals(find_arms(self.campaign.sudo()), leads.ids)
        for candidate in fetch_candidates(self.env["crm.lead"], [("id", "in", leads.ids)]):
            deals.deal(candidate, None)
        self.assertFalse(self.get_deals(experiment))
        deals.keep(leads[:2].ids)
        self.assertEqual(self.get_deals(experiment).keys(), set(leads[:2].ids))
        deals.keep()
        deals.keep()
        self.assertEqual(self.get_deals(experiment), {lead.id: deals.get(lead.id) for lead in leads})

    def test_dealing_takes_the_same_statements_for_ten_times_the_leads(self):
        experiment = self.make_experiment()
        counts = []
        for number in (10, 100):
            leads = self.make_leads(number)
            candidates = fetch_candidates(self.env["crm.lead"], [("id", "in", leads.ids)], STRATUM_COLUMNS)
            arms = find_arms(self.campaign.sudo())
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            split(arms, candidates, list(STRATUM_COLUMNS))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [4, 4])
        self.assertEqual(len(self.get_deals(experiment)), 110)
