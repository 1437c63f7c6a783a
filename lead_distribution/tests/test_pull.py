"""Give me leads: who has room takes the next leads of a campaign."""

from datetime import timedelta
from random import Random

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import SQL

from odoo.addons.lead_distribution.planning.decide import RANKS

from .common import DistributionCase


@tagged("post_install", "-at_install")
class PullCase(DistributionCase):
    def pull(self, user, count=1, campaign=None):
        return (campaign or self.campaign).with_user(user).pull_leads(count)

    def get_runs(self):
        return self.campaign.run_ids.filtered(lambda run: run.origin == "pull")


@tagged("post_install", "-at_install")
class TestPull(PullCase):
    def test_the_caller_gets_as_many_leads_as_asked_for_and_the_history_says_how(self):
        leads = self.make_leads(5)
        got = self.pull(self.ann, 2)
        self.assertEqual((len(got), got.user_id, got.open_user_id), (2, self.ann, self.ann))
        self.assertLessEqual(got, leads.with_user(self.ann))
        self.assertEqual(len(leads.filtered("user_id")), 2)
        run = self.get_runs()
        self.assertEqual(
            (run.state, run.leads_found, run.leads_done, set(run.assignment_ids.mapped("kind"))),
            ("done", 2, 2, {"pull"}),
        )
        self.pull(self.bob)
        self.assertEqual((self.get_runs(), run.leads_done), (run, 3), "one run a day")
        figures = run.to_dict()
        self.assertEqual(figures["leads_found"], figures["leads_distributed"] + figures["leads_not_distributed"])

    def test_nothing_to_take_is_no_error_and_leaves_no_run(self):
        self.assertFalse(self.pull(self.ann))
        self.make_leads(2, user_id=self.bob.id)
        self.assertFalse(self.pull(self.ann), "what somebody has is not taken")
        self.assertFalse(self.get_runs())

    def test_leads_come_in_the_order_of_the_campaign(self):
        values = [(p, d) for p in ("0", "1", "3") for d in (self.days_ago(1), self.days_ago(4), False)]
        for order in ("priority", "newest", "oldest"):
            leads = self.env["crm.lead"]
            for priority, date in Random(7).sample(values, len(values)):
                leads += self.make_leads(1, priority=priority, source_date=date)
            self.campaign.write({"lead_order": order, "use_window": False})
            keys = []
            for _lead in leads:
                lead = self.pull(self.ann)
                keys.append(RANKS[order](lead))
            self.assertEqual(keys, sorted(keys), order)
            self.assertEqual(len(leads.filtered("user_id")), len(leads))
            leads.active = False

    def test_by_chance_takes_all_there_are(self):
        self.campaign.lead_order = "random"
        leads = self.make_leads(7)
        self.assertEqual(len(self.pull(self.ann, 5)), 5)
        self.assertEqual(len(self.pull(self.ann, 5)), 2)
        self.assertEqual(leads.user_id, self.ann)

    def test_steps_and_rules_and_do_not_call_hold_as_in_any_run(self):
        self.campaign.lead_order = "newest"
        self.make_leads(1, lead_status_id=self.status["dnc"].id, source_date=self.days_ago(0))
        self.make_leads(1, user_id=self.cem.id, source_date=self.days_ago(0))
        good = self.make_leads(1, source_date=self.days_ago(3))
        self.assertEqual(self.pull(self.ann, 5), good.with_user(self.ann))

    def test_the_next_one_is_looked_for_where_the_first_ones_are_for_others(self):
        self.campaign.write({"lead_order": "newest", "use_territory": True})
        france, germany = self.env.ref("base.fr"), self.env.ref("base.de")
        self.make_leads(250, country_id=france.id, source_date=self.days_ago(1))
        mine = self.make_leads(1, country_id=germany.id, source_date=self.days_ago(5))
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).country_ids = germany
        self.assertEqual(self.pull(self.ann), mine.with_user(self.ann))
        self.assertFalse(self.pull(self.ann), "what is there is not for her")
        self.assertEqual(self.get_runs().leads_done, 1)

    def test_who_is_paused_away_or_no_member_is_told_why(self):
        self.make_leads(3)
        self.ann.with_user(self.ann).action_pause_leads(reason="Lunch")
        with self.assertRaisesRegex(UserError, "paused until further notice.*Switch leads on again"):
            self.pull(self.ann)
        self.ann.with_user(self.ann).action_resume_leads()
        self.assertEqual(len(self.pull(self.ann)), 1)
        now = fields.Datetime.now()
        self.env["lead.distribution.absence"].create(
            {"user_id": self.bob.id, "date_from": now - timedelta(hours=1), "date_to": now + timedelta(days=2)}
        )
        with self.assertRaisesRegex(UserError, "You cannot take leads now: away until"):
            self.pull(self.bob)
        with self.assertRaisesRegex(UserError, "no member"):
            self.pull(self.make_user("dan"))
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.cem).active = False
        with self.assertRaisesRegex(UserError, "inactive"):
            self.pull(self.cem)

    def test_who_is_full_is_told_how_full(self):
        self.campaign.write({"strategy": "capacity_based"})
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        member.target_leads = 3
        self.make_leads(10)
        self.assertEqual(len(self.pull(self.ann, 5)), 3, "as many as there is room for")
        with self.assertRaisesRegex(UserError, "You are full: 3 of 3 leads"):
            self.pull(self.ann)

    def test_one_lead_is_no_plural(self):
        self.campaign.write({"strategy": "capacity_based", "pull_at_once": 1})
        self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).target_leads = 1
        self.make_leads(10)
        with self.assertRaisesRegex(UserError, r"^You can take 1 lead at once\.$"):
            self.pull(self.ann, 2)
        self.pull(self.ann)
        with self.assertRaisesRegex(UserError, r"You are full: 1 of 1 lead\."):
            self.pull(self.ann)

    def test_limits_count_what_was_taken(self):
        self.campaign.max_daily = 2
        self.make_leads(10)
        self.assertEqual(len(self.pull(self.ann, 1)), 1)
        self.assertEqual(len(self.pull(self.ann, 5)), 1)
        with self.assertRaisesRegex(UserError, "limits"):
            self.pull(self.ann)
        self.campaign.distribute()
        counts = [len(self.env["crm.lead"].search([("user_id", "=", user.id)])) for user in (self.ann, self.bob)]
        self.assertEqual(counts, [2, 2])

    def test_taken_leads_are_turns(self):
        self.make_leads(6)
        self.pull(self.ann, 4)
        turns = {m.user_id: m.rotation_turns for m in self.campaign.member_ids}
        self.assertEqual(turns, {self.ann: 4, self.bob: 0, self.cem: 0})
        self.assertFalse(any(self.campaign.member_ids.mapped("in_rotation")), "who took none was not away")
        run = self.campaign.distribute()
        self.assertEqual(run.assignment_ids.user_id, self.bob | self.cem, "the others are first")

    def test_a_run_that_is_being_applied_keeps_its_leads(self):
        leads = self.make_leads(3)
        run = self.campaign.simulate(max_leads=2)
        run.state = "applying"
        planned = run.assignment_ids.lead_id
        self.assertEqual(self.pull(self.ann, 3), (leads - planned).with_user(self.ann))

    def test_it_is_off_with_0_and_the_number_is_checked(self):
        self.make_leads(20)
        self.campaign.pull_at_once = 3
        for count in (0, -1, 4, True, "2", 1.5, None):
            with self.assertRaisesRegex(UserError, "between 1 and 3"):
                self.pull(self.ann, count)
        self.campaign.pull_at_once = 0
        with self.assertRaisesRegex(UserError, "Nobody takes leads"):
            self.pull(self.ann)

    def test_a_lead_of_the_waiting_list_leaves_it(self):
        self.campaign.is_live = True
        lead = self.make_leads(1)
        self.env.flush_all()
        self.assertTrue(self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)]))
        self.assertEqual(self.pull(self.ann), lead.with_user(self.ann))
        self.assertFalse(self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)]))

    def test_it_can_be_put_back_as_any_run(self):
        leads = self.make_leads(3)
        self.pull(self.ann, 2)
        run = self.get_runs()
        self.make_past(run)
        run.with_user(self.manager).action_revert()
        self.assertFalse(leads.user_id)
        self.assertEqual(self.campaign.member_ids.mapped("rotation_turns"), [0, 0, 0])
        self.assertEqual(len(self.pull(self.ann, 3)), 3)

    def test_a_campaign_of_another_company_is_out_of_reach(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        self.campaign.company_id = other
        self.make_leads(2)
        with self.assertRaises(AccessError):
            self.pull(self.ann)
        eve = self.make_user("eve", company_id=other.id, company_ids=[Command.set(other.ids)])
        self.campaign.member_ids = [Command.create({"user_id": eve.id})]
        self.assertEqual(len(self.pull(eve)), 1)

    def test_what_the_caller_says_in_the_context_changes_nothing(self):
        self.make_leads(2)
        context = {"default_user_id": self.bob.id, "default_state": "planned", "active_test": False}
        got = self.campaign.with_user(self.ann).with_context(**context).pull_leads()
        self.assertEqual(got.user_id, self.ann)
        self.assertEqual(self.get_runs().state, "done")

    def test_reasons_are_in_the_language_of_who_asks(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("ar_001")
        self.make_leads(2)
        until = fields.Datetime.now() + timedelta(days=3)
        # there is no Arabic translation
        for lang, words in (("de_DE", "Sie können jetzt keine Leads abrufen"), ("ar_001", "You cannot take leads now")):
            self.ann.lang = lang
            campaign = self.campaign.with_user(self.ann).with_context(lang=lang)
            self.assertEqual(len(campaign.pull_leads()), 1)
            self.ann.with_user(self.ann).action_pause_leads(until)
            with self.assertRaisesRegex(UserError, words):
                campaign.pull_leads()
            self.ann.with_user(self.ann).action_resume_leads()

    def test_of_many_leads_only_few_are_read(self):
        """However many candidates there are: an index leads to the first ones."""
        self.campaign.use_window = False
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_lead (name, type, active, priority, source_date, create_date, write_date) "
                "SELECT 'Many ' || n, 'lead', true, (n %% 3)::text, current_date - n %% 300, now(), now() "
                "FROM generate_series(1, 30000) n"
            )
        )
        self.env.cr.execute("ANALYZE crm_lead")
        for order in ("random", "priority", "newest", "oldest"):
            self.campaign.lead_order = order
            self.env.flush_all()
            before = self.count_rows_read()
            self.assertEqual(len(self.pull(self.ann)), 1, order)
            self.assertLess(self.count_rows_read() - before, 3000, order)

    def count_rows_read(self):
        self.env.cr.execute(
            "SELECT seq_tup_read + coalesce(idx_tup_fetch, 0) FROM pg_stat_xact_user_tables WHERE relname = 'crm_lead'"
        )
        return self.env.cr.fetchone()[0]


