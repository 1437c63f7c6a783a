"""What people read has no technical names in it: labels, views, reports in every format, e-mails."""

import csv
import io
import re
from html import unescape
from pathlib import Path

from lxml import etree
from openpyxl import load_workbook

from odoo.tests import tagged

from ..reporting.documents import lay_out
from ..reporting.notify import tell_people
from .common import DistributionCase

MODULE = "lead_distribution"
TECHNICAL = {
    "a technical name": re.compile(r"\b[a-z]+(?:_[a-z0-9]+)+\b"),
    "a value of Python": re.compile(r"\b(?:None(?! of)|True|False)\b"),
    "a date that only programs write": re.compile(r"\b\d{4}-\d\d-\d\d\b"),
    "a plural of one": re.compile(
        r"(?<![\d.,/:])\b1 (?:leads|rows|days|people|times|hours|points|runs|files|seconds|minutes|campaigns|members)\b"
    ),
    "another word for salesperson": re.compile(r"\b(?:[Hh]older|[Cc]aller)s?\b"),
    "another word for classification": re.compile(r"\b[Cc]lass(?:es)?\b"),
}
SHOWN = ("string", "placeholder", "help", "confirm", "title", "sum", "avg", "aria-label", "data-tooltip")
# what is a technical name on purpose: a person types it, or looks it up under it
ALLOWED = {
    "lead.distribution.filter.field_name": "the name of a field, for those who write configurations",
    "lead.distribution.campaign.dropback_source_fields": "names of fields are what is typed there",
    "lead.distribution.dropback.threshold.conditions_text": "an expression with names of fields is what is typed there",
    "lead.distribution.config.load": "text of a configuration is made of keys",
    "lead.distribution.config.text": "text of a configuration is made of keys",
}


def find_technical(text):
    """Return what is no word for people in a text: [(what it is, where)]."""
    return [
        (name, text[max(0, found.start() - 30) : found.end() + 30])
        for name, pattern in TECHNICAL.items()
        for found in pattern.finditer(text)
    ]


