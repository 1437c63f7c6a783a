"""Who may have leads: who can log in, works on leads and for the company. One rule, in values, domain and SQL."""

from odoo.fields import Domain
from odoo.tools import SQL

from ..names import SALESPEOPLE

ARCHIVED, NO_LEADS, OTHER_COMPANY = "archived", "no_leads", "other_company"


def find_unfit(user, company):
    """Return what keeps a user from having leads of a company: the first of the words above, or None.

    :param company: none: of any
    """
    if not user.active:
        return ARCHIVED
    if not has_leads(user):
        return NO_LEADS
    return None if works_for(user, company) else OTHER_COMPANY


def has_leads(user):
    """Whether a user works on leads; portal users never do, as the group is one of those of the house."""
    return user.has_group(SALESPEOPLE)


def works_for(user, companies):
    """Whether a user works for all of these companies; for none, everybody does."""
    return companies <= user.sudo().company_ids  # not for everybody to read, nor to tell


def find_strangers(users):
    """Return those of some users who work for none of the companies that the caller works in now."""
    companies = users.env.companies
    return users.sudo().filtered(lambda user: not user.company_ids & companies)  # as ``works_for``


def get_salespeople_domain(env):
    """Return the active users who work on leads, for whatever company."""
    return Domain("active", "=", True) & Domain("all_group_ids", "in", env.ref(SALESPEOPLE).ids)


def get_has_leads_sql(env, user):
    """Return the SQL condition that a user works on leads."""
    groups = env.ref(SALESPEOPLE).sudo()  # groups are for administrators
    return SQL(
        "EXISTS (SELECT FROM res_groups_users_rel r WHERE r.uid = %s AND r.gid = ANY(%s))",
        user, (groups | groups.all_implied_by_ids).ids,
    )  # fmt: skip


def get_works_for_sql(user, company):
    """Return the SQL condition that a user works for a company; for no company, everybody does."""
    return SQL(
        "(%(company)s IS NULL OR EXISTS (SELECT FROM res_company_users_rel c "
        "WHERE c.user_id = %(user)s AND c.cid = %(company)s))",
        user=user,
        company=company,
    )
