"""Tracking lines: one for each person in a run, with what they held before and after, by status."""

from collections import Counter

from ..finding.scope import list_types
from ..names import COUNTED_STATES, GIVEN, MOVED
from .ramp_up import WHOLE, get_share, reduce
from .store import get_shared_values
from .workload import count_workload

# the statuses that have columns of their own, and how these are called
STATUS_COLUMNS = {
    "new": "new",
    "in_progress": "in_progress",
    "call_back": "call_back",
    "utr": "utr",
    "full_pitch_follow_up": "full_pitch",
    "won": "won",
    "lost": "lost",
}


def create_lines(run, members, planned):
    """Store who takes part, and what each holds now.

    :param planned: see ``decide.Planned``
    """
    people = {person.id: person for person in planned.people}
    by_user = {member.user_id: member for member in members}
    progress = {
        user: {"was_there": True, **prepare_progress(people[user.id], planned)} for user in by_user
    }  # fmt: skip
    _create_lines(run, by_user, progress)


def create_lines_of_both(run, members, planned):
    """Store who takes part in any of two ways: one line each, with the sums; the settings are those of way A.

    Who is only in way B has those of way B.

    :param members: {way: who takes part in it}
    :param planned: {way: ``decide.Planned``}
    """
    by_user, progress = {}, {}
    for arm in ("a", "b"):
        people = {person.id: person for person in planned[arm].people}
        for member in members[arm]:
            user, values = member.user_id, prepare_progress(people[member.user_id.id], planned[arm])
            if user in by_user:
                progress[user]["promised"] += values["promised"]
            else:
                by_user[user], progress[user] = member, {"was_there": True, **values}
    _create_lines(run, by_user, progress)


def create_lines_of_receivers(run, rows):
    """Store what those hold who get leads without having taken part; in a line made later, these would be held before.

    Who only receives old leads that drop back, and is no member, has no line in any run.

    :param rows: planned assignments of the run, not done yet
    """
    users = rows.user_id - run.member_line_ids.user_id
    if not users:
        return
    members = {member.user_id: member for member in run.campaign_id.member_ids}
    named = rows.filtered(lambda row: row.kind != "dropback").user_id
    by_user = {user: members.get(user, run.campaign_id.member_ids.browse()) for user in users}
    by_user = {user: member for user, member in by_user.items() if member or user in named}
    progress = {
        user: {"was_there": False, "target_leads": reduce(member.target_leads, get_share(member)) if member else 0}
        for user, member in by_user.items()
    }
    _create_lines(run, by_user, progress)
    run.invalidate_recordset(["member_line_ids"])


def _create_lines(run, by_user, progress):
    """Store lines with what people hold now; that is what they hold afterwards, too, until they get or give up some.

    :param by_user: {user: member, an empty one of who is none}
    :param progress: {user: further values, with their target}
    """
    users = run.env["res.users"].union(*by_user)
    workload = count_workload(run.env, users, by_status=True, types=list_types(run.campaign_id))
    shared = get_shared_values(run)
    held = {user: workload.get(user.id, {}) for user in by_user}
    run.env["lead.distribution.run.member"].create(
        [
            {
                **shared,
                "user_id": user.id,
                "salesperson_name": user.name,
                "team_name": member.team_id.name,
                "level_name": member.level_id.name,
                "level_code": member.level_id.code,
                "level_priority": member.level_priority,
                "active_status": member.active,
                **progress[user],
                **_prepare_counts("before", held[user]),
                **_prepare_counts("after", held[user]),
                **prepare_load(progress[user]["target_leads"], *[sum(held[user].values())] * 2),
            }
            for user, member in by_user.items()
        ]
    )


def prepare_progress(person, planned):
    """Return what a tracking line keeps of a person in a plan, and what is added to ``promised``.

    :param person: ``engine.Person``
    :param planned: see ``decide.Planned``
    """
    return {
        "target_leads": person.target,
        "ramp_share": round(person.share * WHOLE),
        "head_start": person.head_start,
        "turn_share": planned.turn_shares.get(person.id) or 0.0,
        "strategy": planned.plan.strategy,
        "promised": planned.promised.get(person.id, 0),
    }


