"""Writes what was measured as a table into ``benchmarks/README.md``."""

from pathlib import Path
from statistics import median

README = Path(__file__).parent / "README.md"
REFERENCE = "our run"


def render(results, machine):
    """Return the table: a row for each size and case.

    :param results: {leads: {case: [{seconds, statements, memory}]}}
    """
    lines = [
        f"Machine: {machine}. Medians of {_times(results)} runs in turn; in brackets the extremes.",
        "",
        "| leads | what | seconds | leads/s | SQL a lead | memory over idle, MiB | time ÷ our run |",
        "|---|---|---|---|---|---|---|",
    ]
    for leads, by_case in results.items():
        base = [run["seconds"] for run in by_case[REFERENCE]]
        for name, runs in by_case.items():
            seconds = [run["seconds"] for run in runs]
            ratios = [mine / ours for mine, ours in zip(seconds, base, strict=True)]
            lines.append(
                f"| {leads:,} | {name} | {median(seconds):.2f} ({min(seconds):.2f}–{max(seconds):.2f}) "
                f"| {leads / median(seconds):,.0f} | {median(r['statements'] for r in runs) / leads:.3f} "
                f"| {median(r['memory'] for r in runs):.0f} | {median(ratios):.2f} |"
            )
    return "\n".join(lines) + "\n"


def _times(results):
    return ", ".join(sorted({str(len(runs)) for cases in results.values() for runs in cases.values()}))


def write(part, text):
    """Put the text between the marks of a part of the README."""
    start, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    before, rest = README.read_text().split(start)
    after = rest.split(end)[1]
    README.write_text(f"{before}{start}{text.rstrip()}\n{end}{after}")
