from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestUninstall(DistributionCase):
    """What is lost is said before; that nothing is left afterwards shows a process test."""

    def tell(self, name):
        module = self.env["ir.module.module"].search([("name", "=", name)])
        return self.env["base.module.uninstall"].create({"module_ids": module.ids}).lead_distribution_loss

    def test_the_form_tells_of_the_history_for_the_addon_and_what_it_is_built_on(self):
        self.env["lead.distribution.run"].search([]).sudo().unlink()  # of other data
        for name in ("lead_distribution", "crm"):
            self.assertIn("The history goes, too: 0 runs, 0 lines", self.tell(name))

    def test_one_run_is_no_plural(self):
        self.env["lead.distribution.run"].search([]).sudo().unlink()  # of other data
        self.make_leads(1)
        self.campaign.simulate()
        self.assertIn("The history goes, too: 1 run, 1 line telling", self.tell("lead_distribution"))

    def test_other_addons_are_none_of_its_business(self):
        self.assertFalse(self.tell("iap_crm"))
