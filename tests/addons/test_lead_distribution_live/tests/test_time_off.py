from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

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
