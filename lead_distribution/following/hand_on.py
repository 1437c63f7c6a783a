"""Leads that go on to somebody else, in the growing run of the day: taken back, declined."""

import time
from typing import NamedTuple

from odoo.fields import Domain

from ..day.arms import Crossing
from ..day.part import Part
from ..day.run import find_run, get_run, grow
from ..finding.candidates import Found, fetch_candidates
from ..finding.do_not_call import get_callable_domain
from ..finding.scope import get_leads
from ..names import NAMED
from ..planning.decide import Task
from ..planning.request import PlanRequest
from ..planning.rows import get_planned_rows
from ..planning.store import store_for
from ..work.inside import YES


class HandedOn(NamedTuple):
    """What became of leads that were to go on.

    ``done``: rows of the history; ``left``: {reason: ids of the leads that stay}, the reasons of plans, ``do_not_call``
    (or archived), ``locked`` (somebody is changing it) and ``skipped``; ``chosen``: for each way (its ``Ways``, who
    could receive, see ``Selection``).
    """

    done: object
    left: dict
    chosen: list


def hand_on(ways, kind, lead_ids, without, user_ids=None, most=None, about=None):
    """Give leads to the next people of a campaign, by its engine; its steps of finding are not asked again.

    In the transaction of the caller, within ``applying.locks.one_at_a_time``. Without a lead there is no run. In an
    experiment they go on by the way that they came.

    :param kind: of the run and of the rows: ``take_back``, ``decline``, ``pull``
    :param without: {lead id: ids of people who must not have it}
    :param user_ids: only these people; None: all who can receive
    :param about: {lead id: dict of what the row keeps besides, in ``before``}
    :return: see ``HandedOn``
    """
    campaign = ways.campaign
    crossing = Crossing(ways)
    columns = crossing.list_columns()
    domain = Domain("id", "in", list(lead_ids)) & (get_callable_domain(campaign) or Domain.TRUE)
    candidates = fetch_candidates(get_leads(campaign), domain, columns)
    refused = set(lead_ids) - {candidate.id for candidate in candidates}
    left = {"do_not_call": list(refused)} if refused else {}
    handed = HandedOn(campaign.env["lead.distribution.assignment"], left, [])
    for side in crossing.follow(candidates):
        room = None if most is None else most - len(handed.done)
        one = _hand_on(side, kind, columns, without, user_ids, room, about or {})
        for reason, ids in one.left.items():
            left.setdefault(reason, []).extend(ids)
        handed = HandedOn(handed.done | one.done, left, handed.chosen + one.chosen)
    return handed


def _hand_on(side, kind, columns, without, user_ids, most, about):
    """Give the leads of one way to its next people; see ``hand_on``."""
    started = time.monotonic()
    campaign, candidates, ways = side.base, side.candidates, side.ways
    selection = ways.select(user_ids)
    left, chosen = {}, [(ways, selection)]
    if not candidates or not selection.members:
        if candidates:
            left["no_salespeople"] = [candidate.id for candidate in candidates]
        return HandedOn(campaign.env["lead.distribution.assignment"], left, chosen)
    is_new = not find_run(campaign, kind, side)
    run = get_run(campaign, Found(), selection, side.get_warnings, kind, side)
    part = Part(ways, run, side)
    left |= part.decide(Task(candidates, columns, selection.members, PlanRequest()), kind, most, without)
    _keep(run, about)
    done = _apply(part, left)
    grow(run, done, len(done), {}, time.monotonic() - started)
    if is_new and not done:
        run.with_context(lead_distribution_clean_up=YES).unlink()  # it has done nothing that could be history
    return HandedOn(done, left, chosen)


def hand_to(ways, kind, lead_ids, user, about=None):
    """Give leads to a person who is named, and for whom they count nothing; return the rows that were done.

    :param kind: of the run and of the rows
    :param about: see ``hand_on``
    """
    started = time.monotonic()
    run = get_run(ways.campaign, Found(), ways.select(), ways.get_warnings, kind)
    uncounted = {"strategy": run.strategy, "reason": NAMED, "is_uncounted": True, "is_untold": False}
    store_for(run, lead_ids, user, kind=kind, **uncounted)
    _keep(run, about or {})
    done = _apply(Part(ways, run), {})
    grow(run, done, len(done), {}, time.monotonic() - started)
    return done


def _keep(run, about):
    """Write into the planned rows what they keep of how the lead came."""
    if about:
        for row in get_planned_rows(run):
            row.before = {**(row.before or {}), **about.get(row.lead_id.id, {})}


def _apply(part, left):
    """Write the leads; return the rows that were done, and add to ``left`` the leads of the others."""
    done, rest, busy = part.apply()
    if busy:
        left["locked"] = busy.lead_id.ids
    if rest - busy:
        left["skipped"] = (rest - busy).lead_id.ids
    rest.unlink()  # it did not happen
    return done
