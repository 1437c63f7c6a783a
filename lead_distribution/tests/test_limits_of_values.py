"""What people type or ask for is as large as it can be, and anything larger is refused in words."""

from datetime import date
from math import inf, nan
from pathlib import Path

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import BaseCase, tagged
from odoo.tools import file_path

from odoo.addons.lead_distribution.finding.scope import get_today

from ..finding.dates import business_days_before
from ..tools.limits import CHAR, LONGEST_DAYS, TEXT
from .common import DistributionCase
from .config_common import ConfigCase

NUMBERS = (10**12, -(10**12), 10**400, nan, inf, -inf)
TECHNICAL = "psycopg|Traceback|integer out of range|index row|Overflow|_pkey|NUL"


@tagged("post_install", "-at_install")
class TestLimitsOfFields(DistributionCase):
    def _get_typed_models(self):
        typed = self.env["lead.distribution.typed"]
        return [self.env[name] for name in typed._inherit_children if self.env[name]._auto]

    def _refuse(self, model, vals):
        with self.assertRaises(ValidationError) as caught:
            model.create(vals)
        self.assertNotRegex(str(caught.exception), TECHNICAL)
        self.assertLess(len(str(caught.exception)), 2_000)

    def test_every_model_that_managers_fill_in_has_limits(self):
        lines = Path(file_path("lead_distribution/security/ir.model.access.csv")).read_text().splitlines()[1:]
        names = {line.split(",")[2].removeprefix("model_") for line in lines if line.split(",")[5:7] == ["1", "1"]}
        writable = {model for model in self.env.registry if model.replace(".", "_") in names}
        missing = writable - set(self.env["lead.distribution.typed"]._inherit_children)
        only_ours = {name for name in missing if name.startswith(("crm.lead.why", "lead.distribution.verification"))}
        # these are filled in by the addon itself, or have no texts and numbers of their own
        known = {
            "crm.lead.distribute", "lead.distribution.config.text", "lead.distribution.line.up.line",
            "lead.distribution.report.send", "lead.distribution.revert", "lead.import.batch", "lead.import.caller",
            "lead.import.column", "lead.import.sheet", "lead.distribution.handover",
        }  # fmt: skip
        self.assertLessEqual(missing, known | only_ours)

    def test_no_number_of_any_model_reaches_the_database_too_large(self):
        for model in self._get_typed_models():
            for name, field in model._fields.items():
                if field.store and field.type in ("integer", "float") and name not in models_magic:
                    for number in NUMBERS:
                        if number == 10**12 and field.type == "float" and name not in model._limits:
                            number = 10**13
                        with self.subTest(f"{model._name}.{name} = {number:.0e}" if number < 10**300 else name):
                            self._refuse(model, {name: number})

    def test_no_text_of_any_model_is_longer_than_it_can_be(self):
        for model in self._get_typed_models():
            for name, field in model._fields.items():
                if field.store and field.type in ("char", "text") and not field.related and name in model._fields:
                    limit = model._limits.get(name, CHAR if field.type == "char" else TEXT)
                    for text in ("x" * (limit + 1), "a\0b", "a\ud800"):
                        with self.subTest(f"{model._name}.{name}"):
                            self._refuse(model, {name: text})

    def test_what_is_written_later_is_checked_too(self):
        campaign = self.campaign.with_user(self.manager)
        for vals in (
            {"name": "x" * 1_000_000},
            {"younger_than_days": LONGEST_DAYS + 1},
            {"member_ids": [Command.update(campaign.member_ids[0].id, {"weight": nan})]},
            {"filter_ids": [Command.create({"values_text": "x" * 10**6})]},
            {"custom_date_from": "0001-01-01"},
            {"retry_delay": 10**6},
        ):
            with self.subTest(list(vals)), self.assertRaises(ValidationError) as caught:
                campaign.write(vals)
            self.assertNotRegex(str(caught.exception), TECHNICAL)

    def test_a_name_of_the_largest_size_fits_into_the_index(self):
        name = "".join(chr(0x1F300 + n) for n in range(CHAR))
        status = self.env["crm.lead.status"].create({"name": name})
        self.campaign.dropback_rule_ids = [Command.create({"name": name, "user_id": self.ann.id})]
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual((status.name, self.campaign.dropback_rule_ids.name), (name, name))

    def test_settings_are_checked(self):
        for value in NUMBERS[:3]:
            with self.assertRaises(ValidationError):
                self.env["res.config.settings"].create({"lead_distribution_stale_days": value})
        parameters = self.env["ir.config_parameter"].sudo()
        for text in ("9" * 30, "²", "x", "99999999"):
            parameters.set_param("lead_distribution.stale_days", text)
            self.assertTrue(self.make_leads().classification)
            self.env["crm.lead"].search([("classification", "=", "stale")], limit=1)

    def test_a_status_in_use_says_where(self):
        status = self.env["crm.lead.status"].create({"name": "Busy"})
        self.make_leads(2, lead_status_id=status.id)
        self.campaign.status_reset_id = status
        self.pools(("unassigned", [], 0))
        self.campaign.pool_ids.status_ids = status
        with self.assertRaises(UserError) as caught:
            status.unlink()
        for words in ("Busy: still in use", "Lead: 2", "Lead Distribution Campaign: 1", "Pool of Leads: 1"):
            self.assertIn(words, str(caught.exception).replace("Lead/Opportunity", "Lead"))
        unused = self.env["crm.lead.status"].create({"name": "Idle"})
        unused.unlink()
        self.assertFalse(unused.exists())


