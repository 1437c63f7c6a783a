"""Whose turn it is: what people receive counts for the order of the next run."""

from ..planning.rotation import start_rotation


def turn_rotation(run, received, sign):
    """Add what people have received to their turns, or take it away again.

    :param received: {user id: number of leads}
    :param sign: 1 or -1
    """
    if sign > 0 and received:
        start_rotation(run.campaign_id)
    members = run.campaign_id.with_context(active_test=False).member_ids
    for member in members.filtered(lambda m: received.get(m.user_id.id)):
        turns = member.rotation_turns + sign * received[member.user_id.id]
        values = {"rotation_turns": max(0, turns)}
        if sign > 0:
            values["last_received"] = run.finished_on
        member.write(values)
