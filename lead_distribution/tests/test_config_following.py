"""What follows the hand-out, as text: deadlines, declining, taking, leads given by hand."""

import yaml

from odoo.fields import Command
from odoo.tests import tagged

from ..config.keys import following
from .config_common import ConfigCase

SECTIONS = {
    "deadlines": {
        "first_action": {"hours": 1.5, "clock": "clock"},
        "status_change": {"hours": 24, "clock": "working_hours", "other_than": ["call_back", "new"]},
        "opportunity": {"hours": 80, "clock": "clock"},
        "remind_percent": 50,
        "on_missed": {
            "action": "take_back",
            "tell": False,
            "status": "utr",
            "tag": "Late",
            "pause": True,
            "memory": 3,
        },
    },
    "decline": {"mode": "manager", "limit": 4, "period": "week", "counts": True, "reasons": ["Not mine", "Too far"]},
    "pull": {"at_once": 2},
    "by_hand": {"limits": False, "turns": True},
}


@tagged("post_install", "-at_install")
class TestConfigFollowing(ConfigCase):
    def describe(self, campaign):
        fields = [key.field for key in following.KEYS if getattr(key, "field", "")]
        values = {name: campaign[name] for name in fields}
        return {name: value.mapped("name") if hasattr(value, "_ids") else value for name, value in values.items()}

    def test_the_sections_are_loaded_and_written_as_they_were_read(self):
        campaign = self.load(**SECTIONS)
        self.assertEqual(
            self.describe(campaign),
            {
                "first_action_hours": 1.5,
                "first_action_clock": "clock",
                "status_change_hours": 24,
                "status_change_clock": "working_hours",
                "status_change_ids": [self.status["new"].name, self.status["call_back"].name],
                "opportunity_hours": 80,
                "opportunity_clock": "clock",
                "remind_percent": 50,
                "on_missed": "take_back",
                "missed_tell": False,
                "missed_status_id": [self.status["utr"].name],
                "missed_tag_id": ["Late"],
                "missed_pause": True,
                "take_back_memory": 3,
                "decline_mode": "manager",
                "decline_limit": 4,
                "decline_period": "week",
                "decline_counts": True,
                "decline_reason_ids": ["Not mine", "Too far"],
                "pull_at_once": 2,
                "by_hand_limits": False,
                "by_hand_turns": True,
            },
        )
        before, text = self.describe(campaign), campaign.dump_config()
        dumped = yaml.safe_load(text)
        self.assertEqual({name: dumped[name] for name in SECTIONS}, SECTIONS)
        campaign.unlink()
        again = self.env["lead.distribution.campaign"].load_config(text)
        self.assertEqual(self.describe(again), before)
        self.assertEqual(again.dump_config(), text)

    def test_missing_sections_switch_deadlines_off_and_leave_the_rest_as_in_a_new_campaign(self):
        campaign = self.load(**SECTIONS)
        self.load()
        new = self.env["lead.distribution.campaign"].create({"name": "New"})
        self.assertEqual(self.describe(campaign), self.describe(new))
        self.assertFalse(campaign.first_action_hours or campaign.status_change_hours or campaign.opportunity_hours)
        dumped = yaml.safe_load(campaign.dump_config())
        self.assertFalse(SECTIONS.keys() & dumped.keys(), "what is usual needs no words")

    def test_what_is_switched_off_is_written(self):
        campaign = self.load(decline={"mode": "off"}, pull={"at_once": 0}, by_hand={"limits": False})
        dumped = yaml.safe_load(campaign.dump_config())
        self.assertEqual(
            (dumped["decline"]["mode"], dumped["pull"]["at_once"], dumped["by_hand"]["limits"]), ("off", 0, False)
        )

    def test_all_that_is_wrong_is_told_at_once_with_its_place(self):
        self.refuse(
            "9 problems", "deadlines.first_action.hours", "deadlines.status_change.clock", "deadlines.remind_percent",
            "deadlines.on_missed.action", "deadlines.on_missed.memory", "deadlines.on_missed.tel", "decline.mode",
            "pull.at_once", "by_hand.limits",
            deadlines={
                "first_action": {"hours": -1},
                "status_change": {"hours": 3, "clock": "sun"},
                "remind_percent": 100,
                "on_missed": {"action": "shout", "memory": 51, "tel": True},
            },
            decline={"mode": "never"},
            pull={"at_once": 101},
            by_hand={"limits": 1},
        )  # fmt: skip

    def test_a_deadline_without_a_time_is_told(self):
        campaign = self.load(deadlines={"first_action": {"clock": "clock"}})
        self.assertIn("Without hours, there is no such deadline.", str(self.told(campaign, "warning")))
        campaign = self.load(deadlines={"on_missed": {"action": "take_back"}})
        self.assertIn("No deadline has hours", str(self.told(campaign, "warning")))
        campaign = self.load(deadlines={"first_action": {"hours": 2}})
        self.assertFalse(self.told(campaign, "warning"))

    def test_reasons_and_tags_are_found_in_any_language_and_made_once(self):
        self.env["res.lang"]._activate_lang("de_DE")
        reasons = self.env["lead.distribution.decline.reason"]
        far = reasons.create({"name": "Too far"})
        far.with_context(lang="de_DE").name = "Zu weit"
        tag = self.env["crm.tag"].create({"name": "Late"})
        sections = {
            "decline": {"reasons": ["zu weit", "Unheard of"]},
            "deadlines": {"opportunity": {"hours": 1}, "on_missed": {"tag": "late"}},
        }
        campaign = self.load(**sections)
        self.assertIn(far, campaign.decline_reason_ids)
        self.assertEqual(campaign.missed_tag_id, tag)
        self.assertIn("“Unheard of” was created.", str(self.told(campaign, "info")))
        known = reasons.search_count([])
        self.assertEqual(self.load(**sections).decline_reason_ids, campaign.decline_reason_ids)
        self.assertEqual(reasons.search_count([]), known)

    def test_a_campaign_made_by_hand_is_written_and_loads_back_to_the_same(self):
        self.campaign.write(
            {
                "first_action_hours": 2,
                "missed_tell": False,
                "decline_reason_ids": [Command.create({"name": "Not mine"})],
                "by_hand_turns": True,
            }
        )
        before, text = self.describe(self.campaign), self.campaign.dump_config()
        self.campaign.write({"first_action_hours": 0, "decline_reason_ids": [Command.clear()], "missed_tell": True})
        self.assertEqual(self.describe(self.env["lead.distribution.campaign"].load_config(text)), before)
        self.assertEqual(self.campaign.dump_config(), text)
