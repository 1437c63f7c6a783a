from odoo.tests import tagged

from .test_import_payload import ImportCase


@tagged("post_install", "-at_install")
class TestBlacklists(ImportCase):
    """Only active lines of Odoo's blacklists count: taking somebody off the list archives the line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.belgium = cls.env.ref("base.be")
        cls.email = cls.env["mail.blacklist"].create({"email": "ann@example.com"})
        cls.phone = cls.env["phone.blacklist"].create({"number": "+32456001122"})

    def set_active(self, email=False, phone=False):
        self.email.active, self.phone.active = email, phone
        self.env.flush_all()

    def make_listed(self):
        return self.make_leads(email_from="Ann <ANN@example.com>") + self.make_leads(
            phone="+32 456 00 11 22", country_id=self.belgium.id
        )

    def test_who_was_taken_off_a_list_is_found_again(self):
        by_email, by_phone = self.make_listed()
        self.assertEqual(self.campaign.simulate().exclusions, {"dnc": 2})
        self.set_active(phone=True)
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (by_email, {"dnc": 1}))
        self.set_active()
        run = self.campaign.simulate()
        self.assertEqual((run.assignment_ids.lead_id, run.exclusions), (by_email + by_phone, False))

    def test_who_was_put_on_a_list_after_the_plan_is_skipped_and_who_was_taken_off_is_not(self):
        self.set_active()
        by_email, by_phone = self.make_listed()
        run = self.campaign.simulate()
        self.set_active(phone=True)
        run.action_apply()
        self.assertTrue(by_email.user_id)
        self.assertFalse(by_phone.user_id)
        self.assertEqual(run.left_over, {"skipped": 1})

    def test_who_was_taken_off_a_list_is_handed_out_by_an_import(self):
        rows = [{"first_name": "A", "email": "ann@example.com"}, {"first_name": "B", "phone": "+32456001122"}]
        self.assertEqual(self.send(rows)["lead_assignments"], [])
        self.set_active()
        self.env["crm.lead"].search([("name", "in", ("A", "B"))]).unlink()
        self.assertEqual(len(self.send(rows)["lead_assignments"]), 2)
