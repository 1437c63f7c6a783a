"""Cover: for the time of an absence others take over the open leads; what nobody worked on comes back at its end.

All of it are planned runs, and each step goes on where a process died: runs of an absence that are planned or being
applied are applied first, then what the person still has is planned. What comes back is in ``cover_return``.
"""

import logging
from collections import defaultdict

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..applying.locks import only_one
from ..planning.by_hand import prepare_by_hand
from ..planning.presence.look import look
from ..reporting.notify import add_warning
from ..tools.fit import works_for
from ..work.scheduler import is_time_up
from ..work.transactions import commit, retry
from .cover_changes import find_covers
from .cover_news import tell_nobody_takes_over
from .cover_return import bring_back, find_returning, plan_return
from .open_leads import find_open_leads, plan_move

_logger = logging.getLogger(__name__)

COVERS = "lead.distribution.covers"  # name of the lock within which covers begin and end


def follow_covers(env, get_ways):
    """Begin the covers of absences that have begun, and end those of absences that are over. Commits after each.

    :param env: with full rights
    :param get_ways: campaign → its ``day.ways.Ways``
    """
    with only_one(env, COVERS) as is_mine:
        if not is_mine:
            return
        commit(env)  # what others have committed until now is seen
        for leaver, runs in find_returning(env):
            _try(env, bring_back, leaver, runs)
        for absence in _find_begun(env):
            _try(env, _begin, absence, get_ways)


def _try(env, step, record, *arguments):
    """Do a step for one person; what goes wrong keeps nobody else from theirs, and is tried again the next time."""
    if is_time_up(env):
        return
    try:
        step(record, *arguments)
        commit(env)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.warning("Cover: others were in the way of %s, it goes on later", record, exc_info=True)
        env.cr.rollback()
    except Exception:
        _logger.exception("Cover: %s could not go on", record)
        env.cr.rollback()


def _find_begun(env):
    """Return the absences whose cover is to begin; leads that are still to come back do so first."""
    absences = env["lead.distribution.absence"]
    waiting = Domain("cover_state", "=", "waiting") & Domain("date_from", "<=", fields.Datetime.now())
    begun = absences.search(waiting, order="date_from, id")
    returning = {leaver for leaver, _runs in find_returning(env)}
    return begun.filtered(lambda absence: absence.user_id not in returning)


def _begin(absence, get_ways):
    """Have others take over what the person has; goes on where it was cut off."""
    env, leaver = absence.env, absence.user_id
    if absence.date_to <= fields.Datetime.now() or not leaver.active:  # it was over before anybody looked
        discard_plans(absence)
        absence.cover_state = "returned"
        return
    runs = absence.cover_run_ids.filtered(lambda run: run.origin == "cover" and run.cover_state == "open")
    for run in runs.sorted("id"):
        if run.state == "planned" and run.error:
            run.unlink()
        elif not apply(run):
            return
    runs, unplaced = retry(env, _plan_cover, absence, get_ways)
    for run in runs:
        commit(env)
        if not apply(run):
            return
    absence.cover_state = "covered"
    if unplaced:
        tell_nobody_takes_over(absence, unplaced)


def apply(run):
    """Apply a run of a cover, or go on with it; what is in the way is told to who is responsible.

    :return: whether it is over; otherwise the scheduler's time is up
    """
    if run.state not in ("planned", "applying"):
        return True
    try:
        run.action_apply()
    except UserError as error:  # nobody can receive, or the campaign is not active any more
        run.error = str(error)
        run.refuse_impossible()
    commit(run.env)
    return run.state not in ("planned", "applying")


def discard_plans(absences):
    """Remove the plans of covers that nobody has applied."""
    runs = absences.env["lead.distribution.run"]
    runs.search([("absence_id", "in", absences.ids), ("state", "=", "planned")]).unlink()


def look_at_cover(absence, get_ways):
    """Return planned runs that show who would take over which leads now, or, once it has begun, what would come back.

    A plan of who takes over is applied when the absence begins; one of what comes back is made anew at its end.

    :param absence: with full rights
    :raise UserError: if there is nothing to show
    """
    env, name = absence.env, absence.user_id.name
    discard_plans(absence)
    if absence.cover_state == "covered":
        runs = plan_return(absence.user_id, find_covers(absence))
        if not runs:
            raise UserError(env._("None of the leads of %s is with others.", name))
    elif absence.cover_state == "waiting":
        runs, unplaced = _plan_cover(absence, get_ways)
        if unplaced and not runs:
            raise UserError(env._("%s is in no campaign that could share the leads: name one person.", name))
        if not runs:
            raise UserError(env._("%s has no open leads.", name))
    else:
        raise UserError(env._("Nobody takes over in this absence."))
    return env["lead.distribution.run"].union(*runs)


