"""Leads as they come: what the worker makes of what waits."""

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class LiveCase(DistributionCase):
    """A live campaign; leads are put into the list by hand, so that these tests look at the worker alone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.is_live = True
        cls.waiting = cls.env["lead.distribution.waiting"]

    def come(self, count=1, **values):
        """Create leads that wait; return them."""
        leads = self.make_leads(count, **values)
        present = self.waiting.search([("lead_id", "in", leads.ids)]).lead_id
        self.waiting.create([{"lead_id": lead.id} for lead in leads - present])
        return leads

    def try_all(self):
        """Have everything that waits be due."""
        self.waiting.search([]).next_try = fields.Datetime.now()

    def hand_out(self):
        return self.env["lead.distribution.campaign"].hand_out_waiting()

    def get_run(self, campaign=None):
        return (campaign or self.campaign).run_ids.filtered(lambda run: run.origin == "live")[:1]

    def count(self, leads):
        return [
            len(leads.filtered(lambda lead, user=user: lead.user_id == user)) for user in (self.ann, self.bob, self.cem)
        ]


class TestLiveWorker(LiveCase):
    def test_waiting_leads_are_handed_out_evenly_and_leave_the_list(self):
        leads = self.come(6)
        self.assertEqual(self.hand_out(), {"handed_out": 6, "waiting": 0, "not_taken": 0})
        self.assertEqual(self.count(leads), [2, 2, 2])
        self.assertFalse(self.waiting.search([]))

    def test_one_run_a_day_collects_them_with_its_figures(self):
        for number in range(5):
            self.come(1, name=f"Lead {number}")
            self.hand_out()
        run = self.get_run()
        self.assertEqual(len(self.campaign.run_ids), 1)
        self.assertEqual(run.state, "done")
        self.assertEqual((run.leads_found, run.leads_distributed, run.leads_not_distributed), (5, 5, 0))
        self.assertEqual(sorted(run.member_line_ids.mapped("leads_received")), [1, 2, 2])
        self.assertEqual(run.member_line_ids.mapped("leads_before_total"), [0, 0, 0])
        self.assertEqual(sum(run.member_line_ids.mapped("leads_after_total")), 5)
        self.assertEqual(len(run.assignment_ids), 5)

    def test_a_lead_no_live_campaign_takes_leaves_the_list_with_the_step_that_refuses_it(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        self.campaign.filter_ids = [Command.create({"field_id": field.id, "values_text": "web"})]
        lead = self.come()
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 1})
        self.assertFalse(self.waiting.search([]))
        row = self.env["lead.distribution.not.taken"].search([("lead_id", "=", lead.id)])
        self.assertEqual(row.reasons, {str(self.campaign.id): "web_source"})

    def test_the_first_campaign_that_takes_a_lead_has_it(self):
        second = self.make_campaign("Second", self.bob, is_live=True, sequence=20)
        first = self.make_campaign("First", self.cem, is_live=True, sequence=5)
        lead = self.come()
        self.hand_out()
        self.assertEqual(lead.user_id, self.cem)
        self.assertFalse(self.get_run(second) | self.get_run())
        self.assertEqual(self.get_run(first).leads_done, 1)

    def test_a_lead_that_somebody_has_got_meanwhile_just_leaves_the_list(self):
        lead = self.come()
        self.env.cr.execute(
            "UPDATE crm_lead SET user_id = %s, holder_id = %s WHERE id = %s", (self.ann.id, self.ann.id, lead.id)
        )
        self.assertEqual(self.hand_out(), {"handed_out": 0, "waiting": 0, "not_taken": 0})
        self.assertFalse(self.waiting.search([]))
        self.assertFalse(self.get_run())

    def test_found_is_handed_out_and_left_over_while_everybody_fills_up(self):
        self.campaign.max_daily = 1
        leads = self.come(5)
        self.assertEqual(self.hand_out(), {"handed_out": 3, "waiting": 2, "not_taken": 0})
        run = self.get_run()
        self.assertEqual((run.leads_found, run.leads_distributed, run.leads_not_distributed), (5, 3, 2))
        self.assertEqual(run.left_over, {"everybody_full": 2})
        self.assertEqual(set(self.waiting.search([]).mapped("reason")), {"everybody_full"})
        self.campaign.max_daily = 2
        self.try_all()
        self.hand_out()
        self.assertEqual((run.leads_found, run.leads_distributed, run.left_over or {}), (5, 5, {}))
        self.assertTrue(all(leads.mapped("user_id")))
