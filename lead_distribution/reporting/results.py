# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a run came to, in the shape of specification 9.3: for programs that called it."""

SUCCESSFUL = ("planned", "applying", "done", "reverted")


def describe_result(figures, lines, options, _):
    """Return the keys of section 9.3.2 that the figures of a run do not have.

    :param figures: what ``lead.distribution.run._get_figures`` returns
    :param lines: the run's tracking lines
    :param options: what was asked of the run
    :param _: translates a text; terms are filled in by name
    """
    return {
        "success": figures["state"] in SUCCESSFUL,
        "message": _tell(figures, _),
        "salespeople_count": len(figures["salespeople"]),
        "pre_counts": _count_by_status(lines, "leads_before"),
        "post_counts": _count_by_status(lines, "leads_after"),
        "summary": _sum_up(figures),
        "options": options or {},
    }


def count_days(first, last):
    """Return how many days a window has, both ends included; None where a side is open.

    >>> from datetime import date
    >>> count_days(date(2024, 1, 1), date(2024, 1, 31)), count_days(None, date(2024, 1, 31))
    (31, None)
    """
    return (last - first).days + 1 if first and last else None


def _count_by_status(lines, name):
    """Return {user id as text: {status code: leads}}; leads without status are under "none"."""
    return {
        str(line.user_id.id): {code or "none": count for code, count in (line[name] or {}).items()}
        for line in lines
        if line.user_id
    }


def _sum_up(figures):
    """Return the summary of a run, with the names of section 9.3.1."""
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
        return _("%(distributed)s of %(found)s leads found go to %(people)s people.", **counts)
    return _("%(distributed)s of %(found)s leads found went to %(people)s people.", **counts)
