# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Lists of leads that a run keeps as files, for managers."""

import base64

from ..finding.customers import MOST_LISTED
from ..tools.labels import get_labels
from ..tools.safe_export import write_csv

DROPBACK_COLUMNS = ["lead_id", "lead_name", "previous_user_name", "user_name", "reason", "state", "note"]


def keep_sales_list(run, header, rows):
    """Keep the leads that left for an opportunity.

    :param rows: cells of each lead, under the header
    """
    _keep_list(run, run.env._("Customers with an opportunity"), header, rows)


def keep_dropback_list(run):
    """Keep what drops back, or has dropped back, if the campaign wants it."""
    if not run.campaign_id.dropback_export or not (run.leads_dropped_back or run.dropback_failed):
        return
    _ = run.env._
    rows = run.env["lead.distribution.assignment"].search_fetch(
        [("run_id", "=", run.id), ("kind", "=", "dropback")], DROPBACK_COLUMNS, order="id", limit=MOST_LISTED
    )
    states = get_labels(rows, "state")
    header = [_("Lead number"), _("Lead"), _("From"), _("To"), _("Dropback rule"), _("State"), _("Note")]
    cells = (
        [
            row.lead_id.id or "",
            row.lead_name or "",
            row.previous_user_name or "",
            row.user_name or "",
            row.reason or "",
            states.get(row.state, row.state),
            row.note or "",
        ]
        for row in rows
    )
    _keep_list(run, _("Dropped back"), header, cells)


def _keep_list(record, name, header, rows):
    """Attach a list to a record; a list of the same name is replaced.

    :param name: of the file, without ending
    :param header: titles of the columns
    :param rows: iterable of cells; nothing in them becomes a formula
    """
    file_name = f"{name}.csv"
    files = record.env["ir.attachment"]
    owner = {"res_model": record._name, "res_id": record.id}
    present = files.search([*((key, "=", value) for key, value in owner.items()), ("name", "=", file_name)], limit=1)
    values = {"datas": base64.b64encode(write_csv(header, rows)), "mimetype": "text/csv;charset=utf-8"}
    if present:
        present.write(values)
    else:
        files.create({"name": file_name, **owner, **values})
