from odoo import api, fields, models
from odoo.tools import SQL

KEPT_HOURS = 24  # far longer than a transaction takes


class LeadImportKey(models.Model):
    """A hashed e-mail or phone that an import is bringing just now, see ``importing/keys.py``."""

    _name = "lead.import.key"
    _description = "Key of an Imported Row"
    _log_access = False

    used_on = fields.Datetime(string="Used on")

    @api.autovacuum
    def _forget_old(self):
        """Delete the keys of transactions that ended long ago."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), hours=KEPT_HOURS)
        self.env.cr.execute(SQL("DELETE FROM lead_import_key WHERE used_on < %s", limit))
