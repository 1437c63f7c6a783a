"""Is a lead still as it was planned, and may the person have it? One look for a whole batch."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from odoo.fields import Domain
from odoo.tools import SQL

from ..finding.do_not_call import get_callable_domain
from ..names import BY_TURN
from ..planning.presence.look import find_away, find_long_away
from ..tools.fit import get_has_leads_sql, get_works_for_sql
from .covered import find_late

CHECKED = (*BY_TURN, "cover", "handover")  # kinds whose people have to be there, and to take part
# what of the lead must be as it was when the plan was made
SAME = ("user_id", "open_user_id")


@dataclass(frozen=True)
class Terms:
    """What must hold when a lead is handed out.

    ``company_id``: the campaign's, None if it is for all. ``campaign_id``: whose active members
    may receive; ``with_inactive``: its inactive ones, too. ``callable``: the domain of the leads
    that may be called, None where there is no rule. ``away``: {user id: why} of those who receive nothing now.
    """

    campaign_id: int
    company_id: int | None = None
    with_inactive: bool = False
    callable: object = None
    away: Mapping = field(default_factory=dict)


def get_terms(campaign, users, is_move=False, deciding=None):
    """Return what must hold for leads and people now, whatever held when the plan was made.

    :param users: who may be to receive leads; it is asked once for all whether they are there
    :param deciding: the campaign whose members they are, if it is another one: that of way B
    :param is_move: leads of somebody go to others for days: somebody must have also what nobody may call, and who is
        only off shift works on it later
    """
    company_id = campaign.company_id.id or None
    may_be_called = None if is_move else get_callable_domain(campaign)
    deciding = deciding or campaign
    away = find_long_away(campaign, users) if is_move else find_away(deciding, users)
    return Terms(deciding.id, company_id, deciding.include_inactive, may_be_called, away)


def find_obstacles(rows, leads, terms):
    """Return {code: ids of the planned rows that it keeps from being applied}, see ``describe``.

    Two statements, whatever the number of rows.

    :param rows: assignments
    :param leads: those of their leads that exist and are locked
    :param terms: see ``Terms``
    """
    _flush(rows.env)
    statement = SQL(
        "SELECT a.id, CASE %(cases)s END FROM lead_distribution_assignment a "
        "LEFT JOIN crm_lead l ON l.id = a.lead_id AND l.id = ANY(%(leads)s) "
        "LEFT JOIN res_users u ON u.id = a.user_id WHERE a.id = ANY(%(rows)s)",
        cases=_join_cases(_get_cases(leads, terms)),
        leads=leads.ids,
        rows=rows.ids,
    )
    found = {}
    for row_id, code in rows.env.execute_query(statement):
        if code:
            found.setdefault(code, []).append(row_id)
    return found


def explain_unable(users, terms):
    """Return {user id: why, in words} of the people who may not receive leads now, whatever held before; one statement.

    :param users: who is to receive what has no row yet, such as leads that are imported
    :param terms: see ``Terms``; ``company_id``: also that of the leads
    """
    env = users.env
    _flush(env)
    statement = SQL(
        "SELECT a.user_id, CASE %s END FROM unnest(%s::int[]) AS a (user_id) LEFT JOIN res_users u ON u.id = a.user_id",
        _join_cases(_get_people_cases(env, terms, SQL("TRUE"), SQL("%s::integer", terms.company_id))),
        users.ids,
    )
    return {user_id: _explain(code, user_id, terms, env) for user_id, code in env.execute_query(statement) if code}


def add_worked_on(found, rows):
    """Add the rows whose leads are not to come back any more: somebody has worked on them since the plan.

    :param found: see ``find_obstacles``
    """
    known = {row_id for ids in found.values() for row_id in ids}
    late = find_late(rows.filtered(lambda row: row.id not in known))
    return {**found, "worked_on": late.ids} if late else found


def skip(rows, code, terms):
    """Mark planned rows that cannot be applied, with what keeps them from it."""
    if code != "away":
        rows.write({"state": "skipped", "note": describe(code, rows.env)})
        return
    for user, own in rows.grouped("user_id").items():
        own.write({"state": "skipped", "note": _explain(code, user.id, terms, rows.env)})


def _explain(code, user_id, terms, env):
    if code == "away":
        return env._("The salesperson is not there: %s.", terms.away[user_id])
    return describe(code, env)


def describe(code, env):
    """Return in words what keeps a planned lead from being handed out."""
    return {
        "deleted": env._("The lead was deleted after the plan."),
        "archived": env._("The lead was archived after the plan."),
        "opportunity": env._("The lead was made an opportunity after the plan."),
        "hands": env._("The lead changed hands after the plan."),
        "status": env._("The status of the lead changed after the plan."),
        "worked_on": env._("Somebody has worked on the lead after the plan."),
        "do_not_call": env._("The lead must not be called any more."),
        "lead_company": env._("The lead belongs to another company than the campaign."),
        "user_archived": env._("The salesperson was archived after the plan."),
        "no_seller": env._("The salesperson has no access to leads any more."),
        "no_member": env._("The salesperson is no active member of the campaign any more."),
        "user_company": env._("The salesperson does not work for the company of the lead or the campaign."),
    }[code]


def _flush(env):
    env["crm.lead"].flush_model([*SAME, "lead_status_id", "active", "type", "company_id"])
    env["res.users"].flush_model(["active", "company_ids", "group_ids"])
    env["lead.distribution.member"].flush_model(["active", "user_id", "campaign_id"])


def _join_cases(cases):
    return SQL(" ").join(SQL("WHEN %s THEN %s", condition, code) for code, condition in cases)


def _get_cases(leads, terms):
    """Return [(code, SQL condition)]: the first that holds is what is told."""
    # what counts for nothing goes to who is named, such as the responsible
    handed = SQL("a.kind = ANY(%s) AND a.is_uncounted IS NOT TRUE", list(CHECKED))
    cases = [
        ("deleted", SQL("l.id IS NULL")),
        ("archived", SQL("l.active IS NOT TRUE")),
        ("opportunity", SQL("l.type <> coalesce(a.before ->> 'type', 'lead')")),
        ("hands", SQL(" OR ").join(map(_differs, SAME))),
        ("status", _differs("lead_status_id")),
        *_get_call_cases(leads, terms),
        *_get_people_cases(leads.env, terms, handed, SQL("l.company_id")),
    ]  # fmt: skip
    if terms.company_id:
        cases.insert(5, ("lead_company", SQL("l.company_id <> %s", terms.company_id)))
    return cases


def _get_people_cases(env, terms, handed, company):
    """Return those of the cases that are about the person.

    :param handed: SQL condition of what goes only to who has to be there, and to take part
    :param company: SQL of the lead's
    """
    return [
        ("user_archived", SQL("u.active IS NOT TRUE")),
        ("no_seller", SQL("%s AND NOT %s", handed, get_has_leads_sql(env, SQL("a.user_id")))),
        ("no_member", SQL("%s AND NOT EXISTS (%s)", handed, _get_member_sql(terms))),
        ("user_company", SQL("NOT %s OR NOT %s", get_works_for_sql(SQL("a.user_id"), company),
                             get_works_for_sql(SQL("a.user_id"), SQL("%s::integer", terms.company_id)))),
        *_get_away_cases(handed, terms),
    ]  # fmt: skip


def _differs(name):
    return SQL(
        "coalesce(l.%(field)s, 0) <> coalesce((a.before ->> %(name)s)::int, 0)", field=SQL.identifier(name), name=name
    )


def _get_call_cases(leads, terms):
    if terms.callable is None or not leads:
        return []
    may_be_called = leads.with_context(active_test=False).search(Domain("id", "in", leads.ids) & terms.callable)
    refused = leads - may_be_called
    return [("do_not_call", SQL("l.id = ANY(%s)", refused.ids))] if refused else []


def _get_away_cases(handed, terms):
    return [("away", SQL("%s AND a.user_id = ANY(%s)", handed, list(terms.away)))] if terms.away else []


def _get_member_sql(terms):
    return SQL(
        "SELECT FROM lead_distribution_member m "
        "WHERE m.user_id = a.user_id AND m.campaign_id = %s AND (m.active OR %s)",
        terms.campaign_id,
        terms.with_inactive,
    )
