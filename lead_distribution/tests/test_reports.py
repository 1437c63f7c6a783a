import csv
import io
import json
import re
from datetime import timedelta
from html import unescape

from openpyxl import load_workbook

from odoo.exceptions import AccessError, RedirectWarning, UserError, ValidationError
from odoo.tests import HttpCase, tagged, users

from ..finding.scope import get_today
from ..models.campaign import reporting as weekly
from ..reporting.mails import send_weekly_report
from ..reporting.writers import Document, Table, safe_cell, write
from ..tools.safe_export import guard
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestReports(DistributionCase):
    """Reports of a day, a salesperson, a campaign, a trend, a run: same numbers in every form."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.report = cls.env["lead.distribution.report"]
        cls.source = cls.env["utm.source"].create({"name": "facebook_form"})
        cls.campaign.notify_salespeople = "none"
        cls.campaign.notify_responsible = False

    def run_on(self, days, leads=4, campaign=None, **options):
        """Make a run and date it back."""
        self.make_leads(leads, source_id=self.source.id)
        run = (campaign or self.campaign).distribute(**options)
        date = self.days_ago(days)
        for records in (run, run.assignment_ids, run.member_line_ids):
            records.sudo().write({"distribution_date": date})
        self.env.flush_all()
        return run

    def daily(self, days=0, **options):
        return self.report.generate_daily_report(self.days_ago(days), "Voice", **options)

    def test_the_daily_report_has_the_shape_of_the_specification(self):
        self.run_on(0, 5, max_leads=4)
        report = self.daily()
        self.assertEqual(
            {key: report[key] for key in (
                "date", "campaign", "total_leads_found", "total_leads_distributed", "distribution_efficiency",
                "salespeople_participated", "average_leads_per_salesperson",
            )},
            {
                "date": self.days_ago(0).isoformat(), "campaign": "Voice", "total_leads_found": 5,
                "total_leads_distributed": 4, "distribution_efficiency": 80.0, "salespeople_participated": 3,
                "average_leads_per_salesperson": 1.33,
            },
        )  # fmt: skip
        self.assertGreater(report["execution_time_seconds"], 0)
        top = report["top_recipients"]
        self.assertEqual(set(top[0]), {"user_id", "name", "leads_received"})
        self.assertEqual(top[0]["leads_received"], 2)
        self.assertEqual(report["reason_not_distributed"], {"Limit of the run reached": 1})
        json.dumps(report)

    def test_several_runs_a_day_add_up(self):
        first, second = self.run_on(0, 4), self.run_on(0, 3)
        report = self.daily()
        self.assertEqual((report["runs"], report["total_leads_found"]), (2, 7))
        self.assertEqual(sum(person["leads_received"] for person in report["salespeople"]), 7)
        for person in report["salespeople"]:
            lines = (first + second).member_line_ids.filtered(lambda row, p=person: row.user_id.id == p["id"])
            self.assertEqual(
                person["current_leads"], lines.filtered(lambda row: row.run_id == first).leads_before_total
            )
            self.assertEqual(person["new_total"], lines.filtered(lambda row: row.run_id == second).leads_after_total)

    def test_plans_failed_and_reverted_runs_do_not_count_as_handed_out(self):
        self.make_leads(3)
        self.campaign.simulate()
        self.campaign.distribute().action_revert()
        self.campaign.member_ids.active = False
        self.campaign.distribute()
        report = self.daily()
        self.assertEqual((report["runs"], report["failed_runs"], report["total_leads_found"]), (0, 1, 0))
        self.assertEqual((report["distribution_efficiency"], report["average_leads_per_salesperson"]), (0, 0))

    def test_the_salesperson_report_has_the_shape_of_the_specification(self):
        self.run_on(2, 3)
        run = self.run_on(1, 3)
        lead = run.assignment_ids.filtered(lambda row: row.user_id == self.ann).lead_id
        lead.lead_status_id = self.status["won"]
        report = self.report.generate_salesperson_report(self.ann.id, self.days_ago(9), self.days_ago(0))
        self.assertEqual(report["user_id"], self.ann.id)
        self.assertEqual(report["name"], "Ann")
        self.assertEqual(report["date_range"], [self.days_ago(9).isoformat(), self.days_ago(0).isoformat()])
        self.assertEqual((report["total_leads_received"], report["average_leads_per_day"]), (2, 0.2))
        self.assertEqual(report["utilization_trend"], [0.7, 1.3])
        self.assertEqual(report["distribution_efficiency"], 100.0)
        self.assertEqual(report["lead_status_distribution"], {"won": 1, "none": 1})

    def test_a_name_means_the_active_campaign_and_two_of_them_are_refused(self):
        old = self.make_campaign("Voice", self.ann, sequence=-1, active=False)
        self.run_on(0, 3)
        self.assertEqual(self.daily()["total_leads_distributed"], 3)
        other = self.make_campaign("Voice", self.bob, sequence=-1)
        with self.assertRaisesRegex(ValidationError, f"several campaigns “Voice”.*{other.id}"):
            self.daily()
        self.assertEqual(self.report.generate_daily_report(None, self.campaign.id)["total_leads_distributed"], 3)
        other.company_id = False
        self.assertEqual(self.daily()["total_leads_distributed"], 3, "that of the own company")
        self.assertEqual(self.report.generate_daily_report(None, old.id)["total_leads_distributed"], 0)

    def test_the_load_of_who_is_in_several_campaigns_is_the_same_in_all_reports(self):
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).target_leads = 10
        other = self.make_campaign("Apple", self.ann, pool_mode="all", exclude_assigned=True)
        other.member_ids.target_leads = 4
        self.run_on(0, 6)
        self.run_on(0, 2, other)
        [day] = self.report.generate_salesperson_report(self.ann.id)["days"]
        everybody = self.report.generate_daily_report(self.days_ago(0))["salespeople"]
        [ann] = [person for person in everybody if person["id"] == self.ann.id]
        self.assertEqual((day["received"], ann["new_total"], ann["target_leads"]), (4, 4, 14))
        self.assertEqual((day["utilization"], ann["utilization"]), (28.6, 28.57))

    def test_the_salesperson_report_tells_what_the_person_holds_now(self):
        self.run_on(1, 3)
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        now = self.report.generate_salesperson_report(self.ann.id)["current_leads"]
        month = self.days_ago(1).strftime("%Y-%m")
        self.assertEqual(now, {
            "total": 3, "by_status": {"none": 1, "utr": 2}, "by_source": {"facebook_form": 1, "None": 2},
            "by_month": {month: 3},
        })  # fmt: skip

    def test_the_success_metrics_of_section_16_have_values_and_goals(self):
        run = self.run_on(40, 4)
        run.assignment_ids.sudo().write({"first_action_on": self.days_ago(39), "hours_to_action": 10})
        run.assignment_ids[0].lead_id.lead_status_id = self.status["won"]
        run = self.run_on(1, 4, max_leads=4)
        run.assignment_ids.sudo().write({"first_action_on": self.days_ago(0), "hours_to_action": 4})
        run.assignment_ids[:2].lead_id.lead_status_id = self.status["won"]
        run.sudo().origin = "schedule"
        metrics = self.report.generate_performance_metrics(30, "Voice")
        self.assertEqual(metrics["distribution_efficiency"], {"value": 100.0, "goal": 95.0, "met": True})
        self.assertEqual(metrics["error_rate"], {"value": 0.0, "goal": 1.0, "met": True})
        self.assertEqual(metrics["response_time_change"], {"value": -60.0, "goal": -50.0, "met": True})
        self.assertEqual(metrics["conversion_change"], {"value": 100.0, "goal": 15.0, "met": True})
        self.assertEqual(metrics["runs_by_hand"], {"value": 0.0, "goal": 20.0, "met": True})
        self.assertLess(metrics["seconds_per_1000_leads"]["value"], 300)
        self.assertEqual(self.report.calculate_distribution_efficiency(30, "Voice"), 100.0)
        self.assertEqual(set(self.report.analyze_salesperson_utilization("Voice")), {"Ann", "Bob", "Cem"})
        self.bob.name = "Ann"
        told = self.report.analyze_salesperson_utilization("Voice")
        self.assertEqual(set(told), {"Ann (ann@test)", "Ann (bob@test)", "Cem"}, "nobody is missing")
        empty = self.make_campaign("Empty").name
        self.assertEqual(self.report.generate_performance_metrics(30, empty)["error_rate"]["value"], None)

    def test_metrics_have_no_value_without_a_basis_and_leave_out_what_a_revert_has_kept(self):
        run = self.run_on(1)
        run.assignment_ids[0].lead_id.lead_status_id = self.status["won"]
        run.assignment_ids.sudo().write({"first_action_on": self.days_ago(0), "hours_to_action": 4})
        run.action_revert()
        self.assertEqual(run.leads_kept, 1)
        before = self.run_on(40)
        before.assignment_ids.sudo().write({"first_action_on": self.days_ago(39), "hours_to_action": 10})
        before.assignment_ids[0].lead_id.lead_status_id = self.status["won"]
        metrics = self.report.generate_performance_metrics(30, "Voice")
        for name in ("distribution_efficiency", "response_time_change", "conversion_change"):
            self.assertEqual((metrics[name]["value"], metrics[name]["met"]), (None, None), name)

    def test_runs_in_several_languages_make_one_row_of_a_status(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        utm = self.env["utm.campaign"].create({"title": "News"})
        utm.with_context(lang="fr_FR").title = "Actualités"
        self.status["new"].with_context(lang="fr_FR").name = "Nouveau"
        for lang in ("en_US", "fr_FR"):
            self.make_leads(3, lead_status_id=self.status["new"].id, campaign_id=utm.id)
            self.campaign.with_context(lang=lang).distribute()
        for lang, status, title in (("en_US", "New", "News"), ("fr_FR", "Nouveau", "Actualités")):
            report = self.report.with_context(lang=lang).generate_daily_report(None, "Voice")
            self.assertEqual((report["by_status"], report["by_campaign"]), ({status: 6}, {title: 6}))

    def test_the_campaign_report_adds_up_its_days(self):
        self.run_on(2, 3)
        self.run_on(1, 5)
        self.run_on(40, 5)
        report = self.report.generate_campaign_report("Voice", self.days_ago(10), self.days_ago(0))
        self.assertEqual([day["found"] for day in report["days"]], [3, 5])
        self.assertEqual(report["total_leads_found"], 8)
        self.assertEqual(report["by_source"], {"facebook_form": 8})
        self.assertEqual(report["by_date_range"], {"older_than_2_months": 0, "younger_than_6_months": 8})

    def test_the_trend_compares_with_the_period_before(self):
        self.run_on(35, 4)
        self.run_on(3, 6)
        report = self.report.generate_trend_analysis(30, "Voice")
        self.assertEqual(report["previous_period"]["total_leads_distributed"], 4)
        self.assertEqual(report["change"]["total_leads_distributed"], 50.0)
        self.assertEqual(report["direction"], "rising")
        self.assertEqual(self.report.generate_trend_analysis(1)["change"]["total_leads_found"], None)

    def test_bad_input_is_told(self):
        for call in (
            lambda: self.report.generate_daily_report("yesterday"),
            lambda: self.report.generate_daily_report(None, "No such campaign"),
            lambda: self.report.generate_campaign_report("Voice", "2026-02-01", "2026-01-01"),
            lambda: self.report.generate_trend_analysis(0),
            lambda: self.report.generate_salesperson_report(10**8),
        ):
            with self.assertRaises(ValidationError):
                call()

    def test_the_number_of_queries_does_not_grow_with_the_runs(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report.generate_campaign_report("Voice", self.days_ago(100), self.days_ago(0))
            return self.env.cr.sql_log_count - before

        self.run_on(1)
        count()
        few = count()
        for day in range(2, 9):
            self.run_on(day)
        count()  # as above: what was forgotten meanwhile is known again
        self.assertLessEqual(count(), few)

    def request(self, kind, **values):
        values = {"kind": kind, "campaign_id": self.campaign.id, "user_id": self.ann.id, **values}
        return self.env["lead.distribution.report.request"].create(values)

    def test_all_forms_of_all_reports_tell_the_same_numbers(self):
        self.run_on(1, 5, max_leads=4)
        run = self.run_on(0, 1234 // 200, max_leads=5)
        for request in (
            self.request("daily"), self.request("campaign"), self.request("salesperson"), self.request("trend"),
            self.request("run", run_id=run.id),
        ):  # fmt: skip
            document = request._get_document()
            facts = {label: value for label, value in document.facts}
            data = json.loads(request.render("json")[1])
            self.assertEqual(data, json.loads(json.dumps(request._get_data())))
            rows = list(csv.reader(io.StringIO(request.render("csv")[1].decode("utf-8-sig"))))
            book = load_workbook(io.BytesIO(request.render("xlsx")[1]))
            sheet = {row[0]: row[1] for row in book.worksheets[0].iter_rows(min_row=4, max_col=2, values_only=True)}
            html = unescape(re.sub(r"<[^>]+>", "|", request.render("html")[1].decode()))
            for label, value in facts.items():
                shown = safe_cell(value)
                self.assertIn([label, str(shown)], rows)
                self.assertEqual("" if sheet[label] is None else sheet[label], shown)
                self.assertIn(
                    f"|{label}||{shown:,}|" if isinstance(shown, (int, float)) else f"|{label}||{shown}|", html
                )
            for number, table in enumerate(document.tables, 1):
                for row in table.rows:
                    cells = [safe_cell(cell) for cell in row]
                    self.assertIn([str(cell) for cell in cells], rows)
                    values = [
                        [cell if cell is not None else "" for cell in r]
                        for r in book.worksheets[number].iter_rows(values_only=True)
                    ]
                    self.assertIn(cells, [r[: len(cells)] for r in values])

    def test_numbers_of_people_add_up_and_an_empty_table_says_so(self):
        long_ago = self.days_ago(400)
        people = self.request("daily", date_from=long_ago, date_to=long_ago)._get_document().tables[0]
        self.assertFalse(people.rows)
        html = self.request("salesperson").render("html")[1].decode()
        self.assertIn("colspan='3'>–</td>", html)
        self.run_on(0, 4, max_leads=3)
        table = self.request("daily")._get_document().tables[0]
        places = [table.header.index(name) for name in ("Before", "Received", "Given up", "After")]
        self.assertTrue(table.rows)
        for row in table.rows:
            before, received, given_up, after = (row[place] for place in places)
            self.assertEqual(after, before + received - given_up)

    def test_the_run_report_has_the_shape_of_section_8_1(self):
        run = self.run_on(0, 4, max_leads=3)
        data = run.get_report_data()
        self.assertEqual(data["distribution_summary"], {
            "total_leads_found": 4, "total_leads_distributed": 3, "leads_not_distributed": 1,
            "reason_not_distributed": "Limit of the run reached: 1", "distribution_efficiency": 75.0,
        })  # fmt: skip
        person = data["salesperson_summary"][0]
        self.assertLessEqual({"name", "id", "level", "target_leads", "current_leads", "leads_received", "new_total",
                              "utilization"}, set(person))  # fmt: skip
        self.assertEqual(data["lead_characteristics"]["by_source"], {"facebook_form": 3})
        self.assertIn("analytics", data)
        self.campaign.report_analytics = False
        self.assertNotIn("analytics", run.get_report_data())

    def test_levels_are_called_as_in_the_campaign_of_the_run(self):
        apple = self.make_campaign("Apple", self.ann)
        own = {"name": "Experts", "code": "senior", "campaign_id": apple.id, "priority": 9}
        self.campaign.member_ids.level_id = self.level["senior"]
        apple.member_ids.level_id = self.env["lead.distribution.level"].create(own)
        for campaign, here, elsewhere in ((self.campaign, "Senior", "Experts"), (apple, "Experts", "Senior")):
            _name, content = self.run_on(0, campaign=campaign).render_report("csv")
            self.assertIn(here, content.decode())
            self.assertNotIn(elsewhere, content.decode())

    def test_reports_and_lists_guard_the_same_texts(self):
        for text in ("=1", "\u00a0=1", "\ufeff@x", "＝1", " %x", "|x", "\t", "Ann", "a=b"):
            self.assertEqual(safe_cell(text), guard(text))

    def test_no_spreadsheet_takes_a_name_for_a_formula(self):
        self.ann.name = '=HYPERLINK("http://evil","x")'
        self.run_on(0, 3)
        request = self.request("daily")
        rows = list(csv.reader(io.StringIO(request.render("csv")[1].decode("utf-8-sig"))))
        self.assertFalse([cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))])
        book = load_workbook(io.BytesIO(request.render("xlsx")[1]))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
        self.assertFalse([cell for cell in cells if cell.data_type == "f" or str(cell.value).startswith("=")])

    def test_a_page_says_in_which_language_it_is_as_it_may_be_read_aloud(self):
        for lang, told in (("en_US", "en-US"), ("sr@latin", "sr")):
            self.env["res.lang"]._activate_lang(lang)
            request = self.env["lead.distribution.report.request"].with_context(lang=lang)
            _name, content = request.create({"kind": "daily", "campaign_id": self.campaign.id}).render("html")
            self.assertIn(f"<html lang='{told}'>", content.decode())

    def test_html_escapes_what_people_typed(self):
        document = Document("<b>", "", [("x", "<script>alert(1)</script>")], [Table("<i>", ["<u>"], [["<img>"]])], {})
        html = write(document, "html").decode()
        for tag in ("<script", "<img", "<i>", "<u>", "<b>"):
            self.assertNotIn(tag, html)

    def test_bars_say_what_they_draw_where_another_number_stands_beside_them(self):
        header = ["Who", "Received", "Utilization"]
        for bars, said in (((1,), "Received"), ((2,), "")):
            table = Table("People", header, [["Ann", 8, 86.5]], bars=bars)
            html = write(Document("A", "", [], [table], {}), "html").decode()
            self.assertEqual(re.findall(r"<th [^>]*>([^<]*)</th>", html), [*header, said])

    def test_numbers_below_each_other_have_the_same_decimals(self):
        rows = [["Ann", 3, 94.67, 1234.5], ["Bob", 2, 83.0, 7], ["Cem", None, None, None]]
        html = write(
            Document("A", "", [], [Table("T", ["Name", "Leads", "Share", "Hours"], rows)], {}), "html"
        ).decode()
        shown = re.findall(r"<td[^>]*>([^<]*)</td>", html)
        self.assertEqual(shown, ["Ann", "3", "94.67", "1,234.5", "Bob", "2", "83.00", "7.0", "Cem", "", "", ""])

    def test_sheets_with_equal_or_strange_titles_work(self):
        tables = [Table("A/B [x]:*? and a very long title indeed", ["n"], [[1]]) for _n in range(3)]
        book = load_workbook(io.BytesIO(write(Document("A", "", [], tables, {}), "xlsx")))
        self.assertEqual(len(book.worksheets), 4)

    def test_what_is_missing_is_told_in_the_place_of_the_report(self):
        self.assertIn("Choose a run", self.request("run").preview)
        self.assertIn("whole number", self.request("trend", days=0).preview)

    def test_an_unknown_format_is_refused(self):
        with self.assertRaises(ValidationError):
            self.request("daily").render("docx")

    def test_pdf_is_printed_from_the_same_document_or_says_what_is_missing(self):
        run = self.run_on(0, 3)
        request = self.request("daily")
        report = self.env["ir.actions.report"]
        html, _kind = report._render_qweb_html("lead_distribution.report_request_action", request.ids)
        self.assertIn("Leads handed out on", html.decode())
        html, _kind = report._render_qweb_html("lead_distribution.report_run_action", run.ids)
        self.assertIn("facebook_form", html.decode())
        self.patch(type(report), "get_wkhtmltopdf_state", lambda *a: "install")
        with self.assertRaisesRegex(UserError, "wkhtmltopdf"):
            request.render("pdf")

    def test_without_the_program_for_pdf_the_button_says_what_to_install_and_offers_html(self):
        self.patch(type(self.env["ir.actions.report"]), "get_wkhtmltopdf_state", lambda *a: "install")
        request = self.request("daily")
        with self.assertRaises(RedirectWarning) as warning:
            request.with_context(format_name="pdf").action_download()
        text, action, label = warning.exception.args[:3]
        self.assertIn("wkhtmltopdf", text)
        self.assertTrue(action["url"].endswith(f"/{request.id}/html"))
        self.assertIn("HTML", label)

    def test_what_is_wrong_with_a_report_is_told_before_the_download_and_not_on_a_page_of_its_own(self):
        with self.assertRaises(ValidationError):
            self.request("trend", days=0).action_download()

    def test_a_report_is_sent_to_those_who_are_shown_and_nobody_else(self):
        run = self.run_on(0, 3)
        self.campaign.report_user_ids = self.bob
        send = self.env["lead.distribution.report.send"].with_user(self.manager).create({"run_id": run.id})
        self.assertEqual(send.user_ids, self.bob)
        before = self.env["mail.mail"].search([])
        answer = send.action_send()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, self.bob.partner_id)
        self.assertIn(self.bob.email, answer["params"]["message"])
        send.user_ids = False
        with self.assertRaisesRegex(UserError, "Choose who"):
            send.action_send()
        self.cem.email = False
        send.user_ids = self.cem
        with self.assertRaisesRegex(UserError, "No email address"):
            send.action_send()

    def test_charts_are_drawn_for_the_screen_and_for_print_without_scripts_and_not_in_e_mails(self):
        for days in (3, 1):
            self.run_on(days, 2)
        request = self.request("campaign")
        html = request.render("html")[1].decode()
        self.assertEqual(html.count("<svg"), 1)
        self.assertIn("<rect", html)
        self.assertIn("border-top:10px", html)  # bars: borders are printed, backgrounds are not
        self.assertNotIn("<script", html)
        self.assertNotIn("background", html)
        self.assertNotIn("<svg", self.campaign.get_report_body())

    def test_the_file_of_a_run_is_attached_and_mailed_only_when_asked_for(self):
        mails = self.env["mail.mail"].search([])
        run = self.run_on(0, 3)
        self.assertFalse(self.attachments(run))
        self.assertEqual(self.env["mail.mail"].search([]), mails)
        self.campaign.write({"report_format": "json", "report_mail": "run", "report_user_ids": self.bob.ids})
        run = self.run_on(0, 3)
        attachment = self.attachments(run)
        self.assertEqual(json.loads(attachment.raw)["distribution_summary"]["total_leads_distributed"], 3)
        mail = self.env["mail.mail"].search([]) - mails
        self.assertEqual(mail.recipient_ids, self.bob.partner_id)
        self.assertIn("Voice: 3 of 3", mail.subject)
        self.assertIn("facebook_form", mail.body_html)
        self.assertEqual(mail.attachment_ids, attachment)

    def attachments(self, run):
        return self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])

    def test_the_weekly_report_goes_out_once_a_week_to_the_responsible(self):
        self.campaign.write({"report_mail": "weekly", "user_id": self.manager.id})
        self.run_on(1, 3)
        before = self.env["mail.mail"].search([])
        for _day in range(2):
            with self.enter_registry_test_mode():
                self.env.ref("lead_distribution.ir_cron_weekly_report").method_direct_trigger()
        mail = self.env["mail.mail"].search([]) - before
        self.assertEqual(mail.recipient_ids, self.manager.partner_id)
        self.assertIn("Campaign report: Voice", mail.body_html)
        self.campaign.report_sent_on -= timedelta(days=7)
        with self.enter_registry_test_mode():
            self.env.ref("lead_distribution.ir_cron_weekly_report").method_direct_trigger()
        self.assertEqual(len(self.env["mail.mail"].search([]) - before), 2)

    def test_a_weekly_report_that_fails_keeps_no_other_back(self):
        other = self.make_campaign("Apple", self.ann)
        both = self.campaign + other
        both.write({"report_mail": "weekly", "user_id": self.manager.id})

        def send(campaign):
            if campaign == self.campaign:
                raise ValueError("cannot be rendered")
            send_weekly_report(campaign)

        self.patch(weekly, "send_weekly_report", send)
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode(), self.assertLogs(weekly.__name__, "ERROR") as logs:
            self.env.ref("lead_distribution.ir_cron_weekly_report").method_direct_trigger()
        self.assertIn(f"campaign {self.campaign.id} failed", logs.output[0])
        mail = self.env["mail.mail"].search([]) - before
        self.assertIn("Campaign report: Apple", mail.body_html)
        self.assertEqual(both.mapped("report_sent_on"), [False, get_today(other)])

    @users("ann@test")
    def test_salespeople_see_their_own_report_and_no_other(self):
        report = self.env["lead.distribution.report"]
        self.assertEqual(report.generate_salesperson_report()["name"], "Ann")
        for call in (
            lambda: report.generate_salesperson_report(self.bob.id), report.generate_daily_report,
            report.generate_campaign_report, report.generate_trend_analysis,
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                call()

    @users("mia@test")
    def test_reports_stay_in_the_companies_of_the_user(self):
        other = self.campaign.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("otto", company_id=other.id, company_ids=[(6, 0, other.ids)])
        campaign = self.make_campaign("Elsewhere", stranger, company_id=other.id)
        self.make_leads(2, company_id=other.id)
        campaign.distribute()
        report = self.env["lead.distribution.report"].generate_daily_report()
        self.assertEqual(report["total_leads_found"], 0)
        with self.assertRaises(ValidationError):
            self.env["lead.distribution.report"].generate_daily_report(None, "Elsewhere")

    @users("mia@test")
    def test_companies_that_are_not_the_users_cannot_be_asked_for(self):
        other = self.campaign.env["res.company"].create({"name": "Other"})
        report = self.env["lead.distribution.report"].with_context(allowed_company_ids=other.ids)
        for call in (
            lambda: report.generate_campaign_report(None, "2024-01-01", "2024-01-31"),
            lambda: report.generate_daily_report("2024-01-01"),
            lambda: report.generate_salesperson_report(self.ann.id, "2024-01-01", "2024-01-31"),
            report.generate_trend_analysis, report.generate_performance_metrics,
            report.analyze_salesperson_utilization, report.env["lead.distribution.dashboard"].get_data,
        ):  # fmt: skip
            with self.assertRaises(AccessError):
                call()


@tagged("post_install", "-at_install")
class TestDownload(DistributionCase, HttpCase):
    """Reports over HTTP: the user's own requests only."""

    def test_a_report_is_downloaded_and_those_of_others_are_not_found(self):
        self.make_leads(3)
        self.campaign.distribute()
        request = self.env["lead.distribution.report.request"].with_user(self.manager).create({"kind": "daily"})
        self.authenticate("mia@test", "mia@test")
        answer = self.url_open(f"/lead_distribution/report/{request.id}/csv")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Leads handed out,3", answer.text)
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(self.url_open(f"/lead_distribution/report/{request.id}/exe").status_code, 400)
        self.authenticate("ann@test", "ann@test")
        self.assertEqual(self.url_open(f"/lead_distribution/report/{request.id}/csv").status_code, 404)
