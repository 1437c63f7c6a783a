"""Keep a plan: its run, and one history row for each lead that is handed out or drops back."""

from odoo import fields
from odoo.tools import split_every

from ..finding.scope import get_today
from ..names import ROWS_AT_ONCE, SNAPSHOT_FIELDS
from ..work.defaults import share_defaults

# origins of growing runs; who pulls leads knows of them
TOLD_LATER = ("live", "take_back", "decline")
# the lead's columns of which a history row keeps something
KEPT_COLUMNS = (
    "id", *SNAPSHOT_FIELDS, "source_id", "campaign_id", "priority", "name", "type",
    "distribution_campaign_id", "distributed_on", "received_on",
)  # fmt: skip


def create_run(campaign, request, seed, found, left_out, warnings, **decided):
    """Return a new run, as far as it is known before anything is decided.

    :param found: see ``finding.candidates.Found``
    :param left_out: {name: why this person receives nothing}
    :param warnings: what in the settings does not work, in words
    :param decided: what else is written on it
    """
    first, last = found.window
    return campaign.env["lead.distribution.run"].create(
        {
            "campaign_id": campaign.id,
            "company_id": campaign.company_id.id,
            "user_id": campaign.env.uid,
            "strategy": request.strategy or campaign.strategy,
            "distribution_order": campaign.distribution_order,
            "seed": seed,
            "distribution_date": get_today(campaign),
            "date_from": first,
            "date_to": last,
            "options": request.to_options(),
            "leads_found": len(found.candidates),
            "outside": found.outside,
            "exclusions": {step: count for step, count in found.excluded.items() if count},
            "sales_by_stage": found.sales_by_stage,
            "left_out": left_out,
            "warnings": [*found.warnings, *warnings],
            **decided,
        }
    )


def store_decisions(run, plan, users, line_ups, kind="distribution"):
    """Store who gets which lead; return {reason: ids} of the leads that nobody gets.

    :param kind: of the rows
    """
    left = {}
    taken = ((None, decision) for decision in plan.decisions if decision.left_over is None)
    shared = {None: {**_get_row_values(run), "kind": kind, "strategy": run.strategy}}
    _create_assignments(run, taken, users, {None: line_ups}, shared)
    _add_left(left, plan)
    return left


def store_decisions_of_both(run, plans, users, line_ups):
    """Store who gets which lead by which way, in the order of the queue; return {reason: ids} of the leads left over.

    :param plans: see ``engine.Plans``
    :param line_ups: {way: ``LineUps``}
    """
    left = {}
    taken = ((arm, decision) for arm, decision in plans if decision.left_over is None)
    run_values = {**_get_row_values(run), "kind": "distribution", "experiment_id": run.experiment_id.id}
    shared = {arm: {**run_values, "arm": arm, "strategy": plan.strategy} for arm, plan in plans.plans.items()}
    _create_assignments(run, taken, users, line_ups, shared)
    for plan in (*plans.plans.values(), plans.rest):
        _add_left(left, plan)
    return left


def _add_left(left, plan):
    for decision in plan.decisions:
        if decision.left_over is not None:
            left.setdefault(decision.left_over.value, []).append(decision.lead_id)


def _create_assignments(run, taken, users, line_ups, shared):
    """Create the rows of decisions.

    :param taken: (way, decision); without an experiment the way is None
    :param line_ups: {way: ``LineUps``}
    :param shared: {way: values of all its rows}
    """
    names = {user.id: user.name for user in users}
    for part in split_every(ROWS_AT_ONCE, taken, list):
        snapshots = _read_snapshots(run.env, [decision.lead_id for _arm, decision in part])
        _create_rows(
            run.env,
            [
                {
                    **shared[arm],
                    **snapshots[decision.lead_id],
                    "user_id": decision.person_id,
                    "user_name": names[decision.person_id],
                    "turn": decision.turn,
                    **line_ups[arm].prepare_values(decision),
                }
                for arm, decision in part
            ],
        )


