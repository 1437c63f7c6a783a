from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..applying import reverter
from ..applying.reverter import foresee_revert
from ..models.run import apply
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestRevertTold(DistributionCase):
    """What a revert would do is asked with counts, and what it has done is told wherever the run is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.notify_responsible = False
        (cls.ann + cls.bob + cls.cem + cls.manager).notification_type = "inbox"

    def distribute(self, count=6):
        leads = self.make_leads(count)
        run = self.campaign.distribute()
        self.make_past(run)
        return leads, run

    def work_on(self, lead, user=None):
        """Have a person change a lead, in the own name."""
        lead = lead.with_user(user or self.manager)
        lead.description = "Called, wants an offer"
        lead.flush_recordset()

    def ask(self, run):
        action = run.with_user(self.manager).action_ask_revert()
        return self.env[action["res_model"]].with_user(self.manager).browse(action["res_id"])

    def messages(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        )

    def test_the_question_says_how_many_go_back_and_why_the_others_stay(self):
        leads, run = self.distribute()
        self.work_on(leads[0])
        leads[1].message_post(body="Spoke to her", message_type="comment")
        leads[2].unlink()
        question = self.ask(run)
        self.assertEqual(question.going_back, "3 leads go back to where they came from.")
        self.assertTrue(question.is_told)
        self.assertEqual(question.staying, "3 stay, because")
        self.assertIn("Mia has worked on the lead since (1)", question.reasons)
        self.assertIn("The lead was deleted after it was handed out (1)", question.reasons)
        self.assertEqual(run.state, "done")

    def test_the_question_says_that_what_was_dropped_back_goes_back_too(self):
        """More leads go back than the run says it handed out."""
        _leads, run = self.distribute()
        self.assertNotIn("dropped back", self.ask(run).going_back)
        run.leads_dropped_back = 2
        self.assertIn("Those that were dropped back are among them.", self.ask(run).going_back)

    def test_what_was_foreseen_is_what_reverting_does(self):
        self.patch(reverter, "FORESEEN", 4)
        leads, run = self.distribute(9)
        self.work_on(leads[0])
        self.work_on(leads[8])
        back, kept = foresee_revert(run)
        self.assertEqual((back, kept), (7, {"Mia has worked on the lead since.": 2}))
        run.action_revert()
        self.assertRecordValues(run, [{"leads_put_back": back, "leads_kept": 2}])

    def test_ten_times_the_leads_are_foreseen_with_as_many_statements(self):
        def count(leads):
            _leads, run = self.distribute(leads)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            foresee_revert(run)
            return self.env.cr.sql_log_count - before

        few = count(6)
        self.assertLessEqual(count(60), few)

    def test_the_answer_and_the_run_say_what_came_of_it(self):
        leads, run = self.distribute()
        self.work_on(leads[0])
        answer = self.ask(run).action_revert()["params"]
        said = "5 put back, 1 kept, because Mia has worked on the lead since"
        self.assertEqual(answer["message"], said)
        self.assertEqual(run.revert_summary, said)
        figures = run.to_dict()
        self.assertEqual((figures["leads_put_back"], figures["leads_kept"]), (5, 1))

    def test_why_leads_were_kept_is_told_once_in_whatever_language_it_was_written(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "lead_distribution")])._update_translations(["de_DE"])
        leads, run = self.distribute()
        self.work_on(leads[0])
        run.with_context(lang="de_DE").action_revert()
        self.env.invalidate_all()
        self.assertRegex(run.revert_summary, "^5 put back, 1 kept, because Mia ")

    def test_a_run_of_which_everything_went_back_says_no_reason(self):
        _leads, run = self.distribute()
        self.assertEqual(self.ask(run).action_revert()["params"]["message"], "6 put back")

    def test_a_large_run_is_reverted_in_the_background(self):
        self.patch(apply, "AT_ONCE", 3)
        leads, run = self.distribute()
        answer = self.ask(run).action_revert()["params"]
        self.assertIn("the work goes on", answer["message"])
        self.assertTrue(run.reverting_since)
        self.assertEqual((run.state, run.progress), ("done", 0))
        self.assertTrue(run._go_on_reverting())  # by the scheduler: tests/processes
        self.assertFalse(leads.user_id)
        self.assertRecordValues(run, [{"state": "reverted", "reverting_since": False, "leads_put_back": 6}])

    def test_the_question_does_not_promise_messages_that_the_campaign_does_not_send(self):
        _leads, run = self.distribute()
        self.campaign.notify_salespeople = "none"
        self.assertFalse(self.ask(run).is_told)

    def test_a_question_is_for_managers_and_for_runs_that_handed_out_leads(self):
        _leads, run = self.distribute()
        with self.assertRaises(AccessError):
            run.with_user(self.ann).action_ask_revert()
        plan = self.campaign.simulate()
        with self.assertRaises(UserError):
            plan.with_user(self.manager).action_ask_revert()

    def test_the_reason_of_the_hand_out_stands_beside_why_the_lead_was_kept(self):
        leads, run = self.distribute()
        self.work_on(leads[0])
        row = run.assignment_ids.filtered(lambda row: row.lead_id == leads[0])
        why = row.explanation
        run.action_revert()
        self.assertEqual(row.explanation, f"{why}. Not put back: Mia has worked on the lead since.")

    def test_people_whose_leads_were_taken_are_told_once_and_the_others_not(self):
        _leads, run = self.distribute()
        row = run.assignment_ids.filtered(lambda row: row.user_id == self.bob)[0]
        self.work_on(row.lead_id)
        for lead in run.assignment_ids.filtered(lambda row: row.user_id == self.cem).lead_id:
            self.work_on(lead)
        run.with_user(self.manager).action_revert()
        subjects = {user: self.messages(user).mapped("subject")[0] for user in (self.ann, self.bob, self.cem)}
        self.assertRegex(subjects[self.ann], "^Your 2 leads from Voice of .* were put back$")
        self.assertRegex(subjects[self.bob], "^1 of your 2 leads from Voice of .* were put back$")
        self.assertEqual(subjects[self.cem], "2 new leads from Voice")
        self.assertEqual(len(self.messages(self.ann)), 2)
        self.assertFalse(self.messages(self.manager))

    def test_whoever_reverts_is_not_told_of_the_own_leads(self):
        self.campaign.member_ids = [Command.create({"user_id": self.manager.id})]
        _leads, run = self.distribute(4)
        before = {user: self.messages(user) for user in (self.ann, self.manager)}
        self.assertEqual([len(messages) for messages in before.values()], [1, 1])
        run.with_user(self.manager).action_revert()
        self.assertEqual(self.messages(self.manager), before[self.manager])
        self.assertEqual(len(self.messages(self.ann)), 2)

    def test_card_and_dashboard_say_that_the_last_run_was_reverted(self):
        leads, run = self.distribute()
        self.work_on(leads[0])
        run.action_revert()
        self.assertRecordValues(self.campaign, [{"last_run_state": "reverted", "last_put_back": 5, "last_kept": 1}])
        dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager)
        told = [item["text"] for item in dashboard.get_data(campaign_id=self.campaign.id)["attention"]]
        self.assertIn(f"{run.name} was reverted: 5 put back, 1 kept", told)

    def test_the_report_of_the_day_counts_what_was_put_back_beside_what_stands(self):
        leads, run = self.distribute()
        self.work_on(leads[0])
        run.action_revert()
        leads.active = False
        self.make_leads(2)
        self.campaign.distribute()
        report = self.env["lead.distribution.report"].with_user(self.manager)
        day = report.generate_daily_report(self.today, "Voice")
        self.assertEqual((day["runs"], day["total_leads_distributed"]), (1, 2))
        self.assertEqual(day["reverted"], {"runs": 1, "leads_put_back": 5, "leads_kept": 1})
        request = self.env["lead.distribution.report.request"].with_user(self.manager).create(
            {"kind": "daily", "date": self.today, "campaign_id": self.campaign.id}
        )  # fmt: skip
        content = request.render("html")[1].decode()
        self.assertRegex(content, r"Reverted runs[\s\S]*5 put back, 1 kept")

    def test_nobody_is_told_of_a_revert_if_the_campaign_does_not_want_it(self):
        self.campaign.notify_salespeople = "none"
        _leads, run = self.distribute()
        run.action_revert()
        self.assertFalse(self.messages(self.ann + self.bob + self.cem))
