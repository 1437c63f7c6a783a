"""Which leads are looked at: those of the type, the company, and a window of days."""

from odoo.fields import Date, Domain

from . import dates
from .dropback import get_threshold_domain
from .scope import get_company_domain, get_leads, get_today, get_type_domain


def get_date_field(campaign):
    """Return the lead's field from which its age counts."""
    return campaign.env["crm.lead"]._fields[campaign.window_field_id.name or "source_date"]


def get_window(campaign, request):
    """Return the first and the last date that count; None is an open side.

    The old edge is inside, the new edge is outside; own dates replace the day counts, both included.

    :param request: a ``PlanRequest``, whose dates replace the window
    """
    if request.date_from or request.date_to:
        return Date.to_date(request.date_from) or None, Date.to_date(request.date_to) or None
    if not campaign.use_window:
        return None, None
    if campaign.custom_date_from or campaign.custom_date_to:
        return campaign.custom_date_from or None, campaign.custom_date_to or None
    today = get_today(campaign)
    return (
        dates.days_before(today, campaign.younger_than_days),
        dates.days_before(today, campaign.older_than_days + 1),
    )


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
