"""What the page of an import shows: progress, counts, cleaning, duplicates, shares."""

from ..work.system import as_system
from .lookups import get_target_labels
from .meanings import describe_meaning
from .words import get_change_names, get_match_names

SHOWN_VALUES = 30


def get_overview(batch, state_names, left_names):
    """Return everything that the page shows.

    :param state_names: {state of a row: its name}
    :param left_names: {reason why nobody got a lead: in words}
    """
    env, figures = batch.env, batch.figures or {}
    return {
        "state": batch.state, "step": batch.step, "kind": batch.kind,
        "rows_read": batch.rows_read, "rows_to_do": batch.rows_to_do, "rows_done": batch.rows_done,
        "seconds": _get_seconds_since(batch, batch.started_on),
        "counts": batch.counts or {},
        "state_names": state_names,
        "changes": _name_counts(batch.changes, get_change_names(env)),
        "matches": _name_counts(batch.matches, get_match_names(env)),
        "values": _get_values(batch),
        "campaign": batch.new_campaign_name if batch.new_campaign else batch.campaign_id.name,
        "shares": _get_shares(batch),
        "left": _name_counts(_get_left(batch), left_names),
        "left_out": figures.get("left_out", {}),
        "added": len(figures.get("added", [])),
        "callers": len(figures.get("callers", [])) or len(figures.get("shares", [])),
        "people": figures.get("people", {}),
        "undone": figures.get("undone", {}),
        "error": batch.error or None,
        "is_stopping": batch.is_stopping, "interruptions": batch.interruptions,
        "idle": _get_seconds_since(batch, batch.write_date),
    }  # fmt: skip


def _get_seconds_since(batch, moment):
    return (batch.env.cr.now() - moment).total_seconds() if moment else 0


def _name_counts(counts, names):
    return [{"code": code, "name": names.get(code, code), "count": n} for code, n in (counts or {}).items() if n]


def _get_values(batch):
    """Return what became of the values that are no names of ours, those of most rows first."""
    values = batch.value_ids.sorted(lambda value: (value.certainty == "none", -value.rows))[:SHOWN_VALUES]
    labels = get_target_labels(batch.env)
    return [{"id": value.id, "column": labels[value.target], "value": value.value, "meaning": describe_meaning(value),
             "count": value.rows} for value in values]  # fmt: skip


def _get_left(batch):
    """Return how many rows nobody gets, with reasons: as planned; once the import has ended, as it was."""
    run = as_system(batch.run_id)
    if batch.state not in ("done", "cancelled") or run.state not in ("done", "cancelled"):
        return (batch.figures or {}).get("left")
    return {**(run.exclusions or {}), **(run.left_over or {})}


def _get_shares(batch):
    """Return the shares: of the run once there is one, else of the preview."""
    if not batch.run_id:
        return (batch.figures or {}).get("shares", [])
    return [_describe_line(line, line.leads_received) for line in as_system(batch.run_id).member_line_ids]


def _describe_line(line, gets):
    return {"user_id": line.user_id.id, "name": line.salesperson_name, "before": line.leads_before_total,
            "target": line.target_leads, "gets": gets}  # fmt: skip


def get_plan_figures(run, received, left_over):
    """Return who gets how many rows by the plan of a run, and how many nobody gets, with reasons.

    :param received: Counter of the rows that each user gets
    :param left_over: Counter of the reasons why nobody gets rows that may be called
    """
    rows = as_system(run.env["lead.import.row"])
    blocked = [("batch_id", "=", run.import_batch_id.id), ("state", "=", "ready"), ("do_not_call", "!=", False)]
    dnc = rows.search_count(blocked)
    lines = as_system(run).member_line_ids
    return {
        "shares": [_describe_line(line, received[line.user_id.id]) for line in lines],
        "left": {**({"dnc": dnc} if dnc else {}), **dict(sorted(left_over.items()))},
    }
