"""What a missed deadline brings: the responsible hears of it, a tag, a status, a pause; each as the campaign wants."""

import logging

from markupsafe import Markup

from odoo import fields

from ..applying.due import DEADLINE
from ..applying.nobodys_work import NobodysWork
from ..engine.zones import pick_zone
from ..planning.presence.absences import find_pauses
from ..reporting.due_words import describe_missed
from ..reporting.messages import Letter, send
from ..reporting.readers import get_responsible
from ..work.bisect import bisect
from ..work.inside import YES

_logger = logging.getLogger(__name__)

LISTED = 10  # leads of a message that are named


def follow_up(env, undone, missed):
    """Do for each campaign what it wants to be done of deadlines that were just missed.

    :param undone: (``Owed``, ``Due``) of what is not done yet; these leads are locked
    :param missed: (``Owed``, ``Due``, whether it was done later) of all of them
    """
    campaigns = env["lead.distribution.campaign"]
    for campaign in campaigns.browse({one.campaign_id for one, _due, _is_met in missed}):
        late = [one for one, _due in undone if one.campaign_id == campaign.id]
        if campaign.missed_tag_id and late:
            _write(campaign, late, {"tag_ids": [(4, campaign.missed_tag_id.id)]})
        if not takes_back(campaign):
            mark_stays(campaign, late)
        if campaign.missed_pause and late:
            _pause(campaign, env["res.users"].browse({one.user_id for one in late}))
        if campaign.missed_tell:
            _tell(campaign, [(one, due) for one, due, _is_met in missed if one.campaign_id == campaign.id])


def takes_back(campaign):
    """Whether somebody else gets what is late; a campaign that is archived gives nothing to anybody any more."""
    return campaign.active and campaign.on_missed == "take_back"


def mark_stays(campaign, owed):
    """Set the status that leads get whose deadline was missed, and that stay where they are."""
    if campaign.missed_status_id and owed:
        _write(campaign, owed, {"lead_status_id": campaign.missed_status_id.id})


def _write(campaign, owed, values):
    """Write leads; one that refuses costs only itself."""
    leads = campaign.env["crm.lead"].with_company(campaign.company_id).browse(one.lead_id for one in owed)
    leads = leads.with_context(**{DEADLINE: YES})
    rows = campaign.env["lead.distribution.assignment"].browse(one.id for one in owed)

    def write(some):
        work = NobodysWork(rows.filtered(lambda row: row.lead_id in some), some)
        some.write(values)
        work.note()
        some.env.flush_all()

    def refuse(lead, error):
        _logger.warning("Lead %s could not be marked as late", lead.id, exc_info=error)

    bisect(campaign.env, leads, write, refuse)


def _pause(campaign, users):
    """Have people receive nothing until they, or a manager, say so; who has paused already goes on as before."""
    paused = find_pauses(users, fields.Datetime.now())
    for user in users.filtered(lambda user: user.active and user.id not in paused):
        reason = user.with_context(lang=user.lang).env._("A deadline was missed in the campaign %s.", campaign.name)
        user.action_pause_leads(reason=reason)


def _tell(campaign, missed):
    """Tell the responsible of the campaign, in one message."""
    reader = get_responsible(campaign)
    if not reader:
        _logger.warning("Lead distribution: nobody hears of deadlines missed in campaign %s", campaign.id)
        return
    letter = _write_letter(campaign.with_context(lang=reader.lang), reader, missed)
    send(campaign, {reader: letter}, by_mail=campaign.notify_salespeople != "inbox")


def _write_letter(campaign, reader, missed):
    env, zone = campaign.env, pick_zone(reader.tz, campaign.tz)
    if len(missed) == 1:
        subject = env._("A deadline was missed in %s", campaign.name)
    else:
        subject = env._("%(count)s deadlines were missed in %(campaign)s", count=len(missed), campaign=campaign.name)
    leads = env["crm.lead"].browse(one.lead_id for one, _due in missed[:LISTED])
    names = dict(zip(leads.ids, leads.mapped("display_name"), strict=True))
    people = env["res.users"].browse(one.user_id for one, _due in missed[:LISTED])
    names_of_people = {user.id: user.name for user in people}
    lines = [
        env._(
            "%(lead)s (%(person)s): %(what)s",
            lead=names[one.lead_id],
            person=names_of_people[one.user_id],
            what=describe_missed(env, one.checkpoint, due.due_on, zone),
        )
        for one, due in missed[:LISTED]
    ]
    if len(missed) > LISTED:
        lines.append(env._("And more: %s", len(missed) - LISTED))
    items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
    url = f"{campaign.get_base_url()}/odoo/missed-deadlines"
    link = Markup("<p><a href='%s'>%s</a></p>") % (url, env._("Show missed deadlines"))
    return Letter(subject, Markup("<ul>%s</ul>%s") % (items, link))
