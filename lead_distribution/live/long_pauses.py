"""Long pauses are told to the responsible of the person's campaigns, once."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ..engine.zones import pick_zone
from ..reporting.messages import Letter, send
from ..reporting.readers import get_responsible
from ..tools.clock import format_moment
from ..tools.html_text import text_to_html
from ..work.system import as_system
from .switch import get_paused_domain

HOURS = "lead_distribution.long_pause_hours"  # system parameter
DEFAULT_HOURS = 4


def get_limit(env):
    """Return how long a pause may be before it is told."""
    text = env["ir.config_parameter"].sudo().get_param(HOURS, DEFAULT_HOURS)  # a setting, no secret
    try:
        hours = float(text)
    except ValueError:
        hours = DEFAULT_HOURS
    return timedelta(hours=hours if 0 < hours <= 8760 else DEFAULT_HOURS)


def wake_for(env, now, until):
    """Have a pause that begins looked at when it is known to be long: at once, or when it has become so."""
    limit = get_limit(env)
    cron = env.ref("lead_distribution.ir_cron_long_pauses", raise_if_not_found=False)
    if cron:
        cron.sudo()._trigger(now if until and until - now > limit else now + limit)  # whoever pauses wakes it


def tell_long_pauses(env):
    """Tell of the long pauses that nobody was told of.

    :param env: with full rights
    """
    now, limit = fields.Datetime.now(), get_limit(env)
    untold = env["lead.distribution.presence"].search(get_paused_domain(now) & Domain("pause_told_on", "=", False))
    pauses = untold.filtered(lambda pause: (pause.paused_until or now) - pause.paused_since >= limit)
    for responsible, (campaign, told) in _find_readers(pauses).items():
        send(campaign, {responsible: _write_letter(responsible, told)}, by_mail=True)
    pauses.pause_told_on = now


def _find_readers(pauses):
    """Return {responsible: (a campaign of theirs, the pauses they hear of)}; nobody hears of an own doing."""
    env = pauses.env
    domain = Domain("user_id", "in", pauses.user_id.ids) & Domain("campaign_id.active", "=", True)
    campaigns_of = defaultdict(set)
    for member in as_system(env["lead.distribution.member"]).search(domain):
        campaigns_of[member.user_id].add(member.campaign_id)
    responsible_of = {campaign: get_responsible(campaign) for campaign in set().union(*campaigns_of.values())}
    readers = {}
    for pause in pauses:
        for campaign in sorted(campaigns_of[pause.user_id], key=lambda campaign: campaign.id):
            reader = responsible_of[campaign]
            if reader and reader not in (pause.user_id, pause.paused_by_id):
                told = readers.setdefault(reader, (campaign, pauses.browse()))[1]
                readers[reader] = (readers[reader][0], told | pause)
    return readers


def _write_letter(reader, pauses):
    env = reader.with_context(lang=reader.lang).env
    if len(pauses) == 1:
        subject = env._("%s receives no leads", pauses.user_id.name)
    else:
        subject = env._("%s people receive no leads", len(pauses))
    zone = pick_zone(reader.tz, "UTC")
    return Letter(subject, text_to_html("\n".join(_describe(env, pause, zone) for pause in pauses)))


def _describe(env, pause, zone):
    values = {"name": pause.user_id.name, "since": format_moment(env, pause.paused_since, zone)}
    if pause.paused_until:
        until = format_moment(env, pause.paused_until, zone)
        text = env._("%(name)s has paused since %(since)s, until %(until)s.", until=until, **values)
    else:
        text = env._("%(name)s has paused since %(since)s, until further notice.", **values)
    return f"{text} {pause.pause_reason}" if pause.pause_reason else text
