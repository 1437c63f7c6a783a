from odoo.exceptions import UserError
from odoo.tests import Form, tagged, users

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestSelection(DistributionCase):
    """Distribute: the action on selected leads."""

    @users("mia@test")
    def test_only_the_selected_leads_are_planned_and_nothing_changes_yet(self):
        leads = self.make_leads(4)
        context = {"active_model": "crm.lead", "active_ids": leads[:2].ids}
        form = Form(self.env["crm.lead.distribute"].with_context(**context))
        self.assertEqual(form.lead_count, 2)
        form.campaign_id = self.campaign
        action = form.save().action_simulate()
        run = self.env["lead.distribution.run"].browse(action["res_id"])
        self.assertEqual(run.assignment_ids.lead_id, leads[:2])
        self.assertEqual((run.state, run.origin), ("planned", "selection"))

    @users("mia@test")
    def test_without_leads_it_says_what_to_do(self):
        wizard = self.env["crm.lead.distribute"].create({"campaign_id": self.campaign.id})
        with self.assertRaises(UserError):
            wizard.action_simulate()
