from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestVerify(DistributionCase):
    """Is every lead where the history says, and is nobody's lead left over?"""

    def verify(self):
        return self.campaign.verify_assignments()

    def test_r80_before_a_run_the_unassigned_leads_are_named(self):
        leads = self.make_leads(3)
        result = self.verify()
        self.assertFalse(result["all_assigned"])
        self.assertEqual(result["unassigned"], leads.ids)
        self.assertEqual(result["leads_per_agent"], dict.fromkeys((self.ann + self.bob + self.cem).ids, 0))
        self.assertIn("nobody holds: 3 (", result["problems"][0])

    def test_r80_after_a_run_all_are_assigned_and_agents_with_none_are_listed(self):
        self.make_leads(2)
        self.campaign.distribute()
        result = self.verify()
        self.assertTrue(result["all_assigned"])
        self.assertEqual((result["unassigned"], result["problems"], result["notes"]), ([], [], []))
        self.assertEqual(sorted(result["leads_per_agent"].values()), [0, 1, 1])

    def test_r80_a_run_that_was_cut_short_leaves_unassigned_leads(self):
        leads = self.make_leads(5)
        self.campaign.distribute(max_leads=2)
        result = self.verify()
        self.assertFalse(result["all_assigned"])
        self.assertEqual(result["unassigned"], leads.filtered(lambda lead: not lead.user_id).ids)

    def test_r69_without_agents_it_is_an_error_even_without_leads(self):
        self.campaign.member_ids.active = False
        result = self.verify()
        self.assertFalse(result["all_assigned"])
        self.assertEqual(result["leads_per_agent"], {})
        self.assertIn("no active members", result["problems"][0])
        lead = self.make_leads()
        self.campaign.distribute()
        self.assertEqual(self.verify()["unassigned"], lead.ids)

    def test_leads_that_must_not_be_called_are_not_unassigned_work(self):
        self.make_leads(lead_status_id=self.status["dnc"].id)
        self.assertTrue(self.verify()["all_assigned"])

    def test_a_lead_of_the_history_that_lost_its_owner_is_unassigned(self):
        lead = self.make_leads()
        self.campaign.distribute()
        lead.write({"user_id": False, "open_user_id": False, "source_date": self.days_ago(400)})
        self.assertEqual(self.verify()["unassigned"], lead.ids)

    def test_a_lead_given_on_by_hand_is_a_note_no_problem(self):
        lead = self.make_leads()
        self.campaign.distribute()
        lead.user_id = self.manager
        result = self.verify()
        self.assertEqual(result["problems"], [])
        self.assertIn("Leads given to somebody else by hand since: 1", result["notes"][0])

    def test_a_lead_that_waits_as_it_came_is_a_note_and_no_problem_of_every_night(self):
        self.campaign.write({"is_live": True, "max_daily": 1})
        self.campaign.member_ids[1:].active = False
        leads = self.make_leads(3)
        self.env["lead.distribution.campaign"].hand_out_waiting()
        result = self.verify()
        self.assertEqual((result["problems"], result["notes"]), ([], ["2 leads wait for somebody who can take them."]))
        self.assertEqual(set(result["waiting"]), set(leads.filtered(lambda lead: not lead.user_id).ids))
        self.assertEqual(result["unassigned"], sorted(result["waiting"]))
        self.assertFalse(result["all_assigned"])

    def test_a_lead_that_came_back_the_same_day_and_was_handed_out_again_as_it_came_is_no_problem(self):
        self.campaign.is_live = True
        lead = self.make_leads()
        for _time in range(2):
            lead.write({"user_id": False, "open_user_id": False})
            self.env["lead.distribution.campaign"].hand_out_waiting()
        run = self.campaign.run_ids
        self.assertEqual((run.origin, run.leads_distributed, len(run.assignment_ids)), ("live", 2, 2))
        self.assertEqual(self.verify()["problems"], [])
        self.assertEqual(run.verify_assignments()["problems"], [])

    def test_a_lead_twice_in_a_run_that_hands_out_once_is_a_problem(self):
        self.make_leads()
        run = self.campaign.distribute()
        run.assignment_ids.copy({"state": "done"})
        self.assertIn("Leads handed out twice in one run: 1.", self.verify()["problems"])

    def test_a_deleted_lead_is_a_note(self):
        lead = self.make_leads()
        self.campaign.distribute()
        lead.unlink()
        self.assertIn("Leads deleted since", self.verify()["notes"][0])

    def test_owners_who_cannot_work_on_leads_are_named(self):
        self.make_leads(3)
        self.campaign.distribute()
        self.ann.active = False
        problems = self.verify()["problems"]
        self.assertEqual(len(problems), 1)
        self.assertIn("Ann (1)", problems[0])
        self.campaign = self.campaign.with_context(active_test=False)  # as where archived people are shown
        self.assertEqual(self.verify()["problems"], problems)

    def test_leads_of_no_company_and_of_another_one_are_told_apart(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        leads = self.make_leads(4)
        self.campaign.distribute()
        self.env.flush_all()
        leads[0].company_id = False
        self.assertEqual(self.verify()["problems"], [])
        self.env.cr.execute("UPDATE crm_lead SET company_id = %s WHERE id = %s", (elsewhere.id, leads[1].id))
        self.env.invalidate_all()
        problems = self.verify()["problems"]
        self.assertEqual(len(problems), 1, problems)
        self.assertIn(f"cannot work on them: 1, with {leads[1].user_id.name} (1)", problems[0])

    def test_a_lead_that_another_campaign_has_handed_on_is_no_note_of_the_first(self):
        lead = self.make_leads()
        run = self.campaign.distribute()
        row, other = run.assignment_ids, self.campaign.copy({"name": "Other"})
        holder = self.bob if row.user_id == self.ann else self.ann
        row.sudo().create(
            {
                "run_id": run.id, "campaign_id": other.id, "lead_id": lead.id, "user_id": holder.id, "state": "done",
                "distribution_date": row.distribution_date, "applied_on": row.applied_on,
            }
        )  # fmt: skip
        lead.write({"user_id": holder.id, "open_user_id": holder.id})
        self.env.flush_all()
        for campaign in (self.campaign, other):
            self.assertNotIn("Leads given to somebody else", " ".join(campaign.verify_assignments()["notes"]))

    def test_marks_that_are_missing_and_rows_that_are_stuck_are_repaired(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        moment = leads[0].distributed_on
        leads[0].write({"distributed_on": False, "distribution_campaign_id": False})
        row = run.assignment_ids.filtered(lambda r: r.lead_id == leads[1])
        row.sudo().state = "planned"
        stray = self.make_leads(user_id=self.ann.id, open_user_id=self.ann.id)
        stray.write({"distribution_campaign_id": self.campaign.id, "distributed_on": fields.Datetime.now()})
        text = " ".join(self.verify()["problems"])
        for word in ("not marked as handed out", "Planned assignments", "unknown to the history"):
            self.assertIn(word, text)
        self.assertEqual(self.campaign.repair_assignments()["problems"], [])
        self.assertEqual(leads[0].distributed_on, moment)
        self.assertEqual(row.state, "skipped")
        self.assertFalse(stray.distribution_campaign_id)

    def test_a_history_that_was_cleaned_up_is_no_problem(self):
        lead = self.make_leads()
        run = self.campaign.distribute()
        lead.distributed_on = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        run.assignment_ids.sudo().unlink()
        self.assertEqual(len(self.verify()["problems"]), 1)
        self.campaign.retention_days = 30
        self.assertEqual(self.verify()["problems"], [])

    def test_verifying_changes_nothing_and_takes_the_same_queries_for_many_leads(self):
        self.make_leads(5)
        self.campaign.distribute()
        self.verify()

        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.verify()
            return self.env.cr.sql_log_count - before

        few = count()
        self.make_leads(60)
        more = [self.make_user(f"Person {number}") for number in range(5)]
        self.campaign.member_ids = [(0, 0, {"user_id": user.id}) for user in more]
        self.campaign.distribute()
        self.assertLessEqual(count(), few, "neither for each lead nor for each person")

    def test_a_run_is_verified_by_itself(self):
        self.make_leads(3)
        run = self.campaign.distribute()
        self.make_leads(2)
        self.assertTrue(run.verify_assignments()["all_assigned"])
        self.assertFalse(self.verify()["all_assigned"])

    def test_the_button_shows_the_findings_with_their_records_and_repairs(self):
        leads = self.make_leads(4)
        action = self.campaign.action_verify()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertRecordValues(wizard, [{"all_assigned": False, "unassigned_count": 4, "can_repair": False}])
        opened = wizard.line_ids[0].action_open()
        self.assertEqual(self.env["crm.lead"].search(opened["domain"]), leads.sorted())
        self.assertEqual(len(wizard.agent_line_ids), 3)
        self.campaign.distribute()
        leads[0].distributed_on = False
        wizard = wizard.browse(self.campaign.action_verify()["res_id"])
        self.assertTrue(wizard.can_repair)
        action = wizard.action_repair()
        self.assertFalse(wizard.browse(action["res_id"]).line_ids)

    def test_the_leads_behind_somebodys_number_are_of_the_types_that_the_campaign_takes(self):
        self.make_campaign("Deals", self.ann, lead_type="opportunity")
        self.make_leads(2, user_id=self.ann.id)
        self.make_leads(3, user_id=self.ann.id, type="opportunity")
        wizard = self.env["lead.distribution.verification"].browse(self.campaign.action_verify()["res_id"])
        line = wizard.agent_line_ids.filtered(lambda line: line.user_id == self.ann)
        self.assertEqual((line.leads, self.env["crm.lead"].search_count(line.action_open()["domain"])), (2, 2))

    def test_the_daily_check_leaves_one_activity_for_the_responsible(self):
        self.campaign.write({"verify_daily": True, "user_id": self.manager.id})
        self.make_leads(2)
        with self.enter_registry_test_mode():
            for _day in range(2):
                self.env.ref("lead_distribution.ir_cron_verify").method_direct_trigger()
        self.assertEqual(len(self.campaign.activity_ids), 1)
        self.assertEqual(self.campaign.activity_ids.user_id, self.manager)
        self.assertIn("nobody holds: 2", self.campaign.activity_ids.note)

    @users("ann@test")
    def test_salespeople_cannot_verify_or_repair(self):
        campaign = self.campaign.with_env(self.env)
        for call in (campaign.verify_assignments, campaign.repair_assignments, campaign.action_verify):
            with self.assertRaises(AccessError):
                call()
