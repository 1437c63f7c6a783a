"""One run of a million leads: what it holds in memory, and how long it takes."""

import cases
import data
import table
from budgets import MILLION, Verdicts

LEADS = 1_000_000


def measure(env, meter, shrink=1):
    """Return (leads, {what: Measured})."""
    leads = LEADS // shrink
    data.copy_leads(env, leads)
    campaign = env["lead.distribution.campaign"].search([("name", "=", "Bench")])
    planned = meter.measure(lambda: campaign.simulate(seed=1))
    print(f"  planned in {planned.seconds:.0f} s", flush=True)
    data.reset(env)
    return leads, {"planning alone": planned, "the whole run": meter.measure(cases.ours, env)}


def render(leads, measured):
    """Return (the text, the verdicts)."""
    rows = [
        [what, f"{one.seconds:.0f}", f"{one.processor:.0f}", f"{one.statements / leads:.3f}", f"{one.memory:.0f}"]
        for what, one in measured.items()
    ]
    verdicts = Verdicts()
    for what, one in measured.items():
        verdicts.judge(MILLION["memory"], one.memory, f"{leads:,} leads in one run, {what}")
    header = ["what", "seconds", "processor", "SQL a lead", "memory over idle, MiB"]
    return "\n".join(
        [f"{leads:,} leads, 20 people, once.", "", table.render(header, rows), "", verdicts.render()]
    ), verdicts
