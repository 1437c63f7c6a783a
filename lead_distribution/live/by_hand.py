"""Leads given by hand to somebody who is away or full: whoever does it is told at once, and not stopped."""

from odoo import fields
from odoo.fields import Domain
from odoo.http import request

from ..planning.limits import count_rooms
from ..planning.presence.look import look
from ..planning.presence.words import Words
from ..planning.ramp_up import get_share, reduce
from ..planning.request import PlanRequest
from ..planning.workload import count_loads
from ..work.system import as_system

MESSAGE = "lead_distribution.by_hand"
SCREEN = "/web/dataset/"  # what the web client calls; not forms of the website, nor programs
STRICTEST = ("working_hours", "look_ahead", "ignore")
NAMES = ("open_user_id", "user_id")  # of whom a lead is given to
SHOWN = 5  # people who are named
IS_STATE = ("pause", "absence", "leave", "off_shift")  # what somebody is, in words


def find_given(leads, vals):
    """Return {user id: leads given by this write}, if somebody at the screen gives them to somebody else.

    No statement for runs, imports, programs, and whatever does not change the salesperson.
    """
    user_ids = {vals.get(name) for name in NAMES} - {None, False, leads.env.uid}
    if not user_ids or "distributed_on" in vals or not _is_at_the_screen(leads.env):
        return {}
    given = {}
    for name in NAMES:
        if vals.get(name) in user_ids:
            changing = leads.filtered(lambda lead, name=name: lead[name].id != vals[name])
            given.setdefault(vals[name], set()).update(changing.ids)
    return {user_id: ids for user_id, ids in given.items() if ids}


def tell_later(env, given):
    """Tell the writer when the transaction is over, once for all its writes.

    :param given: see ``find_given``
    """
    data = env.cr.precommit.data
    if MESSAGE not in data:
        data[MESSAGE] = {}
        env.cr.precommit.add(lambda: _tell(env, data.pop(MESSAGE)))
    for user_id, ids in given.items():
        data[MESSAGE].setdefault(user_id, set()).update(ids)


def warn(lead):
    """Return what a form shows when its lead is just being given to somebody who is away or full, or None."""
    people = (lead.open_user_id - lead._origin.open_user_id) | (lead.user_id - lead._origin.user_id)
    people = people._origin - lead.env.user
    texts = explain(people, lead.distribution_campaign_id._origin, coming=1) if people else []
    if not texts:
        return None
    return {"type": "notification", "title": get_title(lead.env), "message": "\n".join(texts)}


def explain(users, campaign=None, coming=0):
    """Return the people who are away or full in words, a text each; a fixed number of statements for each campaign.

    Asked is the campaign that handed the lead out, else that of the person that looks closest at their hours.

    :param campaign: of the lead
    :param coming: leads that come to those they have
    """
    members = _find_members(users, campaign)
    texts = []
    for chosen, own in members.grouped("campaign_id").items():
        present = look(chosen, own.user_id)
        held = count_loads(own)
        rooms = count_rooms(chosen, own.user_id, PlanRequest()).total
        words = Words(chosen, fields.Datetime.now())
        for member in own:
            user = member.user_id
            full = _describe_full(member, held[member] + coming, rooms.get(user.id))
            texts.append(_describe(words, user, present[user.id], full))
    texts = [text for text in texts if text]
    more = len(texts) - SHOWN
    return texts if more <= 0 else [*texts[:SHOWN], users.env._("And others: %s", more)]


def get_title(env):
    return env._("Please note")


def _find_members(users, campaign):
    """Return one membership a person, of the campaign by which it is asked whether they can receive."""
    members = as_system(users.env["lead.distribution.member"]).search(
        Domain("user_id", "in", users.ids)
        & Domain("active", "=", True)
        & Domain("campaign_id.active", "=", True)
        & Domain("campaign_id.is_by_hand", "=", False)
    )

    def closeness(member):
        chosen = member.campaign_id
        return chosen != campaign, STRICTEST.index(chosen.availability), chosen.sequence, chosen.id

    first = {}
    for member in members.sorted(closeness):
        first.setdefault(member.user_id, member)
    return members.browse(member.id for member in first.values())


def _describe_full(member, leads, room):
    """Return in what respect a person is full, or nothing."""
    env = member.env
    target = reduce(member.target_leads, get_share(member))
    if leads > target:
        if target == 1:
            return env._("%(leads)s of 1 lead", leads=leads)
        return env._("%(leads)s of %(target)s leads", leads=leads, target=target)
    return env._("a limit is reached") if room is not None and room <= 0 else ""


def _describe(words, user, presence, full):
    env = words.env
    if presence.can_receive:
        return env._("%(name)s: %(what)s", name=user.name, what=full) if full else ""
    why = words.explain(presence.kind, None, presence.back_on, user)  # the reason is for managers only
    is_state = presence.kind in IS_STATE and (presence.kind != "off_shift" or presence.back_on)
    text = env._("%(name)s is %(why)s", name=user.name, why=why) if is_state else f"{user.name}: {why}"
    return f"{text}; {full}" if full else text


def _is_at_the_screen(env):
    """Whether a person of the house writes, by the web client: no import, no program, no visitor."""
    return bool(
        request
        and not env.su
        and request.httprequest.path.startswith(SCREEN)
        and request.session.uid == env.uid
        and not env.context.get("import_file")
        and env.user._is_internal()
    )


def _tell(env, given):
    users = env["res.users"].browse(given)
    campaigns = env["crm.lead"].browse(set().union(*given.values())).exists().distribution_campaign_id
    texts = explain(users, as_system(campaigns)[:1])
    if texts:
        pairs = [[lead_id, user_id] for user_id, ids in given.items() for lead_id in ids]
        message = {"title": get_title(env), "message": "\n".join(texts), "given": pairs}
        as_system(env.user)._bus_send(MESSAGE, message)
