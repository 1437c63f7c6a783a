from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..planning.workload import count_workload
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestApply(DistributionCase):
    """Applying: exactly the plan, nothing taken from under a person, one bad lead costs one."""

    def test_r67_owner_opener_closer_status_and_team_are_written(self):
        team = self.env["crm.team"].create({"name": "Voice"})
        self.campaign.write({"team_id": team.id, "status_reset_id": self.status["new"].id})
        lead = self.make_leads(lead_status_id=self.status["utr"].id)
        run = self.campaign.distribute()
        user = run.assignment_ids.user_id
        self.assertRecordValues(lead, [{
            "user_id": user.id, "open_user_id": user.id, "closer_id": user.id,
            "holder_id": user.id, "team_id": team.id, "lead_status_id": self.status["new"].id,
            "distribution_campaign_id": self.campaign.id,
        }])  # fmt: skip
        self.assertTrue(lead.distributed_on)
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 1}])

    def test_r67_without_reset_and_team_both_stay(self):
        team = self.env["crm.team"].create({"name": "Their team"})
        lead = self.make_leads(team_id=team.id, lead_status_id=self.status["utr"].id)
        other = self.make_leads()
        self.campaign.distribute()
        self.assertRecordValues(lead + other, [
            {"team_id": team.id, "lead_status_id": self.status["utr"].id},
            {"team_id": False, "lead_status_id": False},
        ])  # fmt: skip

    def test_a_team_that_changed_since_the_plan_stays_even_if_the_old_one_is_gone(self):
        old, new = self.env["crm.team"].create([{"name": "Old"}, {"name": "New"}])
        lead = self.make_leads(team_id=old.id)
        run = self.campaign.simulate()
        lead.team_id = new
        old.unlink()
        run.action_apply()
        self.assertEqual((lead.team_id, run.leads_distributed), (new, 1))

    def test_a_plan_is_applied_exactly_as_it_was_shown(self):
        leads = self.make_leads(10)
        run = self.campaign.simulate()
        planned = {row.lead_id.id: row.user_id.id for row in run.assignment_ids}
        run.action_apply()
        self.assertEqual({lead.id: lead.user_id.id for lead in leads}, planned)
        self.assertEqual(set(run.assignment_ids.mapped("state")), {"done"})

    def test_r74_the_history_keeps_the_status_before_the_reset_and_the_previous_holder(self):
        self.pools(("active_member", [], 0))
        self.campaign.status_reset_id = self.status["new"]
        self.make_leads(user_id=self.ann.id, lead_status_id=self.status["utr"].id, priority="2")
        row = self.campaign.distribute().assignment_ids
        self.assertRecordValues(row, [{
            "lead_status_id": self.status["utr"].id, "previous_user_id": self.ann.id,
            "previous_user_name": "Ann", "strategy": "round_robin", "priority": 2,
            "campaign_id": self.campaign.id, "lead_name": "Lead 0",
        }])  # fmt: skip

    def test_a_lead_that_changed_since_the_plan_is_skipped_and_counted(self):
        leads = self.make_leads(6)
        run = self.campaign.simulate()
        leads[0].user_id = self.manager
        leads[1].lead_status_id = self.status["utr"]
        leads[2].active = False
        leads[3].unlink()
        leads[4].convert_opportunity(self.env["res.partner"])
        run.action_apply()
        self.assertEqual(leads[0].user_id, self.manager)
        self.assertFalse(leads[1].user_id or leads[2].user_id)
        self.assertEqual(run.leads_distributed, 1)
        self.assertEqual(run.left_over, {"skipped": 5})
        notes = " ".join(run.assignment_ids.filtered(lambda r: r.state == "skipped").mapped("note"))
        for word in ("changed hands", "status", "archived", "deleted", "opportunity"):
            self.assertIn(word, notes)
        self.assertEqual(sum(run.member_line_ids.mapped("leads_received")), 1)

    def test_leads_of_a_salesperson_archived_after_the_plan_stay(self):
        leads = self.make_leads(3)
        run = self.campaign.simulate()
        self.bob.active = False
        run.action_apply()
        self.assertNotIn(self.bob, leads.user_id)
        self.assertEqual(run.leads_distributed, 2)

    def test_two_plans_for_the_same_leads_never_give_one_lead_two_owners(self):
        leads = self.make_leads(9)
        first, second = self.campaign.simulate(), self.campaign.simulate()
        first.action_apply()
        owners = leads.mapped("user_id.id")
        second.action_apply()
        self.assertEqual(leads.mapped("user_id.id"), owners)
        self.assertEqual((second.leads_distributed, second.left_over), (0, {"skipped": 9}))

    def test_r68_one_lead_that_cannot_be_written_costs_one_lead(self):
        leads = self.make_leads(20)
        bad = leads[13]
        original = type(leads).write

        def write(records, vals):
            if bad in records and "user_id" in vals:
                raise ValueError("this lead is cursed")
            return original(records, vals)

        run = self.campaign.simulate()
        with patch.object(type(leads), "write", write), self.assertLogs(level="WARNING"):
            run.action_apply()
        self.assertFalse(bad.user_id)
        self.assertEqual(len((leads - bad).filtered("user_id")), 19)
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 19}])
        failed = run.assignment_ids.filtered(lambda row: row.state == "failed")
        self.assertRecordValues(failed, [{"lead_id": bad.id, "note": "this lead is cursed"}])
        self.assertEqual(run.left_over, {"failed": 1})

    def test_a_second_run_right_after_the_first_finds_nothing(self):
        self.make_leads(5)
        self.assertEqual(self.campaign.distribute().leads_distributed, 5)
        self.assertEqual(self.campaign.distribute().leads_found, 0)

    def test_a_run_is_applied_once(self):
        self.make_leads(2)
        run = self.campaign.distribute()
        with self.assertRaises(UserError):
            run.action_apply()

    def test_a_cancelled_plan_changes_nothing_and_cannot_be_applied(self):
        leads = self.make_leads(2)
        run = self.campaign.simulate()
        run.action_cancel()
        self.assertEqual((run.state, run.leads_distributed), ("cancelled", 0))
        self.assertFalse(leads.user_id)
        with self.assertRaises(UserError):
            run.action_apply()

    def test_before_and_after_are_counted_for_every_status(self):
        self.pools(("active_member", ["utr"], 0))
        self.campaign.status_reset_id = self.status["new"]
        self.make_leads(4, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        self.make_leads(1, user_id=self.ann.id, lead_status_id=self.status["won"].id)
        run = self.campaign.distribute()
        ann = run.member_line_ids.filtered(lambda line: line.user_id == self.ann)
        self.assertRecordValues(ann, [{
            "leads_before_total": 5, "leads_before_utr": 4, "leads_before_won": 1,
            "leads_after_total": 1, "leads_after_utr": 0, "leads_after_won": 1,
            "leads_received": 0, "leads_distributed_from": 4,
        }])  # fmt: skip
        others = run.member_line_ids - ann
        self.assertEqual(sum(others.mapped("leads_after_new")), 4)
        workload = count_workload(self.env, run.member_line_ids.user_id)
        for line in run.member_line_ids:
            self.assertEqual(line.leads_after_total, workload.get(line.user_id.id, 0))

    def test_the_new_owner_follows_the_lead_and_gets_no_mail_for_it(self):
        lead = self.make_leads()
        on_leads = [("model", "=", "crm.lead")]  # the one message a person and run is on the campaign
        messages = self.env["mail.message"].search_count(on_leads)
        self.campaign.with_context(tracking_disable=False).distribute()
        self.assertIn(lead.user_id.partner_id, lead.message_partner_ids)
        self.assertEqual(self.env["mail.message"].search_count(on_leads), messages)

    def make_team(self, **values):
        """Return a team that the campaign hands its leads to Ann and Bob with."""
        # where nothing was won yet, what Odoo makes of the probability depends on the order of leads
        odds = {"variable": "stage_id", "won_count": 3, "lost_count": 5}
        self.env["crm.lead.scoring.frequency"].create(
            [{**odds, "value": str(stage.id)} for stage in self.env["crm.stage"].search([])]
        )
        members = {"member_ids": [Command.set((self.ann | self.bob).ids)]}
        team = self.env["crm.team"].create({"name": "Field", **members, **values})
        self.campaign.member_ids.filtered(lambda member: member.user_id == self.cem).unlink()
        self.campaign.team_id = team
        return team

    def distribute_and_compare(self, **values):
        """Hand out four leads; the same by a write a lead has to leave the same values and followers."""
        leads = self.make_leads(4, **values)
        self.campaign.with_context(tracking_disable=False).distribute()
        twins = self.make_leads(4, **values)
        written = ("user_id", "open_user_id", "closer_id", "team_id", "distribution_campaign_id", "received_on",
                   "distributed_on")  # fmt: skip
        for lead, twin in zip(leads, twins, strict=True):
            quiet = twin.with_context(tracking_disable=False, mail_notrack=True, mail_auto_subscribe_no_notify=True)
            quiet.write({name: lead[name].id if lead._fields[name].relational else lead[name]
                         for name in written})  # fmt: skip
        self.env.flush_all()
        self.env.invalidate_all()
        columns = [name for name, field in leads._fields.items() if field.store and field.column_type]
        same = [name for name in columns if name not in ("id", "create_date", "write_date")]
        self.assertLess({"probability", "stage_id", "lead_properties"}, set(same))
        for lead, twin in zip(leads, twins, strict=True):
            self.assertEqual({**lead.read(same)[0], "id": 0}, {**twin.read(same)[0], "id": 0})
            followers, of_twin = (
                {f.partner_id: f.subtype_ids for f in record.message_follower_ids} for record in (lead, twin)
            )
            self.assertEqual(followers, of_twin)
        return leads

    def test_a_batch_leaves_leads_and_followers_as_one_write_a_lead_would(self):
        """Also when the team changes, whose followers follow the lead with their own choices."""
        fan = self.make_user("fan").partner_id
        subtype = self.env.ref("crm.mt_salesteam_lead")
        self.make_team().message_subscribe(partner_ids=(fan | self.ann.partner_id).ids, subtype_ids=subtype.ids)
        for lead in self.distribute_and_compare():
            self.assertIn(fan, lead.message_partner_ids)

    def test_a_new_team_gives_its_properties_and_takes_stages_of_others_away(self):
        definition = [{"name": "color", "string": "Color", "type": "char", "default": "blue"}]
        self.make_team(lead_properties_definition=definition)
        other = self.env["crm.team"].create({"name": "Other"})
        stage = self.env["crm.stage"].create({"name": "Theirs", "team_ids": [Command.set(other.ids)]})
        for lead in self.distribute_and_compare(team_id=other.id, stage_id=stage.id):
            self.assertNotEqual(lead.stage_id, stage)
            self.assertEqual(lead.lead_properties["color"], "blue")

    def test_properties_of_another_team_are_lost_as_odoo_has_it(self):
        self.make_team()
        definition = [{"name": "color", "string": "Color", "type": "char", "default": "blue"}]
        other = self.env["crm.team"].create({"name": "Other", "lead_properties_definition": definition})
        for lead in self.distribute_and_compare(team_id=other.id):
            self.env.cr.execute("SELECT lead_properties FROM crm_lead WHERE id = %s", lead.ids)
            self.assertFalse(self.env.cr.fetchone()[0])

    def test_every_assignment_says_why(self):
        self.make_leads(4)
        for row in self.campaign.distribute().assignment_ids:
            self.assertIn(row.user_name, row.explanation)
            self.assertIn("had had the fewest turns (", row.explanation)
