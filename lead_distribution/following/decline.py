"""Declining: the holder gives a lead back, with a reason; the next one gets it, or the responsible decides."""

from odoo.exceptions import UserError


def decline(leads, reason, get_ways):
    """Give leads of the caller back. Commits.

    :param reason: text, or the id of one of the campaign's reasons
    :param get_ways: campaign → its ``day.ways.Ways``
    :raise UserError: with all that is in the way, in words
    """
    raise UserError(leads.env._("These leads cannot be declined."))
