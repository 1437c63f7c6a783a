# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Writes the values of a configuration: rows are replaced; people, levels and rules stay the records that they are."""

from odoo.fields import Command

from ..finding.languages import find_by_name
from ..tools.codes import fold_name, normalize_level
from .codecs.levels import find_shared_levels
from .settings import MEMBER_KEYS, check_setting, get_settings

ORDERED = ("pool_ids", "filter_ids", "dnc_filter_ids", "dropback_threshold_ids")
MEMBER_FIELDS = ("user_id", "active", "team_id", "team_label", "has_own_target", "own_target", "weight")


def write_campaign(campaign, values, report):
    """Create a campaign, or bring it up to date; return it.

    :param values: {field: value}; rows are lists of dicts, ``member_ids`` None leaves the members alone
    :param report: gets the problems of the members' settings
    """
    env = campaign.env
    rules, levels, members = _number(values["dropback_rule_ids"]), values["level_ids"], values["member_ids"]
    commands = _prepare(campaign, values)
    if campaign:
        # rules first lose their names and their default, which are unique, then get the new ones
        own_rules, own_levels = campaign.dropback_rule_ids, campaign.with_context(active_test=False).level_ids
        commands["dropback_rule_ids"] = _update_rows(own_rules, rules, lambda rule: fold_name(rule["name"]))
        commands["level_ids"] = _update_rows(own_levels, levels, lambda one: normalize_level(one["code"]), keep=True)
        own_rules.is_default = False
        campaign.write(commands)
    else:
        commands["dropback_rule_ids"] = [Command.create(row) for row in rules]
        commands["level_ids"] = [Command.create(row) for row in levels]
        # a campaign of a configuration has no pool but those it names
        owner = campaign.with_company(values.get("company_id") or env.company)
        campaign = owner.create({**commands, "member_ids": []}).with_env(env)
    if members is not None:
        _write_members(campaign, members, report)
    _remove_levels(campaign, {level["code"] for level in levels})
    return campaign


def _prepare(campaign, values):
    """Return the values as ``write`` takes them, except for rules, levels and members."""
    rows = {name: _number(values[name]) for name in ORDERED}
    rows["cap_ids"] = values["cap_ids"]
    rows["skill_ids"] = [_prepare_skill(campaign.env, row) for row in values["skill_ids"]]
    prepared = {name: [Command.clear(), *map(Command.create, found)] for name, found in rows.items()}
    for name, value in values.items():
        kind = campaign._fields[name].type
        if kind != "one2many":
            prepared[name] = [Command.set(value)] if kind == "many2many" else value
    return prepared


def _number(rows):
    """Return the rows with their order in the sequence, and without the place they come from."""
    return [
        {**{name: value for name, value in row.items() if name != "path"}, "sequence": position}
        for position, row in enumerate(rows, 1)
    ]


def _update_rows(records, rows, get_key, *, keep=False):
    """Return the commands that make records equal to rows: those of the same key stay the same record.

    :param get_key: takes a record or a row
    :param keep: whether records that no row is about stay
    """
    present = {get_key(record): record for record in records}
    wanted = {get_key(row) for row in rows}
    stays = [present[key] for key in wanted & present.keys()]
    commands = [] if keep else [Command.delete(record.id) for record in records if record not in stays]
    for row in rows:
        record = present.get(get_key(row))
        commands.append(Command.update(record.id, row) if record else Command.create(row))
    return commands


def _prepare_skill(env, row):
    """Return the values of a skill; its tag is created if there is none of that name."""
    tag = find_by_name(env["crm.tag"], row["tag"]) or env["crm.tag"].create({"name": row["tag"].strip()})
    return {"tag_id": tag.id, "weight": row["weight"]}


def _write_members(campaign, rows, report):
    """Make the members those of the rows; who stays keeps the place in the rotation."""
    members = campaign.with_context(active_test=False).member_ids
    present = {member.user_id.id: member for member in members}
    find_level = _make_finder_of_levels(campaign)
    settings = get_settings(members, MEMBER_KEYS)
    usual = {name: field.default(members) if callable(field.default) else False for name, field in settings.items()}
    wanted = {}
    for row in rows:
        values = {name: row[name] for name in MEMBER_FIELDS if row[name] is not None}
        values.update({name: [Command.set(ids)] for name, ids in row["relations"].items()})
        if row["joined_on"]:  # else it stays, and who is new joins today
            values["joined_on"] = row["joined_on"]
        is_whole = row["is_block"] or row["user_id"] not in present  # else what the row does not name stays
        named = _check_settings(members.env, settings, row, report)
        values.update(level_id=find_level(row), **{**(usual if is_whole else {}), **named})
        wanted[row["user_id"]] = values
    for user_id, values in wanted.items():
        if user_id in present:
            present[user_id].write(values)
    members.filtered(lambda member: member.user_id.id not in wanted).unlink()
    members.create(
        [{**values, "campaign_id": campaign.id} for user_id, values in wanted.items() if user_id not in present]
    )


def _make_finder_of_levels(campaign):
    """Return a function that gives the id of the level of a member's row, or False."""
    own = {level.code: level for level in campaign.with_context(active_test=False).level_ids}
    shared = find_shared_levels(campaign.env)

    def find_level(row):
        level = (shared if row["shared_level"] else own).get(row["level_code"])
        return level.id if level else False

    return find_level


def _check_settings(env, settings, row, report):
    """Return the values of a member's fields that have no key, but are named; what is wrong is a problem."""
    values = {}
    for name, value in row["settings"].items():
        path = (*row["path"], "settings", name)
        if name not in settings:
            report.add("problem", path, env._("Members have no setting “%s”.", name))
            continue
        try:
            values[name] = check_setting(settings[name], value, env)
        except ValueError:
            report.add("problem", path, env._("“%s” is no value of this setting.", value))
    return values


def _remove_levels(campaign, codes):
    """Remove the own levels that nobody is left in and the configuration does not name."""
    stale = campaign.with_context(active_test=False).level_ids.filtered(lambda level: level.code not in codes)
    if stale:
        members = campaign.with_context(active_test=False).member_ids
        left = members.filtered(lambda member: member.level_id in stale)
        left.level_id = members.default_get(["level_id"]).get("level_id")
        stale.unlink()
