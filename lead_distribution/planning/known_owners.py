"""Who knows a customer: the member who last had a lead or deal of the same customer."""

from odoo.tools import SQL

from ..finding import dates
from ..finding.contact_keys import EMAIL_KEY
from ..finding.scope import get_today

# by what a customer is known, as the columns are indexed
CUSTOMER_KEYS = {
    "partner_id": SQL("l.partner_id"),
    "email_normalized": EMAIL_KEY,
    "phone_sanitized": SQL("l.phone_sanitized"),
}
FOREVER = 36_500  # days: however long ago it was


def find_known_owners(campaign, lead_ids, users):
    """Return {lead id: user id} of who knows the customers of some leads.

    Leads of any age, state and type count, lost and archived ones, too: who spoke to the
    customer is known. The leads that are to be handed out say nothing. One query.

    :param users: who takes part
    """
    return _find(campaign, users, lead_ids, {name: _get_wanted_sql(name, lead_ids) for name in CUSTOMER_KEYS})


def find_known_owner(campaign, facts, users):
    """Return the id of who knows the customer of a lead that is not in the database, or None.

    :param facts: values of the lead by the names of ``CUSTOMER_KEYS``
    """
    wanted = {name: _get_typed_sql(name, facts, campaign.company_id.id) for name in CUSTOMER_KEYS}
    return _find(campaign, users, [], wanted).get(0)


def _find(campaign, users, lead_ids, wanted):
    campaign.env["crm.lead"].flush_model()
    first = dates.days_before(get_today(campaign), campaign.known_owner_days or FOREVER)
    since = dates.day_start(first, campaign.tz)
    branches = [_get_known_sql(CUSTOMER_KEYS[name], leads, users, lead_ids, since) for name, leads in wanted.items()]
    rows = campaign.env.execute_query(
        SQL(
            "SELECT DISTINCT ON (id) id, holder_id FROM (%s) AS known ORDER BY id, last DESC, other DESC",
            SQL(" UNION ALL ").join(SQL("(%s)", branch) for branch in branches),
        )
    )
    return dict(rows)


def _get_known_sql(value, wanted, users, lead_ids, since):
    """Return the leads known by one key: of each value, only who had it last matters."""
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
        users=users.ids,
        ids=list(lead_ids),
        since=since,
    )


def _get_wanted_sql(name, lead_ids):
    return SQL(
        "SELECT l.id, %(value)s AS value, l.company_id FROM crm_lead l WHERE l.id = ANY(%(ids)s) "
        "AND %(value)s IS NOT NULL AND (%(value)s)::text <> ''",
        value=CUSTOMER_KEYS[name],
        ids=list(lead_ids),
    )


def _get_typed_sql(name, facts, company_id):
    kind = SQL("integer") if name == "partner_id" else SQL("text")
    value = facts.get(name) or None
    return SQL("SELECT 0 AS id, %s::%s AS value, %s::integer AS company_id", value, kind, company_id or None)