models_magic = ("id", "create_uid", "write_uid")


@tagged("post_install", "-at_install")
class TestLimitsOfOptions(DistributionCase):
    def test_options_without_sense_are_told_together(self):
        for options in (
            {"seed": 10**12},
            {"seed": -1},
            {"max_leads": 10**10},
            {"max_leads": nan},
            {"lead_ids": [True]},
            {"lead_ids": [10**30]},
            {"lead_ids": [1.5]},
            {"date_from": "0001-01-01"},
            {"date_from": date(1, 1, 1)},
            {"date_to": {1: 2}},
            {"date_to": [1]},
            {"strategy": ["round_robin"]},
            {"strategy": "x" * 10**6},
            {"force_round_robin": "yes"},
        ):
            with self.subTest(str(options)[:60]), self.assertRaises(ValidationError) as caught:
                self.campaign.with_user(self.manager).simulate(**options)
            self.assertNotRegex(str(caught.exception), TECHNICAL)
            self.assertLess(len(str(caught.exception)), 1_000)

    def test_the_last_day_of_all_is_an_open_end(self):
        lead = self.make_leads()
        run = self.campaign.with_user(self.manager).distribute(date_from="1900-01-01", date_to="9999-12-31")
        self.assertEqual(run.sudo().assignment_ids.lead_id, lead)
        self.assertTrue(run.to_dict())
        self.campaign.write(
            {"custom_date_from": "1900-01-01", "custom_date_to": "9999-12-31", "tz": "America/New_York"}
        )
        self.campaign.window_field_id = self.env["ir.model.fields"]._get("crm.lead", "create_date")
        self.assertIn("leads_found", self.campaign.simulate().to_dict())
        self.assertTrue(self.campaign.get_workload())

    def test_leads_of_the_first_and_the_last_day_are_handed_out(self):
        self.campaign.use_window = False
        leads = self.make_leads(source_date=date(1, 1, 1)) + self.make_leads(source_date=date(9999, 12, 31))
        run = self.campaign.distribute()
        self.assertEqual(run.leads_distributed, 2)
        run.action_revert()
        self.assertFalse(leads.user_id)
        self.campaign.write({"use_dropback": True, "dropback_threshold_ids": [Command.create({"days": LONGEST_DAYS})]})
        for business_days in (False, True):
            self.campaign.dropback_threshold_ids.business_days = business_days
            self.assertTrue(self.campaign.simulate().to_dict())

    def test_business_days_are_those_of_the_calendar(self):
        for days in (0, 1, 4, 5, 6, 10, 23):
            limit = business_days_before(get_today(self.campaign), days)
            passed = sum(
                fields.Date.add(limit, days=n).weekday() < 5 for n in range((get_today(self.campaign) - limit).days)
            )
            self.assertEqual(passed, days)
            earlier = fields.Date.subtract(limit, days=1)
            self.assertLess(earlier.weekday(), 5)
        self.assertEqual(business_days_before(get_today(self.campaign), 10**9), date(1, 1, 1))

    def test_reports_ask_for_sensible_dates_and_ids(self):
        report = self.env["lead.distribution.report"].with_user(self.manager)
        for call in (
            lambda: report.generate_campaign_report(None, "0001-01-01", "9999-12-31"),
            lambda: report.generate_daily_report([1]),
            lambda: report.generate_daily_report(None, True),
            lambda: report.generate_daily_report(None, 10**30),
            lambda: report.generate_daily_report(None, ["x"]),
            lambda: report.generate_daily_report(None, "a\0b"),
            lambda: report.generate_trend_analysis(10**12),
            lambda: report.generate_trend_analysis(nan),
            lambda: report.generate_salesperson_report("x"),
            lambda: report.generate_salesperson_report(True),
            lambda: report.generate_salesperson_report(10**30),
            lambda: self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(True, 30),
            lambda: self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(None, 10**12),
            lambda: self.env["crm.lead"].lookup_classification("\0"),
        ):
            with self.assertRaises(ValidationError) as caught:
                call()
            self.assertNotRegex(str(caught.exception), TECHNICAL)
        self.assertTrue(report.generate_campaign_report(None, "1900-01-01", "9999-12-31"))
        for text in ("no\0body of this name", "no\ud800body"):
            self.assertEqual(self.env["crm.lead"].lookup_classification(text), [])


@tagged("post_install", "-at_install")
class TestLimitsOfConfigurations(ConfigCase):
    def test_texts_and_numbers_too_large_are_told_with_their_path(self):
        self.refuse("longer than", distribution={"strategy": "round_robin"}, name="x" * 1_000_000)
        for settings in (
            {"younger_than_days": 10**12},
            {"retry_delay": nan},
            {"max_workload": inf},
            {"known_owner_days": 10**8},
            {"description": "x" * 10**6},
        ):
            message = self.refuse(odoo={"settings": settings})
            self.assertNotRegex(message, TECHNICAL)
        self.refuse("longer than", lead_finding={"web_sources": ["x" * 501]})

    def test_a_condition_with_a_number_without_end_is_none(self):
        with self.assertRaisesRegex(ValidationError, "is no condition"):
            self.campaign.dropback_threshold_ids = [
                Command.create({"days": 3, "conditions_text": "color >= " + "9" * 400})
            ]


@tagged("post_install", "-at_install")
class TestLimitsAreOdooFree(BaseCase):
    def test_a_name_in_the_largest_writing_fits_into_a_page_of_an_index(self):
        self.assertLess(CHAR * 4, 2_700)