def add_to_lines(run, rows):
    """Add some rows that were done to what the lines of a run say.

    :param rows: assignments of the run
    """
    gains, dropped, losses = {}, {}, {}
    campaign = run.campaign_id
    for row in rows:
        if row.kind == "dropback":
            reset = campaign.dropback_update_status and (row.dropback_rule_id.status_id or campaign.dropback_status_id)
            gained = dropped
        else:
            reset, gained = campaign.status_reset_id, gains
        gained.setdefault(row.user_id.id, Counter())[(reset or row.lead_status_id).code or None] += 1
        if row.previous_user_id:
            losses.setdefault(row.previous_user_id.id, Counter())[row.lead_status_id.code or None] += 1
    concerned = gains.keys() | dropped.keys() | losses.keys()
    for line in run.member_line_ids.filtered(lambda line: line.user_id.id in concerned):
        _add_to_line(line, *(counts.get(line.user_id.id, Counter()) for counts in (gains, dropped, losses)))


def _add_to_line(line, gain, drop, loss):
    after = Counter({code or None: n for code, n in (line.leads_after or {}).items()})
    after.update(gain)
    after.update(drop)
    after.subtract(loss)
    total = line.leads_after_total + gain.total() + drop.total() - loss.total()
    line.write(
        {
            **_prepare_counts("after", {code: n for code, n in after.items() if n > 0}),
            **prepare_load(line.target_leads, line.leads_before_total, total),
            "leads_after_total": total,
            "leads_received": line.leads_received + gain.total(),
            "leads_dropped_to": line.leads_dropped_to + drop.total(),
            "leads_distributed_from": line.leads_distributed_from + loss.total(),
        }
    )


def update_lines(run):
    """Fill received, dropped back, given up and the counts after; a query each, for all people."""
    gains, dropped, losses = _count_gains(run), _count_dropped(run), _count_losses(run)
    for line in run.member_line_ids:
        gain = gains.get(line.user_id.id, Counter())
        drop = dropped.get(line.user_id.id, Counter())
        loss = losses.get(line.user_id.id, Counter())
        after = Counter({code or None: n for code, n in (line.leads_before or {}).items()})
        after.update(gain)
        after.update(drop)
        after.subtract(loss)
        total = line.leads_before_total + gain.total() + drop.total() - loss.total()
        line.write(
            {
                **_prepare_counts("after", {code: n for code, n in after.items() if n > 0}),
                **prepare_load(line.target_leads, line.leads_before_total, total),
                "leads_after_total": total,
                "leads_received": gain.total(),
                "leads_dropped_to": drop.total(),
                "leads_distributed_from": loss.total(),
            }
        )


def _prepare_counts(prefix, by_status):
    """Return the columns for {status code: number of leads}; None is no status."""
    values = {f"leads_{prefix}_{column}": by_status.get(code, 0) for code, column in STATUS_COLUMNS.items()}
    values[f"leads_{prefix}_total"] = sum(by_status.values())
    values[f"leads_{prefix}"] = {code or "": n for code, n in by_status.items() if n}
    return values


def prepare_load(target, before, after):
    """Return what a tracking line says of what somebody holds, against a target."""
    return {
        "target_leads": target,
        "deficit": max(0, target - before),
        "surplus": max(0, before - target),
        "utilization": round(after / target * 100, 2) if target else 0,
    }


def _count_gains(run):
    """Return {user id: Counter of status codes} of the leads people get."""
    reset = run.campaign_id.status_reset_id
    gains = {}
    for user, kind, status, count in _group_rows(run, ["user_id", "kind", "lead_status_id"], GIVEN):
        after = status if kind in MOVED else reset or status
        gains.setdefault(user.id, Counter())[after.code or None] += count
    return gains


def _count_dropped(run):
    """Return {user id: Counter of status codes} of the leads that drop back to people."""
    campaign = run.campaign_id
    dropped = {}
    if not run.leads_dropped_back:
        return dropped
    groups = _group_rows(run, ["user_id", "dropback_rule_id", "lead_status_id"], ("dropback",))
    for user, rule, status, count in groups:
        reset = campaign.dropback_update_status and (rule.status_id or campaign.dropback_status_id)
        dropped.setdefault(user.id, Counter())[(reset or status).code or None] += count
    return dropped


def _count_losses(run):
    """Return {user id: Counter of status codes} of the leads people give up."""
    losses = {}
    for user, status, count in _group_rows(run, ["previous_user_id", "lead_status_id"], (*GIVEN, "dropback")):
        losses.setdefault(user.id, Counter())[status.code or None] += count
    return losses


def _group_rows(run, names, kinds):
    return run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "in", COUNTED_STATES[run.state]), ("kind", "in", kinds)],
        names,
        ["__count"],
    )
