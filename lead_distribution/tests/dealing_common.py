"""Running experiments, for tests of what becomes of leads that are dealt to two ways."""

from odoo import fields

from .common import DistributionCase


class DealingCase(DistributionCase):
    """People, leads, and a campaign on which experiments can be run."""

    @classmethod
    def make_experiment(cls, campaign=None, variant=None, **values):
        """Return a running experiment: half of the leads by way B, whose settings are a copy of the campaign's.

        :param variant: values of way B
        """
        campaign = campaign or cls.campaign
        # sudo: what is tested is the dealing, not who may start an experiment
        copy = campaign.sudo().copy({"active": False, "variant_of_id": campaign.id, **(variant or {})})
        defaults = {"seed": 7, "planned_leads": 100_000, "started_on": fields.Datetime.now()}
        strategies = {"strategy_a": campaign.strategy, "strategy_b": copy.strategy}
        experiment = cls.env["lead.distribution.experiment"].create(
            {"campaign_id": campaign.id, "variant_id": copy.id, "name": "Test", **strategies, **defaults, **values}
        )
        experiment.state = "running"
        return experiment

    def get_deals(self, experiment):
        """Return {lead id: way} of all leads that were dealt."""
        deals = self.env["lead.distribution.experiment.deal"].search([("experiment_id", "=", experiment.id)])
        return {deal.lead_id.id: deal.arm for deal in deals}