def _plan_cover(absence, get_ways):
    """Return (planned runs of the leads that the person of an absence has, leads that no campaign could share)."""
    leads = find_open_leads(absence.user_id)
    plan = _Plan(absence, get_ways)
    if absence.cover == "user":
        leads = plan.give_to_person(leads)
    unplaced = plan.share(leads)
    return plan.runs, unplaced


class _Plan:
    """Who takes over which leads of one absence, as planned runs."""

    def __init__(self, absence, get_ways):
        self.absence, self.leaver, self.get_ways = absence, absence.user_id, get_ways
        self.runs = []
        self.is_refused = False  # some of it cannot go to the person who was named

    def give_to_person(self, leads):
        """Plan for the person who was named; return the leads that this person cannot take over."""
        person = self.absence.cover_user_id
        rest = leads.browse()
        away = explain_why_not(person)
        for company, own in leads.grouped(lambda lead: lead.company_id or self.leaver.company_id).items():
            run = self._plan_by_hand(company, own) if not away and works_for(person, company) else None
            if run:
                self.runs.append(run)
            else:
                rest |= own
        self.is_refused = bool(rest)
        return rest

    def _plan_by_hand(self, company, leads):
        person = self.absence.cover_user_id
        run = self._plan(prepare_by_hand(person.with_company(company)), leads, person.ids)
        if run.error:
            run.unlink()
            return None
        return run

    def share(self, leads):
        """Plan for the campaigns of the leads, by their ways of sharing; return the leads of which there is none."""
        groups = _group_by_campaign(self.leaver, leads)
        unplaced = groups.pop(self.leaver.env["lead.distribution.campaign"], leads.browse())
        for campaign, own in groups.items():
            run = self._plan(campaign, own)
            if self.is_refused:
                add_warning(run, self._describe_refusal(self.get_ways(campaign).campaign.env))
            self.runs.append(run)
        return unplaced

    def _describe_refusal(self, env):
        """Return why the leads go to others, in the language of who reads the run."""
        person = self.absence.cover_user_id.with_env(env)
        why = explain_why_not(person) or env._("has no access to these leads")
        return env._("%(name)s was to take over: %(why)s.", name=person.name, why=why)

    def _plan(self, campaign, leads, user_ids=None):
        until = self.absence.date_to
        kept = {"absence_id": self.absence.id, "cover_state": "open"}
        return plan_move(self.get_ways(campaign), leads, "cover", self.leaver, user_ids, until, **kept)


def explain_why_not(person):
    """Return why a person cannot take over leads now, in words, or nothing; off shift alone is no reason."""
    if not person.active:
        return person.env._("is archived")
    campaigns = person.env["lead.distribution.member"].search([("user_id", "=", person.id)]).campaign_id
    closest = campaigns.sorted(lambda campaign: campaign.availability == "ignore")[:1]  # who looks at hours knows leave
    seen = look(closest, person)[person.id]
    return seen.reason if seen.kind in ("absence", "leave", "pause") else None


def _group_by_campaign(leaver, leads):
    """Return {campaign: leads}: the one that handed a lead out, else the first of the person; an empty one for none."""
    members = leaver.env["lead.distribution.member"].search([("user_id", "=", leaver.id)])
    own = leaver.env["lead.distribution.campaign"].search([("id", "in", members.campaign_id.ids)])
    groups = defaultdict(list)
    for lead in leads:
        of_lead = lead.distribution_campaign_id.filtered(lambda campaign: campaign.active and not campaign.is_by_hand)
        fitting = (one for one in (*of_lead, *own) if _may_share(one, lead))
        groups[next(fitting, own.browse())].append(lead.id)
    return {campaign: leads.browse(ids) for campaign, ids in groups.items()}


def _may_share(campaign, lead):
    return not campaign.company_id or not lead.company_id or campaign.company_id == lead.company_id
