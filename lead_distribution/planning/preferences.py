"""The leads that members prefer."""

from odoo.fields import Domain

from ..finding.own_filter import OwnFilter


def make_filter(member, moment, more):
    """Return the filter of the leads a member prefers; ``uid`` in it means the member.

    :param moment: from which dates are counted, see ``OwnFilter``
    :param more: what may be asked besides the usual, see ``OwnFilter``
    """
    return OwnFilter(member.preferred_domain, member.preferred_domain_user_id, moment, uid=member.user_id.id, more=more)


def read_preferences(members, moment, more):
    """Return {user id: (key, domain)} of those who prefer some leads, and {user id: why a preference is not used}.

    Preferences with the same key are the same.
    """
    preferences, problems = {}, {}
    for member in members.filtered("preferred_domain"):
        preference = make_filter(member, moment, more)
        domain, problem = preference.look(member.campaign_id.company_id)
        if problem:
            problems[member.user_id.id] = problem
        elif not domain.is_true():
            preferences[member.user_id.id] = (preference.get_key(), domain)
    return preferences, problems


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
