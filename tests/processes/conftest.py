"""A database with the addon, and real Odoo processes that work on it."""

import pytest
from odoo_shell import ReadyOdoo
from plan_fixtures import DATABASE, plan  # noqa: F401


@pytest.fixture(scope="session")
def odoo():
    if not DATABASE:
        pytest.skip("needs a database: run them with make test")
    with ReadyOdoo(DATABASE) as odoo:
        yield odoo
