"""The campaign that somebody asks a report for."""

from odoo.exceptions import ValidationError

from ..tools.limits import is_whole
from ..tools.storable import is_storable


def find_campaign(env, asked):
    """Return the campaign of a name or an id, archived ones too; nothing for nothing.

    :raise ValidationError: where there is none
    """
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    if not asked:
        return campaigns.browse()
    found = campaigns.browse()
    if is_whole(asked):
        found = campaigns.search([("id", "=", asked)], limit=1)
    elif isinstance(asked, str) and is_storable(asked):
        found = campaigns.search([("name", "=", asked)], limit=1)
    if not found:
        raise ValidationError(env._("There is no campaign “%s”.", str(asked)[:80]))
    return found
