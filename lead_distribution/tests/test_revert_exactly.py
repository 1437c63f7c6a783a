"""Reverting means as it was: every column of the lead, also of leads that went through several runs."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.lead_distribution.planning.received import count_received

from ..applying import reverter
from .common import DistributionCase

WORKED_OUT_ANEW = {"write_date", "write_uid"}  # who reverted, and when; the document names them


@tagged("post_install", "-at_install")
class TestRevertExactly(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        odds = {"variable": "stage_id", "won_count": 3, "lost_count": 5}
        stages = cls.env["crm.stage"].search([])
        cls.env["crm.lead.scoring.frequency"].create([{**odds, "value": str(stage.id)} for stage in stages])
        definition = [{"name": "color", "string": "Color", "type": "char", "default": "blue"}]
        cls.theirs, cls.ours = cls.env["crm.team"].create(
            [
                {"name": "Theirs", "lead_properties_definition": definition},
                {"name": "Ours", "company_id": cls.env.company.id},
            ]
        )
        cls.campaign.write(
            {"team_id": cls.ours.id, "status_reset_id": cls.status["new"].id, "pool_mode": "all",
             "exclude_closed": False}
        )  # fmt: skip

    def read_columns(self, leads):
        """Return {lead id: {column: value}} of every stored column, as the database has it."""
        self.env.flush_all()
        self.env.cr.execute("SELECT id, to_jsonb(l) FROM crm_lead l WHERE id = ANY(%s)", [leads.ids])
        return {
            lead_id: {name: value for name, value in row.items() if name not in WORKED_OUT_ANEW}
            for lead_id, row in self.env.cr.fetchall()
        }

    def make_kinds(self):
        """Return leads of eleven kinds that a run hands out."""
        stage = self.env["crm.stage"].create({"name": "Theirs", "team_ids": [Command.set(self.theirs.ids)]})
        old = fields.Datetime.subtract(fields.Datetime.now(), days=9)
        kinds = {
            "of nobody": {},
            "with a team": {"team_id": self.theirs.id},
            "with a company": {"company_id": self.env.company.id, "team_id": self.ours.id},
            "with a company, without a team": {"company_id": self.env.company.id},
            "with a holder": {"user_id": self.ann.id, "lead_status_id": self.status["utr"].id},
            "with an opener": {"user_id": self.manager.id, "open_user_id": self.ann.id, "closer_id": self.bob.id},
            "with odds by hand": {"probability": 12.5},
            "with a stage of a team": {"team_id": self.theirs.id, "stage_id": stage.id},
            "won by status": {"user_id": self.ann.id, "lead_status_id": self.status["won"].id, "priority": "3"},
            "with a customer": {"partner_id": self.manager.partner_id.id, "expected_revenue": 1000},
            "of Cem": {"user_id": self.cem.id},
        }
        leads = self.env["crm.lead"]
        for name, values in kinds.items():
            leads += self.make_leads(**{"name": name, **values})
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET received_on = '2026-01-02 03:04:05.678901', date_open = %s "
                            "WHERE id = ANY(%s) AND user_id IS NOT NULL", [old, leads.ids])  # fmt: skip
        self.env.cr.execute("UPDATE crm_lead SET company_id = NULL, automated_probability = NULL, probability = NULL "
                            "WHERE id = ANY(%s)", [leads.filtered(lambda lead: lead.name == "of Cem").ids])  # fmt: skip
        self.env.invalidate_all()
        return leads

    def test_every_column_of_every_kind_of_lead_is_as_it_was(self):
        leads = self.make_kinds()
        before = self.read_columns(leads)
        run = self.campaign.distribute()
        self.assertEqual(run.leads_distributed, len(leads))
        changed = self.read_columns(leads)
        for lead in leads:
            self.assertNotEqual(changed[lead.id]["user_id"], before[lead.id]["user_id"])
        run.action_revert()
        self.env.invalidate_all()
        after = self.read_columns(leads)
        for lead in leads:
            with self.subTest(lead.name):
                self.assertEqual(after[lead.id], before[lead.id])
        self.assertEqual((run.state, run.leads_kept), ("reverted", 0))

    def test_every_column_of_a_lead_that_was_dropped_back_is_as_it_was(self):
        self.campaign.write({
            "use_dropback": True, "dropback_status_id": self.status["utr"].id,
            "dropback_threshold_ids": [Command.create({"days": 10})],
            "dropback_rule_ids": [Command.create({"name": "default", "is_default": True, "user_id": self.cem.id,
                                                  "team_id": self.ours.id, "priority": "3"})],
        })  # fmt: skip
        leads = self.make_leads(2, source_date=self.days_ago(20), team_id=self.theirs.id)
        leads += self.make_leads(source_date=self.days_ago(20), user_id=self.ann.id, priority="1")
        before = self.read_columns(leads)
        run = self.campaign.distribute()
        self.assertEqual((leads.user_id, set(leads.mapped("priority"))), (self.cem, {"3"}))
        run.action_revert()
        self.assertEqual(self.read_columns(leads), before)

    def test_stacked_runs_are_taken_back_one_after_the_other(self):
        leads = self.make_leads(5)
        untouched = self.read_columns(leads)
        first = self.campaign.distribute()
        between = self.read_columns(leads)
        second = self.campaign.distribute()
        first.action_revert()
        self.assertEqual(first.leads_kept, 5)
        self.assertIn("handed out once more", first.assignment_ids[0].note)
        second.action_revert()
        self.assertEqual(self.read_columns(leads), between)
        received = count_received(self.env, self.ann + self.bob + self.cem)["day"]
        self.assertEqual(sum(received.values()), 5)
        self.assertFalse(self.campaign.verify_assignments()["problems"])
        first.action_revert()
        self.assertEqual(self.read_columns(leads), untouched)

    def _pretend_time_passed(self, leads, *runs):
        """All changes of a test happen in one transaction, so at one moment: put what was done an hour back."""
        self.env.flush_all()
        self.env.cr.execute("UPDATE crm_lead SET write_date = write_date - interval '1 hour', distributed_on = "
                            "distributed_on - interval '1 hour' WHERE id = ANY(%s)", [leads.ids])  # fmt: skip
        for run in runs:
            for row in run.assignment_ids:
                row.applied_on -= timedelta(hours=1)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_reverting_a_later_run_is_no_work_on_the_lead_but_work_before_it_is(self):
        leads = self.make_leads(4)
        first = self.campaign.with_user(self.manager).distribute()
        self._pretend_time_passed(leads, first)
        hers = leads[0].with_user(self.manager)
        hers.description = "Called, wants an offer"
        hers.flush_recordset()  # in her name
        second = self.campaign.with_user(self.manager).distribute()
        second.with_user(self.manager).sudo(False).action_revert()
        self.assertTrue(all(lead.write_date > row.applied_on for lead, row in zip(
            leads, first.assignment_ids.sorted(lambda r: r.lead_id.id), strict=True)))  # fmt: skip
        first.action_revert()
        self.assertEqual(leads.filtered("user_id"), leads[0])
        self.assertRecordValues(first, [{"state": "reverted", "leads_kept": 1}])

    @mute_logger("odoo.addons.lead_distribution.applying.reverter")
    def test_a_lead_that_cannot_be_put_back_costs_itself_and_can_be_tried_again(self):
        leads = self.make_leads(9)
        run = self.campaign.distribute()
        original, broken = type(leads).write, leads[4]

        def write(records, vals):
            if broken in records and vals.get("user_id") is False:
                raise ValueError("not this one")
            return original(records, vals)

        with patch.object(type(leads), "write", write):
            run.action_revert()
        self.assertRecordValues(run, [{"state": "reverted", "leads_kept": 1}])
        self.assertEqual(leads.filtered("user_id"), broken)
        kept = run.assignment_ids.filtered(lambda row: row.state == "done")
        self.assertRecordValues(kept, [{"lead_id": broken.id, "note": "Not put back: not this one"}])
        turns = sum(self.campaign.member_ids.mapped("rotation_turns"))
        self.assertEqual(turns, 1)
        run.action_revert()
        self.assertFalse(broken.user_id)
        self.assertRecordValues(run, [{"state": "reverted", "leads_kept": 0}])
        self.assertFalse(kept.note)
        self.assertEqual(sum(self.campaign.member_ids.mapped("rotation_turns")), 0)
        with self.assertRaises(UserError):
            run.action_revert()

    def test_whoever_comes_second_is_told_that_the_run_is_being_reverted(self):
        leads = self.make_leads(6)
        run = self.campaign.distribute()
        with self.env.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
                          [f"lead.distribution.run.revert:{run.id}"])  # fmt: skip
            with self.assertRaisesRegex(UserError, "at this moment"):
                run.action_revert()
        self.assertEqual(run.state, "done")
        run.action_revert()
        self.assertFalse(leads.user_id)

    def test_a_run_of_several_batches_is_reverted_as_a_whole(self):
        self.patch(reverter, "BATCH_SIZE", 4)
        leads = self.make_leads(11)
        run = self.campaign.distribute()
        run.action_revert()
        self.assertFalse(leads.user_id)
        self.assertEqual(set(run.assignment_ids.mapped("state")), {"reverted"})
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})

    def test_a_run_of_an_earlier_version_is_reverted_by_what_it_kept(self):
        leads = self.make_leads(2)
        run = self.campaign.distribute()
        for row in run.assignment_ids:
            row.before = {k: v for k, v in (row.before or {}).items() if k not in ("columns", "touched")} or None
        run.action_revert()
        self.assertFalse(leads.user_id or leads.distribution_campaign_id)
        self.assertFalse(any(leads.mapped("distributed_on")) or any(leads.mapped("received_on")))

    def test_ten_times_the_leads_are_reverted_with_about_as_many_statements(self):
        few, many = (self.count_statements(count) for count in (20, 200))
        self.assertLess(many, few * 1.5)

    def count_statements(self, count):
        self.make_leads(count)
        run = self.campaign.distribute()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_revert()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before
