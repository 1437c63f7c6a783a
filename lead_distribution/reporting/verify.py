# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Is every lead where the history says, and is nobody's lead left over?

What counts as the campaign's leads: those its rules let in now, those it has handed out, and those its
last run left over.
"""

from collections import Counter
from dataclasses import dataclass, field
from itertools import chain
from typing import NamedTuple

from odoo.fields import Domain
from odoo.tools import SQL

from ..finding.do_not_call import get_callable_domain
from ..finding.funnel import count_refused
from ..finding.scope import get_company_domain, get_leads, get_type_domain, list_types
from ..finding.search import get_found_domain
from ..finding.statuses import get_unclosed_domain
from ..finding.steps import list_base_steps, work_out
from ..names import ASIDE, GROWING
from ..planning.request import PlanRequest
from ..planning.workload import count_workload, get_nobodys_domain
from ..tools.fit import get_salespeople_domain, works_for
from ..work.database import compile_nothing
from .left import read_left

LISTED = 5  # names that a text tells; the records behind it are all kept
OVER = ("done", "cancelled", "reverted")  # states of runs that carry out nothing any more


@dataclass(frozen=True)
class Scope:
    """What is verified, in the words of the campaign.

    :param campaign: with full rights
    :param leads: crm.lead, with the rights and the context to look for leads
    :param workable: Domain of leads that are somebody's work: of the company, to be called, not closed
    :param candidates: Domain of the leads that the rules let in now; nothing for a run
    :param run: only its leads; nothing for all of the campaign
    :param steps: through which the campaign lets leads in
    """

    campaign: object
    leads: object
    workable: Domain
    candidates: Domain | None
    run: object = None
    steps: tuple = ()

    @property
    def types(self):
        """The types of leads that the campaign takes."""
        return list_types(self.campaign)

    @property
    def env(self):
        return self.campaign.env

    @property
    def rows(self):
        """The history, in which assignments are looked for."""
        return self.env["lead.distribution.assignment"]

    @property
    def own(self):
        """Domain of the assignments of the campaign, or of the run."""
        return Domain("run_id", "=", self.run.id) if self.run else Domain("campaign_id", "=", self.campaign.id)

    @property
    def carried_out(self):
        return self.own & Domain("state", "=", "done")


def make_scope(campaign, steps, run=None):
    """Return the scope of a campaign, or of one of its runs.

    :param campaign: with full rights
    :param steps: through which the campaign lets leads in
    """
    is_callable = get_callable_domain(campaign)
    is_open = get_unclosed_domain(campaign)
    asked = [get_company_domain(campaign), is_callable, is_open]
    return Scope(
        campaign=campaign,
        leads=get_leads(campaign),
        workable=Domain.AND(domain for domain in asked if domain is not None),
        candidates=None if run else get_found_domain(campaign, PlanRequest(), steps),
        run=run,
        steps=tuple(steps),
    )


@dataclass
class Finding:
    """One kind of difference: its words, the records behind it, and whether it can be repaired."""

    kind: str
    text: str
    ids: list = field(default_factory=list)
    model: str = "crm.lead"
    is_problem: bool = True
    can_repair: bool = False


class Held(NamedTuple):
    """Open leads of one holder and company that were last handed out by what is verified; ids of those that differ."""

    holder_id: int
    company_id: int
    leads: int
    moved: list  # with somebody else than the history says
    split: list  # with another opener than salesperson
    unmarked: list  # that do not say when they were handed out


@dataclass(frozen=True)
class Verification:
    """The outcome: ids of the leads that nobody holds, who could work on them, and what differs."""

    agents: object  # res.users
    unassigned: list
    waiting: list  # those of them that came while a campaign is live, and are tried again by themselves
    findings: list  # of Finding, problems first
    workload: dict  # {user id: leads held now}
    not_taken: dict  # {step: nobody's open leads besides, which this campaign does not take}

    @property
    def problems(self):
        return [finding.text for finding in self.findings if finding.is_problem]

    @property
    def all_assigned(self):
        return bool(self.agents) and not self.unassigned

    @property
    def leads_per_agent(self):
        return {user.id: self.workload.get(user.id, 0) for user in self.agents}

    def to_dict(self):
        """Return what callers get."""
        return {
            "all_assigned": self.all_assigned,
            "unassigned": self.unassigned,
            "waiting": self.waiting,
            "leads_per_agent": self.leads_per_agent,
            "not_taken": self.not_taken,
            "problems": self.problems,
            "notes": [finding.text for finding in self.findings if not finding.is_problem],
        }


def verify(scope):
    """Look for leads that nobody holds, and for what differs from the history; changes nothing."""
    compile_nothing(scope.env)
    agents, unassigned = _get_agents(scope.campaign), _find_unassigned(scope)
    others = {} if scope.run else _count_others(scope, unassigned)
    waiting = _find_waiting(scope, unassigned)
    nobody = [] if agents else [_tell_nobody(scope.env)]
    findings = [*nobody, *_find_differences(scope, unassigned, waiting)]
    workload = count_workload(scope.env, agents, types=scope.types)
    return Verification(agents, unassigned, waiting, findings, workload, others)


def repair(scope):
    """Repair what is safe: marks that are missing, rows that are stuck; moves no lead.

    :return: the runs whose leads left over have to be counted anew
    """
    ids = {finding.kind: finding.ids for finding in _find_differences(scope)}
    if "unmarked" in ids:
        _mark(scope, ids["unmarked"])
    if "no_history" in ids:
        _unmark(scope, ids["no_history"])
    return _skip(scope, ids.get("stuck", []))


def _get_agents(campaign):
    """Return the users of the active members who can still log in."""
    return campaign.member_ids.filtered(lambda m: m.active and m.user_id.active).user_id


def _tell_nobody(env):
    return Finding("nobody", env._("There are no active members: without them nothing can be handed out."))


def _find_unassigned(scope):
    """Return the ids of the campaign's leads that nobody holds; of a run, of its leads only.

    Leads that must not be called, or are closed, are nobody's work.
    """
    nobodys = Domain("holder_id", "=", False)
    free = nobodys & get_type_domain(scope.campaign) & scope.workable
    handed_out = Domain("assignment_ids", "any", scope.carried_out)
    listed = Domain("id", "in", _get_left_ids(scope.run or _get_last_applied_run(scope)))
    ids = set()
    for own in (handed_out, listed, _get_imported(scope)):  # joined by OR, each lead is looked up
        ids.update(scope.leads.search(free & own).ids)
    if scope.candidates is not None:
        ids.update(scope.leads.search(scope.candidates & nobodys, order="id").ids)
    return sorted(ids)


def _find_waiting(scope, unassigned):
    """Return the ids of those that wait as they come: seen, and told of where it takes too long."""
    if not unassigned:
        return []
    rows = scope.env["lead.distribution.waiting"].search([("lead_id", "in", unassigned)])
    return sorted(rows.lead_id.ids)


def _count_others(scope, unassigned):
    """Return {key of a step: leads} of nobody's open leads that are not this campaign's, by what keeps them out.

    With those that are, they make up what the dashboard calls nobody's open leads; one statement.
    """
    request = PlanRequest()
    steps = work_out([*list_base_steps(scope.campaign, request), *scope.steps], scope.campaign)
    others = get_nobodys_domain(scope.campaign) & get_company_domain(scope.campaign) & ~Domain("id", "in", unassigned)
    return {each.key: each.count for each in count_refused(scope.leads, others, steps) if each.key}


def _get_last_applied_run(scope):
    """Return the last run that chose leads; those of imports, and as they come, are known by themselves."""
    return scope.env["lead.distribution.run"].search(
        [
            ("campaign_id", "=", scope.campaign.id),
            ("state", "in", ("done", "failed")),
            ("origin", "not in", ASIDE),
        ],
        limit=1,
    )


def _get_left_ids(run):
    left = read_left(run.left_over_leads, run.left_over_rest) if run else {}
    return [lead_id for ids in left.values() for lead_id in ids]


def _get_imported(scope):
    """Return the leads that imports brought for the campaign, or for the run; not those nobody may call."""
    own = Domain("campaign_id", "=", scope.campaign.id)
    batch = Domain("id", "=", scope.run.import_batch_id.id) if scope.run else own
    rows = Domain("state", "=", "done") & Domain("do_not_call", "=", False) & Domain("batch_id", "any", batch)
    imported = scope.env["lead.import.row"]._search(rows & Domain("lead_id", "!=", False))
    return Domain("id", "in", imported.subselect("lead_id"))


def _find_differences(scope, unassigned=(), waiting=()):
    """Return the findings, problems first; a fixed number of queries."""
    left = leave_out(unassigned, waiting)
    held = _compare_with_history(scope)
    findings = [
        Finding("unassigned", describe_unassigned(scope.env, left), left),
        Finding("waiting", describe_waiting(scope.env, len(waiting)), list(waiting), is_problem=False),
        *_describe_held(scope.env, held),
        *_check_history(scope),
        _check_owners(scope, held),
    ]
    found = [finding for finding in findings if finding.ids]
    return sorted(found, key=lambda finding: not finding.is_problem)


def leave_out(ids, others):
    """Return the ids that are not among the others, in their order."""
    others = set(others)
    return [lead_id for lead_id in ids if lead_id not in others]


def describe_waiting(env, count):
    """Return in words how many leads that nobody holds wait as they come."""
    if count == 1:
        return env._("1 lead waits for somebody who can take it.")
    return env._("%s leads wait for somebody who can take them.", count)


def describe_unassigned(env, ids):
    """Return in words which leads nobody holds."""
    names = [*(f"#{lead_id}" for lead_id in ids[:LISTED]), *(["…"] if len(ids) > LISTED else [])]
    return env._("Leads that nobody holds: %(count)s (%(names)s).", count=len(ids), names=", ".join(names))


def _get_last_placed(scope):
    """Return a statement of what was carried out last of each lead, where that was by this campaign.

    Of a run: of its leads, whichever run of the campaign had them last.
    """
    rows = scope.rows
    rows.flush_model(["state", "lead_id", "user_id", "campaign_id", "applied_on"])
    domain = (
        Domain("state", "=", "done") & Domain("campaign_id", "=", scope.campaign.id) & Domain("lead_id", "!=", False)
    )
    if scope.run:
        domain &= Domain("lead_id", "in", rows._search(scope.carried_out).subselect("lead_id"))
    own = rows._search(domain)
    own.add_where(
        SQL(
            "NOT EXISTS (SELECT FROM lead_distribution_assignment AS later WHERE later.state = 'done' "
            "AND later.lead_id = %s AND later.id > %s)",
            SQL.identifier(own.table, "lead_id"),
            SQL.identifier(own.table, "id"),
        )
    )
    return own.select(*(SQL.identifier(own.table, name) for name in ("lead_id", "user_id", "applied_on")))


def _join_leads(scope):
    """Return the part of a statement that joins ``placed`` with those leads that are still with somebody: ``l``."""
    scope.leads.flush_model(["active", "type", "holder_id", "user_id", "open_user_id", "distributed_on", "company_id"])
    return SQL(
        "(%s) AS placed JOIN crm_lead AS l ON l.id = placed.lead_id AND l.active AND l.type IN %s "
        "AND l.holder_id IS NOT NULL",
        _get_last_placed(scope),
        tuple(scope.types),
    )


def _compare_with_history(scope):
    """Compare where leads are with where their last assignment put them; one statement.

    What became of another type than the campaign takes was worked on.

    :return: list of ``Held``
    """
    moved = SQL("l.holder_id IS DISTINCT FROM placed.user_id")
    split = SQL("NOT (%s) AND l.user_id IS DISTINCT FROM l.open_user_id", moved)
    unmarked = SQL("l.distributed_on IS NULL OR l.distributed_on < placed.applied_on")
    lists = SQL(", ").join(
        SQL("coalesce(array_agg(l.id ORDER BY l.id) FILTER (WHERE %s), '{}')", which)
        for which in (moved, split, unmarked)
    )
    statement = SQL("SELECT l.holder_id, l.company_id, count(*), %s FROM %s GROUP BY 1, 2", lists, _join_leads(scope))
    return [Held(*row) for row in scope.env.execute_query(statement)]


def _describe_held(env, held):
    """Return what differs between leads and the history, as findings."""
    _ = env._
    moved, split, unmarked = (
        sorted(chain(*(getattr(row, kind) for row in held))) for kind in ("moved", "split", "unmarked")
    )
    by_hand = _("Leads given to somebody else by hand since: %s.", len(moved))
    opener = _("Leads with another opener than salesperson: %s.", len(split))
    no_mark = _("Leads not marked as handed out, though the history says so: %s.", len(unmarked))
    return [
        Finding("moved", by_hand, moved, is_problem=False),
        Finding("split", opener, split, is_problem=False),
        Finding("unmarked", no_mark, unmarked, can_repair=True),
    ]


def _check_history(scope):
    """Check the history in itself: stuck rows, leads twice in a run, leads without history."""
    _, rows = scope.env._, scope.rows
    stuck = rows.search(scope.own & Domain("state", "=", "planned") & Domain("run_id.state", "in", OVER))
    # in one that grows a lead may come back the same day
    once = Domain("lead_id", "!=", False) & Domain("run_id.origin", "not in", GROWING)
    groups = rows._read_group(scope.carried_out & once, ["run_id", "lead_id"], having=[("__count", ">", 1)])
    twice = [lead.id for _run, lead in groups]
    deleted = rows.search(scope.carried_out & Domain("lead_id", "=", False))
    without = [] if scope.run else _leave_out_merged(scope, _find_without_history(scope), deleted)
    planned = _("Planned assignments of runs that are over: %s.", len(stuck))
    unknown = _("Leads marked as handed out, but unknown to the history: %s.", len(without))
    gone = _("Leads deleted since they were handed out: %s.", len(deleted))
    return [
        Finding("stuck", planned, stuck.ids, rows._name, can_repair=True),
        Finding("twice", _("Leads handed out twice in one run: %s.", len(twice)), twice),
        Finding("no_history", unknown, without, can_repair=True),
        Finding("deleted", gone, deleted.ids, rows._name, is_problem=False),
    ]


def _find_without_history(scope):
    """Return the ids of leads marked by this campaign of which no row exists, nor was cleaned up."""
    domain = Domain("distribution_campaign_id", "=", scope.campaign.id)
    if scope.campaign.retention_days:
        domain &= Domain("distributed_on", ">=", f"-{scope.campaign.retention_days}d")
    marked, known = scope.leads._search(domain), scope.rows._search(scope.carried_out)
    # EXCEPT: PostgreSQL, which does not know a new campaign yet, would compare each lead with each row
    known = known.select(SQL.identifier(known.table, "lead_id", to_flush=scope.rows._fields["lead_id"]))
    ids = scope.env.execute_query(SQL("%s EXCEPT %s ORDER BY 1", marked.select(), known))
    return [lead_id for [lead_id] in ids]


def _leave_out_merged(scope, ids, deleted):
    """Leave out what others were merged into: it has taken over the mark, whose row has no lead any more.

    :param ids: of leads without history
    :param deleted: rows of leads that are gone
    """
    if not (ids and deleted):
        return ids
    moments = set(deleted.mapped("applied_on"))
    return [lead.id for lead in scope.leads.browse(ids) if lead.distributed_on not in moments]


def _check_owners(scope, held):
    """Find leads this campaign handed out whose holder cannot work on them any more."""
    users = scope.env["res.users"].browse(row.holder_id for row in held)
    # active by name: a caller's context may show archived people as well
    able = users.search(Domain("id", "in", users.ids) & get_salespeople_domain(scope.env))
    unfit, names = [], Counter()
    for row, user in zip(held, users, strict=True):
        company = scope.env["res.company"].browse(row.company_id)  # none, if the lead has none
        if user not in able or not works_for(user, company):
            unfit.append(row)
            names[user.name] += row.leads
    told = ", ".join(f"{name} ({count})" for name, count in names.most_common(LISTED))
    ids = _list_held(scope, unfit)
    text = scope.env._(
        "Leads held by people who cannot work on them: %(count)s, with %(names)s.", count=len(ids), names=told
    )
    return Finding("unfit", text, ids)


def _list_held(scope, held):
    """Return the ids of the leads behind some of what was compared."""
    if not held:
        return []
    pairs = tuple((row.holder_id, row.company_id or 0) for row in held)
    statement = SQL(
        "SELECT l.id FROM %s WHERE (l.holder_id, coalesce(l.company_id, 0)) IN %s ORDER BY 1", _join_leads(scope), pairs
    )
    return [lead_id for (lead_id,) in scope.env.execute_query(statement)]


def _skip(scope, row_ids):
    """Rows of a run that is over will never be carried out: they count as skipped; return their runs."""
    rows = scope.rows.browse(row_ids)
    rows.write({"state": "skipped", "note": scope.env._("The run ended before.")})
    return rows.run_id


def _mark(scope, lead_ids):
    """Write on the leads again when they were handed out."""
    statement = SQL(
        "SELECT lead_id, applied_on FROM (%s) AS placed WHERE lead_id IN %s", _get_last_placed(scope), tuple(lead_ids)
    )
    moments = dict(scope.env.execute_query(statement))
    leads = scope.env["crm.lead"].with_context(mail_notrack=True).browse(lead_ids)
    for moment, group in leads.grouped(lambda lead: moments[lead.id]).items():
        group.write({"distributed_on": moment, "distribution_campaign_id": scope.campaign.id})


def _unmark(scope, lead_ids):
    """Take away marks that no history stands behind."""
    leads = scope.env["crm.lead"].with_context(mail_notrack=True).browse(lead_ids)
    leads.write({"distributed_on": False, "distribution_campaign_id": False})
