"""Limits of imports: settings of the system, each with what it is where nobody has set it."""

from ..tools.limits import LONGEST_DAYS

DEFAULTS = {
    "max_mib": 50,
    "max_rows": 200_000,
    "max_columns": 300,
    "max_seconds": 20,
    "max_memory_mib": 512,
    "max_api_rows": 10_000,
    "undo_days": 7,
    "draft_days": 7,  # what was never started is forgotten
    "failed_days": 30,  # what stopped before its first lead is forgotten
}


def get_limit(env, name):
    """Return a limit of the settings, a whole number above 0."""
    parameters = env["ir.config_parameter"].sudo()  # settings are read by administrators only
    text = str(parameters.get_param(f"lead_distribution.import_{name}", DEFAULTS[name]))
    number = int(text) if text.isdecimal() and len(text) < 10 and int(text) else DEFAULTS[name]
    return min(number, LONGEST_DAYS) if name.endswith("_days") else number
