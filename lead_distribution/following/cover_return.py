"""The end of a cover: what nobody worked on comes back as it was, the rest stays with who took it over.

Runs of covers say themselves whether their leads are to come back (``cover_state``), so neither an absence that is
deleted, nor a process that dies, leaves leads with others.
"""

from odoo import fields
from odoo.fields import Domain

from ..applying.covered import BACK, BACK_OF, Covered
from ..finding.candidates import Found
from ..planning.request import PlanRequest
from ..planning.rows import get_planned_rows
from ..planning.store import create_run, store_returns
from ..planning.track import create_lines_of_receivers, update_lines
from ..reporting.left import prepare_left
from ..reporting.summary import summarize
from ..work.transactions import commit, retry
from .cover_news import tell_of_archived, tell_what_came_back


def find_returning(env):
    """Return [(person, runs of covers whose leads are to come back now)]; who is away for longer has none.

    :param env: with full rights
    """
    now = fields.Datetime.now()
    absences = env["lead.distribution.absence"]
    runs = env["lead.distribution.run"].search([*_get_open("cover"), ("leaver_id", "!=", False)], order="id")
    over = absences.search([("cover_state", "=", "covered"), ("date_to", "<=", now)])
    leavers = runs.leaver_id | over.user_id
    away = absences.search([("user_id", "in", leavers.ids), ("date_from", "<=", now), ("date_to", ">", now)]).user_id
    of_leaver, returning = runs.grouped("leaver_id"), []
    for leaver in leavers:
        own = of_leaver.get(leaver, runs.browse())
        due = own.filtered(lambda run: _is_due(run, run.leaver_id in away, now))
        if due or (leaver in over.user_id and leaver not in away):
            returning.append((leaver, due))
    return returning


def _is_due(run, is_away, now):
    """Whether the leads of a cover are to come back: it was ended, or the absence is over, and no other one goes on."""
    return run.cover_state == "ending" or (not is_away and (not run.absence_id or run.absence_id.date_to <= now))


def _get_open(origin):
    return [("origin", "=", origin), ("cover_state", "in", ("open", "ending"))]


def bring_back(leaver, runs):
    """Give a person the leads back that others took over; goes on where it was cut off. Commits.

    :param runs: of covers that are over
    """
    env = leaver.env
    if not _stop(runs) or not _settle_earlier(leaver):
        return
    if leaver.active:
        for run in retry(env, plan_return, leaver, runs):
            commit(env)
            run.action_apply()
            if run.state == "applying":
                return  # the scheduler's time is up
    retry(env, _end, leaver, runs)


def _stop(runs):
    """Stop covers that are still planned or being applied; return whether none is in hand any more."""
    runs.filtered(lambda run: run.state == "planned").unlink()
    for run in runs.exists().filtered(lambda run: run.state == "applying"):
        run.action_cancel()
        commit(run.env)
    return True


def _settle_earlier(leaver):
    """Go on with what comes back already; a plan of it that was only looked at is made anew.

    :return: whether nothing of it is in hand any more
    """
    runs = leaver.env["lead.distribution.run"].search([*_get_open("cover_return"), ("leaver_id", "=", leaver.id)])
    runs.filtered(lambda run: run.state == "planned").unlink()
    for run in runs.exists().filtered(lambda run: run.state == "applying"):
        run.action_apply()
        if run.state == "applying":
            return False
    return True


def plan_return(leaver, runs):
    """Return planned runs of what comes back to a person, one for each campaign that covers; none if there is nothing.

    Found is what the covers have given to others; left over, with the reason, what stays with them.

    :param runs: of covers, as the system sees them
    """
    runs = runs.exists().filtered(lambda run: run.state != "reverted")  # what of these stays has been told
    done = Domain("run_id", "in", runs.ids) & Domain("kind", "=", "cover") & Domain("state", "=", "done")
    rows = runs.env["lead.distribution.assignment"].search(done, order="id")
    covered = Covered(rows)
    gone = rows.filtered(lambda row: not covered.is_over(row))
    return [_plan(leaver, own, covered) for own in gone.grouped("campaign_id").values()]


def _plan(leaver, rows, covered):
    back, left = {}, {}
    for row in rows:
        why = covered.judge(row)
        if why:
            left.setdefault(why, []).append(row.lead_id.id or None)
        else:
            back[row.lead_id.id] = {BACK: covered.describe_back(row), BACK_OF: row.id}
    campaign = rows.campaign_id
    run = create_run(
        campaign.with_context(lang=campaign.user_id.lang or rows.env.lang),  # who reads what it keeps
        PlanRequest(),
        0,
        Found(),
        {},
        [],
        origin="cover_return",
        leaver_id=leaver.id,
        absence_id=rows.run_id[-1:].absence_id.id,
        cover_state="open",
        leads_found=len(rows),
        leads_planned=len(back),
        **prepare_left(left),
    )
    store_returns(run, leaver, back)
    create_lines_of_receivers(run, get_planned_rows(run))
    update_lines(run)
    run.write(summarize(run))
    return run


def _end(leaver, runs):
    """Say that it is over, and tell of it; in one transaction, so it is told once."""
    back = leaver.env["lead.distribution.run"].search([*_get_open("cover_return"), ("leaver_id", "=", leaver.id)])
    runs = runs.exists()
    over = Domain("user_id", "=", leaver.id) & Domain("cover_state", "=", "covered")
    absences = leaver.env["lead.distribution.absence"].search(over & Domain("date_to", "<=", fields.Datetime.now()))
    (runs | back).write({"cover_state": "over"})
    absences.write({"cover_state": "returned"})
    if leaver.active:
        tell_what_came_back(leaver, back)
    else:
        tell_of_archived(leaver, runs)
