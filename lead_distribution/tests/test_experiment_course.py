"""Starting and stopping an experiment; the settings of its way B, which nobody sees elsewhere."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import DistributionCase


class ExperimentCase(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.experiments = cls.env["lead.distribution.experiment"]

    def plan(self, campaign=None, **values):
        values = {"campaign_id": (campaign or self.campaign).id, "strategy_b": "weighted", **values}
        return self.experiments.create(values)

    def start(self, campaign=None, **values):
        experiment = self.plan(campaign, **values)
        experiment.action_start()
        return experiment

    def get_people(self, campaign):
        return {m.user_id: m.active for m in campaign.with_context(active_test=False).member_ids}


@tagged("post_install", "-at_install")
class TestExperimentCourse(ExperimentCase):
    def test_an_experiment_starts_with_both_ways_as_they_are(self):
        experiment = self.start()
        self.assertEqual(experiment.state, "running")
        self.assertTrue(experiment.started_on)
        variant = experiment.variant_id
        self.assertEqual((variant.active, variant.variant_of_id), (False, self.campaign))
        self.assertEqual((self.campaign.strategy, variant.strategy), ("round_robin", "weighted"))
        self.assertEqual(self.get_people(variant), self.get_people(self.campaign))
        self.assertEqual(experiment.kept_settings["a"]["strategy"], "round_robin")
        self.assertEqual(experiment.kept_settings["b"]["strategy"], "weighted")

    def test_all_that_is_in_the_way_is_told_at_once(self):
        experiment = self.plan(planned_leads=0, strategy_b="round_robin")
        experiment.planned_leads = 0
        self.campaign.active = False
        with self.assertRaises(UserError) as caught:
            experiment.action_start()
        for text in ("archived", "above 0", "the same"):
            self.assertIn(text, str(caught.exception))
        self.assertEqual(experiment.state, "draft")

    def test_two_equal_ways_are_refused(self):
        experiment = self.plan(strategy_b="round_robin")
        with self.assertRaisesRegex(UserError, "the same"):
            experiment.action_start()
        experiment.action_open_way_b()
        experiment.variant_id.max_daily = 3
        experiment.action_start()
        self.assertEqual(experiment.state, "running")

    def test_a_way_by_which_nobody_can_receive_is_refused(self):
        experiment = self.plan()
        experiment.action_open_way_b()
        experiment.variant_id.member_ids.active = False
        with self.assertRaisesRegex(UserError, "way B"):
            experiment.action_start()

    def test_two_at_once_on_one_campaign_are_refused(self):
        self.start()
        with self.assertRaisesRegex(UserError, "running in this campaign"):
            self.start()

    def test_what_is_stopped_is_ended(self):
        experiment = self.start()
        experiment.action_stop()
        self.assertEqual((experiment.state, experiment.ended_early), ("done", True))
        self.assertTrue(experiment.ended_on and experiment.dealt_until)
        with self.assertRaises(UserError):
            experiment.action_stop()
        with self.assertRaises(UserError):
            experiment.action_start()
        self.start()  # the next one

    def test_only_managers_start_and_stop(self):
        experiment = self.plan()
        for action in ("action_start", "action_stop", "action_open_way_b"):
            with self.assertRaises(AccessError):
                getattr(experiment.with_user(self.ann), action)()
        experiment.with_user(self.manager).action_start()
        experiment.with_user(self.manager).action_stop()
        self.assertEqual(experiment.state, "done")

    def test_the_strategy_of_way_b_is_one_whatever_form_it_is_written_on(self):
        experiment = self.plan()
        experiment.action_open_way_b()
        self.assertEqual(experiment.variant_id.strategy, "weighted")
        experiment.strategy_b = "random"
        self.assertEqual(experiment.variant_id.strategy, "random")
        experiment.variant_id.strategy = "proportional"
        self.assertEqual(experiment.strategy_b, "proportional")
        self.campaign.strategy = "level_based"
        self.assertEqual((experiment.strategy_a, experiment.strategy_b), ("level_based", "proportional"))

    def test_a_copy_begins_with_the_same_settings(self):
        experiment = self.start()
        experiment.variant_id.max_daily = 4
        copy = experiment.copy()
        self.assertEqual((copy.state, copy.variant_id.max_daily), ("draft", 4))
        self.assertNotEqual(copy.variant_id, experiment.variant_id)
        self.assertFalse(copy.started_on or copy.kept_settings)

    def test_what_runs_is_not_deleted_and_its_settings_go_with_it(self):
        experiment = self.start()
        variant = experiment.variant_id
        with self.assertRaisesRegex(UserError, "stop it"):
            experiment.unlink()
        with self.assertRaisesRegex(UserError, "stop it"):
            self.campaign.unlink()
        with self.assertRaisesRegex(UserError, "stop it"):
            variant.unlink()
        experiment.action_stop()
        experiment.unlink()
        self.assertFalse(variant.exists())

    def test_archiving_a_campaign_whose_experiment_runs_is_told(self):
        self.start()
        self.campaign.action_archive()
        self.assertIn("gets no more leads", self.campaign.message_ids[0].body)

    def test_what_has_begun_stays_with_its_campaign(self):
        other = self.make_campaign("Apple", self.ann)
        experiment = self.plan()
        experiment.action_open_way_b()
        first = experiment.variant_id
        experiment.campaign_id = other
        self.assertFalse(first.exists())
        experiment.action_start()
        with self.assertRaises(UserError):
            experiment.campaign_id = self.campaign


@tagged("post_install", "-at_install")
class TestPeopleInStep(ExperimentCase):
    def test_who_joins_leaves_or_is_put_away_is_so_in_both_ways(self):
        variant = self.start().variant_id
        dan = self.make_user("dan")
        members = {m.user_id: m for m in self.campaign.member_ids}
        members[self.ann].active = False
        members[self.bob].unlink()
        self.campaign.member_ids = [Command.create({"user_id": dan.id})]
        self.assertEqual(self.get_people(variant), {self.ann: False, self.cem: True, dan: True})
        members[self.ann].active = True
        self.assertTrue(self.get_people(variant)[self.ann])

    def test_an_own_level_is_that_of_way_b(self):
        level = self.env["lead.distribution.level"].create(
            {"name": "Star", "code": "star", "campaign_id": self.campaign.id, "target_leads": 7}
        )
        variant = self.start().variant_id
        dan = self.make_user("dan")
        self.campaign.member_ids = [Command.create({"user_id": dan.id, "level_id": level.id})]
        twin = variant.member_ids.filtered(lambda m: m.user_id == dan)
        self.assertEqual((twin.level_id.code, twin.level_id.campaign_id), ("star", variant))

    def test_other_settings_of_people_are_of_each_way(self):
        variant = self.start().variant_id
        self.campaign.member_ids.weight = 3
        self.campaign.max_daily = 5
        self.assertEqual(set(variant.member_ids.mapped("weight")), {1})
        self.assertEqual(variant.max_daily, 0)

    def test_what_is_no_part_of_a_way_is_the_campaigns(self):
        variant = self.start().variant_id
        self.campaign.write({"tz": "Asia/Tokyo", "lead_order": "newest", "max_leads": 5})
        self.assertEqual((variant.tz, variant.lead_order, variant.max_leads), ("Asia/Tokyo", "newest", 5))

    def test_after_the_end_nothing_follows(self):
        experiment = self.start()
        experiment.action_stop()
        self.campaign.member_ids[:1].active = False
        self.assertNotIn(False, self.get_people(experiment.variant_id).values())

    def test_many_members_need_no_more_statements(self):
        self.start()
        users = self.make_users(*(f"p{n}" for n in range(12)))
        self.env.flush_all()
        with self.assertQueryCount(__system__=60):
            self.env["lead.distribution.member"].create(
                [{"campaign_id": self.campaign.id, "user_id": user.id} for user in users]
            )
            self.env.flush_all()
