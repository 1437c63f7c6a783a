from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...importing.limits import DEFAULTS


class ResConfigSettings(models.TransientModel):
    """Limits of imports."""

    _inherit = "res.config.settings"

    lead_distribution_import_max_mib = fields.Integer(
        string="Size of a file to import (MiB)",
        config_parameter="lead_distribution.import_max_mib",
        default=DEFAULTS["max_mib"],
    )
    lead_distribution_import_max_rows = fields.Integer(
        string="Rows of a file to import",
        config_parameter="lead_distribution.import_max_rows",
        default=DEFAULTS["max_rows"],
    )
    lead_distribution_import_max_columns = fields.Integer(
        string="Columns of a file to import",
        config_parameter="lead_distribution.import_max_columns",
        default=DEFAULTS["max_columns"],
    )
    lead_distribution_import_max_seconds = fields.Integer(
        string="Processor time for reading a file (s)",
        config_parameter="lead_distribution.import_max_seconds",
        default=DEFAULTS["max_seconds"],
        help="A file is read in a process of its own, which is stopped when it takes longer.",
    )
    lead_distribution_import_max_memory_mib = fields.Integer(
        string="Memory for reading a file (MiB)",
        config_parameter="lead_distribution.import_max_memory_mib",
        default=DEFAULTS["max_memory_mib"],
        help="A file is read in a process of its own, which is stopped when it takes more.",
    )
    lead_distribution_import_max_api_rows = fields.Integer(
        string="Leads of one request",
        config_parameter="lead_distribution.import_max_api_rows",
        default=DEFAULTS["max_api_rows"],
    )
    lead_distribution_import_undo_days = fields.Integer(
        string="Days in which an import can be undone",
        config_parameter="lead_distribution.import_undo_days",
        default=DEFAULTS["undo_days"],
    )
    lead_distribution_import_draft_days = fields.Integer(
        string="Days after which an upload that was never imported is removed",
        config_parameter="lead_distribution.import_draft_days",
        default=DEFAULTS["draft_days"],
    )
    lead_distribution_import_failed_days = fields.Integer(
        string="Days after which an import that stopped before its first lead is removed",
        config_parameter="lead_distribution.import_failed_days",
        default=DEFAULTS["failed_days"],
    )

    @api.constrains(*(f"lead_distribution_import_{name}" for name in DEFAULTS))
    def _check_lead_distribution_import_limits(self):
        for settings in self:
            if any(settings[f"lead_distribution_import_{name}"] < 1 for name in DEFAULTS):
                raise ValidationError(self.env._("The limits of imports are whole numbers from 1."))
