"""Reports by email: of a run, and of the week; and the file that goes with the first."""

import base64
import logging
from datetime import timedelta

from ..finding.scope import get_today
from .notify import add_warning
from .readers import get_report_users
from .writers import MIMETYPES

_logger = logging.getLogger(__name__)


def report(run):
    """Make the file and send the email that the campaign wants after each run."""
    attachment = attach_report(run)
    if run.campaign_id.report_mail == "run":
        send_report(run, attachment)


def attach_report(run):
    """Keep the report as an attachment of the run, if its campaign names a format; return it."""
    format_name = run.campaign_id.report_format
    files = run.env["ir.attachment"]
    if not format_name:
        return files
    name, content = run.render_report(format_name)
    return files.create(
        {
            "name": name,
            "datas": base64.b64encode(content),
            "mimetype": MIMETYPES[format_name],
            "res_model": run._name,
            "res_id": run.id,
        }
    )


def send_report(run, attachment, partners=None):
    """Send the report of a run; where there is nobody to send it to, the run says so.

    :param partners: to whom; default the readers of its campaign
    """
    partners = partners or get_report_users(run.campaign_id).partner_id
    if not partners:
        text = run.env._("The report was sent to nobody: no reader of the campaign has an email address.")
        add_warning(run, text)
        return
    values = {
        "recipient_ids": [(6, 0, partners.ids)],
        "attachment_ids": [(6, 0, attachment.ids)] if attachment else [],
    }
    run.env.ref("lead_distribution.mail_template_run_report").send_mail(run.id, email_values=values)


def is_weekly_report_due(campaign):
    today = get_today(campaign)
    return not campaign.report_sent_on or campaign.report_sent_on <= today - timedelta(days=7)


def send_weekly_report(campaign):
    """Send the report of the last seven days to the readers of a campaign."""
    partners = get_report_users(campaign).partner_id
    if partners:
        template = campaign.env.ref("lead_distribution.mail_template_weekly_report")
        template.send_mail(campaign.id, email_values={"recipient_ids": [(6, 0, partners.ids)]})
    else:
        _logger.warning("Lead distribution: nobody can get the report of the week of campaign %s", campaign.id)
    campaign.report_sent_on = get_today(campaign)
