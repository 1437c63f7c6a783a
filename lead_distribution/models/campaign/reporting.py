import logging
from datetime import timedelta

from odoo import api, fields, models

from ...finding.scope import get_today
from ...planning.request import PlanRequest
from ...reporting.documents import lay_out
from ...reporting.html_report import render_body
from ...reporting.mails import is_weekly_report_due, send_weekly_report
from ...reporting.notify import tell_problems
from ...reporting.verify import make_scope, repair, verify
from ...work.rights import check_manager
from ...work.system import as_system

_logger = logging.getLogger(__name__)

REPORT_FORMATS = [
    ("csv", "CSV"),
    ("json", "JSON"),
    ("html", "HTML"),
    ("xlsx", "Excel"),
    ("pdf", "PDF"),
]


class LeadDistributionCampaign(models.Model):
    """What happens after a run: who hears of it, what is reported, verified and kept."""

    _inherit = "lead.distribution.campaign"

    notify_salespeople = fields.Selection(
        [
            ("none", "Not at all"),
            ("inbox", "In Odoo only"),
            ("preference", "As each person prefers: in Odoo or by email"),
        ],
        string="Tell salespeople of new leads",
        default="preference",
        required=True,
        help="One message a person and run, with a link to exactly these leads. Leads as they come are told at once, "
        "and those that follow within a minute in one message.",
    )
    notify_responsible = fields.Boolean(
        string="Digest for the responsible",
        default=True,
        help="After each run that handed out leads or left some over: the figures, and what needs attention. "
        "A failed run always leaves an activity.",
    )

    report_format = fields.Selection(
        REPORT_FORMATS,
        string="Report file of each run",
        help="Is attached to the run, and to the email if there is one. Empty: no file.",
    )
    report_analytics = fields.Boolean(
        string="With analytics",
        default=True,
        help="Fairness, spread and the shares by source, status and marketing campaign.",
    )
    report_mail = fields.Selection(
        [("none", "No"), ("run", "After each run"), ("weekly", "Every week")],
        string="Report by email",
        default="none",
        required=True,
    )
    report_user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_campaign_report_user_rel",
        "campaign_id",
        "user_id",
        string="Report to",
        domain="[('share', '=', False)]",
        help="Empty: the responsible.",
    )
    report_sent_on = fields.Date(string="Last weekly report", readonly=True, copy=False)

    slow_run_seconds = fields.Integer(
        string="Slow from (seconds)",
        default=300,
        help="A run that takes longer says so among its warnings. 0: never.",
    )
    verify_daily = fields.Boolean(
        string="Verify every day",
        help="Checks whether every lead is where the history says; what is wrong becomes an activity of the "
        "responsible.",
    )

    retention_days = fields.Integer(
        string="Keep the history for (days)",
        help="Older runs, tracking lines and assignments are removed by the daily clean-up. 0: never.",
    )
    archive_history = fields.Boolean(
        string="Into a file first",
        default=True,
        help="What is removed is written into compressed CSV files attached to the campaign.",
    )
    mask_personal_data = fields.Boolean(
        string="Mask names of leads",
        help="In the history after some days, in the files of old history at once. The lead itself is not touched.",
    )
    mask_days = fields.Integer(string="After (days)", default=90)

    _reporting_days_not_negative = models.Constraint(
        "CHECK (slow_run_seconds >= 0 AND retention_days >= 0 AND mask_days >= 0)",
        "A number of days or seconds cannot be negative.",
    )

    @api.private
    def get_report_body(self):
        """Return the report of the last seven days as HTML, for the e-mail of the week."""
        self.ensure_one()
        check_manager(self)
        last = get_today(self) - timedelta(days=1)
        # the campaign may be of all companies: those of its readers count, not those of the scheduler's user
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        report = as_system(self.env["lead.distribution.report"].with_context(allowed_company_ids=companies.ids))
        data = report.generate_campaign_report(self.id, last - timedelta(days=6), last)
        return render_body(lay_out("campaign", data, self.env), is_mail=True)

    @api.model
    def _cron_send_weekly_reports(self):
        """Send the report of the week to those who want it, once a week and campaign."""
        due = self.search([("report_mail", "=", "weekly")], order="id").filtered(is_weekly_report_due)
        self.env["ir.cron"]._commit_progress(remaining=len(due))
        for campaign in due:
            try:
                with self.env.cr.savepoint():
                    send_weekly_report(campaign)
            except Exception:
                _logger.exception("Lead distribution: the report of the week of campaign %s failed", campaign.id)
            self.env["ir.cron"]._commit_progress(1)

    def verify_assignments(self):
        """Check the leads of the campaign; changes nothing.

        :return: dict with ``all_assigned`` (bool), ``unassigned`` (ids of leads that nobody
            holds), ``waiting`` (those of them that came while a campaign is live, and are tried again),
            ``leads_per_agent`` (user id → leads held now, agents with none included), ``not_taken``
            (step → open leads of nobody that the campaign does not take), ``problems`` (texts),
            ``notes`` (texts of what is different for a good reason)
        """
        self.ensure_one()
        check_manager(self)
        return verify(get_verified(self)).to_dict()

    def repair_assignments(self):
        """Repair what is safe: marks that are missing, rows that are stuck; moves no lead.

        :return: what ``verify_assignments`` says afterwards
        """
        self.ensure_one()
        check_manager(self)
        for run in repair(get_verified(self)):
            run._update_left_over()
        return self.verify_assignments()

    def action_verify(self):
        self.ensure_one()
        return self.env["lead.distribution.verification"]._open(self)

    @api.model
    def _cron_verify(self):
        """Verify the campaigns that want it; problems become an activity of the responsible."""
        campaigns = self.search([("verify_daily", "=", True)], order="id")
        self.env["ir.cron"]._commit_progress(remaining=len(campaigns))
        for campaign in campaigns:
            try:
                with self.env.cr.savepoint():
                    tell_problems(campaign, verify(get_verified(campaign)).problems)
            except Exception:
                _logger.exception("Lead distribution: verifying campaign %s failed", campaign.id)
            self.env["ir.cron"]._commit_progress(1)


def get_verified(campaign, run=None):
    """Return what is verified of a campaign, or of one of its runs, see ``Scope``; the caller checks rights."""
    campaign = as_system(campaign)
    return make_scope(campaign, campaign._get_filter_steps(PlanRequest()), run)
