"""Whom a new campaign may have as its people: salespeople, by teams and groups, with what they hold."""

from odoo.fields import Domain

from ..finding.scope import uses_leads
from ..names import MANAGERS, SALESPEOPLE
from ..tools.fit import get_salespeople_domain
from ..work.system import as_system


def find_salespeople(env, companies=None):
    """Return the users who may have leads, by name.

    :param companies: those they work for one of; by default all that one works in now
    """
    domain = get_salespeople_domain(env) & Domain("company_ids", "in", (companies or env.companies).ids)
    return env["res.users"].search(domain, order="name, id")


def suggest(env):
    """Return the people of a new campaign as long as nobody has chosen any: those who sell and do not manage."""
    people = find_salespeople(env)
    return people.filtered_domain([("all_group_ids", "not in", env.ref(MANAGERS).ids)]) or people


def describe_people(env):
    """Return who may be chosen, with what they hold: dicts of ``id``, ``name``, ``teams`` and ``leads``."""
    people, teams = find_salespeople(env), _find_teams(env)
    leads = count_open(env, people)
    return [
        {
            "id": user.id,
            "name": user.name,
            "teams": ", ".join(team.name for team in teams if user in team.member_ids),
            "leads": leads.get(user.id, 0),
        }
        for user in people
    ]


def describe_groups(env):
    """Return whom one may choose together: dicts of ``name`` and ``ids``, everybody first, then teams, then groups."""
    people = find_salespeople(env)
    # who is in which group is for administrators, who sells is not
    groups = env.ref(SALESPEOPLE).sudo().privilege_id.group_ids.sorted("sequence")
    together = [
        (env._("Everybody"), people),
        *((team.name, people & team.member_ids) for team in _find_teams(env)),
        *((group.name, people & group.with_env(env).sudo().user_ids) for group in groups),
    ]
    return [{"name": name, "ids": users.ids} for name, users in together if users]


def count_open(env, users):
    """Return {user id: open leads that this person holds, of the types that a new campaign takes}, in one query."""
    domain = Domain("holder_id", "in", users.ids) & Domain("is_open", "=", True)
    if uses_leads(env):
        domain &= Domain("type", "=", "lead")
    # a number, of leads that the reader may not see one by one
    leads = as_system(env["crm.lead"]).with_context(active_test=True)
    return {user.id: count for user, count in leads._read_group(domain, ["holder_id"], ["__count"])}


def _find_teams(env):
    return env["crm.team"].search([("company_id", "in", [False, *env.companies.ids])])
