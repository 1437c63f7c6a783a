"""The end of an import: what is kept, and who is told."""

import logging

from odoo import fields

from .failing import settle_failure

_logger = logging.getLogger(__name__)


def note_end(batch, state, counts):
    """Write that an import has ended, and how long it took.

    :param counts: {state: how many rows}
    """
    done = {"rows_done": batch.rows_to_do} if state == "done" else {}  # what a killed process did was not counted
    ended = {"state": state, "finished_on": fields.Datetime.now(), "step": "result", "is_stopping": False}
    seconds = get_seconds(batch)
    batch.write({**ended, **done, "counts": counts})
    settle_failure(batch)
    text = ", ".join(f"{count} {row_state}" for row_state, count in sorted(counts.items()))
    _logger.info("Import %s ended (%s): rows: %s; %.0f s", batch.id, state, text or "none", seconds)


def get_seconds(batch):
    """Return how long an import has taken until now, or until an error stopped it: it may be given up much later."""
    return ((batch.finished_on or fields.Datetime.now()) - batch.started_on).total_seconds()


def notify_importer(batch):
    """Send one message to the browser of the person who started a long import."""
    env = batch.env
    done, errors = batch.imported_count, batch.error_count
    message = env._(
        "%(file)s: %(leads)s imported, %(errors)s.",
        file=batch.name,
        leads=env._("1 lead") if done == 1 else env._("%s leads", done),
        errors=env._("1 error") if errors == 1 else env._("%s errors", errors),
    )
    batch.user_id._bus_send(
        "simple_notification",
        {
            "title": env._("Import finished"), "message": message, "sticky": True,
            "type": "success" if not batch.error_count else "warning",
        },
    )  # fmt: skip
