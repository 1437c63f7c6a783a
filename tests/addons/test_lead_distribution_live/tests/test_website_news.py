import os
import subprocess
import unittest

from odoo.tests import BaseCase, get_db_name, tagged

try:  # of the project's tests
    from at_work import LOGS, answers, free_port
    from chromium import PROGRAM, open_page
    from client import Client
    from odoo_shell import PROGRAM as ODOO
    from odoo_shell import Odoo
    from run_checks import wait_until
except ImportError:
    PROGRAM = None

MAKE = """
    import json
    users = env["res.users"].with_context(no_reset_password=True)
    group = env.ref("sales_team.group_sale_salesman")
    number = users.with_context(active_test=False).search_count([("login", "=like", "walker%")])
    login = f"walker{number}@test"
    user = users.create({"name": "Walker", "login": login, "password": login, "email": "walker@example.com",
                         "notification_type": "inbox", "group_ids": [(4, group.id)]})
    campaign = env["lead.distribution.campaign"].create({
        "name": "Website", "tz": "UTC", "lead_type": "both", "is_live": True, "use_window": False,
        "sequence": -1, "member_ids": [(0, 0, {"user_id": user.id})]})
    ours = env.ref("lead_distribution.ir_cron_live")
    others = env["ir.cron"].search([("id", "!=", ours.id)])
    others.active = False  # some ask Odoo's servers about each lead
    env.cr.commit()
    print("RESULT " + json.dumps([login, user.id, campaign.id, others.ids]))
"""
UNDO = """
    env["lead.distribution.campaign"].browse(campaign_id).write({"is_live": False, "active": False})
    env["crm.lead"].search([("user_id", "=", user_id)]).active = False
    env["res.users"].browse(user_id).active = False
    env["ir.cron"].browse(cron_ids).active = True
    env.cr.commit()
"""


@unittest.skipUnless(PROGRAM, "needs Chromium, and the folder tests/support")
@tagged("post_install", "-at_install")
class TestWebsiteNews(BaseCase):
    """A server as in real life, its scheduler, its websocket, and a salesperson's browser."""

    def setUp(self):
        super().setUp()
        self.odoo = Odoo(get_db_name())
        self.login, user_id, campaign_id, cron_ids = self.odoo.run(MAKE)
        self.addCleanup(self.odoo.run, UNDO, user_id=user_id, campaign_id=campaign_id, cron_ids=cron_ids)
        self.address = self.start_server()

    def start_server(self):
        port = free_port()
        server = subprocess.Popen(
            [*ODOO, "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", get_db_name(), "--http-interface", "127.0.0.1",
             "--http-port", str(port), "--log-level", "warn", "--logfile", str(LOGS / "website-news.log")],
        )  # fmt: skip
        self.addCleanup(server.wait, 60)
        self.addCleanup(server.terminate)
        wait_until(lambda: answers(port))
        return f"http://127.0.0.1:{port}"

    def test_a_form_of_the_website_is_on_the_screen_of_the_salesperson_within_seconds(self):
        with open_page() as page:
            client = Client(self.address, get_db_name(), self.login)
            client.log_in()
            page.open(self.address, "/odoo?debug=tests", client.session.cookies["session_id"])
            page.run_tour("lead_distribution_website_form", seconds=120)
            if folder := os.environ.get("SHOTS"):
                page.shoot(os.path.join(folder, "website_news.png"))
        rows = self.odoo.rows(
            "SELECT a.state, r.origin, extract(epoch FROM a.applied_on - l.create_date) < 30 "
            "FROM lead_distribution_assignment a JOIN crm_lead l ON l.id = a.lead_id "
            "JOIN lead_distribution_run r ON r.id = a.run_id JOIN res_users u ON u.id = a.user_id WHERE u.login = %s",
            self.login,
        )
        self.assertEqual(rows, [("done", "live", True)])
