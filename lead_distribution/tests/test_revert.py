from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestRevert(DistributionCase):
    """Reverting puts back what nobody has touched, and says why the rest stays."""

    def setUp(self):
        super().setUp()
        self.pools(("active_member", [], 0), ("unassigned", [], 0))
        team = self.env["crm.team"].create({"name": "Voice"})
        self.campaign.write({"team_id": team.id, "status_reset_id": self.status["new"].id})

    def test_everything_is_as_it_was_before(self):
        names = ["user_id", "open_user_id", "closer_id", "team_id", "lead_status_id",
                 "distribution_campaign_id", "holder_id"]  # fmt: skip
        leads = self.make_leads(3)
        leads += self.make_leads(3, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        before = leads.read(names)
        run = self.campaign.distribute()
        self.assertNotEqual(leads.read(names), before)
        run.action_revert()
        self.assertEqual(leads.read(names), before)
        self.assertEqual(set(run.assignment_ids.mapped("state")), {"reverted"})
        self.assertEqual(run.state, "reverted")
        self.assertEqual(set(self.campaign.member_ids.mapped("rotation_turns")), {0})

    def test_a_lead_somebody_worked_on_stays_with_the_reason(self):
        leads = self.make_leads(7)
        run = self.campaign.distribute()
        self.make_past(run)
        leads[0].with_user(self.manager).description = "Called, wants an offer"
        leads[1].message_post(body="Spoke to her", message_type="comment")
        leads[2].user_id = self.manager
        leads[3].active = False
        leads[4].unlink()
        leads[5].probability = 12  # a scheduled action's work is nobody's
        leads[6].lead_status_id = self.status["call_back"]
        owners = {lead: lead.user_id for lead in leads[:4]}
        run.action_revert()
        self.assertEqual({lead: lead.user_id for lead in owners}, owners)
        self.assertFalse(leads[5].user_id)
        kept = run.assignment_ids.filtered(lambda row: row.state == "done")
        self.assertEqual(len(kept), 6)
        self.assertTrue(all(note.startswith("Not put back") for note in kept.mapped("note")))

    def test_only_a_run_that_handed_out_leads_can_be_reverted(self):
        self.make_leads(1)
        run = self.campaign.simulate()
        with self.assertRaises(UserError):
            run.action_revert()
        run.action_apply()
        run.action_revert()
        with self.assertRaises(UserError):
            run.action_revert()

    def test_leads_that_a_deleted_user_has_written_last_are_put_back_if_that_was_before(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        self.make_past(run)
        self.env.cr.execute("UPDATE crm_lead SET write_uid = NULL WHERE id = ANY(%s)", (leads[:2].ids,))
        self.env.cr.execute("UPDATE crm_lead SET write_date = now() WHERE id = %s", (leads[1].id,))
        self.env.invalidate_all()
        run.action_revert()
        self.assertEqual(leads.mapped(lambda lead: bool(lead.user_id)), [False, True, False])

    def test_a_holder_who_was_deleted_since_is_not_put_back(self):
        leads = self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        run = self.campaign.distribute()
        spare = self.env["crm.lead.status"].create({"name": "Spare"})
        before = run.assignment_ids[0].before
        columns = {**before["columns"], "lead_status_id": spare.id}
        run.assignment_ids[0].before = {**before, "lead_status_id": spare.id, "columns": columns}
        spare.unlink()
        run.action_revert()
        self.assertEqual(leads.user_id, self.ann)
        self.assertEqual(len(leads.filtered("lead_status_id")), 1)

    def test_a_planned_activity_or_a_text_message_is_work_too(self):
        leads = self.make_leads(2)
        run = self.campaign.distribute()
        self.make_past(run)
        leads[0].activity_schedule("mail.mail_activity_data_call")
        leads[1].message_post(body="See you", message_type="sms")
        run.action_revert()
        self.assertEqual(len(leads.filtered("user_id")), 2)

    def test_an_old_run_does_not_undo_a_later_one_and_the_later_one_restores_the_old(self):
        lead = self.make_leads(1)
        first = self.campaign.distribute()
        self.make_past(first)
        owner, when = lead.user_id, lead.distributed_on
        self.pools(("active_member", [], 0))
        second = self.campaign.distribute()
        first.action_revert()
        self.assertEqual(lead.user_id, second.assignment_ids.user_id)
        self.assertIn("handed out once more", first.assignment_ids.note)
        second.action_revert()
        self.assertRecordValues(lead, [{
            "user_id": owner.id, "distributed_on": when, "distribution_campaign_id": self.campaign.id,
        }])  # fmt: skip

    def test_a_discarded_plan_with_dropback_cannot_be_reverted(self):
        self.campaign.write({
            "use_dropback": True,
            "dropback_threshold_ids": [(0, 0, {"days": 10})],
            "dropback_rule_ids": [(0, 0, {"name": "default", "is_default": True, "user_id": self.cem.id})],
        })  # fmt: skip
        self.make_leads(source_date=self.days_ago(20))
        run = self.campaign.simulate()
        run.action_cancel()
        self.assertEqual((run.leads_dropped_back, run.to_dict()["dropback"]), (0, []))
        with self.assertRaises(UserError):
            run.action_revert()
