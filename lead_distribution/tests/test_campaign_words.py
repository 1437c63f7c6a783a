"""A campaign in words: each setting it names changes them, and they are true of what is not saved yet."""

import random
import re
from datetime import datetime

from odoo.fields import Command
from odoo.tests import Form, freeze_time, tagged

from .common import DistributionCase, often

SEEDS = range(often(10, 200))


@tagged("post_install", "-at_install")
class TestCampaignWords(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._lang_get("en_US").time_format = "%H:%M:%S"
        cls.source = cls.env["utm.source"].create({"name": "web"})
        cls.tag = cls.env["crm.tag"].create({"name": "Solar"})
        cls.team = cls.env["crm.team"].create({"name": "Phone"})
        cls.changes = [*cls.list_changes_of_leads(), *cls.list_changes_of_sharing()]
        # each a part that is there at first, and the change that takes it away
        cls.switched_off = [
            ({"use_window": False}, "the 30 days before"),
            ({"use_dnc": False}, "do not call"),
            ({"exclude_closed": False}, "won, lost and cancelled ones"),
            ({"protect_activities": False}, "activity"),
            ({"active": False}, "Runs when"),
            ({"decline_mode": "off"}, "decline"),
            ({"pull_at_once": 0}, "take leads themselves"),
            ({"member_ids": [Command.clear()]}, "among 3 people"),
        ]

    @classmethod
    def get_field(cls, name):
        return cls.env["ir.model.fields"]._get("crm.lead", name).id

    @classmethod
    def list_changes_of_leads(cls):
        """Each a change of one setting, with a part of what it says."""
        row = {"field_id": cls.get_field("source_id"), "values_text": "web"}
        pool = {"holder": "active_member", "status_ids": [cls.status["call_back"].id], "max_age_days": 30}
        return [
            ({"frequency": "daily"}, "every day at 06:00"),
            ({"frequency": "weekly", "run_weekday": "2"}, "on Wednesday"),
            ({"frequency": "monthly", "run_day": 31}, "on day 31, or the last day there is"),
            ({"frequency": "hourly", "run_hour": 6.25}, "15 minutes past"),
            ({"frequency": "daily", "tz": "America/New_York"}, "(New York)"),
            ({"frequency": "daily", "plan_only": True}, "stops at the plan"),
            ({"lead_type": "both"}, "leads and opportunities"),
            ({"pool_mode": "all"}, "whoever has them"),
            ({"pool_ids": [Command.create(pool)]}, "those of active members (Call Back; at most 30 days old)"),
            ({"pool_ids": [Command.clear()]}, "does not say whose"),
            ({"younger_than_days": 60}, "today and the 60 days before"),
            ({"include_today": False}, "the last 30 days, without today"),
            ({"younger_than_days": 0}, "Only those of today."),
            ({"older_than_days": 10}, "11 to 30 days old"),
            ({"custom_date_from": "2024-01-31"}, "01/31/2024"),
            ({"window_field_id": cls.get_field("create_date")}, "Created on"),
            ({"exclude_weekends": True}, "Saturdays"),
            ({"exclude_holidays": True}, "public holidays"),
            ({"filter_ids": [Command.create(row)]}, "Only those that fit: Source: web."),
            ({"filter_ids": [Command.create({**row, "kind": "exclude"})]}, "; Source: web."),
            ({"required_field_ids": [Command.link(cls.get_field("phone"))]}, "a value in: Phone"),
            ({"use_priority": True, "priority_min": 2}, "from Medium to Very High"),
            ({"use_priority": True, "priority_min": 5}, "Only priority 5, which no lead has."),
            ({"own_domain": "[('phone', '!=', False)]"}, "own filter"),
            ({"use_sales_filter": True}, "customers with an opportunity"),
            ({"exclude_assigned": True}, "Only those nobody has"),
            ({"exclude_inactive_users": True}, "who are inactive or left"),
            ({"exclude_without_activity": True}, "with an activity."),
            ({"activity_days": 7}, "at most 7 days"),
            ({"protected_user_ids": [Command.link(cls.bob.id)]}, "those of Bob"),
        ]  # fmt: skip

    @classmethod
    def list_changes_of_sharing(cls):
        """As above, of sharing, people, old leads, and what is written."""
        return [
            ({"max_daily": 40}, "At most 40 a day each."),
            ({"min_daily": 3}, "At least 3 a day each"),
            ({"max_leads": 100}, "At most 100 a run."),
            ({"cap_ids": [Command.create({"measure": "open", "maximum": 9})]}, "Open leads, each: 9"),
            ({"strategy": "level_based"}, "the best level first"),
            ({"strategy": "level_based", "allow_overflow": True, "overflow_limit": 15}, "15% above"),
            ({"use_override": True, "override_people_count": 0}, "With fewer than 10 leads"),
            ({"use_known_owner": True}, "who knows them"),
            ({"use_skills": True, "skill_ids": [Command.create({"tag_id": cls.tag.id})]}, "need a skill"),
            ({"use_territory": True}, "territory"),
            ({"use_calling_hours": True}, "08:00 to 20:00"),
            ({"band_high": "senior_only"}, "Only seniors get leads of this priority: high"),
            ({"band_low": "junior_first"}, "Juniors come first with leads of this priority: low"),
            ({"status_reset_id": cls.status["new"].id}, "status becomes “New”"),
            ({"team_id": cls.team.id}, "team becomes “Phone”"),
            ({"excluded_receiver_ids": [Command.link(cls.ann.id)]}, "Ann receives nothing: left out by name."),
            ({"team_filter_id": cls.team.id}, "not in the team Phone"),
            ({"min_experience": "3"}, "below the level asked for"),
            (cls.drop_back_to(cls.cem), "Those older than 90 days go to Cem."),
            ({"is_live": True}, "Hands out leads as they come. What nobody can take waits, and the responsible is"),
            ({"is_live": True, "frequency": "daily"}, "as they come"),
            ({"is_live": True, "frequency": "manual"}, "Other leads: when somebody starts a run."),
            ({"is_live": True, "live_delay": 10}, "as they come, 10 minutes later."),
            (cls.fall_back_to(cls.bob, 90), "for 90 minutes goes to Bob."),
            (cls.fall_back_to(cls.bob, 0), "goes to Bob at once."),
            ({"availability": "working_hours"}, "Only people in their working hours"),
            ({"availability": "working_hours", "shift_end_minutes": 30}, "in the last 30 minutes of a shift."),
            ({"availability": "look_ahead", "look_ahead_hours": 48}, "within the next 48 hours"),
            ({"ramp_up_days": 10, "ramp_up_percent": 15}, "15% of a share for 10 days."),
            *cls.list_changes_of_following(),
        ]  # fmt: skip

    @classmethod
    def list_changes_of_following(cls):
        first, new = {"first_action_hours": 4}, cls.status["new"]
        return [
            (first, "Due after the hand-out: a first action within 4 working hours. People are reminded after"),
            ({"first_action_hours": 0.5, "first_action_clock": "clock"}, "a first action within 30 minutes."),
            ({"first_action_hours": 1, "first_action_clock": "clock"}, "a first action within 1 hour."),
            ({"status_change_hours": 1.5}, "another status within 1.50 working hours"),
            ({"status_change_hours": 8, "status_change_ids": [Command.link(new.id)]}, "another status than New within"),
            ({"opportunity_hours": 100, "opportunity_clock": "clock"}, "an opportunity within 100 hours."),
            ({**first, "remind_percent": 15}, "reminded after 15% of the time."),
            (first, "is late stays where it is, and the responsible is told."),
            ({**first, "missed_tell": False}, "is late stays where it is."),
            ({**first, "on_missed": "take_back"}, "to somebody who has not had it, and the responsible is told."),
            ({**first, "missed_status_id": new.id}, "is late gets the status “New”."),
            ({**first, "missed_tag_id": cls.tag.id}, "is late gets the tag “Solar”."),
            ({**first, "missed_pause": True}, "Who is late receives nothing more"),
            ({"decline_mode": "manager"}, "the responsible decides who gets them."),
            ({"decline_limit": 3}, "Each can decline at most 3 a day."),
            ({"decline_limit": 9, "decline_period": "week"}, "at most 9 a week."),
            ({"decline_counts": True}, "What they decline counts"),
            ({"pull_at_once": 1}, "one at a time."),
            ({"pull_at_once": 3}, "up to 3 at once."),
            ({"by_hand_limits": False}, "by hand use up no limit."),
            ({"by_hand_turns": True}, "by hand has had a turn."),
        ]  # fmt: skip

    @classmethod
    def fall_back_to(cls, user, minutes):
        return {
            "is_live": True,
            "live_fallback": "user",
            "live_fallback_user_id": user.id,
            "live_fallback_minutes": minutes,
        }

    @classmethod
    def drop_back_to(cls, user):
        return {
            "use_dropback": True,
            "dropback_threshold_ids": [Command.create({"days": 90})],
            "dropback_rule_ids": [Command.create({"name": "Old", "user_id": user.id, "is_default": True})],
        }

    def get_words(self, campaign=None):
        return (campaign or self.campaign).with_user(self.manager).in_words

    def assert_well_formed(self, words):
        for paragraph in words.split("\n"):
            self.assertRegex(paragraph, r"^[A-Z].*\.$")
        self.assertNotRegex(words, r"%|  | [.,;]|\.\.|None|False|_|\(\)|: [.;]|;\.", words)

    def test_the_example_reads_like_a_sentence(self):
        self.campaign.write({"frequency": "daily", "max_daily": 40, **self.drop_back_to(self.cem)})
        self.campaign.write({"tz": "America/New_York", "use_sales_filter": True, "protect_activities": False})
        self.assertEqual(
            self.get_words().split("\n"),
            [
                "Runs every day at 06:00 (New York).",
                "Takes leads: nobody's. Only those of today and the 30 days before.",
                "Except: do not call; customers with an opportunity; won, lost and cancelled ones.",
                "Shares them equally among 3 people, one each in turn. At most 40 a day each.",
                "Those older than 90 days go to Cem.",
                "People can decline leads: the next one gets them. People with room can take leads themselves, "
                "up to 10 at once.",
            ],
        )

    def test_each_setting_it_names_is_said(self):
        usual = self.get_words()
        for values, part in self.changes:
            with self.subTest(values=values):
                self.assertNotIn(part, usual)
                changed = self.campaign.copy()
                changed.write(values)
                self.assertIn(part, self.get_words(changed))
                self.assert_well_formed(re.sub(r"\b(15|80)% ", "", self.get_words(changed)))

    def test_what_is_switched_off_is_not_said(self):
        usual = self.get_words()
        for values, part in self.switched_off:
            with self.subTest(values=values):
                self.assertIn(part, usual)
                changed = self.campaign.copy()
                changed.write(values)
                self.assertNotIn(part, self.get_words(changed))
                self.assert_well_formed(self.get_words(changed))

    def test_whatever_is_set_together_the_words_stay_well_formed(self):
        for seed in SEEDS:
            chosen = random.Random(seed).sample(self.changes, 8)
            values = {name: value for change, _part in chosen for name, value in change.items()}
            with self.subTest(seed=seed):
                changed = self.campaign.copy()
                changed.write(values)
                words = self.get_words(changed)
                self.assert_well_formed(re.sub(r"\b(15|80)% ", "", words))

    def test_while_it_is_edited_the_words_follow(self):
        with Form(self.campaign.with_user(self.manager)) as form:
            form.max_daily = 7
            self.assertIn("At most 7 a day each.", form.in_words)
            form.excluded_receiver_ids.add(self.ann)
            self.assertIn("among 2 people", form.in_words)
            self.assertIn("Ann receives nothing", form.in_words)
            with form.member_ids.edit(1) as member:
                member.active = False
            self.assertIn("All go to one person.", form.in_words)
            form.frequency = "weekly"
            self.assertIn("on Monday", form.in_words)

    def test_a_campaign_that_is_not_saved_has_words(self):
        form = Form(self.env["lead.distribution.campaign"].with_user(self.manager))
        self.assertIn(": nobody's.", form.in_words)
        self.assertIn("Nobody can receive them: add people.", form.in_words)
        self.assert_well_formed(form.in_words)

    def test_one_is_not_said_like_many(self):
        self.campaign.write({"younger_than_days": 1, "include_today": False, "activity_days": 1})
        self.campaign.pool_ids.max_age_days = 1
        words = self.get_words()
        self.assertIn("Only those of yesterday.", words)
        self.assertIn("at most 1 day old", words)
        self.assertNotIn("1 days", words)

    def test_leads_of_a_member_who_is_archived_find_no_receiver_and_it_says_why(self):
        self.bob.active = False
        self.assertIn("Bob receives nothing: the user is archived.", self.get_words())
        self.assertIn("among 2 people", self.get_words())
        self.assertEqual(self.campaign.member_ids[1].why_nothing, "the user is archived")

    def test_a_live_campaign_says_which_are_asked_before_it(self):
        """Those that could take the same leads: live, of the same company, of the same type, before it in the list."""
        self.campaign.write({"is_live": True, "sequence": 20})
        self.assertNotIn("asked first", self.get_words())
        first = self.campaign.copy({"name": "Voice", "sequence": 10})
        self.assertNotIn("asked first", self.get_words())
        first.is_live = True
        self.campaign.invalidate_recordset(["in_words"])
        self.assertIn("“Voice” is asked first.", self.get_words())
        self.assertNotIn("asked first", self.get_words(first))
        self.campaign.copy({"sequence": 5}).is_live = True
        self.campaign.invalidate_recordset(["in_words"])
        self.assertIn("2 live campaigns are asked first.", self.get_words())
        first.lead_type = "opportunity"
        self.campaign.invalidate_recordset(["in_words"])
        self.assertNotIn("2 live", self.get_words())

    @freeze_time("2026-11-21 12:00:00")
    def test_the_next_run_is_told_by_the_clock_of_the_campaign(self):
        self.campaign.write({"frequency": "weekly", "tz": "America/New_York"})
        self.assertEqual(self.campaign.next_run, datetime(2026, 11, 23, 11))
        self.assertEqual(self.campaign.next_run_words, "Mon, Nov 23, 06:00 (New York)")
        self.campaign.frequency = "manual"
        self.assertFalse(self.campaign.next_run_words)

    def test_hours_are_those_of_the_readers_language(self):
        self.env["res.lang"]._lang_get("en_US").time_format = "%I:%M:%S %p"
        self.campaign.frequency = "daily"
        self.assertIn("06:00 AM", self.get_words())
