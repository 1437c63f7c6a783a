# pylint: disable=prefer-env-translation
"""Callers: the salespeople who receive the leads of an import, and the campaign that they join."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import escape_psql

from ..finding.languages import find_named
from ..planning.people import explain_unfit
from ..work.system import as_system


def get_chosen_campaign(batch):
    """Return the campaign of an import, none while it is one that is to be made."""
    return batch.campaign_id if not batch.new_campaign else batch.campaign_id.browse()


def get_ticked(batch):
    """Return the users who are to receive leads."""
    return batch.caller_ids.filtered("ticked").user_id


def fill_callers(batch):
    """Offer the members of the chosen campaign beside those who were added by hand."""
    users = get_chosen_campaign(batch).member_ids.filtered(lambda m: m.active and m.user_id.active).user_id
    missing = users - batch.caller_ids.user_id
    batch.caller_ids = [Command.create({"user_id": user.id, "ticked": False}) for user in missing]


def explain_no_rights(batch, user):
    """Return why somebody may not work on the leads of an import, or nothing."""
    return explain_unfit(batch.env, user, batch.campaign_id.company_id or batch.company_id)


def prepare_member(batch, user):
    """Return the values of the member that a caller becomes; the team is one of those Odoo knows the person in."""
    campaign = as_system(batch.campaign_id)
    named = find_named(batch.env, "crm.team", [campaign.team_filter_name]) if campaign.team_filter_name else ()
    wanted = as_system(user).crm_team_ids.filtered(lambda team: team.id in (campaign.team_filter_id.id, *named))[:1]
    label = campaign.team_filter_name if wanted else False
    return {"campaign_id": campaign.id, "user_id": user.id, "team_id": wanted.id, "team_label": label}


def ensure_campaign(batch):
    """Create the campaign if it is to be a new one.

    :raise UserError: when there is none, or one of that name
    """
    env = batch.env
    if not batch.new_campaign:
        if not batch.campaign_id:
            raise UserError(env._("Choose a campaign, or give a new one a name."))
        return
    name = (batch.new_campaign_name or "").strip()
    if not name:
        raise UserError(env._("Give the new campaign a name."))
    campaigns = env["lead.distribution.campaign"]
    domain = [("name", "=ilike", escape_psql(name)), ("company_id", "in", (False, batch.company_id.id))]
    if campaigns.search_count(domain, limit=1):
        raise UserError(env._("There is a campaign “%s” already: choose it from the list.", name))
    campaign = campaigns.create({"name": name, "company_id": batch.company_id.id})
    batch.write({"campaign_id": campaign.id, "new_campaign": False})


def join_campaign(batch, users):
    """Make members of the callers who are none yet; return the new ones."""
    known = batch.campaign_id.with_context(active_test=False).member_ids.user_id
    members = batch.env["lead.distribution.member"]
    return members.create([prepare_member(batch, user) for user in users - known])
