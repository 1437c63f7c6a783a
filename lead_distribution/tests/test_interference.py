"""What other addons, automations and people do to leads while a run writes them, or afterwards."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.planning.received import count_received

from ..applying.history import note_in_history
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestInterference(DistributionCase):
    def on_handing_out(self, leads, react):
        """Have an automation react when a run gives one of the leads to somebody, as ``base_automation`` would."""
        model = type(leads)
        original = model.write

        def write(records, vals):
            result = original(records, vals)
            hit = (records & leads).exists() if vals.get("user_id") and "distributed_on" in vals else leads.browse()
            if hit:
                react(hit.with_env(self.env))
            return result

        self.patch(model, "write", write)

    def row_of(self, run, lead):
        return run.assignment_ids.filtered(lambda row: row.lead_name == lead)

    def test_a_lead_that_an_automation_gives_to_somebody_else_is_the_other_persons_in_the_history(self):
        leads = self.make_leads(6)
        mine = leads[2]
        self.on_handing_out(mine, lambda lead: lead.write({"user_id": self.manager.id, "open_user_id": False}))
        run = self.campaign.distribute()
        row = self.row_of(run, "Lead 2")
        self.assertEqual(mine.user_id, self.manager)
        self.assertRecordValues(row, [{"state": "done", "user_id": self.manager.id, "user_name": "Mia"}])
        self.assertIn("gave the lead to Mia", row.note)
        self.assertEqual(run.leads_distributed, 6)
        self.assertEqual(sum(run.member_line_ids.mapped("leads_received")), 5)
        self.assertEqual(sum(self.campaign.member_ids.mapped("rotation_turns")), 5)
        received = count_received(self.env, self.ann + self.bob + self.cem + self.manager)["day"]
        self.assertEqual((received[self.manager.id], sum(received.values())), (1, 6))
        self.assertFalse(self.campaign.verify_assignments()["problems"])

    def test_a_lead_that_an_automation_deletes_is_not_called_handed_out(self):
        leads = self.make_leads(6)
        self.on_handing_out(leads[3], lambda lead: lead.unlink())
        run = self.campaign.distribute()
        row = self.row_of(run, "Lead 3")
        self.assertRecordValues(row, [{"state": "failed", "lead_id": False, "applied_on": False}])
        self.assertIn("deleted the lead", row.note)
        self.assertEqual((run.state, run.leads_distributed, run.left_over), ("done", 5, {"failed": 1}))
        self.assertEqual(sum(run.member_line_ids.mapped("leads_received")), 5)

    def test_a_lead_that_an_automation_takes_away_again_is_not_called_handed_out(self):
        leads = self.make_leads(3)
        empty = {"user_id": False, "open_user_id": False, "closer_id": False}
        self.on_handing_out(leads[1], lambda lead: lead.write(empty))
        run = self.campaign.distribute()
        self.assertIn("took the lead away", self.row_of(run, "Lead 1").note)
        self.assertEqual((run.leads_distributed, run.left_over), (2, {"failed": 1}))
        self.assertFalse(leads[1].user_id)

    def read_columns(self, leads):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT id, to_jsonb(l) - 'write_date' - 'write_uid' FROM crm_lead l WHERE id = ANY(%s)", [leads.ids]
        )
        return dict(self.env.cr.fetchall())

    def test_who_holds_a_lead_is_true_whatever_an_automation_makes_of_it(self):
        leads = self.make_leads(3)
        self.on_handing_out(leads[0], lambda lead: lead.write({"user_id": self.manager.id}))
        self.on_handing_out(leads[1], lambda lead: lead.write({"user_id": False}))
        self.campaign.distribute()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual([lead.holder_id for lead in leads], [self.manager, self.env["res.users"], leads[2].user_id])

    def test_a_lead_that_an_automation_gives_to_somebody_else_is_put_back(self):
        leads = self.make_leads(3)
        before = self.read_columns(leads)
        self.on_handing_out(leads[0], lambda lead: lead.write({"user_id": self.manager.id}))
        new = {"lead_status_id": self.status["utr"].id, "priority": "3"}
        self.on_handing_out(leads[1], lambda lead: lead.write(new))
        run = self.campaign.distribute()
        run.action_revert()
        self.assertEqual(self.read_columns(leads), before)
        self.assertEqual(run.leads_kept, 0)

    def test_a_lead_that_somebody_works_on_after_an_automation_is_not_put_back(self):
        leads = self.make_leads(2)
        self.on_handing_out(leads, lambda lead: lead.write({"user_id": self.manager.id}))
        run = self.campaign.distribute()
        leads[0].lead_status_id = self.status["call_back"]
        run.action_revert()
        self.assertEqual((leads[0].user_id, leads[1].user_id), (self.manager, self.env["res.users"]))

    def test_nothing_marks_a_lead_as_handed_out_that_an_automation_has_taken_away(self):
        self.campaign.status_reset_id = self.status["new"]
        leads = self.make_leads(3, lead_status_id=self.status["utr"].id)
        before = self.read_columns(leads[1])[leads[1].id]
        self.on_handing_out(leads[1], lambda lead: lead.write({"user_id": False}))
        self.campaign.distribute()
        after = self.read_columns(leads[1])[leads[1].id]
        names = (
            "closer_id",
            "holder_id",
            "distributed_on",
            "received_on",
            "distribution_campaign_id",
            "lead_status_id",
        )
        self.assertEqual([after[name] for name in names], [before[name] for name in names])
        problems = self.campaign.verify_assignments()["problems"]
        self.assertFalse([text for text in problems if "marked as handed out, but" in text])

    def test_a_lead_that_an_automation_archives_is_told(self):
        leads = self.make_leads(3)
        self.on_handing_out(leads[1], lambda lead: lead.action_archive())
        run = self.campaign.distribute()
        self.assertIn("archived", self.row_of(run, "Lead 1").note)
        self.assertEqual(set(run.assignment_ids.mapped("state")), {"done"})

    def test_the_look_at_the_leads_costs_a_fixed_number_of_statements(self):
        counts = [self.count_statements(number) for number in (20, 200)]
        self.assertLess(counts[1] - counts[0], 20)

    def count_statements(self, number):
        self.make_leads(number)
        run = self.campaign.simulate()
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        run.action_apply()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    # one moment

    def test_the_lead_and_its_row_know_the_same_moment_and_later_runs_have_later_ones(self):
        self.campaign.pool_mode = "all"
        lead, moments = self.make_leads(), []
        for _turn in range(3):
            row = self.campaign.distribute().assignment_ids
            self.assertEqual((lead.distributed_on, lead.received_on), (row.applied_on, row.applied_on))
            moments.append(row.applied_on)
        self.assertEqual(moments, sorted(set(moments)))

    # afterwards

    def test_merged_leads_say_so_in_the_history_and_are_nobodys_problem(self):
        leads = self.make_leads(4, email_from="same@customer.example")
        run = self.campaign.distribute()
        head = leads[:2].merge_opportunity()
        gone = leads[:2] - head
        [row] = run.assignment_ids.filtered(lambda row: not row.lead_id)
        self.assertFalse(gone.exists())
        self.assertIn("merged into", row.note)
        self.assertIn(head.name, row.note)
        result = self.campaign.verify_assignments()
        self.assertEqual((result["all_assigned"], result["unassigned"], result["problems"]), (True, [], []))
        self.assertFalse(self.campaign.verify_assignments()["problems"])

    def test_reverting_goes_on_saying_into_which_lead_a_lead_was_merged(self):
        leads = self.make_leads(2)
        run = self.campaign.distribute()
        head = leads.merge_opportunity()
        for _time in range(2):
            run.action_revert()
            [row] = run.assignment_ids.filtered(lambda row: not row.lead_id)
            self.assertIn(f"merged into “{head.name}”", row.note)
            self.assertEqual(row.note.count("Not put back"), 1)

    def test_a_merged_lead_that_nobody_holds_any_more_is_found(self):
        leads = self.make_leads(2)
        self.campaign.distribute()
        head = leads.merge_opportunity()
        head.write({"user_id": False, "open_user_id": False})
        self.assertEqual(self.campaign.verify_assignments()["unassigned"], head.ids)

    def make_head_and_tail(self):
        """Create two leads; Odoo merges the second into the first."""
        return self.make_leads(2)._sort_by_confidence_level(reverse=True)

    def test_who_must_not_be_called_stays_so_under_the_lead_that_is_left(self):
        head, tail = self.make_head_and_tail()
        head.lead_status_id, tail.lead_status_id = self.status["new"], self.status["dnc"]
        self.assertEqual((tail + head).with_user(self.manager).merge_opportunity(), head)
        self.assertEqual(head.lead_status_id, self.status["dnc"])
        self.assertFalse(self.campaign.distribute().leads_done)

    def test_the_status_of_the_lead_that_is_left_stays_and_an_empty_one_is_filled(self):
        head, tail = self.make_head_and_tail()
        head.lead_status_id, tail.lead_status_id = self.status["new"], self.status["utr"]
        self.assertEqual((head + tail).merge_opportunity().lead_status_id, self.status["new"])
        head, tail = self.make_head_and_tail()
        tail.lead_status_id = self.status["utr"]
        self.assertEqual((head + tail).merge_opportunity(), head)
        self.assertEqual(head.lead_status_id, self.status["utr"])

    def merge_into_free(self, hand_out, **options):
        """Merge a lead of somebody into one of nobody; return it, and (leads received, gifts) before and after."""
        head, tail = self.make_head_and_tail()
        hand_out(tail)
        before = self.count_received_and_given()
        merged = (head + tail).with_user(self.manager).merge_opportunity(**options)
        self.assertEqual(merged, head)
        self.assertNotIn("lead_distribution_merged_for", merged.env.context)
        return head, before, self.count_received_and_given()

    def count_received_and_given(self):
        received = count_received(self.env, self.ann + self.bob + self.cem)["day"]
        return received, self.env["lead.distribution.by.hand"].search_count([])

    def test_a_lead_of_nobody_into_which_one_of_somebody_is_merged_was_received_once(self):
        runs = []
        head, before, after = self.merge_into_free(
            lambda lead: runs.append(self.campaign.distribute(lead_ids=lead.ids))
        )
        row = runs[0].assignment_ids
        self.assertEqual(before[0], {row.user_id.id: 1})
        self.assertEqual(after, before)
        moment = row.applied_on
        self.assertRecordValues(
            head,
            [
                {
                    "user_id": row.user_id.id, "holder_id": row.user_id.id, "received_on": moment,
                    "distributed_on": moment, "distribution_campaign_id": self.campaign.id,
                }
            ],
        )  # fmt: skip
        self.assertFalse(self.campaign.verify_assignments()["problems"])

    def test_so_was_one_that_was_given_by_hand(self):
        head, before, after = self.merge_into_free(lambda lead: lead.write({"user_id": self.ann.id}))
        self.assertEqual((before[0], after), ({self.ann.id: 1}, before))
        self.assertEqual((head.user_id, head.distribution_campaign_id.id), (self.ann, False))

    def test_whom_a_merge_names_gets_the_lead_by_hand(self):
        runs = []
        self.campaign.member_ids.filtered(lambda m: m.user_id != self.ann).active = False
        head, before, after = self.merge_into_free(
            lambda lead: runs.append(self.campaign.distribute(lead_ids=lead.ids)), user_id=self.bob.id
        )
        self.assertEqual(head.user_id, self.bob)
        self.assertEqual((before[0], after[0]), ({self.ann.id: 1}, {self.ann.id: 1, self.bob.id: 1}))
        self.assertEqual(after[1], before[1] + 1)
        self.assertFalse(head.distributed_on or self.ann.partner_id in head.message_partner_ids)

    def test_a_mark_without_history_is_found_beside_rows_of_leads_that_are_gone(self):
        leads = self.make_leads(3)
        run = self.campaign.distribute()
        self.make_past(run)
        leads[0].unlink()
        stray = self.make_leads(user_id=self.ann.id)
        stray.write({"distribution_campaign_id": self.campaign.id, "distributed_on": fields.Datetime.now()})
        self.assertIn(
            "Leads marked as handed out, but unknown to the history: 1.", self.campaign.verify_assignments()["problems"]
        )

    def test_a_deleted_lead_is_told_in_its_row(self):
        leads = self.make_leads(2)
        run = self.campaign.distribute()
        leads[0].unlink()
        [row] = run.assignment_ids.filtered(lambda row: not row.lead_id)
        self.assertRecordValues(row, [{"state": "done", "note": "The lead was deleted after it was handed out."}])
        self.assertFalse(self.campaign.verify_assignments()["problems"])

    def test_deleting_many_leads_takes_one_statement_more(self):
        leads = self.make_leads(30)
        self.campaign.distribute()
        self.env.flush_all()
        row = self.env["lead.distribution.assignment"].search([("lead_id", "=", leads[0].id)])
        with self.assertQueryCount(1):
            note_in_history(leads, "gone")
        self.assertEqual(row.note, "gone")

    def test_a_merge_of_leads_of_yesterday_changes_nothing_of_todays_limits(self):
        leads = self.make_leads(3)
        self.campaign.distribute()
        before = count_received(self.env, self.ann + self.bob + self.cem)["day"]
        leads[:2].merge_opportunity()
        self.assertEqual(count_received(self.env, self.ann + self.bob + self.cem)["day"], before)
        self.assertGreater(fields.Datetime.now() + timedelta(days=1), leads[2].received_on)
