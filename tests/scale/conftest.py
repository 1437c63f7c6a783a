"""The big database is made once a session, and what is done in it is looked at in one process."""

import os
from pathlib import Path

import pytest
from names import HISTORY, LEADS
from odoo_shell import Odoo

DATABASE = os.environ.get("LEAD_DISTRIBUTION_DATABASE", "")


@pytest.fixture(scope="session")
def plans():
    """Return {action: {"scans": [(table, statement)], "seconds", "statements", "rows"}}."""
    if not DATABASE:
        pytest.skip("needs a big database: run them with make test-long")
    return Odoo(DATABASE).run(
        """
        import json, sys
        sys.path.insert(0, folder)
        import actions, data, plans
        known = data.fill(env, leads, history)
        print("RESULT " + json.dumps(plans.look_at(env, data.BIG, actions.prepare(env, known))))
        """,
        timeout=1800, folder=str(Path(__file__).parent), leads=LEADS, history=HISTORY,
    )  # fmt: skip
