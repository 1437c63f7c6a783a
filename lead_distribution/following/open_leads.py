"""The open leads of a person, and a planned run by which they go to others: for covers and handovers.

Such a run is a plan like others: it can be looked at, applied, and reverted. What makes it another one: its leads are
named, so the campaign's steps of finding are not asked; status, team and campaign of the leads stay (see
``applying.values``); leads that nobody may call move, too, as somebody must have them; and who is only off shift takes
part, as the leads are for days. Who is absent, on leave, paused or full does not.
"""

from random import SystemRandom

from odoo.fields import Domain

from ..day.part import decide_or_fall_back
from ..finding.candidates import Found, fetch_candidates
from ..finding.scope import get_leads
from ..finding.statuses import get_work_domain
from ..planning.decide import Task, list_columns
from ..planning.line_ups import keep_line_ups
from ..planning.people import Selection, explain_nobody, tell_apart, tell_unsound
from ..planning.presence.look import find_long_away
from ..planning.request import UNLIMITED, PlanRequest
from ..planning.store import create_run, store_decisions
from ..planning.strategy import choose_strategy
from ..planning.track import create_lines, update_lines
from ..reporting.left import prepare_left
from ..reporting.rules_on import describe_rules
from ..reporting.summary import summarize
from ..work.system import as_system


def find_open_leads(users, companies=None, opportunities=True):
    """Return the leads that people have and that are still work; archived ones are none.

    With full rights: whose leads go to others has been checked by the caller.

    :param users: res.users, archived ones, too
    :param companies: of the leads, those of none are taken, too; None: of any
    :param opportunities: these, too
    """
    return _get_leads(users).search(_get_domain(users, companies, opportunities), order="id")


def count_open_leads(users, companies=None, opportunities=True):
    """Return {user id: number} of the same, in one query; a number, of leads that the reader may not see one by one."""
    groups = _get_leads(users)._read_group(
        _get_domain(users, companies, opportunities), ["holder_id"], ["__count"]
    )  # fmt: skip
    return {user.id: count for user, count in groups}


def _get_leads(users):
    return as_system(users.env["crm.lead"]).with_context(active_test=True)


def _get_domain(users, companies, opportunities):
    domain = Domain("holder_id", "in", users.ids) & get_work_domain(users.env)
    if companies is not None:
        domain &= Domain("company_id", "in", [*companies.ids, False])
    return domain if opportunities else domain & Domain("type", "=", "lead")


def plan_move(ways, leads, kind, leaver, user_ids=None, until=None, **values):
    """Return a planned run in which leads go to others; nobody keeps what is theirs already.

    Found are all the leads; who cannot be given to anybody is left over, with the reason. If there is nobody, the
    run has an ``error`` and no plan.

    :param ways: of the campaign by whose way of sharing it is, see ``day.ways.Ways``; of the one without rules
        (``planning.by_hand.prepare_by_hand``): in equal shares
    :param kind: of the rows, and origin of the run: ``cover`` or ``handover``
    :param leaver: whose leads they are
    :param user_ids: only these people receive; None: all who can
    :param until: moment until when who is off shift now must be back; None: whenever
    :param values: what else is written on the run: ``absence_id``
    """
    campaign = ways.campaign
    equally = "round_robin" if campaign.is_by_hand else None
    request = PlanRequest(strategy=equally, user_ids=None if user_ids is None else tuple(user_ids))
    selection = select_there(ways, user_ids, until)
    members = selection.members.filtered(lambda member: member.user_id != leaver)
    columns = list_columns(campaign, ways.get_rule_fields(), (campaign.strategy, request.strategy))
    candidates = fetch_candidates(get_leads(campaign), Domain("id", "in", leads.ids), columns)
    run = create_run(
        campaign,
        request,
        SystemRandom().randrange(2**31),
        Found(candidates=candidates),
        selection.left_out,
        [*ways.get_warnings(), *(tell_unsound(campaign, members.user_id) if members else ())],
        strategy=choose_strategy(campaign, request, len(candidates), len(members)),
        rules_on=describe_rules(campaign, request, campaign.env._),
        origin=kind,
        leaver_id=leaver.id,
        **values,
    )
    if not members:
        run.error = campaign.env._("Nobody can receive leads: %s", explain_nobody(selection, request))
        run.write(prepare_left({"no_salespeople": [lead.id for lead in candidates]}))
        return run
    _store(run, decide_or_fall_back(ways, run, _make_task(run, candidates, columns, members)), members, kind)
    return run


def select_there(ways, user_ids=None, until=None):
    """Return who can take leads over, see ``planning.people.Selection``: not who is away for longer than a shift.

    :param user_ids: only these people; None: all members
    :param until: moment until when who is off shift now must be back; None: whenever
    """
    campaign, selection = ways.campaign, ways.select(user_ids, True)
    away = find_long_away(campaign, selection.members.user_id, until)
    there = selection.members.filtered(lambda member: member.user_id.id not in away)
    names = tell_apart(selection.members.user_id)
    left_out = {names[user]: away[user.id] for user in (selection.members - there).user_id}
    return Selection(there, {**selection.left_out, **left_out})


def _make_task(run, candidates, columns, members):
    # all leads are to move, however many a run of the campaign hands out at most
    return Task(candidates, columns, members, PlanRequest(max_leads=UNLIMITED, seed=run.seed))


def _store(run, planned, members, kind):
    """Keep a plan: who takes part, one row a lead, what is left over, and the figures."""
    create_lines(run, members, planned)
    left = store_decisions(run, planned.plan, members.user_id, keep_line_ups(run, planned), kind)
    run.write({"leads_planned": planned.plan.received.total(), **prepare_left(left)})
    update_lines(run)
    run.write(summarize(run))
