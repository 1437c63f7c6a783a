"""The summary that a run keeps of itself; it outlives the single assignments, which may be removed after a time."""

from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL

from ..engine.names import name_key
from ..finding.scope import get_today
from ..names import NOTHING
from .figures import BREAKDOWNS, count_breakdowns, get_counted_domain, measure_shares


def summarize(run):
    """Return the columns of the summary, from the assignments and tracking lines; a fixed number of queries."""
    lines, counts = run.member_line_ids, count_breakdowns(run)
    shares, counted = measure_shares(lines), get_counted_domain(run)
    return {
        "salespeople_eligible": len(lines),
        "salespeople_received": shares.people,
        "average_received": shares.average,
        "largest_received": shares.largest,
        "smallest_received": shares.smallest,
        "fairness_index": shares.fairness,
        "utilization_spread": shares.spread,
        "leads_reassigned": _count_reassigned(run, counted),
        "leads_by_age": _count_ages(run, counted, run.distribution_date or get_today(run.campaign_id)),
        "excluded_users": _get_excluded_names(run.campaign_id),
        **{field: counts[key] for key, (field, _name) in BREAKDOWNS.items()},
    }


def add_to_summary(run, rows):
    """Add some rows that were done to the summary of a run that goes on; the shares are those of its lines.

    :param rows: assignments of the run
    """
    rows = rows.filtered(lambda row: row.kind != "dropback")
    shares = measure_shares(run.member_line_ids)
    counts = {
        field: dict(Counter(run[field] or {}) + Counter(row[name].display_name or NOTHING for row in rows))
        for field, name in BREAKDOWNS.values()
    }
    ages = _count_own_ages(run, rows)
    run.write(
        {
            "salespeople_eligible": len(run.member_line_ids),
            "salespeople_received": shares.people,
            "average_received": shares.average,
            "largest_received": shares.largest,
            "smallest_received": shares.smallest,
            "fairness_index": shares.fairness,
            "utilization_spread": shares.spread,
            "leads_reassigned": run.leads_reassigned + len(rows.filtered("previous_user_id")),
            "leads_by_age": {name: n + (run.leads_by_age or {}).get(name, 0) for name, n in ages.items()},
            "excluded_users": _get_excluded_names(run.campaign_id),
            **counts,
        }
    )


def _count_own_ages(run, rows):
    dates = [row.lead_id.source_date for row in rows if row.lead_id.source_date]
    older = sum(date < run.distribution_date - relativedelta(months=2) for date in dates)
    younger = sum(date > run.distribution_date - relativedelta(months=6) for date in dates)
    return {"older_than_2_months": older, "younger_than_6_months": younger}


def _count_reassigned(run, counted):
    domain = [*counted, ("previous_user_id", "!=", False)]
    return run.env["lead.distribution.assignment"].search_count(domain)


def _count_ages(run, counted, day):
    """Count the leads older than 2 months, and those younger than 6.

    :param counted: domain of the rows that count
    """
    run.env["crm.lead"].flush_model(["source_date"])
    query = run.env["lead.distribution.assignment"]._search(counted)
    lead = query.make_alias("lead_distribution_assignment", "lead")
    query.add_join(
        "JOIN", lead, "crm_lead", SQL("lead_distribution_assignment.lead_id = %s", SQL.identifier(lead, "id"))
    )
    date = SQL.identifier(lead, "source_date")
    [(older, younger)] = run.env.execute_query(
        query.select(
            SQL("count(*) FILTER (WHERE %s < %s)", date, day - relativedelta(months=2)),
            SQL("count(*) FILTER (WHERE %s > %s)", date, day - relativedelta(months=6)),
        )
    )
    return {"older_than_2_months": older, "younger_than_6_months": younger}


def _get_excluded_names(campaign):
    """Return the names of protected people, and of those who receive nothing by name."""
    campaign = campaign.with_context(active_test=False)
    users = campaign.protected_user_ids | campaign.excluded_receiver_ids
    return sorted(set(users.mapped("name")), key=name_key)
