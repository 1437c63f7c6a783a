"""Absences that were entered, and pauses: a statement each for everybody."""

from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ...engine.presence import join

FOREVER = None


class Away(NamedTuple):
    """A time in which somebody receives nothing; ``start`` and ``end`` in UTC, no ``end``: until further notice."""

    kind: str
    start: object
    end: object
    reason: str = ""


def find_absences(users, first, last):
    """Return {user id: list of ``Away``} of the absences that touch a time.

    :param users: res.users, of an environment with full rights
    """
    domain = Domain("user_id", "in", users.ids) & Domain("date_to", ">", first) & Domain("date_from", "<", last)
    found = {}
    absences = users.env["lead.distribution.absence"]
    for absence in absences.search_fetch(domain, ["user_id", "date_from", "date_to", "reason"], order="id"):
        away = Away("absence", absence.date_from, absence.date_to, absence.reason or "")
        found.setdefault(absence.user_id.id, []).append(away)
    return found


def find_pauses(users, at):
    """Return {user id: ``Away``} of the pauses that are not over; read as they are in the database."""
    users.env["lead.distribution.presence"].flush_model()
    rows = users.env.execute_query(
        SQL(
            "SELECT user_id, paused_since, paused_until, pause_reason FROM lead_distribution_presence "
            "WHERE user_id = ANY(%s) AND paused_since IS NOT NULL AND (paused_until IS NULL OR paused_until > %s)",
            users.ids,
            at,
        )
    )
    return {user_id: Away("pause", since, until, reason or "") for user_id, since, until, reason in rows}


def get_spans(aways, horizon):
    """Return the times as spans; what has no end, or a later one, ends at the horizon."""
    return join((away.start, away.end if away.end and away.end < horizon else horizon) for away in aways)
