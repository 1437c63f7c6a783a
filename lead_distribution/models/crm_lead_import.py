from odoo import fields, models


class KnownPhones(dict):
    """{phone as it is written on the lead: its E.164 form}, as a value of the context."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__


class CrmLead(models.Model):
    """Where a lead came from, if it came in a file or through the API."""

    _inherit = "crm.lead"

    import_batch_id = fields.Many2one(
        "lead.import.batch", string="Import", readonly=True, copy=False, ondelete="set null", index="btree_not_null"
    )

    # the index of Odoo itself is for parts of texts; comparing many whole addresses at once needs this one
    _email_whole_idx = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")

    def _get_known_phones(self):
        """Return the numbers that cleaning has read already: reading each again took a tenth of an import."""
        return self.env.context.get("lead_import_phones") or {}

    def _phone_format(self, fname=False, number=False, country=False, force_format="E164", raise_exception=False):
        known = self._get_known_phones()
        if known and force_format == "E164":
            text = number or self[fname or "phone"]
            if text in known:
                return known[text]
        return super()._phone_format(fname, number, country, force_format, raise_exception)

    def _compute_phone_state(self):
        known = self._get_known_phones()
        read = self.filtered(lambda lead: lead.phone in known) if known else self.browse()
        read.phone_state = "correct"
        return super(CrmLead, self - read)._compute_phone_state()
