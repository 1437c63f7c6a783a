import json

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users

from ..applying import applier
from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestDashboard(DistributionCase):
    """One call answers the whole page; every number opens its records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.source = cls.env["utm.source"].create({"name": "facebook_form"})
        cls.campaign.notify_salespeople = "none"
        cls.campaign.notify_responsible = False

    def get(self, user=None, **options):
        return self.env["lead.distribution.dashboard"].with_user(user or self.manager).get_data(**options)

    def figures(self, data):
        return {figure["key"]: figure for figure in data["figures"]}

    def open(self, target, user=None):
        return self.env[target["model"]].with_user(user or self.manager).search(target["domain"])

    def test_figures_report_and_lists_agree(self):
        self.pools(("unassigned", [], 0), ("active_member", ["utr"], 0))
        self.make_leads(5, source_id=self.source.id)
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["utr"].id)
        self.campaign.distribute(max_leads=6)
        data = self.get(campaign_id=self.campaign.id)
        figures = self.figures(data)
        report = self.env["lead.distribution.report"].generate_trend_analysis(30, "Voice")
        for key, name in (("found", "total_leads_found"), ("distributed", "total_leads_distributed"),
                          ("efficiency", "distribution_efficiency")):  # fmt: skip
            self.assertEqual(figures[key]["value"], report[name])
        self.assertEqual(len(self.open(figures["distributed"]["open"])), figures["distributed"]["value"])
        self.assertEqual(sum(self.open(figures["found"]["open"]).mapped("leads_found")), figures["found"]["value"])
        self.assertEqual(len(self.open(figures["unassigned"]["open"])), figures["unassigned"]["value"])
        moved = len(self.open(figures["reassigned"]["open"]))
        self.assertEqual(figures["reassigned"]["value"], round(moved / 6 * 100, 1))
        self.assertEqual(sum(day["distributed"] for day in data["per_day"]), 6)
        self.assertEqual(len(data["per_day"]), 30)
        for row in [*data["sources"], *data["shares"]]:
            self.assertEqual(len(self.open(row["open"])), row.get("count", row.get("received")))
        for row in data["utilization"]:
            self.assertEqual(len(self.open(row["open"])), row["leads"])
        for row in data["aging"]:
            self.assertEqual(len(self.open(row["open"])), row["held"] + row["nobody"])
        json.dumps(data)

    def test_a_run_that_was_stopped_half_way_is_the_last_one_on_card_and_dashboard(self):
        self.make_leads(3)
        self.campaign.distribute()
        self.make_leads(5)
        self.patch(applier, "BATCH_SIZE", 2)
        stopped = self.campaign.simulate()
        stopped._begin()
        stopped._apply_next_batch(0)
        stopped.action_cancel()
        self.make_leads()
        self.campaign.simulate().action_cancel()  # a plan that was discarded is none
        self.assertRecordValues(self.campaign, [{"last_run_id": stopped.id, "last_distributed": 2, "run_count": 3}])
        data = self.get(campaign_id=self.campaign.id)
        self.assertEqual(data["last_run"]["id"], stopped.id)
        self.assertEqual(self.figures(data)["distributed"]["value"], 5)

    def test_what_comes_after_the_hand_out_is_no_run_of_card_button_and_dashboard(self):
        self.make_leads(3)
        run = self.campaign.distribute()
        pulled = run.copy({"origin": "pull", "state": "done", "leads_found": 1, "leads_done": 1})
        self.assertRecordValues(self.campaign, [{"last_run_id": run.id, "last_found": 3, "run_count": 1}])
        self.assertEqual(self.get(campaign_id=self.campaign.id)["last_run"]["id"], run.id)
        self.assertTrue(pulled.is_applied)

    def test_the_change_is_against_the_period_before(self):
        for days, leads in ((10, 2), (1, 3)):
            self.make_leads(leads)
            run = self.campaign.distribute()
            for records in (run, run.assignment_ids, run.member_line_ids):
                records.sudo().write({"distribution_date": self.days_ago(days)})
        figure = self.figures(self.get(campaign_id=self.campaign.id, days=7))["distributed"]
        self.assertEqual((figure["value"], figure["change"]), (3, 50.0))

    def test_time_to_first_action_is_median_and_ninetieth_percentile_of_working_hours(self):
        self.make_leads(5)
        rows = self.campaign.distribute().assignment_ids.sudo()
        for row, hours in zip(rows[:4], (1, 2, 3, 10), strict=True):
            row.write(
                {"first_action_on": row.applied_on, "hours_to_action": hours * 3, "working_hours_to_action": hours}
            )
        figures = self.figures(self.get(campaign_id=self.campaign.id))
        self.assertEqual((figures["median"]["value"], figures["p90"]["value"]), (2.5, 7.9))

    def test_leads_that_stayed_when_their_run_was_reverted_count_nowhere(self):
        lead = self.make_leads(2)[0]
        run = self.campaign.distribute()
        lead.lead_status_id = self.status["in_progress"]
        run.action_revert()
        self.assertEqual(len(run.assignment_ids.filtered(lambda row: row.state == "done")), 1)
        figure = self.figures(self.get(campaign_id=self.campaign.id))["distributed"]
        self.assertEqual((figure["value"], len(self.open(figure["open"]))), (0, 0))

    def test_shares_of_the_last_run_open_the_leads_that_were_handed_out_not_those_that_were_planned(self):
        leads = self.make_leads(6)
        run = self.campaign.simulate()
        leads[:2].user_id = self.manager  # changed before the plan is carried out
        run.action_apply()
        shares = self.get(campaign_id=self.campaign.id)["shares"]
        self.assertEqual(sum(bar["received"] for bar in shares), 4)
        self.assertEqual([len(self.open(bar["open"])) for bar in shares], [bar["received"] for bar in shares])

    def test_leads_without_a_source_are_one_bar_whatever_language_their_runs_were_started_in(self):
        self.env["res.lang"]._activate_lang("de_DE")
        for lang in ("de_DE", "en_US"):
            self.make_leads(2)
            self.campaign.with_context(lang=lang).distribute()
        for lang, name in (("en_US", "None"), ("de_DE", "Keine")):
            dashboard = self.env["lead.distribution.dashboard"].with_user(self.manager).with_context(lang=lang)
            [bar] = dashboard.get_data(campaign_id=self.campaign.id)["sources"]
            self.assertEqual((bar["name"], bar["count"], len(self.open(bar["open"]))), (name, 4, 4))

    def test_the_funnel_ends_with_what_was_handed_out(self):
        self.make_leads(3)
        self.make_leads(2, user_id=self.manager.id)
        self.campaign.distribute(max_leads=2)
        funnel = self.get(campaign_id=self.campaign.id)["funnel"]
        self.assertEqual([step["count"] for step in funnel], [5, 3, 2])

    def test_what_needs_attention_is_told_with_its_records(self):
        self.make_leads(4)
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).target_leads = 1
        run = self.campaign.distribute(max_leads=3)
        rows = run.assignment_ids.filtered(lambda row: row.user_id == self.bob).sudo()
        rows.applied_on = self.days_ago(3)
        run.sudo().warnings = ["Filter x: fits nothing"]
        other = self.make_campaign("Empty")
        other.distribute()
        data = self.get()
        texts = "\n".join(item["text"] for item in data["attention"])
        for words in (
            "Failed runs: 1",
            "Voice, leads left over: 1 (Limit of the run reached)",
            "Filter x: fits nothing",
            "At or above the target: Ann (1/1 in Voice)",
            "Bob, new leads not touched for a day or more: 1",
        ):
            self.assertIn(words, texts)
        untouched = next(item for item in data["attention"] if "touched" in item["text"])
        self.assertEqual(self.open(untouched["open"]), rows.lead_id)
        left = next(item["open"] for item in data["attention"] if "Voice, leads left" in item["text"])
        action = getattr(run.with_user(self.manager), left["method"])(*left["arguments"])
        self.assertEqual(len(self.env["crm.lead"].search(action["domain"])), 1)

    def test_an_empty_database_shows_zeros_and_no_error(self):
        data = self.get(campaign_id=self.make_campaign("New").id)
        self.assertEqual(self.figures(data)["found"]["value"], 0)
        self.assertIsNone(self.figures(data)["median"]["value"])
        self.assertEqual((data["attention"], data["funnel"], data["shares"], data["last_run"]), ([], [], [], None))

    def test_the_number_of_queries_does_not_grow_with_runs_leads_and_people(self):
        def count():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.get()
            return self.env.cr.sql_log_count - before

        self.make_leads(4)
        self.campaign.distribute()
        count()
        few = count()
        people = self.make_users(*(f"more{n}" for n in range(12)))
        more = self.make_campaign("More", *people)
        for _turn in range(5):
            self.make_leads(30)
            more.distribute()
        count()  # new users empty Odoo's caches
        self.assertLessEqual(count(), few + 2)

    @users("ann@test")
    def test_salespeople_see_their_own_numbers_only(self):
        self.make_leads(6)
        run = self.campaign.sudo().distribute()
        data = self.get(self.env.user)
        self.assertEqual(data["kind"], "salesperson")
        figures = self.figures(data)
        self.assertEqual(
            (figures["load"]["value"], figures["received"]["value"], figures["waiting"]["value"]), (2, 2, 2)
        )
        mine = run.assignment_ids.sudo().filtered(lambda row: row.user_id == self.env.user)
        self.assertEqual({lead["id"] for lead in data["new_leads"]}, set(mine.lead_id.ids))
        [load] = data["load"]
        self.assertEqual(len(self.open(load.pop("open"), self.env.user)), 2)
        self.assertEqual(load, {"name": "Voice", "leads": 2, "target": 150, "utilization": 1.3})
        for figure in data["figures"]:
            self.open(figure["open"], self.env.user)
        text = json.dumps(data)
        for name in ("Bob", "Cem"):
            self.assertNotIn(name, text)
        self.assertEqual(sum(day["distributed"] for day in data["per_day"]), 2)

    @users("ann@test")
    def test_a_salesperson_cannot_ask_for_a_campaign(self):
        self.assertEqual(self.get(self.env.user, campaign_id=self.campaign.id)["campaign_id"], False)

    def test_users_without_sales_rights_see_nothing(self):
        stranger = self.make_user("eve", "base.group_user")
        with self.assertRaises(AccessError):
            self.get(stranger)

    def test_an_odd_period_is_refused(self):
        with self.assertRaises(ValidationError):
            self.get(days=12)

    def test_who_works_for_two_companies_sees_the_figures_of_those_that_are_chosen_as_their_lists_are(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.ann.company_ids |= other
        self.campaign.write({"company_id": False, "first_action_hours": 8})
        for company in (self.env.company, other):
            leads = self.make_leads(2, company_id=company.id)
            self.assertEqual(self.campaign.distribute(lead_ids=leads.ids, user_ids=self.ann.ids).leads_done, 2)
        rows = self.env["lead.distribution.assignment"].search([])
        rows.write({"applied_on": fields.Datetime.subtract(fields.Datetime.now(), days=2)})
        rows.lead_id.due_on = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        self.env.flush_all()
        page = self.env["lead.distribution.dashboard"].with_context(allowed_company_ids=self.env.company.ids)
        data = page.with_user(self.ann).get_data()
        figures = self.figures(data)
        self.assertEqual((figures["load"]["value"], figures["waiting"]["value"]), (2, 2))
        self.assertEqual(len(data["new_leads"]), 2)
        [untouched] = [each["text"] for each in data["attention"] if "first touch" in each["text"]]
        self.assertTrue(untouched.endswith(": 2"), untouched)
        data = page.with_user(self.manager).get_data(campaign_id=self.campaign.id)
        self.assertEqual(self.figures(data)["late"]["value"], 2)
        [untouched] = [each["text"] for each in data["attention"] if each["text"].startswith("Ann")]
        self.assertTrue(untouched.endswith(": 2"), untouched)

    def test_a_lead_that_somebody_got_twice_is_one_new_lead(self):
        self.pools(("unassigned", [], 0), ("active_member", [], 0))
        lead = self.make_leads()
        for user in (self.ann, self.bob, self.ann):
            self.campaign.distribute(lead_ids=lead.ids, user_ids=user.ids)
        data = self.get(self.ann)
        self.assertEqual(self.figures(data)["waiting"]["value"], 1)
        self.assertEqual([new["id"] for new in data["new_leads"]], lead.ids)

    @users("mia@test")
    def test_other_companies_do_not_show(self):
        other = self.campaign.env["res.company"].create({"name": "Other"})
        stranger = self.make_user("otto", company_id=other.id, company_ids=[(6, 0, other.ids)])
        self.make_leads(2, company_id=other.id)
        self.make_campaign("Elsewhere", stranger, company_id=other.id).distribute()
        data = self.get(self.env.user)
        self.assertNotIn("Elsewhere", json.dumps(data))
        self.assertNotIn("Otto", json.dumps(data))
        self.assertEqual(self.figures(data)["found"]["value"], 0)
