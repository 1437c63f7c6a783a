from odoo import api, models
from odoo.exceptions import ValidationError

from ...experiments import course, variant
from ...experiments.watch import end
from ...work.rights import check_manager
from ...work.system import as_system
from ..base.ways import get_ways


class LeadDistributionExperiment(models.Model):
    """How an experiment begins and ends, and the settings of its way B."""

    _inherit = "lead.distribution.experiment"

    def action_start(self):
        """Deal the leads that are handed out from now on to the two ways.

        :raise UserError: with all that stands in the way
        """
        for experiment in self:
            experiment._check_manager()
            course.start(experiment, get_ways)

    def action_stop(self):
        """Deal no more; before enough leads are dealt, there is no verdict."""
        for experiment in self:
            experiment._check_manager()
            course.refuse_stopping(experiment)
            end(experiment, early=True)

    def action_open_way_b(self):
        """Open the settings of way B; they are those of the campaign until somebody changes them."""
        self.ensure_one()
        self._check_manager()
        settings = variant.get_variant(self)
        view = self.env.ref("lead_distribution.lead_distribution_campaign_view_form_way_b", raise_if_not_found=False)
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Way B of %s", self.campaign_id.name),
            "res_model": settings._name,
            "res_id": settings.id,
            "views": [(view.id if view else False, "form")],
        }

    def _check_manager(self):
        self.check_access("write")
        check_manager(self.campaign_id)

    @api.model_create_multi
    def create(self, vals_list):
        experiments = super().create(vals_list)
        check_manager(experiments.campaign_id)
        return experiments

    def copy(self, default=None):
        """A copy begins with the same settings of way B."""
        copies = super().copy(default)
        for experiment, copy in zip(self, copies, strict=True):
            if experiment.variant_id and copy.campaign_id == experiment.campaign_id:
                as_system(copy).variant_id = variant.make_variant(copy, experiment.variant_id)
        return copies

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for experiment, vals in zip(self, vals_list, strict=True):
            vals["name"] = (default or {}).get("name") or self.env._("%s (copy)", experiment.name)
        return vals_list

    @api.constrains("campaign_id")
    def _check_campaign(self):
        for experiment in self:
            if as_system(experiment.campaign_id).variant_of_id:
                raise ValidationError(course.tell_of_another(experiment))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        course.refuse_removing(self)

    def unlink(self):
        settings = as_system(self.variant_id)  # a part of the experiment
        result = super().unlink()
        settings.unlink()
        return result
