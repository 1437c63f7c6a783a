from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_import_payload import ImportCase


@tagged("post_install", "-at_install")
class TestFailedBatch(ImportCase):
    """An addon writes a whole batch of leads, and then refuses one of them: nothing of that batch may stay."""

    def refusing(self, bad):
        """Return a patch of ``write`` that refuses the lead once everything is written."""
        write = type(bad).write

        def refuse_afterwards(leads, values):
            result = write(leads, values)
            if bad in leads and "user_id" in values:
                leads.flush_recordset()
                raise UserError(self.env._("this lead is cursed"))
            return result

        return patch.object(type(bad), "write", refuse_afterwards)

    def read_columns(self, lead):
        """Return what is in the database, whatever the cache says."""
        lead.flush_recordset()
        lead.invalidate_recordset()
        return lead.read(["user_id", "open_user_id", "closer_id", "team_id", "lead_status_id", "distributed_on",
                          "message_partner_ids"], load=None)  # fmt: skip

    def test_what_a_failed_batch_of_a_run_has_written_is_taken_back(self):
        self.campaign.status_reset_id = self.status["call_back"]
        leads = self.make_leads(9, lead_status_id=self.status["utr"].id)
        bad = leads[4]
        before = self.read_columns(bad)
        run = self.campaign.simulate()
        with self.refusing(bad), self.assertLogs(level="WARNING"):
            run.action_apply()
        self.assertEqual(self.read_columns(bad), before)
        self.assertEqual(bad.assignment_ids.mapped("state"), ["failed"])
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 8, "left_over": {"failed": 1}}])
        self.assertEqual(set((leads - bad).assignment_ids.mapped("state")), {"done"})
        self.assertEqual(len((leads - bad).filtered("user_id")), 8)

    def test_what_a_failed_batch_of_a_revert_has_written_is_taken_back(self):
        leads = self.make_leads(9)
        run = self.campaign.distribute()
        bad = leads[4]
        before = self.read_columns(bad)
        with self.refusing(bad), self.assertLogs(level="WARNING"):
            run.action_revert()
        self.assertEqual(self.read_columns(bad), before)
        self.assertEqual(bad.assignment_ids.mapped("state"), ["done"])
        self.assertEqual(set((leads - bad).assignment_ids.mapped("state")), {"reverted"})
        self.assertFalse((leads - bad).user_id)

    def test_what_a_failed_chunk_of_an_import_has_created_is_taken_back(self):
        create = type(self.env["crm.lead"]).create

        def refuse_afterwards(model, values_list):
            leads = create(model, values_list)
            if any(lead.email_from == "p4@example.com" for lead in leads):
                leads.flush_recordset()
                raise UserError(self.env._("this lead is cursed"))
            return leads

        model = type(self.env["crm.lead"])
        with patch.object(model, "create", refuse_afterwards), self.assertLogs(level="WARNING"):
            answer = self.send(self.people(9))
        self.assertEqual((answer["inserted_count"], answer["error_count"]), (8, 1))
        emails = self.env["crm.lead"].search([("email_from", "=like", "p_@example.com")]).mapped("email_from")
        self.assertEqual(sorted(emails), [f"p{n}@example.com" for n in range(9) if n != 4])
