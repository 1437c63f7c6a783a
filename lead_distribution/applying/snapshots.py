"""What a lead was like before it was handed out, column by column, and putting that back."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from functools import partial

from odoo.tools import SQL

# what a run writes on leads, and the company that follows from it
WRITTEN = (
    "user_id", "open_user_id", "closer_id", "holder_id", "team_id", "lead_status_id", "priority", "company_id",
    "distribution_campaign_id", "distributed_on", "received_on",
)  # fmt: skip
# what Odoo and this addon write along with it, without a compute method
ALONG = ("date_open", "date_closed", "date_last_stage_update", "last_worked_on", "status_closed_on")
WATCHED = ("active",)  # of interest after the write, not to be put back
TOUCHED = ("write_date", "write_uid")


def get_names(env):
    """Return the columns of a lead that may be others after it was handed out, in a fixed order.

    Those that a run writes, and all stored ones that are computed from them, of whatever addon.
    """
    fields = env["crm.lead"]._fields
    names = dict.fromkeys((*WRITTEN, *ALONG))
    for name in WRITTEN:
        for field in env.registry.get_dependent_fields(fields[name]):
            if field.model_name == "crm.lead":
                names[field.name] = None
    return [n for n in names if fields[n].store and fields[n].column_type]


class Snapshot:
    """The columns of some leads before a write, in one statement. ``moment``: a time after they were locked."""

    def __init__(self, leads):
        self.env = leads.env
        self.names = get_names(leads.env)
        self._before = self._read(leads)
        self.moment = max((row[-1] for row in self._before.values()), default=leads.env.cr.now())

    def _read(self, leads):
        leads.env.flush_all()
        columns = SQL(", ").join(SQL.identifier(name) for name in (*self.names, *TOUCHED, *WATCHED))
        rows = self.env.execute_query(
            SQL(
                "SELECT id, %s, clock_timestamp() AT TIME ZONE 'UTC' FROM crm_lead WHERE id = ANY(%s)",
                columns,
                leads.ids,
            )
        )
        return {row[0]: row[1:] for row in rows}

    def compare(self, leads):
        """Look at the leads again: return ({lead id: what it lost}, {lead id: {column: value now}}).

        What is lost are the values of changed columns as JSON takes them, and ``touched``: when and by
        whom the lead was last written before. A lead that is missing from both does not exist any more.
        """
        lost, now = {}, {}
        watched = len(self.names) + len(TOUCHED)
        for lead_id, after in self._read(leads).items():
            before = self._before[lead_id]
            columns = {
                name: _to_json(old)
                for name, old, new in zip(self.names, before, after, strict=False)  # what is watched comes after
                if old != new
            }
            touched = [_to_json(value) for value in before[len(self.names) : watched]]
            lost[lead_id] = {"columns": columns, "touched": touched}
            now[lead_id] = dict(zip((*self.names, *TOUCHED, *WATCHED), after, strict=False))
        return lost, now


def _to_json(value):
    return value.isoformat() if isinstance(value, (datetime, date)) else value


def put_back(leads, columns_of, existing):
    """Write the kept columns of leads as they were, with one statement; the ORM would work some out anew.

    :param columns_of: {lead id: {column: value}}
    :param existing: {many2one field: ids that still exist}; others are emptied
    """
    names = sorted({name for columns in columns_of.values() for name in columns} & set(get_names(leads.env)))
    if not names:
        return
    leads.env.flush_all()
    known = partial(_only_existing, existing=existing)
    kept = {lead_id: json.dumps({n: known(n, v) for n, v in values.items()}) for lead_id, values in columns_of.items()}
    columns = [SQL.identifier(name) for name in names]
    leads.env.cr.execute(
        SQL(
            "UPDATE crm_lead l SET (%(columns)s) = ROW(%(values)s) "
            "FROM unnest(%(ids)s, %(kept)s::jsonb[]) AS k(id, kept), "
            "jsonb_populate_record(NULL::crm_lead, k.kept) AS r "
            "WHERE l.id = k.id",
            columns=SQL(", ").join(columns),
            values=SQL(", ").join(
                SQL("CASE WHEN k.kept ? %s THEN r.%s ELSE l.%s END", name, column, column)
                for name, column in zip(names, columns, strict=True)
            ),
            ids=list(kept),
            kept=list(kept.values()),
        )
    )
    leads.invalidate_recordset(names, flush=False)


def _only_existing(name, value, existing):
    return None if name in existing and value not in existing[name] else value


def find_existing(env, columns_of: Iterable[dict]):
    """Return {many2one field: ids that still exist} for the values of kept columns."""
    fields, wanted = env["crm.lead"]._fields, {}
    for columns in columns_of:
        for name, value in columns.items():
            if value and name in fields and fields[name].type == "many2one":
                wanted.setdefault(name, set()).add(value)
    return {name: set(env[fields[name].comodel_name].browse(ids).exists().ids) for name, ids in wanted.items()}
