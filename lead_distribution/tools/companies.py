"""Who works for which companies."""

from odoo import SUPERUSER_ID
from odoo.exceptions import ValidationError


def may_cross_companies(env):
    """Whether the user works for every company, so that leads of all of them may be moved."""
    return env["res.company"].sudo().search_count([]) <= len(env.user.company_ids)  # all there are, seen or not


def refuse_all_companies(env, company_ids):
    """Refuse campaigns without a company, unless the user works for all companies.

    :param company_ids: of the campaigns; anything empty is all companies
    :raise ValidationError: says what to do
    """
    # constraints run with full rights, so it is the user who counts here
    if not all(company_ids) and env.uid != SUPERUSER_ID and not may_cross_companies(env):
        raise ValidationError(
            env._("Choose a company: only who works for all companies makes campaigns of all of them.")
        )
