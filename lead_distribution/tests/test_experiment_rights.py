"""What a manager may not do with an experiment, its campaign and its way B; what is typed wrong is told in words."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import MANAGER
from .dealing_common import DealingCase


@tagged("post_install", "-at_install")
class TestExperimentRights(DealingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        there = {"company_id": cls.elsewhere.id, "company_ids": [Command.set(cls.elsewhere.ids)]}
        cls.oli = cls.make_user("oli", MANAGER, **there)
        foreign = {"name": "Foreign", "company_id": cls.elsewhere.id, "user_id": cls.oli.id}
        cls.foreign = cls.env["lead.distribution.campaign"].create(foreign)
        experiments = cls.env["lead.distribution.experiment"]
        cls.draft = experiments.create({"campaign_id": cls.campaign.id, "strategy_b": "weighted"})
        cls.draft = cls.draft.with_user(cls.manager)

    def start(self):
        self.draft.action_start()
        return self.draft.variant_id.with_user(self.manager)

    def test_what_only_code_writes_nobody_else_writes(self):
        variant = self.start()
        other = self.draft.copy()
        for record, vals in (
            (self.draft, {"company_id": self.elsewhere.id}),
            (self.draft, {"present_rate": 0.9}),
            (self.draft.campaign_id, {"running_experiment_id": other.id}),
            (self.draft.campaign_id, {"running_experiment_id": False}),
            (self.draft.campaign_id, {"variant_of_id": variant.id, "active": False}),
            (variant, {"variant_of_id": False, "active": True}),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(AccessError, "nobody sets it"):
                record.write(vals)
        with self.assertRaisesRegex(AccessError, "nobody sets it"):
            variant.create({"name": "Hidden", "active": False, "variant_of_id": self.campaign.id})
        self.assertEqual(self.campaign.running_experiment_id, self.draft.sudo())

    def test_an_experiment_does_not_move_to_a_campaign_of_others(self):
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.draft.campaign_id = self.foreign.id
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.draft.create({"campaign_id": self.foreign.id})
        self.assertEqual(self.draft.campaign_id, self.campaign)

    def test_way_b_has_no_experiment_and_hands_out_nothing_by_itself(self):
        variant = self.start()
        leads = self.make_leads(2)
        with self.assertRaisesRegex(ValidationError, "another experiment"), self.cr.savepoint():
            self.draft.create({"campaign_id": variant.id})
        for call in (variant.simulate, variant.distribute):
            with self.assertRaisesRegex(UserError, "Voice"), self.cr.savepoint():
                call(lead_ids=leads.ids)
        self.assertFalse(leads.user_id)

    def test_salespeople_find_nothing_of_way_b_by_whatever_they_search(self):
        variant = self.start()
        own = variant.sudo().member_ids.filtered(lambda member: member.user_id == self.ann)
        members = self.env["lead.distribution.member"]
        for domain in ([("id", "in", own.ids)], [("campaign_id", "=", variant.id)]):
            self.assertTrue(members.with_user(self.manager).search(domain))
            self.assertFalse(members.with_user(self.ann).search(domain))
        campaigns = variant.with_user(self.ann).with_context(active_test=False)
        self.assertFalse(campaigns.search([("id", "=", variant.id)]))

    def test_numbers_that_cannot_be_are_told_in_words(self):
        for vals in ({"days": 0}, {"share_b": 0}, {"days": -1}, {"points": "x"}, {"planned_leads": "x"}):
            for state in ("draft", "running"):
                with self.subTest(vals=vals, state=state), self.assertRaises(ValidationError), self.cr.savepoint():
                    self.draft.sudo().state = state
                    self.draft.write(vals)
                self.draft.invalidate_recordset()
        self.draft.write({"days": False})
        with self.assertRaisesRegex(UserError, "how many days"):
            self.draft.action_start()

    def test_the_smallest_difference_and_the_longest_time_break_no_form(self):
        self.draft.points = 1e-6
        self.assertEqual(self.draft.planned_leads, 2**31 - 1)
        for model in ("lead.distribution.experiment", "lead.distribution.in.time"):
            form = Form(self.env[model].with_user(self.manager).with_context(default_campaign_id=self.campaign.id))
            form.days = 10**9
            with self.assertRaises(ValidationError):
                form.save()
