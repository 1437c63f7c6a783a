from odoo import SUPERUSER_ID
from odoo.tests import tagged

from ..reporting.readers import get_report_users, get_responsible
from .common import MANAGER, DistributionCase


@tagged("post_install", "-at_install")
class TestReaders(DistributionCase):
    """What is sent goes to somebody who can read it; where there is nobody, the run says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Reading Company"})
        companies = {"company_id": cls.company.id, "company_ids": [(6, 0, cls.company.ids)]}
        cls.first = cls.make_user("first", MANAGER, **companies)
        cls.second = cls.make_user("second", MANAGER, **companies)
        cls.worker = cls.make_user("worker", **companies)
        cls.own = cls.make_campaign("Own", cls.worker, company_id=cls.company.id, user_id=cls.second.id)

    def make_a_failure(self):
        self.own.member_ids.active = False
        self.make_leads(1, company_id=self.company.id)
        return self.own.distribute()

    def test_the_responsible_hears_of_a_failure(self):
        self.make_a_failure()
        self.assertEqual(self.own.activity_ids.user_id, self.second)

    def test_a_failure_is_a_to_do_of_a_manager_where_the_responsible_left(self):
        self.second.active = False
        run = self.make_a_failure()
        self.assertEqual(self.own.activity_ids.user_id, self.first)
        self.assertFalse([text for text in run.warnings or [] if "Nobody hears" in text])

    def test_who_lost_the_company_hears_nothing_of_it(self):
        self.second.write({"company_id": self.env.company.id, "company_ids": [(6, 0, self.env.company.ids)]})
        self.assertEqual(get_responsible(self.own), self.first)

    def test_where_nobody_can_hear_the_run_says_so(self):
        (self.first + self.second).active = False
        with self.assertLogs("odoo.addons.lead_distribution", "WARNING"):
            run = self.make_a_failure()
        self.assertFalse(self.own.activity_ids)
        self.assertEqual(len([text for text in run.warnings if "Nobody hears of this run" in text]), 1)

    def test_a_digest_without_a_reader_is_a_warning_of_the_run(self):
        (self.first + self.second).active = False
        self.make_leads(2, company_id=self.company.id)
        run = self.own.distribute()
        self.assertEqual(run.state, "done")
        self.assertIn("Nobody hears of this run", run.warnings[-1])

    def test_the_digest_goes_to_a_manager_where_the_responsible_left(self):
        self.second.active = False
        self.first.notification_type = "inbox"
        self.make_leads(2, company_id=self.company.id)
        self.own.distribute()
        message = self.env["mail.message"].search([("partner_ids", "in", self.first.partner_id.ids)])
        self.assertEqual(message.subject, "Own: 2 of 2 leads handed out")

    def test_reports_go_to_readers_with_an_address_or_the_run_says_that_nobody_got_them(self):
        self.own.write({"report_mail": "run", "report_user_ids": [(6, 0, (self.worker + self.second).ids)]})
        self.assertEqual(get_report_users(self.own), self.worker + self.second)
        (self.worker + self.second).active = False
        self.assertEqual(get_report_users(self.own), self.first)
        self.first.partner_id.email = False
        self.make_leads(2, company_id=self.company.id)
        self.worker.active = True
        self.worker.partner_id.email = False
        mails = self.env["mail.mail"].search([])
        run = self.own.distribute()
        self.assertIn("The report was sent to nobody", run.warnings[-1])
        self.assertEqual(self.env["mail.mail"].search([]), mails)

    def test_who_wants_e_mail_and_has_no_address_hears_in_odoo(self):
        self.worker.notification_type = "email"
        self.worker.partner_id.email = False
        self.make_leads(1, company_id=self.company.id)
        self.own.distribute()
        notification = self.env["mail.notification"].search([("res_partner_id", "=", self.worker.partner_id.id)])
        self.assertEqual(notification.notification_type, "inbox")

    def test_what_the_system_loads_belongs_to_a_sales_manager_of_the_company(self):
        campaigns = self.env["lead.distribution.campaign"]
        self.assertEqual(self.env.uid, SUPERUSER_ID)
        config = {"campaign": {"name": "Loaded"}}
        system = campaigns.with_context(allowed_company_ids=self.company.ids).with_company(self.company)
        self.assertEqual(system.load_config(config).user_id, self.first)
        by_manager = campaigns.with_user(self.second).load_config({"campaign": {"name": "By hand"}})
        self.assertEqual(by_manager.user_id, self.second)
        named = system.load_config({**config, "odoo": {"responsible": "Second"}})
        self.assertEqual(named.user_id, self.second)
        self.assertEqual(system.load_config(config).user_id, self.second, "it stays where nobody is named")

    def test_a_campaign_of_the_system_gets_a_responsible_when_it_is_loaded_again(self):
        root = self.env["res.users"].browse(SUPERUSER_ID)
        self.own.user_id = root
        self.own.load_config({"campaign": {"name": "Own"}})
        self.assertEqual(self.own.user_id, self.first)

    def test_a_responsible_who_cannot_log_in_is_told(self):
        self.second.active = False
        campaign = self.own.load_config({"campaign": {"name": "Own"}, "odoo": {"responsible": "Second"}})
        self.assertIn("cannot log in", " ".join(message["text"] for message in campaign.config_report))

    def test_the_subject_of_a_report_of_nothing_has_its_figures(self):
        self.own.write({"report_mail": "run", "report_user_ids": self.second.ids, "notify_responsible": False})
        mails = self.env["mail.mail"].search([])
        self.own.distribute()
        self.assertEqual((self.env["mail.mail"].search([]) - mails).subject, "Own: 0 of 0 handed out")
