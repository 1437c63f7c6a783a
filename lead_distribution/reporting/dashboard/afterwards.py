# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What became of leads after they were handed out, on the dashboard: deadlines, and who had to give leads back."""

from odoo.fields import Domain

from ..afterwards import DECLINED, DONE, OFTEN_MOVED, TAKEN_BACK, is_empty
from ..deadlines import DUE_TODAY, ENDED, LATE
from .opening import open_assignments, open_records
from .parts import show_figure

PEOPLE = 12  # in the table; those who are late come first
REASONS = 8
OF_LEADS = ("changed_hands_often",)  # sums of leads, each once, however often it changed hands; others are of rows


def show_deadlines(env, ended, figures, due, *, is_shown):
    """Return the figures of deadlines, where there are any.

    :param ended: domain of the assignments of the period whose deadlines were kept or missed
    :param figures: see ``get_afterwards``
    :param due: of leads, see ``get_due_domain``
    """
    if is_empty(figures) and not is_shown:
        return []
    _ = env._
    opened, late = open_assignments(ended, _("Deadlines")), open_leads(due & LATE, _("Late"))
    count = figures["deadlines_kept"] + figures["deadlines_missed"]
    detail = _("%(kept)s of %(count)s", kept=figures["deadlines_kept"], count=count) if count else None
    return [
        show_figure(
            "kept", _("Kept in time"), figures["kept_in_time"], opened,
            better="up", format_name="percent", detail=detail,
        ),
        show_figure("late", _("Late now"), figures["late_now"], late, better="down"),
    ]  # fmt: skip


def show_own_deadlines(env, domain, figures, due):
    """Return the same for one person, and what is due today."""
    tiles = show_deadlines(env, domain & DONE & ENDED, figures, due, is_shown=False)
    today = open_leads(due & DUE_TODAY, env._("Due today"))
    return [*tiles, show_figure("due_today", env._("Due today"), figures["due_today"], today)] if tiles else []


def show_afterwards(env, domain, ended, figures, due, *, is_shown):
    """Return the card: sums, who is late and who gave leads back, and why; nothing where there is none.

    :param domain: of assignments of the period
    :param ended: of those whose deadlines count, and were kept or missed
    """
    if is_empty(figures) and not is_shown:
        return None
    return {
        "sums": _list_sums(env, domain, figures),
        "people": [_show_person(env, domain, ended, person, due) for person in figures["salespeople"][:PEOPLE]],
        "reasons": _list_reasons(env, domain, figures["decline_reasons"]),
    }


def open_leads(domain, name):
    return open_records("crm.lead", domain, name)


def _list_sums(env, domain, figures):
    _ = env._
    named = {
        "taken_back": (_("Taken back"), DONE & Domain("kind", "=", "take_back"), None),
        "declined": (_("Declined"), DECLINED, figures["decline_rate"]),
        "pulled": (_("Pulled"), DONE & Domain("kind", "=", "pull"), None),
        "covered": (_("Covered"), DONE & Domain("kind", "=", "cover"), None),
        "back_from_cover": (_("Back from cover"), DONE & Domain("kind", "=", "cover_return"), None),
        "handed_over": (_("Handed over"), DONE & Domain("kind", "=", "handover"), None),
        "changed_hands_often": (
            _("Changed hands more than twice"), OFTEN_MOVED, figures["changed_hands_often_rate"],
        ),
    }  # fmt: skip
    sums = [
        {"key": key, "name": name, "count": figures[key], "rate": rate, "open": open_assignments(domain & rows, name)}
        for key, (name, rows, rate) in named.items()
    ]
    for each in sums:
        if each["key"] in OF_LEADS:
            moved = Domain("assignment_ids", "any", domain & named[each["key"]][1])
            each["open"] = open_leads(moved & Domain("active", "in", [True, False]), each["name"])
    return sums


def _show_person(env, domain, ended, person, due):
    _, user = env._, Domain("user_id", "=", person["id"] or False)
    opened = {
        "late_now": open_leads(due & LATE & Domain("holder_id", "=", person["id"] or False), person["name"]),
        "declined": open_assignments(domain & DECLINED & user, person["name"]),
        "taken_back": open_assignments(
            domain & TAKEN_BACK & Domain("previous_user_id", "=", person["id"] or False), person["name"]
        ),
    }
    return {
        **person,
        "open": open_assignments(ended & user, person["name"]),
        "opened": opened,
    }


def _list_reasons(env, domain, reasons):
    none = env._("None")
    return [
        {
            "name": env._("No reason") if reason == none else reason,
            "count": count,
            "open": open_assignments(
                domain & DECLINED & Domain("decline_reason", "=", False if reason == none else reason), reason
            ),
        }
        for reason, count in list(reasons.items())[:REASONS]
    ]
