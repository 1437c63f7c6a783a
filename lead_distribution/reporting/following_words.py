# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What follows the hand-out, in whole sentences: deadlines, declining, taking, leads given by hand."""

from odoo.tools import format_list
from odoo.tools.misc import formatLang


def tell_following(campaign, _people):
    """Yield the deadlines of a campaign and what follows from them, and what people may do themselves."""
    yield from _tell_deadlines(campaign)
    yield from _tell_declining(campaign)
    yield from _tell_taking(campaign)
    yield from _tell_by_hand(campaign)


def _tell_deadlines(campaign):
    _ = campaign.env._
    due = [*_list_due(campaign)]
    if not due:
        return
    yield _("Due after the hand-out: %s.", format_list(campaign.env, due))
    if campaign.remind_percent:
        yield _("People are reminded after %s%% of the time.", campaign.remind_percent)
    yield _tell_missed(_, campaign.on_missed, campaign.missed_tell)
    if campaign.missed_status_id:
        yield _("A lead that is late gets the status “%s”.", campaign.missed_status_id.name)
    if campaign.missed_tag_id:
        yield _("A lead that is late gets the tag “%s”.", campaign.missed_tag_id.name)
    if campaign.missed_pause:
        yield _("Who is late receives nothing more until somebody switches leads on again.")


def _list_due(campaign):
    """Yield each checkpoint with its time: “a first action within 4 working hours”."""
    _ = campaign.env._
    words = {
        "first_action": _("a first action within %s"),
        "status_change": _("another status within %s"),
        "opportunity": _("an opportunity within %s"),
    }
    others = campaign.status_change_ids.mapped("name")
    if others:
        words["status_change"] = _("another status than %(statuses)s within %(time)s")
    for name in words:
        hours = campaign[f"{name}_hours"]
        if hours > 0:
            time = name_hours(campaign.env, hours, campaign[f"{name}_clock"])
            given = {"statuses": format_list(campaign.env, others, style="or"), "time": time}
            yield words[name] % (given if others and name == "status_change" else time)


def name_hours(env, hours, clock):
    """Return a time to do something in words: “30 minutes”, “4 working hours”."""
    _, minutes = env._, round(hours * 60)
    is_working = clock == "working_hours"
    if minutes == 1:
        return _("1 working minute") if is_working else _("1 minute")
    if minutes < 60:
        return _("%s working minutes", minutes) if is_working else _("%s minutes", minutes)
    if minutes == 60:
        return _("1 working hour") if is_working else _("1 hour")
    number = formatLang(env, hours, digits=0 if minutes % 60 == 0 else 2)
    return _("%s working hours", number) if is_working else _("%s hours", number)


def _tell_missed(_, on_missed, is_told):
    if on_missed == "take_back":
        return (
            _("A lead that is late goes to somebody who has not had it, and the responsible is told.")
            if is_told
            else _("A lead that is late goes to somebody who has not had it.")
        )
    return (
        _("A lead that is late stays where it is, and the responsible is told.")
        if is_told
        else _("A lead that is late stays where it is.")
    )


def _tell_declining(campaign):
    _, mode = campaign.env._, campaign.decline_mode
    if mode == "next":
        yield _("People can decline leads: the next one gets them.")
    elif mode == "manager":
        yield _("People can decline leads: the responsible decides who gets them.")
    else:
        return
    if campaign.decline_limit:
        yield (
            _("Each can decline at most %s a week.", campaign.decline_limit)
            if campaign.decline_period == "week"
            else _("Each can decline at most %s a day.", campaign.decline_limit)
        )
    if campaign.decline_counts:
        yield _("What they decline counts for their limits and turns.")


def _tell_taking(campaign):
    _, most = campaign.env._, campaign.pull_at_once
    if most == 1:
        yield _("People with room can take leads themselves, one at a time.")
    elif most > 1:
        yield _("People with room can take leads themselves, up to %s at once.", most)


def _tell_by_hand(campaign):
    _ = campaign.env._
    if not campaign.by_hand_limits:
        yield _("Leads given by hand use up no limit.")
    if campaign.by_hand_turns:
        yield _("Who is given a lead by hand has had a turn.")
