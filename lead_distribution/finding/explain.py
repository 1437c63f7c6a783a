"""Why not this lead: the steps of finding, one by one, for a single lead."""

from odoo.tools import SQL

from .funnel import list_conditions
from .scope import get_leads
from .steps import list_base_steps, work_out


def explain_lead(campaign, lead, request, steps):
    """Return what each step says of one lead: dicts of ``step``, ``name``, ``passes``, and the lead's ``value``.

    The same conditions as in a run, evaluated by the same database, in one statement.

    :param request: a ``PlanRequest``
    :param steps: list of ``Step`` after the window
    """
    steps = [*list_base_steps(campaign, request), *work_out(steps, campaign)]
    leads = get_leads(campaign).with_context(active_test=False)
    query = leads._search([("id", "=", lead.id)])
    columns = [SQL("(%s) IS TRUE", condition) for condition in list_conditions(leads, steps, query)]
    [row] = campaign.env.execute_query(query.select(*columns))
    return [
        {"step": step.key, "name": step.words, "passes": passes, "value": _describe_values(lead, step.fields)}
        for step, passes in zip(steps, row, strict=True)
    ]


def _describe_values(lead, names):
    """Return what the lead has in some fields, in words."""
    values = []
    for name in names:
        field, value = lead._fields[name], lead[name]
        if field.relational:
            value = ", ".join(value.mapped("display_name"))
        elif field.type == "selection":
            value = dict(field._description_selection(lead.env)).get(value)
        values.append(f"{field._description_string(lead.env)}: {value or lead.env._('none')}")
    return "; ".join(values)
