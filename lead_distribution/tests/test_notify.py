from psycopg2.errors import CheckViolation

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..reporting import notify
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestNotify(DistributionCase):
    """One message a person and run; of failures a to-do for the responsible."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.user_id = cls.manager
        cls.campaign.notify_responsible = False
        (cls.ann + cls.bob + cls.cem + cls.manager).notification_type = "inbox"

    def messages(self, user):
        return self.env["mail.message"].search(
            [("partner_ids", "in", user.partner_id.ids), ("message_type", "=", "user_notification")]
        )

    def test_one_message_a_person_with_a_link_to_exactly_these_leads(self):
        self.make_leads(1, user_id=self.ann.id, open_user_id=self.ann.id)
        self.make_leads(6)
        run = self.campaign.distribute()
        message = self.messages(self.ann)
        self.assertEqual(message.subject, "2 new leads from Voice")
        self.assertIn(f"/odoo/{run.id}/my-new-leads", message.body)
        link = self.env.ref("lead_distribution.lead_distribution_run_leads_action").with_user(self.ann)
        action = link.with_context(active_id=run.id, active_model="lead.distribution.run").run()
        leads = self.env["crm.lead"].with_user(self.ann).search(action["domain"])
        self.assertEqual(leads, run.assignment_ids.filtered(lambda row: row.user_id == self.ann).lead_id.sorted())

    def test_the_message_is_in_the_inbox_and_readable(self):
        self.make_leads(3)
        self.campaign.distribute()
        notification = self.env["mail.notification"].search([("res_partner_id", "=", self.bob.partner_id.id)])
        self.assertRecordValues(notification, [{"notification_type": "inbox", "is_read": False}])
        self.assertTrue(self.messages(self.bob).with_user(self.bob).read(["body"]))

    def test_phones_get_it_by_odoo_s_queue(self):
        parameters = self.env["ir.config_parameter"]
        for name in ("private", "public"):
            parameters.set_param(f"mail.web_push_vapid_{name}_key", "key")
        self.env["mail.push.device"].create(
            {"partner_id": self.ann.partner_id.id, "endpoint": "https://push.example.com/1", "keys": "{}"}
        )
        self.make_leads(3)
        self.campaign.distribute()
        push = self.env["mail.push"].search([])
        self.assertEqual(push.mail_push_device_id.partner_id, self.ann.partner_id)
        self.assertIn("1 new lead from Voice", push.payload)

    def test_one_lead_is_told_as_one(self):
        self.make_leads(1)
        run = self.campaign.distribute()
        self.assertEqual(self.messages(run.assignment_ids.user_id).subject, "1 new lead from Voice")

    def test_who_prefers_e_mail_gets_one_e_mail_a_run_not_one_a_lead(self):
        self.ann.notification_type = "email"
        before = self.env["mail.mail"].search([])
        self.make_leads(9)
        self.campaign.distribute()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, self.ann.partner_id)
        self.campaign.notify_salespeople = "inbox"
        self.make_leads(9)
        self.campaign.distribute()
        self.assertEqual(self.env["mail.mail"].search([]) - before, mail)

    def test_nobody_is_told_if_the_campaign_does_not_want_it(self):
        self.campaign.notify_salespeople = "none"
        self.make_leads(3)
        self.campaign.distribute()
        self.assertFalse(self.messages(self.ann + self.bob + self.cem))

    def test_a_plan_tells_nobody(self):
        self.make_leads(3)
        self.campaign.simulate()
        self.assertFalse(self.messages(self.ann))

    def test_the_responsible_gets_a_digest_with_what_is_left_over(self):
        self.campaign.notify_responsible = True
        self.make_leads(5)
        self.campaign.distribute(max_leads=3)
        message = self.messages(self.manager)
        self.assertEqual(message.subject, "Voice: 3 of 5 leads handed out")
        self.assertIn("2 × Limit of the run reached", message.body)

    def test_a_responsible_who_got_leads_hears_once(self):
        self.campaign.write({"notify_responsible": True, "user_id": self.ann.id})
        self.make_leads(3)
        self.campaign.distribute()
        message = self.messages(self.ann)
        self.assertEqual(message.subject, "1 new lead from Voice")
        self.assertIn("3 people received leads", message.body)

    def test_the_digest_writes_its_numbers_as_the_reader_s_language_does(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.manager.lang = "fr_FR"
        self.campaign.notify_responsible = True
        self.make_leads(2)
        run = self.campaign.distribute()
        run.write({"planning_seconds": 1.25, "applying_seconds": 0, "leads_found": 2000})
        notify.tell_people(run)
        message = self.messages(self.manager)[:1]
        self.assertIn("1,25 s", message.body)
        french = self.env["res.lang"]._lang_get("fr_FR")
        self.assertIn(french.format("%d", 2000, grouping=True), message.subject)

    def test_the_digest_does_not_repeat_itself_when_nothing_changes(self):
        self.campaign.notify_responsible = True
        self.make_leads(2, user_id=self.ann.id)
        self.pools(("active_member", [], 0))
        self.campaign.member_ids.filtered(lambda m: m.user_id != self.ann).active = False
        for _hour in range(3):
            run = self.campaign.distribute()
            self.assertEqual(run.left_over, {"only_holder": 2})
        self.assertEqual(len(self.messages(self.manager)), 1)

    def test_everybody_is_told_in_the_own_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.ann.lang = "fr_FR"
        self.make_leads(3)
        self.campaign.distribute()
        self.assertTrue(self.messages(self.ann))

    def test_a_failed_run_leaves_one_activity_for_the_responsible_however_often_it_fails(self):
        self.campaign.member_ids.active = False
        self.make_leads(1)
        for _turn in range(2):
            self.assertEqual(self.campaign.distribute().state, "failed")
        self.assertRecordValues(self.campaign.activity_ids, [
            {"user_id": self.manager.id, "summary": "Lead distribution failed"},
        ])  # fmt: skip
        self.assertIn("Nobody can receive leads", self.campaign.activity_ids.note)

    def test_an_error_in_telling_people_does_not_cost_the_run(self):
        self.make_leads(2)
        self.patch(notify, "write_news", lambda *a: 1 / 0)
        with self.assertLogs(level="ERROR"):
            run = self.campaign.distribute()
        self.assertRecordValues(run, [{"state": "done", "leads_distributed": 2}])

    def test_forty_people_take_hardly_more_queries_than_four(self):
        def count(campaign, people):
            self.make_leads(people * 2)
            campaign.notify_salespeople = "none"
            run = campaign.distribute()
            self.env.flush_all()
            campaign.notify_salespeople = "preference"
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            notify.tell_people(run)
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        people = self.make_users(*(f"person{n}" for n in range(44)))
        few = count(self.make_campaign("Few", *people[:4]), 4)
        many = count(self.make_campaign("Many", *people[4:]), 40)
        self.assertLess(many, few + 10)

    def test_what_the_database_refuses_of_a_run_is_its_own_error_not_one_of_telling(self):
        self.make_leads(3)
        run = self.campaign.simulate()
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE lead_distribution_run ADD CONSTRAINT never_done CHECK (state <> 'done' OR id <> %s)", [run.id]
        )
        with mute_logger("odoo.sql_db"), self.assertRaises(CheckViolation), self.env.cr.savepoint():
            run._close("done")
