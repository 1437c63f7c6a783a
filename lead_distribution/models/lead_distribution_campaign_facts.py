from functools import cache

import pytz

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..engine.rules import CallingHours, find_zones, hours_in_utc


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

    def _find_known_owners(self, lead_ids, members):
        """Return {lead id: user id} of the member who last had a lead or deal of the same customer.

        Leads of any age, state and type count, lost and archived ones, too: who spoke to the
        customer is known. One query.
        """
        since = fields.Date.subtract(self._get_today(), days=self.known_owner_days or 36500)
        same = [SQL("%s", SQL.identifier(name)) for name in ("partner_id", "email_normalized", "phone_sanitized")]
        branches = [
            SQL(
                "SELECT c.id, o.holder_id, greatest(o.received_on, o.create_date) AS last, o.id AS other "
                "FROM crm_lead c JOIN crm_lead o ON o.%(name)s = c.%(name)s AND o.id <> c.id "
                "WHERE c.id = ANY(%(ids)s) AND o.holder_id = ANY(%(users)s) "
                "AND c.%(name)s IS NOT NULL AND c.%(name)s::text <> '' "
                "AND (o.company_id IS NULL OR c.company_id IS NULL OR o.company_id = c.company_id)",
                name=name,
                ids=list(lead_ids),
                users=members.user_id.ids,
            )
            for name in same
        ]
        self.env["crm.lead"].flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT ON (id) id, holder_id FROM (%s) AS known WHERE last >= %s "
                "ORDER BY id, last DESC, other DESC",
                SQL(" UNION ALL ").join(branches),
                since,
            )
        )
        return dict(rows)

    def _find_known_owner_of(self, facts, members):
        """Return the member's user id for a lead that is not in the database, or None."""
        wanted = [(n, facts.get(n)) for n in ("partner_id", "email_normalized", "phone_sanitized") if facts.get(n)]
        if not wanted:
            return None
        domain = Domain.OR([[(name, "=", value)] for name, value in wanted])
        since = fields.Date.subtract(self._get_today(), days=self.known_owner_days or 36500)
        domain &= Domain("holder_id", "in", members.user_id.ids) & Domain("create_date", ">=", since)
        leads = self.env["crm.lead"].sudo().with_context(active_test=False)
        return leads.search(domain, order="create_date desc, id desc", limit=1).holder_id.id or None

    def _find_tags(self, lead_ids):
        """Return {lead id: ids of its tags that are skills}."""
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
        leads = self.env["crm.lead"]
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s FROM crm_lead WHERE id = ANY(%s)",
                leads._get_classification_sql("crm_lead"),
                list(lead_ids),
            )
        )
        return dict(rows)

    @api.model
    def _find_own_zones(self, lead_ids):
        """Return {lead id: time zone} of leads whose customer has one."""
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
        working = {}
        for member in members:
            first, last = self._get_working_hours(member.user_id.company_id, day)
            working[member.user_id.id] = hours_in_utc(day, member.user_id.tz or self.tz or "UTC", first, last)
        return CallingHours(day, working, self.calling_from, self.calling_to)

    @api.model
    def _get_working_hours(self, company, day):
        """Return the first and the last working hour of a company's day; of any day if it is free."""
        lines = company.resource_calendar_id.attendance_ids
        lines = lines.filtered(lambda line: int(line.dayofweek) == day.weekday()) or lines
        if not lines:
            return 8.0, 18.0
        return min(lines.mapped("hour_from")), max(lines.mapped("hour_to"))
