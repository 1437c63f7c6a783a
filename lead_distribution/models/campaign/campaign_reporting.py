from odoo import fields, models

from ...reporting.readers import can_read, find_manager

REPORT_FORMATS = [
    ("csv", "CSV"),
    ("json", "JSON"),
    ("html", "HTML"),
    ("xlsx", "Excel"),
    ("pdf", "PDF"),
]


class LeadDistributionCampaign(models.Model):
    """What happens after a run: who hears of it, what is reported, checked and kept.

    Source: specification 5.1 ``reporting``, 9.4 ``tracking``, 12.2 ``monitoring``, 13.2 ``security``.
    """

    _inherit = "lead.distribution.campaign"

    notify_salespeople = fields.Selection(
        [
            ("none", "Not at all"),
            ("inbox", "In Odoo only"),
            ("preference", "As each person prefers: in Odoo or by e-mail"),
        ],
        string="Tell salespeople of new leads",
        default="preference",
        required=True,
        help="One message a person and run, with a link to exactly these leads; never one a lead.",
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
        help="Is attached to the run, and to the e-mail if there is one. Empty: no file.",
    )
    report_analytics = fields.Boolean(
        string="With analytics",
        default=True,
        help="Fairness, spread and the shares by source, status and marketing campaign.",
    )
    report_mail = fields.Selection(
        [("none", "No"), ("run", "After each run"), ("weekly", "Every week")],
        string="Report by e-mail",
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
        help="Older runs, tracking lines and assignments are removed by the daily clean-up. 0: for ever.",
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

    def _get_responsible(self):
        """Return who hears of the campaign: the responsible, else a sales manager of the company, else nobody.

        Somebody who cannot log in any more, or lost the company, reads nothing.
        """
        self.ensure_one()
        if self.user_id and can_read(self.user_id, self):
            return self.user_id
        manager = find_manager(self.env["res.users"].sudo(), self.company_id)
        return manager if manager and can_read(manager, self) else manager.browse()

    def _get_report_users(self):
        """Return whom reports go to by e-mail: those who are named, else the responsible."""
        self.ensure_one()
        readers = self.report_user_ids.filtered(lambda user: can_read(user, self)) or self._get_responsible()
        return readers.filtered("email")
