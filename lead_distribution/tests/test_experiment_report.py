"""The result of an experiment on its page, as print and as files: the same numbers, for managers only."""

import json

from lxml import etree

from odoo.exceptions import AccessError, RedirectWarning, ValidationError
from odoo.tests import Form, HttpCase, new_test_user, tagged

from ..experiments.ways import ROWS, SETTINGS
from ..names import SALESPEOPLE
from ..reporting.html_intervals import render_intervals
from ..reporting.writers import Interval
from .common import MANAGER
from .experiment_common import ExperimentCase


class ReportedCase(ExperimentCase):
    @classmethod
    def make_experiment(cls, campaign=None, **values):
        return super().make_experiment(campaign, **{"planned_leads": 100, **values})

    def fill(self, leads=40, won_a=3, won_b=12):
        """Hand out leads by both ways, some of which are won."""
        for arm, won in (("a", won_a), ("b", won_b)):
            handed_out = self.make_leads(leads)
            self.hand_out(handed_out, arm)
            if won:
                self.win(handed_out[:won], self.later(days=3), 100)

    def get_request(self, user=None):
        request = self.env["lead.distribution.report.request"].with_user(user or self.manager)
        return request.create({"kind": "experiment", "experiment_id": self.experiment.id})

    def get_html(self):
        return self.get_request().render("html")[1].decode()


