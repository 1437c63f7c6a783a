from odoo import fields, models

from ...finding.contact_keys import EMAIL_KEY, NAME_KEY, PHONE_KEY
from ...names import MANAGERS
from ...work.inside import get_inside


def _as_index(key):
    return f"(({key.code.replace('l.', '')}))"


class CrmLead(models.Model):
    """Where a lead came from, if it came in a file or through the API."""

    _inherit = "crm.lead"

    import_batch_id = fields.Many2one(
        "lead.import.batch",
        string="Import",
        readonly=True,
        copy=False,
        ondelete="set null",
        index="btree_not_null",
        groups=MANAGERS,
    )

    _email_key_idx = models.Index(_as_index(EMAIL_KEY))
    _name_key_idx = models.Index(f"{_as_index(NAME_KEY)} WHERE contact_name IS NOT NULL AND partner_name IS NOT NULL")
    _phone_key_idx = models.Index(_as_index(PHONE_KEY))

    def _get_known_phones(self):
        """Return the numbers that cleaning has read already: reading each again took a tenth of an import."""
        return get_inside(self.env, "lead_import_phones", {})

    def _get_known_emails(self):
        """Return {e-mail in its normal form: what Odoo compares to find other leads of the same company}."""
        return get_inside(self.env, "lead_import_emails", {})

    def _compute_email_normalized(self):
        known = self._get_known_emails()
        read = self.filtered(lambda lead: lead.email_from in known) if known else self.browse()
        for lead in read:
            lead.email_normalized = lead.email_from
        return super(CrmLead, self - read)._compute_email_normalized()

    def _compute_email_state(self):
        known = self._get_known_emails()
        read = self.filtered(lambda lead: lead.email_from in known) if known else self.browse()
        read.email_state = "correct"
        return super(CrmLead, self - read)._compute_email_state()

    def _compute_email_domain_criterion(self):
        known = self._get_known_emails()
        read = self.filtered(lambda lead: lead.email_normalized in known) if known else self.browse()
        for lead in read:
            lead.email_domain_criterion = known[lead.email_normalized]
        return super(CrmLead, self - read)._compute_email_domain_criterion()

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