@tagged("post_install", "-at_install")
class TestGiveMeLeads(PullCase):
    """The dialog behind the button."""

    def ask(self, user):
        return self.env["lead.distribution.pull"].with_user(user).action_ask()

    def test_it_offers_the_campaigns_in_which_one_takes_part_and_may_take_leads(self):
        closed = self.make_campaign("Closed", self.ann, pull_at_once=0)
        archived = self.make_campaign("Archived", self.ann, active=False)
        other = self.make_campaign("Apple", self.ann, self.bob)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        here = self.ann.company_ids
        self.ann.company_ids += elsewhere
        self.make_campaign("Elsewhere", self.ann, company_id=elsewhere.id)
        self.make_campaign("Of others", self.bob)
        wizard = self.env["lead.distribution.pull"].with_user(self.ann).with_context(allowed_company_ids=here.ids)
        with Form(wizard) as form:
            self.assertEqual({c.name for c in form.campaign_ids}, {"Voice", "Apple"})
            self.assertTrue(form.has_choice)
            form.campaign_id = other
            self.assertEqual((form.most, form.count), (10, 5))
        self.assertFalse(form.record.campaign_ids & (closed | archived))

    def test_who_can_take_leads_nowhere_is_told_and_sees_no_button(self):
        dan = self.make_user("dan")
        for user, can_pull in ((self.ann, True), (dan, False), (self.manager, False)):
            info = self.env["ir.http"].with_user(user).lazy_session_info()
            self.assertEqual(info["lead_distribution_pull"], can_pull)
        with self.assertRaisesRegex(UserError, "In none of your campaigns"):
            self.ask(dan)

    def test_what_came_is_shown(self):
        self.campaign.pull_at_once = 1
        lead = self.make_leads(1)
        action = self.ask(self.ann)
        self.assertEqual(action["params"]["message"], "1 lead is yours now.")
        self.assertEqual((action["params"]["next"]["res_id"], lead.user_id), (lead.id, self.ann))
        self.campaign.pull_at_once = 10
        self.make_leads(3)
        with Form(self.env["lead.distribution.pull"].with_user(self.ann)) as form:
            form.count = 5
        action = form.record.action_pull()
        self.assertEqual(action["params"]["message"], "3 leads are yours now. There are no more for you now.")
        shown = self.env["crm.lead"].with_user(self.ann).search(action["params"]["next"]["domain"])
        self.assertEqual((len(shown), shown.user_id), (3, self.ann))
        action = form.record.action_pull()
        self.assertEqual(action["params"]["message"], "There is nothing to take now.")


@tagged("post_install", "-at_install")
class TestPullOnADesk(PullCase, HttpCase):
    def test_a_salesperson_takes_leads_and_sees_what_came(self):
        self.make_campaign("Apple", self.ann)
        leads = self.make_leads(4)
        self.start_tour("/odoo/my-leads", "lead_distribution_pull", login=self.ann.login)
        self.assertEqual((leads.user_id, len(leads.filtered("user_id"))), (self.ann, 4))


@tagged("post_install", "-at_install")
class TestPullOnAPhone(PullCase, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_a_salesperson_takes_leads(self):
        leads = self.make_leads(4)
        self.start_tour("/odoo/my-leads", "lead_distribution_pull_phone", login=self.ann.login)
        self.assertEqual(leads.user_id, self.ann)
