"""What somebody should look at, the most pressing first."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Domain

from ...names import GROWING
from ..deadlines import LATE, get_due_domain
from ..periods import get_company_domain
from ..reverted import describe_revert
from ..words import describe_left_over
from .opening import open_record, open_records

UNTOUCHED_HOURS = 24
NAMED = 5  # people


def list_attention(env, domain, last_runs, full, campaign=None):
    """Return what needs the attention of a manager.

    :param domain: of the runs and assignments of the period
    :param last_runs: the last run of each campaign
    :param full: see ``load.list_full``
    :param campaign: if it is about one; else people are told with theirs
    """
    return [
        *_tell_failed_runs(env, domain),
        # what an archived campaign has left, nobody can hand out
        *(item for run in last_runs if campaign or run.campaign_id.active for item in _tell_run(run)),
        *_tell_full_people(env, full, campaign),
        *_tell_untouched(env, domain),
    ]


def list_own_attention(user, after):
    """Return what waits for one salesperson.

    :param after: see ``afterwards.get_own_afterwards``
    """
    return [*_tell_own_late(user, after["late_now"]), *_tell_own_untouched(user)]


def _tell_own_late(user, count):
    if count:
        text, due = user.env._("Late leads: %s", count), get_due_domain(user.env, user=user)
        yield _tell("danger", text, open_records("crm.lead", due & LATE, user.env._("Late")))


def _tell_own_untouched(user):
    env = user.env
    leads = _get_leads_of(Domain("user_id", "=", user.id) & _get_untouched_domain()) & get_company_domain(env)
    count = env["crm.lead"].search_count(leads)
    if count:
        text = env._("Leads that wait for your first touch for a day or more: %s", count)
        yield _tell("warning", text, open_records("crm.lead", leads, env._("Not touched yet")))


def _tell(level, text, opened):
    return {"level": level, "text": text, "open": opened}


def _tell_failed_runs(env, domain):
    runs = env["lead.distribution.run"].search(domain & Domain("state", "=", "failed"))
    if not runs:
        return []
    text = env._("Failed runs: %(count)s. The last one: %(error)s", count=len(runs), error=runs[0].error or "")
    return [_tell("danger", text, open_records(runs._name, [("id", "in", runs.ids)], text))]


def _tell_run(run):
    """Tell what a run left over, by reason, and its warnings; of one that was reverted, only that it was."""
    if run.state == "reverted":
        text = run.env._(
            "%(run)s was reverted: %(what)s",
            run=run.name,
            what=describe_revert(run.env, run.leads_put_back, run.leads_kept),
        )
        yield _tell("info", text, open_record(run))
        return
    # what a live run has left waits still, and is told as such
    left_over = {} if run.origin in GROWING else run.left_over or {}
    for reason, count in left_over.items():
        text = run.env._(
            "%(campaign)s, leads left over: %(count)s (%(reason)s)",
            campaign=run.campaign_id.name, count=count, reason=describe_left_over(run.env, reason),
        )  # fmt: skip
        leads = {"method": "action_view_left_over", "run_id": run.id, "arguments": [reason]}
        has_leads = (run.left_over_leads or {}).get(reason)
        yield _tell("warning", text, leads if has_leads else open_record(run))
    for text in run.warnings or []:
        yield _tell("warning", f"{run.campaign_id.name}: {text}", open_record(run))


def _tell_full_people(env, full, campaign):
    if not full:
        return []
    pattern = (
        "%(name)s (%(leads)s/%(target)s)" if campaign else env._("%(name)s (%(leads)s/%(target)s in %(campaign)s)")
    )
    names = [pattern % person for person in full[:NAMED]]
    text = env._("At or above the target: %s", ", ".join([*names, "…"] if full[NAMED:] else names))
    members = [("id", "in", [person["member_id"] for person in full])]
    return [_tell("info", text, open_records("lead.distribution.member", members, text))]


def _get_untouched_domain():
    """Return the assignments of more than a day ago that wait for a first touch."""
    limit = fields.Datetime.now() - timedelta(hours=UNTOUCHED_HOURS)
    return Domain("is_waiting", "=", True) & Domain("applied_on", "<", limit)


def _get_leads_of(assignments):
    """Return the leads of a domain of assignments, as a domain."""
    return Domain("assignment_ids", "any", assignments)


def _tell_untouched(env, domain):
    # those of a campaign of all companies have none of their own, and the list shows leads
    untouched = domain & _get_untouched_domain() & Domain("lead_id", "any", get_company_domain(env))
    groups = env["lead.distribution.assignment"]._read_group(
        untouched, ["user_id"], ["lead_id:count_distinct"], order="lead_id:count_distinct DESC", limit=NAMED
    )
    for user, count in groups:
        name = user.name or "?"
        text = env._("%(name)s, new leads not touched for a day or more: %(count)s", name=name, count=count)
        leads = _get_leads_of(untouched & Domain("user_id", "=", user.id))
        yield _tell("info", text, open_records("crm.lead", leads, name))
