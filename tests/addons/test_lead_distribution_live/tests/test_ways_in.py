import base64
import json
import re
from email.message import EmailMessage

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.lead_distribution.tests.common import DistributionCase


class WaysIn(DistributionCase):
    """A live campaign that takes leads and opportunities; whatever comes waits at first, then somebody has it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write({"is_live": True, "lead_type": "both", "use_window": False})
        cls.before = cls.env["crm.lead"].with_context(active_test=False).search([], order="id desc", limit=1).id

    def find_new(self):
        self.env.invalidate_all()
        return self.env["crm.lead"].search([("id", ">", self.before or 0)], order="id")

    def assert_waits_then_handed_out(self, leads):
        waiting = self.env["lead.distribution.waiting"]
        self.assertTrue(leads)
        self.assertFalse(leads.user_id)
        self.assertEqual(waiting.search([("lead_id", "in", leads.ids)]).lead_id, leads)
        self.env["lead.distribution.campaign"].with_user(self.manager).hand_out_waiting()
        self.env.invalidate_all()
        self.assertLessEqual(leads.user_id, self.ann + self.bob + self.cem)
        self.assertEqual(len(leads.filtered("user_id")), len(leads))
        self.assertFalse(waiting.search([("lead_id", "in", leads.ids)]))
        self.assertEqual(leads.assignment_ids.run_id.mapped("origin"), ["live"])
        self.assertEqual(set(leads.assignment_ids.mapped("state")), {"done"})


@tagged("post_install", "-at_install")
class TestWebsiteForm(WaysIn, HttpCase):
    def post(self, **values):
        """Fill in the form of the website as a visitor who is not logged in."""
        page = self.url_open("/contactus").text
        csrf = re.search(r"csrf_token\W+(?:value\W+)?(\w{30,})", page).group(1)
        answer = self.url_open("/website/form/crm.lead", data={"csrf_token": csrf, **values})
        self.assertEqual(answer.status_code, 200)
        return json.loads(answer.text)

    def test_the_form_of_a_website(self):
        answer = self.post(
            contact_name="Vera Visitor", email_from="vera@example.com", phone="+32 2 290 34 90",
            partner_name="Acme", name="Solar roof", description="Please call me",
        )  # fmt: skip
        lead = self.find_new()
        self.assertEqual(answer, {"id": lead.id})
        self.assertRecordValues(lead, [{"contact_name": "Vera Visitor", "name": "Solar roof"}])
        self.assert_waits_then_handed_out(lead)

    def test_the_leader_of_the_websites_team_gets_what_no_campaign_hands_out(self):
        team = self.env["website"].search([], limit=1).crm_default_team_id
        team.user_id = self.manager
        self.post(contact_name="Vera Visitor", email_from="vera@example.com", name="Solar roof")
        self.assert_waits_then_handed_out(self.find_new())
        self.campaign.is_live = False
        self.post(contact_name="Vera Visitor", email_from="vera@example.com", name="Another roof")
        self.assertEqual(self.find_new()[-1].user_id, self.manager)
        self.assertFalse(team.assignment_enabled)

    def test_a_form_for_which_the_website_names_a_salesperson_waits_for_nobody(self):
        self.env["website"].search([]).crm_default_user_id = self.cem
        self.post(contact_name="Vera Visitor", email_from="vera@example.com", name="Solar roof")
        lead = self.find_new()
        self.assertEqual(lead.user_id, self.cem)
        self.assertFalse(self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)]))


@tagged("post_install", "-at_install")
class TestMailGateway(WaysIn):
    def setUp(self):
        super().setUp()
        domain = self.env["mail.alias.domain"].search([], limit=1)
        self.domain = domain or self.env["mail.alias.domain"].create({"name": "example.org"})
        self.team = self.env["crm.team"].create({"name": "Roofs", "use_leads": True, "alias_name": "roofs"})
        self.team.alias_id.write({"alias_domain_id": self.domain.id, "alias_contact": "everyone"})

    def mail(self, number, **headers):
        message = EmailMessage()
        message["From"] = f"Vera <vera{number}@example.com>"
        message["To"] = f"roofs@{self.domain.name}"
        message["Subject"] = f"Solar roof {number}"
        message["Message-Id"] = f"<roof-{number}@example.com>"
        for name, value in headers.items():
            message[name.replace("_", "-")] = value
        message.set_content("Please call me")
        return message.as_string()

    def test_an_email_to_the_alias_of_a_team(self):
        for number in range(3):
            self.env["mail.thread"].message_process("crm.lead", self.mail(number))
        leads = self.find_new()
        self.assertEqual((leads.team_id, len(leads)), (self.team, 3))
        self.assert_waits_then_handed_out(leads)
        self.assertEqual(
            sorted(len(leads.filtered(lambda lead, u=u: lead.user_id == u)) for u in leads.user_id), [1] * 3
        )

    def test_the_leader_of_the_team_gets_what_no_campaign_hands_out(self):
        self.team.user_id = self.manager
        self.env["mail.thread"].message_process("crm.lead", self.mail(1))
        self.assert_waits_then_handed_out(self.find_new())
        self.team.company_id = self.env.company
        self.campaign.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        self.env["mail.thread"].message_process("crm.lead", self.mail(2))
        self.assertEqual(self.find_new()[-1].user_id, self.manager)

    def test_an_answer_to_a_lead_that_somebody_has_waits_for_nobody(self):
        self.env["mail.thread"].message_process("crm.lead", self.mail(1))
        lead = self.find_new()
        self.assert_waits_then_handed_out(lead)
        holder = lead.user_id
        answer = self.mail(2, In_Reply_To=lead.message_ids[-1].message_id)
        self.env["mail.thread"].message_process("crm.lead", answer)
        self.assertEqual((self.find_new(), lead.user_id), (lead, holder))
        self.assertFalse(self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)]))


@tagged("post_install", "-at_install")
class TestOtherWays(WaysIn):
    def test_odoos_own_import(self):
        rows = "\n".join(f"Roof {number},vera{number}@example.com," for number in range(30))
        text = f"Name,Email,Salesperson\n{rows}\n"
        wizard = (
            self.env["base_import.import"]
            .with_user(self.manager)
            .create({"res_model": "crm.lead", "file": text.encode(), "file_type": "text/csv", "file_name": "leads.csv"})
        )
        options = {"quoting": '"', "separator": ",", "has_headers": True}
        result = wizard.execute_import(["name", "email_from", "user_id"], ["Name", "Email", "Salesperson"], options)
        self.assertFalse(result["messages"])
        leads = self.find_new()
        self.assertEqual(len(leads), 30)
        self.assert_waits_then_handed_out(leads)
        self.assertEqual(
            sorted(len(leads.filtered(lambda lead, u=u: lead.user_id == u)) for u in leads.user_id), [10] * 3
        )

    def test_another_addon(self):
        """As crm_livechat, website_event_crm and others do it: with full rights, and written once more."""
        lead = self.env["crm.lead"].sudo().create({"name": "From elsewhere", "user_id": False})
        lead.write({"description": "<p>Added</p>", "medium_id": self.env["utm.medium"].create({"name": "Chat"}).id})
        self.assert_waits_then_handed_out(lead)

    def test_merging_duplicates_leaves_one(self):
        values = [{"name": f"Roof {n}", "email_from": "vera@example.com", "user_id": False} for n in range(3)]
        leads = self.env["crm.lead"].create(values)
        leads.merge_opportunity(user_id=False)
        self.assert_waits_then_handed_out(self.find_new())


@tagged("post_install", "-at_install")
class TestRemoteCalls(WaysIn, HttpCase):
    def test_a_remote_call_with_a_key(self):
        expires = fields.Datetime.add(fields.Datetime.now(), days=1)
        key = self.env["res.users.apikeys"].with_user(self.manager)._generate("rpc", "test", expires)
        answer = self.url_open(
            "/json/2/crm.lead/create",
            data=json.dumps({"vals_list": [{"name": f"Roof {n}", "user_id": False} for n in range(2)]}),
            headers={"Content-Type": "application/json", "Authorization": f"bearer {key}"},
        )
        self.assertEqual(answer.status_code, 200, answer.text)
        leads = self.find_new()
        self.assertEqual(answer.json(), leads.ids)
        self.assert_waits_then_handed_out(leads)

    def test_a_file_of_the_form_does_not_matter(self):
        lead = self.env["crm.lead"].create({"name": "With a file", "user_id": False})
        self.env["ir.attachment"].create(
            {"name": "roof.txt", "res_model": "crm.lead", "res_id": lead.id, "datas": base64.b64encode(b"x")}
        )
        self.assert_waits_then_handed_out(lead)
