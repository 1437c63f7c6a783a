"""Reminding people of what is due soon: one message a person, whatever the number of leads."""

from markupsafe import Markup

from ..engine.zones import pick_zone
from ..reporting.due_words import describe_due
from ..reporting.messages import Letter, send

LISTED = 10  # leads of a message that are named


def remind(env, due):
    """Tell people what is due.

    :param due: list of (``Owed``, when it is due)
    """
    of_user = {}
    for one, moment in due:
        of_user.setdefault(one.user_id, []).append((one, moment))
    of_campaign = {}
    for user_id, mine in of_user.items():
        user = env["res.users"].browse(user_id)
        if user.active:
            # of several campaigns one tells of all
            of_campaign.setdefault(mine[0][0].campaign_id, {})[user] = sorted(mine, key=lambda pair: pair[1])
    leads = env["crm.lead"].browse(one.lead_id for one, _moment in due)
    for campaign_id, people in of_campaign.items():
        campaign = env["lead.distribution.campaign"].browse(campaign_id)
        letters = {user: _write_letter(campaign, user, mine, leads) for user, mine in people.items()}
        send(campaign, letters, by_mail=campaign.notify_salespeople != "inbox")


def _write_letter(campaign, user, mine, all_leads):
    """:param all_leads: of everybody, read at once"""
    env = campaign.with_context(lang=user.lang).env
    zone = pick_zone(user.tz, campaign.tz)
    # a slice of records would forget what is to be read along with them
    leads = env["crm.lead"].browse(one.lead_id for one, _moment in mine[:LISTED]).with_prefetch(all_leads.ids)
    if len(mine) == 1:
        subject = env._("Soon due: %s", leads.display_name)
    else:
        subject = env._("%s leads are due soon", len(mine))
    lines = [
        env._("%(lead)s: %(what)s", lead=lead.display_name, what=describe_due(env, one.checkpoint, moment, zone))
        for lead, (one, moment) in zip(leads, mine, strict=False)
    ]
    if len(mine) > LISTED:
        lines.append(env._("And more: %s", len(mine) - LISTED))
    items = Markup("").join(Markup("<li>%s</li>") % line for line in lines)
    url = f"{campaign.get_base_url()}/odoo/" + (f"crm.lead/{leads.id}" if len(mine) == 1 else "my-leads")
    text = env._("Show the lead") if len(mine) == 1 else env._("Show my leads")
    return Letter(subject, Markup("<ul>%s</ul><p><a href='%s'>%s</a></p>") % (items, url, text))
