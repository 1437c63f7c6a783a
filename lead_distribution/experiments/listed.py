"""What lists say of experiments: how far they are, and the verdict; a fixed number of statements for all of them."""

from odoo import fields

from ..names import OPEN_EXPERIMENTS
from ..planning.arms import count_handed_out
from ..work.system import as_system
from .outcomes import find_lasts
from .words import Words, tell_verdict


def describe_listed(experiments):
    """Return {experiment: (leads handed out, verdict in words)}.

    :param experiments: whose reading was allowed
    """
    system = as_system(experiments)
    alive = system.filtered(lambda experiment: experiment.state in OPEN_EXPERIMENTS)
    counts = count_handed_out(alive) if alive else {}
    lasts = find_lasts(alive.filtered(lambda experiment: experiment.state == "waiting"))
    found = {}
    for experiment in experiments:
        numbers = as_system(experiment).kept_result or _sketch(experiment, counts, lasts)
        currency = experiment.env["res.currency"].browse(numbers.get("currency_id") or [])
        verdict = tell_verdict(experiment, Words(experiment.env, currency), numbers)
        found[experiment] = (sum(numbers["leads"].values()), verdict)
    return found


def _sketch(experiment, counts, lasts):
    """Return as much of the result as the verdict of one that has not ended needs."""
    last = lasts.get(experiment.id)
    return {
        "kind": "running",
        "measure": experiment.measure,
        "leads": {"a": counts.get(experiment.id, 0)},
        "leads_planned": experiment.planned_leads,
        "days": experiment.days,
        "last_on": fields.Datetime.to_string(last) if last else None,
    }
