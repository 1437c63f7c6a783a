"""Writes the hard-coded values of section 17.7 as the sections that mean the same."""

from copy import deepcopy

SHORT = "current_implementation"


def desugar(config):
    """Return the configuration without ``current_implementation``; what is there besides it wins."""
    config = deepcopy(config)
    short = config.pop(SHORT, None)
    if not short:
        return config
    if "date_range" in short:
        names = {"lowerlimit": "older_than_days", "upperlimit": "younger_than_days"}
        days = {names[key]: value for key, value in short["date_range"].items()}
        _set(config, ("lead_finding", "date_range"), days)
    for key in ("excluded_users", "status_filters", "activity_deadline"):
        if key in short:
            _set(config, ("lead_finding", key), short[key])
    if "dnc_filtering" in short:
        _set(config, ("lead_finding", "additional_filters", "dnc_filtering"), short["dnc_filtering"])
    for key, value in short.get("distribution", {}).items():
        _set(config, ("distribution", key), value)
    name = short.get("campaign_filters", {}).get("campaign_name")
    if name:
        _set(config, ("campaign", "name"), name)
    return config


def _set(config, path, value):
    for key in path[:-1]:
        config = config.setdefault(key, {})
    config.setdefault(path[-1], value)


def name_campaign(config):
    """Return the name of the campaign a configuration is about, or nothing (reading R50)."""
    campaign = config.get("campaign", {})
    filtering = config.get("salesperson_selection", {}).get("campaign_filtering", {})
    names = (
        campaign.get("name"),
        campaign.get("target_campaign"),
        filtering.get("target_campaign"),
        config.get("name"),
    )
    return next((name for name in names if name), None)
