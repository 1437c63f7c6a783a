# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""From a text to what is right in it: all that can be said about a configuration without a database."""

from .check import Checker
from .keys.short_form import write_out
from .reader import Reader
from .variables import fill_in


def parse_config(source, variables, report, _):
    """Return a configuration with only what is right, each value at its own key; all problems go into the report.

    :param source: YAML or JSON text, or a dict
    :param variables: {name: text} for ``${NAME}``; None: variables are refused
    :param _: translates
    :raise Unreadable: after adding what is wrong to the report
    """
    data = Reader(report, _).read_source(source)
    return write_out(Checker(report, _).check(fill_in(data, variables, report, _)))


def name_campaign(config):
    """Return the name of the campaign a configuration is about, or None."""
    campaign = config.get("campaign", {})
    filtering = config.get("salesperson_selection", {}).get("campaign_filtering", {})
    names = (
        campaign.get("name"),
        campaign.get("target_campaign"),
        filtering.get("target_campaign"),
        config.get("name"),
    )
    return next((name for name in names if name), None)


def tell_nameless(report, _):
    """Add the problem that no campaign is named, unless its name is a problem already."""
    if not any(problem.path == "campaign.name" for problem in report.problems):
        report.add("problem", ("campaign", "name"), _("The name of the campaign is missing."))
