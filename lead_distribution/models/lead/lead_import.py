from odoo import fields, models

from ...applying.contacts import are_contacts_left_alone
from ...finding.contact_keys import EMAIL_KEY, NAME_KEY, PHONE_KEY
from ...names import MANAGERS


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

    def _get_partner_email_update(self, force_void=True):
        """Say whether lead and contact differ; without ``force_void`` Odoo asks whether to write it on the contact."""
        if not force_void and are_contacts_left_alone(self.env):
            return False
        return super()._get_partner_email_update(force_void)

    def _get_partner_phone_update(self, force_void=True):
        """As above."""
        if not force_void and are_contacts_left_alone(self.env):
            return False
        return super()._get_partner_phone_update(force_void)
