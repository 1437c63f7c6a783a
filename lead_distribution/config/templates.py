"""The configurations to start from: basic, advanced and minimal, for any campaign."""

from datetime import date
from pathlib import Path

from .reader import Reader
from .report import Report

TEMPLATES = ("basic", "advanced", "minimal")
FOLDER = Path(__file__).parents[1] / "data" / "configurations"


def make_template(name, campaign=None, today=None):
    """Return the data of a template.

    :param name: basic, advanced or minimal
    :param campaign: the name of the campaign it is for; Voice without one
    :param today: what counts as the date of creation
    :raise ValueError: for a name that is no template
    :raise Unreadable: without PyYAML, which reads the files

    >>> make_template("minimal", "Apple")["campaign"]["name"]
    'Apple'
    """
    if name not in TEMPLATES:
        raise ValueError(name)
    config = Reader(Report(), _say).read_source((FOLDER / f"{name}.yaml").read_bytes())
    config["created_date"] = config["last_modified"] = (today or date.today()).isoformat()
    if campaign:
        _customize(config, campaign)
    return config


def _say(text, *values):
    return text % values if values else text


def _customize(config, campaign):
    """Change a template so that it is for a certain campaign."""
    config["name"] = f"Daily Lead Distribution - {campaign}"
    config["description"] = f"Automated daily lead distribution system for {campaign} campaigns"
    config["campaign"].update(name=campaign, target_campaign=campaign)
    if "description" in config["campaign"]:
        config["campaign"]["description"] = f"{campaign} sales campaign distribution"
    selection = config["salesperson_selection"]
    selection.setdefault("campaign_filtering", {})["target_campaign"] = campaign
    if "team_filter" in selection["filters"]:
        selection["filters"]["team_filter"] = campaign
    if "campaigns" in config["lead_finding"]:
        config["lead_finding"]["campaigns"]["types"] = [campaign]
