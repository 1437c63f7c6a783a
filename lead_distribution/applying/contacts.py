"""Contacts that an import links its leads to, and that stay as they are.

Odoo writes the e-mail and the phone that a linked lead is given on its contact, too, and from there on all other
leads of that contact. A person sees a warning beside the field; a file has nobody to warn.
"""

from ..work.inside import YES, get_inside

LEFT_ALONE = "lead_import_contacts_left_alone"  # context key


def leave_contacts_alone(leads):
    """Return leads that write nothing on their contacts."""
    return leads.with_context(**{LEFT_ALONE: YES})


def are_contacts_left_alone(env):
    return bool(get_inside(env, LEFT_ALONE))
