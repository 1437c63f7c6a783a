from odoo.tests import HttpCase, tagged

from .common import MANAGER
from .test_handover import HandoverCase


@tagged("post_install", "-at_install")
class TestHandoverTours(HandoverCase, HttpCase):
    """The way of who lets a person go, in a real browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = cls.make_user("adam", f"{MANAGER},base.group_system,base.group_erp_manager")
        cls.leads = cls.make_leads(3, user_id=cls.ann.id, open_user_id=cls.ann.id)
        cls.leads += cls.make_leads(user_id=cls.ann.id, open_user_id=cls.ann.id, type="opportunity")
        cls.activity = cls.leads[0].activity_schedule("mail.mail_activity_data_call", user_id=cls.ann.id)

    def test_archiving_a_user_who_has_open_leads_hands_them_over(self):
        self.start_tour(f"/odoo/users/{self.ann.id}", "lead_distribution_handover_by_archiving", login="adam@test")
        self.assertFalse(self.ann.active)
        self.assertEqual((self.leads.user_id, self.activity.user_id), (self.bob, self.bob))

    def test_the_user_form_hands_over_and_it_is_taken_back(self):
        self.start_tour(f"/odoo/users/{self.ann.id}", "lead_distribution_handover_from_the_user", login="adam@test")
        self.assertEqual((self.leads.user_id, self.activity.user_id), (self.ann, self.ann))
