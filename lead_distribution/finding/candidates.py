"""A lead that was found, as planning sees it."""

from typing import NamedTuple


class Candidate(NamedTuple):
    """Only what decides; what a history row keeps of the lead is read again when the plan is stored.

    ``facts`` are the values of the columns that the campaign's rules ask for, in their order.
    """

    id: int
    user_id: int | None
    open_user_id: int | None
    priority: str | None
    source_date: object
    facts: tuple = ()
