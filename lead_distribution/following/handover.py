"""Handover: the open leads of a person who leaves go to others, by a plan that can be looked at and taken back."""

from collections import Counter
from contextlib import contextmanager

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..applying.activities import find_planned
from ..planning.by_hand import prepare_by_hand
from ..tools.fit import find_strangers
from ..tools.limits import is_whole
from ..work.rights import check_manager
from ..work.system import as_system
from .open_leads import count_open_leads, find_open_leads, plan_move


def plan_handover(user, get_ways, user_ids=None, campaign=None, opportunities=True, activities=True):
    """Return a planned run of the person's open leads.

    Leads of companies in which the caller is not just now, or that are not the campaign's, stay; the run says so.

    :param user: whose leads, with the rights of the caller
    :param get_ways: campaign, language → its ``day.ways.Ways``
    :param user_ids: who receives them, in equal shares; with a campaign: only these of its people
    :param campaign: whose way of sharing, a record or an id; None: see ``find_campaign``
    :param opportunities: these, too
    :param activities: what is planned on the leads goes along
    :raise AccessError: for who is no manager of a company of this person
    :raise UserError: if there is nobody, or nothing to hand over
    """
    check_may_hand_over(user)
    user_ids, campaign = _read_whom(user.env, user_ids, campaign)
    env, leads = user.env, find_open_leads(user, user.env.companies, opportunities)
    if not leads:
        raise UserError(env._("%s has no open leads to hand over.", user.name))
    people = env["res.users"].browse(user_ids or ()).exists() - user
    if user_ids is not None and not people:
        raise UserError(env._("Choose who takes over the leads of %s.", user.name))
    campaign = _get_campaign(user, leads, people, campaign)
    mine = _keep_company(leads, campaign.company_id)
    if not mine:
        raise UserError(env._("“%s” cannot hand these leads over: they belong to other companies.", campaign.name))
    with env.cr.savepoint():  # without anybody there is no run either
        ways = get_ways(as_system(campaign), env.lang)
        run = plan_move(ways, mine, "handover", user, people.ids or None, moves_activities=activities)
        if run.error:
            raise UserError(run.error)
    elsewhere = tell_elsewhere(user, mine, opportunities)
    if elsewhere:
        run.warnings = [*(run.warnings or []), elsewhere]
    return run.with_env(env)


def _read_whom(env, user_ids, campaign):
    """Return the ids of people as a tuple, or None, and the campaign, which is none where nobody named one.

    :raise UserError: for what is neither, with all that is wrong
    """
    people = getattr(user_ids, "ids", [user_ids] if isinstance(user_ids, int) else user_ids)
    problems, campaigns = [], env["lead.distribution.campaign"]
    if not (people is None or isinstance(people, list | tuple | set)) or not all(map(is_whole, people or ())):
        problems.append(env._("Name who takes over the leads by a list of the ids of users."))
    if isinstance(campaign, type(campaigns)):
        found = campaigns.browse(campaign.ids)
    else:
        found = campaigns.browse(campaign if is_whole(campaign, 1) else ())
    found = found.exists()
    if campaign and len(found) != 1:
        problems.append(env._("There is no such campaign: name one by its id."))
    if problems:
        raise UserError("\n".join(problems))
    return None if people is None else tuple(people), found


def check_may_hand_over(users):
    """Managers hand over the leads of people of their companies.

    :raise AccessError: for others
    """
    env = users.env
    check_manager(env["lead.distribution.campaign"])
    strangers = find_strangers(users)
    if strangers and not env.su:
        names = ", ".join(strangers.mapped("name"))
        raise AccessError(env._("You can only hand over leads of people of your companies, not of %s.", names))


def _get_campaign(user, leads, people, campaign):
    """Return the campaign that shares the leads; people without one get equal shares.

    :raise UserError: if there is none
    """
    env = user.env
    if campaign:
        campaign.check_access("read")
        check_manager(campaign)
        if not campaign.active and not campaign.is_by_hand:
            raise UserError(env._("The campaign “%s” is not active.", campaign.name))
    elif people:
        return prepare_by_hand(people)
    else:
        campaign = find_campaign(user, leads)
    if not campaign:
        raise UserError(env._("Choose who takes over the leads, or a campaign that shares them."))
    return campaign


def find_campaign(user, leads):
    """Return the campaign most of the leads come from; if they come from none, the first of which the person is one.

    :param user: with the rights of the caller, who may run the campaign
    :param leads: open ones of the user
    """
    campaigns = user.env["lead.distribution.campaign"]
    counts = Counter(as_system(leads).mapped(lambda lead: lead.distribution_campaign_id.id))
    there = campaigns.search([("id", "in", list(counts)), ("is_by_hand", "=", False)], order="id")
    most = max(there, key=lambda campaign: counts[campaign.id], default=campaigns)
    return most or campaigns.search([("member_ids.user_id", "=", user.id)], order="sequence, id", limit=1)


def _keep_company(leads, company):
    """Return the leads that a campaign of a company may hand out: its own, and those of none."""
    return leads.filtered(lambda lead: lead.company_id <= company) if company else leads


def tell_elsewhere(user, mine, opportunities):
    """Return in words how many open leads of the person stay, as they belong to other companies; or nothing.

    :param mine: the leads that are handed over
    """
    rest = count_open_leads(user, None, opportunities).get(user.id, 0) - len(mine)
    if not rest:
        return None
    if rest == 1:
        return user.env._("1 open lead of another company stays with %s.", user.name)
    return user.env._("%(count)s open leads of other companies stay with %(name)s.", count=rest, name=user.name)


def count_what_goes(user, opportunities=True):
    """Return how much would be handed over: numbers of ``leads``, ``opportunities`` and planned ``activities``."""
    leads = find_open_leads(user, user.env.companies, opportunities)
    deals = leads.filtered_domain([("type", "=", "opportunity")])
    return {
        "leads": len(leads) - len(deals),
        "opportunities": len(deals),
        "activities": len(find_planned(user, leads)),
    }


@contextmanager
def keeping_activities(users):
    """Keep what people have planned on their open leads, which Odoo deletes of whoever it archives.

    It is still to be done, and goes along with the leads when they are handed over.
    """
    planned = find_planned(users, find_open_leads(users))
    kept = planned.grouped("user_id")
    _assign(planned, None)
    yield
    for user, activities in kept.items():
        _assign(activities, user.id)


def _assign(activities, user_id):
    """Write who has activities; by SQL, as nobody has them anew."""
    if activities:
        activities.flush_recordset()
        query = SQL("UPDATE mail_activity SET user_id = %s WHERE id = ANY(%s)", user_id, activities.ids)
        activities.env.cr.execute(query)
        activities.invalidate_recordset(["user_id"], flush=False)
