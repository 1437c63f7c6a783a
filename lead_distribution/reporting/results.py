# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a run came to, lead by lead and as a whole: for programs that called it."""

from ..names import COUNTED_STATES, GIVEN

SUCCESSFUL = ("planned", "applying", "done", "reverted")


def describe_result(figures, lines, options, _):
    """Return what callers ask first: whether it went well, a sentence, the counts before and after, the sums.

    :param figures: see ``get_figures``
    :param lines: the run's tracking lines
    :param options: what was asked of the run
    :param _: translates a text; terms are filled in by name
    """
    return {
        "success": figures["state"] in SUCCESSFUL and not (figures["state"] == "planned" and figures["error"]),
        "message": _tell(figures, _),
        "salespeople_count": len(figures["salespeople"]),
        "pre_counts": _count_by_status(lines, "leads_before"),
        "post_counts": _count_by_status(lines, "leads_after"),
        "summary": _sum_up(figures),
        "options": options or {},
    }


def describe_assignments(run):
    """Return the leads that the run gives, or gave, to people; and those it could not.

    ``arm``: the way of an experiment to which chance has dealt the lead, None without one.
    """
    columns = ["lead_id", "previous_user_id", "user_id", "reason", "state", "note", "arm"]
    return [
        {
            "lead_id": row["lead_id"] or None,
            "previous_user_id": row["previous_user_id"] or None,
            "user_id": row["user_id"] or None,
            "reason": row["reason"],
            "state": row["state"],
            "note": row["note"] or None,
            "arm": row["arm"] or None,
        }
        for row in _read_rows(run, GIVEN, columns)
    ]


def describe_dropback(run):
    """Return which old leads go, or went, to whom."""
    return [
        {"lead_id": row["lead_id"] or None, "user_id": row["user_id"] or None, "rule": row["reason"]}
        for row in _read_rows(run, ("dropback",), ["lead_id", "user_id", "reason", "state"])
        if row["state"] in COUNTED_STATES[run.state]
    ]


def _read_rows(run, kinds, columns):
    rows = run.env["lead.distribution.assignment"]
    return rows.search_read([("run_id", "=", run.id), ("kind", "in", kinds)], columns, order="id", load=None)


def _count_by_status(lines, name):
    """Return {user id as text: {status code: leads}}; leads without status are under "none"."""
    return {
        str(line.user_id.id): {code or "none": count for code, count in (line[name] or {}).items()}
        for line in lines
        if line.user_id
    }


def _sum_up(figures):
    """Return the sums of a run, under the names that callers know them by."""
    return {
        "total_leads_found": figures["leads_found"],
        "total_leads_distributed": figures["leads_distributed"],
        "total_leads_not_distributed": figures["leads_not_distributed"],
        "distribution_efficiency_percentage": figures["efficiency"],
        "execution_time_seconds": figures["execution_time_seconds"],
        "campaign_name": figures["campaign"],
        "distribution_strategy": figures["strategy"],
        "date_range_start": figures["date_range"][0],
        "date_range_end": figures["date_range"][1],
    }


def _tell(figures, _):
    """Return in one sentence what happened."""
    if figures["error"]:
        return figures["error"]
    if not figures["leads_found"]:
        return _("No leads were found.")
    counts = {
        "distributed": figures["leads_distributed"],
        "found": figures["leads_found"],
        "people": sum(1 for line in figures["salespeople"] if line["received"]),
    }
    if figures["state"] in ("planned", "applying"):
        return _tell_goes(counts, _)
    return _tell_went(counts, _)


def _tell_goes(counts, _):
    if counts["found"] == 1:
        return _("The lead found goes to 1 person.") if counts["people"] else _("The lead found goes to nobody.")
    if counts["people"] == 1:
        return _("%(distributed)s of %(found)s leads found go to 1 person.", **counts)
    return _("%(distributed)s of %(found)s leads found go to %(people)s people.", **counts)


def _tell_went(counts, _):
    if counts["found"] == 1:
        return _("The lead found went to 1 person.") if counts["people"] else _("The lead found went to nobody.")
    if counts["people"] == 1:
        return _("%(distributed)s of %(found)s leads found went to 1 person.", **counts)
    return _("%(distributed)s of %(found)s leads found went to %(people)s people.", **counts)
