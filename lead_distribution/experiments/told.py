"""Whoever is responsible for an experiment hears how it ended."""

import logging

from markupsafe import Markup

from ..names import MANAGERS
from ..reporting.messages import Letter, send
from ..reporting.readers import can_read, get_responsible
from ..tools.html_text import text_to_html
from .result import get_numbers
from .words import describe

_logger = logging.getLogger(__name__)


def tell(experiment):
    """Tell the responsible that an experiment has ended, and how; in their language."""
    user = _find_reader(experiment)
    if not user:
        _logger.warning("Lead distribution: nobody hears of the end of experiment %s", experiment.id)
        return
    reader = experiment.with_context(lang=user.lang, tz=user.tz)
    verdict = describe(reader, get_numbers(experiment))["verdict"]
    subject = reader.env._("The experiment “%s” has ended", experiment.name)
    url = f"{experiment.get_base_url()}/odoo/lead-experiments/{experiment.id}"
    link = Markup("<p><a href='%s'>%s</a></p>") % (url, reader.env._("Show the result"))
    campaign = reader.campaign_id
    letter = Letter(subject, text_to_html(verdict) + link)
    send(campaign, {user: letter}, by_mail=campaign.notify_salespeople != "inbox")


def _find_reader(experiment):
    """Return the responsible, as long as that is a manager who may read it; else who hears of the campaign."""
    user, campaign = experiment.user_id, experiment.campaign_id
    if user and user.has_group(MANAGERS) and can_read(user, campaign):
        return user
    return get_responsible(campaign)
