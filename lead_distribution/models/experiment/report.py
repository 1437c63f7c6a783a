from odoo import fields, models

from ...experiments.words import Words
from ...tools.labels import get_labels


class LeadDistributionExperiment(models.Model):
    """The result of an experiment on paper and as a file, in the formats of all reports."""

    _inherit = "lead.distribution.experiment"

    def get_report_data(self):
        """Return the result, with what the experiment was, JSON-ready."""
        self.ensure_one()
        to_string = fields.Datetime.to_string
        strategies = {way: get_labels(self, f"strategy_{way}").get(self[f"strategy_{way}"], "") for way in ("a", "b")}
        return {
            "name": self.name,
            "campaign": self.campaign_id.name,
            "strategies": strategies,
            "share_b": self.share_b,
            "share_words": Words(self.env, self.env["res.currency"]).percent(self.share_b, 0),
            "seed": self.seed,
            "adopted_words": get_labels(self, "adopted").get(self.adopted, ""),
            **{name: to_string(self[name]) or None for name in ("started_on", "dealt_until", "ended_on")},
            **self.get_result(),
        }

    def action_download(self):
        """Download the result in the format that the button names in its context; also while the experiment runs."""
        self.ensure_one()
        request = self.env["lead.distribution.report.request"]
        return request.create({"kind": "experiment", "experiment_id": self.id}).action_download()
