"""Uploading when the filestore cannot take the file: refused in words, nothing half done."""

import base64
import contextlib
import logging
import os

from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


@contextlib.contextmanager
def storing(env, vals_list):
    """Turn the failure to store a file into words; neither a record nor a half file is left.

    :param vals_list: values that are about to be written; those with ``file`` bring one
    :raise UserError: when the disk takes no file
    """
    files = [vals["file"] for vals in vals_list if vals.get("file")]
    if not files:
        yield
        return
    try:
        with env.cr.savepoint():
            yield
    except OSError as error:
        _logger.error("Lead import: a file could not be stored: %s", error)
        for file in files:
            remove_half_file(env, base64.b64decode(file))
        text = env._(
            "The file could not be stored on the server: %s. Nothing was uploaded. Tell your administrator, and "
            "upload it again afterwards.",
            error.strerror or error,
        )
        raise UserError(text) from error


def remove_half_file(env, data):
    """Remove what was written of a file: a part of it, or a whole one that nobody refers to.

    Odoo names files by their content: a part would be taken for another file of that name,
    and the same upload be refused for ever.
    """
    attachments = env["ir.attachment"].sudo()  # whoever else has a file of this content
    checksum = attachments._compute_checksum(data)
    name = f"{checksum[:2]}/{checksum}"
    path = attachments._full_path(name)
    referred = attachments.search_count([("store_fname", "=", name), ("id", "!=", False)], limit=1)
    with contextlib.suppress(FileNotFoundError):
        if os.path.getsize(path) != len(data) or not referred:
            os.unlink(path)
