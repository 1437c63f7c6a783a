"""Leads on which somebody has planned something are left alone."""

from odoo.fields import Domain

from . import dates
from .scope import get_today


def get_activity_domain(campaign):
    """A lead passes when its next deadline is long enough ago, or it has none; any later one protects it.

    None: activities do not count.
    """
    if not campaign.protect_activities:
        return None
    limit = dates.days_before(get_today(campaign), campaign.activity_days)
    # the next deadline is the earliest, so one activity before the limit is enough
    overdue = Domain("activity_ids.date_deadline", "<", limit)
    if campaign.exclude_without_activity:
        return overdue
    # done activities are archived, and are no deadline
    return overdue | Domain("activity_ids", "not any", [("active", "=", True)])
