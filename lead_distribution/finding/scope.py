"""Whose leads a campaign may look at, and the clock by which it looks."""

from odoo import fields
from odoo.fields import Domain

from ..engine.zones import pick_zone
from ..work.system import as_system
from .dates import get_today as get_today_in_zone
from .typed_filter import Moment


def get_leads(campaign):
    """Return the leads' model as finding uses it.

    With full rights: what a run does must not depend on who starts it.
    """
    return as_system(campaign.env["crm.lead"]).with_context(active_test=True, tz=campaign.tz)


def get_today(campaign):
    """Return the date in the campaign's time zone: ages and windows count from it."""
    return get_today_in_zone(fields.Datetime.now(), campaign.tz)


def get_moment(campaign):
    """Return now as typed filters count from it: in the campaign's time zone."""
    return Moment(fields.Datetime.now(), pick_zone(campaign.tz))


def get_type_domain(campaign):
    return Domain("type", "in", list_types(campaign))


def list_types(campaigns):
    """Return the types of leads that one of the campaigns takes; without a campaign: leads."""
    # for whoever may know of a campaign's people: what is counted of them must not depend on who reads it
    named = set(as_system(campaigns).mapped("lead_type")) or {"lead"}
    return ["lead", "opportunity"] if named & {"both"} or len(named) > 1 else sorted(named)


def get_company_domain(campaign):
    """Return the leads of the campaign's company and those of none; without a company, all."""
    if not campaign.company_id:
        return Domain.TRUE
    return Domain("company_id", "in", [campaign.company_id.id, False])


def uses_leads(env):
    """Return whether Odoo's leads are switched on; without them, whoever types in a lead makes an opportunity."""
    everybody = env.ref("base.group_user").sudo()  # groups are the administrator's, what they mean concerns managers
    return env.ref("crm.group_use_lead") in everybody.all_implied_ids
