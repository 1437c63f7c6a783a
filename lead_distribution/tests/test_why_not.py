from datetime import timedelta

from odoo.fields import Command
from odoo.tests import Form, tagged, users

from ..finding.explain import explain_campaigns
from ..planning.request import PlanRequest
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestWhyNot(DistributionCase):
    """Why not this lead: every step with a tick or a cross and the value that decided."""

    def explain(self, lead):
        return {step["step"]: step for step in self.campaign._explain_lead(lead)}

    def test_every_step_is_told_and_the_first_cross_is_the_reason_of_a_run(self):
        self.campaign.protected_user_ids = self.bob
        lead = self.make_leads(user_id=self.bob.id, lead_status_id=self.status["won"].id)
        steps = self.campaign._explain_lead(lead)
        refused = [step["step"] for step in steps if not step["passes"]]
        self.assertEqual(refused, ["excluded_user", "no_holder", "holder_status", "closed"])
        self.assertEqual(self.find()[1], {refused[0]: 1})
        self.assertIn("Bob", self.explain(lead)["excluded_user"]["value"])
        self.assertIn("Won", self.explain(lead)["closed"]["value"])

    def test_a_lead_outside_type_or_window_is_explained_too_even_an_archived_one(self):
        self.assertFalse(self.explain(self.make_leads(type="opportunity"))["type"]["passes"])
        self.assertFalse(self.explain(self.make_leads(source_date=self.days_ago(99)))["date"]["passes"])
        self.assertFalse(self.explain(self.make_leads(active=False))["date"]["passes"])
        self.assertTrue(all(step["passes"] for step in self.campaign._explain_lead(self.make_leads())))

    def test_one_day_is_told_in_the_singular(self):
        self.campaign.write({"protect_activities": True, "activity_days": 1})
        lead = self.make_leads()
        self.assertEqual(
            self.explain(lead)["activity"]["rule"], "no activity, or one that is overdue for more than 1 day"
        )
        self.campaign.activity_days = 3
        self.assertIn("for more than 3 days", self.explain(lead)["activity"]["rule"])

    def test_what_is_done_and_archived_counts_no_more_than_in_a_run(self):
        for values, key, refused in (
            ({"protect_activities": True, "activity_days": 4}, "activity", 1),
            ({"protect_activities": True, "activity_days": 4, "exclude_without_activity": True}, "activity", 2),
        ):
            with self.subTest(values):
                self.env["crm.lead"].search([("type", "=", "lead")]).active = False
                self.campaign = self.make_campaign("Voice", self.ann, **values)
                planned, done = self.make_leads(2)
                for lead in planned, done:
                    overdue = self.today - timedelta(days=20)
                    lead.activity_schedule("mail.mail_activity_data_call", overdue).action_feedback()
                planned.activity_schedule("mail.mail_activity_data_call", self.today + timedelta(days=1))
                self.assertEqual(self.find()[1], {key: refused})
                for lead in planned, done:
                    self.assertEqual(self.explain(lead)[key]["passes"], lead in self.find()[0])

    @users("mia@test")
    def test_the_wizard_answers_in_words(self):
        tag = self.env["crm.tag"].sudo().create({"name": "dnc"})
        lead = self.make_leads(tag_ids=[Command.set(tag.ids)])
        context = {"active_model": "crm.lead", "active_id": lead.id}
        form = Form(self.env["crm.lead.why.not"].with_context(**context))
        form.campaign_id = self.campaign
        self.assertIn("does not take this lead: Do not call", form.answer)
        self.assertGreater(len(form.line_ids), 4)
        free = self.make_leads()
        form.lead_id = free
        self.assertIn("would take this lead", form.answer)

    @users("mia@test")
    def test_each_step_of_a_funnel_opens_its_leads(self):
        held = self.make_leads(user_id=self.ann.id)
        run = self.campaign.with_env(self.env).simulate()
        action = run.action_view_step("no_holder")
        self.assertEqual(self.env["crm.lead"].search(action["domain"]), held)

    def test_the_rule_stands_beside_the_value(self):
        lead = self.make_leads(source_date=self.days_ago(162), user_id=self.cem.id, priority="2")
        self.campaign.write(
            {"use_priority": True, "priority_min": 1, "priority_max": 2, "protected_user_ids": self.bob}
        )
        self.campaign.required_field_ids = self.env["ir.model.fields"]._get("crm.lead", "phone")
        steps = self.explain(lead)
        self.assertEqual(steps["date"]["rule"], "at most 30 days old")
        self.assertTrue(steps["date"]["value"].startswith("is 162 days old ("))
        self.assertEqual(steps["no_holder"]["rule"], "Nobody")
        self.assertTrue(steps["no_holder"]["value"].startswith("with Cem since "))
        self.assertEqual(steps["priority"]["rule"], "from Low to Medium")
        self.assertEqual(steps["priority"]["value"], "Priority: High")
        self.assertEqual(steps["required_fields"]["rule"], "filled in: Phone")
        self.assertEqual(steps["required_fields"]["value"], "empty: Phone")
        self.assertEqual(steps["excluded_user"]["rule"], "not with Bob, whose leads stay")

    def test_a_required_text_that_shows_nothing_is_told_as_empty(self):
        self.campaign.required_field_ids = self.env["ir.model.fields"]._get("crm.lead", "description")
        for text, is_empty in (("<p><br></p>", True), ("<p>&nbsp;</p>", True), ("<p>Hi</p>", False),
                               ("<p><img src='/a.png'></p>", False)):  # fmt: skip
            step = self.explain(self.make_leads(description=text))["required_fields"]
            told = "empty: Notes" if is_empty else "all filled in"
            self.assertEqual((step["passes"], step["value"]), (not is_empty, told), text)

    def test_the_age_of_an_old_lead_is_that_by_which_it_drops_back(self):
        created = self.env["ir.model.fields"]._get("crm.lead", "create_date")
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 60, "date_field_id": created.id})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.manager.id, "is_default": True})],
            }
        )
        lead = self.make_leads()
        query = "UPDATE crm_lead SET create_date = create_date - interval '90 days' WHERE id = %s"
        self.env.cr.execute(query, lead.ids)
        self.env.invalidate_all()
        step = self.explain(lead)["dropped_back"]
        self.assertFalse(step["passes"])
        self.assertIn("is 90 days old", step["value"])
        self.campaign.dropback_threshold_ids = [Command.create({"days": 80})]
        self.assertRegex(self.explain(lead)["dropped_back"]["value"], "Created on: is 90 days old.*; .*: is 1 day old")

    def test_the_priority_that_no_lead_has_is_told_as_such(self):
        self.campaign.write({"use_priority": True, "priority_min": 5})
        step = self.explain(self.make_leads(priority="3"))["priority"]
        self.assertEqual((step["passes"], step["rule"]), (False, "5, which no lead has"))

    def test_rows_of_a_field_are_told_as_they_are_written(self):
        field = self.env["ir.model.fields"]._get("crm.lead", "source_id")
        rows = [("include", "web, fair"), ("exclude", "spam")]
        self.campaign.filter_ids = [
            Command.create(
                {"field_id": field.id, "kind": kind, "mode": "exact", "values_text": text.replace(", ", "\n")}
            )
            for kind, text in rows
        ]
        step = self.explain(self.make_leads())["web_source"]
        self.assertEqual((step["rule"], step["value"]), ("web, fair; not spam", "Source: none"))

    def test_every_step_has_a_rule_and_a_value_in_words(self):
        self.campaign.write(
            {
                **dict.fromkeys(
                    ("use_sales_filter", "use_priority", "exclude_assigned", "exclude_inactive_users"), True
                ),
                "own_domain": "[('phone', '!=', False)]",
            }
        )
        for step in self.campaign._explain_lead(self.make_leads()):
            self.assertTrue(step["rule"], step["step"])
            if step["step"] != "domain":
                self.assertTrue(step["value"], step["step"])

    @users("mia@test")
    def test_all_campaigns_answer_at_once_each_with_its_first_step_and_a_broken_one_keeps_nobody_from_it(self):
        self.make_campaign("Young", self.ann, younger_than_days=5)
        broken = self.make_campaign("Broken", self.ann)
        field = self.env["ir.model.fields"].sudo()._get("crm.lead", "source_id")
        broken.filter_ids = [
            Command.create({"field_id": field.id, "kind": "include", "mode": "exact", "values_text": "x"})
        ]
        self.env["utm.source"].sudo().create({"name": "x"})
        self.cr.execute("UPDATE lead_distribution_filter SET mode = 'regex', values_text = '(' WHERE id = %s",
                        broken.filter_ids.ids)  # fmt: skip
        self.env.invalidate_all()
        lead = self.make_leads(source_date=self.days_ago(12))
        wizard = self.env["crm.lead.why.not"].create({"lead_id": lead.id, "campaign_id": self.campaign.id})
        lines = {line.campaign_id.name: line for line in wizard.campaign_line_ids}
        self.assertTrue(lines["Voice"].takes)
        self.assertEqual((lines["Young"].takes, lines["Young"].step), (False, "date"))
        self.assertIn("at most 5 days old", lines["Young"].rule)
        self.assertIn("is 12 days old", lines["Young"].value)
        self.assertFalse(lines["Broken"].takes)
        self.assertIn("regular expression", lines["Broken"].name)

    def test_one_statement_asks_all_campaigns(self):
        lead = self.make_leads()
        counts = []
        for number in (1, 5):
            for _each in range(number):
                self.make_campaign(f"More {number}", self.ann)
            campaigns = self.env["lead.distribution.campaign"].search([])
            asked = [(campaign, campaign._get_filter_steps(PlanRequest())) for campaign in campaigns]
            explain_campaigns(lead, PlanRequest(), asked)
            self.env.flush_all()
            before = self.cr.sql_log_count
            explain_campaigns(lead, PlanRequest(), asked)
            counts.append((self.cr.sql_log_count - before) / len(campaigns))
        # a campaign's own rules are looked up each for itself, the lead is judged once for all
        self.assertLessEqual(counts[1], counts[0])
