"""Figures of what comes after the hand-out: dashboards, reports, pivot; each is the number of the records behind it."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestAfterwards(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.write(
            {
                "notify_salespeople": "none",
                "notify_responsible": False,
                "first_action_hours": 4,
                "first_action_clock": "clock",
            }
        )
        cls.campaign.pool_ids[0].copy({"campaign_id": cls.campaign.id, "holder": "active_member"})
        cls.sources = cls.env["utm.source"].create([{"name": "web"}, {"name": "fair"}])
        leads = cls.make_leads(4, source_id=cls.sources[0].id) + cls.make_leads(5, source_id=cls.sources[1].id)
        cls.first = cls.campaign.distribute()
        cls.rows = cls.first.assignment_ids.sudo()
        cls.leads = leads
        cls.of_ann, cls.of_bob, cls.of_cem = (
            cls.rows.filtered(lambda row, user=user: row.user_id == user) for user in (cls.ann, cls.bob, cls.cem)
        )

    def end(self, rows, state):
        """Have the deadlines of rows end."""
        values = {"deadline_state": state, "checkpoint": False, "due_on": False, "remind_on": False, "check_on": False}
        rows.write({**values, "missed_on": rows[0].applied_on if state == "missed" else False})
        rows.lead_id.sudo().due_on = False

    def make_due(self, rows, **hours):
        rows.lead_id.sudo().due_on = rows.sudo().due_on = fields.Datetime.now() + timedelta(**hours)
        self.env.flush_all()

    def get(self, user=None, **options):
        data = self.env["lead.distribution.dashboard"].with_user(user or self.manager).get_data(**options)
        return data, {figure["key"]: figure for figure in data["figures"]}

    def open(self, target, user=None):
        return self.env[target["model"]].with_user(user or self.manager).search(target["domain"])

    def report(self, **options):
        report = self.env["lead.distribution.report"].with_user(self.manager)
        return report.generate_campaign_report("Voice", **options)["after_the_hand_out"]

    def test_kept_in_time_is_the_same_on_dashboard_report_and_pivot_by_person_campaign_and_source(self):
        self.end(self.of_ann, "kept")
        self.end(self.of_bob[0], "kept")
        self.end(self.of_bob[1:], "missed")
        told = self.report()
        self.assertEqual((told["deadlines_kept"], told["deadlines_missed"], told["kept_in_time"]), (4, 2, 66.7))
        people = {person["name"]: person for person in told["salespeople"]}
        self.assertEqual({name: p["kept_in_time"] for name, p in people.items()}, {"Ann": 100.0, "Bob": 33.3})
        data, figures = self.get(campaign_id=self.campaign.id)
        self.assertEqual((figures["kept"]["value"], figures["kept"]["detail"]), (66.7, "4 of 6"))
        self.assertEqual(self.open(figures["kept"]["open"]), self.of_ann + self.of_bob)
        shown = {person["name"]: person["kept_in_time"] for person in data["afterwards"]["people"]}
        self.assertEqual(shown, {"Ann": 100.0, "Bob": 33.3})
        groups = self.env["lead.distribution.assignment"].formatted_read_group(
            [("run_id", "=", self.first.id)], ["user_id"], ["kept_in_time:avg"]
        )
        pivot = {group["user_id"][1]: group["kept_in_time:avg"] for group in groups}
        self.assertEqual({name: rate and round(rate, 1) for name, rate in pivot.items()},
                         {"Ann": 100.0, "Bob": 33.3, "Cem": False})  # fmt: skip
        by_source = {row["name"]: row["deadlines_kept"] + row["deadlines_missed"] for row in told["sources"]}
        self.assertEqual(sum(by_source.values()), 6)
        self.assertEqual([row["name"] for row in told["campaigns"]], ["Voice"])
        json.dumps(data)

    def test_what_is_late_and_due_today_is_counted_now_and_opens_the_leads(self):
        self.make_due(self.rows, days=40)
        self.make_due(self.of_ann[:2], hours=-2)
        told = self.report()
        self.assertEqual(told["late_now"], 2)
        data, figures = self.get()
        self.assertEqual(self.open(figures["late"]["open"]), self.of_ann[:2].lead_id.sorted(lambda lead: -lead.id))
        [ann] = data["afterwards"]["people"]
        self.assertEqual((ann["name"], ann["late_now"]), ("Ann", 2))
        self.assertEqual(len(self.open(ann["opened"]["late_now"])), 2)
        own, figures = self.get(self.ann)
        self.assertEqual((figures["late"]["value"], len(self.open(figures["late"]["open"], self.ann))), (2, 2))
        self.assertIn("Late leads: 2", [item["text"] for item in own["attention"]])
        _own, figures = self.get(self.bob)
        self.assertNotIn("Late leads", json.dumps(_own))
        self.assertEqual(figures.get("late", {}).get("value", 0), 0)

    def test_leads_due_today_are_those_of_the_readers_day(self):
        zone = self.ann.tz = "Pacific/Auckland"
        with self.subTest(zone=zone):
            self.make_due(self.rows, days=40)
            midnight = fields.Datetime.context_timestamp(
                self.env["crm.lead"].with_context(tz=zone), fields.Datetime.now()
            ).replace(hour=0, minute=0, second=0)
            day = fields.Datetime.now() + (midnight.replace(tzinfo=None) - fields.Datetime.context_timestamp(
                self.env["crm.lead"].with_context(tz=zone), fields.Datetime.now()).replace(tzinfo=None))  # fmt: skip
            leads = self.of_ann.lead_id.sudo()
            leads[0].due_on = day + timedelta(hours=23)
            leads[1].due_on = day + timedelta(hours=25)
            _data, figures = self.get(self.ann)
            self.assertEqual(figures["due_today"]["value"], 1)
            self.assertEqual(self.open(figures["due_today"]["open"], self.ann.with_context(tz=zone)).ids, leads[0].ids)

    def test_declined_leads_are_told_by_reason_and_person_with_their_share(self):
        rows = self.of_ann[:2] + self.of_bob[:1]
        rows.write({"declined_on": fields.Datetime.now(), "decline_reason": "Wrong language"})
        self.of_cem[0].write({"declined_on": fields.Datetime.now(), "decline_reason": "=1+1"})
        told = self.report()
        self.assertEqual((told["declined"], told["decline_rate"]), (4, 44.4))
        self.assertEqual(told["decline_reasons"], {"Wrong language": 3, "=1+1": 1})
        data, _figures = self.get()
        [declined] = [each for each in data["afterwards"]["sums"] if each["key"] == "declined"]
        self.assertEqual((declined["count"], len(self.open(declined["open"]))), (4, 4))
        for reason in data["afterwards"]["reasons"]:
            self.assertEqual(len(self.open(reason["open"])), reason["count"])
        for person in data["afterwards"]["people"]:
            self.assertEqual(len(self.open(person["opened"]["declined"])), person["declined"])

    def test_a_lead_that_goes_on_counts_each_change_of_hands_and_putting_it_back_takes_it_off(self):
        lead = self.of_ann[0].lead_id
        for number in (1, 2, 3):
            run = self.campaign.distribute(lead_ids=lead.ids)
            row = run.assignment_ids.filtered(lambda row: row.state == "done").sudo()
            self.assertEqual(row.handed_on, number)
        told = self.report()
        self.assertEqual((told["changed_hands_often"], told["changed_hands_often_rate"]), (1, round(1 / 12 * 100, 1)))
        data, _figures = self.get()
        [often] = [each for each in data["afterwards"]["sums"] if each["key"] == "changed_hands_often"]
        self.assertEqual((often["count"], self.open(often["open"])), (1, lead))
        once_more = self.campaign.distribute(lead_ids=lead.ids)
        data, _figures = self.get()
        [often] = [each for each in data["afterwards"]["sums"] if each["key"] == "changed_hands_often"]
        self.assertEqual((often["count"], self.open(often["open"])), (1, lead), "a lead, however often it moved")
        once_more.action_revert()
        run.action_revert()
        self.assertEqual(row.state, "reverted")
        self.assertEqual(self.report()["changed_hands_often"], 0)
        again = self.campaign.distribute(lead_ids=lead.ids).assignment_ids.filtered(lambda row: row.state == "done")
        self.assertEqual(again.handed_on, 3)

    def test_what_a_cover_moves_there_and_back_is_no_change_of_hands(self):
        self.rows.write({"handed_on": 0})
        lead = self.of_ann[0].lead_id
        run = self.campaign.simulate(lead_ids=lead.ids).sudo()
        run.assignment_ids.kind = "cover"
        run.write({"origin": "cover"})
        run.action_apply()
        self.assertEqual([run.assignment_ids.state, run.assignment_ids.handed_on], ["done", 0])
        told = self.report()
        self.assertEqual((told["covered"], told["taken_back"]), (1, 0))
        figures = run.to_dict()
        self.assertEqual((figures["leads_found"], figures["leads_distributed"], len(figures["assignments"])), (1, 1, 1))
        self.assertEqual((figures["origin"], figures["kind"]), ("cover", "cover"))

    def test_reports_of_all_formats_tell_it_and_leave_it_out_where_there_is_nothing(self):
        self.of_ann[0].write({"declined_on": fields.Datetime.now(), "decline_reason": "=1+1"})
        self.end(self.of_bob, "missed")
        request = self.env["lead.distribution.report.request"].with_user(self.manager)
        texts = ["Kept in time", "Declined (%)", "Why declined"]
        for kind in ("campaign", "daily"):
            report = request.create({"kind": kind, "campaign_id": self.campaign.id})
            for format_name in ("csv", "html"):
                _name, content = report.render(format_name)
                for text in texts:
                    self.assertIn(text, content.decode())
            _name, content = report.render("csv")
            self.assertIn("'=1+1", content.decode())  # no formula
            _name, content = report.render("json")
            self.assertEqual(json.loads(content)["after_the_hand_out"]["deadlines_missed"], 3)
            self.assertTrue(report.render("xlsx")[1])
        other = self.make_campaign("Quiet")
        _name, content = request.create({"kind": "campaign", "campaign_id": other.id}).render("csv")
        self.assertNotIn("Kept in time", content.decode())

    def test_it_is_told_in_other_languages(self):
        self.end(self.of_bob, "missed")
        self.of_ann[0].write({"declined_on": fields.Datetime.now(), "decline_reason": "Sprache"})
        for lang in ("de_DE", "ar_001"):
            self.env["res.lang"]._activate_lang(lang)
            self.manager.lang = lang
            report = self.env["lead.distribution.report.request"].with_user(self.manager).with_context(lang=lang)
            report = report.create({"kind": "campaign", "campaign_id": self.campaign.id})
            for format_name in ("csv", "html", "xlsx"):
                self.assertTrue(report.render(format_name)[1])
            dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager).with_context(lang=lang)
            self.assertEqual(dashboard.get_data()["afterwards"]["reasons"][0]["name"], "Sprache")
            run = self.first.with_user(self.manager).with_context(lang=lang)
            self.assertIn("Voice", run.name)
            self.assertIn("Voice", run.get_text_report())

    def test_a_person_has_the_figures_of_the_report_of_everybody(self):
        self.end(self.of_ann, "missed")
        self.of_ann[0].write({"declined_on": fields.Datetime.now(), "decline_reason": "No"})
        self.make_due(self.of_ann[1:2], hours=-1)
        [ann] = [person for person in self.report()["salespeople"] if person["name"] == "Ann"]
        own = self.env["lead.distribution.report"].with_user(self.ann).generate_salesperson_report()
        told = own["after_the_hand_out"]
        keys = ("deadlines_kept", "deadlines_missed", "kept_in_time", "late_now", "declined", "taken_back")
        self.assertEqual([told[key] for key in keys], [ann[key] for key in keys])
        self.assertEqual([told[key] for key in keys], [0, 3, 0.0, 1, 1, 0])

    def test_other_companies_do_not_show(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("otto", company_id=company.id, company_ids=[(6, 0, company.ids)])
        elsewhere = self.make_campaign("Elsewhere", stranger, company_id=company.id, first_action_hours=1)
        self.make_leads(2, company_id=company.id)
        rows = elsewhere.distribute().assignment_ids.sudo()
        self.assertEqual(len(rows), 2)
        self.end(rows[0], "missed")
        self.make_due(rows[1], hours=-5)
        data, figures = self.get(self.manager)
        self.assertNotIn("Otto", json.dumps(data))
        self.assertEqual((figures["late"]["value"], figures["kept"]["value"]), (0, None))

    def test_a_program_gets_the_figures_of_the_campaign_that_it_names_of_whatever_company(self):
        company = self.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("otto", company_id=company.id, company_ids=[(6, 0, company.ids)])
        elsewhere = self.make_campaign("Elsewhere", stranger, company_id=company.id, first_action_hours=1)
        self.make_leads(2, company_id=company.id)
        rows = elsewhere.distribute().assignment_ids.sudo()
        rows.handed_on = 3
        self.make_due(rows, hours=-5)
        report = self.env["lead.distribution.report"].with_context(allowed_company_ids=self.env.company.ids)
        told = report.generate_campaign_report("Elsewhere")["after_the_hand_out"]
        self.assertEqual((told["late_now"], told["changed_hands_often"]), (2, 2))

    def test_a_campaign_of_all_companies_is_told_of_those_that_are_chosen_as_the_lists_are(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ann.company_ids |= other
        self.campaign.company_id = False
        rows = self.of_ann[:2]
        rows.write({"company_id": False, "handed_on": 3})
        mine, theirs = rows.lead_id
        theirs.sudo().company_id = other
        self.make_due(rows, hours=-2)
        for options in ({}, {"campaign_id": self.campaign.id}):
            data, figures = self.get(**options)
            [often] = [each for each in data["afterwards"]["sums"] if each["key"] == "changed_hands_often"]
            self.assertEqual((often["count"], self.open(often["open"])), (1, mine))
            self.assertEqual((figures["late"]["value"], self.open(figures["late"]["open"])), (1, mine))
        told = self.report()
        self.assertEqual((told["changed_hands_often"], told["late_now"]), (1, 1))
        self.assertRegex(self.campaign.get_report_body(), "Late now</td><td[^>]*>2<", "its readers are of any company")

    def test_the_number_of_statements_does_not_grow(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.report()
            return self.env.cr.sql_log_count - before

        self.end(self.of_ann[:1], "kept")
        count()
        few = count()
        self.end(self.of_bob + self.of_cem, "missed")
        self.of_ann.write({"declined_on": fields.Datetime.now(), "decline_reason": "No"})
        self.make_due(self.of_ann[1:], hours=-3)
        count()
        self.assertLessEqual(count(), few + 1)  # names of people who were not read before

    def test_runs_after_the_hand_out_have_names_and_stand_behind_the_campaigns_own(self):
        for origin, words in (("take_back", "taken back"), ("pull", "pulled"), ("handover", "handover of Ann")):
            run = self.first.sudo().copy({"origin": origin, "leaver_id": self.ann.id, "state": "done"})
            self.assertIn(words, run.with_user(self.manager).name)
            german = run.with_context(lang="en_US").name
            self.assertTrue(german.startswith("Voice "))
        data, _figures = self.get(campaign_id=self.campaign.id)
        self.assertEqual(data["last_run"]["id"], self.first.id)
