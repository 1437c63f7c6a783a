"""Which rule an old lead's web source belongs to, and which leads are where they would go."""

from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL, OrderedSet

from ..engine.dropback import find_rule
from .filter_rows import list_names

KEPT = "dropback_kept"  # alias of the table of those that stay


class Held(NamedTuple):
    """Leads that are alike for dropback: who has them (or None), and the values in their source fields."""

    holder_id: int | None
    sources: tuple


class SourceRouter:
    """Finds the rule for what leads have in their source fields.

    :param leads: crm.lead, with the rights and the context to look with
    :param names: the lead's source fields, the first one first; char, selection or many2one
    :param rules: list of ``engine.dropback.SourceRule``
    :param fit: function of texts; returns {rule key: those that one of its patterns fits}
    :param default: key of the rule for all others, or None
    :param envs: an environment for each language in which texts are compared
    """

    def __init__(self, leads, names, rules, fit, default, envs):
        self.leads, self.names, self.rules = leads, names, rules
        self.fit, self.default, self.envs = fit, default, envs

    def read_sources(self, lead_ids):
        """Return ({lead id: its values in the source fields}, {lead id: id of its company, or None}), in one query."""
        query = self.leads._search([("id", "in", lead_ids)])
        if query.is_empty():
            return {}, {}
        columns = [SQL("crm_lead.id"), self.leads._field_to_sql("crm_lead", "company_id", query)]
        rows = self.leads.env.execute_query(query.select(*columns, *self._get_columns(query)))
        sources = {lead_id: tuple(values) for lead_id, _company_id, *values in rows}
        return sources, {lead_id: company_id for lead_id, company_id, *_values in rows}

    def list_holders(self, domain):
        """Return which holders and sources there are, list of ``Held``, in one query."""
        query = self.leads._search(domain)
        if query.is_empty():
            return []
        columns = [self.leads._field_to_sql("crm_lead", "holder_id", query), *self._get_columns(query)]
        rows = self.leads.env.execute_query(SQL("SELECT DISTINCT * FROM %s AS held", query.subselect(*columns)))
        return [Held(holder_id, tuple(sources)) for holder_id, *sources in rows]

    def _get_columns(self, query):
        return [self.leads._field_to_sql("crm_lead", name, query) for name in self.names]

    def route(self, sources):
        """Return {sources: key of their rule, or None}; sources that are equal are decided once.

        :param sources: iterable of tuples, the values in the source fields
        """
        wanted = list(dict.fromkeys(sources))
        labels = [self._label(name, OrderedSet(row[n] for row in wanted)) for n, name in enumerate(self.names)]
        texts = {row: [known[value] for known, value in zip(labels, row, strict=True)] for row in wanted}
        fitting = self.fit({text for fields in texts.values() for field in fields for text in field})
        return {row: find_rule(self.rules, fields, fitting) or self.default for row, fields in texts.items()}

    def _label(self, name, values):
        """Return {value: texts under which it may be named}: a selection's key and labels, a record's names."""
        field = self.leads._fields[name]
        if field.type == "selection":
            choices = [dict(field._description_selection(env)) for env in self.envs]
            return {v: self._texts(v, *(labels.get(v) for labels in choices)) for v in values}
        if field.relational:
            records = self.leads.env[field.comodel_name].browse(value for value in values if value)
            # names count for a run whoever starts it
            views = [list_names(records.with_env(env).sudo().with_context(active_test=False)) for env in self.envs]
            named = {
                record_id: self._texts(*(text for names in same for text in names))
                for record_id, *same in zip(records.ids, *views, strict=True)
            }
            return {value: named.get(value, ()) for value in values}
        return {value: self._texts(value) for value in values}

    @staticmethod
    def _texts(*texts):
        return tuple(dict.fromkeys(text for text in texts if text and text.strip()))

    def keep(self, kept):
        """Return the Domain of the leads that have one of these holders and values; texts may be long and many.

        :param kept: list of ``Held``
        """
        if not kept:
            return Domain.FALSE
        columns = [[held.holder_id or 0 for held in kept]]
        by_field = zip(*(held.sources for held in kept), strict=True)
        columns += [["" if value is None else str(value) for value in values] for values in by_field]
        kinds = [SQL("int[]"), *(SQL("text[]") for _name in self.names)]
        names = [SQL.identifier(f"value_{place}") for place in range(len(columns))]
        table = SQL(
            "(SELECT DISTINCT * FROM unnest(%s) AS kept (%s))",
            SQL(", ").join(SQL("%s::%s", column, kind) for column, kind in zip(columns, kinds, strict=True)),
            SQL(", ").join(names),
        )

        def to_sql(model, alias, query):
            mine = [SQL("coalesce(%s, 0)", model._field_to_sql(alias, "holder_id", query))]
            mine += [SQL("coalesce(%s::text, '')", model._field_to_sql(alias, name, query)) for name in self.names]
            equal = [SQL("%s = %s.%s", own, SQL.identifier(KEPT), name) for own, name in zip(mine, names, strict=True)]
            query.add_join("LEFT JOIN", KEPT, table, SQL(" AND ").join(equal))
            return SQL("%s.value_0 IS NOT NULL", SQL.identifier(KEPT))

        return Domain.custom(to_sql=to_sql)
