"""A database with OCA's queue_job, and real Odoo processes that work on it."""

from plan_fixtures import odoo  # noqa: F401
