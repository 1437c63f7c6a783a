"""Leads whose customer has an opportunity already.

What makes a lead and an opportunity those of one customer is a list of keys. A key is a function of two
table aliases, the lead's and the opportunity's; it returns an SQL condition that begins with an equation of
one expression of each side, which lets PostgreSQL look all leads up in one pass (a hash anti join).
"""

import json

from odoo.fields import Domain
from odoo.tools import SQL

from .content import BLANKS

MOST_LISTED = 100_000  # lines of a list of leads
OTHER = SQL.identifier("opportunity")
LONGEST_EMAIL = 320
COMMERCIAL = "commercial_partner_id"  # no column of leads: who pays for the contact

# as an index has them: Odoo's own indexes of these columns are for parts of texts, and slow for whole ones
READABLE = SQL("left(email_normalized::text, %s)", SQL(str(LONGEST_EMAIL)))
DIGITS = SQL(r"left(regexp_replace(phone::text, '\D', '', 'g'), 40)")
DIGITS_INDEX = f"({DIGITS.code}) WHERE type = 'opportunity' AND phone IS NOT NULL"
# Odoo brings e-mails that it can read into a normal form; those it cannot are compared as they are written
UNREADABLE = SQL("left(lower(btrim(email_from, %s)), %s)", BLANKS, SQL(str(LONGEST_EMAIL)))
UNREADABLE_INDEX = (
    f"({UNREADABLE.code}) WHERE type = 'opportunity' AND email_normalized IS NULL AND email_from IS NOT NULL"
)
EMAIL_FIELDS = ("email_from", "email_normalized")
PHONE_FIELDS = ("phone", "phone_sanitized")


def match_contact(mine="partner_id", other="partner_id"):
    """Return the key of equal contacts.

    :param mine: the lead's field, of contacts
    :param other: the opportunity's
    """
    return lambda lead, opportunity: SQL("%s = %s", _contact(lead, mine), _contact(opportunity, other))


def match_email():
    """Return the keys of equal e-mails: those that Odoo can read, and the others as they are written."""
    return [
        lambda lead, opportunity: SQL(
            "%s = %s",
            _of_table(lead, READABLE, "email_normalized"),
            _of_table(opportunity, READABLE, "email_normalized"),
        ),
        lambda lead, opportunity: SQL(
            "CASE WHEN %(lead)s.email_normalized IS NULL THEN nullif(%(mine)s, '') END = %(other)s "
            "AND %(opportunity)s.email_normalized IS NULL AND %(opportunity)s.email_from IS NOT NULL",
            lead=lead,
            opportunity=opportunity,
            mine=_of_table(lead, UNREADABLE, "email_from"),
            other=_of_table(opportunity, UNREADABLE, "email_from"),
        ),
    ]


def match_text(mine, other):
    """Return the key of equal texts, trimmed and without case."""
    return lambda lead, opportunity: SQL("%s = %s", _trimmed(lead, mine), _trimmed(opportunity, other))


def match_digits(mine="phone", other="phone"):
    """Return the key of phones with the same digits."""
    return lambda lead, opportunity: SQL(
        "nullif(%s, '') = %s AND %s IS NOT NULL",
        _of_table(lead, DIGITS, "phone", mine),
        _of_table(opportunity, DIGITS, "phone", other),
        _column(opportunity, other),
    )


def match_company(key):
    """Return a key that fits only within one company; what has none is of each."""
    return lambda lead, opportunity: SQL(
        "%(fits)s AND (%(lead)s.company_id IS NULL OR %(opportunity)s.company_id IS NULL "
        "OR %(lead)s.company_id = %(opportunity)s.company_id)",
        fits=key(lead, opportunity),
        lead=lead,
        opportunity=opportunity,
    )


def _column(table, name):
    return SQL("%s.%s", table, SQL.identifier(name))


def _of_table(table, expression, name, used=None):
    """Return an expression of a column for a table; ``used``: for another column."""
    return SQL(expression.code.replace(name, "%s"), _column(table, used or name))


def _contact(table, name):
    if name == COMMERCIAL:
        return SQL("(SELECT p.commercial_partner_id FROM res_partner AS p WHERE p.id = %s.partner_id)", table)
    return _column(table, name)


def _trimmed(table, name):
    return SQL("nullif(lower(btrim(%s, %s)), '')", _column(table, name), BLANKS)


class Customers:
    """The leads of customers who have an opportunity that counts, as a domain, as counts, as a list.

    :param leads: crm.lead, with the rights and the context to look with
    :param keys: see the module; one that fits is enough
    :param counts: SQL condition for the opportunities that count, whose table is ``opportunity``
    :param names: the lead's fields that keys and condition look at
    :param may_be_itself: whether what is looked at may be opportunities, too; without, PostgreSQL
        may look the opportunities up once for all leads
    """

    def __init__(self, leads, keys, counts, names, may_be_itself=True):
        self.leads, self.keys, self.counts, self.names = leads, keys, counts, names
        self.may_be_itself = may_be_itself

    def get_domain(self):
        """Return the Domain of the leads whose customer has no opportunity that counts."""
        return Domain.AND(Domain.custom(to_sql=self._make_condition(key)) for key in self.keys)

    def _make_condition(self, key):
        def to_sql(model, alias, query):
            self._flush()
            mine = SQL.identifier(alias)
            return SQL(
                "NOT EXISTS (SELECT 1 FROM crm_lead AS opportunity WHERE %s AND %s%s)",
                self.counts,
                key(mine, OTHER),
                SQL(" AND opportunity.id <> %s.id", mine) if self.may_be_itself else SQL(),
            )

        return to_sql

    def _flush(self):
        self.leads.flush_model([name for name in self.names if name != COMMERCIAL])
        if COMMERCIAL in self.names:
            self.leads.env["res.partner"].flush_model([COMMERCIAL])

    def count_by_stage(self, looked_at, alike):
        """Return {id of a stage, or None: number of leads that leave because of an opportunity in it}.

        :param looked_at: Domain of the leads
        :param alike: {id of a stage: id of the one that it counts as}
        """
        stage = SQL("(%s::jsonb ->> opportunity.stage_id::text)::int", json.dumps(alike))
        return dict(self._join(looked_at, SQL("%s, count(DISTINCT mine.id)", stage), SQL("GROUP BY 1")))

    def list(self, looked_at):
        """Return the leads that leave, each with its newest opportunity: (lead id, opportunity id), by id."""
        return self._join(
            looked_at,
            SQL("DISTINCT ON (mine.id) mine.id, opportunity.id"),
            SQL("ORDER BY mine.id, opportunity.id DESC LIMIT %s", MOST_LISTED),
        )

    def _join(self, looked_at, columns, rest):
        query = self.leads._search(looked_at & ~self.get_domain())
        if query.is_empty():
            return []
        mine = SQL.identifier("mine")
        return self.leads.env.execute_query(
            SQL(
                # found once: with outdated statistics PostgreSQL would look for them again for each pair
                "WITH found AS MATERIALIZED %s SELECT %s FROM found JOIN crm_lead AS mine ON mine.id = found.id "
                "JOIN crm_lead AS opportunity ON %s AND opportunity.id <> mine.id AND (%s) %s",
                query.subselect(),
                columns,
                self.counts,
                SQL(" OR ").join(SQL("(%s)", key(mine, OTHER)) for key in self.keys),
                rest,
            )
        )
