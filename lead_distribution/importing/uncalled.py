"""The lead status of those whom nobody may call, where only their rows know why: the next run would hand them out."""

from odoo.tools import SQL

from ..work.system import as_system


class Uncalled:
    """Which status such leads get: one that says so, unless they are nobody's work by their own.

    :param statuses: all lead statuses, archived ones too
    """

    def __init__(self, statuses):
        blocked = statuses.filtered(lambda status: status.category == "do_not_call")
        self._own = blocked.filtered("active")[:1].id
        self._open = statuses.filtered(lambda status: status.category == "open").ids

    def get(self, status):
        """Return the status of such a lead.

        :param status: its own, or None
        """
        return status if status and status not in self._open else self._own

    def get_values(self):
        """Return the values of rows with the status of such leads, as SQL."""
        if not self._own:
            return SQL("values")
        status = SQL("(values->>'lead_status_id')::int")
        return SQL(
            "CASE WHEN %s IS NULL OR %s = ANY(%s::int[]) "
            "THEN coalesce(values, '{}') || jsonb_build_object('lead_status_id', %s::int) ELSE values END",
            status, status, self._open, self._own,
        )  # fmt: skip


def read_uncalled(env):
    """Return the ``Uncalled`` of the lead statuses that there are."""
    return Uncalled(as_system(env["crm.lead.status"]).with_context(active_test=False).search([("code", "!=", False)]))
