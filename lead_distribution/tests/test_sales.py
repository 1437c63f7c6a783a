from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.lead_distribution.finding import sales
from odoo.addons.lead_distribution.planning.request import PlanRequest

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestSalesFilter(DistributionCase):
    """Leads whose customer already has an opportunity are not handed out."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.use_sales_filter = True
        cls.customer, cls.other = cls.env["res.partner"].create([{"name": "Acme"}, {"name": "Other"}])
        cls.stages = {
            name: cls.env["crm.stage"].create({"name": name}) for name in ("Talks", "Cancelled", "closed_lost")
        }
        cls.lead = cls.make_leads(partner_id=cls.customer.id)

    def make_opportunity(self, stage="Talks", **values):
        return self.make_leads(
            type="opportunity", stage_id=self.stages[stage].id, **{"partner_id": self.customer.id, **values}
        )

    def is_out(self):
        return self.find()[1].get("sales", 0)

    def test_r36_the_same_partner_counts_and_no_partner_never_matches(self):
        self.make_leads()
        self.make_opportunity(partner_id=False)
        self.assertFalse(self.is_out())
        self.make_opportunity()
        self.assertEqual(self.is_out(), 1)
        self.campaign.use_sales_filter = False
        self.assertFalse(self.is_out())

    def test_r36_a_lead_never_matches_itself(self):
        self.lead.type = "opportunity"
        self.campaign.lead_type = "opportunity"
        self.assertFalse(self.is_out())
        self.make_opportunity()
        self.assertEqual(self.is_out(), 2)

    def test_r37_excluded_stages_are_opportunities_to_ignore(self):
        self.campaign.sales_exclude_stages = "CANCELLED\nclosed_lost\nlost"
        self.make_opportunity("Cancelled")
        self.make_opportunity("closed_lost")
        self.assertFalse(self.is_out())
        self.make_opportunity("Talks")
        self.assertEqual(self.is_out(), 1)

    def test_r37_included_stages_are_the_only_ones_that_count(self):
        self.campaign.sales_include_stages = "talks"
        self.make_opportunity("Cancelled")
        self.assertFalse(self.is_out())
        self.make_opportunity("Talks")
        self.assertEqual(self.is_out(), 1)
        self.campaign.sales_include_stages = "No such stage"
        self.assertFalse(self.is_out())

    def test_r37_archived_opportunities_count_only_if_asked(self):
        self.make_opportunity(active=False)
        self.assertFalse(self.is_out())
        self.campaign.sales_active_only = False
        self.assertEqual(self.is_out(), 1)

    def test_r38_only_opportunities_of_the_last_days_the_edge_included(self):
        self.campaign.sales_date_field_id = self.env["ir.model.fields"]._get("crm.lead", "source_date")
        self.campaign.sales_days = 30
        opportunity = self.make_opportunity(source_date=self.days_ago(31))
        self.assertFalse(self.is_out())
        opportunity.source_date = self.days_ago(30)
        self.assertEqual(self.is_out(), 1)
        opportunity.source_date = False
        self.assertEqual(self.is_out(), 1)

    def test_r39_e_mail_matches_only_if_asked_without_case_and_with_or_without_partner(self):
        lead = self.make_leads(email_from=" Ada@Example.com ")
        self.make_opportunity(partner_id=False, email_from="ada@example.com")
        self.assertFalse(self.is_out())
        self.campaign.sales_match_email = True
        self.assertEqual(self.campaign._get_refused_ids("sales", PlanRequest()), lead.ids)

    def test_r39_phones_match_by_their_digits_and_empty_never_does(self):
        lead = self.make_leads(phone="+1 (212) 555-0100")
        self.make_leads(phone="--")
        self.make_opportunity(partner_id=False, phone="12125550100")
        self.make_opportunity(partner_id=False, phone="()")
        self.campaign.sales_match_phone = True
        self.assertEqual(self.campaign._get_refused_ids("sales", PlanRequest()), lead.ids)

    def test_opportunities_of_another_company_do_not_count_and_are_nowhere_named(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.campaign.write({"sales_match_email": True, "sales_match_phone": True, "sales_export": True})
        same = {"email_from": "ada@example.com", "phone": "12125550100"}
        self.lead.write(same)
        # the newest is the one that the file names
        here = self.make_opportunity(company_id=False)
        self.make_opportunity("Cancelled", company_id=elsewhere.id, name="Secret roof", **same)
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.sales_by_stage), ({"sales": 1}, {"Talks": 1}))
        file = self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
        self.assertIn(str(here.id), file.raw.decode())
        self.assertNotIn("Secret roof", file.raw.decode())
        here.active = False
        self.assertFalse(self.is_out())
        here.write({"active": True, "company_id": self.campaign.company_id.id})
        self.assertEqual(self.is_out(), 1)

    def test_in_a_campaign_of_all_companies_a_lead_is_compared_within_its_own(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.campaign.write({"company_id": False, "sales_match_email": True})
        same = {"partner_id": self.customer.id, "email_from": "ada@example.com"}
        companies = (self.env.company, elsewhere, self.env["res.company"])
        leads = [self.make_leads(company_id=company.id, **same) for company in companies]
        opportunity = self.make_opportunity(company_id=elsewhere.id, **same)

        def left():
            return self.campaign._get_refused_ids("sales", PlanRequest())

        self.assertEqual(set(left()) & {lead.id for lead in leads}, {leads[1].id, leads[2].id})
        run = self.campaign.simulate()
        self.assertEqual(run.sales_by_stage, {"Talks": len(left())})
        opportunity.company_id = False
        self.assertLessEqual({lead.id for lead in leads}, set(left()))

    def test_stages_of_one_name_are_one_and_a_lead_counts_once_in_them(self):
        self.stages["of another team"] = self.env["crm.stage"].create({"name": "Talks"})
        third = self.env["res.partner"].create({"name": "Third"})
        for customer in (self.other, third):
            self.make_leads(partner_id=customer.id)
        self.make_opportunity("Talks")
        self.make_opportunity("Talks", partner_id=third.id)
        self.make_opportunity("of another team")
        self.make_opportunity("of another team", partner_id=self.other.id)
        self.make_opportunity("Cancelled", partner_id=third.id).stage_id = False
        run = self.campaign.simulate()
        self.assertEqual((run.exclusions, run.sales_by_stage), ({"sales": 3}, {"Talks": 3, "No stage": 1}))

    def test_what_left_is_counted_by_stage_and_can_be_opened(self):
        self.make_opportunity("Talks")
        self.make_opportunity("Cancelled")
        run = self.campaign.simulate()
        self.assertEqual(run.sales_by_stage, {"Talks": 1, "Cancelled": 1})
        action = run.action_view_step("sales")
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), self.lead)
        lines = [line.strip() for line in run.get_text_report().splitlines()]
        at = lines.index("Customer with an opportunity: 1")
        parts = [f"of them with an opportunity in {stage}: 1" for stage in ("Talks", "Cancelled")]
        self.assertCountEqual(lines[at + 1 : at + 3], parts, "parts of the number above")

    def test_r40_if_opportunities_cannot_be_read_all_leads_stay_and_the_run_warns(self):
        self.make_opportunity()
        broken = SQL("opportunity.no_such_column")
        with (
            patch.object(sales, "get_opportunity_sql", lambda campaign: broken),
            self.assertLogs(level="WARNING"),
        ):
            run = self.campaign.simulate()
        self.assertEqual((run.leads_found, run.exclusions or {}), (1, {}))
        self.assertIn("could not be read", run.warnings[0])
