"""Leads that others took over for the time of an absence: which of them come back, and as what.

What nobody has worked on comes back as it was. Who took over may have been away as well, so that somebody else took the
lead over from them: nobody has worked on it as long as covers, and what came back from covers, are all that happened.
"""

from datetime import datetime
from itertools import pairwise

from odoo import SUPERUSER_ID

from ..names import PEOPLE_COLUMNS, SNAPSHOT_FIELDS
from .snapshots import find_existing
from .untouched import TALKED_ABOUT, WORKED_ON, Since, find_talked_about

KINDS = ("cover", "cover_return")
BACK = "back"  # key of what a row that brings a lead back keeps of it: column → value as it was
BACK_OF = "back_of"  # key of the id of the row by which the lead had gone
PUT_BACK = (*SNAPSHOT_FIELDS, "received_on")


class Covered:
    """Judges leads by the rows of the history by which others took them over; a fixed number of queries.

    :param rows: of the kind ``cover``, done
    """

    def __init__(self, rows):
        leads = rows.lead_id.exists()
        self._chains = _read_chains(rows, leads)
        last = rows.browse(chain[-1].id for chain in self._chains.values()) | rows.filtered(lambda row: not row.lead_id)
        self._talked_about = find_talked_about(rows, leads)
        self._since = Since(last, leads)
        self._existing = find_existing(rows.env, [get_columns(row) for row in rows])

    def is_over(self, row):
        """Whether the lead is back already, of this cover or of an earlier one."""
        chain = self._get_chain(row)
        earlier = {each.id for each in chain[: chain.index(row) + 1]}
        return any((each.before or {}).get(BACK_OF) in earlier for each in chain[chain.index(row) + 1 :])

    def judge(self, row):
        """Return why the lead stays where it is, see ``untouched``; nothing if it comes back."""
        chain = self._get_chain(row)
        later = chain[chain.index(row) :]
        why = self._since.judge(later[-1])
        if not why and row.lead_id.id in self._talked_about:
            return TALKED_ABOUT
        if not why and any(_is_touched_between(*pair) for pair in pairwise(later)):
            return WORKED_ON
        return why

    def describe_back(self, row):
        """Return {column: value} of what is written on the lead that comes back."""
        columns = get_columns(row)
        values = {name: columns[name] or False for name in PUT_BACK if name in columns}
        gone = {n for n, v in values.items() if v and n in self._existing and v not in self._existing[n]}
        # what is not among the columns was not changed: it was who took over already
        people = {name: row.user_id.id for name in PEOPLE_COLUMNS}
        return people | {name: False if name in gone else value for name, value in values.items()}

    def _get_chain(self, row):
        return self._chains.get(row.lead_id.id, [row])


def read_back(row):
    """Return {column: value} of what is written on the lead that a row brings back; nothing for other rows."""
    values = (row.before or {}).get(BACK) or {}
    moment = values.get("received_on")
    return {**values, "received_on": datetime.fromisoformat(moment)} if moment else values


def find_late(rows):
    """Return those of the rows that were to bring leads back whose leads are not to come back any more.

    :param rows: of the kind ``cover_return``, planned
    """
    covers = rows.browse((row.before or {}).get(BACK_OF) for row in rows).exists()
    covers = covers.filtered(lambda row: row.state == "done")
    covered = Covered(covers)
    fit = {row.id for row in covers if not covered.is_over(row) and not covered.judge(row)}
    return rows.filtered(lambda row: (row.before or {}).get(BACK_OF) not in fit)


def get_columns(row):
    """Return {column: value before} of what a row has changed of its lead."""
    return (row.before or {}).get("columns") or {}


def _read_chains(rows, leads):
    """Return {lead id: rows of covers, and of what came back, in the order in which they were carried out}."""
    done = rows.search_fetch(
        [("lead_id", "in", leads.ids), ("kind", "in", KINDS), ("state", "=", "done")],
        ["lead_id", "kind", "before", "applied_on", "user_id", "note"],
        order="applied_on, id",
    )
    return {lead.id: list(own) for lead, own in done.grouped("lead_id").items()}


def _is_touched_between(row, following):
    """Whether a person has written on the lead between two rows of its history."""
    if (row.before or {}).get(WORKED_ON):
        return True
    moment, user_id = (following.before or {}).get("touched") or (None, None)
    return bool(moment) and datetime.fromisoformat(moment) > row.applied_on and user_id not in (None, SUPERUSER_ID)
