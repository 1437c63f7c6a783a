"""Give me leads: who has room takes the next leads of a campaign, in its order, under all its rules."""

import time
from typing import NamedTuple

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..applying.locks import one_at_a_time
from ..day.part import Part
from ..day.run import count_left_today, get_run, grow
from ..finding.candidates import Found
from ..finding.search import find_in_turn
from ..finding.window import get_window
from ..planning.decide import Task, list_columns
from ..planning.limits import count_rooms
from ..planning.presence.absences import find_pauses
from ..planning.ramp_up import get_share, reduce
from ..planning.request import PlanRequest
from ..work.inside import with_own_context
from ..work.system import as_system
from ..work.transactions import retry

KIND = "pull"
FULL, MOST = "everybody_full", "max_leads"  # why the engine leaves leads


class Pulled(NamedTuple):
    """What came of it: the leads that the caller got, and why there are not more of them, in words."""

    leads: object
    why: str = ""


def pull(campaign, count, get_ways):
    """Give the caller the next leads of a campaign. Commits.

    :param campaign: of the caller, who must be one of its members
    :param count: how many at most
    :param get_ways: (campaign, language of the texts) → its ``day.ways.Ways``
    :return: see ``Pulled``
    :raise UserError: if the caller can take nothing now, in words
    """
    _check(campaign, count)
    system = with_own_context(as_system(campaign))
    words = get_ways(system, campaign.env.lang)  # the run is in the language of who is responsible
    with one_at_a_time(system.env):
        rows, why = retry(system.env, _pull, get_ways(system), words, count)
    return Pulled(campaign.env["crm.lead"].browse(rows.lead_id.ids), why)


def _check(campaign, count):
    """Refuse what could never be.

    :raise UserError: says what is in the way
    """
    env = campaign.env
    campaign.check_access("read")
    campaign = as_system(campaign)  # its settings are for managers
    most = campaign.pull_at_once
    if not (campaign.active and most):
        raise UserError(env._("Nobody takes leads in the campaign “%s”: it hands them out.", campaign.name))
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= most:
        one, many = env._("You can take 1 lead at once."), env._("You can take between 1 and %s leads at once.", most)
        raise UserError(one if most == 1 else many)
    if env.user not in campaign.with_context(active_test=False).member_ids.user_id:
        raise UserError(env._("You are no member of the campaign “%s”.", campaign.name))


def _pull(ways, words, count):
    """Take leads in a transaction of their own; return (rows of the history, why not more)."""
    user = ways.campaign.env.user
    selection = ways.select((user.id,))
    if not selection.members:
        raise UserError(_explain_away(words, user))
    with user.env.cr.savepoint() as savepoint:
        puller = _Puller(ways, selection, count)
        puller.take()
        if not puller.rows:
            savepoint.rollback()  # nor a run of nothing
    why = _explain_rest(words, selection.members, puller)
    if puller.is_full and not puller.rows:
        raise UserError(why)
    return puller.rows, why


