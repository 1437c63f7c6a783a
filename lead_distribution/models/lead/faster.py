from odoo import models

from ...applying import faster
from ...applying.foresee import get_known_emails, get_known_phones
from ...work.defaults import add_defaults


class CrmLead(models.Model):
    """Where Odoo is kept from doing lead by lead what a batch does at once; see ``applying/faster.py``."""

    _inherit = "crm.lead"

    def _add_missing_default_values(self, values):
        return add_defaults(self, values, super()._add_missing_default_values)

    def _check_company(self, fnames=None):
        """What a batch has just written is the same on all leads: of those that are alike one is checked."""
        if not faster.is_batch(self.env):
            return super()._check_company(fnames)
        names = self._fields if fnames is None or "company_id" in fnames else ()
        checked = [name for name in names if self._fields[name].relational and self._fields[name].check_company]
        return super(CrmLead, faster.keep_one_of_each_kind(self, checked))._check_company(fnames)

    def _message_auto_subscribe(self, updated_values, followers_existing_policy="skip"):
        if faster.is_batch(self.env):
            return True  # subscribe_as_written does it for the batch
        return super()._message_auto_subscribe(updated_values, followers_existing_policy)

    def _compute_email_normalized(self):
        known = get_known_emails(self.env)
        read = self.filtered(lambda lead: lead.email_from in known) if known else self.browse()
        for lead in read:
            lead.email_normalized = lead.email_from
        return super(CrmLead, self - read)._compute_email_normalized()

    def _compute_email_state(self):
        known = get_known_emails(self.env)
        read = self.filtered(lambda lead: lead.email_from in known) if known else self.browse()
        read.email_state = "correct"
        return super(CrmLead, self - read)._compute_email_state()

    def _compute_email_domain_criterion(self):
        known = get_known_emails(self.env)
        read = self.filtered(lambda lead: lead.email_normalized in known) if known else self.browse()
        for lead in read:
            lead.email_domain_criterion = known[lead.email_normalized]
        return super(CrmLead, self - read)._compute_email_domain_criterion()

    def _phone_format(self, fname=False, number=False, country=False, force_format="E164", raise_exception=False):
        known = get_known_phones(self.env)
        if known and force_format == "E164":
            text = number or self[fname or "phone"]
            if text in known:
                return known[text]
        return super()._phone_format(fname, number, country, force_format, raise_exception)

    def _compute_phone_state(self):
        known = get_known_phones(self.env)
        read = self.filtered(lambda lead: lead.phone in known) if known else self.browse()
        read.phone_state = "correct"
        return super(CrmLead, self - read)._compute_phone_state()
