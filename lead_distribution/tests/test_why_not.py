from odoo.fields import Command
from odoo.tests import Form, tagged, users

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestWhyNot(DistributionCase):
    """Why not this lead: every step with a tick or a cross and the value that decided."""

    def explain(self, lead):
        return {step["step"]: step for step in self.campaign._explain_lead(lead)}

    def test_every_step_is_told_and_the_first_cross_is_the_reason_of_a_run(self):
        self.campaign.protected_user_ids = self.bob
        lead = self.make_leads(user_id=self.bob.id, lead_status_id=self.status["won"].id)
        steps = self.campaign._explain_lead(lead)
        refused = [step["step"] for step in steps if not step["passes"]]
        self.assertEqual(refused, ["excluded_user", "no_holder", "holder_status", "closed"])
        self.assertEqual(self.find()[1], {refused[0]: 1})
        self.assertIn("Bob", self.explain(lead)["excluded_user"]["value"])
        self.assertIn("Won", self.explain(lead)["closed"]["value"])

    def test_a_lead_outside_type_or_window_is_explained_too_even_an_archived_one(self):
        self.assertFalse(self.explain(self.make_leads(type="opportunity"))["type"]["passes"])
        self.assertFalse(self.explain(self.make_leads(source_date=self.days_ago(99)))["date"]["passes"])
        self.assertFalse(self.explain(self.make_leads(active=False))["date"]["passes"])
        self.assertTrue(all(step["passes"] for step in self.campaign._explain_lead(self.make_leads())))

    @users("mia@test")
    def test_the_wizard_answers_in_words(self):
        tag = self.env["crm.tag"].sudo().create({"name": "dnc"})
        lead = self.make_leads(tag_ids=[Command.set(tag.ids)])
        context = {"active_model": "crm.lead", "active_id": lead.id}
        form = Form(self.env["crm.lead.why.not"].with_context(**context))
        form.campaign_id = self.campaign
        self.assertIn("does not take this lead: Do not call", form.answer)
        self.assertGreater(len(form.line_ids), 4)
        free = self.make_leads()
        form.lead_id = free
        self.assertIn("would take this lead", form.answer)

    @users("mia@test")
    def test_each_step_of_a_funnel_opens_its_leads(self):
        held = self.make_leads(user_id=self.ann.id)
        run = self.campaign.with_env(self.env).simulate()
        action = run.action_view_step("no_holder")
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), held)
