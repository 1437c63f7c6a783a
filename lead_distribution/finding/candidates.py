"""What comes of looking for leads: those that planning takes over, and what became of the others."""

from dataclasses import dataclass, field
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from .funnel import list_conditions

AT_ONCE = 10_000  # rows that are turned into candidates at a time


class Candidate(NamedTuple):
    """Only what decides; what a history row keeps of the lead is read again when the plan is stored.

    ``facts`` are the values of the columns that the campaign's rules ask for, in their order.
    """

    id: int
    user_id: int | None
    open_user_id: int | None
    priority: str | None
    source_date: object
    facts: tuple = ()

    @property
    def holder_id(self):
        """The id of who has the lead: its opener, else its salesperson."""
        return self.open_user_id or self.user_id

    def read_facts(self, names):
        """Return {column: value} of all that is known of the lead.

        :param names: of the values in ``facts``
        """
        return dict(zip((*OWN_COLUMNS, *names), (*self[:-1], *self.facts), strict=True))


OWN_COLUMNS = Candidate._fields[:-1]


@dataclass
class Found:
    """What a campaign found.

    ``window``: first and last date that counted, None is an open side; ``base``: the leads that walked through
    the steps; ``outside``: those of the campaign's that did not.
    """

    window: tuple = (None, None)
    base: Domain = Domain.FALSE
    outside: dict = field(default_factory=dict)  # key of a base step → leads that it keeps out
    candidates: list = field(default_factory=list)  # of Candidate, by id
    excluded: dict = field(default_factory=dict)  # key of a step → leads that it is the first to refuse
    to_drop_back: list = field(default_factory=list)  # of Candidate
    refused: dict = field(default_factory=dict)  # lead id → key of the first step that refuses it, of leads sorted out
    sales_by_stage: dict = field(default_factory=dict)
    sales_list: list = field(default_factory=list)  # of the leads that left for an opportunity: cells of a file
    warnings: list = field(default_factory=list)

    def count(self):
        """Return how many leads walked through the steps."""
        return len(self.candidates) + len(self.to_drop_back) + sum(self.excluded.values())


def fetch_candidates(leads, domain, fact_names=(), order="id", limit=None):
    """Return the candidates among leads, in one statement.

    There may be a million: no second copy of them is made, and equal values are kept once.

    :param leads: crm.lead, with the rights and the context to look with
    :param fact_names: stored fields of leads, see ``Candidate.facts``
    """
    query = leads._search(domain, order=order, limit=limit)
    if query.is_empty():
        return []
    columns = [leads._field_to_sql(leads._table, name, query) for name in (*OWN_COLUMNS, *fact_names)]
    statement = query.select(*columns)
    leads.env.flush_query(statement)
    leads.env.cr.execute(statement)
    candidates, kept, kept_facts = [], {None: None}, {}
    make, keep = Candidate._make, kept.setdefault
    while rows := leads.env.cr.fetchmany(AT_ONCE):
        candidates += [
            make((lead_id, keep(user, user), keep(opener, opener), keep(priority, priority), keep(date, date),
                  _keep(tuple(facts), kept_facts) if facts else ()))
            for lead_id, user, opener, priority, date, *facts in rows
        ]  # fmt: skip
    return candidates


def sort_candidates(leads, lead_ids, steps, fact_names=()):
    """Return [(key of the first step that refuses a lead, or None; the lead as a candidate)], in one statement.

    :param leads: crm.lead, with the rights and the context to look with
    :param steps: list of ``Step`` with their domains
    :param fact_names: stored fields of leads, see ``Candidate.facts``
    """
    query = leads.with_context(active_test=False)._search([("id", "in", list(lead_ids))], order="id")
    columns = [leads._field_to_sql(leads._table, name, query) for name in (*OWN_COLUMNS, *fact_names)]
    cases = [
        SQL("WHEN (%s) IS NOT TRUE THEN %s", condition, step.key)
        for step, condition in zip(steps, list_conditions(leads, steps, query), strict=True)
    ]
    rows = leads.env.execute_query(query.select(SQL("CASE %s END", SQL(" ").join(cases)), *columns))
    own = len(OWN_COLUMNS)
    return [(key, Candidate(*values[:own], tuple(values[own:]))) for key, *values in rows]


def _keep(facts, kept):
    """Return the same tuple for equal facts."""
    try:
        return kept.setdefault(facts, facts)
    except TypeError:  # a value that is a list or a dict
        return facts
