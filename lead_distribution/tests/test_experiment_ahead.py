from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from odoo.addons.lead_distribution.engine.experiment import leads_needed
from odoo.addons.lead_distribution.experiments.outcomes import Terms, count_of_periods
from odoo.addons.lead_distribution.reporting.periods import Period

from .experiment_common import ExperimentCase


@tagged("post_install", "-at_install")
class TestExperimentAhead(ExperimentCase):
    def make_history(self, leads, won, days, revenue=0, kind="distribution"):
        """Have the campaign hand out leads so many days ago, without an experiment."""
        handed = self.make_leads(leads)
        rows = self.hand_out(handed, "a", on=self.ago(days=days), kind=kind)
        rows.write({"experiment_id": False, "arm": False})
        if won:
            self.win(handed[:won], self.ago(days=days - 1), revenue)
        self.env.flush_all()
        return handed

    def plan(self, **values):
        draft = self.make_experiment(state="draft", planned_leads=0, **values)
        draft.invalidate_recordset()
        self.env.add_to_compute(draft._fields["planned_leads"], draft)
        return draft

    def test_the_present_rate_is_that_of_the_history(self):
        self.make_history(200, 40, days=60)
        self.make_history(50, 50, days=10)  # their days are not over
        self.make_history(50, 50, days=300)  # too long ago
        draft = self.plan()
        self.assertAlmostEqual(draft.present_rate, 0.2)
        self.assertIn("20.0% (200 leads)", draft.plan_words)
        self.assertEqual(draft.planned_leads, leads_needed(0.2, 0.05))

    def test_without_a_history_ten_percent_is_assumed_and_said(self):
        draft = self.plan()
        self.assertAlmostEqual(draft.present_rate, 0.1)
        self.assertIn("a rate of 10% is assumed", draft.plan_words)
        self.assertIn("Hardly any leads", draft.plan_words)
        self.assertEqual((draft.weeks, draft.leads_a_week), (0, 0))

    def test_the_inflow_is_that_of_the_last_weeks(self):
        for week in range(8):
            self.make_history(10, 0, days=7 * week + 1)
        self.make_history(500, 0, days=70)
        self.assertEqual(self.plan().leads_a_week, 10)

    def test_leads_that_no_experiment_deals_are_neither_inflow_nor_history(self):
        for week in range(8):
            self.make_history(10, 1, days=7 * week + 1)
        for kind in ("cover", "handover", "pull", "take_back", "decline"):
            self.make_history(40, 40, days=20, kind=kind)
            self.make_history(40, 40, days=60, kind=kind)
        draft = self.plan()
        self.assertEqual(draft.leads_a_week, 10)
        self.assertIn("10.0% (30 leads)", draft.plan_words)

    def test_a_young_campaign_is_judged_by_its_own_weeks(self):
        self.make_history(10, 0, days=14)
        self.make_history(10, 0, days=3)
        self.assertAlmostEqual(self.plan().leads_a_week, 10, places=1)

    def test_weeks_are_those_of_the_dealing_and_of_waiting(self):
        for week in range(8):
            self.make_history(50, 10, days=7 * week + 2)
        draft = self.plan()
        draft.planned_leads = 500
        self.assertEqual(draft.weeks, 10 + 5)
        self.assertIn("the verdict comes in 15 weeks", draft.plan_words)

    def test_it_is_said_when_it_is_hopeless_and_what_could_be_seen(self):
        for week in range(8):
            self.make_history(5, 1, days=7 * week + 2)
        draft = self.plan(points=1)
        self.assertIn("This is hopeless: it takes more than a year.", draft.warning)
        self.assertIn("In half a year, a difference of", draft.warning)

    def test_what_can_be_done_has_no_warning(self):
        for week in range(16):
            self.make_history(100, 10, days=7 * week + 2)
        draft = self.plan(points=10)
        self.assertEqual(draft.warning, "")
        self.assertIn("Within 12 weeks, a difference of", draft.plan_words)
        draft.planned_leads = 50
        self.assertIn("may well go unseen", draft.warning)

    def test_a_difference_that_no_rate_can_have_is_refused_in_words(self):
        draft = self.plan(points=95)
        self.assertIn("No rate can differ so much", draft.warning)
        self.assertEqual(draft.planned_leads, 0)

    def test_without_a_difference_one_is_asked_for(self):
        draft = self.plan(points=0)
        self.assertEqual(draft.warning, "Enter which difference would matter: more than 0.")
        self.assertNotIn("Hardly any leads", draft.plan_words)

    def test_a_wrong_share_is_refused_in_the_percent_that_people_enter(self):
        with self.assertRaisesRegex(ValidationError, "enter a number from 1 to 99 percent"):
            self.make_experiment(share_b=0)
        draft = self.env["lead.distribution.experiment"].new({"campaign_id": self.campaign.id, "share_b": 0})
        self.assertEqual(draft.warning, "Leads for way B: enter a number from 1 to 99 percent.")

    def test_of_revenue_points_are_percent_of_the_present_one(self):
        leads = self.make_history(200, 40, days=60)
        for number, lead in enumerate(leads[:40]):
            lead.expected_revenue = 100 + number
        draft = self.plan(measure="revenue", points=50)
        self.assertGreater(draft.planned_leads, 100)
        self.assertIn("At present a lead brings", draft.plan_words)
        self.assertAlmostEqual(draft.present_rate, 0.2)

    def test_revenue_without_a_history_cannot_be_planned(self):
        draft = self.plan(measure="revenue")
        self.assertEqual(draft.planned_leads, 0)
        self.assertIn("plan with another measure", draft.warning)

    def test_the_form_says_it_live(self):
        self.make_history(200, 40, days=60)
        form = Form(self.env["lead.distribution.experiment"])
        form.campaign_id = self.campaign
        first = form.planned_leads
        self.assertEqual(first, leads_needed(0.2, 0.05))
        form.points = 10
        self.assertEqual(form.planned_leads, leads_needed(0.2, 0.1))
        self.assertIn("10.0 points", form.plan_words)
        form.planned_leads = 777
        experiment = form.save()
        self.assertEqual(experiment.planned_leads, 777)

    def test_planning_takes_as_many_statements_for_ten_times_the_history(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            _ = draft.plan_words
            return self.env.cr.sql_log_count - before

        self.make_history(40, 4, days=60)
        draft = self.plan()
        few = count()
        self.make_history(400, 40, days=61)
        self.assertLessEqual(count(), few)


@tagged("post_install", "-at_install")
class TestComparisonInTime(ExperimentCase):
    def make_period(self, leads, won, days):
        handed = self.make_leads(leads)
        self.hand_out(handed, "a", on=self.ago(days=days)).write({"experiment_id": False, "arm": False})
        if won:
            self.win(handed[:won], self.ago(days=days - 1), revenue=100)
        self.env.flush_all()
        return handed

    def compare(self, **values):
        wizard = self.env["lead.distribution.in.time"].with_user(self.manager).create(
            {"campaign_id": self.campaign.id, **values}
        )  # fmt: skip
        wizard.action_compare()
        return wizard.result

    def test_it_has_the_figures_of_both_periods_and_a_warning(self):
        self.make_period(100, 10, days=150)
        self.make_period(100, 30, days=60)
        result = self.compare()
        self.assertEqual((result["a"]["leads"], result["a"]["conversions"]), (100, 10))
        self.assertEqual((result["b"]["leads"], result["b"]["conversions"]), (100, 30))
        self.assertIn("no experiment", result["warning"])
        self.assertIn("First period 10.0%, second period 30.0%: +20.0 points", result["verdict"])
        self.assertNotIn("because", result["verdict"])
        self.assertNotIn("winner", result)
        self.assertEqual(result["notes"], [])

    def test_the_figures_are_those_that_an_experiment_would_have(self):
        first = self.make_period(40, 7, days=150)
        second = self.make_period(60, 20, days=60)
        in_time = self.compare()
        self.hand_out(first, "a", on=self.ago(days=150))
        self.hand_out(second, "b", on=self.ago(days=60))
        experiment = self.experiment.get_result()
        for name in ("a", "b", "difference", "low", "high"):
            self.assertEqual(in_time[name], experiment[name], name)

    def test_a_lead_of_both_periods_counts_in_the_first(self):
        leads = self.make_period(10, 0, days=150)
        self.hand_out(leads[:4], "a", on=self.ago(days=60)).write({"experiment_id": False, "arm": False})
        self.env.flush_all()
        today = fields.Date.today()
        periods = {
            "a": Period(today - timedelta(days=160), today - timedelta(days=140)),
            "b": Period(today - timedelta(days=70), today - timedelta(days=50)),
        }
        found = count_of_periods(self.campaign, periods, Terms(30, 24), fields.Datetime.now())
        self.assertEqual((found["a"].leads, found["b"].leads), (10, 0))

    def test_periods_that_overlap_are_refused(self):
        today = fields.Date.today()
        with self.assertRaises(UserError):
            self.compare(first_from=today - timedelta(days=90), first_to=today - timedelta(days=40),
                         second_from=today - timedelta(days=40), second_to=today)  # fmt: skip
        with self.assertRaises(UserError):
            self.compare(first_from=today, first_to=today - timedelta(days=40))

    def test_outcomes_that_are_to_come_are_said(self):
        self.make_period(3, 0, days=5)
        today = fields.Date.today()
        result = self.compare(second_from=today - timedelta(days=20), second_to=today,
                              first_from=today - timedelta(days=60), first_to=today - timedelta(days=40))  # fmt: skip
        self.assertEqual(len(result["notes"]), 1)
        self.assertEqual(result["verdict"], "In at least one of the periods no leads were handed out.")

    def test_it_offers_an_experiment(self):
        wizard = self.env["lead.distribution.in.time"].create({"campaign_id": self.campaign.id, "measure": "revenue"})
        action = wizard.action_plan_experiment()
        form = Form(self.env["lead.distribution.experiment"].with_context(**action["context"]))
        self.assertEqual((form.campaign_id, form.measure), (self.campaign, "revenue"))

    def test_salespeople_compare_nothing(self):
        with self.assertRaises(AccessError):
            self.env["lead.distribution.in.time"].with_user(self.ann).create({"campaign_id": self.campaign.id})