def store_dropback(run, dropped):
    """Store what drops back.

    :param dropped: list of ``DroppedLead``
    """
    shared = {**_get_row_values(run), "kind": "dropback", "strategy": "dropback"}
    for part in split_every(ROWS_AT_ONCE, dropped, list):
        snapshots = _read_snapshots(run.env, [lead.lead_id for lead in part])
        _create_rows(
            run.env,
            [
                {
                    **shared,
                    **snapshots[lead.lead_id],
                    "user_id": lead.user.id,
                    "user_name": lead.user.name,
                    "reason": lead.rule.name,
                    "dropback_rule_id": lead.rule.id,
                }
                for lead in part
            ],
        )


def store_fallback(run, lead_ids, user):
    """Store which leads a person gets because nobody else could take them."""
    store_for(run, lead_ids, user, kind="fallback", strategy="fallback", reason="fallback")


def store_for(run, lead_ids, user, **values):
    """Store which leads a named person gets.

    :param values: of all the rows
    """
    shared = {**_get_row_values(run), **values}
    for part in split_every(ROWS_AT_ONCE, lead_ids, list):
        snapshots = _read_snapshots(run.env, part)
        person = {"user_id": user.id, "user_name": user.name}
        _create_rows(run.env, [{**shared, **snapshots[lead_id], **person} for lead_id in part])


def store_returns(run, user, back):
    """Store which leads come back to a person.

    :param back: {lead id: what the row keeps of it besides, see ``applying.covered``}
    """
    shared = {**_get_row_values(run), "kind": "cover_return", "user_id": user.id, "user_name": user.name}
    for part in split_every(ROWS_AT_ONCE, back, list):
        snapshots = _read_snapshots(run.env, part)
        rows = [{**shared, **snapshots[lead_id]} for lead_id in part]
        _create_rows(run.env, [{**row, "before": {**(row["before"] or {}), **back[row["lead_id"]]}} for row in rows])


def _get_row_values(run):
    """Return the values that all rows of a run have; of leads of growing runs people hear by and by, not of a run."""
    is_untold = run.origin in TOLD_LATER and run.campaign_id.notify_salespeople != "none"
    way = {"experiment_id": run.experiment_id.id, "arm": run.arm} if run.arm else {}
    return {**get_shared_values(run), **way, **({"is_untold": True} if is_untold else {})}


def get_shared_values(run):
    """Return the values that all rows and lines of a run have."""
    return {
        "run_id": run.id,
        "campaign_id": run.campaign_id.id,
        "company_id": run.company_id.id,
        "distribution_date": run.distribution_date,
    }


def _create_rows(env, values):
    rows = share_defaults(env["lead.distribution.assignment"])
    rows.create(values)
    rows.invalidate_model()


def _read_snapshots(env, lead_ids):
    """Return {lead id: what a history row keeps of the lead}, in one statement."""
    leads = env["crm.lead"].with_context(active_test=False)
    query = leads._search([("id", "in", lead_ids)])
    columns = [leads._field_to_sql(leads._table, name, query) for name in KEPT_COLUMNS]
    rows = [dict(zip(KEPT_COLUMNS, row, strict=True)) for row in env.execute_query(query.select(*columns))]
    holder_ids = {row["open_user_id"] or row["user_id"] for row in rows} - {None}
    holders = env["res.users"].with_context(active_test=False).browse(holder_ids)
    names = {user.id: user.name for user in holders}
    return {row["id"]: _prepare_snapshot(row, names) for row in rows}


def _prepare_snapshot(row, holders):
    """Return what a history row keeps of a lead.

    :param row: dict of ``KEPT_COLUMNS``
    :param holders: {user id: name}
    """
    previous = row["open_user_id"] or row["user_id"]
    before = {name: row[name] for name in SNAPSHOT_FIELDS}
    if row["type"] != "lead":
        before["type"] = row["type"]
    before["distribution_campaign_id"] = row["distribution_campaign_id"]
    for name in ("distributed_on", "received_on"):
        before[name] = row[name] and fields.Datetime.to_string(row[name])
    return {
        "lead_id": row["id"],
        "lead_name": row["name"],
        "previous_user_id": previous,
        "previous_user_name": holders.get(previous),
        "lead_status_id": row["lead_status_id"],
        "source_id": row["source_id"],
        "marketing_campaign_id": row["campaign_id"],
        "priority": int(row["priority"] or 0),
        "before": {key: value for key, value in before.items() if value} or None,
    }
