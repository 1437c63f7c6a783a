"""Which leads are looked at: those of the type, the company, and a window of days."""

from odoo.fields import Date, Domain
from odoo.tools.misc import format_date

from ..names import WINDOWS
from . import dates
from .choosable import get_chosen
from .dropback import get_threshold_domain
from .scope import get_company_domain, get_leads, get_today, get_type_domain


def get_date_field(campaign):
    """Return the lead's field from which its age counts."""
    [field] = get_chosen(campaign, "window_field_id", "source_date")
    return field


def get_window(campaign, request):
    """Return the first and the last date that count; None is an open side.

    The old edge is inside, the new edge is outside; own dates replace the day counts, both included.

    :param request: a ``PlanRequest``, whose dates replace the window
    """
    if is_window_left_aside(request):
        return None, None
    if request.date_from or request.date_to:
        return Date.to_date(request.date_from) or None, Date.to_date(request.date_to) or None
    if not campaign.use_window:
        return None, None
    if campaign.custom_date_from or campaign.custom_date_to:
        return campaign.custom_date_from or None, campaign.custom_date_to or None
    today, newest = get_today(campaign), campaign.older_than_days
    first = dates.days_before(today, campaign.younger_than_days)
    return first, dates.days_before(today, newest if takes_today(campaign.include_today, newest) else newest + 1)


def takes_today(include_today, older_than_days):
    """Return whether a window of days ends with today: it is wanted, and the window does not end earlier."""
    return include_today and not older_than_days


def is_empty(include_today, older_than_days, younger_than_days):
    """Return whether no lead can be in a window of days."""
    return younger_than_days <= older_than_days and not takes_today(include_today, older_than_days)


def describe_window(env, window):
    """Return the dates of a window in words, see ``get_window``."""
    first, last = (day and format_date(env, day) for day in window)
    if first and last:
        return env._("%(first)s to %(last)s", first=first, last=last)
    if first:
        return env._("since %s", first)
    return env._("until %s", last) if last else env._("any date")


def get_window_values(preset):
    """Return the fields of a campaign that a choice of window sets."""
    if preset not in WINDOWS:
        return {"use_window": preset != "any_age"} if preset else {}
    values = dict(zip(("include_today", "older_than_days", "younger_than_days"), WINDOWS[preset], strict=True))
    return {"use_window": True, **values, "custom_date_from": False, "custom_date_to": False}


def is_window_left_aside(request):
    """Whether the date of the named leads does not count, see ``PlanRequest.override``."""
    return "date" in (request.override or ())


def get_whole_domain(campaign, request):
    """Return the leads of the campaign's type and company, whatever their date; of named ones only these."""
    domain = get_type_domain(campaign) & Domain("active", "=", True) & get_company_domain(campaign)
    if request.lead_ids is not None:
        domain &= Domain("id", "in", list(request.lead_ids))
    return domain


def get_base_domain(campaign, request, window=None):
    """Return the leads that walk through the steps: the whole of them in the window.

    With dropback on, also leads beyond the old edge of the window, if they are past an age.

    :param window: see ``get_window``, where it is known already
    """
    domain = get_whole_domain(campaign, request)
    if is_window_left_aside(request):
        return domain
    date_field = get_date_field(campaign)
    first, last = window or get_window(campaign, request)
    if first or last:
        domain &= Domain(date_field.name, "!=", False)
    if first:
        too_old = get_threshold_domain(campaign)
        old_edge = dates.since(date_field, first, campaign.tz)
        domain &= old_edge if too_old is None else old_edge | too_old
    if last:
        domain &= dates.until(date_field, last, campaign.tz)
    return domain & _get_weekday_domain(campaign, date_field)


def count_beyond(campaign, found):
    """Return how many leads beyond the old edge of the window were looked at: those past an age of dropback.

    :param found: see ``candidates.Found``
    """
    first, _last = found.window
    if not first or get_threshold_domain(campaign) is None:
        return 0
    beyond = dates.before(get_date_field(campaign), first, campaign.tz)
    return get_leads(campaign).search_count(found.base & beyond)


def count_outside(campaign, request, found):
    """Return {key of a base step: leads that it keeps out}, so that every lead is accounted for; one statement.

    :param found: see ``candidates.Found``
    """
    looked_at = found.count()
    whole = get_whole_domain(campaign, request)
    count = get_leads(campaign).search_count(whole) if found.base != whole else looked_at
    outside = {"date": count - looked_at}
    if request.lead_ids is not None:
        outside["type"] = len(set(request.lead_ids)) - count  # deleted in the meantime, too
    return {key: number for key, number in outside.items() if number}


def _get_weekday_domain(campaign, date_field):
    """Return the leads whose date is no Saturday, Sunday or public holiday, as wanted; no date is none of these."""
    name, unwanted = date_field.name, []
    if campaign.exclude_weekends:
        unwanted.append(Domain(f"{name}.day_of_week", "in", [0, 6]))
    for first, last in _list_public_holidays(campaign) if campaign.exclude_holidays else ():
        unwanted.append(dates.since(date_field, first, campaign.tz) & dates.until(date_field, last, campaign.tz))
    return Domain(name, "=", False) | ~Domain.OR(unwanted) if unwanted else Domain.TRUE


def _list_public_holidays(campaign):
    """Return the public holidays of the company's calendar: (first, last) date, in the zone of their calendar."""
    company = campaign.company_id or campaign.env.company
    calendar = company.sudo().resource_calendar_id  # calendars are for people of Human Resources
    domain = Domain("resource_id", "=", False) & Domain("company_id", "in", (company.id, False))
    domain &= Domain("calendar_id", "in", (calendar.id, False))
    leaves = campaign.env["resource.calendar.leaves"].sudo().search(domain)  # as calendars
    return [
        dates.touched_days(leave.date_from, leave.date_to, leave.calendar_id.tz or calendar.tz or campaign.tz)
        for leave in leaves
    ]
