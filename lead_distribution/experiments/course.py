# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""How an experiment begins and ends; what stands in the way of a beginning is told all at once."""

from odoo import fields
from odoo.exceptions import UserError

from .. import engine
from ..names import OPEN_EXPERIMENTS
from ..planning import transport
from ..planning.people import explain_nobody
from ..planning.request import PlanRequest
from ..work.system import as_system
from .variant import get_variant
from .ways import describe_ways


def start(experiment, get_ways):
    """Deal leads to both ways from now on.

    :param get_ways: campaign → its ``day.ways.Ways``
    :raise UserError: with all that stands in the way
    """
    problems = _list_problems(experiment)
    if experiment.state == "draft" and not experiment.campaign_id.is_by_hand:
        get_variant(experiment)
        problems += _list_problems_of_ways(experiment, get_ways)
    if problems:
        raise UserError("\n".join(problems))
    as_system(experiment).write(
        {
            "state": "running",
            "started_on": fields.Datetime.now(),
            "kept_settings": describe_ways(experiment),
        }
    )
    experiment.flush_recordset()  # of two that start at once the index refuses one, in words
    text = experiment.env._("The experiment “%s” has started: chance chooses the way of each lead.", experiment.name)
    as_system(experiment.campaign_id).message_post(body=text)


def _list_problems(experiment):
    """Return what stands in the way of the experiment itself, in words."""
    _, campaign = experiment.env._, experiment.campaign_id
    if experiment.state != "draft":
        return [_("“%s” has started already: copy it to begin anew.", experiment.name)]
    others = as_system(experiment).search(
        [("campaign_id", "=", campaign.id), ("state", "in", OPEN_EXPERIMENTS)], limit=1
    )
    checks = {
        _("“%s” is running in this campaign: let it end, or stop it first.", others.name): bool(others),
        _("The campaign “%s” is archived: it hands out nothing.", campaign.name): not campaign.active
        and not campaign.is_by_hand,
        _("What is handed out by hand has no ways: choose another campaign."): campaign.is_by_hand,
        _("How many leads shall it take? Enter a number above 0."): experiment.planned_leads <= 0,
        _("Leads for way B: enter a number from 1 to 99 percent."): not 0.01 <= experiment.share_b <= 0.99,
        _("Within how many days do outcomes count? Enter a number above 0."): experiment.days <= 0,
    }
    return [text for text, is_wrong in checks.items() if is_wrong]


def tell_of_another(experiment):
    """Return why way B of an experiment has none itself, in words."""
    return experiment.env._("These are the settings of another experiment: choose its campaign.")


def _list_problems_of_ways(experiment, get_ways):
    """Return why leads could not be handed out by both ways, or why both would be the same, in words."""
    _ = experiment.env._
    problems = []
    ways = (("A", experiment.campaign_id, experiment.strategy_a), ("B", experiment.variant_id, experiment.strategy_b))
    for name, campaign, strategy in ways:
        selection = get_ways(as_system(campaign)).select(at_any_hour=True)
        if not selection.members:
            reason = explain_nobody(selection, PlanRequest())
            problems.append(_("Nobody can receive leads by way %(name)s: %(reason)s", name=name, reason=reason))
        if "solve" in engine.get_strategy_class(strategy).options and not transport.is_available():
            problems.append(
                _(
                    "The strategy “Most conversions” of way %s needs the Python package scipy: have it installed on "
                    "the server, or choose another strategy.",
                    name,
                )
            )
    described = describe_ways(experiment)
    if described["a"] == described["b"]:
        problems.append(
            _("Both ways are the same: choose another strategy for way B, or change its people, limits or rules.")
        )
    return problems


def refuse_stopping(experiment):
    """Have only what goes on stopped.

    :raise UserError: in words
    """
    if experiment.state not in OPEN_EXPERIMENTS:
        raise UserError(experiment.env._("“%s” is not running.", experiment.name))


def keep_ways_b(campaigns):
    """Keep the settings of way B as long as leads are dealt to it.

    :raise UserError: in words
    """
    experiments = as_system(campaigns.env["lead.distribution.experiment"])
    refuse_removing(experiments.search([("variant_id", "in", campaigns.ids), ("state", "in", OPEN_EXPERIMENTS)]))


def refuse_removing(experiments):
    """Keep experiments that go on: their leads would be dealt to nothing.

    :raise UserError: in words
    """
    for experiment in experiments.filtered(lambda experiment: experiment.state in OPEN_EXPERIMENTS):
        raise UserError(experiment.env._("“%s” is running: stop it before you delete it.", experiment.name))
