"""Leads given by hand: what is one, and what it counts for."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..planning.received import count_received
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestGivenByHand(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.log = cls.env["lead.distribution.by.hand"]
        cls.log.search([]).unlink()

    def given(self):
        return [
            (row.lead_id, row.previous_user_id, row.user_id, row.given_by_id) for row in self.log.search([], order="id")
        ]

    def give(self, leads, user, by=None):
        leads.with_user(by or self.manager).write({"user_id": user.id})

    def test_who_gives_a_lead_to_somebody_else_is_kept_with_from_and_to(self):
        nobody = self.env["res.users"]
        lead = self.make_leads(1)
        self.give(lead, self.ann)
        self.give(lead, self.bob)
        self.give(lead, self.bob)
        self.assertEqual(
            self.given(), [(lead, nobody, self.ann, self.manager), (lead, self.ann, self.bob, self.manager)]
        )
        with Form(lead.with_user(self.manager)) as form:
            form.user_id = self.cem
        self.assertEqual(self.given()[-1], (lead, self.bob, self.cem, self.manager), "in the form, too")

    def test_a_lead_made_for_somebody_else_is_one_and_for_oneself_is_none(self):
        leads = self.env["crm.lead"].with_user(self.manager).create(
            [{"name": "For Ann", "user_id": self.ann.id}, {"name": "Mine"}, {"name": "Nobody's", "user_id": False}]
        )  # fmt: skip
        self.assertEqual([(lead, to) for lead, _before, to, _by in self.given()], [(leads[0], self.ann)])
        self.assertEqual(leads[1].user_id, self.manager)
        self.give(leads[2], self.ann, by=self.ann)
        self.assertEqual(len(self.given()), 1, "who takes a lead gives nobody anything")

    def test_an_opener_gets_a_lead_as_well_and_who_has_it_already_gets_nothing(self):
        lead = self.make_leads(1, user_id=self.ann.id)
        self.log.search([]).unlink()
        lead.with_user(self.manager).open_user_id = self.bob
        self.assertEqual([(before, to) for _lead, before, to, _by in self.given()], [(self.ann, self.bob)])
        lead.with_user(self.manager).user_id = self.bob
        self.assertEqual(len(self.given()), 1, "the opener had it")

    def test_what_an_opener_gets_uses_up_the_limit_of_the_opener(self):
        self.campaign.max_daily = 3
        leads = self.make_leads(2, user_id=self.ann.id)
        leads.received_on = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        leads.with_user(self.manager).open_user_id = self.bob
        self.assertEqual(self.count_received(), {self.bob.id: 2})
        self.make_leads(9)
        run = self.campaign.simulate()
        self.assertEqual(len(run.assignment_ids.filtered(lambda row: row.user_id == self.bob)), 1)

    def test_a_new_salesperson_of_a_lead_that_the_opener_keeps_has_received_nothing(self):
        lead = self.make_leads(1, user_id=self.ann.id, open_user_id=self.bob.id)
        lead.received_on = long_ago = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        lead.with_user(self.manager).user_id = self.cem
        self.assertEqual((lead.holder_id, lead.received_on), (self.bob, long_ago))
        lead.with_user(self.manager).write({"user_id": False})
        self.assertEqual((lead.holder_id, lead.received_on, self.count_received()), (self.bob, long_ago, {}))

    def test_a_lead_whose_opener_leaves_it_is_with_its_salesperson_since_then(self):
        lead = self.make_leads(1, user_id=self.ann.id, open_user_id=self.bob.id)
        lead.received_on = fields.Datetime.subtract(fields.Datetime.now(), days=40)
        lead.with_user(self.manager).open_user_id = False
        self.assertEqual((lead.holder_id, self.count_received()), (self.ann, {self.ann.id: 1}))

    def test_a_lead_made_for_an_opener_was_received_by_the_opener(self):
        leads = self.env["crm.lead"].with_user(self.manager).with_context(default_open_user_id=self.cem.id)
        leads.create({"name": "New", "type": "lead", "user_id": self.ann.id, "open_user_id": self.bob.id})
        leads.create({"name": "By default", "type": "lead", "user_id": False})
        self.assertEqual(self.count_received(), {self.bob.id: 1, self.cem.id: 1})

    def count_received(self):
        return count_received(self.env, self.ann + self.bob + self.cem)["day"]

    def test_runs_reverts_and_our_imports_are_none(self):
        self.make_leads(4)
        run = self.campaign.with_user(self.manager).distribute()
        self.make_past(run)
        run.with_user(self.manager).action_revert()
        self.make_leads(1)
        self.campaign.with_user(self.ann).pull_leads()
        payload = {"campaign": "Voice", "leads": [{"name": "Imp", "email": "imp@example.com"}], "agents": [self.ann.id]}
        self.assertTrue(payload)
        self.assertFalse(self.given())

    def test_an_owner_set_by_odoos_import_was_not_received(self):
        fields_ = ["id", "name", "type", "user_id/id"]
        self.env["ir.model.data"].create(
            [
                {"module": "__import__", "name": u.login, "model": "res.users", "res_id": u.id}
                for u in (self.ann, self.bob)
            ]
        )
        self.campaign.max_daily = 1
        for user in (self.ann, self.bob):
            rows = [["__import__.old_lead", "Old", "lead", f"__import__.{user.login}"]]
            wizard = self.env["base_import.import"].with_user(self.env.ref("base.user_admin")).create(
                {"res_model": "crm.lead", "file": "\n".join(",".join(r) for r in [fields_, *rows]).encode(),
                 "file_type": "text/csv", "file_name": "old.csv"}
            )  # fmt: skip
            result = wizard.execute_import(fields_, fields_, {"quoting": '"', "separator": ",", "has_headers": True})
            self.assertFalse([m for m in result["messages"] if m["type"] == "error"], result)
            lead = self.env["crm.lead"].browse(result["ids"])
            self.assertEqual((lead.user_id, lead.received_on), (user, False))
        self.assertFalse(self.given())
        self.make_leads(2)
        run = self.campaign.distribute()
        self.assertEqual(len(run.assignment_ids.filtered(lambda r: r.state == "done")), 2, "nobody's limit is used up")

    def test_they_use_up_limits_or_not_as_the_campaign_says(self):
        self.campaign.max_daily = 1
        self.campaign.member_ids.filtered(lambda m: m.user_id != self.ann).active = False
        self.give(self.make_leads(1), self.ann)
        self.make_leads(3)
        self.assertFalse(self.campaign.simulate().assignment_ids)
        self.campaign.by_hand_limits = False
        self.assertEqual(len(self.campaign.simulate().assignment_ids), 1)

    def test_they_are_turns_or_not_as_the_campaign_says(self):
        self.campaign.rotation_started = self.today
        self.give(self.make_leads(2), self.ann)
        self.make_leads(2)
        self.assertIn(
            self.ann, {u for seed in range(9) for u in self.campaign.simulate(seed=seed).assignment_ids.user_id}
        )
        self.campaign.by_hand_turns = True
        run = self.campaign.simulate()
        self.assertEqual(run.assignment_ids.user_id, self.bob | self.cem)
        self.assertEqual(self.get_turns(), [0, 0, 0], "a plan changes nothing")
        run.action_apply()
        self.assertEqual(self.get_turns(), [2, 1, 1])
        self.assertEqual(self.log.search([]).counted_campaign_ids, self.campaign)
        self.make_leads(3)
        self.campaign.distribute()
        self.assertEqual(self.get_turns(), [3, 2, 2], "each counts once")

    def get_turns(self):
        return [m.rotation_turns for m in self.campaign.member_ids.sorted(lambda m: m.user_id.login)]

    def test_a_lead_counts_as_a_turn_in_its_own_campaign_or_in_all_of_the_person(self):
        other = self.make_campaign("Apple", self.ann, self.bob, rotation_started=self.today, by_hand_turns=True)
        self.campaign.write({"rotation_started": self.today, "by_hand_turns": True})
        leads = self.make_leads(3)
        leads[0].distribution_campaign_id = self.campaign
        self.give(leads[0], self.ann)
        self.give(leads[1], self.ann)
        self.give(leads[2], self.cem)
        self.make_leads(4)
        self.campaign.distribute(max_leads=1)
        other.distribute(max_leads=1)
        counted = [row.counted_campaign_ids for row in self.log.search([], order="id")]
        self.assertEqual(counted, [self.campaign, self.campaign | other, self.campaign])

    def test_of_a_rotation_before_nothing_counts(self):
        self.campaign.write({"rotation_started": self.today - timedelta(days=1), "by_hand_turns": True})
        self.campaign.rotation_reset = "daily"
        self.give(self.make_leads(2), self.ann)
        self.log.search([]).given_on = fields.Datetime.now() - timedelta(days=1, hours=1)
        self.make_leads(3)
        self.campaign.distribute()
        self.assertEqual(self.get_turns(), [1, 1, 1])

    def test_giving_many_leads_is_one_statement_more_than_importing_their_owner(self):
        leads = self.make_leads(100)
        self.env.flush_all()
        imported = self.count_statements(leads[:50].with_context(import_file=True))
        self.assertLessEqual(self.count_statements(leads[50:]), imported + 1)
        self.assertEqual(len(self.given()), 50)

    def count_statements(self, leads):
        leads = leads.with_user(self.manager)
        leads.mapped("user_id")
        before = self.env.cr.sql_log_count
        leads.write({"user_id": self.ann.id})
        return self.env.cr.sql_log_count - before

    def test_managers_read_the_list_of_their_companies_and_nobody_writes_it(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.give(self.make_leads(1), self.ann)
        row = self.log.search([])
        self.assertEqual(self.log.with_user(self.manager).search([]), row)
        row.company_id = elsewhere
        self.assertFalse(self.log.with_user(self.manager).search([]))
        for user, operation in ((self.ann, "read"), (self.manager, "write"), (self.manager, "unlink")):
            with self.assertRaises(AccessError):
                row.with_user(user).check_access(operation)
        other = self.make_user("olga", "base.group_user,sales_team.group_sale_manager", company_id=elsewhere.id,
                               company_ids=[Command.set(elsewhere.ids)])  # fmt: skip
        self.assertEqual(self.log.with_user(other).search([]), row)

    def test_old_rows_are_removed(self):
        self.give(self.make_leads(2), self.ann)
        rows = self.log.search([])
        rows[0].given_on = fields.Datetime.now() - timedelta(days=401)
        self.log._gc_given()
        self.assertEqual(self.log.search([]), rows[1])
