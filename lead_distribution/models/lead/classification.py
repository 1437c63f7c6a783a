from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from ...finding.classification import get_class, get_class_edges, get_class_sql
from ...finding.statuses import get_work_domain, is_work
from ...names import LEAD_CLASSES
from ...tools.group_order import order_groups
from ...tools.storable import storable


class LeadClass(fields.Selection):
    """The class of a lead: no column, but worked out by the database wherever it is asked for."""

    def to_sql(self, model, alias):
        return get_class_sql(model, alias)


class CrmLead(models.Model):
    """Fresh, urgent or stale, by age and by whether somebody works on the lead.

    The rule is in ``finding.classification``. Computed by the database when it is read, so it is
    always right without a nightly job, and can be filtered, grouped and sorted by.
    """

    _inherit = "crm.lead"

    classification = LeadClass(
        LEAD_CLASSES,
        compute="_compute_classification",
        search="_search_classification",
        help="Fresh: new, or being worked on. Urgent: not new any more, and nobody has worked on it. "
        "Stale: too old. The limits are in the settings. Leads that are not open have none.",
    )
    is_open = fields.Boolean(
        string="Open",
        compute="_compute_is_open",
        search="_search_is_open",
        help="Still somebody's work: neither won, lost nor cancelled, and it may be called.",
    )
    last_worked_on = fields.Datetime(
        readonly=True,
        copy=False,
        help="When somebody last changed the status or did an activity, or its salesperson wrote a message.",
        string="Last worked on",
    )
    is_worked = fields.Boolean(
        compute="_compute_is_worked",
        help="Somebody has worked on the lead since it was last handed out.",
        string="Worked on",
    )

    @api.depends("last_worked_on", "distributed_on")
    def _compute_is_worked(self):
        for lead in self:
            since = lead.distributed_on
            lead.is_worked = bool(lead.last_worked_on and (not since or lead.last_worked_on > since))

    @api.depends("lead_status_id.category", "won_status")
    def _compute_is_open(self):
        for lead in self:
            lead.is_open = is_work(lead)

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = get_work_domain(self.env)
        return domain if True in value else ~domain

    @api.depends("create_date", "is_worked", "company_id", "is_open")
    def _compute_classification(self):
        edges = get_class_edges(self.env)
        for lead in self:
            lead.classification = lead.is_open and get_class(lead, edges)

    def _search_classification(self, operator, value):
        if operator != "in":
            return NotImplemented
        wanted = [name for name in value if name]

        def to_sql(model, alias, query):
            expression = get_class_sql(model, alias)
            condition = SQL("%s IN %s", expression, tuple(wanted)) if wanted else SQL("FALSE")
            return SQL("(%s OR %s IS NULL)", condition, expression) if False in value else condition

        return Domain.custom(to_sql=to_sql)

    def _read_group_orderby(self, order, groupby_terms, query):
        return order_groups(self, order, groupby_terms, query, super()._read_group_orderby)

    @api.model
    @api.readonly
    def lookup_classification(self, name):
        """Return the leads whose name or contact contains a text, with their class: closed ones, too.

        Who asks for a lead by its name wants to know how old and how much worked on it is, whatever came of it;
        lists and filters have a class of open leads only.

        :param str name: part of the name, case does not matter
        :return: list of dicts with ``id``, ``name`` and ``classification``; empty without a hit
        :raise ValidationError: without a text
        """
        text = storable(name).strip() if isinstance(name, str) else ""
        if not text:
            raise ValidationError(self.env._("Which lead? Give a part of its name."))
        part = escape_psql(text)  # "50%" and "a_b" are texts, no patterns
        domain = Domain("name", "ilike", part) | Domain("contact_name", "ilike", part)
        leads = self.search_fetch(domain, ["name", "create_date", "company_id", "is_worked"], order="id")
        edges = get_class_edges(self.env)
        return [{"id": lead.id, "name": lead.name, "classification": get_class(lead, edges) or None} for lead in leads]
