"""Who hears of a campaign: only people who can log in and may read it."""

from odoo.fields import Domain

from ..names import MANAGERS
from ..work.system import as_system


def find_manager(users, company):
    """Return the first active sales manager of a company, of any without one; nobody where there is none.

    :param users: res.users with the rights to look
    """
    group = users.env.ref(MANAGERS)
    domain = Domain("all_group_ids", "in", group.ids) & Domain("share", "=", False) & Domain("active", "=", True)
    if company:
        domain &= Domain("company_ids", "in", company.ids)
    return users.search(domain, order="id", limit=1)


def find_responsible(user, company):
    """Return who is responsible for what a user makes: the user, or a sales manager in the place of the system's."""
    if user.active and not user.share:
        return user
    return find_manager(as_system(user.env["res.users"]), company)  # the user need not see the other ones


def can_read(user, campaign):
    """Return whether a message about the campaign reaches somebody."""
    if not user.active or user.share:
        return False
    companies = as_system(user).company_ids  # those of the reader, not those that both have
    if campaign.company_id and campaign.company_id not in companies:
        return False
    return campaign.with_user(user).with_context(allowed_company_ids=companies.ids).has_access("read")


def get_responsible(campaign):
    """Return who hears of the campaign: the responsible, else a sales manager of the company, else nobody.

    Somebody who cannot log in any more, or lost the company, reads nothing.
    """
    campaign.ensure_one()
    if campaign.user_id and can_read(campaign.user_id, campaign):
        return campaign.user_id
    # who caused the message need not see the other users
    manager = find_manager(as_system(campaign.env["res.users"]), campaign.company_id)
    return manager if manager and can_read(manager, campaign) else manager.browse()


def get_report_users(campaign):
    """Return whom reports go to by e-mail: those who are named, else the responsible."""
    readers = campaign.report_user_ids.filtered(lambda user: can_read(user, campaign)) or get_responsible(campaign)
    return readers.filtered("email")
