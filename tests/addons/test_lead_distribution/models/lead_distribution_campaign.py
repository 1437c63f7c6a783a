from odoo import fields, models

from ..strategy import LanguageMatch


class LeadDistributionCampaign(models.Model):
    _inherit = "lead.distribution.campaign"

    strategy = fields.Selection(selection_add=[("packs", "Packs of three")], ondelete={"packs": "set default"})
    use_language = fields.Boolean()

    def _get_rule_fields(self):
        return [*(["lang_id"] if self.use_language else []), *super()._get_rule_fields()]

    def _get_rules(self, lead_ids, members, request):
        rules = super()._get_rules(lead_ids, members, request)
        if self.use_language:
            codes = {language.code: language.id for language in self.env["res.lang"].search([])}
            rules.append(LanguageMatch({m.user_id.id: codes.get(m.user_id.lang) for m in members}))
        return rules

    def _describe_rule(self, name):
        return self.env._("language") if name == "language" else super()._describe_rule(name)
