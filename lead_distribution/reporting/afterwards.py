"""What became of leads after they were handed out: kept in time, taken back, declined, pulled, covered, handed over.

Worked out here for the dashboard and for all reports. A deadline, and a lead that was declined, belong to the
day on which the lead was handed out; what goes on to somebody else, to the day on which it did.
"""

from collections import Counter

from odoo.fields import Domain

from ..engine.figures import percentage
from ..engine.names import name_key
from ..names import AFTERWARDS, OFTEN, TIMED
from .deadlines import Kept, add_kept, count_due, count_kept, get_due_domain
from .first_touch import get_hours_to_action
from .periods import get_company_domain
from .totals import OF_APPLIED, get_applied_domain

STAYED = Domain("state", "=", "done")
TIMED_ROWS = STAYED & Domain("kind", "in", TIMED)
DONE = STAYED & OF_APPLIED  # what stayed when its run was reverted counts nowhere
DECLINED = DONE & Domain("declined_on", "!=", False)
TAKEN_BACK = DONE & Domain("kind", "=", "take_back")
OFTEN_MOVED = DONE & Domain("handed_on", ">=", OFTEN)
GONE_ON = tuple(kind for kind in AFTERWARDS if kind != "pull")  # kinds of rows of leads that had been handed out before
KEYS = {  # origin of a run → key of what it gave
    "take_back": "taken_back",
    "pull": "pulled",
    "cover": "covered",
    "cover_return": "back_from_cover",
    "handover": "handed_over",
}
MOST_REASONS = 20


def get_afterwards(
    env, domain, given, due_domain, *, also_kept=Domain.FALSE, hours=None, by=("user_id", "campaign_id", "source_id")
):
    """Return the figures of a period; a fixed number of queries.

    :param env: with full rights, and the companies of the user
    :param domain: of assignments, see ``periods.get_domain``
    :param given: {origin of runs: leads that they gave}, see ``totals.count_by_origin``
    :param due_domain: of leads, see ``deadlines.get_due_domain``
    :param also_kept: assignments besides whose deadlines count, see ``deadlines.get_taken_over_domain``
    :param hours: to the first action, where they are known already
    :param by: fields by which kept deadlines are told; each costs time where there are very many
    """
    hours = hours or get_working_hours(env, domain)
    kept = count_kept(env, domain & STAYED & get_applied_domain(env), by)
    if not also_kept.is_false():
        add_kept(kept, count_kept(env, also_kept & STAYED & get_applied_domain(env), by))
    late, due_today = count_due(env, due_domain)
    declined, reasons = _count_declined(env, domain)
    taken = dict(
        env["lead.distribution.assignment"]._read_group(domain & TAKEN_BACK, ["previous_user_id"], ["__count"])
    )
    often = _count_often(env, domain)
    handed_out = sum(given.values()) - sum(given.get(origin, 0) for origin in GONE_ON)
    return {
        **_tell_kept(kept[None]),
        "due_today": due_today,
        "late_now": late.total(),
        "median_working_hours_to_first_action": hours["median_working_hours"],
        "p90_working_hours_to_first_action": hours["p90_working_hours"],
        **{key: given.get(origin, 0) for origin, key in KEYS.items()},
        "declined": declined.total(),
        "decline_rate": _get_share(declined.total(), sum(given.values())),
        "changed_hands_often": often,
        "changed_hands_often_rate": _get_share(often, max(often, handed_out)),
        "decline_reasons": dict(reasons.most_common(MOST_REASONS)),
        "salespeople": _list_people(kept.get("user_id", {}), late, declined, taken),
        "campaigns": _list_kept(env, kept.get("campaign_id", {})),
        "sources": _list_kept(env, kept.get("source_id", {})),
    }


def get_working_hours(env, domain):
    """Return median and 90 % of the working hours to the first action; see ``first_touch.get_hours_to_action``."""
    timed = domain & TIMED_ROWS & get_applied_domain(env)
    return get_hours_to_action(env, timed, ("working_hours",))


def get_timed_domain():
    """Return the assignments whose first action counts in times, as the index of the times has it."""
    return TIMED_ROWS & OF_APPLIED


def get_own_afterwards(user, domain, times):
    """Return the same figures of one person.

    :param user: with full rights, and the companies of the reader
    :param domain: of assignments in a period
    :param times: see ``first_touch.get_waiting_times``
    """
    env, rows = user.env, user.env["lead.distribution.assignment"]
    late, due_today = count_due(env, get_due_domain(env, user=user))
    own = domain & Domain("user_id", "=", user.id)
    came = dict(rows._read_group(own & DONE & Domain("kind", "in", AFTERWARDS), ["kind"], ["__count"]))
    declined, _reasons = _count_declined(env, own)
    return {
        **_tell_kept(count_kept(env, own & DONE, [])[None]),
        "due_today": due_today,
        "late_now": late.total(),
        "p90_working_hours_to_first_action": times["p90_working_hours"],
        **{key: came.get(origin, 0) for origin, key in KEYS.items()},
        "taken_back": rows.search_count(domain & TAKEN_BACK & Domain("previous_user_id", "=", user.id)),
        "declined": declined.total(),
    }


def is_empty(figures):
    """Return whether there is nothing to tell of what came after the hand-out."""
    counts = ("deadlines_kept", "deadlines_missed", "due_today", "late_now", "declined", *KEYS.values())
    return not any(figures[key] for key in counts)


def _tell_kept(kept):
    return {"deadlines_kept": kept.kept, "deadlines_missed": kept.missed, "kept_in_time": kept.rate}


def _get_share(count, total):
    return percentage(count, total, 1) if total else None


def _count_declined(env, domain):
    """Return (Counter of users, Counter of reasons) of leads that were declined; one query."""
    people, reasons = Counter(), Counter()
    groups = env["lead.distribution.assignment"]._read_group(
        domain & DECLINED, ["user_id", "decline_reason"], ["__count"]
    )
    for user, reason, count in groups:
        people[user] += count
        reasons[reason or env._("None")] += count
    return people, reasons


def _count_often(env, domain):
    """Return how many leads have changed hands more than twice by now, of those that a list of leads shows."""
    rows = env["lead.distribution.assignment"]
    # what a campaign of all companies has handed out is of none, its leads are not
    shown = Domain("lead_id", "any", get_company_domain(env))
    [(count,)] = rows._read_group(domain & OFTEN_MOVED & shown, [], ["lead_id:count_distinct"])
    return count


def _list_people(kept, late, declined, taken):
    """Return the figures of everybody of whom there is something to tell: who missed most comes first."""
    people = [
        {
            "id": user.id or None,
            "name": user.name or "?",
            **_tell_kept(kept.get(user, Kept())),
            "late_now": late.get(user, 0),
            "declined": declined.get(user, 0),
            "taken_back": taken.get(user, 0),
        }
        for user in {*kept, *late, *declined, *taken}
    ]
    return sorted(
        people, key=lambda person: (-person["late_now"], -person["deadlines_missed"], name_key(person["name"]))
    )


def _list_kept(env, kept):
    return [{"name": record.display_name or env._("None"), **_tell_kept(each)} for record, each in kept.items()]