def strip(html):
    """Return the text of HTML, a line an element, without styles and what is drawn."""
    html = re.sub(r"<(style|script)\b.*?</\1>", "", str(html), flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", "\n", html))


@tagged("post_install", "-at_install")
class TestLabels(DistributionCase):
    """Labels, helps and choices of fields, and the texts of views, menus and actions."""

    def check(self, texts):
        """Check {where: text}."""
        found = {where: wrong for where, text in texts.items() if (wrong := find_technical(text))}
        self.assertFalse(found, "\n".join(f"{where}: {wrong}" for where, wrong in found.items()))

    def list_fields(self):
        for name, model in self.env.items():
            for field in model._fields.values():
                own = field._module == MODULE and not name.startswith(("test.", "res.config"))
                if own and not {name, f"{name}.{field.name}"} & ALLOWED.keys():
                    yield f"{name}.{field.name}", field._description_string(self.env) or "", field

    def test_labels_of_fields_are_words(self):
        self.check({where: label for where, label, _field in self.list_fields()})

    def test_labels_say_what_a_field_is_and_do_not_repeat_its_name(self):
        """Odoo makes "Is Slow", "Priority Min", "Left Over Rest" out of a name that nobody has put into words."""
        made = re.compile(r"^(?:Is|Has|Can) [A-Z]|(?: (?:Min|Max|Ids?|Key|Json))$")
        self.assertFalse({where: label for where, label, _field in self.list_fields() if made.search(label)})

    def test_helps_of_fields_are_words(self):
        self.check({where: field._description_help(self.env) or "" for where, _label, field in self.list_fields()})

    def test_choices_are_words(self):
        choices = {
            where: "\n".join(label for _value, label in field._description_selection(self.env))
            for where, _label, field in self.list_fields()
            if field.type == "selection"
        }
        self.check(choices)

    def test_texts_of_views_are_words(self):
        views = self.env["ir.ui.view"].search([]).filtered(lambda view: view.xml_id.startswith(f"{MODULE}."))
        self.assertTrue(views)
        texts = {}
        for view in views.filtered(lambda view: view.type != "qweb" and view.model not in ALLOWED):
            tree = etree.fromstring(view.arch)
            for node in tree.iter(etree.Element):
                shown = [node.get(name) or "" for name in SHOWN if node.tag != "attribute"]
                texts[f"{view.xml_id} line {node.sourceline} {node.tag}"] = "\n".join(
                    [*shown, "" if node.tag == "attribute" else node.text or "", node.tail or ""]
                )
        self.check(texts)

    def test_texts_of_pages_drawn_in_the_browser_are_words(self):
        texts = {}
        for path in (Path(__file__).parent.parent / "static" / "src").rglob("*.xml"):
            for node in etree.parse(path).iter(etree.Element):
                shown = [node.get(name) or "" for name in SHOWN]
                texts[f"{path.name} line {node.sourceline}"] = "\n".join([*shown, node.text or "", node.tail or ""])
        self.assertTrue(texts)
        self.check(texts)

    def test_an_import_is_named_with_a_day_as_people_write_it(self):
        self.env["res.lang"]._lang_get("en_US").date_format = "%d.%m.%Y"
        batch = self.env["lead.import.batch"].create({"file_name": "fair.csv"})
        self.assertRegex(batch.name, r"^fair\.csv \d\d\.\d\d\.\d{4}$")

    def test_menus_and_actions_are_words(self):
        data = self.env["ir.model.data"].search(
            [("module", "=", MODULE), ("model", "in", ("ir.ui.menu", "ir.actions.act_window", "ir.actions.client"))]
        )
        texts = {}
        for row in data:
            record = self.env[row.model].browse(row.res_id)
            texts[row.name] = f"{record.name}\n{strip(record.help or '') if 'help' in record._fields else ''}"
        self.check(texts)


@tagged("post_install", "-at_install")
class TestReportWords(DistributionCase):
    """Every report, in every format for people; JSON is for programs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["utm.source"].create({"name": "Form of Facebook"})
        cls.campaign.write({"strategy": "round_robin", "user_id": cls.manager.id, "report_analytics": True})
        cls.make_leads(4, source_id=cls.source.id, lead_status_id=cls.status["in_progress"].id)
        cls.make_leads(2)  # without a source, and a status
        cls.run_done = cls.campaign.distribute(max_leads=5)

    def requests(self):
        """Return each report that can be asked for."""
        make = self.env["lead.distribution.report.request"].create
        of_all = {"campaign_id": self.campaign.id, "user_id": self.run_done.assignment_ids.user_id[0].id}
        return [
            make({"kind": "daily", **of_all}), make({"kind": "campaign", **of_all}),
            make({"kind": "salesperson", **of_all}), make({"kind": "trend", **of_all}),
            make({"kind": "trend", "days": 1, **of_all}), make({"kind": "run", "run_id": self.run_done.id}),
        ]  # fmt: skip

    def check(self, where, text):
        self.assertFalse(find_technical(text), where)

    def test_reports_on_the_screen_in_print_and_as_html_are_words(self):
        for request in self.requests():
            self.check(request.kind, strip(request.render("html")[1].decode()))
            self.check(request.kind, strip(request.preview))
        printed, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "lead_distribution.report_run_action", self.run_done.ids
        )
        self.check("print", strip(printed.decode().partition('<div class="page">')[2].partition("<!--")[0]))

    def test_reports_as_csv_are_words(self):
        for request in self.requests():
            rows = csv.reader(io.StringIO(request.render("csv")[1].decode("utf-8-sig")))
            self.check(request.kind, "\n".join(cell for row in rows for cell in row))

    def test_reports_for_excel_are_words(self):
        for request in self.requests():
            book = load_workbook(io.BytesIO(request.render("xlsx")[1]))
            cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row
                     if cell.value is not None]  # fmt: skip
            self.check(request.kind, "\n".join([*cells, *book.sheetnames]))

    def test_a_figure_of_zero_is_a_zero(self):
        for request in self.requests():
            for label, value in request._get_document().facts:
                if label in ("Failed runs", "Dropped back", "Not dropped back", "Given up"):
                    self.assertEqual(value, 0)
            html = request.render("html")[1].decode()
            self.assertNotRegex(html, r"Dropped back</td><td[^>]*></td>")

    def test_dates_and_numbers_are_those_of_the_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        request = self.requests()[0].with_context(lang="de_DE")
        day = self.run_done.distribution_date.strftime("%d.%m.%Y")
        self.assertIn(day, request._get_document().title)
        self.assertEqual(request._get_document().number(1234.5), "1.234,5")

    def test_the_text_of_a_run_and_of_a_plan_is_words(self):
        self.make_leads(1)
        for run in (self.run_done, self.campaign.simulate()):
            self.check(run.state, run.get_text_report())

    def test_what_the_run_page_and_the_dashboard_show_is_words(self):
        """Keys and codes aside: the texts between them."""
        figures = self.run_done.overview
        shown = [
            figures["strategy_name"], *figures["left_over_names"].values(), *figures["recommendations"],
            *(step["name"] for step in figures["funnel"]),
            *(f"{name}: {value}" for name, value in figures["strategy_settings"]),
            *(f"{judged['label']}: {judged['word']}, {judged['detail']}" for judged in figures["evenness"]),
        ]  # fmt: skip
        self.check("run", "\n".join(shown))
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data()
        labels = [figure["label"] for figure in data["figures"]] + [item["text"] for item in data["attention"]]
        self.check("dashboard", "\n".join(labels))

    def test_what_cannot_be_shared_more_equally_is_even(self):
        """Fewer leads than people: somebody has one more than others, on the page and in the report."""
        run = self.campaign.simulate(max_leads=1)
        judged, detail = run.overview["evenness"][0], "at most 1 lead apart"
        self.assertGreater(run.salespeople_eligible, 1)
        self.assertEqual((judged["word"], judged["detail"]), ("even", detail))
        document = lay_out("run", run.get_report_data(), self.env)
        self.assertIn(("Shares received", f"even: {detail}"), document.facts)

    def test_the_history_is_words(self):
        for row in self.run_done.assignment_ids:
            self.check("history", f"{row.explanation}\n{row.strategy_name}")

    def test_e_mails_are_words_and_fit_into_600_pixels(self):
        bodies = {
            "run": self.run_done.with_user(self.manager).get_report_body(),
            "week": self.campaign.with_user(self.manager).get_report_body(),
        }
        for name, body in bodies.items():
            self.check(name, strip(body))
            self.assertNotIn("<svg", body)  # programs for e-mails leave it out
            for table in etree.HTML(body).iter("table"):
                header = table.find(".//thead/tr")
                if header is not None and len(header) > 6:
                    self.assertEqual(len(header), 8)  # no column of bars beside these

    def test_messages_about_a_run_are_words(self):
        before = self.env["mail.message"].search([])
        self.campaign.write({"notify_salespeople": "inbox", "notify_responsible": True})
        tell_people(self.run_done)
        messages = self.env["mail.message"].search([]) - before
        self.assertTrue(messages)
        for message in messages:
            self.check("message", f"{message.subject}\n{strip(message.body)}")

    def test_templates_of_e_mails_are_words(self):
        for name, record in (("run_report", self.run_done), ("weekly_report", self.campaign)):
            template = self.env.ref(f"lead_distribution.mail_template_{name}")
            values = template._generate_template(record.ids, ("subject", "body_html"))[record.id]
            self.check(name, f"{values['subject']}\n{strip(values['body_html'])}")
            self.check(name, f"{template.name}\n{template.description}")


@tagged("post_install", "-at_install")
class TestPlurals(DistributionCase):
    def test_one_is_no_plural_in_reports_and_messages(self):
        self.campaign.member_ids = [(6, 0, self.campaign.member_ids[:1].ids)]
        self.make_leads(2)
        run = self.campaign.distribute(max_leads=1)
        before = self.env["mail.message"].search([])
        tell_people(run)
        texts = [run.get_text_report(), strip(run.get_report_body())]
        texts += [
            f"{message.subject}\n{strip(message.body)}" for message in self.env["mail.message"].search([]) - before
        ]
        template = self.env.ref("lead_distribution.mail_template_run_report")
        texts.append(template._generate_template(run.ids, ("subject",))[run.id]["subject"])
        self.assertFalse([wrong for text in texts for wrong in find_technical(text)])
