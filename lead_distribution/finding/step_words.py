# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""What a step asks for, and what a lead has instead: the rule beside the value, in plain words."""

from odoo.tools import format_date

from ..names import DROPPED
from ..tools.labels import get_labels
from .content import BLANK, is_shown
from .filter_rows import is_empty, list_lines
from .scope import get_today
from .window import get_window

SHOWN = 5  # names of a list


def describe_rule(step, campaign, request):
    """Return what a campaign asks for by a step, such as “at most 30 days old”.

    :param request: see ``PlanRequest``
    """
    tell = RULES.get(step.key)
    if tell:
        return tell(campaign, request, campaign.env._)
    if len(step.fields) == 1 and campaign.filter_ids.filtered(lambda row: row.field_name == step.fields[0]):
        return _tell_rows(campaign, step.fields[0], campaign.env._)
    return step.words


def describe_value(step, lead, today):
    """Return what a lead has of what a step looks at, such as “is 162 days old”.

    :param lead: readable in all its fields
    :param today: the date from which ages count
    """
    tell = VALUES.get(step.key)
    if tell:
        return tell(lead, step, today, lead.env._)
    return "; ".join(_tell_field(lead, name) for name in step.fields)


def name_few(names, env):
    """Return names as a list, of many the first ones."""
    names = [name for name in names if name]
    shown = ", ".join(names[:SHOWN])
    if len(names) <= SHOWN:
        return shown
    return env._("%(values)s and %(count)s more", values=shown, count=len(names) - SHOWN)


# what the campaign asks for


def _rule_of_type(campaign, request, _):
    kind = get_labels(campaign, "lead_type")[campaign.lead_type]
    if campaign.company_id:
        return _("%(kind)s of %(company)s, not archived", kind=kind, company=campaign.company_id.name)
    return _("%s, not archived", kind)


def _rule_of_window(campaign, request, _):
    first, last = get_window(campaign, request)
    today = get_today(campaign)
    if campaign.custom_date_from or campaign.custom_date_to or request.date_from or request.date_to:
        parts = [
            first and _("from %s", format_date(campaign.env, first)),
            last and _("until %s", format_date(campaign.env, last)),
        ]
    else:
        youngest, oldest = last and (today - last).days, first and (today - first).days
        parts = [youngest and youngest > 0 and _tell_least(youngest, _), first and _tell_most(oldest, _)]
    parts += [
        campaign.exclude_weekends and _("not of a weekend"),
        campaign.exclude_holidays and _("not of a public holiday"),
    ]
    return ", ".join(part for part in parts if part) or _("of any age")


def _tell_most(days, _):
    return _("at most 1 day old") if days == 1 else _("at most %s days old", days)


def _tell_least(days, _):
    return _("at least 1 day old") if days == 1 else _("at least %s days old", days)


def _rule_of_do_not_call(campaign, request, _):
    return _("no status or tag that says do not call, and on no blacklist")


def _rule_of_sales(campaign, request, _):
    return _("no customer with an opportunity")


def _rule_of_age(campaign, request, _):
    days = campaign.dropback_threshold_ids.mapped("days")
    if not days:
        return _("younger than the age at which leads drop back")
    if min(days) == 1:
        return _("younger than 1 day, the age at which leads drop back")
    return _("younger than %s days, the age at which leads drop back", min(days))


def _rule_of_protected(campaign, request, _):
    return _("not with %s, whose leads stay", name_few(campaign.protected_user_ids.mapped("name"), campaign.env))


def _rule_of_holder(campaign, request, _):
    holders = get_labels(campaign.pool_ids, "holder")
    return name_few(dict.fromkeys(holders[pool.holder] for pool in campaign.pool_ids), campaign.env)


def _rule_of_pools(campaign, request, _):
    return "; ".join(_tell_pool(pool, _) for pool in campaign.pool_ids)


def _tell_pool(pool, _):
    holder = get_labels(pool, "holder")[pool.holder]
    statuses = name_few(pool.status_ids.mapped("name"), pool.env) or _("any status")
    age = _tell_most(pool.max_age_days, _) if pool.max_age_days else ""
    return f"{holder}: {', '.join(part for part in (statuses, age) if part)}"


def _rule_of_required(campaign, request, _):
    return _("filled in: %s", name_few(campaign.required_field_ids.mapped("field_description"), campaign.env))


def _rule_of_priority(campaign, request, _):
    names = list(get_labels(campaign.env["crm.lead"], "priority").values())
    if campaign.priority_min > len(names):
        return _("5, which no lead has")
    first, last = (names[min(number, len(names)) - 1] for number in (campaign.priority_min, campaign.priority_max))
    return first if first == last else _("from %(first)s to %(last)s", first=first, last=last)


def _rule_of_activity(campaign, request, _):
    days = campaign.activity_days
    overdue = _("overdue for more than 1 day") if days == 1 else _("overdue for more than %s days", days)
    if campaign.exclude_without_activity:
        return _("an activity that is %s", overdue)
    return _("no activity, or one that is %s", overdue)


