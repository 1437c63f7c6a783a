from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestChatter(DistributionCase):
    """What a run leaves in the chatter of its leads, as the campaign chooses."""

    def _messages(self, chatter):
        self.campaign.chatter = chatter
        lead = self.make_leads()
        self.campaign.with_context(tracking_disable=False).distribute()
        return lead, lead.message_ids.filtered(lambda m: "Handed from" in (m.body or ""))

    def test_nothing_by_default(self):
        self.assertEqual(self.campaign.chatter, "none")
        self.assertFalse(self._messages("none")[1])

    def test_a_note_names_both_people_and_the_campaign(self):
        lead, message = self._messages("note")
        self.assertIn(f"from nobody to {lead.user_id.name} by the distribution", message.body)
        self.assertFalse(message.tracking_value_ids)

    def test_the_full_note_has_the_tracked_change_of_salesperson(self):
        lead, message = self._messages("full")
        self.assertRecordValues(message.tracking_value_ids, [{
            "old_value_integer": 0, "new_value_integer": lead.user_id.id,
            "new_value_char": lead.user_id.name,
        }])  # fmt: skip
        self.assertEqual(message.tracking_value_ids.field_id.name, "user_id")

    def test_a_name_in_a_note_cannot_carry_markup(self):
        self.campaign.name = "<script>alert(1)</script>"
        _lead, message = self._messages("note")
        self.assertNotIn("<script>", message.body)
