"""Handing out by hand: steps that are left aside for named leads, and people without a campaign of their own."""

from psycopg2.errors import UniqueViolation

from odoo.exceptions import ConcurrencyError
from odoo.fields import Command
from odoo.tools import mute_logger

from ..finding.explain import describe_refusal, find_refusals
from ..finding.steps import list_base_steps
from ..names import FIRM_STEPS
from ..work.rights import check_manager
from ..work.system import as_system
from .request import PlanRequest

# Of the way of sharing without a campaign only do-not-call is on for good. What else would speak against handing a
# lead out is on, too, so that it is told; who hands out leaves it aside, lead by lead or at all.
SETTINGS = {
    "active": False,  # it stands in no list of campaigns, and no schedule takes it
    "is_by_hand": True,
    "include_inactive": True,  # its members are inactive: they have no target there, and count in no load
    "lead_type": "both",
    "use_window": False,
    "pool_mode": "all",
    "use_sales_filter": True,
    "sales_match_email": True,
    "exclude_assigned": True,
    "allow_overflow": True,
    "overflow_limit": 100_000,
    "fallback_round_robin": False,
    "warn_without_leads": False,
}


EXAMPLES = 3  # leads that are named for each reason


def list_refusals(campaign, leads, override, get_steps):
    """Return why leads are not handed out, and what is left aside for them: a dict for each step.

    ``count`` are the leads that the step is the first to refuse; of a step that is left aside those that it would
    refuse. ``examples`` name some of them with what they have.

    :param campaign: with full rights
    :param leads: those that were chosen
    :param override: keys of the steps that are left aside
    :param get_steps: request → the campaign's steps
    """
    request = PlanRequest()
    steps = get_steps(request)
    by_key = {step.key: step for step in (*list_base_steps(campaign, request), *steps)}
    refusals = find_refusals(campaign, request, steps, leads.ids)
    refused = {}
    for lead_id, keys in refusals.items():
        aside = [key for key in keys if key in override]
        first = [key for key in keys if key not in override][:1]
        for key in (*aside, *first):
            refused.setdefault(key, []).append(lead_id)
    return [
        {
            "step": key,
            "name": step.words,
            "count": len(refused[key]),
            "examples": _name_examples(campaign, as_system(leads.browse(refused[key][:EXAMPLES])), step),
            "override": key in override,
            "is_firm": key in FIRM_STEPS,
        }
        for key, step in by_key.items()
        if key in refused
    ]


def _name_examples(campaign, leads, step):
    return "\n".join(f"{lead.name}: {describe_refusal(campaign, lead, step)}" for lead in leads)


def note_overridden(run, get_steps):
    """Write on the rows of a plan which of the steps left aside would have refused their leads.

    :param get_steps: request → the campaign's steps
    """
    request = PlanRequest.read(run.options)
    if not request.override:
        return
    rows = run.env["lead.distribution.assignment"].search([("run_id", "=", run.id), ("kind", "=", "distribution")])
    refusals = find_refusals(run.campaign_id, request, get_steps(request), rows.lead_id.ids)
    alike = {}
    for row in rows:
        keys = tuple(key for key in refusals.get(row.lead_id.id, ()) if key in request.override)
        if keys:
            alike.setdefault(keys, []).append(row.id)
    for keys, ids in alike.items():
        rows.browse(ids).write({"overridden": list(keys)})


def prepare_by_hand(users):
    """Return the campaign by which leads are handed to people without any campaign's rules; it is made at first.

    There is one a company. The people become inactive members of it: they receive, and count nowhere else.

    :param users: who is to receive, of the rights of the caller
    :raise AccessError: for who may not run campaigns
    :raise ConcurrencyError: if somebody else makes it at this moment, for Odoo to try again
    """
    env = users.env
    check_manager(env["lead.distribution.campaign"])
    try:
        with env.cr.savepoint(), mute_logger("odoo.sql_db"):
            return _prepare_campaign(users).with_env(env)
    except UniqueViolation as error:  # of the campaign, or of a member: only a new transaction sees theirs
        raise ConcurrencyError(env._("Somebody else hands out leads by hand at this moment: try again.")) from error


def _prepare_campaign(users):
    env = users.env
    campaigns = env["lead.distribution.campaign"]
    domain = [("is_by_hand", "=", True), ("company_id", "=", env.company.id)]
    campaign = as_system(campaigns).with_context(active_test=False).search(domain, limit=1)
    if not campaign:
        name = env._("By hand")
        campaign = as_system(campaigns).create({**SETTINGS, "name": name, "company_id": env.company.id})
    _add_people(campaign, users)
    return campaign


def _add_people(campaign, users):
    """Make members of the users who are none, each with the target that the person has in other campaigns."""
    members = campaign.member_ids.filtered(lambda member: member.user_id in users)
    new = as_system(users) - members.user_id
    targets = _count_targets(campaign, users)
    campaign.member_ids = [
        *(Command.update(member.id, _prepare_target(member.user_id, targets)) for member in members),
        *(
            Command.create({"user_id": user.id, "active": False, "level_id": False, **_prepare_target(user, targets)})
            for user in new
        ),
    ]


def _prepare_target(user, targets):
    return {"has_own_target": user.id in targets, "own_target": targets.get(user.id, 0)}


def _count_targets(campaign, users):
    """Return {user id: sum of the targets in campaigns that run}."""
    members = as_system(campaign.env["lead.distribution.member"]).search(
        [("user_id", "in", users.ids), ("active", "=", True), ("campaign_id.active", "=", True)]
    )
    targets = {}
    for member in members:
        targets[member.user_id.id] = targets.get(member.user_id.id, 0) + member.target_leads
    return targets
