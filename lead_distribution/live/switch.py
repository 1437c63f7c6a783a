"""The switch in the top bar, “I receive leads”: what it shows of a person."""

from odoo import fields
from odoo.fields import Domain

from ..work.system import as_system

MESSAGE = "lead_distribution.presence"  # that the switch shows something else now
PAUSE_FIELDS = ["paused_until", "pause_reason", "paused_by_id"]


def describe_switch(user):
    """Return what the switch shows of a person; moments are texts in UTC. Four statements at most.

    ``is_shown``: whether there is anything to switch; ``is_paused``, ``until``, ``reason``, ``by``: of the pause;
    ``absence``: until when and why the person is absent, or False.
    """
    user = as_system(user)  # what concerns oneself
    if not _takes_part(user):
        return {"is_shown": False}
    now = fields.Datetime.now()
    mine = Domain("user_id", "=", user.id)
    pause = user.env["lead.distribution.presence"].search_fetch(get_paused_domain(now) & mine, PAUSE_FIELDS)
    by = pause.paused_by_id
    return {
        "is_shown": True,
        "is_paused": bool(pause),
        "until": fields.Datetime.to_string(pause.paused_until),
        "reason": pause.pause_reason or "",
        "by": by.name if by and by != user else "",
        "absence": _describe_absence(user, now),
    }


def get_paused_domain(now=None):
    """Return the domain of those in ``lead.distribution.presence`` who are paused; a pause that is over counts not."""
    now = now or fields.Datetime.now()
    return Domain("paused_since", "!=", False) & (Domain("paused_until", "=", False) | Domain("paused_until", ">", now))


def refresh_switch(users):
    """Have the switches of people look anew, in all browsers where they have Odoo open."""
    users._bus_send(MESSAGE, {})


def _takes_part(user):
    domain = Domain("user_id", "=", user.id) & Domain("active", "=", True) & Domain("campaign_id.active", "=", True)
    return bool(user.env["lead.distribution.member"].search_count(domain, limit=1))


def _describe_absence(user, now):
    """Return the absence that ends last of those that run now."""
    domain = Domain("user_id", "=", user.id) & Domain("date_from", "<=", now) & Domain("date_to", ">", now)
    absences = user.env["lead.distribution.absence"]
    absence = absences.search_fetch(domain, ["date_to", "reason"], order="date_to desc", limit=1)
    if not absence:
        return False
    return {"until": fields.Datetime.to_string(absence.date_to), "reason": absence.reason or ""}
