"""Sends many people a message each, all at once.

The messages, their notifications and the e-mails are written with one ``create`` each, whatever the
number of people.
"""

import json
from typing import NamedTuple

from markupsafe import Markup

from odoo import models


class Letter(NamedTuple):
    """What one person is told.

    ``about``: what the message opens, if not the record all letters are about. ``toast``: type and content of what
    those see who have Odoo open; None: the subject.
    """

    subject: str
    body: Markup
    about: models.Model | None = None
    toast: tuple | None = None


def send(record, letters, *, by_mail):
    """Send each user one message about a record.

    :param letters: {user: Letter}
    :param by_mail: whether those who want it so, and have an address, get it by e-mail; else all in Odoo
    """
    if not letters:
        return
    messages = dict(zip(letters, _create_messages(record, letters), strict=True))
    mails = _create_mails(
        record.env,
        [
            message for user, message in messages.items()
            if by_mail and user.notification_type == "email" and user.email
        ],
    )  # fmt: skip
    record.env["mail.notification"].create(
        [_prepare_notification(user, message, mails.get(message)) for user, message in messages.items()]
    )
    for user, letter in letters.items():  # to those who have Odoo open
        _show(user, letter, in_inbox=messages[user] not in mails)
    _push(record, messages)


def _show(user, letter, *, in_inbox):
    if letter.toast:
        kind, content = letter.toast
        user._bus_send(kind, {**content, "in_inbox": in_inbox})
    else:
        user._bus_send("simple_notification", {"type": "info", "message": letter.subject})


def _create_messages(record, letters):
    """Create a message a user; the record's chatter does not show messages of this type."""
    odoobot = record.env.ref("base.partner_root")
    shared = {
        "message_type": "user_notification",
        "subtype_id": record.env.ref("mail.mt_note").id,
        "author_id": odoobot.id,
        "email_from": odoobot.email_formatted,
        "reply_to": odoobot.email_formatted,
    }
    return record.env["mail.message"].create(
        [
            {
                **shared,
                **_describe(letter.about or record),
                "subject": letter.subject,
                "body": letter.body,
                "partner_ids": [(4, user.partner_id.id)],
            }
            for user, letter in letters.items()
        ]
    )


def _describe(record):
    return {"model": record._name, "res_id": record.id, "record_name": record.display_name}


def _create_mails(env, messages):
    """Create one e-mail a message, to be sent by Odoo's queue; return {message: mail}."""
    mails = env["mail.mail"].create(
        [
            {
                "mail_message_id": message.id,
                "body_html": message.body,
                "recipient_ids": [(4, partner.id) for partner in message.partner_ids],
                "auto_delete": True,
                "is_notification": True,
            }
            for message in messages
        ]
    )
    return dict(zip(messages, mails, strict=True))


def _prepare_notification(user, message, mail):
    values = {
        "author_id": message.author_id.id,
        "mail_message_id": message.id,
        "res_partner_id": user.partner_id.id,
        "notification_type": "email" if mail else "inbox",
        "notification_status": "ready" if mail else "sent",
    }
    return {**values, "mail_mail_id": mail.id, "is_read": True} if mail else values


def _push(record, messages):
    """Show the messages on the phones of those who have Odoo's app there."""
    partners = [user.partner_id.id for user in messages]
    devices, _private, _public = record._web_push_get_partners_parameters(partners)
    by_partner = devices.grouped("partner_id")
    payloads = {
        device: record._web_push_truncate_payload(record._notify_by_web_push_prepare_payload(message))
        for user, message in messages.items()
        for device in by_partner.get(user.partner_id, ())
    }
    if payloads:  # by Odoo's queue: a slow service must not hold up the run
        record.env["mail.push"].create(
            [{"mail_push_device_id": device.id, "payload": json.dumps(text)} for device, text in payloads.items()]
        )
        record.env.ref("mail.ir_cron_web_push_notification")._trigger()
