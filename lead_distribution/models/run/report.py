from odoo import api, fields, models

from ...names import MANAGERS
from ...reporting.documents import lay_out
from ...reporting.html_report import render_body
from ...reporting.mails import attach_report, send_report
from ...reporting.report_data import get_report_data
from ...reporting.verify import verify
from ...work.leaving import note_file
from ...work.rights import check_manager
from ...work.system import as_system
from ..campaign.reporting import get_verified


class LeadDistributionRun(models.Model):
    """The report of one run: as data, as a file, by e-mail."""

    _inherit = "lead.distribution.run"

    file_count = fields.Integer(compute="_compute_file_count", groups=MANAGERS, string="Number of files")

    def _compute_file_count(self):
        counts = dict(self.env["ir.attachment"]._read_group(self._get_file_domain(), ["res_id"], ["__count"]))
        for run in self:
            run.file_count = counts.get(run.id, 0)

    def _get_file_domain(self):
        return [("res_model", "=", self._name), ("res_id", "in", self.ids)]

    def action_view_files(self):
        """Open the files that the run keeps: lists of leads, its report."""
        self.ensure_one()
        check_manager(self.campaign_id)
        view = self.env.ref("lead_distribution.lead_distribution_run_file_view_list")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Files of %s", self.name),
            "res_model": "ir.attachment",
            "views": [(view.id, "list"), (False, "form")],
            "domain": self._get_file_domain(),
        }

    def get_report_data(self):
        """Return the report as values that JSON can hold."""
        self.ensure_one()
        check_manager(self.campaign_id)
        run = as_system(self)
        return get_report_data(run, run._get_figures())

    def verify_assignments(self):
        """Check the leads of this run; see ``verify_assignments`` of the campaign."""
        self.ensure_one()
        check_manager(self.campaign_id)
        return verify(get_verified(self.campaign_id, as_system(self))).to_dict()

    def action_verify(self):
        self.ensure_one()
        return self.env["lead.distribution.verification"]._open(self.campaign_id, self)

    @api.private
    def get_report_body(self, *, is_mail=True):
        """Return the report as HTML, for an e-mail or for printing."""
        document = lay_out("run", self.get_report_data(), self.env)
        note_file(self, "mail" if is_mail else "pdf", document.count_rows())
        return render_body(document, is_mail=is_mail)

    def render_report(self, format_name="json"):
        """Return the report of the run as a file.

        :param format_name: ``csv``, ``json``, ``html``, ``xlsx`` or ``pdf``
        :return: (file name, content as bytes)
        """
        self.ensure_one()
        request = self.env["lead.distribution.report.request"].create({"kind": "run", "run_id": self.id})
        return request.render(format_name)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """The report of a run tells of everybody: as a message, too, it is for managers and those it was sent to."""
        if message_operation == "read" and not self.env.user.has_group(MANAGERS):
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def action_send_report(self):
        """Send the report by e-mail now, to those the campaign names."""
        check_manager(self.campaign_id)
        for run in as_system(self):
            send_report(run, attach_report(run))
        return True
