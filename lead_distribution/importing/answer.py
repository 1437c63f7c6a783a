"""The answer to ``POST /leads/bulk``, and the leads of an import that nobody got."""

import math

from ..work.system import as_system
from .words import get_left_names


def make_answer(batch):
    """Return the answer to a request.

    :param batch: the import, with full rights
    """
    rows, domain = batch.env["lead.import.row"], [("batch_id", "=", batch.id)]
    failed = rows.search_read(
        [*domain, ("state", "in", ("error", "skipped"))], ["number", "code", "message"], order="number", load=None
    )
    inserted = rows.search_count([*domain, ("state", "=", "done")])
    assigned = batch.run_id.assignment_ids.filtered("lead_id").sorted("id")
    figures = batch.figures or {}
    callers = figures.get("callers", [])
    return {
        "success": True,
        "inserted_count": inserted,
        "error_count": len(failed),
        "errors": [{"row": row["number"], "code": row["code"], "message": row["message"]} for row in failed],
        "assignees_added": len(figures.get("added", [])),
        "assignee_ids": callers,
        "lead_assignments": [
            {"lead_id": line.lead_id.id, "assignee_id": line.user_id.id, "assignee_name": line.user_name}
            for line in assigned
        ],
        "unassigned": _get_unassigned(batch, assigned.lead_id),
        "distribution_summary": {
            "total_leads": inserted,
            "total_callers": len(callers),
            "leads_per_caller": math.ceil(len(assigned) / len(callers)) if callers else 0,
        },
    }


def _get_unassigned(batch, assigned):
    """Return the leads that were imported and that nobody got, each with the reason."""
    domain = [("batch_id", "=", batch.id), ("state", "=", "done"), ("lead_id", "not in", assigned.ids)]
    rows = batch.env["lead.import.row"].search(domain, order="number")
    names = get_left_names(batch.env) if rows else {}
    result = []
    for row in rows:
        code = "dnc" if row.do_not_call else row.code or "no_eligible"
        result.append({"lead_id": row.lead_id.id, "code": code, "reason": row.message or names.get(code, code)})
    return result


def count_left(batch):
    """Return ({reason: ids of leads nobody got}, number of leads nobody may call)."""
    rows = as_system(batch.env["lead.import.row"])
    domain = [("batch_id", "=", batch.id), ("state", "=", "done"), ("user_id", "=", False)]
    left, blocked = {}, 0
    groups = rows._read_group(domain, ["do_not_call", "code"], ["__count", "lead_id:array_agg"])
    for reason, code, count, lead_ids in groups:
        if reason:
            blocked += count
        else:
            left.setdefault(code or "no_eligible", []).extend(lead_ids)
    return left, blocked
