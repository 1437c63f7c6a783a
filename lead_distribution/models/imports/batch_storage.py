import base64
import contextlib
import logging
import os

from odoo import api, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class LeadImportBatch(models.Model):
    """Uploading when the filestore cannot take the file: refused in words, nothing half done."""

    _inherit = "lead.import.batch"

    @api.model_create_multi
    def create(self, vals_list):
        with self._storing(vals_list):
            return super().create(vals_list)

    def write(self, vals):
        with self._storing([vals]):
            return super().write(vals)

    @contextlib.contextmanager
    def _storing(self, vals_list):
        """Turn the failure to store a file into words; neither a record nor a half file is left.

        :raise UserError: when the disk takes no file
        """
        files = [vals["file"] for vals in vals_list if vals.get("file")]
        if not files:
            yield
            return
        try:
            with self.env.cr.savepoint():
                yield
        except OSError as error:
            _logger.error("Lead import: a file could not be stored: %s", error)
            for file in files:
                self._remove_half_file(base64.b64decode(file))
            text = self.env._(
                "The file could not be stored on the server: %s. Nothing was uploaded. Tell your administrator, and "
                "upload it again afterwards.",
                error.strerror or error,
            )
            raise UserError(text) from error

    @api.model
    def _remove_half_file(self, data):
        """Remove what was written of a file: a part of it, or a whole one that nobody refers to.

        Odoo names files by their content: a part would be taken for another file of that name,
        and the same upload be refused for ever.
        """
        attachments = self.env["ir.attachment"].sudo()
        checksum = attachments._compute_checksum(data)
        name = f"{checksum[:2]}/{checksum}"
        path = attachments._full_path(name)
        referred = attachments.search_count([("store_fname", "=", name), ("id", "!=", False)], limit=1)
        with contextlib.suppress(FileNotFoundError):
            if os.path.getsize(path) != len(data) or not referred:
                os.unlink(path)
