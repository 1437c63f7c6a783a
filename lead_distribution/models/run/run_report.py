# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
import base64
import logging
from datetime import timedelta

from odoo import api, fields, models

from ...finding.customers import MOST_LISTED
from ...names import MANAGERS
from ...reporting.documents import lay_out
from ...reporting.lists import keep_list
from ...reporting.writers import MIMETYPES, render_body

DROPBACK_COLUMNS = ["lead_id", "lead_name", "previous_user_name", "user_name", "reason", "state", "note"]

_logger = logging.getLogger(__name__)


class LeadDistributionRun(models.Model):
    """The report of one run in the shape of specification 8.1: as data, as a file, by e-mail."""

    _inherit = "lead.distribution.run"

    file_count = fields.Integer(compute="_compute_file_count", groups="sales_team.group_sale_manager")

    def _compute_file_count(self):
        counts = dict(self.env["ir.attachment"]._read_group(self._get_file_domain(), ["res_id"], ["__count"]))
        for run in self:
            run.file_count = counts.get(run.id, 0)

    def _get_file_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self.ids)]

    def action_view_files(self):
        """Open the files that the run keeps: lists of leads, its report."""
        self.ensure_one()
        self.campaign_id._check_manager()
        view = self.env.ref("lead_distribution.lead_distribution_run_file_view_list")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files of %s", self.name),
            "res_model": "ir.attachment",
            "views": [(view.id, "list"), (False, "form")],
            "domain": self._get_file_domain(),
        }

    def get_report_data(self):
        """Return the report as values that JSON can hold; keys as in section 8.1."""
        self.ensure_one()
        self.campaign_id._check_manager()
        return self.sudo()._get_report_data()

    def _get_report_data(self):
        figures = self._get_figures()
        reasons = ", ".join(f"{figures['left_over_names'][r]}: {n}" for r, n in figures["left_over"].items() if n)
        data = {
            "campaign": figures["campaign"],
            "date": figures["date"],
            "date_range": figures["date_range"],
            "state": figures["state"],
            "dry_run": figures["dry_run"],
            "strategy": figures["strategy"],
            "execution_time_seconds": figures["execution_time_seconds"],
            "excluded_users": self.excluded_users or [],
            "distribution_summary": {
                "total_leads_found": figures["leads_found"],
                "total_leads_distributed": figures["leads_distributed"],
                "leads_not_distributed": figures["leads_not_distributed"],
                "reason_not_distributed": reasons,
                "distribution_efficiency": figures["efficiency"],
            },
            "dropback_summary": {
                **{key: figures[key] for key in ("leads_dropped_back", "dropback_failed")},
                **{key: figures[f"dropback_{key}"] for key in ("success_rate", "seconds")},
                "by_rule": figures["dropback_summary"],
            },
            "salesperson_summary": [
                {
                    "name": line["name"],
                    "id": line["user_id"] or None,
                    "level": line["level"],
                    "target_leads": line["target"],
                    "current_leads": line["before"],
                    "leads_received": line["received"],
                    "leads_given_up": line["given_up"],
                    "new_total": line["after"],
                    "utilization": line["utilization"],
                }
                for line in figures["salespeople"]
            ],
            "lead_characteristics": {
                **{key: figures[key] for key in ("by_source", "by_status", "by_campaign")},
                "by_date_range": {"older_than_2_months": 0, "younger_than_6_months": 0, **(self.leads_by_age or {})},
            },
        }
        if self.campaign_id.report_analytics:
            refused = {step["name"]: step["refused"] for step in figures["funnel"]}
            data["analytics"] = {
                "fairness_index": figures["fairness_index"],
                "spread": figures["spread"],
                "refused": refused,
                "recommendations": figures["recommendations"],
            }
        return data

    @api.private
    def get_report_body(self):
        """Return the report as HTML, for e-mails and printing."""
        return render_body(lay_out("run", self.get_report_data(), self.env._))

    def render_report(self, format_name="json"):
        """Return the report of the run as a file.

        :param format_name: ``csv``, ``json``, ``html``, ``xlsx`` or ``pdf``
        :return: (file name, content as bytes)
        """
        self.ensure_one()
        request = self.env["lead.distribution.report.request"].create({"kind": "run", "run_id": self.id})
        return request.render(format_name)

    def _attach_report(self):
        """Keep the report of the run as an attachment of the run; return it."""
        name, content = self.render_report(self.campaign_id.report_format)
        return self.env["ir.attachment"].create(
            {
                "name": name,
                "datas": base64.b64encode(content),
                "mimetype": MIMETYPES[self.campaign_id.report_format],
                "res_model": self._name,
                "res_id": self.id,
            }
        )

    def _keep_sales_list(self, rows):
        """Keep the leads that left for an opportunity as a file of the run; see ``_list_sales`` of the campaign."""
        if rows:
            keep_list(self, self.env._("Customers with an opportunity"), self.campaign_id._get_sales_header(), rows)

    def _keep_dropback_list(self):
        """Keep what drops back, or has dropped back, as a file of the run, if the campaign wants it."""
        if not self.campaign_id.dropback_export or not (self.leads_dropped_back or self.dropback_failed):
            return
        rows = self.env["lead.distribution.assignment"].search_fetch(
            [("run_id", "=", self.id), ("kind", "=", "dropback")], DROPBACK_COLUMNS, order="id", limit=MOST_LISTED
        )
        states = dict(rows._fields["state"]._description_selection(self.env))
        _ = self.env._
        header = (
            _("Lead number"), _("Lead"), _("From"), _("To"), _("Dropback rule"), _("State"), _("Note"),
        )  # fmt: skip
        cells = (
            [
                row.lead_id.id or "", row.lead_name or "", row.previous_user_name or "", row.user_name or "",
                row.reason or "", states.get(row.state, row.state), row.note or "",
            ]
            for row in rows
        )  # fmt: skip
        keep_list(self, _("Dropped back"), header, cells)

    def _report(self):
        """Make the file and send the e-mail that the campaign wants after each run."""
        attachment = self._attach_report() if self.campaign_id.report_format else self.env["ir.attachment"]
        if self.campaign_id.report_mail == "run":
            self._send_report(attachment)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The report of a run tells of everybody: as a message, too, it is for managers and those it was sent to."""
        if message_operation == "read" and not self.env.user.has_group(MANAGERS):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def action_send_report(self):
        """Send the report by e-mail now, to those the campaign names."""
        for run in self:
            run.campaign_id._check_manager()
            run.sudo()._send_report(run.sudo()._attach_report() if run.campaign_id.report_format else None)
        return True

    def _send_report(self, attachment=None):
        template = self.env.ref("lead_distribution.mail_template_run_report")
        partners = self.campaign_id._get_report_users().partner_id
        if not partners:
            self._add_warning(
                self.env._("The report was sent to nobody: no reader of the campaign has an e-mail address.")
            )
            return
        template.send_mail(
            self.id,
            email_values={
                "recipient_ids": [(6, 0, partners.ids)],
                "attachment_ids": [(6, 0, attachment.ids)] if attachment else [],
            },
        )


class LeadDistributionCampaign(models.Model):
    """The weekly report by e-mail."""

    _inherit = "lead.distribution.campaign"

    @api.private
    def get_report_body(self):
        """Return the report of the last seven days as HTML."""
        self.ensure_one()
        self._check_manager()
        last = self._get_today() - timedelta(days=1)
        report = self.env["lead.distribution.report"].sudo()
        data = report.generate_campaign_report(self.id, last - timedelta(days=6), last)
        return render_body(lay_out("campaign", data, self.env._))

    @api.model
    def _cron_send_weekly_reports(self):
        """Send the report of the week to those who want it, once a week and campaign."""
        due = self.search([("report_mail", "=", "weekly")], order="id").filtered(lambda c: c._is_weekly_report_due())
        self._report_progress(0, len(due))
        template = self.env.ref("lead_distribution.mail_template_weekly_report")
        for campaign in due:
            partners = campaign._get_report_users().partner_id
            if partners:
                template.send_mail(campaign.id, email_values={"recipient_ids": [(6, 0, partners.ids)]})
            else:
                _logger.warning("Lead distribution: nobody can get the report of the week of campaign %s", campaign.id)
            campaign.report_sent_on = campaign._get_today()
            self._report_progress(1)

    def _is_weekly_report_due(self):
        return not self.report_sent_on or self.report_sent_on <= self._get_today() - timedelta(days=7)
