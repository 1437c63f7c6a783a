"""Handover: the open leads of a person who leaves go to others, by a plan that can be looked at and taken back."""

from odoo.exceptions import UserError


def plan_handover(user, user_ids=None, campaign=None, opportunities=True, activities=True):
    """Return a planned run of the person's open leads.

    :param user: whose leads, with the rights of the caller
    :param user_ids: who receives them, in equal shares; None: the people of the campaign, by its way of sharing
    :param campaign: whose way of sharing; None: the one most of the leads come from
    :param opportunities: these, too
    :param activities: what is planned on the leads goes along
    :raise UserError: if there is nobody, or nothing to hand over
    """
    raise UserError(user.env._("There is nothing to hand over."))
