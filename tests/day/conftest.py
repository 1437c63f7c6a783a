"""A database with the addon, and real Odoo processes that work on it."""

from plan_fixtures import odoo  # noqa: F401
