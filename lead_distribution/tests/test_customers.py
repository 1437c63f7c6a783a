from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lead_distribution.finding import sales
from odoo.addons.lead_distribution.planning.request import PlanRequest

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestCustomers(DistributionCase):
    """What makes a lead and an opportunity those of one customer, and how long looking for it may take."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.use_sales_filter = True
        cls.customer = cls.env["res.partner"].create({"name": "Acme"})

    def make_opportunity(self, **values):
        return self.make_leads(type="opportunity", **values)

    def lead_field(self, name):
        return self.env["ir.model.fields"]._get("crm.lead", name)

    def left(self):
        return self.env["crm.lead"].browse(self.campaign._get_refused_ids("sales", PlanRequest()))

    def test_r39_e_mails_that_odoo_cannot_read_match_as_they_are_written(self):
        self.campaign.sales_match_email = True
        texts = ["Not an address", "ann at example.com", "x@", "ada@example.com"]
        leads = self.env["crm.lead"].concat(*(self.make_leads(email_from=f"  {text.upper()}\t") for text in texts))
        self.make_leads(email_from="other")
        self.make_leads(email_from="  ")
        self.make_leads(email_from=False)
        for text in (*texts, " ", False):
            self.make_opportunity(email_from=text)
        self.assertEqual(self.left(), leads)

    def test_a_part_of_an_e_mail_is_no_match(self):
        self.campaign.sales_match_email = True
        self.make_leads(email_from="bad")
        self.make_leads(email_from="a@example.com")
        self.make_opportunity(email_from="bad address")
        self.make_opportunity(email_from="aa@example.com")
        self.assertFalse(self.left())

    def test_another_field_for_the_contact_is_compared(self):
        branch, other = self.env["res.partner"].create(
            [{"name": "Branch", "parent_id": self.customer.id}, {"name": "Elsewhere"}]
        )
        lead = self.make_leads(partner_id=branch.id)
        self.make_leads(partner_id=other.id)
        self.make_leads()
        self.make_opportunity(partner_id=self.customer.id)
        self.make_opportunity()
        self.assertFalse(self.left())
        commercial = self.lead_field("commercial_partner_id")
        self.campaign.sales_partner_field_id = commercial
        self.assertEqual(self.left(), lead)
        self.campaign.write({"sales_partner_field_id": False, "sales_opportunity_partner_field_id": commercial.id})
        self.assertFalse(self.left())

    def test_other_fields_for_e_mail_and_phone_are_compared(self):
        lead = self.make_leads(email_cc=" Ada@Example.com", website="1-2")
        self.make_leads(email_from="ada@example.com", phone="12")
        self.make_opportunity(email_from="ada@example.com", phone="(1) 2")
        self.campaign.write({"sales_match_email": True, "sales_email_field_id": self.lead_field("email_cc").id})
        self.assertEqual(self.left(), lead)
        self.campaign.write({
            "sales_match_email": False, "sales_match_phone": True,
            "sales_phone_field_id": self.lead_field("website").id,
        })  # fmt: skip
        lead.website = "1-2"
        self.assertEqual(self.left(), lead)

    def test_fields_that_make_no_sense_are_refused(self):
        for setting, name in (
            ("sales_partner_field_id", "user_id"), ("sales_partner_field_id", "partner_name"),
            ("sales_email_field_id", "phone"), ("sales_opportunity_email_field_id", "description"),
            ("sales_phone_field_id", "email_from"), ("sales_opportunity_phone_field_id", "name"),
        ):  # fmt: skip
            with self.assertRaises(ValidationError, msg=f"{setting}: {name}"):
                self.campaign[setting] = self.lead_field(name)

    def test_leads_without_a_contact_are_counted_and_told(self):
        self.make_leads(3)
        self.make_leads(partner_id=self.customer.id)
        self.make_leads(lead_status_id=self.status["dnc"].id)  # leaves before it would be compared
        run = self.campaign.simulate()
        self.assertEqual([text for text in run.warnings if "contact" in text],
                         ["3 leads have no contact: they could not be compared with opportunities."])  # fmt: skip
        self.campaign.sales_match_email = True
        self.assertIn("3 leads have no contact", " ".join(self.campaign.simulate().warnings))
        self.env["crm.lead"].search([("partner_id", "=", False)], order="id desc", limit=3)[1:].active = False
        self.assertIn("1 lead has no contact: it was compared", " ".join(self.campaign.simulate().warnings))
        self.campaign.sales_match_email = False
        self.assertIn("1 lead has no contact: it could not be", " ".join(self.campaign.simulate().warnings))
        self.env["crm.lead"].search([("type", "=", "lead")]).partner_id = self.customer
        self.assertNotIn("no contact", " ".join(self.campaign.simulate().warnings or []))

    def test_a_look_up_that_takes_too_long_is_stopped_all_leads_stay_and_the_run_warns(self):
        lead = self.make_leads(partner_id=self.customer.id)
        self.make_opportunity(partner_id=self.customer.id)
        self.make_leads(lead_status_id=self.status["dnc"].id)
        self.campaign.sales_seconds = 0.2
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, "longer" in str(run.warnings)), ({"dnc": 1, "sales": 1}, False))
        slow = SQL("pg_sleep(0.5) IS NOT NULL")
        with (
            patch.object(sales, "get_opportunity_sql", lambda campaign: slow),
            self.assertLogs(level="WARNING"),
        ):
            run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.assignment_ids.lead_id), ({"dnc": 1}, lead))
        self.assertIn("took longer than 0.2 seconds", run.warnings[0])
        self.env.cr.execute("SELECT current_setting('statement_timeout')")
        self.assertEqual(self.env.cr.fetchone()[0], "0")

    def test_a_limit_of_time_holds_for_finding_only(self):
        self.make_leads()
        self.campaign.sales_seconds = 5
        self.campaign.simulate()
        self.env.cr.execute("SELECT current_setting('statement_timeout')")
        self.assertEqual(self.env.cr.fetchone()[0], "0")
