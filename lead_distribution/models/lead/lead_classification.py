from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...finding import dates
from ...names import LEAD_CLASSES
from ...tools.limits import LONGEST_DAYS
from ...tools.storable import storable

DEFAULT_DAYS = {"fresh": 7, "stale": 30}


class CrmLead(models.Model):
    """Fresh, urgent or stale, by age and by whether somebody works on the lead.

    Source: classification.md. Older than the stale limit: stale, worked or not. Else at most
    as old as the fresh limit, or worked: fresh. Else urgent. The age is counted in whole days
    (UTC) from the creation. Computed by the database when it is read, so it is always right
    without a nightly job, and can be filtered, grouped and sorted by.
    """

    _inherit = "crm.lead"

    classification = fields.Selection(
        LEAD_CLASSES,
        compute="_compute_classification",
        search="_search_classification",
        help="Fresh: new, or being worked on. Urgent: not new any more, and nobody has worked on it. "
        "Stale: too old. The limits are in the settings.",
    )
    last_worked_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When somebody last changed the status or did an activity, or the holder wrote a message.",
    )
    is_worked = fields.Boolean(
        compute="_compute_is_worked", help="Somebody has worked on the lead since it was last handed out."
    )

    @api.model
    def _get_class_limits(self):
        """Return (fresh days, stale days) from the settings; what is no number counts as not set."""
        get_param = self.env["ir.config_parameter"].sudo().get_param
        limits = []
        for name, default in DEFAULT_DAYS.items():
            text = str(get_param(f"lead_distribution.{name}_days", default))
            limits.append(min(int(text), LONGEST_DAYS) if text.isdecimal() and len(text) < 20 else default)
        return tuple(limits)

    @api.depends("last_worked_on", "distributed_on")
    def _compute_is_worked(self):
        for lead in self:
            since = lead.distributed_on
            lead.is_worked = bool(lead.last_worked_on and (not since or lead.last_worked_on > since))

    @api.depends("create_date", "is_worked", "company_id")
    def _compute_classification(self):
        edges = self._get_class_edges()
        for lead in self:
            fresh_from, kept_from = edges.get(lead.company_id.id, edges[None])
            if not lead.create_date:
                lead.classification = False
            elif lead.create_date < kept_from:
                lead.classification = "stale"
            else:
                lead.classification = "fresh" if lead.create_date >= fresh_from or lead.is_worked else "urgent"

    @api.model
    def _get_class_edges(self):
        """Return {company id: moments (UTC) from which a creation makes a lead fresh, and not stale}.

        Only companies whose zone differs from that of leads without a company, which is under None.
        """
        self.env["res.company"].flush_model(["resource_calendar_id"])
        self.env["resource.calendar"].flush_model(["tz"])
        zones = self.env.execute_query(
            SQL(
                "SELECT c.id, coalesce(k.tz, 'UTC') FROM res_company c "
                "LEFT JOIN resource_calendar k ON k.id = c.resource_calendar_id ORDER BY c.id"
            )
        )
        own = zones[0][1]
        limits, now = self._get_class_limits(), fields.Datetime.now()
        edges = {}
        for company_id, tz in [(None, own), *(pair for pair in zones if pair[1] != own)]:
            today = dates.get_today(now, tz)
            edges[company_id] = tuple(dates.day_start(dates.days_before(today, days), tz) for days in limits)
        return edges

    def _search_classification(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [name for name in value if name]

        def to_sql(model, alias, query):
            expression = model._get_classification_sql(alias)
            condition = SQL("%s IN %s", expression, tuple(wanted)) if wanted else SQL("FALSE")
            return SQL("(%s OR %s IS NULL)", condition, expression) if False in value else condition

        return Domain.custom(to_sql=to_sql)

    def _field_to_sql(self, alias, field_expr, query=None):
        if field_expr == "classification":
            return self._get_classification_sql(alias)
        return super()._field_to_sql(alias, field_expr, query)

    @api.model
    def _get_classification_sql(self, alias):
        """Return the class as an SQL expression of the lead's columns; same rule as the compute."""
        self.flush_model(["last_worked_on", "distributed_on"])
        lead = SQL.identifier(alias)
        worked = SQL("%s.last_worked_on > COALESCE(%s.distributed_on, '-infinity'::timestamp)", lead, lead)
        return self._get_class_by_age_sql(alias, worked)

    @api.model
    def _get_class_by_age_sql(self, alias, worked):
        """Return the class as an SQL expression.

        :param worked: condition for the leads that somebody works on
        """
        self.flush_model(["create_date", "company_id"])
        lead = SQL.identifier(alias)
        edges = self._get_class_edges()
        fresh_from, kept_from = (self._get_edge_sql(lead, edges, place) for place in (0, 1))
        return SQL(
            "CASE WHEN %(lead)s.create_date IS NULL THEN NULL "
            "WHEN %(lead)s.create_date < %(kept)s THEN 'stale' "
            "WHEN %(lead)s.create_date >= %(fresh)s OR %(worked)s THEN 'fresh' ELSE 'urgent' END",
            lead=lead, fresh=fresh_from, kept=kept_from, worked=worked,
        )  # fmt: skip

    @api.model
    def _get_edge_sql(self, lead, edges, place):
        """Return a moment of ``_get_class_edges`` as an SQL expression: one value where all zones are the same."""
        others = [
            SQL("WHEN %s THEN %s::timestamp", company_id, moments[place])
            for company_id, moments in edges.items()
            if company_id
        ]
        shared = SQL("%s::timestamp", edges[None][place])
        if not others:
            return shared
        return SQL("CASE %s.company_id %s ELSE %s END", lead, SQL(" ").join(others), shared)

    @api.model
    @api.readonly
    def lookup_classification(self, name):
        """Return the leads whose name or contact contains a text, with their class.

        :param str name: part of the name, case does not matter
        :return: list of dicts with ``id``, ``name`` and ``classification``; empty without a hit
        :raise ValidationError: without a text
        """
        text = storable(name).strip() if isinstance(name, str) else ""
        if not text:
            raise ValidationError(self.env._("Which lead? Give a part of its name."))
        part = escape_psql(text)  # "50%" and "a_b" are texts, no patterns
        domain = Domain("name", "ilike", part) | Domain("contact_name", "ilike", part)
        leads = self.search_fetch(domain, ["name", "classification"], order="id")
        return [{"id": lead.id, "name": lead.name, "classification": lead.classification or None} for lead in leads]

    def _note_work(self):
        """Remember that the leads were worked on just now; as no change of the lead itself."""
        if self:
            self.sudo().with_context(mail_notrack=True).last_worked_on = fields.Datetime.now()
