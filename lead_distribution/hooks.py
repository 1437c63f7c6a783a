"""Preparation of a database that has leads already; cleaning up when the addon goes."""

from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists

ADDON = "lead_distribution"


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


# where Odoo itself forgets rows that name a model by its text: model → field
NAMED_BY_TEXT = {
    "ir.filters": "model_id",
    "ir.exports": "resource",
    "ir.embedded.actions": "parent_res_model",
    "mail.activity.type": "res_model",
    "mail.activity.plan": "res_model",
}


def uninstall_hook(env):
    """Remove what Odoo leaves behind when the addon goes: settings, wake-up calls, saved filters and exports.

    The models, their records and files, and the columns on leads are removed by Odoo itself.
    """
    env = env(context={**env.context, "active_test": False})
    names = [name for name, model in env.registry.items() if model._original_module == ADDON]
    env["ir.config_parameter"].search([("key", "=like", "lead\\_distribution.%")]).unlink()
    env["ir.cron.trigger"].search([("cron_id", "in", _get_own_crons(env).ids)]).unlink()
    for model, field in NAMED_BY_TEXT.items():
        if model in env:
            env[model].search([(field, "in", names)]).unlink()
    _forget_names(env, names)


def _get_own_crons(env):
    rows = env["ir.model.data"].search([("module", "=", ADDON), ("model", "=", "ir.cron")])
    return env["ir.cron"].browse(rows.mapped("res_id"))


def _forget_names(env, names):
    """Remove the external names that other addons gave to parts of our models, such as the states of activities."""
    kinds = ("selection", "model_inherit")
    patterns = [f"{kind}__{name.replace('.', '_')}__%".replace("_", "\\_") for kind in kinds for name in names]
    domain = Domain("module", "!=", ADDON) & Domain.OR(Domain("name", "=like", pattern) for pattern in patterns)
    env["ir.model.data"].search(domain).unlink()
