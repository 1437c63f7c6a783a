"""Imports grow old with the history of their campaign: files, rows and samples hold personal data.

The leads themselves are not touched.
"""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain
from odoo.tools import SQL

from ..finding.dates import get_today
from ..names import MASKED
from ..reporting.writers import safe_cell
from ..work.archive import prepare_archive
from .limits import get_limit

OVER = ("done", "cancelled", "failed", "undone")
PERSONAL = ("raw", "values", "email_key", "phone_keys", "name_key", "before")
ROWS_READ = 2000
DRAFTS_AT_ONCE = 1000


def get_old_domain(campaign, days):
    """Return the imports of a campaign that have been over for so many days."""
    limit = get_today(fields.Datetime.now(), campaign.tz) - timedelta(days=days)
    return Domain("campaign_id", "=", campaign.id) & Domain("state", "in", OVER) & Domain("started_on", "<", limit)


def find_expired(env):
    """Yield the imports of each campaign that are past their time: one to remove, and another if there are more."""
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    for campaign in campaigns.search([("retention_days", ">", 0)], order="id"):
        domain = get_old_domain(campaign, campaign.retention_days)
        yield env["lead.import.batch"].search(domain, order="id", limit=2)


def find_unmasked(env):
    """Yield the same of each campaign that keeps personal data for a time only."""
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    for campaign in campaigns.search([("mask_personal_data", "=", True)], order="id"):
        domain = get_old_domain(campaign, campaign.mask_days) & Domain("is_masked", "=", False)
        yield env["lead.import.batch"].search(domain, order="id", limit=2)


def find_abandoned(env):
    """Return uploads that nobody has gone on with for a long time, and that were never started; some at a time."""
    limit = _get_age_limit(env, "draft_days")
    return env["lead.import.batch"].search([("state", "=", "draft"), ("write_date", "<", limit)], limit=DRAFTS_AT_ONCE)


def find_stillborn(env):
    """Return one import that an error stopped a long time ago, and of which no row became a lead."""
    old = Domain("state", "=", "failed") & Domain("finished_on", "<", _get_age_limit(env, "failed_days"))
    with_leads = Domain("row_ids", "any", [("state", "in", ("done", "updated", "undone", "kept"))])
    return env["lead.import.batch"].search(old & ~with_leads, order="id", limit=1)


def _get_age_limit(env, name):
    return fields.Datetime.subtract(fields.Datetime.now(), days=get_limit(env, name))


def mask(batch):
    """Delete the file, the cells, the samples and the names in reasons; numbers and links to leads stay."""
    rows = batch.env["lead.import.row"]
    settings = SQL(", ").join(SQL("%s = NULL", SQL.identifier(name)) for name in PERSONAL)
    rows.flush_model()
    rows.env.cr.execute(
        SQL(
            "UPDATE lead_import_row SET %s, message = CASE WHEN message IS NULL OR user_id IS NOT NULL "
            "THEN message ELSE %s END WHERE batch_id = %s",
            settings,
            MASKED,
            batch.id,
        )
    )
    rows.invalidate_model()
    batch.column_ids.write({"samples": False})
    batch.value_ids.unlink()
    answer = dict(batch.answer or {})
    answer["errors"] = [{**error, "message": MASKED} for error in answer.get("errors", [])]
    batch.write({"file": False, "is_masked": True, "error": False, "answer": answer if batch.answer else False,
                 "values_met": False, "values_read": False})  # fmt: skip


def archive(batch):
    """Keep the rows of an import as a file, if its campaign wants that; without cells if names are masked."""
    campaign = batch.campaign_id
    if not campaign.archive_history:
        return
    with_cells = not (campaign.mask_personal_data or batch.is_masked)
    names = [safe_cell(column.name) for column in batch.column_ids] if with_cells else []
    header = ["row", "state", "code", "salesperson", "lead_id", *names]
    name = f"import-{batch.started_on.date()}-{batch.id}"
    values = prepare_archive(campaign, name, header, _iterate_rows(batch, with_cells))
    batch.env["ir.attachment"].create(values)


def _iterate_rows(batch, with_cells):
    last, rows = 0, batch.env["lead.import.row"]
    while found := rows.search([("batch_id", "=", batch.id), ("id", ">", last)], order="id", limit=ROWS_READ):
        for row in found:
            cells = [safe_cell(cell) for cell in row.raw or []] if with_cells else []
            user = safe_cell(row.user_id.name or "")
            yield [row.number, row.state, row.code or "", user, row.lead_id.id or "", *cells]
        last = found[-1].id
        found.invalidate_recordset()
