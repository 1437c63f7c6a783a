# pylint: disable=prefer-env-translation
"""Why Odoo has no use for a key. Pure Python."""


def get_reasons(_):
    """Return {name of the reason in the table: its words}."""
    return {
        "connection": _("Not needed: the addon works inside Odoo, on Odoo's own database."),
        "performance": _("Not needed: the database does this work in sets; there is nothing to tune."),
        "log": _("Not needed: Odoo's own log settings hold."),
        "history": _("Not needed: the history is always kept."),
        "counted": _("Not needed: every run counts and shows this."),
        "range_text": _("Not needed: a description of a range is for whoever reads this text."),
        "validated": _("Not needed: names that fit no source are always told."),
        "always_active": _("Not needed: in Odoo, web sources are always active."),
        "file": _("Not needed: the file is kept with the run."),
        "exact_match": _("Not needed: match_mode decides."),
        "partial_here": _("Not needed: match_mode decides about do not call."),
        "table": _("Not needed: opportunities are Odoo's leads of type opportunity."),
        "field_type": _("Not needed: Odoo knows the type of its fields."),
        "dropback_time": _("Not needed: leads drop back when the run is applied."),
        "security": _("Not needed: rights, history and encryption are those of Odoo and its database."),
    }
