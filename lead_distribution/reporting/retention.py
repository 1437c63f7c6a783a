"""How long the history is kept: old rows go into compressed files, first assignments, then tracking lines and runs."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ..finding.dates import get_today
from ..names import MASKED, OPEN_EXPERIMENTS
from ..planning.merged import mask_merged
from ..tools.limits import LONGEST_DAYS
from ..work.archive import prepare_archive
from ..work.inside import YES
from .writers import safe_cell

ROWS_AT_ONCE = 5000  # rows of one file and one transaction
FINISHED = ("planned", "done", "failed", "cancelled", "reverted")  # all states but applying
PLAN_DAYS = 30  # plans that nobody applied are kept for so long, where nothing else is set
HISTORY = ("lead.distribution.assignment", "lead.distribution.run.member", "lead.distribution.run")


def remove_expired(campaign):
    """Archive and remove a batch of each part of a campaign's history that is past its age.

    :return: (rows removed, rows that remain, counted up to a batch)
    """
    done = 0
    for name in HISTORY:
        model = campaign.env[name]
        domain = _get_expired_domain(campaign, name)
        # by date: the index of campaign and date leads to the old ones
        batch = model.search(domain, order="distribution_date, id", limit=ROWS_AT_ONCE)
        if not batch:
            continue
        if campaign.archive_history:
            campaign.env["ir.attachment"].create(_archive(campaign, batch))
        batch.with_context(lead_distribution_clean_up=YES).unlink()
        done += len(batch)
        if len(batch) == ROWS_AT_ONCE:  # runs go last, when nothing hangs on them any more
            return done, model.search_count(domain, limit=ROWS_AT_ONCE)
    return done, 0


def remove_old_plans(env):
    """Remove a batch of the plans that nobody has applied for a long time; never what was begun.

    :return: (rows removed, whether more remain)
    """
    parameters = env["ir.config_parameter"].sudo()  # settings are read by administrators only
    text = str(parameters.get_param("lead_distribution.plan_days", PLAN_DAYS))
    days = int(text) if text.isdecimal() and len(text) < 10 and int(text) else PLAN_DAYS
    old = Domain("create_date", "<", fields.Datetime.subtract(fields.Datetime.now(), days=min(days, LONGEST_DAYS)))
    never_begun = Domain("state", "in", ("planned", "cancelled")) & Domain("started_on", "=", False)
    plan = env["lead.distribution.run"].search(old & never_begun & Domain("leads_done", "=", 0), order="id", limit=1)
    given = Domain("run_id", "=", plan.id) & Domain("state", "in", ("planned", "skipped"))
    rows = env["lead.distribution.assignment"].search(given, limit=ROWS_AT_ONCE)
    done = len(rows)
    if done < ROWS_AT_ONCE:
        done += len(plan)
        plan.unlink()  # with the rest of its rows; the run itself refuses that if one of them was carried out
    else:
        rows.unlink()
    return done, bool(plan)


def _get_expired_domain(campaign, name):
    """Return what is past its age; nothing of a run that is still being applied, ever."""
    limit = get_today(fields.Datetime.now(), campaign.tz) - timedelta(days=campaign.retention_days)
    domain = Domain("campaign_id", "=", campaign.id) & Domain("distribution_date", "<", limit)
    if name == "lead.distribution.run":
        return domain & Domain("state", "in", FINISHED) & Domain("assignment_ids", "=", False)
    # leads that others took over come back by their rows; what came of an experiment is counted from them
    is_needed = Domain("run_id.cover_state", "in", ("open", "ending"))
    is_needed |= Domain("run_id.experiment_id.state", "in", OPEN_EXPERIMENTS)
    if name == "lead.distribution.assignment":  # what is due, or late, is told and looked at by its row
        is_needed |= Domain("checkpoint", "!=", False)
    return domain & Domain("run_id.state", "in", FINISHED) & ~is_needed


def _archive(campaign, rows):
    """Return the attachment with the rows as compressed CSV; its columns are the fields of the model."""
    names = [
        name
        for name, field in rows._fields.items()
        if field.store and field.type not in ("one2many", "many2many") and name != "id"
    ]
    dates = rows.mapped("distribution_date")
    title = rows._name.rsplit(".", 1)[-1]
    name = f"{title}-{min(dates)}-{max(dates)}-{rows[0].id}"
    return prepare_archive(campaign, name, ["id", *names], _iterate_cells(campaign, rows, names))


def _iterate_cells(campaign, rows, names):
    for values in rows.read(names, load=None):
        if campaign.mask_personal_data and values.get("lead_name"):
            values |= {"lead_name": MASKED, "note": mask_merged(campaign.env, values["note"])}
        yield [values["id"], *(safe_cell(values[name]) for name in names)]


def mask_old_names(campaign):
    """Mask the names of leads in the history that are past the campaign's number of days.

    :return: (how many, whether there may be more)
    """
    limit = get_today(fields.Datetime.now(), campaign.tz) - timedelta(days=campaign.mask_days)
    rows = campaign.env["lead.distribution.assignment"].search(
        [
            ("campaign_id", "=", campaign.id),
            ("distribution_date", "<", limit),
            ("lead_name", "not in", (False, MASKED)),
            ("state", "!=", "planned"),
        ],
        order="distribution_date, id",
        limit=ROWS_AT_ONCE,
    )
    rows.write({"lead_name": MASKED})
    for row in rows.filtered("note"):
        note = mask_merged(row.env, row.note)
        if note != row.note:
            row.note = note
    return len(rows), len(rows) == ROWS_AT_ONCE
