# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""A campaign in plain words: when it runs, what it takes, how it shares, what becomes of old leads, what follows.

Each paragraph is a function of ``PARAGRAPHS`` that yields whole sentences. What is off is not named; what
is named is read from where the run reads it, so that it is true of settings that are not saved, too.
"""

from typing import NamedTuple

from odoo.tools import format_date, format_list

from ..engine.matching import NOTHING
from ..engine.zones import pick_zone
from ..finding.filter_rows import is_empty, list_lines
from ..finding.scope import get_today
from ..finding.window import get_window
from ..planning.request import PlanRequest
from ..tools.clock import format_hour, name_zone
from ..tools.labels import get_labels
from .following_words import tell_following
from .live_words import tell_availability, tell_live
from .sharing_words import tell_limits, tell_people, tell_strategy, tell_suiting

SHOWN_VALUES = 3


class People(NamedTuple):
    """Who of the active members can receive leads: how many, and why not the others: (name, reason)."""

    count: int
    left_out: list


def describe_campaign(campaign, people):
    """Return the campaign in words: one paragraph a line.

    :param campaign: saved or being edited
    :param people: see ``People``
    """
    paragraphs = (" ".join(tell(campaign, people)) for tell in PARAGRAPHS)
    return "\n".join(filter(None, paragraphs))


def _tell_schedule(campaign, _people):
    _ = campaign.env._
    if not campaign.active:
        yield _("Archived: it does not run by itself.")
        return
    yield from tell_live(campaign)
    if campaign.frequency == "manual":
        yield _("Other leads: when somebody starts a run.") if campaign.is_live else _("Runs when somebody starts it.")
        return
    when = {
        "day": campaign.run_day,
        "minutes": round(campaign.run_hour * 60) % 60,
        "time": format_hour(campaign.env, campaign.run_hour),
        "weekday": get_labels(campaign, "run_weekday").get(campaign.run_weekday or "0"),
        "zone": name_zone(pick_zone(campaign.tz)),
    }
    frequency = campaign.frequency
    if frequency == "hourly":
        yield (
            _("Runs every hour, %(minutes)s minutes past.", minutes=when["minutes"])
            if when["minutes"]
            else _("Runs every hour, on the hour.")
        )
    elif frequency == "daily":
        yield _("Runs every day at %(time)s (%(zone)s).", **when)
    elif frequency == "weekly":
        yield _("Runs every week on %(weekday)s at %(time)s (%(zone)s).", **when)
    elif campaign.run_day > 28:
        yield _("Runs every month on day %(day)s, or the last day there is, at %(time)s (%(zone)s).", **when)
    else:
        yield _("Runs every month on day %(day)s at %(time)s (%(zone)s).", **when)
    if campaign.plan_only:
        yield _("It stops at the plan: somebody looks at it and applies it.")


def _tell_taken(campaign, _people):
    yield _tell_whose(campaign)
    yield from _tell_window(campaign)
    yield from _tell_wanted(campaign)


def _tell_whose(campaign):
    _, kind = campaign.env._, campaign.lead_type
    if campaign.pool_mode != "pools":
        return {
            "lead": _("Takes leads, whoever has them."),
            "opportunity": _("Takes opportunities, whoever has them."),
            "both": _("Takes leads and opportunities, whoever has them."),
        }.get(kind, "")
    if not campaign.pool_ids:
        return _("Takes nothing: it does not say whose leads.")
    whose = "; ".join(filter(None, map(_name_pool, campaign.pool_ids)))
    return {
        "lead": _("Takes leads: %s.", whose),
        "opportunity": _("Takes opportunities: %s.", whose),
        "both": _("Takes leads and opportunities: %s.", whose),
    }.get(kind, "")


def _name_pool(pool):
    """Return whose leads a pool takes: “those of active members (Call back; at most 30 days old)”."""
    _ = pool.env._
    members_left = _("those of members who are inactive or left")
    if pool.include_former_users:
        members_left = _("those of members who are inactive, and of everybody who left")
    whose = {
        "unassigned": _("nobody's"),
        "active_member": _("those of active members"),
        "inactive_member": members_left,
    }.get(pool.holder, "")
    limits = [", ".join(pool.status_ids.mapped("name"))]
    if pool.max_age_days:
        limits.append(_count(pool.max_age_days, _("at most 1 day old"), _("at most %s days old")))
    limits = "; ".join(filter(None, limits))
    return _("%(whose)s (%(limits)s)", whose=whose, limits=limits) if limits else whose


def _tell_window(campaign):
    """Say from which days leads are taken; by the dates that a run would look at now."""
    _ = campaign.env._
    first, last = get_window(campaign, PlanRequest())
    if not (first or last):
        return
    today = get_today(campaign)
    if campaign.custom_date_from or campaign.custom_date_to:
        dates = {"first": format_date(campaign.env, first), "last": format_date(campaign.env, last)}
        if first and last:
            yield _("Only those dated from %(first)s to %(last)s.", **dates)
        else:
            yield (
                _("Only those dated %s or later.", dates["first"])
                if first
                else _("Only those dated %s or earlier.", dates["last"])
            )
    else:
        yield _tell_days(_, (today - first).days if first else None, (today - last).days if last else 0)
    if campaign.window_field_id:
        yield _("Their date is “%s”.", campaign.window_field_id.field_description)


def _tell_days(_, oldest, newest):
    """Return the window in words.

    :param oldest: so many days ago is the first day; None: any
    :param newest: so many days ago is the last day
    """
    if oldest is None:
        return _count(newest - 1, _("Only those older than 1 day."), _("Only those older than %s days."))
    if oldest < newest:
        return _("The window is empty: no lead can be in it.")
    if newest <= 0:
        if not oldest:
            return _("Only those of today.")
        return _count(oldest, _("Only those of today and yesterday."), _("Only those of today and the %s days before."))
    if newest == 1:
        return _count(oldest, _("Only those of yesterday."), _("Only those of the last %s days, without today."))
    return _("Only those that are %(newest)s to %(oldest)s days old.", newest=newest, oldest=oldest)


def _tell_wanted(campaign):
    """Say what a lead must have."""
    _, env = campaign.env._, campaign.env
    rows = _list_rows(campaign.filter_ids, "include")
    if rows:
        yield _("Only those that fit: %s.", "; ".join(map(_name_row, rows)))
    if campaign.required_field_ids:
        names = format_list(env, campaign.required_field_ids.mapped("field_description"))
        yield _("Only those with a value in: %s.", names)
    if campaign.use_priority:
        yield _name_priorities(campaign)
    if campaign.exclude_assigned:
        yield _("Only those nobody has.")
    if campaign.protect_activities and campaign.exclude_without_activity:
        yield _("Only those with an activity.")
    if campaign.own_domain and campaign.own_domain.strip() not in ("", "[]"):
        yield _("Only those that pass the own filter.")


def _name_priorities(campaign):
    names = list(get_labels(campaign.env["crm.lead"], "priority").values())
    if campaign.priority_min > len(names):
        return campaign.env._("Only priority 5, which no lead has.")
    low, high = (names[min(max(p, 1), len(names)) - 1] for p in (campaign.priority_min, campaign.priority_max))
    return campaign.env._("Only priorities from %(low)s to %(high)s.", low=low, high=high)


def _tell_exceptions(campaign, _people):
    _ = campaign.env._
    exceptions = [*_list_exceptions(campaign), *map(_name_row, _list_rows(campaign.filter_ids, "exclude"))]
    if exceptions:
        yield _("Except: %s.", "; ".join(exceptions))


def _list_exceptions(campaign):
    """Yield what is left out, each a phrase of its own in a list."""
    _, env = campaign.env._, campaign.env
    if names_do_not_call(campaign):
        yield _("do not call")
    if campaign.use_sales_filter:
        yield _("customers with an opportunity")
    if campaign.exclude_closed:
        yield _("won, lost and cancelled ones")
    if campaign.protect_activities:
        yield (
            _("those with an activity that is planned, or overdue for at most %s days", campaign.activity_days)
            if campaign.activity_days > 1
            else _("those with an activity that is planned or overdue since yesterday")
            if campaign.activity_days
            else _("those with an activity that is planned")
        )
    if campaign.protected_user_ids:
        yield _("those of %s", format_list(env, campaign.protected_user_ids.mapped("name")))
    if campaign.exclude_inactive_users:
        yield _("those of people who are inactive or left")
    if campaign.exclude_weekends:
        yield _("those of Saturdays and Sundays")
    if campaign.exclude_holidays:
        yield _("those of public holidays")


def names_do_not_call(campaign):
    """Whether any lead can count as not to be called."""
    rows = _list_rows(campaign.dnc_filter_ids, None)
    by_lists = campaign.dnc_by_category or campaign.dnc_email_blacklist or campaign.dnc_phone_blacklist
    return bool(campaign.use_dnc and (by_lists or any(set(list_lines(row)) - {NOTHING} for row in rows)))


def _list_rows(rows, kind):
    """Return the rows in use of a kind, None: of any."""
    return rows.filtered(lambda row: row.active and not is_empty(row) and kind in (None, row.kind))


def _name_row(row):
    """Return what a filter row asks for: “Source: facebook, google and 2 more”."""
    lines = [line for line in list_lines(row) if line != NOTHING]
    values = ", ".join(lines[:SHOWN_VALUES])
    if len(lines) > SHOWN_VALUES:
        values = row.env._("%(values)s and %(count)s more", values=values, count=len(lines) - SHOWN_VALUES)
    return row.env._("%(field)s: %(values)s", field=row.field_id.field_description, values=values)


def _tell_sharing(campaign, people):
    yield tell_strategy(campaign, people.count)
    yield from tell_limits(campaign)
    yield from tell_suiting(campaign)
    yield from tell_availability(campaign)
    yield from tell_people(campaign, people.left_out)


def _tell_old_leads(campaign, _people):
    _ = campaign.env._
    if not campaign.use_dropback:
        return
    users = campaign.dropback_rule_ids.user_id.filtered("active")
    if not campaign.dropback_threshold_ids:
        yield _("No lead drops back: no age is named.")
    elif not users:
        yield _("Old leads are left alone: nobody is named to get them.")
    else:
        ages = format_list(campaign.env, [*map(_name_age, campaign.dropback_threshold_ids)], style="or")
        names = format_list(campaign.env, users.mapped("name"), style="or")
        yield (
            _("Those older than %(ages)s go to %(names)s.", ages=ages, names=names)
            if len(users) == 1
            else _("Those older than %(ages)s go to %(names)s, by their web source.", ages=ages, names=names)
        )


def _name_age(threshold):
    _, days = threshold.env._, threshold.days
    if threshold.business_days:
        age = _count(days, _("1 working day"), _("%s working days"))
    else:
        age = _count(days, _("1 day"), _("%s days"))
    return _("%s (under a condition)", age) if (threshold.conditions_text or "").strip() else age


def _tell_written(campaign, _people):
    _ = campaign.env._
    if campaign.status_reset_id:
        yield _("Their status becomes “%s”.", campaign.status_reset_id.name)
    if campaign.team_id:
        yield _("Their team becomes “%s”.", campaign.team_id.name)


def _count(number, one, many):
    """Return the words for one, or for many with the number in their place."""
    return one if number == 1 else many % number


PARAGRAPHS = (
    _tell_schedule, _tell_taken, _tell_exceptions, _tell_sharing, _tell_old_leads, _tell_written, tell_following,
)  # fmt: skip
