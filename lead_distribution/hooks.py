"""Preparation of a database that has leads already."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def pre_init_hook(env):
    """Fill the new columns of existing leads in one statement each.

    Without this, Odoo would give every old lead today as its source date (the default),
    and compute the holder lead by lead.
    """
    if not column_exists(env.cr, "crm_lead", "source_date"):
        env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN source_date date"))
        env.cr.execute(SQL("UPDATE crm_lead SET source_date = create_date::date"))
    if not column_exists(env.cr, "crm_lead", "holder_id"):
        env.cr.execute(SQL("ALTER TABLE crm_lead ADD COLUMN holder_id integer"))
        env.cr.execute(SQL("UPDATE crm_lead SET holder_id = user_id"))
