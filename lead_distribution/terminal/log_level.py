"""What ``--log-level`` shows: more of the addon than of Odoo, and never the statements of the database."""

import logging

# level asked for → the addon's own messages, those of Odoo; as numbers, since Odoo gives the name INFO to another one
LEVELS = {
    "DEBUG": (logging.DEBUG, logging.INFO),
    "INFO": (logging.INFO, logging.WARNING),
    "WARNING": (logging.WARNING, logging.WARNING),
    "ERROR": (logging.ERROR, logging.ERROR),
}


def apply_log_level(level):
    """Set the levels of this process."""
    own, others = LEVELS[level]
    for name in ("odoo", "odoo.sql_db", "py.warnings"):
        logging.getLogger(name).setLevel(others)
    logging.getLogger("odoo.addons.lead_distribution").setLevel(own)
