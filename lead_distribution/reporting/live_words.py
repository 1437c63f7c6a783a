# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Leads as they come, and who is there to receive them, in whole sentences."""


def tell_live(campaign):
    """Yield when leads are handed out as they come, and what becomes of those that nobody can take."""
    _ = campaign.env._
    if not campaign.is_live:
        return
    delay = campaign.live_delay
    if not delay:
        yield _("Hands out leads as they come.")
    elif delay == 1:
        yield _("Hands out leads as they come, 1 minute later.")
    else:
        yield _("Hands out leads as they come, %s minutes later.", delay)
    first = find_asked_first(campaign)
    if len(first) == 1:
        yield _("“%s” is asked first.", first.name)
    elif first:
        yield _("%s live campaigns are asked first.", len(first))
    yield _tell_fallback(campaign)


def _tell_fallback(campaign):
    _, minutes = campaign.env._, campaign.live_fallback_minutes
    if campaign.live_fallback == "user" and campaign.live_fallback_user_id:
        name = campaign.live_fallback_user_id.name
        if not minutes:
            return _("What nobody can take goes to %s at once.", name)
        if minutes == 1:
            return _("What nobody can take for 1 minute goes to %s.", name)
        return _("What nobody can take for %(minutes)s minutes goes to %(name)s.", minutes=minutes, name=name)
    if not minutes:
        return _("What nobody can take waits, and the responsible is told at once.")
    if minutes == 1:
        return _("What nobody can take waits, and the responsible is told after 1 minute.")
    return _("What nobody can take waits, and the responsible is told after %s minutes.", minutes)


def find_asked_first(campaign):
    """Return the live campaigns that are asked for a lead before this one; one statement.

    :param campaign: saved or being edited
    """
    company = campaign.company_id
    domain = [("is_live", "=", True), ("id", "!=", campaign._origin.id)]
    if company:
        domain.append(("company_id", "in", [False, company.id]))
    own = (campaign.sequence, campaign._origin.id or float("inf"))
    others = campaign.sudo().search(domain)  # names only, whoever looks at the campaign
    return others.filtered(lambda other: (other.sequence, other.id) < own and _share_type(other, campaign))


def _share_type(one, other):
    return "both" in (one.lead_type, other.lead_type) or one.lead_type == other.lead_type


def tell_availability(campaign):
    """Yield whether working hours count, and how new people begin."""
    _, ahead = campaign.env._, campaign.look_ahead_hours
    if campaign.availability == "working_hours":
        yield _("Only people in their working hours receive leads.")
    elif campaign.availability == "look_ahead" and ahead <= 24:
        yield _("Only people who work within the next 24 hours receive leads.")
    elif campaign.availability == "look_ahead":
        yield _("Only people who work within the next %s hours receive leads, who is back first comes first.", ahead)
    if campaign.availability != "ignore":
        yield from _tell_shift_end(_, campaign.shift_end_minutes)
    yield from _tell_ramp_up(_, campaign.ramp_up_days, campaign.ramp_up_percent)


def _tell_shift_end(_, minutes):
    if minutes == 1:
        yield _("Nothing new in the last minute of a shift.")
    elif minutes:
        yield _("Nothing new in the last %s minutes of a shift.", minutes)


def _tell_ramp_up(_, days, percent):
    if days == 1:
        yield _("New people get %s%% of a share on their first day.", percent)
    elif days:
        yield _("New people get %(percent)s%% of a share for %(days)s days.", percent=percent, days=days)
