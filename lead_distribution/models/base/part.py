from odoo import models
from odoo.exceptions import AccessError


class LeadDistributionPart(models.AbstractModel):
    """A part of a campaign or an import: whoever may not change that changes no part of it, and puts none into it.

    Odoo asks for the right to what a record was, not to what has become of it; and the rules of the parts let those
    pass that belong to all companies, which only people of all of them may change.
    """

    _name = "lead.distribution.part"
    _inherit = "lead.distribution.referring"
    _description = "Part of a Campaign or an Import"

    _part_of = "campaign_id"
    _open_while = None  # states of the whole in which its parts may be changed; None: in all

    def _get_wholes(self):
        return self.sudo()[self._part_of].with_env(self.env)  # whose it is, whether it may be read or not

    def _check_access(self, operation):
        refused = super()._check_access(operation)
        if refused or self.env.su or operation == "read" or not any(self._ids):
            return refused
        wholes = self._get_wholes()
        refused = (wholes._check_access("write") if wholes else None) or self._refuse_over(wholes)
        if not refused:
            return None
        closed, tell = refused
        return self.filtered(lambda part: part._get_wholes() & closed), tell

    def _refuse_over(self, wholes):
        """Return the wholes whose parts nobody changes any more, and what says so; as Odoo's ``_check_access``."""
        over = wholes.sudo().filtered(lambda whole: self._open_while and whole.state not in self._open_while)
        if not over:
            return None
        return over.sudo(False), lambda: AccessError(self.env._("An import that was started cannot be changed."))

    def write(self, vals):
        result = super().write(vals)
        moved = any(self._fields[name].type == "many2one" for name in vals if name in self._fields)
        if moved and not self.env.su:
            self.check_access("write")
        return result
