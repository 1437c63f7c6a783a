# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""To-dos of the responsible of a campaign: raised when something goes wrong, closed when that is over.

Each kind names here what it is called, and what ends it is called where that happens (see ``settle``).
"""

import logging

from ..finding.scope import get_today
from ..tools.html_text import text_to_html
from .readers import get_responsible

_logger = logging.getLogger(__name__)

FAILED = "failed"  # until a run of the campaign goes well
NOBODY = "nobody"  # until somebody can receive leads
DROPBACK = "dropback"  # until a run drops back all that it wanted to
REVERT = "revert"  # until a revert comes to its end
PROBLEMS = "problems"  # until verifying finds nothing
WAITING = "waiting"  # until nothing of the campaign waits any more that the responsible was told of
IMPORT = "import"  # until no import of the campaign stands still


def _get_title(env, kind):
    _ = env._
    return {
        FAILED: _("Lead distribution failed"),
        NOBODY: _("Lead distribution failed"),
        DROPBACK: _("Leads could not be dropped back"),
        REVERT: _("Leads could not be put back"),
        PROBLEMS: _("Verification found problems"),
        WAITING: _("Leads wait for somebody"),
        IMPORT: _("Import of leads failed"),
    }[kind]


def raise_todo(campaign, kind, texts):
    """Put a to-do on the campaign for its responsible; one of the kind that is open already gets the new text.

    :return: whether there is somebody to do it
    """
    user = get_responsible(campaign)
    if not user:
        _logger.warning("Lead distribution: campaign %s has nobody who could read a to-do", campaign.id)
        return False
    values = {"note": text_to_html("\n".join(texts)), "date_deadline": get_today(campaign)}
    present = find_todos(campaign, kind).filtered(lambda todo: todo.user_id == user)[:1]
    if present:
        present.write(values)
        return True
    look = campaign.env.ref("mail.mail_activity_data_warning", raise_if_not_found=False)
    campaign.activity_schedule(
        activity_type_id=look.id if look else False, summary=_get_title(campaign.env, kind), user_id=user.id,
        lead_distribution_todo=kind, **values,
    )  # fmt: skip
    return True


def find_todos(campaigns, *kinds):
    """Return the open to-dos of these kinds; one query."""
    # as the system: to-dos are for others
    return campaigns.env["mail.activity"].sudo().search(
        [
            ("res_model", "=", "lead.distribution.campaign"), ("res_id", "in", campaigns.ids),
            ("lead_distribution_todo", "in", kinds),
        ]
    )  # fmt: skip


def settle(campaign, *kinds, why):
    """Close the to-dos of these kinds, because what they were about is over; one query where there are none.

    :param why: in words, for whoever reads afterwards what became of it
    """
    todos = find_todos(campaign, *kinds)
    if todos:
        todos.action_feedback(feedback=why)
