"""Leads that go on to somebody else, in the growing run of the day: taken back, declined."""

import time

from odoo.fields import Domain

from ..day.part import Part
from ..day.run import get_run, grow
from ..finding.candidates import Found, fetch_candidates
from ..finding.do_not_call import get_callable_domain
from ..finding.scope import get_leads
from ..planning.decide import Task, list_columns
from ..planning.request import PlanRequest


def hand_on(ways, kind, lead_ids, without, user_ids=None, most=None):
    """Give leads to the next people of a campaign, by its engine; its steps of finding are not asked again.

    In the transaction of the caller, within ``applying.locks.one_at_a_time``.

    :param kind: of the run and of the rows: ``take_back``, ``decline``, ``pull``
    :param without: {lead id: ids of people who must not have it}
    :param user_ids: only these people; None: all who can receive
    :return: (rows of the history that were done, {reason: ids of the leads that stay})
    """
    started = time.monotonic()
    campaign = ways.campaign
    columns = list_columns(campaign, ways.get_rule_fields(), [campaign.strategy])
    domain = Domain("id", "in", list(lead_ids)) & (get_callable_domain(campaign) or Domain.TRUE)
    candidates = fetch_candidates(get_leads(campaign), domain, columns)
    selection = ways.select(user_ids)
    if not candidates:
        return campaign.env["lead.distribution.assignment"], {"do_not_call": list(lead_ids)}
    run = get_run(campaign, Found(), selection, ways.get_warnings, kind)
    part = Part(ways, run)
    left = part.decide(Task(candidates, columns, selection.members, PlanRequest()), kind, most, without)
    done, rest, busy = part.apply()
    if busy:
        left["locked"] = busy.lead_id.ids
    for row in rest - busy:
        left.setdefault("skipped", []).append(row.lead_id.id)
    rest.unlink()  # it did not happen
    grow(run, done, len(done), {}, time.monotonic() - started)
    return done, left
