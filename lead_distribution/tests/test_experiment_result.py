import json
from datetime import timedelta
from random import Random

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from odoo.addons.lead_distribution.experiments.outcomes import count_of_experiment
from odoo.addons.lead_distribution.experiments.result import keep
from odoo.addons.lead_distribution.names import HANDED_OUT
from odoo.addons.lead_distribution.planning.rates import count_conversions

from .common import often
from .experiment_common import START, ExperimentCase


@tagged("post_install", "-at_install")
class TestExperimentOutcomes(ExperimentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signed = cls.env["crm.lead.status"].create({"name": "Signed", "code": "signed", "category": "won"})

    def test_the_result_has_what_others_rely_on(self):
        a, b = self.make_leads(2), self.make_leads(3)
        self.hand_out(a, "a")
        self.hand_out(b, "b", user=self.bob)
        self.win(b[:1], self.later(days=3), revenue=500)
        result = self.experiment.with_user(self.manager).get_result()
        self.assertEqual([result["a"][name] for name in ("leads", "conversions", "rate")], [2, 0, 0])
        self.assertEqual((result["b"]["leads"], result["b"]["conversions"]), (3, 1))
        self.assertAlmostEqual(result["difference"], 1 / 3)
        self.assertLess(result["low"], result["difference"])
        self.assertLess(result["difference"], result["high"])
        self.assertEqual((result["state"], result["kind"], result["winner"]), ("running", "running", None))
        self.assertIn("5 of 10,000", result["verdict"])
        self.assertEqual(json.loads(json.dumps(result)), result)
        self.assertEqual({**self.experiment.result, "looked_on": 0}, {**result, "looked_on": 0})

    def test_won_counts_from_the_hand_out_to_the_last_second_of_its_days(self):
        moments = [timedelta(seconds=-1), timedelta(0), timedelta(days=30), timedelta(days=30, seconds=1)]
        leads = self.make_leads(4)
        self.hand_out(leads, "a")
        for lead, after in zip(leads, moments, strict=True):
            self.win(lead, START + after)
        self.assertEqual(self.get_side("a"), (4, 2))

    def test_days_are_spans_of_time_in_whatever_zone_somebody_is(self):
        lead = self.make_leads()
        self.hand_out(lead, "a")
        self.win(lead, self.later(days=30, seconds=1))
        for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"):
            self.env.user.tz = self.campaign.tz = self.ann.tz = zone
            self.assertEqual(self.get_side("a"), (1, 0), zone)

    def test_a_lead_that_a_status_won_before_the_moment_was_kept_is_won_when_it_was_worked_on_last(self):
        leads = self.make_leads(3)
        self.hand_out(leads, "b")
        leads[:2].lead_status_id = self.signed
        leads[2].lead_status_id = self.status["lost"]
        self.set_moment(leads, date_closed=None, status_closed_on=None)
        self.set_moment(leads[:1], last_worked_on=self.later(days=2))
        self.set_moment(leads[1:], last_worked_on=self.later(days=31))
        self.assertEqual(self.get_side("b"), (3, 1))

    def test_a_lead_that_its_status_has_won_stays_won_in_time_whatever_is_worked_on_it_later(self):
        leads = self.make_leads(2)
        self.hand_out(leads, "b")
        with freeze_time(self.later(days=5)):
            leads.lead_status_id = self.signed
        with freeze_time(self.later(days=40)):
            leads[0].with_user(self.ann).message_post(body="The onboarding call", message_type="comment")
            leads[1].activity_schedule("mail.mail_activity_data_call", user_id=self.ann.id).action_done()
        self.assertEqual(leads.mapped("status_closed_on"), [self.later(days=5)] * 2)
        self.assertGreater(min(leads.mapped("last_worked_on")), self.later(days=39))
        self.assertEqual(self.get_side("b"), (2, 2))

    def test_moving_a_won_lead_to_the_stage_won_later_does_not_move_its_win(self):
        lead = self.make_leads()
        self.hand_out(lead, "b")
        with freeze_time(self.later(days=5)):
            lead.lead_status_id = self.signed
        self.win(lead, self.later(days=40))
        self.assertEqual(self.get_side("b"), (1, 1))

    def test_a_lead_that_is_opened_again_and_won_later_was_won_later(self):
        leads = self.make_leads(3)
        self.hand_out(leads, "b")
        with freeze_time(self.later(days=5)):
            leads[:2].lead_status_id = self.signed
            leads[2].lead_status_id = self.status["lost"]
        with freeze_time(self.later(days=6)):
            leads[:2].lead_status_id = self.status["new"]
        self.assertEqual(leads.mapped("status_closed_on"), [False, False, self.later(days=5)])
        with freeze_time(self.later(days=40)):
            leads.lead_status_id = self.signed
        self.assertEqual(leads.mapped("status_closed_on"), [self.later(days=40)] * 3)
        self.assertEqual(self.get_side("b"), (3, 0))

    def test_another_status_that_wins_leaves_the_moment_of_the_win(self):
        lead = self.make_leads()
        with freeze_time(self.later(days=5)):
            lead.lead_status_id = self.signed
        with freeze_time(self.later(days=40)):
            lead.lead_status_id = self.signed.copy({"code": "paid"})
        self.assertEqual(lead.status_closed_on, self.later(days=5))

    def test_a_salesperson_who_closes_a_lead_and_gives_it_away_at_once_is_refused_nothing(self):
        leads = self.make_leads(2, user_id=self.ann.id)
        leads[0].with_user(self.ann).write({"user_id": self.bob.id, "lead_status_id": self.signed.id})
        leads[1].with_user(self.ann).write({"lead_status_id": self.signed.id, "open_user_id": self.bob.id,
                                            "user_id": self.bob.id})  # fmt: skip
        self.env.flush_all()
        self.assertEqual(leads.user_id, self.bob)
        self.assertTrue(all(leads.mapped("status_closed_on")))

    def test_a_lead_made_with_a_status_that_closes_it_is_closed_since_then_and_its_copy_since_it_was_made(self):
        with freeze_time(START):
            lead = self.make_leads(lead_status_id=self.signed.id)
            by_default = (
                self.env["crm.lead"].with_context(default_lead_status_id=self.signed.id).create({"name": "New"})
            )
            still_open = self.make_leads(lead_status_id=self.status["new"].id)
        with freeze_time(self.later(days=1)):
            copied = lead.copy()
        moments = (lead | by_default | still_open | copied).mapped("status_closed_on")
        self.assertEqual(moments, [START, START, False, self.later(days=1)])

    def test_a_lead_that_a_won_one_is_merged_into_was_won_when_that_one_was(self):
        head, other = self.make_leads(2)
        head.type = "opportunity"  # so it is the one that is left
        with freeze_time(START):
            other.lead_status_id = self.signed
        merged = (head | other).merge_opportunity()
        self.assertEqual((merged, merged.lead_status_id, merged.status_closed_on), (head, self.signed, START))

    def test_performance_does_not_keep_a_deal_that_was_closed_long_ago_for_a_message_of_today(self):
        lead = self.make_leads(user_id=self.ann.id)
        with freeze_time(self.ago(days=self.campaign.performance_days + 1)):
            lead.lead_status_id = self.signed
        lead.with_user(self.ann).message_post(body="Happy birthday", message_type="comment")
        self.assertEqual(count_conversions(self.campaign, self.ann), {})

    def test_performance_knows_statuses_of_the_category_won_too(self):
        lead = self.make_leads(user_id=self.ann.id)
        lead.lead_status_id = self.signed
        self.assertEqual(sum(won for won, _closed in count_conversions(self.campaign, self.ann).values()), 1)

    def test_an_opportunity_counts_when_it_became_one_in_time(self):
        leads = self.make_leads(4)
        self.hand_out(leads, "a")
        leads.type = "opportunity"
        for lead, moment in zip(leads, (-1, 0, 30, 31), strict=True):
            self.set_moment(lead, date_conversion=self.later(days=moment))
        self.assertEqual(self.get_side("a", "opportunity"), (4, 2))

    def test_a_first_action_counts_whoever_did_it_in_time(self):
        leads = self.make_leads(4)
        rows = self.hand_out(leads, "a")
        for row, hours in zip(rows, (0, 24, 24.001, 500), strict=True):
            row.first_action_on = self.later(hours=hours)
        self.assertEqual(self.get_side("a", "action"), (4, 2))
        # the third one was handed on before, and the other one was quick
        again = self.hand_out(leads[2], "a", user=self.bob, on=self.later(hours=1), kind="take_back")
        again.first_action_on = self.later(hours=2)
        self.assertEqual(self.get_side("a", "action"), (4, 3))
        # what was done before the hand-out is not its outcome
        earlier = self.hand_out(leads[3], "a", on=self.later(days=-3))
        earlier.write({"first_action_on": self.later(days=-2), "experiment_id": False, "arm": False})
        self.assertEqual(self.get_side("a", "action"), (4, 3))

    def test_first_action_in_time_is_never_later_than_the_days_that_count(self):
        self.experiment = self.make_experiment(self.make_campaign("Short", self.ann), days=1, action_hours=100)
        row = self.hand_out(self.make_leads(), "a")
        row.first_action_on = self.later(hours=25)
        self.assertEqual(self.get_side("a", "action"), (1, 0))

    def test_revenue_is_that_of_what_was_won_in_time_a_lead(self):
        leads = self.make_leads(4)
        self.hand_out(leads, "b")
        self.win(leads[:1], self.later(days=1), revenue=300)
        self.win(leads[1:2], self.later(days=40), revenue=900)
        leads[2].expected_revenue = 5000  # not won
        revenue = self.experiment.get_result()["revenue"]
        self.assertEqual((revenue["b"]["rate"], revenue["b"]["total"], revenue["b"]["conversions"]), (75, 300, 1))
        self.assertEqual((revenue["difference"], revenue["low"], revenue["unit"]), (75, None, "money"))

    def test_revenue_of_other_companies_is_told_in_the_currency_of_the_campaign(self):
        euro, dollar = self.env.ref("base.EUR"), self.env.ref("base.USD")
        (euro | dollar).active = True
        own = self.env.company.currency_id
        other = dollar if own == euro else euro
        self.env["res.currency.rate"].search([]).unlink()
        self.env["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 4, "currency_id": other.id, "company_id": self.env.company.id}
        )
        company = self.env["res.company"].create({"name": "Abroad", "currency_id": other.id})
        self.campaign.company_id = self.env.company
        leads = self.make_leads(2)
        self.hand_out(leads, "a")
        self.win(leads, self.later(days=1), revenue=100)
        self.set_moment(leads[1], company_id=company.id)
        result = self.experiment.get_result()
        self.assertEqual(result["currency_id"], own.id)
        self.assertAlmostEqual(result["revenue"]["a"]["total"], 125)

    def test_leads_that_changed_hands_count_where_they_were_dealt_and_it_is_said(self):
        leads = self.make_leads(4)
        self.hand_out(leads, "a")
        # taken back, declined, and given by hand to somebody who gets leads of B
        self.hand_out(leads[0], "a", user=self.bob, on=self.later(days=1), kind="take_back")
        self.hand_out(leads[1], "a", user=self.cem, on=self.later(days=1), kind="decline")
        leads[2].user_id = self.cem
        self.win(leads, self.later(days=2))
        result = self.experiment.get_result()
        self.assertEqual((result["a"]["leads"], result["a"]["conversions"], result["b"]["leads"]), (4, 4, 0))
        self.assertEqual(result["changed_hands"], {"a": 3, "b": 0})
        self.assertIn("3 leads dealt to A are with others by now; they count for A.", result["notes"])

    def test_the_first_hand_out_counts_also_where_rows_were_written_later_for_it(self):
        lead = self.make_leads()
        self.hand_out(lead, "b", on=self.later(days=10), kind="take_back")
        self.hand_out(lead, "b", on=START)
        self.win(lead, self.later(days=35))
        self.assertEqual(self.get_side("b"), (1, 0))

    def test_what_was_put_back_planned_or_not_of_the_experiment_does_not_count(self):
        leads = self.make_leads(6)
        self.hand_out(leads[:1], "a", state="reverted")
        self.hand_out(leads[1:2], "a", state="planned")
        self.hand_out(leads[2:3], "a", state="skipped")
        self.hand_out(leads[3:4], "a", kind="dropback")
        self.hand_out(leads[4:5], "a").experiment_id = False
        self.hand_out(leads[5:], "a", kind="fallback")
        self.assertEqual(self.get_side("a"), (1, 0))
        self.assertEqual(self.experiment.get_result()["not_handed_out"], {"a": 5, "b": 0})
        self.assertEqual(self.experiment.leads_dealt, 1)

    def test_a_lead_that_was_put_back_and_handed_out_again_counts_from_then(self):
        lead = self.make_leads()
        self.hand_out(lead, "a", state="reverted")
        self.hand_out(lead, "a", on=self.later(days=5))
        self.win(lead, self.later(days=34))
        self.assertEqual(self.get_side("a"), (1, 1))

    def test_deleted_and_merged_leads_stay_in_the_number(self):
        leads = self.make_leads(4)
        self.hand_out(leads, "b")
        self.hand_out(leads[0], "b", user=self.bob, on=self.later(days=1), kind="distribution")  # counts once
        self.win(leads[:2], self.later(days=2))
        self.assertEqual(self.get_side("b"), (4, 2))
        leads[0].unlink()
        self.assertEqual(self.get_side("b"), (4, 1))
        (leads[2] + leads[3]).merge_opportunity(auto_unlink=True)
        self.assertEqual(self.get_side("b"), (4, 1))
        self.assertEqual(self.experiment.leads_dealt, 4)

    def test_matured_are_those_whose_days_are_over(self):
        leads = self.make_leads(3)
        self.hand_out(leads[:1], "a", on=self.ago(days=31))
        self.hand_out(leads[1:], "a", on=self.ago(days=29))
        self.assertEqual(self.experiment.get_result()["matured"], {"a": 1, "b": 0})

    def test_before_anything_is_handed_out_nobody_says_that_both_ways_are_alike(self):
        self.assertEqual(self.experiment.get_result()["balance"]["words"], "Nothing has been handed out yet.")

    def test_balance_tells_of_sources_priorities_and_age(self):
        web, fair = self.env["utm.source"].create([{"name": "Web page"}, {"name": "Fair"}])
        for arm, source, count in (("a", web, 30), ("a", fair, 10), ("b", web, 10), ("b", fair, 30)):
            self.hand_out(self.make_leads(count, source_id=source.id, source_date="2026-03-01"), arm)
        balance = self.experiment.get_result()["balance"]
        rows = {(row["group"], row["name"]): (row["a"], row["b"]) for row in balance["rows"]}
        self.assertEqual(rows["Source", "Web page"], (0.75, 0.25))
        self.assertEqual(rows["Age", "Days on average"], (1, 1))
        self.assertEqual((balance["is_alike"], balance["off"]), (False, ["source"]))
        self.assertIn("Source", balance["words"])

    def test_the_figures_are_those_of_a_count_by_hand(self):
        rng = Random(18)
        sources = self.env["utm.source"].create([{"name": f"S {n}"} for n in range(3)])
        leads = self.make_leads(often(100, 300))
        people = [self.ann, self.bob, self.cem]
        expected = {arm: {"leads": 0, "won": 0, "opportunity": 0, "action": 0, "revenue": []} for arm in "ab"}
        for lead in leads:
            lead.source_id = rng.choice(sources)
            arm, start = rng.choice("ab"), self.later(hours=rng.randrange(1000))
            row = self.hand_out(lead, arm, user=rng.choice(people), on=start)
            expected[arm]["leads"] += 1
            if rng.random() < 0.6:
                row.first_action_on = acted = start + timedelta(hours=rng.randrange(50))
                expected[arm]["action"] += acted <= start + timedelta(hours=24)
            if rng.random() < 0.3:  # to somebody else, by the same way
                self.hand_out(lead, arm, user=rng.choice(people), on=start + timedelta(days=2), kind="take_back")
            if rng.random() < 0.4:
                moment, revenue = start + timedelta(days=rng.randrange(60)), rng.randrange(3) * 100
                self.win(lead, moment, revenue)
                self.set_moment(lead, date_conversion=moment)
                in_time = moment <= start + timedelta(days=30)
                expected[arm]["won"] += in_time
                expected[arm]["opportunity"] += in_time
                expected[arm]["revenue"] += [revenue] if in_time and revenue else []
        found = count_of_experiment(self.experiment, fields.Datetime.now())
        for arm, outcomes in found.items():
            self.assertEqual(outcomes.leads, expected[arm]["leads"])
            self.assertEqual(outcomes.counts, {name: expected[arm][name] for name in outcomes.counts})
            self.assertEqual(outcomes.values, sorted(expected[arm]["revenue"]))

    def test_the_figures_are_those_of_another_statement(self):
        rng = Random(5)
        leads = self.make_leads(often(80, 200))
        for lead in leads:
            self.hand_out(lead, rng.choice("ab"), on=self.later(hours=rng.randrange(500)))
        self.win(leads[: len(leads) // 3], self.later(days=25))
        self.env.cr.execute(
            """
            SELECT arm, count(*), count(*) FILTER (WHERE EXISTS (
                SELECT FROM crm_lead l WHERE l.id = r.lead_id AND l.won_status = 'won'
                   AND l.date_closed - r.applied_on BETWEEN '0' AND interval '30 days'))
              FROM lead_distribution_assignment r
             WHERE experiment_id = %s AND kind IN %s AND NOT EXISTS (
                SELECT FROM lead_distribution_assignment o WHERE o.lead_id = r.lead_id AND o.id < r.id)
             GROUP BY arm ORDER BY arm
            """,
            (self.experiment.id, HANDED_OUT),
        )
        counted = {arm: (count, won) for arm, count, won in self.env.cr.fetchall()}
        self.assertEqual({arm: self.get_side(arm) for arm in "ab"}, counted)
        self.assertTrue(0 < counted["a"][1] < len(leads) // 3)

    def test_ten_times_the_leads_take_as_many_statements(self):
        def count(leads):
            self.hand_out(leads, "b")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.experiment.get_result()
            return self.env.cr.sql_log_count - before

        count(self.make_leads(5))
        few = count(self.make_leads(20))
        self.assertLessEqual(count(self.make_leads(200)), few)

    def test_lists_of_experiments_take_as_many_statements_as_one(self):
        def count(experiments):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            experiments.mapped("verdict_words")
            experiments.mapped("leads_dealt")
            return self.env.cr.sql_log_count - before

        more = self.experiment
        for number in range(6):
            state = ("waiting", "done", "draft")[number % 3]
            one = self.make_experiment(self.make_campaign(f"C{number}", self.ann), state=state, dealt_until=START)
            self.hand_out(self.make_leads(3), "a", experiment=one)
            if state == "done":
                keep(one)
            more |= one
        count(more)
        self.assertLessEqual(count(more), count(more[:4]))

    def test_managers_of_other_companies_and_salespeople_see_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        stranger = self.make_user("eve", "base.group_user,sales_team.group_sale_manager",
                                  company_id=company.id, company_ids=[(6, 0, company.ids)])  # fmt: skip
        for user in (stranger, self.ann):
            with self.assertRaises(AccessError):
                self.experiment.with_user(user).get_result()
            with self.assertRaises(AccessError):
                _ = self.experiment.with_user(user).result

    def test_managers_see_leads_of_everybody_and_companies_stay_apart(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        campaign = self.campaign.copy({"company_id": other.id, "name": "Other", "member_ids": []})
        apart = self.make_experiment(campaign)
        self.hand_out(self.make_leads(3), "a")
        self.hand_out(self.make_leads(2), "b", experiment=apart)
        self.env.flush_all()
        mine = self.env["lead.distribution.experiment"].with_user(self.manager).search([])
        self.assertIn(self.experiment, mine)
        self.assertNotIn(apart, mine)
        result = self.experiment.with_user(self.manager).get_result()
        self.assertEqual((result["a"]["leads"], result["b"]["leads"]), (3, 0))

    def test_what_the_verdict_is_about_stays_as_it_was_planned(self):
        experiment = self.experiment.with_user(self.manager)
        for name, value in {"measure": "revenue", "days": 60, "planned_leads": 5, "share_b": 0.1, "seed": 3}.items():
            with self.assertRaises(UserError, msg=name):
                experiment.write({name: value})
        experiment.write({"measure": "won", "days": 30, "name": "Another name"})
        draft = self.make_experiment(state="draft")
        draft.with_user(self.manager).write({"measure": "revenue", "days": 60})
