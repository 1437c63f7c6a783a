from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_import_file import FileCase


@tagged("post_install", "-at_install")
class TestImportDuplicates(FileCase):
    """What is chosen for people who are there already, and what linking a lead to its contact leaves as it is."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls.env["res.partner"].create(
            {"name": "ACME", "is_company": True, "email": "info@acme.example", "phone": "+1 212 555 0100"}
        )

    def to_duplicates(self, *lines, **values):
        batch = self.upload(self.csv("Name,E-Mail,Phone", *lines), "people.csv", **values)
        batch.action_next()
        self.assertEqual(batch.step, "duplicates")
        return batch

    def state_of(self, batch, **choice):
        """Choose, press Next, and return (step, what becomes of the first row)."""
        while batch.step != "duplicates":
            batch.action_back()
        batch.write(choice)
        batch.action_next()
        return batch.step, batch.row_ids[0].state

    def test_what_is_chosen_on_the_page_counts_with_the_next_step(self):
        self.make_leads(email_from="lea@example.com")
        batch = self.to_duplicates("Lea,lea@example.com,", "New,new@example.com,", "Lea,lea@example.com,")
        self.assertEqual(self.state_of(batch), ("campaign", "skipped"))
        self.assertEqual(self.state_of(batch, on_lead="import"), ("campaign", "ready"))
        self.assertEqual(batch.counts, {"ready": 2, "skipped": 1})
        self.assertEqual(self.state_of(batch, on_file="import"), ("campaign", "ready"))
        self.assertEqual(batch.counts, {"ready": 3})
        self.assertEqual(self.state_of(batch, on_lead="update"), ("campaign", "update"))
        self.assertEqual(self.state_of(batch, on_lead="skip"), ("campaign", "skipped"))

    def test_contacts_are_skipped_or_linked_as_chosen_on_the_page(self):
        batch = self.to_duplicates("Bob,info@acme.example,", "New,new@example.com,")
        self.assertEqual(batch.matches, {"contact": 1})
        self.assertEqual(self.state_of(batch, on_contact="skip"), ("campaign", "skipped"))
        self.assertEqual(self.state_of(batch, on_contact="link"), ("campaign", "ready"))
        self.assertEqual(batch.row_ids[0].match_partner_id, self.acme)
        batch.action_back()
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.imported(batch).partner_id, self.acme)

    def test_rows_stay_as_they_are_where_nothing_else_was_chosen(self):
        batch = self.to_duplicates("New,new@example.com,")
        rows = batch.row_ids.ids
        self.state_of(batch)
        self.assertEqual(batch.row_ids.ids, rows)

    def test_where_the_choice_leaves_nothing_the_page_stays_and_shows_it(self):
        batch = self.to_duplicates("Bob,info@acme.example,")
        self.assertEqual(self.state_of(batch, on_contact="skip"), ("duplicates", "skipped"))
        self.assertEqual(batch.to_import_count, 0)
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            batch.action_next()
        self.assertEqual(self.state_of(batch, on_contact="import"), ("campaign", "ready"))

    def get_contact(self):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.acme.email, self.acme.phone

    def test_linking_changes_neither_the_contact_nor_its_other_leads(self):
        other = self.make_leads(type="opportunity", partner_id=self.acme.id)
        other.phone = False  # so that the number is only the contact's
        before = self.get_contact()
        self.assertEqual((before, other.email_from), (("info@acme.example", "+1 212 555 0100"), "info@acme.example"))
        batch = self.to_duplicates("Bob Ray,bob@acme.example,+1 212 555 0100", on_contact="link")
        self.to_preview(batch, self.ann).action_start()
        lead = self.imported(batch)
        self.assertEqual((self.get_contact(), other.email_from), (before, "info@acme.example"))
        self.assertEqual(lead.partner_id, self.acme)
        self.assertEqual((lead.email_from, lead.phone), ("bob@acme.example", "+1 212-555-0100"), "nothing is lost")
        batch.action_undo()
        self.assertFalse(lead.exists())
        self.assertEqual((self.get_contact(), other.email_from), (before, "info@acme.example"))

    def test_a_contact_that_is_found_by_its_e_mail_keeps_its_phone_and_gets_none(self):
        for phone in ("+1 212 555 0100", False):
            self.acme.phone = phone
            batch = self.to_duplicates("Bob,info@acme.example,+1 212 555 0199", on_contact="link", on_lead="import")
            self.to_preview(batch, self.ann).action_start()
            lead = self.imported(batch)
            self.assertEqual(self.get_contact(), ("info@acme.example", phone))
            self.assertEqual((lead.partner_id, lead.phone), (self.acme, "+1 212-555-0199"))
            lead.unlink()

    def test_a_linked_lead_takes_from_its_contact_what_the_file_does_not_say(self):
        batch = self.to_duplicates("Bob,,+1 212 555 0100", on_contact="link")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual(self.imported(batch).email_from, "info@acme.example")

    def test_filling_an_empty_field_of_a_lead_changes_its_contact_as_little(self):
        lead = self.make_leads(partner_id=self.acme.id)
        lead.email_from = False
        before = self.get_contact()
        batch = self.to_duplicates("Bob,bob@acme.example,+1 212 555 0100", on_lead="update")
        self.to_preview(batch, self.ann).action_start()
        self.assertEqual((self.get_contact(), lead.email_from), (before, "bob@acme.example"))
        batch.action_undo()
        self.assertEqual((self.get_contact(), lead.email_from), (before, False))
