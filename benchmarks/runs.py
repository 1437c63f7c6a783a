"""Whole runs of growing size, and what else hands out the same leads; the cases of a size take turns."""

from statistics import median

import cases
import data
import table
from budgets import RUNS, Verdicts

OURS, TRACKED = "our run", "our run, with tracked changes in the chatter"
BARE, NATIVE = "bare grouped ORM writes", "Odoo's own rule-based assignment"
FLOOR = "one SQL UPDATE"
ALL = dict.fromkeys((OURS, TRACKED, BARE, FLOOR, NATIVE), 3)
# leads: {case: how many turns}; Odoo's own takes the square of the time beyond
SIZES = {
    1_000: ALL,
    10_000: ALL,
    100_000: {OURS: 1, TRACKED: 1, BARE: 1, FLOOR: 1},
}
COMPARED, GROWN = 10_000, 100_000  # the sizes that the budgets are about


def measure(env, meter, shrink=1):
    """Return {leads: {case: [Measured]}}.

    :param shrink: by what the sizes are divided; then each case has one turn
    """
    results = {}
    for size, turns in SIZES.items():
        size //= shrink
        data.make_leads(env, size)
        results[size] = {name: [] for name in turns}
        for turn in range(1 if shrink > 1 else max(turns.values())):
            for name, times in turns.items():
                if turn >= times:
                    continue
                data.reset(env)
                results[size][name].append(meter.measure(cases.CASES[name], env))
                print(f"  {size:,} leads, {name}: {results[size][name][-1].seconds:.2f} s", flush=True)
    return results


def render(results, shrink=1):
    """Return (the text, the verdicts)."""
    rows = [
        _render_row(leads, name, runs, by_case[OURS])
        for leads, by_case in results.items()
        for name, runs in by_case.items()
    ]
    header = ["leads", "what", "seconds", "processor", "leads/s", "SQL a lead", "memory over idle, MiB",
              "time ÷ our run"]  # fmt: skip
    grown = {name: _get_seconds(results, name) for name in (OURS, TRACKED, BARE, NATIVE)}
    verdicts = _judge(results, grown, shrink)
    text = [
        f"Machine: {table.describe_machine()}. Medians of the turns; in brackets the extremes. Processor: seconds "
        "of Odoo and PostgreSQL together.",
        "",
        table.render(header, rows),
        "",
        *(f"- {table.tell_growth(name, seconds)}" for name, seconds in grown.items()),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts


def _render_row(leads, name, runs, ours):
    seconds = [run.seconds for run in runs]
    compared = table.ratio(seconds, [run.seconds for run in ours])
    return [
        f"{leads:,}", name, table.spread(seconds), table.spread([run.processor for run in runs]),
        f"{leads / median(seconds):,.0f}", f"{median(run.statements for run in runs) / leads:.3f}",
        f"{median(run.memory for run in runs):.0f}", table.number(compared),
    ]  # fmt: skip


def _get_seconds(results, name):
    return {
        leads: median(run.seconds for run in by_case[name]) for leads, by_case in results.items() if name in by_case
    }


def _judge(results, grown, shrink):
    verdicts, compared = Verdicts(), COMPARED // shrink
    seconds = {name: [run.seconds for run in runs] for name, runs in results[compared].items()}
    size = f"{compared:,} leads"
    verdicts.judge(RUNS["native"], table.ratio(seconds[NATIVE], seconds[OURS]), size)
    verdicts.judge(RUNS["native_tracked"], table.ratio(seconds[NATIVE], seconds[TRACKED]), size)
    verdicts.judge(RUNS["bare"], table.ratio(seconds[OURS], seconds[BARE]), size)
    for key, name in (("statements", OURS), ("statements_tracked", TRACKED)):
        statements = median(run.statements for run in results[compared][name])
        verdicts.judge(RUNS[key], statements / compared, size)
    for name in (OURS, TRACKED):
        grew = table.growth(grown[name], compared, GROWN // shrink)
        verdicts.judge(RUNS["growth"], grew, f"{name}: time({GROWN // shrink:,}) ÷ time({compared:,})")
        memory = max(run.memory for run in results[GROWN // shrink][name])
        verdicts.judge(RUNS["memory"], memory, f"{name}: {GROWN // shrink:,} leads")
    return verdicts
