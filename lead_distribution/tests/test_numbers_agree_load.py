"""A figure that stands in two places is the same in both: one test a pair. What people hold."""

from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestLoadAgrees(DistributionCase):
    """Leads held of the target: campaign, run, comparison, dashboard; and which of them are open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign.member_ids.target_leads = 4
        cls.pools_of_members(cls.campaign)
        closed = ("won", "lost", "cancelled", "dnc")
        for code in (*closed, "new", "call_back"):
            cls.make_leads(1, user_id=cls.ann.id, lead_status_id=cls.status[code].id, source_date=cls.days_ago(80))
        cls.make_leads(1, user_id=cls.ann.id)  # within the window: it may be taken
        cls.make_leads(4)

    @classmethod
    def pools_of_members(cls, campaign):
        campaign.pool_ids = [Command.create({"holder": "active_member"})]

    def get_dashboard(self, user=None, **options):
        return self.env["lead.distribution.dashboard"].with_user(user or self.manager).get_data(**options)

    def member(self, campaign=None, user=None):
        members = (campaign or self.campaign).member_ids
        return members.filtered(lambda member: member.user_id == (user or self.ann))

    def person(self, people, user=None):
        return next(person for person in people if person["user_id"] == (user or self.ann).id)

    def open(self, target, user=None):
        return self.env[target["model"]].with_user(user or self.manager).search(target["domain"])

    def test_campaign_run_dashboard_and_report_have_the_same_load(self):
        told = self.person(self.campaign.simulate().to_dict()["salespeople"])
        member, workload = self.member(), self.person(self.campaign.get_workload())
        shown = self.person(self.get_dashboard(campaign_id=self.campaign.id)["utilization"])
        self.assertEqual(
            [told["before"], member.current_leads, workload["total"], shown["leads"], len(self.open(shown["open"]))],
            [7] * 5,
        )
        names = self.env["lead.distribution.report"].analyze_salesperson_utilization("Voice")
        self.assertEqual(
            [
                told["utilization_before"],
                member.utilization,
                workload["utilization"],
                shown["utilization"],
                names["Ann"],
            ],
            [175.0] * 5,
        )

    def test_of_several_campaigns_a_person_has_one_line_and_the_sum_of_the_targets_is_said(self):
        self.make_campaign("Apple", self.ann).member_ids.target_leads = 6
        people = [person for person in self.get_dashboard()["utilization"] if person["user_id"] == self.ann.id]
        self.assertEqual(
            [(line["leads"], line["target"], line["campaigns"], line["utilization"]) for line in people],
            [(7, 10, 2, 70.0)],
        )

    def test_who_is_full_in_one_campaign_is_told_of_all_campaigns_too(self):
        self.make_campaign("Apple", self.ann).member_ids.target_leads = 100
        told = [item["text"] for item in self.get_dashboard()["attention"]]
        self.assertIn("At or above the target: Ann (7/4 in Voice)", told)
        told = [item["text"] for item in self.get_dashboard(campaign_id=self.campaign.id)["attention"]]
        self.assertIn("At or above the target: Ann (7/4)", told)

    def test_archived_campaigns_count_in_no_load_and_need_no_attention(self):
        old = self.make_campaign("Old", self.ann)
        old.member_ids.target_leads = 1
        self.make_leads(3)
        old.distribute(max_leads=1)
        old.active = False
        data = self.get_dashboard()
        shown = self.person(data["utilization"])
        self.assertEqual((shown["target"], shown["campaigns"]), (4, 1))
        self.assertEqual([row["name"] for row in self.get_dashboard(self.ann)["load"]], ["Voice"])
        self.assertFalse([item["text"] for item in data["attention"] if "Old" in item["text"]])
        asked = self.get_dashboard(campaign_id=old.id)
        self.assertTrue([item["text"] for item in asked["attention"] if item["text"].startswith("Old")])

    def test_nobodys_leads_of_a_campaign_are_of_its_company_whatever_companies_are_chosen(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids |= other
        mine = self.make_leads(2)
        self.make_leads(3, company_id=other.id)
        page = self.env["lead.distribution.dashboard"].with_user(self.manager)
        page = page.with_context(allowed_company_ids=(self.env.company + other).ids)
        data = page.get_data(self.campaign.id)
        figure = next(f for f in data["figures"] if f["key"] == "unassigned")
        told = self.campaign.verify_assignments()
        listed = page.env["crm.lead"].search(figure["open"]["domain"])
        self.assertEqual((figure["value"], len(listed)), (6, 6))
        self.assertEqual(len(told["unassigned"]) + sum(told["not_taken"].values()), 6)
        self.assertLessEqual(mine, listed)

    def test_a_salesperson_sees_the_load_that_the_campaign_shows(self):
        [load] = self.get_dashboard(self.ann)["load"]
        member = self.member()
        self.assertEqual((load["leads"], load["target"], load["utilization"]), (7, 4, round(member.utilization, 1)))
        self.assertEqual(len(self.open(load["open"], self.ann)), load["leads"])

    def test_open_leads_are_the_same_on_member_dashboard_list_and_report(self):
        figure = next(f for f in self.get_dashboard(self.ann)["figures"] if f["key"] == "load")
        report = self.env["lead.distribution.report"].generate_salesperson_report(self.ann.id)
        listed = self.env["crm.lead"].search([("holder_id", "=", self.ann.id), ("is_open", "=", True)])
        counts = [
            figure["value"],
            len(self.open(figure["open"], self.ann)),
            self.member().open_leads,
            report["open_leads"],
        ]
        self.assertEqual(counts, [3] * 4)
        self.assertEqual(listed, listed.filtered("is_open"))
        self.assertEqual((len(listed), report["current_leads"]["total"]), (3, self.member().current_leads))

    def test_the_limit_on_open_leads_counts_the_open_leads(self):
        caps = self.env["lead.distribution.cap"]
        cap = caps.create({"user_id": self.ann.id, "measure": "open", "maximum": self.member().open_leads + 1})
        self.make_leads(6)
        self.campaign.pool_ids = [Command.clear(), Command.create({"holder": "unassigned"})]
        told = self.person(self.campaign.distribute().to_dict()["salespeople"])
        self.assertEqual((told["received"], self.member().open_leads), (1, cap.maximum))

    def test_won_lost_and_do_not_call_leads_are_neither_fresh_urgent_nor_stale(self):
        leads = self.env["crm.lead"].search([("holder_id", "=", self.ann.id)])
        is_closed = leads.filtered(lambda lead: not lead.is_open)
        self.assertEqual(set(is_closed.lead_status_id.mapped("code")), {"won", "lost", "cancelled", "dnc"})
        self.assertEqual(set(is_closed.mapped("classification")), {False})
        self.assertNotIn(False, (leads - is_closed).mapped("classification"))
        self.assertEqual(leads.search([("id", "in", leads.ids), ("classification", "=", False)]), is_closed)
        groups = dict(leads._read_group([("id", "in", leads.ids)], ["classification"], ["__count"]))
        self.assertEqual(groups, {"fresh": 3, False: 4})
        hit = leads.lookup_classification(is_closed[0].name)
        self.assertIn({"id": is_closed[0].id, "name": is_closed[0].name, "classification": "fresh"}, hit)

    def test_the_ages_on_the_dashboard_add_up_to_the_open_leads(self):
        own = self.get_dashboard(self.ann)
        self.assertEqual(sum(row["held"] for row in own["aging"]), own["figures"][0]["value"])
        data = self.get_dashboard(campaign_id=self.campaign.id)
        figures = {figure["key"]: figure["value"] for figure in data["figures"]}
        self.assertEqual(sum(row["held"] for row in data["aging"]), sum(self.campaign.member_ids.mapped("open_leads")))
        self.assertEqual(sum(row["nobody"] for row in data["aging"]), figures["unassigned"])

    def test_nobodys_leads_are_open_ones_and_the_list_has_as_many(self):
        self.make_leads(2, lead_status_id=self.status["won"].id)
        figures = {figure["key"]: figure for figure in self.get_dashboard()["figures"]}
        self.assertEqual((figures["unassigned"]["value"], len(self.open(figures["unassigned"]["open"]))), (4, 4))

    def test_the_comparison_as_it_was_is_the_run(self):
        run = self.campaign.distribute()
        self.assertTrue(self.person(run.to_dict()["salespeople"])["given_up"])
        self.campaign.member_ids.target_leads = 50  # changed since
        past = self.compare(when="past")[0]
        told = {person["user_id"]: person for person in run.to_dict()["salespeople"]}
        for person in past["people"]:
            of_run = told[person["user_id"]]
            self.assertEqual((person["received"], person["utilization"]),
                             (of_run["received"], round(of_run["utilization"], 1)))  # fmt: skip
        self.assertEqual((past["fairness_index"], past["distributed"]), (run.fairness_index, run.leads_distributed))
        self.assertEqual(past["spread"], run.utilization_spread)

    def test_the_comparison_with_dropback_is_the_run_too(self):
        self.campaign.write(
            {
                "use_dropback": True,
                "dropback_threshold_ids": [Command.create({"days": 60})],
                "dropback_rule_ids": [Command.create({"name": "Old", "user_id": self.bob.id, "is_default": True})],
            }
        )
        seen = self.compare()[0]
        run = self.campaign.distribute(seed=self.seed)
        self.assertTrue(run.leads_dropped_back)
        [was, *_variants] = self.compare(when="past")
        told = {p["user_id"]: round(p["utilization"], 1) for p in run.to_dict()["salespeople"]}
        for column in (seen, was):
            self.assertEqual({p["user_id"]: p["utilization"] for p in column["people"]}, told)

    def compare(self, **values):
        wizard = self.env["lead.distribution.compare"].with_user(self.manager).create(
            {"campaign_id": self.campaign.id, "line_ids": [Command.create({"strategy": "round_robin"})], **values}
        )  # fmt: skip
        wizard.action_compare()
        self.seed = wizard.seed
        return wizard.result["columns"]


@tagged("post_install", "-at_install")
class TestLoadOfOpportunities(DistributionCase):
    """Where a campaign takes opportunities, they are what people hold."""

    def test_a_second_run_begins_where_the_first_one_ended(self):
        self.campaign.lead_type = "both"
        self.campaign.member_ids.target_leads = 10
        self.make_leads(3, type="opportunity")
        self.make_leads(3)
        first = self.campaign.distribute().to_dict()["salespeople"]
        second = self.campaign.simulate().to_dict()["salespeople"]
        self.assertEqual([p["after"] for p in first], [p["before"] for p in second])
        self.assertEqual([p["after"] for p in first], [2, 2, 2])
        members = self.campaign.member_ids
        self.assertEqual((members.mapped("current_leads"), members.mapped("open_leads")), ([2] * 3, [2] * 3))
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data()
        self.assertEqual([person["leads"] for person in data["utilization"]], [2, 2, 2])
        own = self.env["lead.distribution.dashboard"].with_user(self.ann).get_data()
        self.assertEqual((own["figures"][0]["value"], own["load"][0]["leads"]), (2, 2))
        verified = self.campaign.verify_assignments()
        self.assertEqual(set(verified["leads_per_agent"].values()), {2})

    def test_an_import_shows_the_callers_load_as_the_campaign_does(self):
        self.campaign.lead_type = "both"
        self.make_leads(2, type="opportunity", user_id=self.ann.id)
        self.make_leads(1, user_id=self.ann.id)
        batch = self.env["lead.import.batch"].create({"campaign_id": self.campaign.id})
        caller = self.env["lead.import.caller"].create({"batch_id": batch.id, "user_id": self.ann.id})
        self.assertEqual((caller.current_leads, caller.member_id.current_leads), (3, 3))

    def test_a_filter_shows_as_many_leads_as_the_campaign_finds_by_it(self):
        self.campaign.lead_type = "both"
        self.make_leads(2, type="opportunity", city="Rome")
        self.make_leads(1, city="Rome")
        field = self.env["ir.model.fields"]._get("crm.lead", "city")
        self.campaign.filter_ids = [Command.create({"field_id": field.id, "kind": "include", "values_text": "Rome"})]
        self.assertEqual((self.campaign.filter_ids.matching_leads, self.campaign.simulate().leads_found), (3, 3))

    def test_limits_count_opportunities_that_people_have_or_got_by_hand(self):
        self.campaign.lead_type = "both"
        self.campaign.cap_ids = [Command.create({"measure": "open", "maximum": 2})]
        self.make_leads(2, type="opportunity", user_id=self.ann.id)
        self.make_leads(6, type="opportunity")
        people = {p["name"]: p["received"] for p in self.campaign.simulate().to_dict()["salespeople"]}
        self.assertEqual(people, {"Ann": 0, "Bob": 2, "Cem": 2})
        self.campaign.write({"cap_ids": [Command.clear()], "max_daily": 1})
        self.make_leads(1, type="opportunity").user_id = self.bob
        people = {p["name"]: p["received"] for p in self.campaign.simulate().to_dict()["salespeople"]}
        self.assertFalse(people.get("Bob"))


@tagged("post_install", "-at_install")
class TestNobodysLeadsAgree(DistributionCase):
    """Verifying a campaign, and the dashboard's number of nobody's leads."""

    def test_verify_says_which_of_the_dashboards_leads_are_not_the_campaigns_and_why(self):
        self.make_leads(2)
        self.make_leads(3, source_date=self.days_ago(90))
        self.make_leads(1, lead_status_id=self.status["won"].id)
        excluded = self.env["crm.tag"].create({"name": "opt_out"})
        self.make_leads(1, tag_ids=[Command.link(excluded.id)])
        data = self.env["lead.distribution.dashboard"].with_user(self.manager).get_data(campaign_id=self.campaign.id)
        shown = next(figure["value"] for figure in data["figures"] if figure["key"] == "unassigned")
        verified = self.campaign.verify_assignments()
        self.assertEqual(verified["not_taken"], {"date": 3, "dnc": 1})
        self.assertEqual(len(verified["unassigned"]) + sum(verified["not_taken"].values()), shown)

    def test_the_form_that_verifies_tells_them_in_words(self):
        self.make_leads(2)
        self.make_leads(3, source_date=self.days_ago(90))
        self.campaign.distribute()
        action = self.campaign.with_user(self.manager).action_verify()
        form = self.env[action["res_model"]].browse(action["res_id"])
        self.assertTrue(form.all_assigned)
        self.assertIn(
            "3 open leads have nobody and are not taken by this campaign (Outside the time window: 3)", form.not_taken
        )

    def test_one_other_is_told_in_the_singular(self):
        self.make_leads(1, source_date=self.days_ago(90))
        action = self.campaign.with_user(self.manager).action_verify()
        form = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("1 open lead has nobody and is not taken", form.not_taken)

    def test_without_others_nothing_is_said(self):
        self.make_leads(2)
        self.campaign.distribute()
        self.assertEqual(self.campaign.verify_assignments()["not_taken"], {})
