from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..applying.reverter import Reverter
from ..reporting.todos import DROPBACK, IMPORT, PROBLEMS, find_todos, raise_todo
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestTodos(DistributionCase):
    """A to-do of the responsible goes away when its cause does; what is no failure leaves none."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.user_id = cls.manager
        cls.manager.notification_type = "inbox"

    def summaries(self):
        self.campaign.invalidate_recordset(["activity_ids"])
        return self.campaign.activity_ids.mapped("summary")

    def count_messages(self):
        return self.env["mail.message"].search_count([("message_type", "=", "user_notification")])

    def test_a_simulation_that_finds_no_people_is_a_plan_that_says_what_is_missing(self):
        self.campaign.member_ids.active = False
        self.make_leads(2)
        run = self.campaign.simulate()
        self.assertEqual(run.state, "planned")
        self.assertIn("Nobody can receive leads: ", run.error)
        self.assertEqual(run.left_over, {"no_salespeople": 2})
        self.assertFalse(self.summaries())
        self.assertFalse(run.to_dict()["success"])
        with self.assertRaisesRegex(UserError, "Nobody can receive leads"):
            run.action_apply()

    def test_the_button_that_distributes_shows_what_is_missing_and_starts_nothing(self):
        self.campaign.member_ids.active = False
        self.make_leads(2)
        action = self.campaign.with_user(self.manager).action_distribute()
        self.assertEqual(self.env[action["res_model"]].browse(action["res_id"]).state, "planned")
        self.assertFalse(self.summaries())

    @mute_logger("odoo.addons.lead_distribution.models.campaign.plan")
    def test_a_simulation_whose_strategy_fails_leaves_no_to_do_but_a_distribution_does(self):
        self.make_leads(2)
        self.campaign.fallback_round_robin = False
        with patch.object(type(self.campaign), "_decide", side_effect=ValueError("broken")):
            self.assertEqual(self.campaign.simulate().state, "failed")
            self.assertFalse(self.summaries())
            self.assertEqual(self.campaign.distribute().state, "failed")
        self.assertEqual(self.summaries(), ["Lead distribution failed"])

    def test_discarding_a_plan_tells_nobody(self):
        self.campaign.notify_responsible = True
        self.campaign.report_format = "csv"
        self.make_leads(3)
        run = self.campaign.simulate(max_leads=2)
        before = self.count_messages()
        run.action_cancel()
        self.assertEqual(run.state, "cancelled")
        self.assertEqual((self.count_messages(), run.file_count), (before, 0))

    def test_a_later_run_that_goes_well_closes_the_to_do_of_the_failed_one(self):
        self.make_leads(2)
        self.campaign.fallback_round_robin = False
        with patch.object(type(self.campaign), "_decide", side_effect=UserError("no solver")):
            self.campaign.distribute()
        self.assertEqual(self.summaries(), ["Lead distribution failed"])
        self.campaign.simulate()
        self.assertEqual(self.summaries(), ["Lead distribution failed"])  # nothing went well yet
        run = self.campaign.distribute()
        self.assertFalse(self.summaries())
        self.assertIn(f"{run.name} went well.", "".join(self.campaign.message_ids.mapped("body")))

    def test_a_person_who_can_receive_leads_closes_the_to_do_that_nobody_can(self):
        self.campaign.member_ids.active = False
        self.make_leads(2)
        self.campaign.distribute()
        self.assertEqual(self.summaries(), ["Lead distribution failed"])
        members = self.env["lead.distribution.member"]
        archived = self.make_user("gone", active=False)
        members.create({"campaign_id": self.campaign.id, "user_id": archived.id})
        self.assertEqual(self.summaries(), ["Lead distribution failed"])
        self.campaign.with_context(active_test=False).member_ids.filtered(lambda m: m.user_id == self.ann).active = True
        self.assertFalse(self.summaries())

    def test_a_new_member_closes_it_too_and_other_campaigns_keep_theirs(self):
        other = self.make_campaign("Apple")
        for campaign in (self.campaign, other):
            campaign.member_ids.active = False
            self.make_leads(1)
            campaign.distribute()
        user = self.make_user("new")
        self.env["lead.distribution.member"].create({"campaign_id": self.campaign.id, "user_id": user.id})
        self.assertFalse(self.summaries())
        self.assertTrue(other.activity_ids)

    def test_to_dos_of_dropback_and_verification_end_with_what_they_were_about(self):
        raise_todo(self.campaign, DROPBACK, ["3 leads"])
        raise_todo(self.campaign, PROBLEMS, ["2 leads"])
        self.make_leads(2)
        self.campaign.distribute()
        self.assertEqual(self.summaries(), ["Verification found problems"])
        self.campaign.with_user(self.manager).action_verify()
        self.assertFalse(self.summaries())

    def test_the_to_do_of_an_import_stays_while_another_import_stands_still(self):
        batches = self.env["lead.import.batch"].create(
            [{"campaign_id": self.campaign.id, "channel": "api", "state": "failed", "started_on": "2026-01-01"}] * 2
        )
        raise_todo(self.campaign, IMPORT, ["A disk is full"])
        batches[0]._give_up()
        self.assertTrue(find_todos(self.campaign, IMPORT))
        batches[1]._give_up()
        self.assertFalse(find_todos(self.campaign, IMPORT))

    @mute_logger("odoo.addons.lead_distribution.models.run.apply")
    def test_a_revert_the_scheduler_cannot_end_leaves_a_to_do_until_it_is_done(self):
        self.make_leads(2)
        run = self.campaign.distribute()
        with (
            patch.object(Reverter, "revert_next", side_effect=ValueError("broken")),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            Reverter(run).begin()
            run._go_on_reverting()
        self.assertFalse(run.reverting_since)
        self.assertIn("Putting back the leads stopped: broken", run.warnings)
        self.assertEqual(self.summaries(), ["Leads could not be put back"])
        run.action_revert()
        self.assertFalse(self.summaries())
