"""Groups by person in the order of their names, at the cost of the groups and not of all rows or cells."""

from functools import cache

from odoo.tools import SQL
from odoo.tools.query import Query

PEOPLE = "res.users"  # hundreds, whose places are found in no time; there may be a million contacts


def order_groups(records, order, terms, query, order_by):
    """Return the ORDER BY of groups, the same as Odoo's.

    Odoo joins users and their partners to every row, and sorts a million rows by name to make two hundred groups of
    them. Here rows are grouped by the number of the user alone, and the groups are ordered by the place that the user
    has among all users.

    :param order: as ``_read_group_orderby`` gets it, as are ``terms`` and ``query``
    :param order_by: Odoo's own method, for what is no person
    """
    if not order:
        return order_by(order, terms, query)
    parts = [_order_by_place(records, part, terms) or order_by(part.strip(), terms, query) for part in order.split(",")]
    return SQL(", ").join(parts)


def _order_by_place(records, part, terms):
    """Return one part of the order; nothing if it is not about people."""
    term, *how = part.split()
    field = records._fields.get(term)
    if term not in terms or not field or field.type != "many2one" or field.comodel_name != PEOPLE:
        return None
    people = records.env[PEOPLE]
    inner = Query(people.env, people._table, people._table_sql)
    ids, places = SQL.identifier(inner.table, "id"), people._order_to_sql(people._order, inner)
    everybody = inner.select(SQL("array_agg(%s ORDER BY %s)", ids, places))
    return SQL("array_position((%s), %s) %s", everybody, terms[term], _read_direction(how))


def _read_direction(words):
    """Return ASC or DESC, and where what is of nobody stands."""
    known = ("ASC", "DESC", "ASC NULLS FIRST", "ASC NULLS LAST", "DESC NULLS FIRST", "DESC NULLS LAST")
    text = " ".join(words).upper()
    text = f"ASC {text}" if text.startswith("NULLS") else text or "ASC"
    if text not in known:
        raise ValueError(f"no direction: {text}")
    return SQL(text)


def word_once(formatter):
    """Return a formatter of groups that words each day and each person once.

    A graph of a year by week and person has ten thousand cells, of fifty weeks and two hundred people; Odoo words each
    cell anew, which took ten times as long as counting the rows.

    :param formatter: see Odoo's ``_web_read_group_groupby_formatter``
    """
    return cache(formatter)
