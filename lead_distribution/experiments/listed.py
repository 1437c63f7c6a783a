"""What lists say of experiments: how far they are, and the verdict; a fixed number of statements for all of them."""

from odoo import fields

from ..planning.arms import count_handed_out
from ..work.system import as_system
from .words import Words, tell_verdict


def describe_listed(experiments):
    """Return {experiment: (leads handed out, verdict in words)}.

    :param experiments: whose reading was allowed
    """
    system = as_system(experiments)
    alive = system.filtered(lambda experiment: experiment.state in ("running", "waiting"))
    counts = count_handed_out(alive) if alive else {}
    lasts = _find_lasts(alive.filtered(lambda experiment: experiment.state == "waiting"))
    found = {}
    for experiment in experiments:
        numbers = as_system(experiment).kept_result or _sketch(experiment, counts, lasts)
        currency = experiment.env["res.currency"].browse(numbers.get("currency_id") or [])
        verdict = tell_verdict(experiment, Words(experiment.env, currency), numbers)
        found[experiment] = (sum(numbers["leads"].values()), verdict)
    return found


def _find_lasts(experiments):
    """Return {experiment id: when its last lead was handed out}."""
    if not experiments:
        return {}
    rows = experiments.env["lead.distribution.assignment"]
    groups = rows._read_group(
        [("experiment_id", "in", experiments.ids), ("state", "=", "done")], ["experiment_id"], ["applied_on:max"]
    )
    return {experiment.id: last for experiment, last in groups}


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
