"""Fields of leads under the names that people write, and what counts as a value of them."""

from odoo.fields import Domain

from .choosable import get_chosen
from .content import has_content

# names that configurations use for fields of the lead
FIELD_NAMES = {
    "email": "email_from",
    "status": "lead_status_id",
    "web_source": "source_id",
    "web_source_id": "source_id",
    "tags": "tag_ids",
}


def resolve_field_name(env, name):
    """Return the lead's field for a name as configurations or Odoo have it, or None."""
    name = FIELD_NAMES.get(name.strip(), name.strip())
    return name if name in env["crm.lead"]._fields else None


def get_priority_domain(accepts):
    """Return the leads whose priority is accepted.

    :param accepts: called with 1 (Odoo's Low) to 4 (Very High), as configurations count; a missing
        priority is the lowest
    """
    domain = Domain("priority", "in", [str(p - 1) for p in range(1, 5) if accepts(p)])
    return domain | Domain("priority", "=", False) if accepts(1) else domain


def get_priority_range(smallest, largest):
    """Return the leads of these priorities, both included, counted from 1."""
    return get_priority_domain(lambda priority: smallest <= priority <= largest)


def get_wanted_priority_domain(campaign):
    """Return the leads whose priority the campaign takes, or None where it takes all."""
    return get_priority_range(campaign.priority_min, campaign.priority_max) if campaign.use_priority else None


def get_complete_domain(campaign):
    """Return the leads that have all the fields which the campaign asks for, or None where it asks for none."""
    return get_required_domain(campaign, "required_field_ids") if campaign.required_field_ids else None


def get_required_domain(campaign, setting):
    """Return the leads that have a value in all the fields which a setting of a campaign names; blanks are none."""
    return Domain.AND(map(has_content, get_chosen(campaign, setting)))
