from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.lead_distribution.experiments.watch import end
from odoo.addons.lead_distribution.experiments.ways import SETTINGS, describe_way

from .experiment_common import ExperimentCase


@tagged("post_install", "-at_install")
class TestExperimentAdopt(ExperimentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.variant = cls.experiment.variant_id
        cls.dan = cls.make_user("dan")

    def change_b(self):
        """Make way B another one in everything."""
        tag = self.env["crm.tag"].create({"name": "French"})
        self.variant.write(
            {
                "strategy": "level_based",
                "max_daily": 9,
                "use_skills": True,
                "excluded_receiver_ids": [Command.set(self.cem.ids)],
                "cap_ids": [Command.create({"measure": "week", "maximum": 30}),
                            Command.create({"measure": "open", "maximum": 8, "user_id": self.ann.id})],
                "skill_ids": [Command.create({"tag_id": tag.id, "weight": 2})],
                "level_ids": [Command.create({"code": "star", "name": "Star", "priority": 1, "target_leads": 70})],
                "max_leads": 3,
                "lead_type": "opportunity",
            }
        )  # fmt: skip
        star = self.variant.level_ids
        ann, bob, cem = (
            self.variant.member_ids.filtered(lambda m, u=u: m.user_id == u) for u in (self.ann, self.bob, self.cem)
        )
        ann.write({"level_id": star.id, "weight": 3, "skill_tag_ids": [Command.set(tag.ids)]})
        bob.active = False
        cem.has_own_target, cem.own_target = True, 12
        self.variant.member_ids.create({"campaign_id": self.variant.id, "user_id": self.dan.id})
        self.env.flush_all()

    def test_the_campaign_gets_exactly_the_settings_of_b(self):
        self.change_b()
        end(self.experiment)
        before = {name: self.campaign[name] for name in ("max_leads", "lead_type", "name", "frequency", "tz")}
        self.experiment.with_user(self.manager).action_adopt("b")
        self.env.invalidate_all()
        self.assertEqual(describe_way(self.campaign), describe_way(self.variant))
        self.assertEqual({name: self.campaign[name] for name in before}, before)  # what B does not decide stays
        self.assertEqual(self.experiment.adopted, "b")
        self.assertEqual(set(self.campaign.member_ids.filtered("active").user_id), {self.ann, self.cem, self.dan})
        star = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann).level_id
        self.assertEqual((star.code, star.campaign_id), ("star", self.campaign))
        self.assertEqual(self.variant.level_ids.campaign_id, self.variant)

    def test_people_keep_their_turns_and_since_when_they_are_there(self):
        self.change_b()
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        member.write({"rotation_turns": 4, "joined_on": "2024-05-06"})
        end(self.experiment)
        self.experiment.action_adopt("b")
        self.assertEqual(self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann), member)
        self.assertEqual((member.rotation_turns, str(member.joined_on), member.weight), (4, "2024-05-06", 3))

    def test_it_is_told_in_the_chatter_what_changed(self):
        self.change_b()
        end(self.experiment)
        self.experiment.with_user(self.manager).action_adopt("b")
        said = self.campaign.message_ids[0]
        self.assertIn("Way B of the experiment “Which way sells more?” is the campaign's setting now", said.body)
        self.assertIn("Strategy", said.body)
        self.assertEqual(said.author_id, self.manager.partner_id)

    def test_the_report_stays(self):
        self.hand_out(self.make_leads(3), "a")
        end(self.experiment)
        result = self.experiment.get_result()
        self.change_b()
        self.experiment.action_adopt("b")
        self.assertEqual(self.experiment.get_result(), result)
        self.assertTrue(self.variant.exists())

    def test_way_a_changes_nothing_but_is_noted(self):
        self.change_b()
        end(self.experiment)
        before = describe_way(self.campaign)
        self.experiment.action_adopt("a")
        self.assertEqual(describe_way(self.campaign), before)
        self.assertEqual(self.experiment.adopted, "a")
        self.assertIn("stays as it is", self.campaign.message_ids[0].body)

    def test_whoever_uses_b_cannot_go_back_to_half_of_a(self):
        self.change_b()
        end(self.experiment)
        self.experiment.action_adopt("b")
        with self.assertRaisesRegex(UserError, "Way B is the setting already"):
            self.experiment.action_adopt("a")
        self.assertEqual(describe_way(self.campaign), describe_way(self.variant))
        self.assertEqual(self.experiment.adopted, "b")

    def test_what_was_changed_after_the_end_is_told_as_not_tried(self):
        self.change_b()
        end(self.experiment)
        self.variant.max_daily += 1
        self.variant.member_ids[0].weight += 1
        self.experiment.action_adopt("b")
        self.assertEqual(describe_way(self.campaign), describe_way(self.variant))
        told = self.campaign.message_ids[0].body
        self.assertRegex(told, "says nothing about them: Leads a person a day at most, Members")

    def test_what_was_tried_is_used_without_another_word(self):
        self.change_b()
        end(self.experiment)
        self.experiment.action_adopt("b")
        self.assertNotIn("says nothing", self.campaign.message_ids[0].body)

    def test_own_levels_that_b_does_not_have_go(self):
        self.campaign.level_ids = [Command.create({"code": "old", "name": "Old"})]
        self.campaign.member_ids[0].level_id = self.campaign.level_ids
        self.change_b()
        end(self.experiment)
        self.experiment.action_adopt("b")
        self.assertEqual(self.campaign.level_ids.mapped("code"), ["star"])
        self.assertEqual(describe_way(self.campaign), describe_way(self.variant))

    def test_before_the_end_nothing_is_adopted(self):
        for state in ("draft", "running", "waiting"):
            self.experiment.state = state
            with self.assertRaises(UserError):
                self.experiment.action_adopt("b")

    def test_settings_that_are_gone_are_told(self):
        end(self.experiment)
        self.experiment.variant_id = False
        with self.assertRaises(UserError):
            self.experiment.action_adopt("b")
        with self.assertRaises(UserError):
            self.experiment.action_adopt("c")

    def test_only_managers_adopt(self):
        end(self.experiment)
        with self.assertRaises(AccessError):
            self.experiment.with_user(self.ann).action_adopt("b")

    def test_every_setting_of_a_way_is_a_field_of_the_campaign(self):
        self.assertFalse([name for name in SETTINGS if name not in self.campaign._fields])
