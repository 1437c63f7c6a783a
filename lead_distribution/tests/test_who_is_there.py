"""Who is there: each person's hours, state and turn, as the campaign's clock has them; and when nobody is there."""

from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import freeze_time, tagged
from odoo.tools import config

from .common import DistributionCase

FRIDAY_NOON = "2026-11-20 12:00:00"


@tagged("post_install", "-at_install")
class TestWhoIsThere(DistributionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        hours = [(day, start, start + 4) for day in "01234" for start in (8, 13)]
        cls.calendar = cls.env["resource.calendar"].create(
            {
                "name": "Office",
                "tz": "UTC",
                "attendance_ids": [Command.clear()]
                + [
                    Command.create({"name": "Work", "dayofweek": day, "hour_from": start, "hour_to": end})
                    for day, start, end in hours
                ],
            }
        )
        cls.env.company.resource_calendar_id = cls.calendar
        for user in (cls.ann, cls.bob, cls.cem, cls.manager):
            user.tz = "UTC"
        cls.campaign.availability = "working_hours"

    def get(self, campaign=None, user=None):
        model = self.env["lead.distribution.who.is.there"].with_user(user or self.manager)
        return model.get_data((campaign or self.campaign).id)

    def rows(self, data=None):
        return {row["name"]: row for row in (data or self.get())["people"]}

    def leave(self, user, start, end, reason="Dentist"):
        self.env["lead.distribution.absence"].create(
            {
                "user_id": user.id,
                "date_from": datetime.fromisoformat(start),
                "date_to": datetime.fromisoformat(end),
                "reason": reason,
            }
        )

    @freeze_time("2026-11-20 10:00:00")
    def test_a_row_has_the_hours_of_seven_days_and_says_them(self):
        row = self.rows()["Ann"]
        self.assertEqual((row["kind"], row["state"]), ("there", "There"))
        today = row["days"][0]
        self.assertEqual([(bar["kind"], bar["left"], bar["width"]) for bar in today["bars"]],
                         [("shift", 33.33, 16.67), ("shift", 54.17, 16.67)])  # fmt: skip
        self.assertRegex(today["words"], r"Working hours 08:00.*12:00.* and Working hours 01:00 PM|13:00")
        self.assertEqual([bool(day["bars"]) for day in row["days"]], [True, False, False, True, True, True, True])
        self.assertEqual(row["days"][1]["words"], "Not at work")

    @freeze_time("2026-11-20 10:00:00")
    def test_who_is_away_paused_or_full_is_seen_as_such_and_who_is_next(self):
        self.leave(self.bob, "2026-11-20 09:00:00", "2026-11-23 10:00:00")
        self.cem.with_user(self.manager).action_pause_leads(reason="Lunch")
        self.make_leads(2, user_id=self.ann.id)
        data = self.get()
        rows = self.rows(data)
        self.assertEqual(data["people"][0]["name"], "Ann")
        self.assertTrue(rows["Ann"]["is_next"])
        self.assertEqual(data["next"][0]["name"], "Ann")
        self.assertEqual(rows["Bob"]["kind"], "away")
        self.assertIn("Dentist", rows["Bob"]["state"])
        self.assertEqual([bar["kind"] for bar in rows["Bob"]["days"][0]["bars"]], ["shift", "shift", "absence"])
        self.assertIn("Lunch", rows["Cem"]["state"])
        self.assertIn("pause", {bar["kind"] for bar in rows["Cem"]["days"][0]["bars"]})

    @freeze_time("2026-11-20 10:00:00")
    def test_who_can_get_no_more_is_full_for_the_rest_of_the_day(self):
        self.campaign.cap_ids = [Command.create({"measure": "open", "maximum": 1, "user_id": self.ann.id})]
        self.make_leads(user_id=self.ann.id)
        row = self.rows()["Ann"]
        self.assertEqual((row["kind"], row["state"]), ("full", "Full"))
        full = [bar for bar in row["days"][0]["bars"] if bar["kind"] == "full"]
        self.assertEqual(full[0]["left"], round(10 / 24 * 100, 2))
        self.assertNotIn("full", {bar["kind"] for day in row["days"][1:] for bar in day["bars"]})

    @freeze_time("2026-11-20 10:00:00")
    def test_who_takes_no_part_says_why(self):
        self.campaign.excluded_receiver_ids = self.cem
        row = self.rows()["Cem"]
        self.assertEqual(row["kind"], "out")
        self.assertIn("left out by name", row["state"])

    @freeze_time("2026-11-20 10:00:00")
    def test_people_of_one_name_are_two_in_the_line_and_each_has_an_own_state(self):
        self.ann.name = self.bob.name = "Max"
        self.campaign.excluded_receiver_ids = self.cem
        data = self.get()
        self.assertEqual({one["id"] for one in data["next"]}, {self.ann.id, self.bob.id})
        self.assertEqual([one["name"] for one in data["next"]], ["Max", "Max"])
        self.campaign.excluded_receiver_ids = self.bob
        kinds = {row["id"]: row["kind"] for row in self.get()["people"]}
        self.assertEqual(kinds, {self.ann.id: "there", self.bob.id: "out", self.cem.id: "there"})

    @freeze_time("2026-11-20 10:00:00")
    def test_the_others_stand_by_name_as_people_sort_names(self):
        self.bob.name, self.cem.name = "Zoe", "Élodie"
        self.campaign.excluded_receiver_ids = self.bob + self.cem
        self.assertEqual([row["name"] for row in self.get()["people"]], ["Ann", "Élodie", "Zoe"])

    @freeze_time(FRIDAY_NOON)
    def test_when_nobody_is_there_is_told_here_and_on_the_form_of_the_campaign(self):
        self.assertFalse(self.get()["gaps"])
        self.assertFalse(self.campaign.with_user(self.manager).gap_text)
        for user in (self.ann, self.bob, self.cem):
            self.leave(user, "2026-11-20 14:00:00", "2026-11-20 16:00:00")
        [gap] = self.get()["gaps"]
        self.assertRegex(gap, r"^Nobody from (14:00|02:00 PM) to (16:00|04:00 PM) on Friday$")
        self.campaign.invalidate_recordset(["gap_text"])
        self.assertEqual(self.campaign.with_user(self.manager).gap_text, gap)

    @freeze_time("2026-11-22 12:00:00")
    def test_the_form_tells_the_first_gaps_a_line_each_and_how_many_more(self):
        for user in (self.ann, self.bob, self.cem):
            for day in (23, 24, 25, 26):
                self.leave(user, f"2026-11-{day} 14:00:00", f"2026-11-{day} 16:00:00")
        lines = self.campaign.with_user(self.manager).gap_text.split("\n")
        self.assertEqual(lines, [*self.get()["gaps"][:3], "and 1 more"])

    @freeze_time(FRIDAY_NOON)
    def test_one_who_stays_is_enough_that_there_is_no_gap(self):
        for user in (self.ann, self.bob):
            self.leave(user, "2026-11-20 14:00:00", "2026-11-20 16:00:00")
        self.assertFalse(self.get()["gaps"])

    @freeze_time("2026-11-20 07:00:00")
    def test_over_the_break_that_everybody_has_it_is_one_gap(self):
        for user in (self.ann, self.bob, self.cem):
            self.leave(user, "2026-11-20 07:00:00", "2026-11-20 20:00:00")
        [gap] = self.get()["gaps"]
        self.assertRegex(gap, r"^Nobody from (08:00|08:00 AM) to (17:00|05:00 PM) on Friday$")

    @freeze_time(FRIDAY_NOON)
    def test_a_week_without_anybody_is_told_as_such(self):
        for user in (self.ann, self.bob, self.cem):
            self.leave(user, "2026-11-19 14:00:00", "2026-12-20 16:00:00")
        self.assertEqual(self.get()["gaps"], ["Nobody is there in the next seven days"])

    @freeze_time("2026-11-20 03:00:00")
    def test_the_day_and_the_line_of_now_are_those_of_the_campaign(self):
        self.campaign.tz = "America/New_York"
        data = self.get()
        self.assertIn("19", data["days"][0]["label"])
        self.assertEqual((data["now"], data["zone"]), (round(22 / 24 * 100, 2), "New York"))

    def count_statements(self, people):
        """Return how many statements it takes with so many people more."""
        users = self.make_users(*(f"more{people}_{n}" for n in range(people)), tz="UTC")
        self.campaign.member_ids = [Command.create({"user_id": user.id}) for user in users]
        self.env.flush_all()
        self.get()  # what people's rights are is kept in memory, and forgotten with each new user
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.assertEqual(len(self.get()["people"]), len(self.campaign.member_ids))
        return self.env.cr.sql_log_count - before

    @freeze_time("2026-11-20 10:00:00")
    def test_the_number_of_statements_does_not_depend_on_how_many_people_there_are(self):
        self.get()
        few = self.count_statements(1)
        self.assertLessEqual(self.count_statements(20), few)

    def test_without_campaign_or_members_nothing_breaks(self):
        empty = self.make_campaign("Empty")
        self.assertEqual(self.get(empty)["people"], [])
        self.env["lead.distribution.campaign"].search([]).action_archive()
        data = self.env["lead.distribution.who.is.there"].with_user(self.manager).get_data()
        self.assertEqual((data["campaigns"], data["campaign_id"]), ([], False))

    def test_salespeople_are_refused(self):
        with self.assertRaises(AccessError):
            self.get(user=self.ann)


@tagged("post_install", "-at_install")
class TestLiveWarnings(DistributionCase):
    """What keeps a live campaign from the leads that come is told on its form."""

    def setUp(self):
        super().setUp()
        self.startPatcher(patch.dict(config.options, {"max_cron_threads": 2}))

    def warn(self, **values):
        self.campaign.write({"is_live": True, **values})
        self.campaign.invalidate_recordset(["warning_text"])
        return self.campaign.with_user(self.manager).warning_text or ""

    def test_one_that_takes_what_comes_says_nothing(self):
        self.assertFalse(self.warn())

    def test_a_server_with_one_scheduler_process(self):
        with patch.dict(config.options, {"max_cron_threads": 1}):
            self.assertIn("one scheduled action at a time", self.warn())

    def test_a_campaign_that_is_asked_first_and_takes_everything(self):
        first = self.campaign.copy({"name": "Greedy", "sequence": 1})
        self.assertFalse(self.warn())
        first.is_live = True
        self.assertIn("“Greedy” is asked first, and takes every lead", self.warn())
        first.write({"use_priority": True, "priority_min": 2})
        self.assertFalse(self.warn())

    def test_one_that_takes_only_what_somebody_has(self):
        self.pools(("active_member", ["utr"], 0))
        self.assertIn("takes only those of people", self.warn())

    def test_one_that_takes_what_nobody_has_only_in_certain_statuses(self):
        self.pools(("unassigned", ["new"], 0))
        self.assertIn("Leads that come have no lead status", self.warn())
        self.pools(("unassigned", [], 0), ("unassigned", ["new"], 0))
        self.assertFalse(self.warn())

    def test_one_that_takes_only_older_leads(self):
        self.assertIn("takes only older ones", self.warn(include_today=False))
        self.assertNotIn("older ones", self.warn(include_today=True))

    def test_a_fallback_person_who_was_archived(self):
        self.warn(live_fallback="user", live_fallback_user_id=self.bob.id)
        self.bob.active = False
        self.assertIn("Bob, who is to get what nobody can take, is archived", self.warn())

    def test_none_of_it_is_told_of_a_campaign_that_is_not_live(self):
        self.campaign.write({"is_live": False, "include_today": False})
        self.assertFalse(self.campaign.with_user(self.manager).warning_text)
