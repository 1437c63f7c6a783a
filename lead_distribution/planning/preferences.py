"""The leads that members prefer."""

from odoo.fields import Domain

from ..finding.own_filter import OwnFilter
from ..finding.scope import get_moment


def make_filter(member, more):
    """Return the filter of the leads a member prefers; ``uid`` in it means the member.

    :param more: what may be asked besides the usual, see ``OwnFilter``
    """
    author, moment = member.preferred_domain_user_id, get_moment(member.campaign_id)
    return OwnFilter(member.preferred_domain, author, moment, uid=member.user_id.id, more=more)


def read_preferences(members, more):
    """Return {user id: (key, domain)} of those who prefer some leads, and {user id: why a preference is not used}.

    Preferences with the same key are the same.
    """
    preferences, problems = {}, {}
    for member in members.filtered("preferred_domain"):
        preference = make_filter(member, more)
        domain, problem = preference.look(member.campaign_id.company_id)
        if problem:
            problems[member.user_id.id] = problem
        elif not domain.is_true():
            preferences[member.user_id.id] = (preference.get_key(), domain)
    return preferences, problems


def tell_broken_filter(problem, env):
    """Return what is wrong with a campaign's own filter, as a list of texts.

    :param problem: why it cannot be used, or nothing
    """
    return [env._("No lead passes the own filter: %s. Save it again.", problem)] if problem else []


def tell_broken_preferences(problems, env):
    """Return whose preferences do not count, as a list of texts.

    :param problems: {user id: why a preference is not used}
    """
    users = env["res.users"].browse(problems)
    return [
        env._("The preference of %(name)s does not count: %(problem)s.", name=user.name, problem=problems[user.id])
        for user in users
    ]


def find_preferred(leads, lead_ids, domains):
    """Return {lead id: keys of the preferences it fits}, one query for each different preference.

    :param leads: crm.lead, with the rights and the context to look with
    :param domains: {key: domain}
    """
    found = {}
    for key, domain in domains.items():
        for lead_id in leads.search(domain & Domain("id", "in", lead_ids))._ids:
            found.setdefault(lead_id, set()).add(key)
    return {lead_id: frozenset(keys) for lead_id, keys in found.items()}
