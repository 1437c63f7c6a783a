import base64
import csv
import io

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestDropbackTold(DistributionCase):
    """What could not be dropped back is counted apart and told; lists of leads are files of the run."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.boss = cls.make_user("boss")
        cls.campaign.write(
            {
                "use_dropback": True,
                "user_id": cls.manager.id,
                "dropback_threshold_ids": [Command.create({"days": 30})],
                "dropback_rule_ids": [Command.create({"name": "rest", "is_default": True, "user_id": cls.boss.id})],
            }
        )
        cls.good = cls.make_leads(3, source_date=cls.days_ago(40))
        cls.bad = cls.make_leads(1, source_date=cls.days_ago(40), contact_name="refuse me")

    def break_writing(self):
        """Have the database refuse to give the bad lead to anybody, as another addon's constraint would."""
        self.env.flush_all()
        self.env.cr.execute(
            "ALTER TABLE crm_lead ADD CONSTRAINT test_refused CHECK (contact_name <> 'refuse me' OR user_id IS NULL)"
        )

    def distribute(self):
        self.break_writing()
        with self.assertLogs(level="WARNING"):
            return self.campaign.distribute()

    def test_a_dropback_that_cannot_be_written_is_counted_apart_and_told(self):
        self.make_leads(3)
        run = self.distribute()
        told = run.to_dict()
        self.assertEqual((run.state, self.bad.user_id, self.good.user_id), ("done", self.env["res.users"], self.boss))
        self.assertEqual((told["leads_dropped_back"], told["dropback_failed"], len(told["dropback"])), (3, 1, 3))
        self.assertEqual((told["exclusions"], told["leads_found"], told["leads_looked_at"]), ({}, 3, 7))
        self.assertEqual(told["dropback_success_rate"], 75)
        self.assertGreater(run.dropback_seconds, 0)
        self.assertLess(run.dropback_seconds, run.execution_seconds)
        self.assertIn("1 old lead could not be dropped back", " ".join(told["warnings"]))
        to_do = self.campaign.activity_ids.filtered(lambda a: a.summary == "Leads could not be dropped back")
        self.assertEqual(to_do.user_id, self.manager)
        funnel = {step["code"]: step["refused"] for step in told["funnel"]}
        self.assertEqual(funnel, {"dropped_back": 3, "dropback_failed": 1})
        self.assertEqual(told["funnel"][-1]["remaining"], run.leads_found)
        rows = self.env["lead.distribution.assignment"].search(run.action_view_step("dropback_failed")["domain"])
        self.assertEqual(rows.lead_id, self.bad)

    def test_all_forms_of_the_report_tell_of_the_dropback(self):
        self.campaign.notify_salespeople = "none"
        run = self.distribute()
        self.assertIn("Could not be dropped back: 1", run.get_text_report())
        summary = run.get_report_data()["dropback_summary"]
        self.assertEqual((summary["leads_dropped_back"], summary["dropback_failed"], summary["success_rate"]),
                         (3, 1, 75))  # fmt: skip
        self.assertEqual(summary["by_rule"], [{"rule": "rest", "user": "Boss", "count": 3}])
        for form in ("csv", "html"):
            text = run.render_report(form)[1].decode()
            for part in ("Not dropped back", "Dropback success (%)", "rest", "Boss"):
                self.assertIn(part, text, form)
        report = self.env["lead.distribution.report"].with_user(self.manager)
        daily = report.generate_daily_report(run.distribution_date, self.campaign.name)
        self.assertEqual((daily["leads_dropped_back"], daily["dropback_failed"]), (3, 1))

    def test_without_dropback_nothing_is_told_of_it(self):
        self.campaign.use_dropback = False
        told = self.campaign.distribute().to_dict()
        self.assertEqual((told["dropback_failed"], told["dropback_success_rate"]), (0, None))

    def read_files(self, run):
        """Return {name: rows} of the files of a run."""
        files = self.env["ir.attachment"].search([("res_model", "=", run._name), ("res_id", "=", run.id)])
        return {
            file.name: list(csv.reader(io.StringIO(base64.b64decode(file.datas).decode("utf-8-sig")))) for file in files
        }

    def test_the_dropback_list_is_a_file_of_the_run_first_as_planned_then_as_done(self):
        self.campaign.dropback_export = True
        self.good[0].name = "=cmd|' /C calc'!A0"
        run = self.campaign.simulate()
        [(name, rows)] = self.read_files(run).items()
        self.assertEqual(name, "Dropped back.csv")
        self.assertEqual(rows[0], ["Lead number", "Lead", "From", "To", "Dropback rule", "State", "Note"])
        self.assertEqual(rows[1][:6], [str(self.good[0].id), "'=cmd|' /C calc'!A0", "", "Boss", "rest", "Planned"])
        self.break_writing()
        with self.assertLogs(level="WARNING"):
            run.action_apply()
        [(name, rows)] = self.read_files(run).items()
        self.assertEqual([row[5] for row in rows[1:]], ["Done"] * 3 + ["Failed"])
        self.assertTrue(rows[-1][6])

    def test_managers_open_the_files_from_the_run(self):
        self.campaign.dropback_export = True
        run = self.campaign.simulate().with_user(self.manager)
        self.assertEqual(run.file_count, 1)
        files = self.env["ir.attachment"].with_user(self.manager).search(run.action_view_files()["domain"])
        self.assertEqual(files.mapped("name"), ["Dropped back.csv"])
        with self.assertRaises(AccessError):
            run.with_user(self.ann).action_view_files()

    def test_without_the_setting_there_is_no_file(self):
        self.assertFalse(self.read_files(self.campaign.distribute()))

    def test_the_leads_of_customers_with_an_opportunity_are_a_file_of_the_run(self):
        customer = self.env["res.partner"].create({"name": "+Acme"})
        lead = self.make_leads(partner_id=customer.id, user_id=self.ann.id, phone="+1 2", email_from="a@example.com")
        self.make_leads(type="opportunity", partner_id=customer.id)
        newest = self.make_leads(type="opportunity", partner_id=customer.id, name="Deal")
        self.make_leads()
        self.campaign.write({"use_sales_filter": True, "sales_export": True})
        run = self.campaign.simulate()
        [(name, rows)] = self.read_files(run).items()
        self.assertEqual(name, "Customers with an opportunity.csv")
        self.assertEqual(rows[1:], [[
            str(lead.id), "Lead 0", "'+Acme", "a@example.com", "'+1 2", "Ann", str(newest.id), "Deal",
            newest.stage_id.name or "",
        ]])  # fmt: skip
        self.campaign.sales_export = False
        self.assertFalse(self.read_files(self.campaign.simulate()))

    def test_only_managers_set_what_is_listed_and_how_long_it_may_take(self):
        campaign = self.campaign.with_user(self.ann)
        for name, value in (("dropback_export", True), ("sales_export", True), ("dropback_closed", True),
                            ("sales_seconds", 3), ("sales_email_field_id", False)):  # fmt: skip
            with self.assertRaises(AccessError):
                campaign[name] = value
                self.env.flush_all()
            self.campaign.with_user(self.manager)[name] = value

    def test_a_negative_time_is_refused(self):
        with self.assertRaises(ValidationError):
            self.env["lead.distribution.campaign"].load_config({
                "campaign": {"name": "x"}, "lead_finding": {"sales_filter": {
                    "enabled": True, "performance": {"timeout_seconds": -1}}}})  # fmt: skip
