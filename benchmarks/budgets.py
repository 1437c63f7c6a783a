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
        distance = (self.limit - value) / self.limit * (-1 if self.is_minimum else 1)
        if distance >= 0:
            verdict = f"met, {distance:.0%} to spare" if not self.is_minimum else f"met by {distance:.0%}"
        else:
            verdict = f"**missed by {-distance:.0%}**"
        return self.what, f"{sign} {self._show(self.limit)}", self._show(value), verdict

    def is_met(self, value):
        return value >= self.limit if self.is_minimum else value <= self.limit

    def _show(self, value):
        digits = 0 if value >= 100 or value == int(value) else 2 if value >= 1 else 3
        text = f"{value:,.{digits}f}"
        return f"{text} {self.unit}".strip()


RUNS = {
    "native": Budget("times as fast as Odoo's own assignment", 40, "×", is_minimum=True),
    "native_tracked": Budget("the same with tracked changes", 19, "×", is_minimum=True),
    "bare": Budget("time ÷ bare grouped writes", 1.5, "×"),
    "statements": Budget("statements a lead", 0.10),
    "statements_tracked": Budget("statements a lead, with tracked changes", 0.20),
    "growth": Budget("growth", 6, "×"),
    "memory": Budget("memory over idle, at any size", 50, "MiB"),
}
FINDING = {
    "funnel": Budget("candidates and funnel ÷ SQL by hand", 2, "×"),
    "ids": Budget("search of the ids ÷ SQL by hand", 1.5, "×"),
}
PLANNING = {
    "seconds": Budget("seconds", 10, "s"),
    "memory": Budget("memory of the process", 1024, "MiB"),
}
IMPORT = {
    "native": Budget("times as fast as Odoo's own import", 6, "×", is_minimum=True),
    "statements": Budget("statements a row", 0.15),
    "memory": Budget("memory over idle", 200, "MiB"),
}
PAGES = {"seconds": Budget("the slowest page", 1, "s")}


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
