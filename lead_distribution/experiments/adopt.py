# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The better way becomes the campaign's setting: who gets a lead is then decided as that way did; the report stays."""

from odoo.exceptions import UserError
from odoo.fields import Command

from ..tools.html_text import text_to_html
from ..work.system import as_system
from .ways import MEMBER, ROWS, SETTINGS, describe_member, describe_way, describe_ways, find_differences, plain

LEVELS = "level_ids"


def adopt(experiment, arm):
    """Give the campaign the settings of a way, say so in its chatter, and remember which one it was.

    People stay the members that they are, with their turns and since when they are there. In the transaction of the
    caller, with the rights of the user to the campaign.

    :raise UserError: before the end, where the settings are gone, or way A after way B: it is nowhere as a whole
    """
    _, campaign = experiment.env._, experiment.campaign_id
    if experiment.state != "done":
        raise UserError(_("Wait for the verdict: which way is better is known when the experiment has ended."))
    if arm == "a" and experiment.adopted == "b":
        raise UserError(_("Way B is the setting already: change the campaign itself to have it as it was before."))
    campaign.check_access("write")
    before, since_the_end = describe_way(campaign), []
    if arm == "b":
        variant = _get_variant(experiment)
        since_the_end = _find_changes_since_the_end(experiment)
        _copy_way(variant, campaign)
    elif campaign.strategy != experiment.strategy_a:
        campaign.strategy = experiment.strategy_a
    campaign.invalidate_recordset()
    changed = find_differences(before, describe_way(campaign))
    campaign.message_post(body=text_to_html(_tell(experiment, arm, changed, since_the_end)))
    as_system(experiment).adopted = arm


def _get_variant(experiment):
    variant = experiment.variant_id
    if not variant:
        raise UserError(experiment.env._("The settings of way B are not there any more."))
    return variant.with_context(active_test=False)


def _find_changes_since_the_end(experiment):
    """Return the names of the settings of way B that are others than those that the verdict is about."""
    kept = (experiment.kept_settings or {}).get("b_at_the_end")
    return find_differences(kept, describe_ways(experiment)["b"]) if kept else []


def _tell(experiment, arm, changed, since_the_end):
    """Return in words what became the setting, and what of it has never been tried."""
    _ = experiment.env._
    if not changed:
        return _("The experiment “%s” has ended: the campaign stays as it is.", experiment.name)
    told = _(
        "Way %(way)s of the experiment “%(name)s” is the campaign's setting now. Changed: %(settings)s.",
        way=arm.upper(),
        name=experiment.name,
        settings=_name_settings(experiment, changed),
    )
    if since_the_end:
        told += "\n" + _(
            "After the experiment had ended, these were changed in way B, so its result says nothing about them: %s.",
            _name_settings(experiment, since_the_end),
        )
    return told


def _name_settings(experiment, names):
    """Return the labels of settings as they stand in a sentence."""
    fields = experiment.campaign_id._fields
    return ", ".join(fields[name]._description_string(experiment.env) for name in names)


def _copy_way(variant, campaign):
    """Make the settings of a campaign those of another one; what is the same already is not written."""
    campaign = campaign.with_context(active_test=False)
    differing = set(find_differences(describe_way(campaign), describe_way(variant)))
    values = {name: _to_write(variant, name) for name in SETTINGS if name in differing}
    for name in ROWS.keys() & differing - {LEVELS}:
        rows = [Command.create({column: _to_write(row, column) for column in ROWS[name]}) for row in variant[name]]
        values[name] = [Command.clear(), *rows]
    if LEVELS in differing:  # before the members, who have them
        campaign.level_ids = list(_bring_levels(variant, campaign))
    if "member_ids" in differing:
        _bring_members(variant, campaign)
    if values:
        campaign.write(values)
    if LEVELS in differing:
        codes = set(variant.level_ids.mapped("code"))
        campaign.level_ids.filtered(lambda level: level.code not in codes).unlink()


def _bring_levels(variant, campaign):
    """Yield the commands that make own levels those of the other campaign; levels of one code are the same."""
    present = {level.code: level for level in campaign.level_ids}
    for level in variant.level_ids:
        values = {column: level[column] for column in ROWS[LEVELS]}
        known = present.get(level.code)
        yield Command.update(known.id, values) if known else Command.create(values)


def _bring_members(variant, campaign):
    """Make the people of a campaign those of the other one; who is not among them receives nothing any more."""
    levels = {level.code: level for level in campaign.level_ids}
    present = {member.user_id: member for member in campaign.member_ids}
    wanted = {member.user_id: member for member in variant.member_ids}
    added = []
    for user, member in wanted.items():
        values = {name: _to_write(member, name) for name in MEMBER}
        level = member.level_id
        values["level_id"] = levels[level.code].id if level.campaign_id else level.id
        if user not in present:
            added.append({**values, "user_id": user.id, "campaign_id": campaign.id})
        elif (
            describe_member(present[user]) != describe_member(member) or present[user].level_id.id != values["level_id"]
        ):
            present[user].write(values)
    campaign.member_ids.create(added)
    gone = campaign.member_ids.filtered(lambda member: member.user_id not in wanted)
    if variant.include_inactive:  # else archived ones receive leads, too
        gone.unlink()
    else:
        gone.active = False


def _to_write(record, name):
    """Return the value of a field as ``write`` takes it."""
    if record._fields[name].type == "many2many":
        return [Command.set(record[name].ids)]
    return plain(record, name)
