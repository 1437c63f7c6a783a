"""Pauses: people who receive no leads until a moment they name, or until they say so."""

from datetime import date, datetime, timedelta, timezone

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..applying.due import move
from ..names import MANAGERS, SALESPEOPLE
from ..planning.presence.look import forget
from ..tools.fit import find_strangers
from ..tools.limits import check_values
from ..work.system import as_system
from .long_pauses import wake_for
from .queue import try_again
from .switch import refresh_switch

LONGEST = timedelta(days=366)
SHOWN = 40


def check_may_switch(users):
    """Salespeople switch leads on and off for themselves, managers for everybody of their companies.

    :raise AccessError: for others
    """
    env = users.env
    if env.su or (users == env.user and env.user.has_group(SALESPEOPLE)):
        return
    if not env.user.has_group(MANAGERS):
        raise AccessError(env._("Only sales managers can pause other people, or let them receive leads again."))
    strangers = find_strangers(users)
    if strangers:
        names = ", ".join(strangers.mapped("name"))
        raise AccessError(env._("You can only pause people of your companies, not %s.", names))


def pause(users, until=None, reason=None):
    """Have people receive nothing from now on; who is paused already stays so, until the new moment.

    :param until: moment in UTC, or a text such as 2026-11-23 08:00:00; nothing: until they are switched on again
    :raise ValidationError: with everything that is wrong with what was given
    """
    env = users.env
    now = fields.Datetime.now()
    until, reason = _read(env, until, reason, now)
    presences = as_system(env["lead.distribution.presence"])
    presences.flush_model()
    _keep_past(env, users, now, SQL("paused_until <= %s", now))
    # one statement, as two may press at the same moment; people in order, so that nobody waits for each other
    env.cr.execute(
        SQL(
            """
            INSERT INTO lead_distribution_presence AS p
                        (user_id, paused_since, paused_until, pause_reason, paused_by_id)
                 SELECT id, %(now)s, %(until)s, %(reason)s, %(by)s FROM unnest(%(users)s::int[]) AS u (id)
            ON CONFLICT (user_id) DO UPDATE
                    SET paused_since = CASE WHEN %(paused)s THEN p.paused_since ELSE EXCLUDED.paused_since END,
                        pause_told_on = CASE WHEN %(paused)s THEN p.pause_told_on END,
                        paused_until = EXCLUDED.paused_until,
                        pause_reason = EXCLUDED.pause_reason,
                        paused_by_id = EXCLUDED.paused_by_id
            """,
            now=now,
            until=until,
            reason=reason,
            by=env.uid,
            users=sorted(set(users.ids)),  # a program may name somebody twice
            paused=SQL("p.paused_since IS NOT NULL AND (p.paused_until IS NULL OR p.paused_until > %s)", now),
        )
    )
    presences.invalidate_model()
    wake_for(env, now, until)
    note_presence(users)


def resume(users):
    """Have people receive leads again; who did not pause goes on as before."""
    presences = as_system(users.env["lead.distribution.presence"])
    paused = presences.search([("user_id", "in", users.ids), ("paused_since", "!=", False)])
    _keep_past(users.env, paused.user_id, fields.Datetime.now(), SQL("TRUE"))
    paused.write(
        {
            "paused_since": False, "paused_until": False, "pause_reason": False, "pause_told_on": False,
            "paused_by_id": False,
        }
    )  # fmt: skip
    note_presence(paused.user_id.with_env(users.env))


def _keep_past(env, users, now, condition):
    """Remember pauses that are over with this: the clocks of deadlines stood still."""
    env["lead.distribution.presence"].flush_model()
    env.cr.execute(
        SQL(
            "INSERT INTO lead_distribution_stopped (user_id, date_from, date_to) "
            "SELECT user_id, paused_since, least(paused_until, %(now)s) FROM lead_distribution_presence "
            "WHERE user_id = ANY(%(users)s) AND paused_since < least(paused_until, %(now)s) AND %(condition)s",
            now=now,
            users=users.ids,
            condition=condition,
        )
    )


def note_presence(users):
    """Tell everything that depends on who is there: waiting leads are tried again, deadlines move, switches show it."""
    env = users.env
    forget(env)
    env["lead.distribution.member"].invalidate_model(["is_paused"], flush=False)
    domain = Domain("is_live", "=", True) & Domain("member_ids.user_id", "in", users.ids)
    campaigns = as_system(env["lead.distribution.campaign"]).search(domain)
    if campaigns:
        try_again(env, campaigns)
    refresh_switch(as_system(users))
    move(users)


def note_hours(env):
    """Tell what depends on working hours that somebody's have changed: waiting leads are tried again."""
    forget(env)
    try_again(env)


def _read(env, until, reason, now):
    """Return moment and reason as they are stored.

    :raise ValidationError: with everything that is wrong with them
    """
    problems = []
    try:
        until = _read_moment(env, until, now)
    except ValueError as error:
        problems.append(str(error))
    if reason and not isinstance(reason, str):
        problems.append(env._("Reason: “%s” is no text.", str(reason)[:SHOWN]))
    else:
        try:
            check_values(env["lead.distribution.presence"], [{"pause_reason": reason}])
        except ValidationError as error:
            problems.append(error.args[0])
    if problems:
        raise ValidationError("\n".join(problems))
    return until, (reason or "").strip() or None


def _read_moment(env, value, now):
    """Return the moment until when somebody pauses, or None.

    :raise ValueError: in words
    """
    if value is None or value is False or value == "":
        return None
    moment = None
    if isinstance(value, str | date):
        try:
            moment = fields.Datetime.to_datetime(_to_utc(value))
        except (ValueError, OverflowError):  # as the last day there is, west of Greenwich
            moment = None
    if moment is None:
        raise ValueError(env._("Until: “%s” is no moment such as 2030-01-31 08:00:00 (UTC).", str(value)[:SHOWN]))
    if moment <= now:
        raise ValueError(env._("Until: this moment is over already. Name a later one."))
    if moment > now + LONGEST:
        raise ValueError(env._("Until: a pause lasts one year at most. Enter an absence, or pause without an end."))
    return moment


def _to_utc(value):
    """Return a moment with a time zone as Odoo has moments, in UTC; what has none is in UTC already."""
    if isinstance(value, str) and "T" in value:
        value = datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, datetime) and value.tzinfo:
        value = value.astimezone(timezone.utc).replace(tzinfo=None)
    return value.replace(microsecond=0) if isinstance(value, datetime) else value
