from odoo import api, fields, models
from odoo.tools import SQL

KEPT_HOURS = 24  # far longer than a transaction takes


class LeadImportKey(models.Model):
    """What imports are bringing just now, so that two of them see each other.

    A transaction does not see what others commit after it began. So each chunk writes the hashed
    e-mails and phones of its rows here, before it looks for duplicates. Of two chunks with the same
    key the second one waits for the first, fails as a conflict and is done once more; then it finds
    the lead of the first. The hash is the id: two texts with one hash cost a second try, no more.
    """

    _name = "lead.import.key"
    _description = "Key of an Imported Row"
    _log_access = False

    used_on = fields.Datetime()

    @api.model
    def _claim(self, keys):
        """Have any other transaction with one of these keys end first, or this one fail as a conflict.

        :param keys: texts; sorted here, so that two chunks do not wait for each other
        """
        if keys:
            statement = SQL(
                "INSERT INTO lead_import_key (id, used_on) SELECT DISTINCT hashtext(k), %s::timestamp "
                "FROM unnest(%s::text[]) k ORDER BY 1 ON CONFLICT (id) DO UPDATE SET used_on = EXCLUDED.used_on",
                fields.Datetime.now(), list(keys),
            )  # fmt: skip
            self.env.cr.execute(statement)

    @api.autovacuum
    def _forget_old(self):
        """Delete the keys of transactions that ended long ago."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), hours=KEPT_HOURS)
        self.env.cr.execute(SQL("DELETE FROM lead_import_key WHERE used_on < %s", limit))
