"""The report of one run as data, under the names that readers of reports know."""

from collections import Counter


def get_report_data(run, figures):
    """Return the report as values that JSON can hold.

    :param figures: of the run, see ``get_figures``
    """
    data = {
        **{
            key: figures[key]
            for key in ("campaign", "date", "date_range", "state", "dry_run", "strategy", "origin", "kind")
        },
        "execution_time_seconds": figures["execution_time_seconds"],
        "excluded_users": run.excluded_users or [],
        "distribution_summary": _sum_up(figures),
        "dropback_summary": {
            "leads_dropped_back": figures["leads_dropped_back"],
            "dropback_failed": figures["dropback_failed"],
            "success_rate": figures["dropback_success_rate"],
            "seconds": figures["dropback_seconds"],
            "by_rule": figures["dropback_summary"],
        },
        "salesperson_summary": [_describe_person(person) for person in figures["salespeople"]],
        "lead_characteristics": {
            **{key: figures[key] for key in ("by_source", "by_status", "by_campaign")},
            "by_date_range": fill_ages(run.leads_by_age),
        },
    }
    return {**data, "analytics": _analyze(figures)} if run.campaign_id.report_analytics else data


def fill_ages(counts):
    """Return the leads by age, with zeros for what was not counted."""
    return {"older_than_2_months": 0, "younger_than_6_months": 0, **(counts or {})}


def _sum_up(figures):
    left = [(figures["left_over_names"][reason], count) for reason, count in figures["left_over"].items() if count]
    return {
        "total_leads_found": figures["leads_found"],
        "total_leads_distributed": figures["leads_distributed"],
        "leads_not_distributed": figures["leads_not_distributed"],
        "reason_not_distributed": ", ".join(f"{name}: {count}" for name, count in left),
        "distribution_efficiency": figures["efficiency"],
    }


def _describe_person(person):
    return {
        "name": person["name"],
        "id": person["user_id"] or None,
        "level": person["level"],
        "target_leads": person["target"],
        "current_leads": person["before"],
        "leads_received": person["received"],
        "leads_dropped_back": person["dropped_back"],
        "leads_given_up": person["given_up"],
        "leads_otherwise": 0,
        "new_total": person["after"],
        "utilization": person["utilization"],
    }


def _analyze(figures):
    refused = Counter()
    for step in figures["funnel"]:  # filters of two fields may have one name
        refused[step["name"]] += step["refused"]
    return {
        "fairness_index": figures["fairness_index"],
        "spread": figures["spread"],
        "refused": dict(refused),
        "recommendations": figures["recommendations"],
    }
