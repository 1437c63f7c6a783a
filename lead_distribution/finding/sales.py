# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""A lead whose customer already has an opportunity is not handed out."""

import logging

from psycopg2 import DatabaseError
from psycopg2.errors import QueryCanceled

from odoo.tools import SQL, mute_logger, split_every

from ..engine.matching import read_lines
from ..names import ROWS_AT_ONCE
from . import customers, dates
from .choosable import get_chosen
from .languages import find_named
from .scope import get_leads, get_today

_logger = logging.getLogger(__name__)

# settings of the campaign → the lead's field where they are empty
COMPARED_FIELDS = {
    "sales_partner_field_id": "partner_id",
    "sales_opportunity_partner_field_id": "partner_id",
    "sales_email_field_id": "email_from",
    "sales_opportunity_email_field_id": "email_from",
    "sales_phone_field_id": "phone",
    "sales_opportunity_phone_field_id": "phone",
}
# the cells of ``list_leaving`` that are about the customer
OWN_CELLS = (1, 2, 3, 4, 7)
# those of the table crm_lead that cannot be compared by their contact
NO_CONTACT = SQL("crm_lead.partner_id IS NULL")


def get_new_customer_domain(campaign):
    """Return the leads whose customer has no opportunity that counts, or None where that does not matter."""
    return get_customers(campaign).get_domain() if campaign.use_sales_filter else None


def get_customers(campaign):
    """Return the leads whose customer has an opportunity that counts, see ``Customers``."""
    compared = {setting: _get_name(campaign, setting, usual) for setting, usual in COMPARED_FIELDS.items()}
    names = {"partner_id", "email_normalized", "type", "stage_id", "active", "company_id", _get_date_name(campaign)}
    return customers.Customers(
        get_leads(campaign),
        _list_keys(campaign, *compared.values()),
        get_opportunity_sql(campaign),
        names | set(compared.values()),
        may_be_itself=campaign.lead_type != "lead",
    )


def can_read_opportunities(campaign):
    """Whether the database can evaluate the conditions; if not, the run goes on without them."""
    try:
        with campaign.env.cr.savepoint(), mute_logger("odoo.sql_db"):
            condition = get_opportunity_sql(campaign)
            campaign.env.execute_query(SQL("SELECT 1 FROM crm_lead AS opportunity WHERE %s LIMIT 1", condition))
    except QueryCanceled:
        raise  # it took too long: that is no matter of reading
    except DatabaseError:
        _logger.warning("Lead distribution: campaign %s cannot read the opportunities", campaign.id, exc_info=True)
        return False
    return True


def get_opportunity_sql(campaign):
    """Return the condition for the opportunities that count; their table is ``opportunity``."""
    conditions = [SQL("opportunity.type = 'opportunity'")]
    if company := campaign.company_id:  # companies stay apart; without one, see ``_list_keys``
        conditions.append(SQL("(opportunity.company_id IS NULL OR opportunity.company_id = %s)", company.id))
    if campaign.sales_active_only:
        conditions.append(SQL("opportunity.active"))
    stage = SQL("opportunity.stage_id")
    if ignored := find_stages(campaign.env, campaign.sales_exclude_stages):
        conditions.append(SQL("(%s IS NULL OR %s NOT IN %s)", stage, stage, tuple(ignored)))
    if read_lines(campaign.sales_include_stages):
        counted = find_stages(campaign.env, campaign.sales_include_stages)
        conditions.append(SQL("%s IN %s", stage, tuple(counted or [0])))
    if campaign.sales_days:
        date_field = campaign.env["crm.lead"]._fields[_get_date_name(campaign)]
        first = dates.days_before(get_today(campaign), campaign.sales_days)
        if date_field.type == "datetime":
            first = dates.day_start(first, campaign.tz)
        date = SQL("opportunity.%s", SQL.identifier(date_field.name))
        conditions.append(SQL("(%s IS NULL OR %s >= %s)", date, date, first))
    return SQL(" AND ").join(conditions)


def find_stages(env, text):
    """Return the ids of the stages named in a text, whole names without case, in any language."""
    return find_named(env, "crm.stage", read_lines(text))


def tell_without_contact(campaign, count):
    """Return the warnings about leads that could not be compared by their contact."""
    if not count:
        return []
    _, by_rest = campaign.env._, campaign.sales_match_email or campaign.sales_match_phone
    if count == 1 and by_rest:
        return [_("1 lead has no contact: it was compared with opportunities by the rest.")]
    if count == 1:
        return [_("1 lead has no contact: it could not be compared with opportunities.")]
    if by_rest:
        return [_("%s leads have no contact: they were compared with opportunities by the rest.", count)]
    return [_("%s leads have no contact: they could not be compared with opportunities.", count)]


def count_by_stage(campaign, looked_at):
    """Return {stage name: number of leads that left because of an opportunity in it}.

    :param looked_at: the leads that reach this step
    """
    stages = campaign.env["crm.stage"].sudo().search_fetch([("name", "!=", False)], ["name"])  # names only
    first = {stage.name: stage.id for stage in reversed(stages)}
    alike = {stage.id: first[stage.name] for stage in stages}  # each team may have its own of a name
    counts = get_customers(campaign).count_by_stage(looked_at, alike)
    names = {stage_id: name for name, stage_id in first.items()}
    return {names.get(stage_id) or campaign.env._("No stage"): count for stage_id, count in counts.items()}


def list_leaving(campaign, looked_at):
    """Return the leads that left because of an opportunity, each with the newest one: cells as in ``get_header``.

    :param looked_at: the leads that reach this step
    """
    pairs = get_customers(campaign).list(looked_at)
    leads = get_leads(campaign).with_context(active_test=False)
    rows = []
    for part in split_every(ROWS_AT_ONCE, pairs, list):
        mine, others = (leads.browse(ids) for ids in zip(*part, strict=True))
        rows += [
            (lead.id, lead.name, lead.partner_id.name or "", lead.email_from or "", lead.phone or "",
             lead.holder_id.name or "", other.id, other.name, other.stage_id.name or "")
            for lead, other in zip(mine, others, strict=True)
        ]  # fmt: skip
        leads.invalidate_model()
    return rows


def get_header(env):
    """Return the heading of each column of ``list_leaving``."""
    _ = env._
    return (
        _("Lead number"), _("Lead"), _("Contact"), _("Email"), _("Phone"), _("Salesperson"), _("Opportunity number"),
        _("Opportunity"), _("Stage"),
    )  # fmt: skip


def _list_keys(campaign, partner, other_partner, email, other_email, phone, other_phone):
    """Return what must be equal on lead and opportunity, see ``customers``."""
    keys = [customers.match_contact(partner, other_partner)]
    if campaign.sales_match_email and {email, other_email} <= set(customers.EMAIL_FIELDS):
        keys += customers.match_email()
    elif campaign.sales_match_email:
        keys.append(customers.match_text(email, other_email))
    if campaign.sales_match_phone:
        keys.append(customers.match_digits(phone, other_phone))
    return keys if campaign.company_id else [customers.match_company(key) for key in keys]


def _get_date_name(campaign):
    return _get_name(campaign, "sales_date_field_id", "date_open")


def _get_name(campaign, setting, usual):
    [field] = get_chosen(campaign, setting, usual)
    return field.name
