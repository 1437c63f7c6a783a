"""A plan may wait before it is applied, and others may be applied in the meantime: limits are looked at once more."""

from ..planning.limits import claim_rooms, count_rooms
from ..planning.line_ups import get_class_of
from ..planning.request import PlanRequest


def find_over_limits(run, rows):
    """Return the planned rows that people can no longer get, the last planned ones first.

    :param rows: of the run, in the order in which they were planned
    """
    over = rows.browse()
    people = run.member_line_ids.user_id
    rooms = count_rooms(run.campaign_id, people, PlanRequest.read(run.options))
    if not rooms:
        return over
    claim_rooms(people)
    for row in rows:
        if row.kind == "distribution" and not rooms.take(row.user_id.id, get_class_of(run, row.line_up)):
            over += row
    return over
