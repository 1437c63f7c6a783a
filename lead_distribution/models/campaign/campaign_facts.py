from functools import cache

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from ...engine.rules import CallingHours, find_zones, hours_in_utc
from ...finding import dates
from ...finding.classification import get_class_by_age_sql
from ...finding.contact_keys import EMAIL_KEY
from ...planning.people import get_zones

# by what a customer is known, as the columns are indexed
CUSTOMER_KEYS = {
    "partner_id": SQL("l.partner_id"),
    "email_normalized": EMAIL_KEY,
    "phone_sanitized": SQL("l.phone_sanitized"),
}


@cache
def _zones_of_countries():
    return {code: tuple(zones) for code, zones in pytz.country_timezones.items()}


class LeadDistributionCampaign(models.Model):
    """What the rules know of leads and people beyond the lead's own columns."""

    _inherit = "lead.distribution.campaign"

    use_known_owner = fields.Boolean(
        string="Known customers to who knows them",
        help="Same customer, e-mail or phone as another lead or opportunity: its holder comes first, then everybody.",
    )
    known_owner_days = fields.Integer(
        string="Known from the last (days)", default=365, help="0: however long ago it was."
    )
    use_calling_hours = fields.Boolean(
        string="By time zone",
        help="Only people whose working hours overlap the hours in which the lead may be called. "
        "Working hours are those of the company in the person's time zone.",
    )
    calling_from = fields.Float(string="Leads may be called from", default=8.0)
    calling_to = fields.Float(string="Called until", default=20.0)

    _calling_hours_ordered = models.Constraint(
        "CHECK (calling_from >= 0 AND calling_to <= 24 AND calling_from < calling_to)",
        "Calling hours go from an earlier to a later time of the day.",
    )
    _known_days_not_negative = models.Constraint(
        "CHECK (known_owner_days >= 0)", "A number of days cannot be negative."
    )

    def _find_known_owners(self, lead_ids, members, typed=None):
        """Return {lead id: user id} of the member who last had a lead or deal of the same customer.

        Leads of any age, state and type count, lost and archived ones, too: who spoke to the
        customer is known. The leads that are to be handed out say nothing. One query.

        :param typed: facts of a lead that is not in the database, instead of ``lead_ids``
        """
        self.env["crm.lead"].flush_model()
        branches = [self._get_known_sql(name, lead_ids, members, typed) for name in CUSTOMER_KEYS]
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (id) id, holder_id FROM (%s) AS known ORDER BY id, last DESC, other DESC",
                SQL(" UNION ALL ").join(SQL("(%s)", branch) for branch in branches),
            )
        )
        return dict(rows)

    def _get_known_sql(self, name, lead_ids, members, typed):
        """Return the leads known by one key: of each value, only who had it last matters."""
        value, wanted = CUSTOMER_KEYS[name], self._get_wanted_sql(name, lead_ids, typed)
        since = dates.day_start(dates.days_before(self._get_today(), self.known_owner_days or 36500), self.tz)
        return SQL(
            "WITH wanted AS MATERIALIZED (%(wanted)s), owner AS ("
            "SELECT DISTINCT ON (%(value)s, l.company_id) %(value)s AS value, l.company_id, l.holder_id, "
            "greatest(l.received_on, l.create_date) AS last, l.id AS other FROM crm_lead l "
            "WHERE %(value)s IN (SELECT value FROM wanted) AND l.holder_id = ANY(%(users)s) "
            "AND l.id <> ALL(%(ids)s) AND greatest(l.received_on, l.create_date) >= %(since)s "
            "ORDER BY %(value)s, l.company_id, greatest(l.received_on, l.create_date) DESC, l.id DESC) "
            "SELECT w.id, owner.holder_id, owner.last, owner.other FROM wanted w JOIN owner ON owner.value = w.value "
            "WHERE w.company_id IS NULL OR owner.company_id IS NULL OR owner.company_id = w.company_id",
            wanted=wanted,
            value=value,
            users=members.user_id.ids,
            ids=list(lead_ids),
            since=since,
        )

    def _get_wanted_sql(self, name, lead_ids, typed):
        if typed is None:
            return SQL(
                "SELECT l.id, %(value)s AS value, l.company_id FROM crm_lead l WHERE l.id = ANY(%(ids)s) "
                "AND %(value)s IS NOT NULL AND (%(value)s)::text <> ''",
                value=CUSTOMER_KEYS[name],
                ids=list(lead_ids),
            )
        value = typed.get(name) or None
        kind = SQL("integer") if name == "partner_id" else SQL("text")
        return SQL(
            "SELECT 0 AS id, %s::%s AS value, %s::integer AS company_id", value, kind, self.company_id.id or None
        )

    def _find_tags(self, lead_ids):
        """Return {lead id: ids of its tags that are skills}."""
        self.env["crm.lead"].flush_model(["tag_ids"])
        rows = self.env.execute_query(
            SQL(
                "SELECT lead_id, array_agg(tag_id) FROM crm_tag_rel "
                "WHERE tag_id = ANY(%s) AND lead_id = ANY(%s) GROUP BY lead_id",
                self.skill_ids.tag_id.ids,
                list(lead_ids),
            )
        )
        return dict(rows)

    @api.model
    def _find_classes(self, lead_ids):
        """Return {lead id: class once it is handed out}: by its age alone, nobody has worked on it then."""
        leads = self.env["crm.lead"]
        by_age = get_class_by_age_sql(leads, "crm_lead", SQL("false"))
        rows = self.env.execute_query(SQL("SELECT id, %s FROM crm_lead WHERE id = ANY(%s)", by_age, list(lead_ids)))
        return {lead_id: name for lead_id, name in rows if name}

    @api.model
    def _find_own_zones(self, lead_ids):
        """Return {lead id: time zone} of leads whose customer has one."""
        self.env["crm.lead"].flush_model(["partner_id"])
        self.env["res.partner"].flush_model(["tz"])
        rows = self.env.execute_query(
            SQL(
                "SELECT l.id, p.tz FROM crm_lead l JOIN res_partner p ON p.id = l.partner_id "
                "WHERE l.id = ANY(%s) AND p.tz IS NOT NULL",
                list(lead_ids),
            )
        )
        return dict(rows)

    def _get_time_zones(self, facts):
        """Return the time zones a lead may be in."""
        country = self.env["res.country"].browse(facts.get("country_id") or [])
        return find_zones(country.code, _zones_of_countries(), facts.get("own_zone"))

    def _get_calling_rule(self, members):
        day = self._get_today()
        zones = get_zones(members.user_id, self.tz)
        working = {}
        for member in members:
            first, last = self._get_working_hours(member.user_id.company_id, day)
            working[member.user_id.id] = hours_in_utc(day, zones[member.user_id.id], first, last)
        overlap = min(1.0, self.calling_to - self.calling_from)
        return CallingHours(day, working, self.calling_from, self.calling_to, overlap)

    @api.model
    def _get_working_hours(self, company, day):
        """Return the first and the last working hour of a company's day; of any day if it is free."""
        week = self.env["resource.calendar.attendance"].get_week_type(day)
        # a calendar of two weeks has headings among its lines, from 0 to 0 o'clock on Mondays
        lines = company.sudo().resource_calendar_id.attendance_ids.filtered(lambda line: not line.display_type)
        lines = lines.filtered(lambda line: not line.week_type or int(line.week_type) == week) or lines
        lines = lines.filtered(lambda line: int(line.dayofweek) == day.weekday()) or lines
        if not lines:
            return 8.0, 18.0
        return min(lines.mapped("hour_from")), max(lines.mapped("hour_to"))
