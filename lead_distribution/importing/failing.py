"""An import that an error has stopped: the reason is kept, and the responsible gets a to-do."""

import logging

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..reporting.dashboard.opening import open_records
from ..reporting.todos import IMPORT, raise_todo, settle
from ..work.system import as_system
from ..work.transactions import commit

_logger = logging.getLogger(__name__)


def note_error(batch, error):
    """Stop an import, or its check, with an error that is none of its rows; only the reason is committed."""
    if not isinstance(error, UserError):
        _logger.error("Import %s stopped", batch.id, exc_info=error)
    batch.env.cr.rollback()
    stopped = {"state": "failed", "finished_on": fields.Datetime.now()}
    unchecked = {"state": "draft", "compared_by": False}  # not all rows were: nobody goes on with these
    batch.write({"error": str(error), **(unchecked if batch.state == "checking" else stopped)})
    commit(batch.env)


def tell_failure(batch):
    """Leave a to-do for the responsible; telling must not cost the imports that wait behind this one."""
    try:
        with batch.env.cr.savepoint():
            raise_todo(as_system(batch.campaign_id), IMPORT, [batch.name, batch.error or ""])
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Import %s: telling of its failure failed", batch.id)


def settle_failure(batch):
    """Close the to-do of imports that stopped, when no other import of the campaign stands still."""
    campaign = as_system(batch.campaign_id)
    others = Domain("campaign_id", "=", campaign.id) & Domain("state", "=", "failed") & Domain("id", "!=", batch.id)
    if campaign and not batch.search_count(others, limit=1):
        settle(campaign, IMPORT, why=batch.env._("No import stands still any more."))


def list_failed(env, campaign):
    """Return what the dashboard tells of imports that stopped and wait for somebody to go on.

    :param campaign: only of this one; nothing for all of the user's companies
    """
    own = Domain("campaign_id", "=", campaign.id) if campaign else Domain("company_id", "in", env.companies.ids)
    batches = env["lead.import.batch"].search(own & Domain("state", "=", "failed"), limit=100)
    if not batches:
        return []
    text = env._(
        "Imports that stopped: %(count)s. The last one: %(name)s, %(error)s",
        count=len(batches), name=batches[0].name, error=batches[0].error or "",
    )  # fmt: skip
    return [{"level": "danger", "text": text, "open": open_records(batches._name, [("id", "in", batches.ids)], text)}]
