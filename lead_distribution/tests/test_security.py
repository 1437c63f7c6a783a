from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged, users

from .common import MANAGER, DistributionCase


@tagged("post_install", "-at_install")
class TestSecurity(DistributionCase):
    """Who may run, see and change what."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_leads(6)
        cls.done_run = cls.campaign.distribute()

    @users("ann@test")
    def test_a_salesperson_cannot_run_plan_apply_cancel_or_revert(self):
        campaign, run = self.campaign.with_env(self.env), self.done_run.with_env(self.env)
        for call in (campaign.simulate, campaign.distribute, run.action_apply, run.action_revert,
                     run.action_cancel, campaign.action_simulate):  # fmt: skip
            with self.assertRaises(AccessError):
                call()

    @users("ann@test")
    def test_a_salesperson_sees_own_history_and_own_line_only(self):
        rows = self.env["lead.distribution.assignment"].search([])
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows.user_id, self.env.user)
        self.assertEqual(self.env["lead.distribution.run.member"].search([]).user_id, self.env.user)
        self.assertEqual(self.env["lead.distribution.run"].search([]), self.done_run)
        self.assertEqual(self.env["lead.distribution.member"].search([]).user_id, self.env.user)

    @users("ann@test")
    def test_a_salesperson_does_not_see_plans(self):
        self.make_leads(6)
        plan = self.campaign.sudo().simulate()
        self.assertFalse(self.env["lead.distribution.run"].search([("id", "=", plan.id)]))
        self.assertFalse(self.env["lead.distribution.assignment"].search([("run_id", "=", plan.id)]))
        self.assertFalse(self.env["lead.distribution.run.member"].search([("run_id", "=", plan.id)]))

    @users("ann@test")
    def test_a_salesperson_cannot_read_the_figures_of_others_through_a_run(self):
        stranger = self.make_user("sam")
        with self.assertRaises(AccessError):
            self.done_run.with_user(stranger).to_dict()

    @users("ann@test")
    def test_a_salesperson_cannot_read_all_assignments_of_a_run_she_was_in(self):
        for call in (self.done_run.with_env(self.env).to_dict, self.done_run.with_env(self.env).get_text_report):
            with self.assertRaises(AccessError):
                call()

    @users("mia@test")
    def test_campaigns_of_all_companies_are_for_people_of_all_companies(self):
        self.campaign.env["res.company"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            self.env["lead.distribution.campaign"].create({"name": "Everywhere", "company_id": False})
        everywhere = self.make_campaign("Everywhere", self.ann, company_id=False).with_env(self.env)
        with self.assertRaises(AccessError):
            everywhere.simulate()

    @users("mia@test")
    def test_the_preview_of_a_filter_shows_no_values_of_other_companies(self):
        other = self.campaign.env["res.company"].create({"name": "Other"})
        self.make_leads(city="Secret City", company_id=other.id)
        field = self.env["ir.model.fields"]._get("crm.lead", "city")
        campaign = self.campaign.with_env(self.env)
        campaign.filter_ids = [(0, 0, {"field_id": field.id, "values_text": "Secret*", "mode": "wildcard"})]
        self.assertEqual((campaign.filter_ids.matching_values, campaign.filter_ids.matching_leads), ("", 0))

    @users("mia@test")
    def test_a_manager_runs_a_campaign_and_reads_everything(self):
        self.make_leads(3)
        run = self.campaign.with_env(self.env).distribute()
        self.assertEqual((run.state, run.user_id), ("done", self.env.user))
        self.assertEqual(len(run.assignment_ids), 3)
        self.assertEqual(self.env["lead.distribution.assignment"].search_count([]), 9)

    @users("mia@test")
    def test_a_manager_may_choose_fields_and_see_what_a_filter_fits(self):
        campaign = self.campaign.with_env(self.env)
        field = self.env["ir.model.fields"].search([("model", "=", "crm.lead"), ("name", "=", "city")])
        self.make_leads(city="Rome")
        campaign.filter_ids = [(0, 0, {"field_id": field.id, "values_text": "rome"})]
        campaign.required_field_ids = field
        self.assertEqual((campaign.filter_ids.matching_values, campaign.filter_ids.matching_leads), ("Rome", 1))
        self.assertEqual(campaign.simulate().leads_found, 1)

    @users("mia@test")
    def test_not_even_a_manager_edits_or_deletes_the_history(self):
        row = self.done_run.assignment_ids[0].with_env(self.env)
        line = self.done_run.member_line_ids[0].with_env(self.env)
        run = self.done_run.with_env(self.env)
        for call in (lambda: row.write({"user_name": "x"}), row.unlink, line.unlink,
                     lambda: line.write({"leads_received": 99}), lambda: run.write({"seed": 1}),
                     lambda: row.copy()):  # fmt: skip
            with self.assertRaises(AccessError):
                call()
        with self.assertRaises(UserError):
            run.unlink()

    @users("mia@test")
    def test_a_manager_may_delete_a_plan_that_was_never_applied(self):
        plan = self.campaign.with_env(self.env).simulate()
        plan.unlink()
        self.assertFalse(plan.exists())

    @users("ann@test")
    def test_a_salesperson_configures_nothing(self):
        for model in ("lead.distribution.campaign", "lead.distribution.member",
                      "lead.distribution.level", "lead.distribution.pool", "crm.lead.status"):  # fmt: skip
            for operation in ("write", "create", "unlink"):
                self.assertFalse(self.env[model].has_access(operation), (model, operation))

    def test_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        boss = self.make_user("oli", MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)])
        env = self.env(user=boss, context={"allowed_company_ids": other.ids})
        for model in ("campaign", "member", "pool", "run", "run.member", "assignment"):
            self.assertFalse(env[f"lead.distribution.{model}"].search([]), model)
        with self.assertRaises(AccessError):
            self.campaign.with_env(env).simulate()

    def test_a_member_must_be_allowed_in_the_campaigns_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        with self.assertRaises(ValidationError):
            self.make_campaign("There", self.ann, company_id=other.id)
