"""A lead that comes has the date of whoever made it: where that is, it may be tomorrow already."""

from datetime import timedelta

from ..finding.scope import get_today
from ..finding.window import get_date_field, get_window
from ..planning.request import PlanRequest


def look_until_tomorrow(campaign):
    """Return what leads that come are looked at by: a window of dates that ends today ends tomorrow.

    Websites and mail gateways count by UTC: in the evening of New York their leads are of tomorrow. A run finds
    these the next day; who comes now is not to be turned away for that.
    """
    first, last = get_window(campaign, PlanRequest())
    if last != get_today(campaign) or get_date_field(campaign).type != "date":
        return PlanRequest()
    return PlanRequest(date_from=first and str(first), date_to=str(last + timedelta(days=1)))
