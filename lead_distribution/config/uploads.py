# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The files of a configuration as people upload them: one by one, or in a zip."""

import io
import zipfile
import zlib

from odoo.exceptions import UserError

from .tables import normal_path

MAX_FILES = 50
MAX_BYTES = 10_000_000
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # others take as much memory as a file asks for
BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, OSError, EOFError, ValueError)


def read_uploads(uploads, _):
    """Return {path: content} of uploaded files, and of the files in those that are zips.

    :param uploads: [(name, content)]
    :raise UserError: a zip is broken or too large, or two different files have one name
    """
    found, twice = {}, set()
    for name, content in uploads:
        for each, data in _unzip(content, _) if name.lower().endswith(".zip") else [(name, content)]:
            path = normal_path(each)
            if found.setdefault(path, data) != data:
                twice.add(path)
    if twice:
        raise UserError(
            _(
                "Several different files have the same name. Please upload only one of each: %s",
                ", ".join(sorted(twice)),
            )
        )
    return found


def _unzip(content, _):
    """Return [(name, content)] of a zip: not many, not large, whatever its directory claims."""
    if len(content) > MAX_BYTES:
        raise UserError(_("The files of the zip are too large."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [member for member in archive.infolist() if not (member.is_dir() or _is_hidden(member.filename))]
            if len(members) > MAX_FILES:
                raise UserError(_("The zip has more than %s files.", MAX_FILES))
            return _read_members(archive, members, _)
    except BROKEN_ZIP as error:
        raise UserError(_("This zip cannot be read: %s", error)) from error


def _is_hidden(path):
    """Whether macOS has added a file beside another one, with its name behind these signs, as it does in each zip."""
    return normal_path(path).rpartition("/")[2].startswith("._")


def _read_members(archive, members, _):
    files, left = [], MAX_BYTES
    for member in members:
        if member.compress_type not in PACKINGS:
            raise zipfile.BadZipFile(_("it is packed in an unusual way"))
        with archive.open(member) as file:
            data = file.read(left + 1)
        left -= len(data)
        if left < 0:
            raise UserError(_("The files of the zip are too large."))
        files.append((member.filename, data))
    return files
