from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from odoo.addons.lead_distribution.experiments.watch import end, look
from odoo.addons.lead_distribution.experiments.ways import describe_way
from odoo.addons.lead_distribution.experiments.words import Words

from .experiment_common import ExperimentCase


@tagged("post_install", "-at_install")
class TestExperimentVerdict(ExperimentCase):
    def fill(self, a, b, on=None, experiment=None, revenue=0):
        """Hand out leads by both ways: (leads, won) of each."""
        on = on or self.ago(days=60)
        for arm, (leads, won) in (("a", a), ("b", b)):
            handed = self.make_leads(leads)
            self.hand_out(handed, arm, on=on, experiment=experiment)
            if won:
                self.win(handed[:won], fields.Datetime.add(on, days=1), revenue)
                if revenue:  # each brings another amount
                    for number, lead in enumerate(handed[:won]):
                        lead.expected_revenue = revenue + number
        self.env.flush_all()

    def finish(self, planned, early=False):
        self.env.cr.execute("UPDATE lead_distribution_experiment SET planned_leads = %s", (planned,))
        self.env.invalidate_all()
        end(self.experiment, early=early)
        return self.experiment.get_result()

    def test_b_wins(self):
        self.fill((200, 20), (200, 60))
        result = self.finish(400)
        self.assertEqual((result["kind"], result["winner"], result["state"]), ("b_better", "b", "done"))
        self.assertRegex(result["verdict"], r"^B won 20\.0 points more \(1\d\.\d to 2\d\.\d\)\.$")
        self.assertEqual(self.experiment.verdict_words, result["verdict"])

    def test_a_wins_and_the_interval_is_told_from_its_side(self):
        self.fill((200, 60), (200, 20))
        result = self.finish(400)
        self.assertEqual((result["kind"], result["winner"]), ("a_better", "a"))
        self.assertRegex(result["verdict"], r"^A won 20\.0 points more \(1\d\.\d to 2\d\.\d\)\.$")
        self.assertLess(result["high"], 0)

    def test_no_difference_says_which_one_there_could_be_never_rounded_down(self):
        self.fill((200, 20), (200, 21))
        result = self.finish(400)
        self.assertEqual((result["kind"], result["winner"]), ("no_difference", None))
        self.assertRegex(result["verdict"], r"^No difference larger than \d\.\d points\.$")
        self.assertGreaterEqual(float(result["verdict"].split()[-2]), result["largest"] * 100)

    def test_stopped_before_enough_leads_tells_nothing_however_good_it_looks(self):
        self.fill((60, 0), (60, 30))
        result = self.finish(3000, early=True)
        self.assertEqual((result["kind"], result["winner"]), ("too_few", None))
        self.assertEqual(result["verdict"], "Not enough leads to tell: stopped after 120 of 3,000.")

    def test_stopped_while_outcomes_are_to_come_tells_nothing(self):
        self.fill((200, 20), (200, 60), on=self.ago(days=10))
        result = self.finish(400, early=True)
        self.assertEqual((result["kind"], result["winner"]), ("too_few", None))
        self.assertIn("while those of 400 leads were still to come", result["verdict"])

    def test_while_it_runs_there_are_numbers_and_no_verdict(self):
        self.fill((200, 20), (200, 60))
        result = self.experiment.get_result()
        self.assertEqual((result["kind"], result["winner"]), ("running", None))
        self.assertEqual(
            result["verdict"],
            "Not yet: 400 of 10,000 leads. Looking early and stopping is how one fools oneself.",
        )
        self.assertAlmostEqual(result["difference"], 0.2)

    def test_one_planned_lead_is_no_plural(self):
        self.env.cr.execute(
            "UPDATE lead_distribution_experiment SET planned_leads = 1 WHERE id = %s", self.experiment.ids
        )
        self.experiment.invalidate_recordset()
        self.assertTrue(self.experiment.get_result()["verdict"].startswith("Not yet: 0 of 1 lead. "))

    def test_waiting_says_until_when(self):
        self.fill((20, 0), (20, 0), on=self.ago(days=10))
        self.experiment.write({"state": "waiting", "dealt_until": self.ago(days=10)})
        result = self.experiment.get_result()
        self.assertEqual((result["kind"], result["winner"], result["state"]), ("running", None, "waiting"))
        last = fields.Datetime.add(self.ago(days=10), days=30)
        self.assertIn(str(last.day), result["verdict"])
        self.assertIn("last outcomes count until", self.experiment.verdict_words)
        self.assertEqual(self.experiment.verdict_words, result["verdict"])

    def test_page_and_list_name_the_same_last_day_also_where_leads_went_on(self):
        self.fill((20, 0), (20, 0), on=self.ago(days=10))
        lead = self.env["lead.distribution.assignment"].search([("experiment_id", "=", self.experiment.id)]).lead_id[0]
        self.hand_out(lead, "a", self.bob, self.ago(days=6), kind="take_back")
        self.experiment.write({"state": "waiting", "dealt_until": self.ago(days=5)})
        self.env.flush_all()
        self.assertEqual(self.experiment.verdict_words, self.experiment.get_result()["verdict"])

    def test_numbers_below_0_have_one_minus_in_differences_and_intervals(self):
        words = Words(self.env, self.env.ref("base.USD"))
        self.assertEqual(words.span(-0.063, 0.2, "share"), "−6.3 to 20.0")
        self.assertEqual(words.span(-0.0004, 0, "share"), "−0.04 to 0.00")
        money = words.span(-205.32, -1.5, "money")
        self.assertEqual(money, f"{words.signed(-205.32, 'money')} to {words.signed(-1.5, 'money')}")
        self.assertNotIn("-", money)

    def test_a_lead_that_goes_on_to_somebody_else_does_not_put_the_end_off(self):
        self.fill((20, 0), (20, 0), on=self.ago(days=29))
        self.experiment.write({"state": "waiting", "dealt_until": self.ago(days=29)})
        lead = self.experiment.env["lead.distribution.assignment"].search(
            [("experiment_id", "=", self.experiment.id)], limit=1
        ).lead_id  # fmt: skip
        self.hand_out(lead, "a", user=self.bob, on=self.ago(days=2), kind="decline")
        self.env.flush_all()
        result = self.experiment.get_result()
        self.assertEqual(self.experiment.verdict_words, result["verdict"], "the list and the page say the same day")
        self.assertIn(str((self.ago(days=29) + timedelta(days=30)).day), result["verdict"])
        self.env.cr.execute("UPDATE lead_distribution_assignment SET applied_on = applied_on - interval '2 days'")
        self.env.invalidate_all()
        look(self.experiment)
        self.assertEqual(self.experiment.state, "done", "on the day that was told")

    def test_harm_stops_the_dealing_and_is_told_once(self):
        self.fill((400, 120), (400, 20))
        with patch("odoo.addons.lead_distribution.experiments.told.send") as told:
            look(self.experiment)
            look(self.experiment)
        self.assertEqual(told.call_count, 1)
        result = self.experiment.get_result()
        self.assertEqual((result["state"], result["kind"], result["winner"]), ("done", "harm", "a"))
        self.assertRegex(result["verdict"], r"^B won 25\.0 points fewer \(\d\d\.\d to \d\d\.\d\): stopped\.$")
        self.assertFalse(self.experiment.ended_early)
        self.assertTrue(self.experiment.dealt_until)

    def test_harm_is_told_and_not_stopped_where_nobody_wants_that(self):
        self.experiment.stop_on_harm = False
        self.fill((400, 120), (400, 20))
        look(self.experiment)
        self.assertEqual(self.experiment.state, "running")
        result = self.experiment.get_result()
        self.assertEqual((result["kind"], result["winner"]), ("harm", "a"))
        self.assertIn("it does harm, stop it", result["verdict"])

    def test_harm_is_not_seen_in_leads_whose_days_are_not_over(self):
        self.fill((400, 120), (400, 20), on=self.ago(days=5))
        look(self.experiment)
        self.assertEqual(self.experiment.state, "running")
        self.assertEqual(self.experiment.get_result()["kind"], "running")

    def test_a_worse_a_is_no_harm(self):
        self.fill((400, 20), (400, 120))
        look(self.experiment)
        self.assertEqual(self.experiment.state, "running")

    def test_the_daily_look_takes_it_from_running_to_its_end(self):
        self.fill((20, 2), (20, 2), on=self.ago(days=10))
        self.env.cr.execute("UPDATE lead_distribution_experiment SET planned_leads = 40")
        self.env.invalidate_all()
        self.env["lead.distribution.experiment"]._cron_watch()
        self.assertEqual((self.experiment.state, bool(self.experiment.dealt_until)), ("waiting", True))
        self.assertFalse(self.experiment.ended_on)
        self.env["lead.distribution.experiment"]._cron_watch()
        self.assertEqual(self.experiment.state, "waiting")
        self.experiment.invalidate_recordset()
        self.env["lead.distribution.assignment"].search(
            [("experiment_id", "=", self.experiment.id)]
        ).applied_on = self.ago(days=30, seconds=1)
        self.env["lead.distribution.experiment"]._cron_watch()
        self.assertEqual((self.experiment.state, self.experiment.ended_early), ("done", False))
        self.assertTrue(self.experiment.ended_on)
        self.assertEqual(self.experiment.kept_result["leads"], {"a": 20, "b": 20})

    def test_what_goes_wrong_with_one_keeps_no_other_from_its_end(self):
        self.fill((20, 2), (20, 2))
        self.env.cr.execute("UPDATE lead_distribution_experiment SET planned_leads = 40")
        broken = self.make_experiment(self.campaign.copy())
        self.env.flush_all()
        self.env.cr.execute("UPDATE lead_distribution_experiment SET measure = 'gone' WHERE id = %s", (broken.id,))
        self.env.invalidate_all()
        with self.assertLogs("odoo.addons.lead_distribution.experiments.watch", "ERROR") as logs:
            self.env["lead.distribution.experiment"]._cron_watch()
        self.assertIn(str(broken.id), logs.output[0])
        self.assertEqual((broken.state, self.experiment.state), ("running", "done"))

    def test_the_responsible_hears_of_the_end_in_their_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.manager.lang = "de_DE"
        self.fill((20, 2), (20, 2))
        self.experiment.write({"state": "waiting", "dealt_until": self.ago(days=60)})
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        look(self.experiment)
        look(self.experiment)
        told = self.env["mail.message"].search([("id", ">", before), ("partner_ids", "=", self.manager.partner_id.id)])
        self.assertEqual(len(told), 1)
        self.assertIn("Which way sells more?", told.subject)
        self.assertIn(f"/odoo/lead-experiments/{self.experiment.id}", told.body)

    def test_without_a_responsible_who_may_read_it_the_campaigns_one_hears(self):
        self.experiment.user_id = self.ann  # no manager any more
        self.campaign.user_id = self.manager
        self.fill((5, 0), (5, 0))
        self.experiment.write({"state": "waiting", "dealt_until": self.ago(days=60)})
        before = self.env["mail.message"].search([], order="id desc", limit=1).id
        look(self.experiment)
        told = self.env["mail.message"].search([("id", ">", before), ("message_type", "=", "user_notification")])
        self.assertEqual(told.partner_ids, self.manager.partner_id)

    def test_the_result_of_the_end_stays_whatever_becomes_of_the_leads(self):
        self.fill((200, 20), (200, 60))
        result = self.finish(400)
        rows = self.env["lead.distribution.assignment"].search([("experiment_id", "=", self.experiment.id)])
        rows.lead_id.unlink()
        self.assertEqual(self.experiment.get_result(), result)

    def test_words_of_the_other_measures(self):
        for measure, words in (
            ("opportunity", "With B, 20.0 points more became opportunities ("),
            ("action", "With B, 20.0 points more had a first action in time ("),
        ):
            self.experiment = self.make_experiment(self.make_campaign(measure, self.ann), measure=measure)
            for arm, good in (("a", 20), ("b", 60)):
                leads = self.make_leads(200)
                rows = self.hand_out(leads, arm, on=self.ago(days=60))
                self.set_moment(leads[:good], date_conversion=self.ago(days=59))
                rows[:good].first_action_on = fields.Datetime.add(rows[0].applied_on, hours=1)
            result = self.finish(400)
            self.assertEqual(result["measures"][0]["key"], measure)
            self.assertTrue(result["verdict"].startswith(words), result["verdict"])
            self.assertEqual(len(result["measures"]), 4)

    def test_revenue_is_told_in_money(self):
        self.experiment = self.make_experiment(self.make_campaign("Money", self.ann), measure="revenue")
        self.fill((200, 40), (200, 40), revenue=100)
        self.env["crm.lead"].search([("won_status", "=", "won")])  # as they are
        b = self.env["lead.distribution.assignment"].search(
            [("experiment_id", "=", self.experiment.id), ("arm", "=", "b")]
        )
        for lead in b.lead_id.filtered("expected_revenue"):
            lead.expected_revenue *= 4
        result = self.finish(400)
        self.assertEqual((result["kind"], result["winner"]), ("b_better", "b"))
        self.assertRegex(result["verdict"], r"^B brought \D*7\d\.\d\d\D* more a lead \(.*\d\.\d\d.* to .*\)\.$")
        self.assertEqual(self.experiment.get_result(), result)

    def test_too_few_deals_for_a_verdict_on_revenue(self):
        self.experiment = self.make_experiment(self.make_campaign("Money", self.ann), measure="revenue")
        self.fill((200, 2), (200, 3), revenue=100)
        result = self.finish(400)
        self.assertEqual(result["kind"], "too_few")
        self.assertEqual(result["verdict"], "Not enough deals to tell: 5 of 400 leads.")

    def test_numbers_and_dates_are_those_of_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["res.lang"]._activate_lang("ar_001")
        self.fill((200, 20), (200, 60))
        self.finish(400)
        german = self.experiment.with_context(lang="de_DE").get_result()
        self.assertIn("20,0", german["verdict"])
        self.assertEqual(german["b"]["text"]["rate"], "30,0%")
        arabic = self.experiment.with_context(lang="ar_001").get_result()
        self.assertTrue(arabic["verdict"])
        self.assertEqual(arabic["b"]["conversions"], 60)
        other = self.make_experiment(
            self.make_campaign("Later", self.ann), state="waiting", dealt_until=self.ago(days=1)
        )
        day = fields.Datetime.add(self.ago(days=1), days=30)
        self.assertIn(f"{day.day}. ", other.with_context(lang="de_DE").get_result()["verdict"])

    def test_what_was_changed_since_the_start_is_said(self):
        kept = {"a": describe_way(self.campaign), "b": describe_way(self.experiment.variant_id)}
        self.experiment.kept_settings = kept
        self.assertEqual(self.experiment.get_result()["changed_settings"], [])
        self.campaign.max_daily = 7
        self.experiment.variant_id.member_ids[0].weight = 3
        said = self.experiment.get_result()["changed_settings"]
        self.assertEqual(len(said), 2)
        self.assertTrue(said[0].startswith("Way A was changed since the start: "), said)
        self.assertIn("Members", said[1])

    def test_a_draft_has_no_result_yet(self):
        draft = self.make_experiment(state="draft")
        self.assertEqual((draft.result, draft.verdict_words), (False, "Not started yet."))
        self.assertEqual(draft.get_result()["a"]["leads"], 0)

    def test_only_managers_end_it_by_reading(self):
        with self.assertRaises(UserError):
            self.experiment.with_user(self.ann).get_result()

    def test_what_no_experiment_can_be_is_refused_all_at_once(self):
        wrong = {"strategy_b": "nonsense", "share_b": 0, "days": 0}
        for refused in (
            lambda: self.env["lead.distribution.experiment"].create({"campaign_id": self.campaign.id, **wrong}),
            lambda: self.make_experiment(self.make_campaign("Draft", self.ann), state="draft").write(wrong),
        ):
            with self.assertRaises(ValidationError) as error:
                refused()
            self.assertIn("“nonsense” is none of", str(error.exception))
            self.assertEqual(len(str(error.exception).splitlines()), 3)
