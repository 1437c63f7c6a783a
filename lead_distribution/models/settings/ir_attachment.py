from odoo import api, models
from odoo.fields import Domain

from ...names import MANAGERS, OPEN_IMPORTS

# reports, archives and uploads tell of everybody, also where salespeople may read the record they hang on
FILES_FOR_MANAGERS = (
    "lead.distribution.campaign",
    "lead.distribution.run",
    "lead.distribution.run.member",
    "lead.distribution.assignment",
    "lead.distribution.member",
    "lead.distribution.level",
    "crm.lead.status",
    "lead.import.batch",
    "lead.import.row",
    "lead.import.template",
)


class IrAttachment(models.Model):
    """Files of campaigns, runs and imports are for the managers who may read the record."""

    _inherit = "ir.attachment"

    @api.model
    def _is_kept_from_files(self):
        return not (self.env.su or self.env.user.has_group(MANAGERS))

    @api.model
    def _inaccessible_comodel_records(self, model_and_ids, operation):
        if operation != "read" and not self.env.su:
            yield from self._list_started_imports(model_and_ids.get("lead.import.batch", ()))
        if not self._is_kept_from_files():
            yield from super()._inaccessible_comodel_records(model_and_ids, operation)
            return
        for name in FILES_FOR_MANAGERS:
            yield from ((name, res_id) for res_id in model_and_ids.get(name, ()) if res_id)
        others = {name: ids for name, ids in model_and_ids.items() if name not in FILES_FOR_MANAGERS}
        yield from super()._inaccessible_comodel_records(others, operation)

    def _list_started_imports(self, ids):
        """Yield the imports whose file is what was imported, and stays: as pairs of a model and an id."""
        batches = self.env["lead.import.batch"].browse(res_id for res_id in ids if res_id).exists()
        for batch in batches.sudo():  # of imports one may not read, too
            if batch.state not in OPEN_IMPORTS:
                yield batch._name, batch.id

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not bypass_access and self._is_kept_from_files():
            domain = Domain(domain) & Domain("res_model", "not in", FILES_FOR_MANAGERS)
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)
