"""The settings of way B: an archived copy of the campaign, of which only what decides who gets a lead counts."""

from odoo.fields import Command

from ..work.system import as_system

# which leads are taken, and what becomes of them, is the campaign's own: no lists of it are kept twice
LEFT_OUT = ("pool_ids", "filter_ids", "dnc_filter_ids", "dropback_threshold_ids", "dropback_rule_ids")

SILENT = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}


def get_variant(experiment):
    """Return the campaign with the settings of way B; made from the experiment's campaign where there is none yet."""
    if not experiment.variant_id:
        as_system(experiment).variant_id = make_variant(experiment, experiment.campaign_id)
    return experiment.variant_id


def make_variant(experiment, original):
    """Return a new campaign with the settings of way B.

    :param original: the campaign whose people, limits and rules it begins with: the experiment's, or another way B
    """
    campaign = experiment.campaign_id
    values = {
        "name": campaign.env._("%s, way B", campaign.name),
        "active": False,
        "variant_of_id": campaign.id,
        "strategy": experiment.strategy_b,
        **{name: [Command.clear()] for name in LEFT_OUT},
    }
    # the caller may change the campaign; its copy has the same people, whoever of them the caller may see
    variant = as_system(original).with_context(active_test=False, **SILENT).copy(values)
    campaign.env["res.users"].invalidate_model(["distribution_member_ids"], flush=False)
    return variant.with_env(experiment.env)
