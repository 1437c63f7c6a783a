"""Whose leads a campaign takes: the holder of a lead is its opener, or, without one, its salesperson."""

from odoo.fields import Domain

from . import dates
from .scope import get_today


def get_holder_domain(campaign):
    """Return the leads that are held by the right people for one of the pools; None: all are taken."""
    if campaign.pool_mode != "pools":
        return None
    return Domain.OR(map(_get_one_holder_domain, campaign.pool_ids))


def get_pool_domain(campaign):
    """Return the leads that one of the pools takes, by holder, status and age; None: all are taken."""
    if campaign.pool_mode != "pools":
        return None
    return Domain.OR(
        _get_one_holder_domain(pool) & _get_status_domain(pool) & _get_age_domain(pool) for pool in campaign.pool_ids
    )


def get_unprotected_domain(campaign):
    """Return the leads that nobody holds whose leads stay where they are; None: there are no such people."""
    protected = campaign.protected_user_ids
    return Domain("holder_id", "not in", protected.ids) if protected else None


def get_unassigned_domain(campaign):
    """Return the leads that nobody holds; None: assigned ones are taken, too."""
    return Domain("holder_id", "=", False) if campaign.exclude_assigned else None


def get_working_holder_domain(campaign):
    """Return the leads whose holder is neither an archived user nor an inactive member; None: all are taken."""
    if not campaign.exclude_inactive_users:
        return None
    _working, gone = _list_members(campaign)
    return Domain("holder_id", "not in", (gone | _list_former_users(campaign.env)).ids)


def _get_one_holder_domain(pool):
    if pool.holder == "unassigned":
        return Domain("holder_id", "=", False)
    working, gone = _list_members(pool.campaign_id)
    if pool.holder == "active_member":
        return Domain("holder_id", "in", working.ids)
    if pool.include_former_users:
        # the former users' leads are few: the database looks from the users' side
        gone |= _list_former_users(pool.env)
    return Domain("holder_id", "in", gone.ids)


def _list_members(campaign):
    """Return the users of the active members, and of those who are inactive or left."""
    members = campaign.sudo().with_context(active_test=False).member_ids  # whoever starts the run
    working = members.filtered(lambda m: m.active and m.user_id.active)
    return working.user_id, (members - working).user_id


def _list_former_users(env):
    return env["res.users"].sudo().with_context(active_test=False).search([("active", "=", False)])  # as members


def _get_status_domain(pool):
    return Domain("lead_status_id", "in", pool.status_ids.ids) if pool.status_ids else Domain.TRUE


def _get_age_domain(pool):
    if not pool.max_age_days:
        return Domain.TRUE
    return Domain("source_date", ">=", dates.days_before(get_today(pool.campaign_id), pool.max_age_days))
