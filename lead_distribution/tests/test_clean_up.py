from datetime import timedelta

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..reporting import retention
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestCleanUp(DistributionCase):
    """Plans nobody applied and uploads nobody imported go after a time; what was applied never does so."""

    def clean_up(self, model, method):
        remaining, turns = 1, 0
        while remaining and turns < 50:
            _done, remaining = getattr(self.env[model].sudo(), method)()
            turns += 1
        self.assertLess(turns, 50)

    def make_old(self, records, days, field="create_date"):
        self.env.flush_all()
        moment = fields.Datetime.now() - timedelta(days=days)
        self.env.cr.execute(f"UPDATE {records._table} SET {field} = %s WHERE id IN %s", [moment, tuple(records.ids)])
        self.env.invalidate_all()

    def test_old_plans_and_discarded_ones_go_and_what_was_applied_stays(self):
        self.make_leads(6)
        plan, discarded, young = (self.campaign.simulate() for _turn in range(3))
        discarded.action_cancel()
        rows = plan.assignment_ids
        done = self.campaign.distribute(max_leads=2)
        reverted = self.campaign.distribute(max_leads=2)
        reverted.action_revert()
        stopped = self.campaign.simulate(max_leads=2)
        stopped._begin()
        stopped.action_cancel()
        self.make_old(plan + discarded + done + reverted + stopped, 31)
        self.make_old(young, 29)
        self.clean_up("lead.distribution.run", "_gc_plans")
        self.assertEqual((plan + discarded + done + reverted + stopped + young).exists(),
                         done + reverted + stopped + young)  # fmt: skip
        self.assertFalse(rows.exists())
        self.assertEqual(len(done.assignment_ids), 2)

    def test_a_large_plan_goes_in_parts(self):
        self.patch(retention, "ROWS_AT_ONCE", 4)
        self.make_leads(11)
        plan = self.campaign.simulate()
        self.make_old(plan, 31)
        self.assertEqual(self.env["lead.distribution.run"]._gc_plans(), (4, 1))
        self.assertTrue(plan.exists())
        self.clean_up("lead.distribution.run", "_gc_plans")
        self.assertFalse(plan.exists())

    def test_the_number_of_days_is_a_setting(self):
        self.make_leads(1)
        plan = self.campaign.simulate()
        self.make_old(plan, 31)
        self.env["res.config.settings"].create({"lead_distribution_plan_days": 60}).execute()
        self.clean_up("lead.distribution.run", "_gc_plans")
        self.assertTrue(plan.exists())
        with self.assertRaises(ValidationError):
            self.env["res.config.settings"].create({"lead_distribution_plan_days": 0})

    def test_a_number_of_days_beyond_all_dates_keeps_everything(self):
        plan = self.campaign.simulate()
        draft = self.env["lead.import.batch"].create({})
        failed = draft.copy({"channel": "api", "state": "failed", "finished_on": "2026-01-01"})
        self.make_old(plan, 31)
        self.make_old(draft + failed, 31, "write_date")
        for name in ("plan_days", "import_failed_days", "import_draft_days"):
            self.env["ir.config_parameter"].set_param(f"lead_distribution.{name}", "999999999")
        self.clean_up("lead.distribution.run", "_gc_plans")
        self.clean_up("lead.import.batch", "_gc_failed_imports")
        self.clean_up("lead.import.batch", "_forget_drafts")
        self.assertEqual((plan.exists(), (draft + failed).exists()), (plan, draft + failed))

    def test_failed_uploads_go_and_imports_with_leads_stay(self):
        batches = self.env["lead.import.batch"].create(
            [{"campaign_id": self.campaign.id, "channel": "api", "state": "failed", "started_on": "2026-01-01"}] * 3
        )
        nothing, some, young = batches
        rows = self.env["lead.import.row"]
        rows.create({"batch_id": nothing.id, "number": 2, "state": "ready"})
        rows.create([{"batch_id": some.id, "number": 2, "state": "done"},
                     {"batch_id": some.id, "number": 3, "state": "ready"}])  # fmt: skip
        self.make_old(nothing + some, 31, "finished_on")
        self.make_old(young, 29, "finished_on")
        self.clean_up("lead.import.batch", "_gc_failed_imports")
        self.assertEqual(batches.exists(), some + young)

    def test_abandoned_uploads_go_after_the_days_of_the_settings(self):
        old, young = self.env["lead.import.batch"].create([{}, {}])
        self.make_old(old, 8, "write_date")
        self.make_old(young, 6, "write_date")
        self.clean_up("lead.import.batch", "_forget_drafts")
        self.assertEqual((old + young).exists(), young)
        self.env["ir.config_parameter"].set_param("lead_distribution.import_draft_days", "5")
        self.clean_up("lead.import.batch", "_forget_drafts")
        self.assertFalse(young.exists())
