"""What follows from a deadline is written by the system, and nobody's work: the leads come back all the same."""

from ..names import AS_LEFT, PEOPLE_COLUMNS
from .snapshots import Snapshot
from .untouched import LEFT, WORKED_ON, Since


class NobodysWork:
    """Looks at leads before something is written on them, and notes on their rows what it was.

    What nobody had worked on is left as it is afterwards, and put back as it was before. What somebody had worked on
    stays known, although the last one who has written on it is the system now.

    :param rows: by which the leads were handed out
    """

    def __init__(self, rows, leads):
        since = Since(rows, leads)
        self._why = {row: since.judge(row) for row in rows}
        self._worked_on = set(rows.filtered(since.is_worked_on))  # also where that is not the first reason
        self._leads, self._snapshot = leads, Snapshot(leads)

    def note(self):
        """Note what was written meanwhile."""
        lost, now = self._snapshot.compare(self._leads)
        for row, why in self._why.items():
            if row in self._worked_on:
                row.before = {**(row.before or {}), WORKED_ON: True}
            elif not why and row.lead_id.id in now:
                _note_written(row, lost[row.lead_id.id]["columns"], now[row.lead_id.id])


def _note_written(row, columns, now):
    """Note how a lead is left; but where somebody else has it now, that was more than a mark."""
    if columns.keys().isdisjoint(PEOPLE_COLUMNS):
        before = {**(row.before or {}), LEFT: {name: now[name] for name in AS_LEFT}}
        if "columns" in before:  # rows of earlier versions keep the status otherwise
            before["columns"] = {**columns, **before["columns"]}
        row.before = before
