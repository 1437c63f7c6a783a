"""Leads are declined in a real browser, on a desk and on a phone."""

from odoo.tests import HttpCase, tagged

from .test_decline import DeclineCase


@tagged("post_install", "-at_install")
class TestDeclineOnADesk(DeclineCase, HttpCase):
    def test_a_salesperson_declines_one_lead_and_two_and_is_told_so(self):
        names = ("Not my subject", "Speaks another language")
        reasons = self.env["lead.distribution.decline.reason"].create([{"name": name} for name in names])
        self.campaign.decline_reason_ids = reasons
        leads = self.give(4)
        self.start_tour("/odoo/my-leads", "lead_distribution_decline", login=self.ann.login)
        self.assertEqual([lead.user_id == self.ann for lead in leads], [False, False, False, True])
        given_back = [self.get_row(lead, self.ann).decline_reason for lead in leads]
        self.assertEqual(given_back, [names[0], names[1], names[1], False])


@tagged("post_install", "-at_install")
class TestDeclineOnAPhone(DeclineCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_salesperson_declines_a_lead_in_own_words(self):
        lead = self.give()
        self.start_tour("/odoo/my-leads", "lead_distribution_decline_phone", login=self.ann.login)
        self.assertNotEqual(lead.user_id, self.ann)
        self.assertEqual(self.get_row(lead, self.ann).decline_reason, "On holiday from tomorrow")
