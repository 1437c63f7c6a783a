"""Catching up with what changed: the worker takes the lines that others left, and makes due what they concern."""

from odoo import fields
from odoo.tools import SQL

from .changes import ROOM, RULES, take
from .rows import change_rows
from .sweeping import empty, look_again
from .watching import find_live

FREED = 200  # who closes a lead has room for one: the oldest of those that wait for it are tried, not all


def follow_changes(env):
    """Take the lines, and have the leads tried now that they concern.

    :param env: of the worker, with full rights
    """
    lines = take(env)
    if not lines:
        return
    if not find_live(env):
        empty(env)
        return
    ruled = {campaign for kind, campaign in lines if kind == RULES}
    if ruled:
        look_again(env, ruled)
    changed = {campaign for kind, campaign in lines if kind != ROOM}
    freed = sum(kind == ROOM for kind, _campaign in lines)
    if changed:
        make_due(env, SQL("TRUE") if None in changed else SQL("campaign_id = ANY(%s)", list(changed)))
    if freed:
        make_due(env, SQL("reason = 'everybody_full'"), limit=FREED * freed)


def make_due(env, which, limit=None):
    """Have the waiting leads of a condition tried now; what somebody has in hand at this moment is passed over.

    :param limit: the oldest so many; None: all
    """
    change_rows(
        env,
        SQL(
            # an array is made once; what IN is asked of may be asked again for each row, and find the next oldest
            "UPDATE lead_distribution_waiting SET next_try = %(now)s WHERE id = ANY(ARRAY(SELECT id FROM "
            "lead_distribution_waiting WHERE next_try > %(now)s AND %(which)s ORDER BY since, id LIMIT %(limit)s "
            "FOR UPDATE SKIP LOCKED))",
            now=fields.Datetime.now(),
            which=which,
            limit=limit,
        ),
    )
