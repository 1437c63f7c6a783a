"""The campaign that somebody asks a report for."""

from odoo.exceptions import ValidationError

from ..tools.limits import is_whole
from ..tools.storable import is_storable


def find_campaign(env, asked):
    """Return the campaign of a name or an id, archived ones too; nothing for nothing.

    Of several campaigns of one name that of the own company, then the active one is meant.

    :raise ValidationError: where there is none, or there are several as good as each other
    """
    campaigns = env["lead.distribution.campaign"].with_context(active_test=False)
    if not asked:
        return campaigns.browse()
    found = campaigns.browse()
    if is_whole(asked):
        found = campaigns.search([("id", "=", asked)], limit=1)
    elif isinstance(asked, str) and is_storable(asked):
        found = campaigns.search([("name", "=", asked)])
        for is_better in (lambda one: one.company_id == env.company, lambda one: one.active):
            found = found.filtered(is_better) or found
    if not found:
        raise ValidationError(env._("There is no campaign “%s”.", str(asked)[:80]))
    if len(found) > 1:
        ids = ", ".join(map(str, found.ids))
        raise ValidationError(
            env._("There are several campaigns “%(name)s”: ask for one by its id (%(ids)s).", name=asked[:80], ids=ids)
        )
    return found
