from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..tools.labels import get_labels
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestLineUp(DistributionCase):
    """Why did she get it and not I? Everybody's place in the line-up of one lead."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.members = dict(zip(("ann", "bob", "cem"), cls.campaign.member_ids, strict=True))
        cls.tag = cls.env["crm.tag"].create({"name": "German"})
        cls.LineUp = cls.env["lead.distribution.line.up"].with_user(cls.manager)

    def lines(self, wizard):
        return {line.name: (line.is_eligible, line.reason or "") for line in wizard.line_ids}

    def use_skills(self):
        self.campaign.write({"use_skills": True, "skill_ids": [Command.create({"tag_id": self.tag.id})]})
        (self.members["ann"] + self.members["bob"]).skill_tag_ids = self.tag

    def test_the_line_up_of_an_assignment_is_as_it_was_then(self):
        self.use_skills()
        self.campaign.write({"strategy": "least_loaded"})
        self.members["bob"].target_leads = 1
        self.members["ann"].target_leads = 10
        leads = self.make_leads(3, tag_ids=[Command.set(self.tag.ids)])
        run = self.campaign.distribute()
        self.members["ann"].skill_tag_ids = False
        rows = run.assignment_ids.sorted("id")
        wizard = self.LineUp.browse(rows[2].with_user(self.manager).action_line_up()["res_id"])
        self.assertEqual(self.lines(wizard), {"Ann": (True, ""), "Bob": (False, "is full"), "Cem": (False, "skills")})
        self.assertIn("Ann got it", wizard.answer)
        self.assertEqual({line.name: line.received for line in wizard.line_ids}["Bob"], 1)
        self.assertEqual(rows.lead_id, leads)

    def test_what_strategies_compare_is_not_shown_before_one_asks_for_it(self):
        """Numbers like "0 · 38" say nothing to a newcomer."""
        tree = etree.fromstring(self.LineUp.get_view()["arch"])
        self.assertEqual(tree.find(".//field[@name='line_ids']/list/field[@name='key']").get("optional"), "hide")

    def test_the_first_in_the_line_up_is_who_got_the_lead_in_every_strategy(self):
        self.make_leads(12)
        # the optimal strategy settles all leads together: there are no turns to compare
        strategies = [name for name in get_labels(self.campaign, "strategy") if name != "optimal"]
        for number, strategy in enumerate(strategies):
            for member, target in zip(self.members.values(), (9, 7, 5), strict=True):
                member.write({"target_leads": target, "weight": target})
            run = self.campaign.simulate(strategy=strategy, seed=number)
            rows = run.assignment_ids.sorted("id")
            self.assertEqual(len(rows), 12, strategy)
            for row in rows:
                places = run._explain_assignment(row)
                first = [place.person.id for place in places if place.key == places[0].key]
                self.assertIn(row.user_id.id, first, (strategy, row.turn))

    def test_the_holder_is_in_the_line_up_and_may_not_have_it_again(self):
        self.campaign.pool_mode = "all"
        lead = self.make_leads(1, user_id=self.ann.id)
        wizard = self.LineUp.create({"distribution_id": self.campaign.id, "lead_id": lead.id})
        self.assertEqual(self.lines(wizard)["Ann"], (False, "has it already"))
        self.assertIn("by chance: ", wizard.answer)

    def test_who_would_get_a_lead_that_is_typed_in_and_saved_nowhere(self):
        self.use_skills()
        self.campaign.write({"use_known_owner": True})
        self.members["cem"].active = False
        self.env["crm.lead"].create(
            {"name": "Deal", "type": "opportunity", "email_from": "a@acme.test", "user_id": self.bob.id}
        )
        leads = self.env["crm.lead"].with_context(active_test=False).search_count([])
        with Form(self.LineUp) as form:
            form.distribution_id = self.campaign
            form.email_from = "A@acme.test"
            form.tag_ids.add(self.tag)
            self.assertEqual(form.answer, "Bob would get this lead now.")
        wizard = form.record
        self.assertEqual(
            self.lines(wizard), {"Ann": (True, ""), "Bob": (True, ""), "Cem": (False, "inactive in this campaign")}
        )
        self.assertEqual(self.env["crm.lead"].with_context(active_test=False).search_count([]), leads)

    def test_it_is_said_when_the_campaign_would_not_take_the_lead_at_all(self):
        lead = self.make_leads(1, source_date=self.days_ago(400))
        wizard = self.LineUp.create({"distribution_id": self.campaign.id, "lead_id": lead.id})
        self.assertIn("But the campaign does not take it: Outside the time window", wizard.answer)

    def test_an_archived_lead_has_a_line_up_too(self):
        lead = self.make_leads(1, active=False)
        wizard = self.LineUp.create({"distribution_id": self.campaign.id, "lead_id": lead.id})
        self.assertEqual(len(wizard.line_ids), 3)
        self.assertIn("But the campaign does not take it", wizard.answer)

    def test_a_run_without_a_kept_line_up_says_so(self):
        self.make_leads(1)
        run = self.campaign.distribute()
        run.sudo().line_ups = False
        wizard = self.LineUp.create({"assignment_id": run.assignment_ids.id})
        self.assertIn("not kept", wizard.answer)

    def test_managers_of_other_companies_and_salespeople_see_nothing_of_the_people(self):
        self.make_leads(1)
        run = self.campaign.distribute()
        company = self.env["res.company"].create({"name": "Other"})
        stella = self.make_user("stella", "base.group_user,sales_team.group_sale_manager",
                                company_id=company.id, company_ids=[Command.set(company.ids)])  # fmt: skip
        for values in ({"distribution_id": self.campaign.id}, {"assignment_id": run.assignment_ids.id}):
            with self.assertRaises(AccessError):
                self.env["lead.distribution.line.up"].with_user(stella).create(values)
        with self.assertRaises(AccessError):
            run.with_user(run.assignment_ids.user_id).read(["line_ups"])

    def test_when_nobody_may_take_it_everybody_has_a_reason(self):
        self.campaign.band_high = "senior_only"
        wizard = self.LineUp.create({"distribution_id": self.campaign.id, "priority": "3"})
        self.assertIn("Nobody would get", wizard.answer)
        self.assertEqual(set(self.lines(wizard).values()), {(False, "level by priority of the lead")})

    def test_salespeople_cannot_see_the_line_up(self):
        self.make_leads(1)
        row = self.campaign.distribute().assignment_ids
        with self.assertRaises(AccessError):
            row.with_user(row.user_id).action_line_up()
        with self.assertRaises(AccessError):
            self.env["lead.distribution.line.up"].with_user(self.ann).create({"distribution_id": self.campaign.id})

    def test_the_dashboard_names_the_next_three_for_a_kind_of_leads_and_why(self):
        self.campaign.strategy = "least_loaded"
        for name, target in (("ann", 100), ("bob", 50), ("cem", 10)):
            self.members[name].target_leads = target
        self.make_leads(26, user_id=self.ann.id)
        self.make_leads(12, user_id=self.bob.id)
        self.make_leads(5, user_id=self.cem.id)
        dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager)
        answer = dashboard.get_next(self.campaign.id, priority="2")
        texts = {"Ann": "26 of 100 leads", "Bob": "13 of 50 leads"}
        first = answer["people"][1]["name"]  # of two who are as full, it is by chance
        second = "Bob" if first == "Ann" else "Ann"
        self.assertEqual(
            answer["people"],
            [
                {"name": "Bob", "why": "12 of 50 leads"},
                {"name": first, "why": f"{texts[first]}, or {second}, by chance"},
                {"name": second, "why": texts[second]},
            ],
        )

    def test_a_target_of_one_lead_is_no_plural(self):
        self.campaign.strategy = "least_loaded"
        self.campaign.member_ids.target_leads = 1
        answer = self.env["lead.distribution.dashboard"].with_user(self.manager).get_next(self.campaign.id)
        self.assertIn("0 of 1 lead,", answer["people"][0]["why"])

    def test_who_is_next_is_for_managers(self):
        dashboard = self.env["lead.distribution.dashboard"]
        with self.assertRaises(AccessError):
            dashboard.with_user(self.ann).get_next(self.campaign.id)
        self.campaign.member_ids.active = False
        self.assertFalse(dashboard.with_user(self.manager).get_next(self.campaign.id)["people"])
