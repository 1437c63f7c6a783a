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
MAX_CHARACTERS = 200_000_000  # of a file that is written anew
DAMAGED = (OSError, EOFError, zlib.error)


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
    try:
        with _open(file) as lines:
            return any(person.is_named_by(line.replace('"', " ").split(",")) for line in lines)
    except DAMAGED:
        _logger.info("Privacy: file %s is damaged", file.id)
        return False


def read_text(file):
    """Return the text of a kept file.

    :raise UserError: if it is damaged, or larger than what is held in memory: what cannot be read must not be lost
    """
    try:
        with _open(file) as lines:
            text = lines.read(MAX_CHARACTERS + 1)
    except DAMAGED as error:
        raise UserError(file.env._("The file %s is damaged. Delete it.", file.name)) from error
    if len(text) > MAX_CHARACTERS:
        raise UserError(file.env._("The file %s is too large to be written anew. Delete it.", file.name))
    return text


def _open(file):
    data = io.BytesIO(file.raw or b"")
    if file.mimetype == "application/gzip":
        data = gzip.GzipFile(fileobj=data)
    return io.TextIOWrapper(data, "utf-8", "replace", newline="")


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
