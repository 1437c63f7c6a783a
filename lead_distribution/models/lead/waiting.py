from odoo import api, fields, models

from ...names import MANAGERS
from ...reporting.waiting import describe_waiting


class CrmLead(models.Model):
    """Whether a lead that came waits for somebody, said on its form."""

    _inherit = "crm.lead"

    waiting_words = fields.Char(
        string="Waits",
        compute="_compute_waiting_words",
        groups=MANAGERS,
        help="Since when the lead waits for somebody, and why; or why no live campaign takes it.",
    )

    @api.depends_context("lang", "tz", "uid")
    def _compute_waiting_words(self):
        self.waiting_words = False
        domain = [("lead_id", "in", self.ids)]
        for row in self.env["lead.distribution.waiting"].search(domain):
            row.lead_id.waiting_words = describe_waiting(row)
        for row in self.env["lead.distribution.not.taken"].search(domain):
            row.lead_id.waiting_words = self.env._("No live campaign takes this lead. %s", row.why)
