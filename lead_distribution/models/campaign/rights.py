from odoo import api, models
from odoo.exceptions import AccessError

from ...names import MANAGERS
from ...tools.companies import may_cross_companies

# what salespeople read of a campaign: enough to name it in their history
OPEN_TO_SALESPEOPLE = frozenset({"name", "display_name", "active", "sequence", "color", "description", "company_id"})


class LeadDistributionCampaign(models.Model):
    """Who reads what of a campaign: its settings and what is written on it are for managers."""

    _inherit = "lead.distribution.campaign"

    @api.model
    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            self.env.su or _is_open_to_salespeople(self.env, field) or self.env.user.has_group(MANAGERS)
        )

    def _check_access(self, operation):
        """A campaign of all companies is configured by people who work for all of them."""
        refused = super()._check_access(operation)
        if refused or self.env.su or operation not in ("write", "unlink"):
            return refused
        shared = self.filtered(lambda campaign: not campaign.sudo().company_id)  # whoever may not read it, too
        if not shared or may_cross_companies(self.env):
            return None
        return shared, lambda: AccessError(
            self.env._("A campaign of all companies can only be changed by somebody who works for all of them.")
        )

    def _read_group_groupby(self, alias, groupby_spec, query):
        """Odoo asks for the right to read a field it groups by, except for many2many fields."""
        field = self._fields.get(groupby_spec.partition(":")[0].partition(".")[0])
        if field:
            self._check_field_access(field, "read")
        return super()._read_group_groupby(alias, groupby_spec, query)

    @api.model
    def _get_view_cache_key(self, view_id=None, view_type="form", **options):
        key = super()._get_view_cache_key(view_id, view_type, **options)
        return (*key, self.env.user.has_group(MANAGERS))

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Who opens a campaign from a lead or from the own history sees what he or she may read of it."""
        if not (self.env.su or self.env.user.has_group(MANAGERS)):
            short = self.env.ref(f"lead_distribution.lead_distribution_campaign_view_{view_type}_short", False)
            view_id = short.id if short else view_id
        return super()._get_view(view_id, view_type, **options)

    def _mail_get_operation_for_mail_message_operation(self, message_operation):
        """Failures, findings and changes are for those who may change the campaign."""
        if message_operation == "read":
            return dict.fromkeys(self, "write")
        return super()._mail_get_operation_for_mail_message_operation(message_operation)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """Who follows a campaign reads along: that takes the right to change it, for oneself, too."""
        self.check_access("write")
        return super().message_subscribe(partner_ids, subtype_ids)


def _is_open_to_salespeople(env, field):
    mixins = (env["mail.thread"]._fields, env["mail.activity.mixin"]._fields)
    return field.name in OPEN_TO_SALESPEOPLE or any(field.name in fields for fields in mixins)
