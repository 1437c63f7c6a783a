"""Who of many people is available: calendars, zones, leave, public holidays, absences and pauses."""

from datetime import timedelta
from statistics import median

import table
from budgets import PRESENCE, Verdicts

from odoo import fields
from odoo.tools import SQL

from odoo.addons.lead_distribution.planning.presence.look import look

PEOPLE, FEW, CALENDARS, TURNS = 1_000, 50, 10, 7  # so few have all calendars in all zones
ZONES = ("Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "UTC")
MODES = {
    "at any hour": {"availability": "ignore"},
    "in their working hours": {"availability": "working_hours", "shift_end_minutes": 30},
    "who is back first, five days": {"availability": "look_ahead", "look_ahead_hours": 120},
}


def get_moment():
    """Return ten o'clock (UTC) of the next Wednesday: whenever this is measured, the same people are there."""
    monday = fields.Datetime.start_of(fields.Datetime.now(), "week")
    return monday + timedelta(days=9, hours=10)


def prepare(env):
    """Create the people and all that says when they work; return (campaign, users)."""
    company, calendars = env.company, _make_calendars(env)
    group = env.ref("sales_team.group_sale_salesman")
    users = env["res.users"].with_context(no_reset_password=True).create(
        [
            {"name": f"Shift {n}", "login": f"shift{n}", "tz": ZONES[n % len(ZONES)], "group_ids": [(4, group.id)]}
            for n in range(PEOPLE)
        ]
    )  # fmt: skip
    resources = env["resource.resource"].create(
        [
            {
                "name": user.name, "user_id": user.id, "company_id": company.id, "tz": user.tz,
                "calendar_id": calendars[n // len(ZONES) % CALENDARS].id,
            }
            for n, user in enumerate(users)
        ]
    )  # fmt: skip
    _make_leaves(env, resources, users)
    campaign = env["lead.distribution.campaign"].create(
        {"name": "Shifts", "tz": "UTC", "member_ids": [(0, 0, {"user_id": user.id}) for user in users]}
    )
    env.cr.commit()
    env.invalidate_all()
    return campaign, users


def _make_calendars(env):
    """Create early and late shifts, with and without a break, and one in four over night."""
    return env["resource.calendar"].create(
        [
            {
                "name": f"Shift {n}", "tz": "Europe/Berlin",
                "attendance_ids": [(5,)] + [
                    (0, 0, {"name": "Work", "dayofweek": str(day), "hour_from": start, "hour_to": end})
                    for day in range(5)
                    for start, end in _get_hours(n)
                ],
            }
            for n in range(CALENDARS)
        ]
    )  # fmt: skip


def _get_hours(number):
    if number % 4 == 3:
        return [(0, 6), (22, 24)]
    start = 6 + number % 6
    return [(start, start + 4), (start + 5, start + 9)] if number % 2 else [(start, start + 8)]


def _make_leaves(env, resources, users):
    """A third of the people have leave in these weeks; five public holidays; absences, and pauses."""
    now = get_moment()

    def day(number):
        return now + timedelta(days=number % 14 - 2)

    env["resource.calendar.leaves"].create(
        [
            {"name": "Leave", "resource_id": resource.id, "date_from": day(n), "date_to": day(n) + timedelta(days=3)}
            for n, resource in enumerate(resources[::3])
        ]
        + [
            {"name": "Holiday", "date_from": day(3 * n), "date_to": day(3 * n) + timedelta(days=1)} for n in range(5)
        ]
    )  # fmt: skip
    env["lead.distribution.absence"].create(
        [
            {"user_id": user.id, "date_from": day(n), "date_to": day(n) + timedelta(hours=5), "reason": "Dentist"}
            for n, user in enumerate(users[::5])
        ]
    )
    env["lead.distribution.presence"].create(
        [{"user_id": user.id, "paused_since": now, "pause_reason": "Call"} for user in users[::40]]
    )
    env.flush_all()


def give_each_a_calendar(env, campaign, users):
    """Nobody shares a calendar: as contracts of one's own may have it."""
    resources = env["resource.resource"].search([("user_id", "in", users.ids)])
    for resource in resources:
        resource.calendar_id = resource.calendar_id.copy()
    env.flush_all()


def measure(env, meter, shrink=1):
    """Return {(people, what): ([Measured], how many are available)}."""
    campaign, users = prepare(env)
    results = {}
    for _turn in range(1 if shrink > 1 else TURNS):
        for people in (users[: PEOPLE // shrink], users[:FEW]):
            for name, values in MODES.items():
                campaign.write(values)
                env.cr.commit()
                _measure(results, (len(people), name), meter, campaign, people)
    give_each_a_calendar(env, campaign, users)
    env.cr.commit()
    people = users[: PEOPLE // shrink]
    _measure(results, (len(people), "the same, each with a calendar of their own"), meter, campaign, people)
    _clean_up(env, campaign)
    return results


def _measure(results, key, meter, campaign, users):
    """Ask once, with nothing in memory, and keep what it cost."""
    found = {}
    measured = meter.measure(lambda: found.update(look(campaign, users, get_moment())))
    there = sum(presence.can_receive for presence in found.values())
    results.setdefault(key, ([], there))[0].append(measured)


def _clean_up(env, campaign):
    """Leave the rows of the other parts as if this one had not been."""
    campaign.action_archive()
    env.cr.execute(SQL("DELETE FROM lead_distribution_presence"))
    env.cr.execute(SQL("DELETE FROM resource_calendar_leaves WHERE resource_id IS NULL"))
    env.cr.commit()
    env.invalidate_all()


def render(results):
    """Return (the text, the verdicts)."""
    rows, verdicts = [], Verdicts()
    for (people, name), (runs, there) in results.items():
        rows.append(
            [f"{people:,}", name, f"{there:,}", table.spread([run.seconds for run in runs], 3),
             table.spread([run.processor for run in runs]), f"{max(run.statements for run in runs)}"]
        )  # fmt: skip
    largest = max(people for people, _name in results)
    for name in MODES:
        runs, few = results[largest, name][0], results[FEW, name][0]
        verdicts.judge(PRESENCE["seconds"], median(run.seconds for run in runs), f"{largest:,} people, {name}")
        grown = max(run.statements for run in runs) - max(run.statements for run in few)
        verdicts.judge(PRESENCE["growth"], grown, f"{largest:,} people, {name}")
    header = ["people", "asked", "available", "seconds", "processor", "SQL statements"]
    text = [
        f"{CALENDARS} calendars in {len(ZONES)} zones, a third of the people with leave, a fifth with an absence in "
        "these days. Nothing in memory before. Medians of the turns; in brackets the extremes.",
        "",
        table.render(header, rows),
        "",
        verdicts.render(),
    ]
    return "\n".join(text), verdicts
