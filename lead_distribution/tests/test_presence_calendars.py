from datetime import datetime, timedelta
from random import Random

import pytz
from freezegun import freeze_time

from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged

from ..engine.presence import covers, cut
from ..live.catching_up import follow_changes
from ..planning.presence.absences import get_spans
from ..planning.presence.calendars import find_hours
from ..planning.presence.look import look
from .common import DistributionCase

WEEKDAYS = range(5)
# both changes of the clock in Brussels and New York, half an hour in Lord Howe, and none in Kolkata
ZONES = ("Europe/Brussels", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe")
MONTHS = (datetime(2026, 3, 2), datetime(2026, 10, 12))
WEEKS = 5
MINUTE = timedelta(minutes=1)


class CalendarCase(DistributionCase):
    """Ann, Bob and Cem with working times."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.ref("base.lang_en").time_format = "%H:%M:%S"
        cls.team = cls.ann + cls.bob + cls.cem
        (cls.team + cls.env.user).tz = "UTC"
        cls.campaign.availability = "working_hours"
        cls.office = cls.make_calendar("Office", (WEEKDAYS, 8, 12), (WEEKDAYS, 13, 17))
        cls.env.company.resource_calendar_id = cls.office

    @classmethod
    def make_calendar(cls, name, *hours, **values):
        """Return a calendar of (weekdays, from, to) and, with two weeks, (weekdays, from, to, week)."""
        calendar = cls.env["resource.calendar"].create({"name": name, "tz": "UTC", "attendance_ids": False, **values})
        lines = [
            {"name": "Work", "dayofweek": str(day), "hour_from": first, "hour_to": last, "day_period": "morning",
             "week_type": str(week[0]) if week else False}
            for days, first, last, *week in hours
            for day in days
        ]  # fmt: skip
        calendar.attendance_ids = [Command.clear(), *(Command.create(line) for line in lines)]
        return calendar

    @classmethod
    def make_resource(cls, user, calendar=None, zone="UTC", **values):
        calendar = calendar.id if calendar else False
        values = {"name": user.name, "user_id": user.id, "calendar_id": calendar, "tz": zone, **values}
        return cls.env["resource.resource"].create(values)

    @classmethod
    def make_leave(cls, date_from, date_to, resource=None, calendar=None, **values):
        resource, calendar = (record.id if record else False for record in (resource, calendar))
        values = {"date_from": date_from, "date_to": date_to, "resource_id": resource, **values}
        if calendar or not resource:
            values["calendar_id"] = calendar
        return cls.env["resource.calendar.leaves"].create({"name": "Leave", **values})

    def see(self, user, at):
        return look(self.campaign, user, fields.Datetime.to_datetime(at))[user.id]


@tagged("post_install", "-at_install")
class TestAgreement(CalendarCase):
    """Who is there is what Odoo's resources answer, minute by minute, over weeks with all that calendars can have."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nights = cls.make_calendar("Nights", (WEEKDAYS, 22, 24), (range(1, 6), 0, 6), ((6,), 18, 24), ((0,), 0, 2))
        cls.turns = cls.make_calendar(
            "Every second week", ((0, 1, 2), 7, 15, 0), ((3, 4, 5), 14, 22.5, 1), ((6,), 9, 11.25, 1),
            two_weeks_calendar=True,
        )  # fmt: skip
        cls.flexible = cls.make_calendar("Flexible", schedule_type="flexible", hours_per_day=7.6)
        cls.flexible.full_time_required_hours = 38
        cls.calendars = (cls.office, cls.nights, cls.turns, cls.flexible, None)
        cls.people = cls.env["res.users"]
        cls.resources = {}
        for place, zone in enumerate(ZONES):
            for number, calendar in enumerate(cls.calendars):
                user = cls.make_user(f"p{place}{number}", tz=zone)
                cls.people += user
                cls.resources[user] = cls.make_resource(user, calendar, zone)

    def ask_odoo(self, resource, first, last):
        """Return when somebody works, without leave, as Odoo has it; in UTC, without zone."""
        calendar = resource.calendar_id or self.office
        zone = pytz.timezone(resource.tz)
        found = calendar._work_intervals_batch(*(zone.localize(each) for each in (first, last)), resources=resource)
        return [
            tuple(moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in span[:2])
            for span in found[resource.id]
        ]

    def make_leaves(self, chance, month):
        """Make leave of hours and of days: of everybody, of a calendar, of one person; and what is no leave."""
        resources = list(self.resources.values())
        for _number in range(40):
            start = month + timedelta(minutes=15 * chance.randrange(WEEKS * 7 * 96))
            end = start + timedelta(minutes=15 * chance.choice((1, 4, 16, 96, 300)))
            resource = chance.choice((None, *resources, *resources))
            calendar = chance.choice((self.office, self.nights, self.turns, self.flexible, None))
            self.make_leave(start, end, resource, None if resource else calendar,
                            time_type=chance.choice(("leave", "leave", "other")))  # fmt: skip

    def test_the_hours_of_people_are_those_of_odoo_minute_by_minute(self):
        for seed, month in enumerate(MONTHS):
            chance = Random(seed)
            self.make_leaves(chance, month)
            first, last = month - timedelta(days=1), month + timedelta(weeks=WEEKS, days=1)
            hours = find_hours(self.campaign, self.people, first, last)
            for user, resource in self.resources.items():
                with self.subTest(seed=seed, zone=user.tz, calendar=resource.calendar_id.name):
                    ours = cut(hours[user.id].spans, get_spans(hours[user.id].leaves, last))
                    self.compare(ours, self.ask_odoo(resource, month, month + timedelta(weeks=WEEKS)), month)

    def compare(self, ours, theirs, month):
        """Compare each minute of the weeks, but for the day at both ends: there it is another day elsewhere."""
        first, last = month + timedelta(days=1), month + timedelta(weeks=WEEKS, days=-1)
        self.assertEqual(*(list_minutes(spans, first, last) for spans in (ours, theirs)))

    def test_looking_at_a_moment_says_the_same_before_and_after_each_change(self):
        month, chance = MONTHS[1], Random(7)
        self.make_leaves(chance, month)
        spans = {user: self.ask_odoo(resource, month, month + timedelta(weeks=WEEKS))
                 for user, resource in self.resources.items()}  # fmt: skip
        edges = sorted({edge for own in spans.values() for span in own for edge in span})
        inside = [edge for edge in edges if timedelta(days=1) < edge - month < timedelta(weeks=WEEKS, days=-1)]
        for edge in chance.sample(inside, 40):
            for at in (edge - MINUTE, edge + MINUTE):
                seen = look(self.campaign, self.people, at)
                for user, own in spans.items():
                    with self.subTest(at=at, zone=user.tz, calendar=self.resources[user].calendar_id.name):
                        self.assertEqual(seen[user.id].can_receive, covers(own, at), (seen[user.id], own))
                        self.check_return(seen[user.id], own, at)

    def check_return(self, seen, spans, at):
        """Who is told to be back at a moment is, and not before."""
        if seen.can_receive or not seen.back_on:
            return
        moment = seen.back_on + timedelta(seconds=1)
        self.assertTrue(covers(spans, moment) or moment > spans[-1][1])
        self.assertFalse([span for span in spans if at < span[0] < seen.back_on - timedelta(seconds=1)])


def list_minutes(spans, first, last):
    """Return the minutes, counted from the first moment, at which one of the spans is."""
    minutes = set()
    for start, end in spans:
        numbers = [-((first - moment) // MINUTE) for moment in (max(start, first), min(end, last))]
        minutes.update(range(*numbers))
    return sorted(minutes)


@tagged("post_install", "-at_install")
class TestWorkingHours(CalendarCase):
    """In their working hours: the person's, else the company's, and nothing in the last minutes of a shift."""

    def test_leave_for_ever_of_somebody_without_hours_stops_nobody_elses_leads(self):
        for zone in ("America/New_York", "Asia/Tokyo", "UTC"):
            resource = self.make_resource(self.ann, None, zone)
            self.make_leave("2026-01-01 00:00:00", "9999-12-31 23:59:59", resource)
            seen = self.see(self.ann, fields.Datetime.to_datetime("2026-06-10 10:00:00"))
            self.assertEqual((seen.kind, seen.can_receive), ("leave", False), zone)
            resource.unlink()

    def test_who_has_no_resource_works_as_the_company_does_in_the_own_zone(self):
        self.ann.tz = "Asia/Tokyo"
        self.assertTrue(self.see(self.ann, "2026-11-23 00:00:00").can_receive)  # 9 o'clock there
        self.assertEqual(self.see(self.bob, "2026-11-23 00:00:00").reason, "off shift until 08:00")
        self.assertEqual(self.see(self.bob, "2026-11-20 17:00:00").reason, "off shift until Monday 08:00")

    def test_of_several_resources_the_one_of_the_campaigns_company_counts(self):
        other = self.env["res.company"].create({"name": "Other"})
        late = self.make_calendar("Late", (WEEKDAYS, 18, 22))
        self.make_resource(self.ann, self.office, company_id=other.id)
        self.make_resource(self.ann, late, company_id=self.env.company.id)
        self.assertFalse(self.see(self.ann, "2026-11-23 10:00:00").can_receive)
        self.assertTrue(self.see(self.ann, "2026-11-23 19:00:00").can_receive)

    def test_a_night_shift_goes_on_over_midnight(self):
        nights = self.make_calendar("Nights", (WEEKDAYS, 22, 24), (range(1, 6), 0, 6))
        self.make_resource(self.ann, nights)
        self.campaign.shift_end_minutes = 60
        for moment in ("2026-11-23 22:00:00", "2026-11-23 23:30:00", "2026-11-23 23:59:59", "2026-11-24 04:59:00"):
            self.assertTrue(self.see(self.ann, moment).can_receive, moment)
        seen = self.see(self.ann, "2026-11-24 05:00:00")
        self.assertEqual((seen.kind, seen.reason), ("shift_end", "the shift is nearly over; again from 22:00"))
        self.assertEqual(seen.back_on, datetime(2026, 11, 24, 22))

    def test_a_break_ends_no_shift_but_the_evening_does(self):
        self.campaign.shift_end_minutes = 30
        for moment, kind in (("11:45", "there"), ("12:30", "off_shift"), ("16:29", "there"), ("16:30", "shift_end")):
            self.assertEqual(self.see(self.ann, f"2026-11-23 {moment}:00").kind, kind, moment)

    def test_a_public_holiday_is_named_and_a_personal_leave_is_not(self):
        resource = self.make_resource(self.ann, self.office)
        self.make_leave("2026-11-23 00:00:00", "2026-11-23 23:59:59", calendar=self.office, name="King's day")
        self.make_leave("2026-11-24 08:00:00", "2026-11-25 17:00:00", resource, name="Ann: hospital")
        seen = self.see(self.ann, "2026-11-23 10:00:00")
        self.assertEqual((seen.kind, seen.reason), ("leave", "away until Thursday 08:00 (King's day)"))
        self.assertEqual(self.see(self.ann, "2026-11-24 10:00:00").reason, "away until Thursday 08:00 (time off)")
        self.assertEqual(self.see(self.bob, "2026-11-24 10:00:00").kind, "there")

    def test_who_is_long_away_is_back_at_the_end_of_it(self):
        resource = self.make_resource(self.ann, self.office)
        self.make_leave("2026-11-02 08:00:00", "2027-03-01 17:00:00", resource)
        self.assertEqual(self.see(self.ann, "2026-11-24 10:00:00").reason, "away until Mar 1, 2027 (time off)")

    def test_who_never_works_has_no_working_hours(self):
        self.make_resource(self.ann, self.make_calendar("Nothing"))
        seen = self.see(self.ann, "2026-11-24 10:00:00")
        self.assertEqual((seen.reason, seen.back_on), ("has no working hours", None))

    def test_looking_ahead_the_nearest_day_wins_and_too_late_is_left_out(self):
        self.campaign.write({"availability": "look_ahead", "look_ahead_hours": 48})
        self.make_resource(self.bob, self.make_calendar("Tuesdays", ((1,), 9, 17)))
        self.make_resource(self.cem, self.make_calendar("Fridays", ((4,), 9, 17)))
        seen = look(self.campaign, self.team, datetime(2026, 11, 23, 7))
        self.assertEqual([seen[user.id].bucket for user in self.team], [0, 1, 0])
        self.assertEqual([seen[user.id].reason for user in self.team], ["", "", "off shift until Friday 09:00"])

    def test_the_number_of_statements_does_not_depend_on_that_of_people_and_calendars(self):
        night = self.make_calendar("Night", (WEEKDAYS, 20, 23))
        users = self.env["res.users"].create(
            [{"name": f"P{n}", "login": f"many{n}", "tz": ZONES[n % 4]} for n in range(200)]
        )
        for place, user in enumerate(users):
            own = self.make_calendar(f"Of {place}", (WEEKDAYS, 8, 12 + place / 40)) if place % 5 else None
            resource = self.make_resource(user, own or (self.office, night, None)[place % 3], user.tz)
            self.make_leave("2026-11-23 08:00:00", "2026-11-23 12:00:00", resource)
            values = {"user_id": user.id, "date_from": "2026-11-25", "date_to": "2026-11-26"}
            self.env["lead.distribution.absence"].create(values)
        look(self.campaign, users, datetime(2026, 11, 23, 10))  # what Odoo keeps in memory is there
        counts = []
        for some in (users[:24], users):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            look(self.campaign, some, datetime(2026, 11, 23, 10))
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_a_schedule_that_begins_when_nobody_is_there_is_told(self):
        self.campaign.next_run = "2026-11-23 06:00:00"
        self.assertEqual(
            [text for text in self.campaign._get_warnings() if "next run" in text],
            ["Nobody is there when the next run starts: Mon, Nov 23, 06:00 (UTC). "
             "Choose another hour, or “Who is back first”."],
        )  # fmt: skip
        self.campaign.next_run = "2026-11-23 08:00:00"
        self.assertFalse([text for text in self.campaign._get_warnings() if "next run" in text])

    def test_the_line_up_of_a_campaign_that_looks_ahead_names_who_is_back_first(self):
        self.campaign.write({"availability": "look_ahead", "look_ahead_hours": 48})
        self.make_resource(self.bob, self.make_calendar("Tuesdays", ((1,), 9, 17)))
        self.make_resource(self.cem, self.make_calendar("Fridays", ((4,), 9, 17)))
        leads = self.make_leads(4)
        with freeze_time("2026-11-23 07:00:00"):
            now = self.campaign._explain_who(leads[0])
            run = self.campaign.distribute()
        self.assertEqual([place.person.name for place in now.places], ["Ann", "Bob"])
        self.assertEqual(now.next_ones[0].better, ["availability"])
        self.assertEqual(now.left_out, {"Cem": "off shift until Friday 09:00"})
        self.assertEqual(set(leads.mapped("user_id.name")), {"Ann"})
        self.assertIn("Ann was there, or back first", run.assignment_ids[0].explanation)

    def test_who_is_full_leaves_the_lead_to_who_is_back_later(self):
        self.campaign.write({"availability": "look_ahead", "look_ahead_hours": 48, "max_daily": 1})
        self.make_resource(self.bob, self.make_calendar("Tuesdays", ((1,), 9, 17)))
        self.make_resource(self.cem, self.make_calendar("Fridays", ((4,), 9, 17)))
        leads = self.make_leads(3)
        with freeze_time("2026-11-23 07:00:00"):
            run = self.campaign.distribute()
        self.assertEqual(sorted(leads.mapped("user_id.name")), ["Ann", "Bob"])
        self.assertEqual(run.left_over, {"everybody_full": 1})

    def test_leave_that_is_taken_back_has_waiting_leads_tried_at_once(self):
        self.campaign.is_live = True
        leave = self.make_leave("2026-11-02 08:00:00", "2036-11-27 17:00:00", self.make_resource(self.ann, self.office))
        member = self.campaign.member_ids.filtered(lambda m: m.user_id == self.ann)
        self.assertFalse(member.is_available)
        lead = self.make_leads()
        row = self.env["lead.distribution.waiting"].search([("lead_id", "=", lead.id)])
        follow_changes(self.env)
        row.write({"campaign_id": self.campaign.id, "next_try": "2036-11-27 17:00:00", "reason": "nobody_there"})
        leave.unlink()
        follow_changes(self.env)
        self.assertLessEqual(row.next_try, fields.Datetime.now())
        self.assertNotIn("time off", member.unavailable_reason or "")
