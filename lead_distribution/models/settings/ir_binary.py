from odoo import models

from ...work.leaving import note_file

OURS = ("lead.distribution.", "lead.import.")  # prefixes of models


class IrBinary(models.AbstractModel):
    """Whoever takes a file of a campaign, a run or an import by its address leaves a line in the log."""

    _inherit = "ir.binary"

    def _get_stream_from(self, record, field_name="raw", *args, **kwargs):
        stream = super()._get_stream_from(record, field_name, *args, **kwargs)
        owner = record.res_model or "" if record._name == "ir.attachment" else record._name
        if owner.startswith(OURS) and owner in self.env:  # files outlive the models of former versions
            about = record if owner == record._name else self.env[owner].browse(record.res_id)
            if about._transient and "campaign_id" in about:  # a form is gone tomorrow
                about = about.campaign_id
            note_file(about.with_env(self.env), stream.download_name or field_name)
        return stream
