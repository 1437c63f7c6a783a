"""Give me leads: who has room takes the next leads of a campaign, in its order, under all its rules."""

from odoo.exceptions import UserError


def pull(campaign, count, get_ways):
    """Give the caller the next leads of a campaign; return them. Commits.

    :param campaign: of the caller, who must be one of its members
    :param count: how many at most
    :param get_ways: campaign → its ``day.ways.Ways``
    :raise UserError: if nothing can be taken now, in words
    """
    raise UserError(campaign.env._("Nobody takes leads in this campaign."))
