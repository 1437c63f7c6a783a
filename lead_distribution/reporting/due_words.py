"""What is due, and what was missed, in words of the reader."""

from odoo import fields

from ..tools.clock import format_near


def describe_due(env, checkpoint, moment, tz):
    """Return what is due until when: “first action by 14:00”.

    :param moment: in UTC; :param tz: zone of the reader
    """
    until = format_near(env, moment, tz, fields.Datetime.now())
    return {
        "action": env._("first action by %s", until),
        "status": env._("another status by %s", until),
        "opportunity": env._("an opportunity by %s", until),
    }[checkpoint]


def describe_missed(env, checkpoint, moment, tz):
    """Return what was not done until when: “no first action by 14:00”."""
    until = format_near(env, moment, tz, fields.Datetime.now())
    return {
        "action": env._("no first action by %s", until),
        "status": env._("no other status by %s", until),
        "opportunity": env._("no opportunity by %s", until),
    }[checkpoint]
