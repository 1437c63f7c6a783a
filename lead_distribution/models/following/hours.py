from odoo import api, models

from ...applying.due import look_anew, move
from ...live.pause import note_hours

# what says when people work; a calendar may be that of many people, whose deadlines the schedule reckons anew
OF_CALENDARS = {"tz", "attendance_ids", "two_weeks_calendar", "flexible_hours", "hours_per_day", "hours_per_week"}


class ResourceCalendar(models.Model):
    """Deadlines in working hours move with the hours, and leads that wait for somebody are tried again."""

    _inherit = "resource.calendar"

    def write(self, vals):
        result = super().write(vals)
        if OF_CALENDARS & vals.keys():
            self._note_hours()
        return result

    def _note_hours(self):
        """Have deadlines reckoned anew of the people of these calendars, and of companies that work by them."""
        env = self.sudo().env  # whoever changes hours need not see whose they are
        users = env["res.company"].search([("resource_calendar_id", "in", self.ids)]).user_ids
        users |= env["resource.resource"].search([("calendar_id", "in", self.ids)]).user_id
        look_anew(env, users)
        note_hours(env)


class ResourceCalendarAttendance(models.Model):
    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.calendar_id._note_hours()
        return lines

    def write(self, vals):
        calendars = self.calendar_id
        result = super().write(vals)
        (calendars | self.calendar_id)._note_hours()
        return result

    def unlink(self):
        calendars = self.calendar_id
        result = super().unlink()
        calendars._note_hours()
        return result


class ResourceResource(models.Model):
    _inherit = "resource.resource"

    def write(self, vals):
        result = super().write(vals)
        if {"calendar_id", "tz", "user_id", "company_id"} & vals.keys():
            # whoever changes somebody's hours need not see whose they are
            users = self.sudo().user_id
            move(users)
            if users:
                note_hours(users.env)
        return result


class ResUsers(models.Model):
    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if "tz" in vals:
            move(self)
            note_hours(self.sudo().env)
        return result


class ResCompany(models.Model):
    _inherit = "res.company"

    def write(self, vals):
        result = super().write(vals)
        if "resource_calendar_id" in vals:
            look_anew(self.env, self.sudo().user_ids)  # as above
            note_hours(self.sudo().env)
        return result