def _tell_rows(campaign, name, _):
    """Return what the campaign's rows about a field let in and keep out."""
    rows = campaign.filter_ids.filtered(lambda row: row.field_name == name and row.active and not is_empty(row))
    texts = {
        kind: name_few([line for row in rows if row.kind == kind for line in list_lines(row)], campaign.env)
        for kind in ("include", "exclude")
    }
    parts = [texts["include"], texts["exclude"] and _("not %s", texts["exclude"])]
    return "; ".join(part for part in parts if part)


RULES = {
    "type": _rule_of_type,
    "date": _rule_of_window,
    "dnc": _rule_of_do_not_call,
    "sales": _rule_of_sales,
    DROPPED: _rule_of_age,
    "dropback": _rule_of_age,
    "web_source": lambda campaign, request, _: _tell_rows(campaign, "source_id", _),
    "campaign": lambda campaign, request, _: _tell_rows(campaign, "campaign_id", _),
    "status": lambda campaign, request, _: _tell_rows(campaign, "lead_status_id", _),
    "tags": lambda campaign, request, _: _tell_rows(campaign, "tag_ids", _),
    "excluded_user": _rule_of_protected,
    "no_holder": _rule_of_holder,
    "holder_status": _rule_of_pools,
    "closed": lambda campaign, request, _: _("open: not won, lost or cancelled"),
    "required_fields": _rule_of_required,
    "priority": _rule_of_priority,
    "assigned": lambda campaign, request, _: _("nobody has it"),
    "inactive_user": lambda campaign, request, _: _("not with people who left"),
    "activity": _rule_of_activity,
    "domain": lambda campaign, request, _: _("what the campaign's own filter says"),
}


# what the lead has


def _tell_field(lead, name):
    field, value = lead._fields[name], lead[name]
    if field.relational:
        value = name_few(value.mapped("display_name"), lead.env)
    elif field.type == "selection":
        value = dict(field._description_selection(lead.env)).get(value)
    elif field.type in ("date", "datetime") and value:
        value = format_date(lead.env, value)
    value = value or lead.env._("none")
    return f"{field._description_string(lead.env)}: {value}"


def _tell_age(lead, name, today, _):
    value = lead[name]
    if not value:
        return _("has no date")
    day = value.date() if hasattr(value, "date") else value
    days, shown = (today - day).days, format_date(lead.env, day)
    if days < 1:
        return _("is of today") if not days else _("is of %s, which is still to come", shown)
    return _("is 1 day old (%s)", shown) if days == 1 else _("is %(days)s days old (%(day)s)", days=days, day=shown)


def _value_of_age(lead, step, today, _):
    """Tell the date from which the age counts; several ones by their names."""
    names = [name for name in step.fields if lead._fields[name].type in ("date", "datetime")]
    ages = [(lead._fields[name]._description_string(lead.env), _tell_age(lead, name, today, _)) for name in names]
    return ages[0][1] if len(ages) == 1 else "; ".join(f"{label}: {age}" for label, age in ages)


def _value_of_type(lead, step, today, _):
    parts = [get_labels(lead, "type").get(lead.type, ""), lead.company_id.name]
    return ", ".join(part for part in (*parts, "" if lead.active else _("archived")) if part)


def _value_of_holder(lead, step, today, _):
    if not lead.holder_id:
        return _("nobody has it")
    if not lead.received_on:
        return _("with %s", lead.holder_id.name)
    return _("with %(name)s since %(day)s", name=lead.holder_id.name, day=format_date(lead.env, lead.received_on))


def _value_of_pool(lead, step, today, _):
    status = lead.lead_status_id.name or _("no status")
    return ", ".join((_value_of_holder(lead, step, today, _), status, _tell_age(lead, "source_date", today, _)))


def _value_of_contact(lead, step, today, _):
    names = [lead.partner_id.display_name, lead.partner_name, lead.email_from, lead.phone]
    return next((name for name in names if name), None) or _("no contact")


def _value_of_required(lead, step, today, _):
    empty = [name for name in step.fields if not _has_value(lead._fields[name], lead[name])]
    if not empty:
        return _("all filled in")
    names = [lead._fields[name]._description_string(lead.env) for name in empty]
    return _("empty: %s", name_few(names, lead.env))


def _has_value(field, value):
    if field.type == "html":
        return is_shown(value or "")
    return bool(value.strip(BLANK) if isinstance(value, str) else value)


def _value_of_activity(lead, step, today, _):
    day = lead.activity_date_deadline
    return _("next activity on %s", format_date(lead.env, day)) if day else _("no activity planned")


def _value_of_do_not_call(lead, step, today, _):
    parts = [lead.lead_status_id.name or _("no status"), name_few(lead.tag_ids.mapped("name"), lead.env)]
    parts += [
        lead.is_blacklisted and _("email on the blacklist"),
        lead.phone_blacklisted and _("phone on the blacklist"),
    ]
    return ", ".join(part for part in parts if part)


VALUES = {
    "type": _value_of_type,
    "date": lambda lead, step, today, _: _tell_age(lead, step.fields[0], today, _),
    "dnc": _value_of_do_not_call,
    "sales": _value_of_contact,
    DROPPED: _value_of_age,
    "dropback": _value_of_age,
    "excluded_user": _value_of_holder,
    "no_holder": _value_of_holder,
    "holder_status": _value_of_pool,
    "required_fields": _value_of_required,
    "assigned": _value_of_holder,
    "inactive_user": _value_of_holder,
    "activity": _value_of_activity,
}
