"""Leads that Odoo merges: what is left of them is with whoever had one of them, and was received only once."""

from ..finding.statuses import merge_statuses
from ..work.inside import Inside, get_inside
from ..work.system import as_system

NAMED = "lead_distribution_merged_for"  # context key: id of the salesperson whom a merge names
TAKEN = ("user_id", "distribution_campaign_id", "distributed_on", "received_on")


def merging_for(leads, user_id):
    """Return leads that are about to be merged, for a salesperson or for whoever has them."""
    return leads.with_context(**{NAMED: Inside(user_id)}) if user_id else leads


def take_over(head, others):
    """Have a lead that nobody has be with whoever has one that is merged into it: Odoo is about to write that person.

    Since when, and by which campaign, goes along. Nobody has given it, and it was received once.

    :param head: what will be left
    :param others: in the order in which Odoo takes their values
    """
    first = as_system(others).filtered("user_id")[:1]
    if as_system(head).holder_id or not first or first.holder_id != first.user_id:
        return
    if get_inside(head.env, NAMED, first.user_id.id) == first.user_id.id:
        head.check_access("write")
        as_system(head).write(first._convert_to_write({name: first[name] for name in TAKEN}))


def take_over_closing(head, others):
    """Have a lead that gets the lead status of one that is merged into it be closed since that one was, not since now.

    :param head: what will be left
    :param others: in the order in which Odoo takes their values
    """
    status = merge_statuses(as_system(head | others))
    first = as_system(others).filtered(lambda lead: lead.lead_status_id == status)[:1]
    if first.status_closed_on and as_system(head).lead_status_id != status:
        head.check_access("write")
        values = {"lead_status_id": status.id, "status_closed_on": first.status_closed_on}
        as_system(head).write(values)
