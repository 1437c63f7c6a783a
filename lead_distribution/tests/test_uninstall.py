from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestUninstall(TransactionCase):
    """What is lost is said before; that nothing is left afterwards shows a process test."""

    def tell(self, name):
        module = self.env["ir.module.module"].search([("name", "=", name)])
        return self.env["base.module.uninstall"].create({"module_ids": module.ids}).lead_distribution_loss

    def test_the_form_tells_of_the_history_for_the_addon_and_what_it_is_built_on(self):
        runs = self.env["lead.distribution.run"].search_count([])
        for name in ("lead_distribution", "crm"):
            self.assertIn(f"The history goes, too: {runs} runs", self.tell(name))

    def test_other_addons_are_none_of_its_business(self):
        self.assertFalse(self.tell("iap_crm"))
