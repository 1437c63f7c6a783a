"""The budgets, and the verdict on what was measured. They are written here and nowhere else."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Budget:
    """A limit: of what is measured, at most so much, or at least."""

    what: str
    limit: float
    unit: str = ""
    is_minimum: bool = False

    def judge(self, value):
        """Return (what, limit, measured, verdict) as texts."""
        sign = "≥" if self.is_minimum else "≤"
        return self.what, f"{sign} {self._show(self.limit)}", self._show(value), self._tell(value)

    def _tell(self, value):
        if not self.limit:
            return "met" if self.is_met(value) else "**missed**"
        distance = (self.limit - value) / self.limit * (-1 if self.is_minimum else 1)
        if distance < 0:
            return f"**missed by {-distance:.0%}**"
        return f"met by {distance:.0%}" if self.is_minimum else f"met, {distance:.0%} to spare"

    def is_met(self, value):
        return value >= self.limit if self.is_minimum else value <= self.limit

    def _show(self, value):
        digits = 0 if value >= 100 or value == int(value) else 2 if value >= 1 else 3
        text = f"{value:,.{digits}f}"
        return f"{text} {self.unit}".strip()


RUNS = {
    "native": Budget("times as fast as Odoo's own assignment", 40, "×", is_minimum=True),
    "native_tracked": Budget("the same with tracked changes", 19, "×", is_minimum=True),
    "bare": Budget("time ÷ bare grouped writes", 1.05, "×"),
    "statements": Budget("statements a lead", 0.10),
    "statements_tracked": Budget("statements a lead, with tracked changes", 0.20),
    "growth": Budget("growth", 11, "×"),
    "memory": Budget("memory over idle", 50, "MiB"),
}
MILLION = {"memory": Budget("memory over idle", 350, "MiB")}
FINDING = {
    "funnel": Budget("candidates and funnel ÷ SQL by hand", 2, "×"),
    "ids": Budget("search of the ids ÷ SQL by hand", 1.5, "×"),
    # one `_read_group` of the leads, and the codes of the statuses
    "workload": Budget("statements of the workload of 200 people by status", 2),
}
PLANNING = {
    "seconds": Budget("seconds", 10, "s"),
    "memory": Budget("memory of the process", 1024, "MiB"),
}
IMPORT = {
    "native": Budget("times as fast as Odoo's own import", 8, "×", is_minimum=True),
    "bare": Budget("time ÷ bare `create` of the same leads", 1.4, "×"),
    "statements": Budget("statements a row", 0.10),
    "memory": Budget("memory over idle", 200, "MiB"),
}
LIVE = {
    "creation": Budget("creating a lead: milliseconds more than with no live campaign", 3, "ms"),
    "statements": Budget("creating a lead: statements more", 2),
    "idle": Budget("creating a lead with no live campaign: statements more than without the list", 0),
    "burst": Budget("rate of a burst ÷ rate of a run", 0.8, is_minimum=True),
    "most": Budget("from creation to owner, 95 % of the leads", 3, "s"),
    "nearly_all": Budget("from creation to owner, 99.9 % of the leads", 10, "s"),
    "lost": Budget("leads without an owner in the end", 0),
}
PRESENCE = {
    "seconds": Budget("who is available", 0.5, "s"),
    "growth": Budget("statements more than for fifty people", 0),
}
DEADLINES = {
    "seconds": Budget("checking what is due", 0.5, "s"),
    "idle": Budget("checking while nothing is due", 0.05, "s"),
}
PAGES = {
    "slowest": Budget("the slowest page", 0.5, "s"),
    "seconds": Budget("opening", 0.5, "s"),
}
VERIFYING = {"seconds": Budget("verifying a campaign", 3, "s")}


class Verdicts:
    """What was judged, in its order; as a table, and in one sentence at the end."""

    def __init__(self):
        self.rows, self.missed = [], []

    def judge(self, budget, value, note=""):
        """Judge a value; nothing if it was not measured, as in a short run."""
        if value is None:
            return
        what, *cells = budget.judge(value)
        name = f"{what}, {note}" if note else what
        self.rows.append((name, *cells))
        if not budget.is_met(value):
            self.missed.append(name)

    def add(self, other):
        self.rows += other.rows
        self.missed += other.missed

    def render(self):
        lines = ["| budget | limit | measured | |", "|---|---|---|---|"]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows])

    def sum_up(self):
        met = len(self.rows) - len(self.missed)
        return f"{met} of {len(self.rows)} budgets met." + "".join(f"\n  missed: {name}" for name in self.missed)
