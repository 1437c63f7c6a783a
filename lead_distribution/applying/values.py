"""What is written on a lead that is handed out."""

from ..names import MOVED
from .covered import read_back


def prepare_shared_values(campaign, now):
    """Return what is written on all leads of a batch."""
    return {"distribution_campaign_id": campaign.id, "distributed_on": now, "received_on": now}


def prepare_lead_values(campaign, row, shared):
    """Return what is written on one lead.

    :param row: the assignment
    :param shared: see ``prepare_shared_values``
    """
    user_id = row.user_id.id
    values = {**shared, "user_id": user_id, "open_user_id": user_id, "closer_id": user_id, "holder_id": user_id}
    if row.kind in MOVED:
        return _prepare_move_values(row, shared)
    if row.kind == "dropback":
        return {**values, **_prepare_dropback_values(campaign, row)}
    team, status = campaign.team_id, campaign.status_reset_id
    if team and team != row.lead_id.team_id and _shares_company(team, row.lead_id):
        values["team_id"] = team.id
    if status:
        values["lead_status_id"] = status.id
    return values


def _prepare_move_values(row, shared):
    """Return what is written on a lead that goes on to somebody else as it is: status, team and campaign stay.

    What comes back has people, team and status as they were (``covered.read_back``).
    """
    user_id = row.user_id.id
    people = {"user_id": user_id, "open_user_id": user_id, "closer_id": user_id, "holder_id": user_id}
    moments = {"distributed_on": shared["distributed_on"], "received_on": shared["received_on"]}
    return {**moments, **people, **read_back(row)}


def _prepare_dropback_values(campaign, row):
    """Return what is written besides on a lead that drops back: team, status, priority."""
    rule, values = row.dropback_rule_id, {}
    if rule.team_id and not campaign.dropback_preserve_team and _shares_company(rule.team_id, row.lead_id):
        values["team_id"] = rule.team_id.id
    status = rule.status_id or campaign.dropback_status_id
    if campaign.dropback_update_status and status:
        values["lead_status_id"] = status.id
    if rule.priority:
        values["priority"] = rule.priority
    return values


def _shares_company(team, lead):
    """Whether a lead may get a team: one of another company would take the lead there."""
    return not team.company_id or not lead.company_id or team.company_id == lead.company_id
