# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Leads that were taken back or declined, in words, and who hears of it: one message a person."""

from markupsafe import Markup

from odoo import fields
from odoo.tools.misc import format_datetime

from ..work.system import as_system
from .messages import Letter, send
from .readers import get_responsible
from .words import describe_left_over

LISTED = 10  # leads of a message that are named


def describe_taken_back(env, name, missed):
    """Return from whom a lead was taken, and why, in the language and the time zone of the reader.

    :param name: of who had it
    :param missed: ``checkpoint`` and ``due_on``, as the row of the history keeps them
    """
    _ = env._
    values = {"person": name or _("nobody"), "moment": _format(env, missed["due_on"])}
    if missed["checkpoint"] == "status":
        return _("taken back from %(person)s: no other status by %(moment)s", **values)
    if missed["checkpoint"] == "opportunity":
        return _("taken back from %(person)s: no opportunity by %(moment)s", **values)
    return _("taken back from %(person)s: no first action by %(moment)s", **values)


def _format(env, moment):
    tz = env.context.get("tz") or env.user.tz
    return format_datetime(env, fields.Datetime.to_datetime(moment), tz=tz, dt_format="short")


def describe_declined(env, name, reason):
    """Return who gave a lead back, and why."""
    return env._("declined by %(person)s: %(reason)s", person=name or env._("nobody"), reason=reason)


def tell_taken_back(campaign, gone, stays):
    """Tell everybody whose leads went on, and the responsible which leads nobody else could have.

    :param gone: rows of the history whose leads went on
    :param stays: {reason: rows whose leads stay with who has them}
    """
    campaign = as_system(campaign)
    wanted = campaign.notify_salespeople
    letters = {} if wanted == "none" else {user: _write_gone(user, rows) for user, rows in _group(gone).items()}
    reader = get_responsible(campaign) if stays else None
    if reader:
        letter = _write_stays(campaign.with_context(lang=reader.lang, tz=reader.tz), stays)
        own = letters.get(reader)
        letters[reader] = Letter(own.subject, own.body + letter.body) if own else letter
    send(campaign, letters, by_mail=wanted != "inbox")


def _group(rows):
    return {user: own for user, own in rows.grouped("user_id").items() if user.active}


def _write_gone(user, rows):
    """Return the letter to somebody whose leads were taken back."""
    rows = rows.with_context(lang=user.lang, tz=user.tz)
    _ = rows.env._
    if len(rows) == 1:
        subject = _("A lead was taken back from you: %s", rows.lead_name)
    else:
        subject = _("%s leads were taken back from you", len(rows))
    why = _("Nothing was done with them in time, so others have them now.")
    if len(rows) == 1:
        why = _("Nothing was done with it in time, so somebody else has it now.")
    items = rows.mapped("lead_name") if len(rows) > 1 else []
    return Letter(subject, Markup("<p>%s<br/>%s</p>%s") % (subject, why, list_few(rows.env, items)))


def _write_stays(campaign, stays):
    """Return the letter about leads that stay late with who has them."""
    _, count = campaign.env._, sum(map(len, stays.values()))
    if count == 1:
        subject = _("%s: 1 late lead stays where it is", campaign.name)
    else:
        subject = _("%(campaign)s: %(count)s late leads stay where they are", campaign=campaign.name, count=count)
    items = [
        _("%(lead)s, with %(person)s: %(why)s", lead=row.lead_name, person=row.user_name,
          why=describe_stay(campaign.env, reason))
        for reason, rows in stays.items() for row in rows
    ]  # fmt: skip
    return Letter(subject, Markup("<p>%s</p>%s") % (subject, list_few(campaign.env, items)))


def describe_stay(env, reason):
    """Return why a lead stays that was to go on to somebody else."""
    if reason == "do_not_call":
        return env._("It must not be called")
    return describe_left_over(env, reason)


def list_few(env, items):
    """Return the first of some texts as a list, and how many more there are."""
    if len(items) > LISTED:
        items = [*items[:LISTED], env._("and %s more", len(items) - LISTED)]
    shown = Markup("").join(Markup("<li>%s</li>") % item for item in items)
    return Markup("<ul>%s</ul>") % shown if items else Markup("")
