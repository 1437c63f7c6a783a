"""How many cases tests by chance try: few, and always the same, but in ``make test-long ARGS=random``."""

import os

THOROUGH = bool(os.environ.get("LEAD_DISTRIBUTION_THOROUGH"))


def often(usual, thorough):
    """Return how many cases a random test tries."""
    return thorough if THOROUGH else usual
