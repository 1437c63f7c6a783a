"""Which strategy shares out the leads of a run, and with which settings."""

from odoo.exceptions import UserError

from .. import engine
from . import transport


def choose_strategy(campaign, request, lead_count, people_count):
    """Return the name of a run's strategy.

    With fewer leads or fewer people than the campaign says, it is round robin; one of the two is enough.
    """
    few = campaign.use_override and (
        lead_count < campaign.override_lead_count or people_count < campaign.override_people_count
    )
    if few or request.force_round_robin:
        return "round_robin"
    return request.strategy or campaign.strategy


def make_strategy(campaign, name, request):
    """Return the engine's strategy with those of the campaign's settings that it takes, see ``Strategy.options``."""
    wanted = engine.get_strategy_class(name).options
    options = {option: SETTINGS[option](campaign, request) for option in wanted if option in SETTINGS}
    return engine.get_strategy(name, **options)


def _get_overflow_limit(campaign, request):
    if not request.get_setting(campaign, "allow_overflow"):
        return None
    return request.get_setting(campaign, "overflow_limit")


def _get_solver(campaign, request):
    """Return the solver of transport problems.

    :raise UserError: without SciPy, if a plan is to be made
    """
    if request.is_solved and not transport.is_available():
        raise UserError(
            campaign.env._(
                "The strategy “Most conversions” needs the Python package scipy. Install it on the server "
                "(pip install scipy), or choose another strategy."
            )
        )
    return transport.solve


# what a strategy may take, and where it comes from; what another addon's takes is given by _get_engine_strategy
SETTINGS = {
    "order": lambda campaign, request: request.get_setting(campaign, "distribution_order"),
    "fill_strategy": lambda campaign, request: request.get_setting(campaign, "fill_strategy"),
    "overflow_limit": _get_overflow_limit,
    "solve": _get_solver,
}