@tagged("post_install", "-at_install")
class TestExperimentReport(ReportedCase):
    def test_while_it_runs_the_report_says_so_and_has_no_winner(self):
        self.fill()
        html = self.get_html()
        self.assertIn("not ended: as of", html)
        self.assertIn("Not yet: 80 of 100 leads.", html)
        self.assertNotIn("won 22.5 points more", html)

    def test_after_the_end_it_has_the_verdict_and_both_ways_drawn(self):
        self.fill(50)
        html = self.get_html()
        self.assertEqual(self.experiment.state, "done")
        self.assertIn(self.experiment.get_result()["verdict"], html)
        self.assertNotIn("not ended", html)
        drawn = etree.HTML(html).xpath("//svg")
        self.assertEqual(len(drawn), 1)
        self.assertEqual(len(drawn[0].xpath(".//*[@stroke-dasharray]")), 1)  # zero, only of the difference

    def test_every_format_has_the_numbers_of_the_page(self):
        self.fill()
        result = self.experiment.get_result()
        rate = result["b"]["text"]["rate"]
        for name in ("html", "csv"):
            content = self.get_request().render(name)[1].decode()
            for text in (rate, result["verdict"], result["text"]["interval"], result["balance"]["words"]):
                self.assertIn(text, content)
        self.assertTrue(self.get_request().render("xlsx")[1].startswith(b"PK"))
        told = json.loads(self.get_request().render("json")[1])
        for name in ("leads", "conversions", "rate", "low", "high"):
            self.assertEqual(told["a"][name], result["a"][name])
            self.assertEqual(told["b"][name], result["b"][name])
        self.assertEqual((told["name"], told["campaign"], told["seed"]), (self.experiment.name, "Voice", 7))

    def test_names_are_no_formulas_in_spreadsheets(self):
        self.experiment.name = "=1+1"
        self.campaign.name = "@sum"
        self.fill()
        lines = self.get_request().render("csv")[1].decode("utf-8-sig").splitlines()
        self.assertFalse([line for line in lines if line.lstrip('"').startswith(("=", "@", "+", "-"))])

    def test_before_the_first_lead_there_are_zeros(self):
        html = self.get_html()
        self.assertIn("0 of 100", html)

    def test_the_buttons_download_and_without_the_program_for_pdf_offer_html(self):
        experiment = self.experiment.with_user(self.manager)
        action = experiment.with_context(format_name="json").action_download()
        self.assertTrue(action["url"].endswith("/json"))
        self.patch(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda *a: "install")
        with self.assertRaises(RedirectWarning):
            experiment.with_context(format_name="pdf").action_download()

    def test_print_is_the_same_document(self):
        self.fill()
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("lead_distribution.report_request_action", self.get_request().ids)
        self.assertIn("Not yet: 80 of 100 leads.", html.decode())

    def test_which_experiment_is_asked_for_in_words(self):
        with self.assertRaisesRegex(ValidationError, "Choose an experiment"):
            self.env["lead.distribution.report.request"].create({"kind": "experiment"}).render("json")

    def test_salespeople_and_other_companies_get_none(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = new_test_user(
            self.env, login="eve@test", groups=MANAGER, company_id=other.id, company_ids=[(6, 0, other.ids)],
        )  # fmt: skip
        self.campaign.company_id = self.env.company
        for user in (self.ann, stranger):
            with self.assertRaises(AccessError):
                self.experiment.with_user(user).action_download()
            with self.assertRaises(AccessError):
                self.get_request(user)
            with self.assertRaises(AccessError):
                self.experiment.with_user(user).get_report_data()

    def test_in_german_numbers_and_days_are_written_as_germans_do(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.fill()
        request = self.get_request().with_context(lang="de_DE")
        html = request.render("html")[1].decode()
        self.assertIn("30,0%", html)
        self.assertIn("02.03.2026", html)

    def test_intervals_around_zero_stand_around_the_line_the_others_begin_with_it(self):
        intervals = [
            Interval("a", "<A>", 0.1, 0.2, 0.3, "20%"), Interval("b", "B", None, 0, None, ""),
            Interval("difference", "D", 0.02, 0.1, 0.2, "+10", True),
        ]  # fmt: skip
        tree = etree.fromstring(render_intervals(intervals))
        space = {"s": "http://www.w3.org/2000/svg"}
        filled = [float(node.get("x")) for node in tree.findall(".//s:rect[@fill-opacity]", space)]
        zero = float(tree.find(".//s:line[@stroke-dasharray]", space).get("x1"))
        self.assertEqual(len(filled), 2)
        self.assertGreater(filled[1], zero)
        self.assertEqual(render_intervals(intervals[1:2]), "")


@tagged("post_install", "-at_install")
class TestExperimentScreens(ReportedCase, HttpCase):
    def test_planning_shows_how_many_leads_it_takes_at_once(self):
        form = Form(self.env["lead.distribution.experiment"].with_user(self.manager))
        form.campaign_id = self.campaign
        form.points = 20
        few = form.planned_leads
        form.points = 5
        self.assertGreater(form.planned_leads, few)
        self.assertTrue(form.plan_words)

    def test_the_menu_is_for_managers(self):
        menu = self.env.ref("lead_distribution.lead_distribution_experiment_menu")
        self.assertIn(menu.id, self.env["ir.ui.menu"].with_user(self.manager)._visible_menu_ids())
        self.assertNotIn(menu.id, self.env["ir.ui.menu"].with_user(self.ann)._visible_menu_ids())

    def test_salespeople_see_no_ways_in_their_history(self):
        for user, is_shown in ((self.manager, True), (self.ann, False)):
            rows = self.env["lead.distribution.assignment"].with_user(user)
            for view in ("list", "form", "search"):
                arch = rows.get_view(view_type=view)["arch"]
                self.assertEqual("arm" in arch or "experiment" in arch, is_shown, (user.name, view))
        self.assertTrue(self.ann.has_group(SALESPEOPLE))

    def test_a_file_is_fetched_by_who_asked_for_it(self):
        self.fill()
        request = self.get_request()
        for user, status in ((self.manager, 200), (self.ann, 404)):
            self.authenticate(user.login, user.login)
            answer = self.url_open(f"/lead_distribution/report/{request.id}/json")
            self.assertEqual(answer.status_code, status)

    def test_the_form_of_way_b_has_what_counts_there_and_nothing_else(self):
        action = self.experiment.with_user(self.manager).action_open_way_b()
        view = self.env["lead.distribution.campaign"].with_user(self.manager).get_view(action["views"][0][0], "form")
        shown = set(etree.fromstring(view["arch"]).xpath("//field[not(ancestor::list)]/@name"))
        told_by_the_campaign = {"fallback_round_robin"}  # a strategy that fails ends the experiment's part of a run
        self.assertFalse({*SETTINGS, *ROWS, "member_ids"} - told_by_the_campaign - shown)
        self.assertFalse({"pool_ids", "filter_ids", "max_leads", "frequency", "first_action_hours"} & shown)
