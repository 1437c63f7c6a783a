from odoo.fields import Command
from odoo.tests import tagged

from ..tools.labels import get_labels
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestReasons(DistributionCase):
    """Each row of the history says in a sentence why the lead was taken, and why this person got it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = dict(zip(("ann", "bob", "cem"), cls.campaign.member_ids, strict=True))
        cls.new = cls.status["new"].id

    def test_it_says_status_holder_age_and_how_many_turns(self):
        (self.members["bob"] + self.members["cem"]).rotation_turns = 14
        self.members["ann"].rotation_turns = 13
        self.make_leads(lead_status_id=self.new, source_date=self.today)
        self.campaign.write({"use_window": False})
        self.campaign.distribute(seed=1)
        self.make_leads(lead_status_id=self.new, source_date=self.days_ago(12))
        rows = self.campaign.run_ids.assignment_ids
        self.assertEqual(rows.explanation, "New, nobody's, of the same day; Ann had had the fewest turns (13)")
        self.members["ann"].rotation_turns = 20
        self.members["bob"].rotation_turns = 3
        row = self.campaign.distribute(seed=1).assignment_ids
        self.assertEqual(row.explanation, "New, nobody's, 12 days old; Bob had had the fewest turns (3)")

    def test_whose_lead_it_was_is_named(self):
        self.campaign.pool_mode = "all"
        self.make_leads(user_id=self.ann.id)
        row = self.campaign.distribute().assignment_ids
        self.assertTrue(row.explanation.startswith("Held by Ann, 1 day old; "))

    def test_every_strategy_has_words_of_its_own(self):
        words = {
            "round_robin": "fewest turns",
            "random": "by chance",
            "weighted": "furthest behind the weight 2",
            "proportional": "furthest behind the share for a target of 100",
            "capacity_based": "for the room left (100 of 100)",
            "least_loaded": "furthest below the target (0 of 100)",
            "level_based": "furthest below the target (0 of 100)",
            "performance": "furthest behind the share for 0% won",
            "optimal": "wins 0% of such leads",
        }
        self.campaign.member_ids.write({"target_leads": 100, "weight": 2})
        self.make_leads()
        self.assertEqual(set(words), set(get_labels(self.campaign, "strategy")) & set(words))
        for strategy, text in words.items():
            run = self.campaign.simulate(strategy=strategy)
            if run.state == "failed":  # the solver is not installed
                continue
            self.assertIn(text, run.assignment_ids.explanation, strategy)
            self.assertIn(run.assignment_ids.user_name, run.assignment_ids.explanation)

    def test_whoever_is_fullest_in_turn_is_told_with_the_leads_of_the_run(self):
        self.campaign.strategy = "least_loaded"
        self.members["ann"].target_leads = 100
        (self.members["bob"] + self.members["cem"]).target_leads = 1
        self.make_leads(3)
        rows = self.campaign.distribute().assignment_ids.filtered(lambda row: row.user_id == self.ann).sorted("id")
        self.assertIn("(0 of 100)", rows[0].explanation)

    def use_skills(self, *names):
        tag = self.env["crm.tag"].create({"name": "French"})
        self.campaign.write({"use_skills": True, "skill_ids": [Command.create({"tag_id": tag.id})]})
        for name in names:
            self.members[name].skill_tag_ids = tag
        return tag

    def test_the_only_one_with_a_skill_is_told_with_the_skill_as_it_was_then(self):
        tag = self.use_skills("bob")
        lead = self.make_leads(tag_ids=[Command.set(tag.ids)])
        row = self.campaign.distribute().assignment_ids
        lead.tag_ids = False
        self.assertIn("Bob was the only one with the skill “French”", row.explanation)

    def test_of_several_with_the_skill_it_says_whose_turn_it_was(self):
        tag = self.use_skills("bob", "cem")
        self.make_leads(tag_ids=[Command.set(tag.ids)])
        row = self.campaign.distribute().assignment_ids
        self.assertIn("had had the fewest turns", row.explanation)

    def test_who_knew_the_customer_is_told(self):
        self.campaign.use_known_owner = True
        self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "email_from": "a@acme.test", "user_id": self.cem.id}
        )
        self.make_leads(email_from="a@acme.test")
        row = self.campaign.distribute().assignment_ids
        self.assertEqual(row.explanation, "Nobody's, 1 day old; Cem knew the customer")

    def test_a_lead_that_was_not_handed_out_says_that_and_one_that_stayed_says_both(self):
        lead, other = self.make_leads(2)
        run = self.campaign.simulate()
        lead.user_id = self.manager
        run.action_apply()
        rows = {row.lead_id: row for row in run.assignment_ids}
        self.assertEqual(rows[lead].explanation, "The lead changed hands after the plan.")
        rows[other].note = "It stays."
        self.assertRegex(rows[other].explanation, r"^Nobody's, .*fewest turns \(0\)\. It stays\.$")

    def test_a_salesperson_reads_the_reason_of_the_own_lead_also_when_it_is_gone(self):
        self.make_leads(3)
        rows = self.campaign.distribute().assignment_ids
        row = rows.filtered(lambda row: row.user_id == self.ann)
        row.lead_id.user_id = self.bob
        row.invalidate_recordset()
        self.assertIn("Ann had had", row.with_user(self.ann).explanation)
        row.lead_id.unlink()
        row.invalidate_recordset()
        self.assertTrue(row.with_user(self.ann).explanation.startswith("Nobody's; Ann had had"))

    def test_a_run_without_a_kept_line_up_still_says_to_whom(self):
        self.make_leads()
        run = self.campaign.distribute()
        run.line_ups = False
        self.assertEqual(run.assignment_ids.explanation, f"Nobody's, 1 day old; to {run.assignment_ids.user_name}")

    def test_a_list_costs_as_many_statements_as_one_row(self):
        self.make_leads(30, lead_status_id=self.new)
        ids = self.campaign.distribute().assignment_ids.ids
        counts = []
        for rows in map(self.env["lead.distribution.assignment"].browse, (ids[:1], ids)):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.mapped("explanation")
            counts.append(self.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
        self.assertLess(counts[0], 20)
