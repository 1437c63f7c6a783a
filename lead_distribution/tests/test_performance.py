from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.planning import transport
from odoo.addons.lead_distribution.planning.rates import count_conversions, get_rates

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestPerformance(DistributionCase):
    """Strategies that look at what people converted before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.web, cls.fair = cls.env["utm.source"].create([{"name": "Web T"}, {"name": "Fair T"}])
        cls.campaign.write({"performance_prior": 10})

    def closed(self, user, won, lost, **values):
        """Give somebody closed leads: won by status, lost as Odoo has it."""
        self.make_leads(won, user_id=user.id, lead_status_id=self.status["won"].id, **values)
        self.make_leads(lost, user_id=user.id, **values).action_set_lost()

    def shares(self, leads, strategy):
        run = self.campaign.simulate(strategy=strategy, lead_ids=leads.ids, seed=1)
        return {u.name: len(run.assignment_ids.filtered(lambda r, u=u: r.user_id == u)) for u in
                (self.ann, self.bob, self.cem)}  # fmt: skip

    def test_shares_follow_the_smoothed_rates_and_beginners_are_not_starved(self):
        self.closed(self.ann, 8, 2)
        self.closed(self.bob, 2, 8)
        rates, _segments = get_rates(self.campaign, self.ann + self.bob + self.cem)
        # the mean is 10 of 20; 10 leads of it are added to everybody's own
        self.assertEqual(rates, {self.ann.id: 0.65, self.bob.id: 0.35, self.cem.id: 0.5})
        self.assertEqual(self.shares(self.make_leads(30), "performance"), {"Ann": 13, "Bob": 7, "Cem": 10})

    def test_what_was_closed_before_the_window_does_not_count(self):
        self.closed(self.ann, 4, 0)
        leads = self.env["crm.lead"].search([("user_id", "=", self.ann.id)])
        leads.flush_recordset()
        old = fields.Datetime.subtract(fields.Datetime.now(), days=200)
        self.env.cr.execute("UPDATE crm_lead SET status_closed_on = %s, date_closed = NULL WHERE id = ANY(%s)",
                            [old, leads.ids])  # fmt: skip
        leads.invalidate_recordset()
        self.assertEqual(count_conversions(self.campaign, self.ann), {})

    def test_optimal_gives_each_kind_of_leads_to_who_converts_it_best(self):
        self.closed(self.ann, 9, 1, source_id=self.web.id)
        self.closed(self.ann, 1, 9, source_id=self.fair.id)
        self.closed(self.bob, 1, 9, source_id=self.web.id)
        self.closed(self.bob, 9, 1, source_id=self.fair.id)
        self.campaign.member_ids.target_leads = 100
        self.campaign.member_ids[2].target_leads = 0
        web = self.make_leads(5, source_id=self.web.id)
        fair = self.make_leads(5, source_id=self.fair.id)
        run = self.campaign.simulate(strategy="optimal", lead_ids=(web + fair).ids)
        takers = {row.lead_id: row.user_id for row in run.assignment_ids}
        self.assertEqual({takers[lead] for lead in web}, {self.ann})
        self.assertEqual({takers[lead] for lead in fair}, {self.bob})

    def test_optimal_as_the_campaigns_strategy_keeps_targets_and_applies(self):
        self.campaign.strategy = "optimal"
        self.campaign.member_ids.target_leads = 2
        self.make_leads(8)
        run = self.campaign.distribute()
        self.assertEqual((run.state, run.leads_distributed, run.left_over), ("done", 6, {"everybody_full": 2}))

    def test_optimal_without_its_package_says_what_to_install_and_changes_nothing(self):
        leads = self.make_leads(2)
        with patch.object(transport, "linprog", None):
            run = self.campaign.distribute(strategy="optimal")
        self.assertEqual(run.state, "failed")
        self.assertIn("scipy", run.error)
        self.assertFalse(leads.user_id)