class _Puller:
    """Leads on their way to one person.

    ``rows``: what was done; ``reasons``: names of why leads were left.
    """

    def __init__(self, ways, selection, count):
        self.ways, self.campaign, self.selection, self.count = ways, ways.campaign, selection, count
        self.rows = self.campaign.env["lead.distribution.assignment"]
        self.columns = list_columns(self.campaign, ways.get_rule_fields(), [self.campaign.strategy])
        self.reasons = set()
        self.run = None

    @property
    def is_full(self):
        return FULL in self.reasons

    def take(self):
        """Go through the leads of the campaign until there are enough, or the person is full."""
        request = PlanRequest()
        found = find_in_turn(self.campaign, request, self.ways.get_steps(request), self.columns)
        for page in found:
            self._take_of(_leave_planned(self.campaign.env, page), found.warnings)
            if self._is_over():
                return

    def _is_over(self):
        return len(self.rows) >= self.count or self.is_full or bool(self.run and count_left_today(self.run) == 0)

    def _take_of(self, candidates, warnings):
        while candidates and not self._is_over():
            self.run = self.run or self._get_run(warnings)
            candidates = self._decide(candidates)

    def _get_run(self, warnings):
        found = Found(window=get_window(self.campaign, PlanRequest()), warnings=warnings)
        return get_run(self.campaign, found, self.selection, self.ways.get_warnings, KIND)

    def _decide(self, candidates):
        """Take of these what can be taken; return those that come next, if one was not to be had."""
        started = time.monotonic()
        part = Part(self.ways, self.run)
        task = Task(candidates, self.columns, self.selection.members, PlanRequest())
        left = part.decide(task, KIND, self.count - len(self.rows))
        done, rest, _busy = part.apply()
        self.rows |= done
        self.reasons |= left.keys()
        is_one_lost = bool(rest)  # somebody is saving it, or has it by now
        rest.unlink()  # it did not happen
        grow(self.run, done, len(done), {}, time.monotonic() - started)
        later = set(left.get(MOST, ())) if is_one_lost else ()
        return [candidate for candidate in candidates if candidate.id in later]


def _leave_planned(env, candidates):
    """Return the candidates without those that a run is just handing out."""
    env["lead.distribution.assignment"].flush_model(["lead_id", "state", "run_id"])
    env["lead.distribution.run"].flush_model(["state"])
    statement = SQL(
        "SELECT a.lead_id FROM lead_distribution_assignment a JOIN lead_distribution_run r ON r.id = a.run_id "
        "WHERE a.lead_id = ANY(%s) AND a.state = 'planned' AND r.state = 'applying'",
        [candidate.id for candidate in candidates],
    )
    planned = {lead_id for [lead_id] in env.execute_query(statement)}
    return [candidate for candidate in candidates if candidate.id not in planned]


def _explain_away(words, user):
    """Return why somebody takes no leads now, and what to do.

    :param words: the campaign's ways, in the language of the reader
    """
    env = words.campaign.env
    reasons = "; ".join(words.select((user.id,)).left_out.values())
    text = env._("You cannot take leads now: %s.", reasons)
    if user.id in find_pauses(user, fields.Datetime.now()):
        return env._("%s Switch leads on again at the top of the page.", text)
    return text


def _explain_rest(words, member, puller):
    """Return why a person did not get all the leads, in words; nothing if it did."""
    env, got = words.campaign.env, len(puller.rows)
    if got >= puller.count:
        return ""
    if puller.is_full:
        return _explain_full(env, member)
    if puller.run and puller.run.exists() and count_left_today(puller.run) == 0:
        return env._("The campaign hands out no more leads today.")
    if got:
        return env._("There are no more for you now.")
    if puller.reasons:
        return env._("None of the leads there are now is for you.")
    return env._("There is nothing to take now.")


def _explain_full(env, member):
    user, target = member.user_id, reduce(member.target_leads, get_share(member))
    if count_rooms(member.campaign_id, user, PlanRequest()).total.get(user.id, 1) <= 0:
        return env._("You have as many leads as your limits allow.")
    member.invalidate_recordset(["current_leads"], flush=False)
    if target == 1:
        return env._("You are full: %(leads)s of 1 lead.", leads=member.current_leads)
    return env._("You are full: %(leads)s of %(target)s leads.", leads=member.current_leads, target=target)


def find_campaigns(env):
    """Return the campaigns in which the caller takes leads, in their order; one query."""
    members = as_system(env["lead.distribution.member"]).search_fetch(
        Domain("user_id", "=", env.uid)
        & Domain("active", "=", True)
        & Domain("campaign_id.active", "=", True)
        & Domain("campaign_id.pull_at_once", ">", 0)
        & Domain("campaign_id.company_id", "in", [*env.companies.ids, False]),
        ["campaign_id"],
    )
    return members.campaign_id.sorted().with_env(env)
