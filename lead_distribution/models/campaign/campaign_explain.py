from odoo import models
from odoo.tools import SQL

from ...finding.funnel import get_step_sql
from ...names import DROPPED
from ...planning.request import PlanRequest

# the lead's fields that a step looks at, for the value that decided
FIELDS_OF_STEP = {
    "type": ("type", "active", "company_id"),
    "dnc": ("lead_status_id", "tag_ids", "email_normalized", "phone_sanitized"),
    "sales": ("partner_id", "email_from", "phone"),
    DROPPED: ("source_date",),
    "dropback": ("source_date", "holder_id", "lead_status_id"),
    "web_source": ("source_id",),
    "campaign": ("campaign_id",),
    "excluded_user": ("holder_id",),
    "no_holder": ("holder_id",),
    "holder_status": ("holder_id", "lead_status_id", "source_date"),
    "closed": ("lead_status_id",),
    "status": ("lead_status_id",),
    "tags": ("tag_ids",),
    "priority": ("priority",),
    "assigned": ("holder_id",),
    "inactive_user": ("holder_id",),
    "activity": ("activity_date_deadline",),
}


class LeadDistributionCampaign(models.Model):
    """Why not this lead: the steps of finding, one by one, for a single lead."""

    _inherit = "lead.distribution.campaign"

    def _explain_lead(self, lead):
        """Return every step for one lead: dicts of ``step``, ``name``, ``passes`` and ``value``.

        The same conditions as in a run, evaluated by the same database, in one statement.
        """
        self.ensure_one()
        self._check_manager()
        lead.check_access("read")
        campaign = self.sudo()
        base = campaign._get_base_steps()
        steps = [*base, *campaign._get_filter_steps(PlanRequest())]
        leads = campaign._get_finding_leads().with_context(active_test=False)
        query = leads._search([("id", "=", lead.id)])
        columns = [SQL("(%s) IS TRUE", get_step_sql(leads, domain, query)) for _step, domain in steps]
        [row] = self.env.execute_query(query.select(*columns))
        names = self._get_step_names()
        return [
            {
                "step": step,
                "name": names.get(step, step),
                "passes": passes,
                "value": campaign._describe_value(lead.sudo(), step),
            }
            for (step, _domain), passes in zip(steps, row, strict=True)
        ]

    def _get_base_steps(self):
        """Return type and window as steps; a run does not count the leads outside of them."""
        everything = self._get_base_domain(PlanRequest())
        of_type = self._get_type_domain()
        return [("type", of_type), ("date", everything)]

    def _describe_value(self, lead, step):
        """Return what the lead has in the fields that a step looks at."""
        names = FIELDS_OF_STEP.get(step, (step,) if step in lead._fields else ())
        if step == "required_fields":
            names = self.required_field_ids.mapped("name")
        elif step == "date":
            names = (self._get_date_name(),)
        values = []
        for name in names:
            field, value = lead._fields[name], lead[name]
            if field.relational:
                value = ", ".join(value.mapped("display_name"))
            elif field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            label = field._description_string(self.env)
            values.append(f"{label}: {value or self.env._('none')}")
        return "; ".join(values)

    def _get_refused_ids(self, step, request, limit=10_000):
        """Return the ids of the leads that a step is the first to refuse now; at most ``limit``."""
        self.ensure_one()
        reached = self._get_base_domain(request)
        for name, domain in self._get_filter_steps(request):
            if name == step:
                return self._get_finding_leads().search(reached & ~domain, order="id", limit=limit).ids
            reached &= domain
        return []
