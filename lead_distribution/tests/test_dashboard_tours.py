import json

from odoo.tests import HttpCase, tagged

from .common import DistributionCase

PLAIN_PAGE = "/lead_distribution/static/description/index.html"
MEASURE = """
document.body.innerHTML = `<div style="width: 600px; font-family: sans-serif">${%s}</div>`;
const cut = [...document.querySelectorAll("div")].filter((box) => box.scrollWidth > box.clientWidth + 1);
console[cut.length ? "error" : "log"](cut.length ? `cut off: ${cut[0].innerText}` : "test successful");
"""


@tagged("post_install", "-at_install")
class TestDashboardTours(DistributionCase, HttpCase):
    """What a manager and a salesperson do in the morning, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["lead.distribution.run"].search([]).sudo().is_applied = False  # of other data
        cls.make_leads(5)
        cls.run_done = cls.campaign.distribute(max_leads=4)
        cls.env.ref("base.group_user").implied_ids += cls.env.ref("crm.group_use_lead")

    def test_a_manager_reads_the_dashboard_and_opens_what_is_behind_it(self):
        self.start_tour("/odoo/lead-distribution-dashboard", "lead_distribution_dashboard", login="mia@test")

    def test_a_manager_reads_reports(self):
        self.start_tour("/odoo/lead-distribution-reports", "lead_distribution_reports", login="mia@test")

    def test_a_manager_verifies_a_campaign(self):
        url = f"/odoo/lead-distribution/{self.campaign.id}"
        self.start_tour(url, "lead_distribution_verify", login="mia@test")

    def test_sending_the_report_of_a_run_says_to_whom_and_that_it_did(self):
        self.campaign.user_id = self.manager
        self.manager.email = "mia@example.com"
        url = f"/odoo/lead-distribution-runs/{self.run_done.id}"
        self.start_tour(url, "lead_distribution_send_report", login="mia@test")

    def test_no_column_of_a_report_is_cut_off_in_an_email_whatever_the_language(self):
        for user, name in zip(
            self.campaign.member_ids.user_id, ("Carol Williams", "Konstantin Meyer-Oldenburg"), strict=False
        ):
            user.name = name
        run = self.campaign.distribute()
        for code in ("en_US", "de_DE", "pt_BR"):
            with self.subTest(code):
                self.env["res.lang"]._activate_lang(code)
                self.env["ir.module.module"].search([("name", "=", "lead_distribution")])._update_translations([code])
                body = run.with_user(self.manager).with_context(lang=code).get_report_body()
                self.browser_js(PLAIN_PAGE, MEASURE % json.dumps(str(body)))

    def test_a_salesperson_follows_the_link_of_the_message(self):
        user = self.run_done.assignment_ids.user_id[0]
        self.start_tour(f"/odoo/{self.run_done.id}/my-new-leads", "lead_distribution_new_leads", login=user.login)

    def test_a_salesperson_sees_the_own_dashboard(self):
        user = self.run_done.assignment_ids.user_id[0]
        self.start_tour("/odoo/lead-distribution-dashboard", "lead_distribution_my_dashboard", login=user.login)


@tagged("post_install", "-at_install")
class TestDashboardOnAPhone(DistributionCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_what_needs_attention_comes_first_and_bars_have_room(self):
        self.make_campaign("Second", *self.campaign.member_ids.user_id)  # whose target adds up: the longest line
        self.make_leads(3)
        self.campaign.distribute(max_leads=2)
        self.start_tour("/odoo/lead-distribution-dashboard", "lead_distribution_dashboard_phone", login="mia@test")
