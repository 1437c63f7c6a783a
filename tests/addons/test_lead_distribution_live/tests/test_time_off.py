from datetime import datetime, time, timedelta

import pytz
from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.lead_distribution.planning.presence.calendars import find_hours
from odoo.addons.lead_distribution.planning.presence.look import look
from odoo.addons.lead_distribution.tests.common import DistributionCase


@tagged("post_install", "-at_install")
class TestTimeOff(DistributionCase):
    """Time off that is approved in Odoo's own addon is leave like any other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.employee = cls.env["hr.employee"].create({"name": "Ann", "user_id": cls.ann.id})
        cls.kind = cls.env["hr.leave.type"].create({"name": "Paid", "requires_allocation": False})

    def make_time_off(self, first, last):
        """Ask for whole days off; not approved yet."""
        return self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": self.kind.id,
                "request_date_from": first,
                "request_date_to": last,
            }
        )

    def find_leaves(self):
        return self.env["resource.calendar.leaves"].search([("resource_id", "=", self.employee.resource_id.id)])

    def test_time_off_is_leave_of_the_persons_resource_once_it_is_approved(self):
        monday = fields.Date.start_of(self.today, "week") + timedelta(days=7)
        asked = self.make_time_off(monday, monday + timedelta(days=1))
        self.assertEqual(self.employee.resource_id.user_id, self.ann)
        self.assertFalse(self.find_leaves())
        asked.action_approve()
        self.assertEqual(asked.state, "validate")
        leave = self.find_leaves()
        self.assertEqual((leave.date_from, leave.date_to), (asked.date_from, asked.date_to))
        asked.action_refuse()
        self.assertFalse(self.find_leaves())

    def look(self, at, user=None):
        return look(self.campaign, user or self.ann, at)[(user or self.ann).id]

    def prepare_hours(self):
        """Have the campaign look at working hours: from 8 to 17 o'clock; return the next Monday at 10."""
        self.campaign.availability = "working_hours"
        self.env.ref("base.lang_en").time_format = "%H:%M:%S"
        (self.ann + self.bob + self.env.user).tz = "UTC"
        calendar = self.env["resource.calendar"].create({"name": "Office", "tz": "UTC"})
        self.env.company.resource_calendar_id = calendar
        self.employee.write({"resource_calendar_id": calendar.id, "tz": "UTC"})
        monday = fields.Date.start_of(self.today, "week") + timedelta(days=7)
        return datetime.combine(monday, time(10))

    def test_approved_time_off_counts_by_itself_and_refused_does_not(self):
        monday = self.prepare_hours()
        self.assertTrue(self.look(monday).can_receive)
        asked = self.make_time_off(monday.date(), monday.date() + timedelta(days=1))
        self.assertTrue(self.look(monday).can_receive)
        asked.action_approve()
        seen = self.look(monday)
        self.assertEqual((seen.kind, seen.reason), ("leave", "away until Wednesday 08:00 (time off)"))
        self.assertEqual(seen.back_on, monday + timedelta(days=1, hours=22))
        self.assertTrue(self.look(monday + timedelta(days=2)).can_receive)
        asked.action_refuse()
        self.assertTrue(self.look(monday).can_receive)

    def test_a_run_gives_nothing_to_who_has_time_off(self):
        monday = self.prepare_hours()
        self.make_time_off(monday.date(), monday.date()).action_approve()
        self.make_leads(4)
        with freeze_time(monday):
            run = self.campaign.distribute(user_ids=(self.ann + self.bob).ids)
        self.assertEqual(run.assignment_ids.user_id, self.bob)
        self.assertEqual(run.left_out, {"Ann": "away until Tuesday 08:00 (time off)"})

    def test_time_off_of_hours_counts_for_these_hours(self):
        monday = self.prepare_hours()
        self.kind.request_unit = "hour"
        values = {"request_unit_hours": True, "request_hour_from": 9, "request_hour_to": 11}
        asked = self.make_time_off(monday.date(), monday.date())
        asked.write(values)
        asked.action_approve()
        self.assertEqual(self.look(monday).reason, "away until 11:00 (time off)")
        self.assertTrue(self.look(monday + timedelta(hours=1)).can_receive)

    def test_a_public_holiday_of_time_off_counts_for_everybody(self):
        monday = self.prepare_hours()
        self.env["resource.calendar.leaves"].create(
            {"name": "King's day", "date_from": monday - timedelta(hours=10), "date_to": monday + timedelta(hours=13)}
        )
        for user in (self.ann, self.bob):
            self.assertEqual(self.look(monday, user).reason, "away until Tuesday 08:00 (King's day)")

    def test_the_calendar_of_the_contract_counts_from_the_day_it_begins(self):
        monday = self.prepare_hours()
        lines = [(0, 0, {"name": "Late", "dayofweek": str(day), "hour_from": 14, "hour_to": 20}) for day in range(5)]
        late = self.env["resource.calendar"].create({"name": "Late", "tz": "UTC", "attendance_ids": lines})
        tuesday = monday.date() + timedelta(days=1)
        office = self.env.company.resource_calendar_id
        self.employee.version_id.write(
            {
                "date_version": monday.date() - timedelta(days=30),
                "contract_date_start": monday.date() - timedelta(days=30),
                "contract_date_end": monday.date(),
                "resource_calendar_id": office.id,
            }
        )
        self.employee.create_version(
            {
                "date_version": tuesday,
                "contract_date_start": tuesday,
                "contract_date_end": False,
                "resource_calendar_id": late.id,
            }
        )
        resource = self.employee.resource_id
        first, last = (datetime.combine(monday + timedelta(days=n), time()) for n in (-1, 12))
        found = find_hours(self.campaign, self.ann, first, last)[self.ann.id].spans
        spans, _calendars = resource._get_valid_work_intervals(pytz.utc.localize(first), pytz.utc.localize(last))
        odoos = [tuple(moment.astimezone(pytz.utc).replace(tzinfo=None) for moment in span[:2])
                 for span in spans[resource.id]]  # fmt: skip
        self.assertEqual(found, odoos)
        self.assertEqual({start.hour for start, _end in found}, {8, 13, 14})  # both count, each in its time
