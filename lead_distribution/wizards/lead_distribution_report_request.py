import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError, ValidationError

from ..names import MANAGERS
from ..reporting.documents import lay_out
from ..reporting.html_report import render_body
from ..reporting.periods import get_last_day
from ..reporting.writers import MIMETYPES, write
from ..tools.html_text import text_to_html
from ..work.leaving import note_file


class LeadDistributionReportRequest(models.TransientModel):
    """Which report somebody wants to see or download. All formats come from the same data."""

    _name = "lead.distribution.report.request"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Distribution Report to Show"

    kind = fields.Selection(
        [
            ("daily", "A single day"),
            ("campaign", "A campaign over a period"),
            ("salesperson", "A salesperson over a period"),
            ("trend", "Trend"),
            ("run", "A run"),
            ("experiment", "An experiment"),
        ],
        default=lambda self: "daily" if self._is_manager() else "salesperson",
        required=True,
    )
    is_manager = fields.Boolean(
        compute="_compute_is_manager", default=lambda self: self._is_manager(), string="Is a manager"
    )
    campaign_id = fields.Many2one("lead.distribution.campaign", ondelete="cascade")
    user_id = fields.Many2one(
        "res.users", string="Salesperson", default=lambda self: self.env.user, domain="[('share', '=', False)]"
    )
    run_id = fields.Many2one("lead.distribution.run", ondelete="cascade")
    experiment_id = fields.Many2one("lead.distribution.experiment", ondelete="cascade", groups=MANAGERS)
    date = fields.Date(string="Day", default=lambda self: self._default_day())
    date_from = fields.Date(string="First day", default=lambda self: self._default_day() - timedelta(days=29))
    date_to = fields.Date(string="Last day", default=lambda self: self._default_day())
    days = fields.Integer(default=30)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    @api.model
    def _is_manager(self):
        return self.env.user.has_group(MANAGERS)

    @api.model
    def _default_day(self):
        """Return today as the reports have it: in the time zone of the campaign, if one is given."""
        campaign = self.env["lead.distribution.campaign"].browse(self.env.context.get("default_campaign_id") or [])
        return get_last_day(self.env, campaign)

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_display_name(self):
        names = dict(self._fields["kind"]._description_selection(self.env))
        for request in self:
            request.display_name = self.env._("Report: %s", names.get(request.kind, ""))

    @api.depends_context("uid")
    def _compute_is_manager(self):
        self.is_manager = self._is_manager()

    @api.depends("kind", "campaign_id", "user_id", "run_id", "experiment_id", "date", "date_from", "date_to", "days")
    def _compute_preview(self):
        for request in self:
            try:
                request.preview = render_body(request._get_document())
            except ValidationError as error:
                request.preview = text_to_html(str(error))

    def _get_data(self):
        """Return the data of the report, with the rights of the user."""
        self.ensure_one()
        report = self.env["lead.distribution.report"]
        campaign = self.campaign_id.id
        if self.kind == "run":
            if not self.run_id:
                raise ValidationError(self.env._("Choose a run."))
            return self.run_id.get_report_data()
        if self.kind == "experiment":
            if not self.experiment_id:
                raise ValidationError(self.env._("Choose an experiment."))
            return self.experiment_id.get_report_data()
        if self.kind == "daily":
            return report.generate_daily_report(self.date, campaign)
        if self.kind == "campaign":
            return report.generate_campaign_report(campaign, self.date_from, self.date_to)
        if self.kind == "trend":
            return report.generate_trend_analysis(self.days, campaign)
        return report.generate_salesperson_report(self.user_id.id, self.date_from, self.date_to)

    def _get_document(self):
        return lay_out(self.kind, self._get_data(), self.env)

    @api.private
    def get_body(self):
        """Return the report as HTML, for printing."""
        document = self._get_document()
        note_file(self._get_subject(), "pdf", document.count_rows())
        return render_body(document)

    @api.private
    def render(self, format_name):
        """Return the report as a file: (name, content as bytes)."""
        self.ensure_one()
        if format_name not in MIMETYPES:
            raise ValidationError(
                self.env._(
                    "“%(name)s” is no format; there are %(known)s.", name=format_name, known=", ".join(MIMETYPES)
                )
            )
        content = self._render_pdf() if format_name == "pdf" else self._write(format_name)
        return f"{self._get_file_name()}.{format_name}", content

    def _write(self, format_name):
        document = self._get_document()
        note_file(self._get_subject(), format_name, document.count_rows())
        return write(document, format_name)

    def _get_file_name(self):
        days = {"daily": self.date, "run": self.run_id.distribution_date, "experiment": fields.Date.today()}
        day = days.get(self.kind, self.date_to)
        what = self._get_subject().name
        words = f"{self.kind}-{what or ''}-{day or ''}-{self.run_id.id or ''}"
        return "-".join("".join(c if c.isalnum() else " " for c in words).split())

    def _get_subject(self):
        """Return the record that the report is about."""
        if self.kind == "salesperson":
            return self.user_id
        return self.experiment_id if self.kind == "experiment" else self.campaign_id or self.run_id.campaign_id

    def _render_pdf(self):
        if not self._can_print():
            raise UserError(self._explain_no_pdf())
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_pdf("lead_distribution.report_request_action", self.ids)
        return content

    def action_download(self):
        """Download in the format that the button names in its context."""
        self.ensure_one()
        self.check_access("read")
        format_name = self.env.context.get("format_name", "csv")
        self._get_data()  # what is wrong with the request is told here, not on a page of its own
        if format_name == "pdf" and not self._can_print():
            raise RedirectWarning(self._explain_no_pdf(), self._get_download("html"), self.env._("Download HTML"))
        return self._get_download(format_name)

    def _get_download(self, format_name):
        url = f"/lead_distribution/report/{self.id}/{format_name}"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _can_print(self):
        return self.env["ir.actions.report"].get_wkhtmltopdf_state() != "install"

    @api.model
    def _explain_no_pdf(self):
        return self.env._(
            "PDF files need the program wkhtmltopdf, which is not installed on the server: ask who runs it to install "
            "the package “wkhtmltopdf”. The HTML file has the same numbers and charts, and every browser can print it."
        )

    def action_mail(self):
        """Send the report to oneself by email."""
        self.ensure_one()
        document = self._get_document()
        if not self.env.user.email:
            raise UserError(self.env._("You have no email address. Add one to your profile first."))
        name, content = self.render("xlsx")
        (
            self.env["mail.mail"]
            .sudo()
            .create(  # own address only, text of the addon
                {
                    "subject": document.title,
                    "body_html": render_body(document, is_mail=True),
                    "recipient_ids": [(4, self.env.user.partner_id.id)],
                    "attachment_ids": [(0, 0, {"name": name, "datas": base64.b64encode(content)})],
                    "auto_delete": True,
                }
            )
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("The report goes to %s.", self.env.user.email),
            },
        }
