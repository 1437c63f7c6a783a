from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import DistributionCase


@tagged("post_install", "-at_install")
class TestStart(DistributionCase):
    """A new campaign, asked step by step, and what is in the way of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["crm.lead"].with_context(active_test=False).search([]).active = False
        cls.start = cls.env["lead.distribution.start"].with_user(cls.manager)

    def answer(self, **values):
        people = {"user_ids": [(6, 0, (self.ann + self.bob).ids)]}
        return self.start.create({"name": "Fresh", "step": "leads", **people, **values})

    def plan(self, wizard):
        action = wizard.action_plan()
        return self.env[action["res_model"]].browse(action["res_id"])

    def test_a_name_and_people_are_enough_for_a_plan(self):
        leads = self.make_leads(4, source_date=self.today)
        run = self.plan(self.answer())
        self.assertRecordValues(run, [{"state": "planned", "leads_found": 4, "leads_distributed": 4}])
        self.assertFalse(leads.user_id)
        campaign = run.campaign_id
        self.assertRecordValues(campaign, [{
            "name": "Fresh", "strategy": "round_robin", "frequency": "manual", "window_preset": "from_today",
        }])  # fmt: skip
        self.assertEqual(campaign.member_ids.user_id, self.ann + self.bob)
        self.assertEqual(campaign.pool_ids.mapped("holder"), ["unassigned"])
        self.assertTrue(campaign.use_dnc and campaign.dnc_filter_ids)

    def test_every_answer_is_kept(self):
        wizard = self.answer(
            take_callbacks=True, take_former=True, window_preset="any_age", strategy="least_loaded",
            frequency="weekly", run_weekday="2", run_hour=9.5, is_live=True, only_at_work=True,
        )  # fmt: skip
        campaign = self.plan(wizard).campaign_id
        self.assertRecordValues(campaign, [{
            "use_window": False, "strategy": "least_loaded", "frequency": "weekly", "run_weekday": "2", "run_hour": 9.5,
            "is_live": True, "availability": "working_hours",
        }])  # fmt: skip
        self.assertEqual(campaign.pool_ids.mapped("holder"), ["unassigned", "active_member", "inactive_member"])
        self.assertEqual(campaign.pool_ids[1].status_ids.code, "call_back")
        self.assertTrue(campaign.pool_ids[2].include_former_users)

    def test_each_tick_counts_what_a_run_with_it_alone_would_find(self):
        gone = self.make_user("gone")
        self.make_leads(3)
        self.make_leads(2, user_id=self.ann.id, lead_status_id=self.status["call_back"].id)
        self.make_leads(1, user_id=self.ann.id)
        self.make_leads(4, user_id=gone.id)
        self.make_leads(5, lead_status_id=self.status["dnc"].id)
        gone.active = False
        wizard = self.answer()
        counts = {"count_unassigned": 3, "count_callbacks": 2, "count_former": 4, "count_everybody": 10, "found": 3}
        self.assertRecordValues(wizard, [counts])
        for name in ("unassigned", "callbacks", "former", "everybody"):
            ticks = {f"take_{other}": other == name for other in ("unassigned", "callbacks", "former", "everybody")}
            run = self.plan(self.answer(**ticks))
            self.assertEqual(run.leads_found, counts[f"count_{name}"], name)
        wizard.write({"take_callbacks": True, "take_former": True})
        self.assertEqual((wizard.found, self.plan(wizard).leads_found), (9, 9))

    def test_counting_takes_a_fixed_number_of_statements(self):
        for count in (1, 30):
            self.make_leads(count)
            wizard = self.answer()
            self.env.flush_all()
            wizard.invalidate_recordset()
            with self.assertQueryCount(60):
                self.assertTrue(wizard.count_unassigned and wizard.found)

    def test_people_are_offered_with_what_they_hold_and_by_teams(self):
        team = self.env["crm.team"].create({"name": "North", "member_ids": [(6, 0, (self.ann + self.cem).ids)]})
        self.make_leads(2, user_id=self.ann.id)
        self.make_leads(1, user_id=self.ann.id, lead_status_id=self.status["won"].id)
        self.make_leads(1, user_id=self.ann.id, type="opportunity")
        offered = self.start.list_people()
        people = {person["id"]: person for person in offered["people"]}
        self.assertEqual((people[self.ann.id]["leads"], people[self.bob.id]["leads"]), (3, 0))
        self.assertEqual(people[self.ann.id]["leads"], self.count_on_dashboard(self.ann, "both"))
        self.assertIn("North", people[self.ann.id]["teams"])
        groups = {group["name"]: group["ids"] for group in offered["groups"]}
        self.assertEqual(set(groups[team.name]), set((self.ann + self.cem).ids))
        self.assertLessEqual(set((self.ann + self.bob + self.cem + self.manager).ids), set(groups["Everybody"]))

    def test_opportunities_are_not_counted_where_leads_are_switched_on(self):
        self.env.ref("base.group_user").implied_ids += self.env.ref("crm.group_use_lead")
        self.make_leads(2, user_id=self.ann.id)
        self.make_leads(1, user_id=self.ann.id, type="opportunity")
        people = {person["id"]: person["leads"] for person in self.start.list_people()["people"]}
        self.assertEqual(people[self.ann.id], 2)
        self.assertEqual(people[self.ann.id], self.count_on_dashboard(self.ann, "lead"))

    def count_on_dashboard(self, user, lead_type):
        """Return the open leads that a person sees on the dashboard, as member of a campaign that takes such leads."""
        self.campaign.lead_type = lead_type
        figures = self.env["lead.distribution.dashboard"].with_user(user).get_data()["figures"]
        return next(figure["value"] for figure in figures if figure["key"] == "load")

    def test_the_people_to_begin_with_sell_and_do_not_manage(self):
        people = self.start.new().user_ids._origin
        self.assertLessEqual(self.ann + self.bob + self.cem, people)
        self.assertNotIn(self.manager, people)

    def test_nothing_is_left_of_a_start_that_is_cancelled(self):
        campaigns = self.env["lead.distribution.campaign"].search_count([])
        with Form(self.start) as form:
            form.name = "Never"
            for step in ("people", "leads", "sharing", "schedule", "people"):
                form.step = step
            self.assertEqual(form.name, "Never")
        self.assertEqual(self.env["lead.distribution.campaign"].search_count([]), campaigns)

    def test_all_settings_opens_the_form_with_the_answers(self):
        action = self.answer(strategy="random", window_preset="any_age").action_all_settings()
        campaigns = self.env["lead.distribution.campaign"].with_user(self.manager).with_context(**action["context"])
        with Form(campaigns) as form:
            self.assertEqual((form.name, form.strategy, form.window_preset), ("Fresh", "random", "any_age"))
        self.assertEqual(form.record.member_ids.user_id, self.ann + self.bob)
        self.assertEqual(form.record.pool_ids.mapped("holder"), ["unassigned"])

    def test_all_settings_keeps_what_was_mended_on_the_way(self):
        mends = ["take_both", "take_members", "any_status", "any_age"]
        action = self.answer(take_callbacks=True, mends=mends).action_all_settings()
        campaigns = self.env["lead.distribution.campaign"].with_user(self.manager).with_context(**action["context"])
        with Form(campaigns) as form:
            self.assertEqual((form.lead_type, form.window_preset), ("both", "any_age"))
        pools = form.record.pool_ids
        self.assertEqual(pools.mapped("holder"), ["unassigned", "active_member", "active_member"])
        self.assertFalse(pools.status_ids)

    def test_only_managers_start_campaigns(self):
        start = self.start.with_user(self.ann)
        for call in (
            lambda: start.create({"name": "Mine"}),
            start.list_people,
            lambda: start.new({"step": "leads"}).found,
        ):
            with self.assertRaises(AccessError):
                call()
