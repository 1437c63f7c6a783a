"""Files that name a person: those kept at campaigns and runs, and uploads that nobody has gone on with."""

import contextlib
import gzip
import io
import logging
import zlib

from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.lead_distribution.importing.reading import read_rows

_logger = logging.getLogger(__name__)

OWNERS = ("lead.distribution.campaign", "lead.distribution.run")
READABLE = ("text/", "application/json", "application/gzip")  # beginnings of their types
MAX_BYTES = 200_000_000  # of a file that is unpacked


def find_files(env, person):
    """Return the ids of the archives, lists and reports kept as text that name the person."""
    kept = Domain("res_model", "in", OWNERS) & Domain("res_field", "=", False) & Domain("type", "=", "binary")
    found = []
    for file in env["ir.attachment"].sudo().search(kept, order="id"):  # of all companies, as Odoo's own look-up
        if (file.mimetype or "").startswith(READABLE) and is_named_in_file(file, person):
            found.append(file.id)
        file.invalidate_recordset()
    return found


def is_named_in_file(file, person):
    """Whether a kept file names the person; first and last name may stand in two cells of a line."""
    return any(person.is_named_by(line.replace('"', " ").split(",")) for line in read_text(file).splitlines())


def read_text(file):
    """Return the text of a kept file; nothing of one that is damaged."""
    data = file.raw or b""
    if file.mimetype == "application/gzip":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(data)) as packed:
                data = packed.read(MAX_BYTES)
        except (OSError, EOFError, zlib.error):
            return ""
    return data.decode("utf-8", "replace")


def find_drafts(env, person):
    """Return the ids of imports of which only the file is there so far, with the person in it."""
    drafts = env["lead.import.batch"].sudo()  # of all companies, as Odoo's own look-up
    uploaded = drafts.search([("state", "=", "draft"), ("row_ids", "=", False), ("file", "!=", False)], order="id")
    return [batch.id for batch in uploaded if _is_named_in_draft(batch, person)]


def _is_named_in_draft(batch, person):
    try:
        with contextlib.closing(read_rows(batch)) as rows:
            return any(person.is_named_by([str(cell or "") for cell in cells]) for _number, cells in rows)
    except UserError:  # nobody can read it
        _logger.info("Privacy: the file of import %s cannot be read", batch.id)
        return False
