"""``current_implementation``: the values of a program that went before, in its own words.

What is said elsewhere wins over it.
"""

from copy import deepcopy

from ..kinds import days, flag, name, section, text, texts
from .key import Key
from .leads import DNC, POOL

HERE = "current_implementation"
RANGE = {"lowerlimit": "older_than_days", "upperlimit": "younger_than_days"}
STATUS_FILTERS = section(
    active_salespeople=POOL,
    inactive_salespeople=POOL,
    unassigned=POOL,
    exclude_closed_leads=flag(),
    exclude_assigned_leads=flag(),
)
# key → the kind of its value, and the key that means the same
MEANS = {
    "date_range": (section(lowerlimit=days(), upperlimit=days()), "lead_finding.date_range"),
    "excluded_users": (texts(), "lead_finding.excluded_users"),
    "status_filters": (STATUS_FILTERS, "lead_finding.status_filters"),
    "campaign_filters.campaign_name": (text(), "campaign.name"),
    "dnc_filtering": (DNC, "lead_finding.additional_filters.dnc_filtering"),
    "activity_deadline": (
        section(exclude_within_days=days(), exclude_missing_deadline=flag()),
        "lead_finding.activity_deadline",
    ),
    "distribution.strategy": (text(), "distribution.strategy"),
    "distribution.randomize_order": (flag(), "distribution.randomize_order"),
    "distribution.team_assignment": (name(), "distribution.team_assignment"),
    "distribution.status_reset": (text(), "distribution.status_reset"),
}

KEYS = tuple(Key(f"{HERE}.{key}", kind, words=f"As {meant}.") for key, (kind, meant) in MEANS.items())


def write_out(config):
    """Return a configuration with the short form written out."""
    config = deepcopy(config)
    short = config.pop(HERE, None) or {}
    if "date_range" in short:
        short["date_range"] = {RANGE[key]: value for key, value in short["date_range"].items()}
    for key, (_kind, meant) in MEANS.items():
        value = _find(short, key.split("."))
        if value is not None:
            _set(config, meant.split("."), value)
    return config


def _find(config, path):
    for key in path:
        config = config.get(key) if isinstance(config, dict) else None
    return config


def _set(config, path, value):
    for key in path[:-1]:
        config = config.setdefault(key, {})
    config.setdefault(path[-1], value)
