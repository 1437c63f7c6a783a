"""Changes for whose sake waiting leads are tried again: who makes one leaves a line, the worker does the rest.

A line is put in beside the others and touches no row that somebody else has in hand. So whoever saves a setting, pauses
or closes a lead never waits for the worker, nor fails because of it. The worker takes the lines in the transaction that
looks at the settings, so what it sees of both is of one moment and nothing that changed is overlooked.
"""

from odoo import fields
from odoo.tools import SQL

PEOPLE, RULES, ROOM = "people", "rules", "room"
KINDS = [
    (PEOPLE, "Who receives leads, or how many"),
    (RULES, "Which leads a campaign takes"),
    (ROOM, "Somebody has room again"),
]


def leave(env, kind, campaigns=None):
    """Leave a line that something changed.

    :param campaigns: which it concerns; None: all
    """
    ids = [None] if campaigns is None else campaigns.ids
    query = "INSERT INTO lead_distribution_change (kind, campaign_id) SELECT %s, unnest(%s::int[])"
    env.cr.execute(SQL(query, kind, ids))


def leave_room(env):
    """Leave a line that somebody has room for a lead, if one may wait for that; return whether one does.

    What is due counts: the worker may have it in hand, and be about to find that everybody is full.
    """
    env["lead.distribution.waiting"].flush_model(["reason", "next_try"])
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_change (kind) SELECT %(kind)s WHERE "
            "EXISTS (SELECT FROM lead_distribution_waiting WHERE reason = 'everybody_full') "
            "OR EXISTS (SELECT FROM lead_distribution_waiting WHERE next_try <= %(now)s)",
            kind=ROOM,
            now=fields.Datetime.now(),
        )
    )
    return bool(env.cr.rowcount)


def take(env):
    """Take all lines away; return [(kind, campaign id or None)]. Only for the worker, of which there is one."""
    return env.execute_query(SQL("DELETE FROM lead_distribution_change RETURNING kind, campaign_id"))
