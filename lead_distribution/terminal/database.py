"""Opens the database. A server that does not answer, as it is starting or out of reach, is asked again for a while."""

import time

from psycopg2 import OperationalError

from odoo.modules.registry import Registry
from odoo.sql_db import db_connect
from odoo.tools import mute_logger

PAUSES = (1, 2, 4)  # seconds; the last one again and again
MAINTENANCE = "postgres"  # the database that each server has


def open_registry(name, patience, say):
    """Return the registry of a database.

    :param patience: seconds for which a server that does not answer is asked again
    :param say: gets what somebody who waits wants to read
    :raise OperationalError: as it still does not answer, or as it refuses this database
    """
    end, turn = time.monotonic() + patience, 0
    while True:
        try:
            return Registry(name)
        except OperationalError as error:
            reason = str(error).strip().partition("\n")[0]
            left = end - time.monotonic()
            if left <= 0 or _answers():
                raise
        if not turn:
            say(f"the database cannot be reached; trying again, for {patience} s at most: {reason}")
        time.sleep(min(left, PAUSES[min(turn, len(PAUSES) - 1)]))
        turn += 1


def _answers():
    """Whether the server is there, so that what is wrong is the name of the database, or its rights."""
    try:
        with mute_logger("odoo.sql_db"), db_connect(MAINTENANCE).cursor():
            return True
    except OperationalError:
        return False
