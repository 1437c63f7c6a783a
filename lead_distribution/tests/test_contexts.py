"""What a caller puts into the context decides nothing of ours."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..work.inside import Inside, get_inside
from .common import DistributionCase

FORGED = {
    "lead_distribution_batch": True,
    "lead_distribution_clean_up": True,
    "lead_distribution_counts": 1,
    "lead_distribution_delay": "x",
    "lead_distribution_progress": 1,
    "lead_import_emails": {"forged@example.com": "nobody.com"},
    "lead_import_phones": {"123": "+49123"},
    "lead_import_facts": {"tags": 1},
    "with_conversions": 1,
    "default_state": "done",
    "default_kind": "dropback",
    "default_applied_on": "2020-01-01 00:00:00",
    "default_error": "forged",
    "active_test": False,
}


@tagged("post_install", "-at_install")
class TestContexts(DistributionCase):
    def test_a_run_is_the_same_whatever_the_context_says(self):
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.cem).active = False
        leads = self.make_leads(4)
        campaign = self.campaign.with_user(self.manager).with_context(**FORGED)
        plan = campaign.simulate()
        self.assertRecordValues(plan, [{"state": "planned", "error": False, "leads_planned": 4}])
        self.assertEqual(set(plan.assignment_ids.mapped("state")), {"planned"})
        self.assertEqual(set(plan.assignment_ids.mapped("kind")), {"distribution"})
        run = plan.with_user(self.manager).sudo(False).with_context(**FORGED)
        run.action_apply()
        self.assertEqual((run.state, run.leads_distributed), ("done", 4))
        self.assertEqual(leads.user_id, self.ann | self.bob)
        for lead in leads:
            self.assertIn(lead.user_id.partner_id, lead.message_partner_ids)
        run.action_revert()
        self.assertFalse(leads.user_id)
        again = campaign.distribute()
        self.assertEqual((again.state, again.leads_distributed), ("done", 4))

    def test_a_forged_context_does_not_keep_followers_from_a_lead(self):
        lead = self.make_leads()
        lead.with_context(tracking_disable=False, lead_distribution_batch=True).user_id = self.ann
        self.assertIn(self.ann.partner_id, lead.message_partner_ids)

    def test_a_forged_context_does_not_say_what_a_phone_or_an_e_mail_is(self):
        forged = self.env["crm.lead"].with_context(**FORGED)
        lead = forged.create({"name": "L", "type": "lead", "phone": "123", "email_from": "forged@example.com"})
        self.assertNotEqual(lead.phone_sanitized, "+49123")
        self.assertNotEqual(lead.email_domain_criterion, "nobody.com")

    def test_history_is_not_deleted_under_a_forged_context_even_with_full_rights(self):
        self.make_leads()
        run = self.campaign.distribute()
        with self.assertRaises(UserError):
            run.sudo().with_context(**FORGED).unlink()

    def test_only_values_of_our_own_are_taken_from_the_context(self):
        env = self.env(context={"key": {"value": True}})
        self.assertIsNone(get_inside(env, "key"))
        counts = {}
        first = self.env(context={"key": Inside(counts)})
        self.assertIs(get_inside(first, "key"), counts)
        second = self.env(context={"key": Inside({})})
        self.assertIsNot(get_inside(second, "key"), counts)
