"""Files that leave the database: each says who made it, and the server's log has a line for it."""

import logging

from odoo import SUPERUSER_ID
from odoo.fields import Datetime
from odoo.http import request
from odoo.tools.misc import format_datetime

_logger = logging.getLogger(__name__)


def get_maker(env):
    """Return the name of who makes a file; nothing if the server does, by a schedule."""
    return "" if env.uid == SUPERUSER_ID else env.user.name


def describe_maker(env):
    """Return who makes a file and when, in the language and the time zone of that person."""
    now, name = format_datetime(env, Datetime.now(), dt_format="short"), get_maker(env)
    if not name:
        return env._("Made automatically on %s", now)
    return env._("Made by %(name)s on %(date)s", name=name, date=now)


def stamp_workbook(book, env):
    """Write into the properties of a workbook who made it and when."""
    book.set_properties({"author": get_maker(env), "comments": describe_maker(env)})


def note_file(record, what, rows=None):
    """Write to the log that somebody took a file, as Odoo does for its own exports.

    The log, and no table: it can be written where the database is only read, nobody of the sales team changes it, and
    whoever watches what Odoo's own exports take out has one place to look at.

    :param record: what the file is about, in the environment of who takes it; or a model
    :param what: format or kind of the file
    :param rows: how many rows it has; None: not known, as it was made before
    """
    address = request.httprequest.environ.get("REMOTE_ADDR") if request else "the server"
    count = "a file" if rows is None else f"{rows} rows"
    _logger.info("User %d exported %s (%s) of %s%s from %s.",
                 record.env.uid, count, what, record._name, record.ids, address)  # fmt: skip
