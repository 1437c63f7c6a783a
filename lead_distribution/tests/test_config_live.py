"""Leads as they come, and who is there, as text."""

from datetime import date

import yaml

from odoo.tests import tagged

from .config_common import ConfigCase

LIVE = {
    "enabled": True,
    "delay_minutes": 10,
    "fallback": {"action": "user", "after_minutes": 30, "user": "Bob"},
}
THERE = {
    "mode": "look_ahead",
    "look_ahead_hours": 48,
    "shift_end_minutes": 15,
    "ramp_up": {"days": 14, "percent": 25},
}
FIELDS = (
    "is_live", "live_delay", "live_fallback", "live_fallback_minutes", "live_fallback_user_id", "availability",
    "look_ahead_hours", "shift_end_minutes", "ramp_up_days", "ramp_up_percent",
)  # fmt: skip


@tagged("post_install", "-at_install")
class TestConfigLive(ConfigCase):
    def describe(self, campaign):
        return {name: campaign[name].id if name.endswith("_id") else campaign[name] for name in FIELDS}

    def test_both_sections_are_loaded_and_written_as_they_were_read(self):
        campaign = self.load(live=LIVE, availability=THERE)
        wanted = (True, 10, "user", 30, self.bob.id, "look_ahead", 48, 15, 14, 25)
        self.assertEqual(self.describe(campaign), dict(zip(FIELDS, wanted, strict=True)))
        text = campaign.dump_config()
        dumped = yaml.safe_load(text)
        self.assertEqual((dumped["live"], dumped["availability"]), (LIVE, THERE))
        campaign.unlink()
        again = self.env["lead.distribution.campaign"].load_config(text)
        self.assertEqual(self.describe(again), dict(zip(FIELDS, wanted, strict=True)))
        self.assertEqual(again.dump_config(), text)

    def test_a_missing_section_is_neither_live_nor_asks_for_hours(self):
        campaign = self.load(live=LIVE, availability=THERE)
        self.load()
        wanted = (False, 0, "wait", 60, False, "ignore", 24, 0, 0, 50)
        self.assertEqual(self.describe(campaign), dict(zip(FIELDS, wanted, strict=True)))
        dumped = yaml.safe_load(campaign.dump_config())
        self.assertFalse({"live", "availability"} & dumped.keys(), "what is off needs no words")

    def test_a_section_that_does_not_say_that_it_is_on_is_off_and_told(self):
        campaign = self.load(live={"delay_minutes": 5})
        self.assertFalse(campaign.is_live)
        self.assertIn("Without enabled: true, it is off.", str(self.told(campaign, "warning")))

    def test_all_that_is_wrong_is_told_at_once_with_its_place(self):
        self.refuse(
            "5 problems", "live.delay_minutes", "live.fallback.action", "availability.mode",
            "availability.look_ahead_hours", "availability.ramp_up.percent",
            live={"enabled": True, "delay_minutes": -1, "fallback": {"action": "boss"}},
            availability={"mode": "always", "look_ahead_hours": 12, "ramp_up": {"days": 3, "percent": 0}},
        )  # fmt: skip

    def test_a_fallback_to_a_person_needs_one(self):
        self.refuse("live.fallback.user", live={"enabled": True, "fallback": {"action": "user"}})

    def test_a_fallback_to_somebody_who_does_not_exist_waits_and_is_told(self):
        campaign = self.load(live={"enabled": True, "fallback": {"action": "user", "user": "Nobody"}})
        self.assertEqual((campaign.live_fallback, campaign.live_fallback_user_id.id), ("wait", False))
        self.assertIn("There is no user “Nobody”", str(self.told(campaign, "person")))
        self.assertIn("Leads that nobody can take wait.", str(self.told(campaign, "warning")))

    def test_the_day_somebody_joined_is_written_kept_and_read(self):
        campaign = self.load(
            salesperson_selection={
                "source_type": "list",
                "source_config": {"salespeople_list": [{"name": "Ann", "joined_on": "2024-01-31"}, "Bob"]},
            }
        )
        ann, bob = campaign.member_ids.sorted("id")
        self.assertEqual((ann.joined_on, bob.joined_on), (date(2024, 1, 31), date.today()))
        people = yaml.safe_load(campaign.dump_config())["salesperson_selection"]["source_config"]["salespeople_list"]
        self.assertEqual([row["joined_on"] for row in people], [date(2024, 1, 31), date.today()])
        bob.joined_on = date(2023, 5, 1)
        self.load()  # names them without a day
        self.assertEqual((ann.joined_on, bob.joined_on), (date(2024, 1, 31), date(2023, 5, 1)))
