"""A member as an entry of a list of people."""

from odoo.fields import Domain

from ..settings import MEMBER_KEYS, get_settings
from .levels import list_own_levels

# what members have several of: key → field, and the text that names one
RELATIONS = {
    "skills": ("skill_tag_ids", lambda tag: tag.name),
    "countries": ("country_ids", lambda country: country.code),
    "states": ("state_ids", lambda state: f"{state.country_id.code}-{state.code}"),
}


def find_related(context, key, texts):
    """Return {text: record} of those that exist; case does not count."""
    if key == "skills":
        return {text: tag for text in texts if (tag := context.find_tag(text))}
    to_text = RELATIONS[key][1]
    known = {to_text(place).casefold(): place for place in _find_places(context.env, key, texts)}
    return {text: known[text.casefold()] for text in texts if text.casefold() in known}


def _find_places(env, key, texts):
    if key == "countries":
        return env["res.country"].search([("code", "in", [text.upper() for text in texts])])
    pairs = [text.upper().split("-", 1) for text in texts if "-" in text]
    places = [Domain("country_id.code", "=", country) & Domain("code", "=", code) for country, code in pairs]
    return env["res.country.state"].search(Domain.OR(places))


def dump_members(campaign):
    """Return all members as a list of people names them."""
    has_levels = bool(list_own_levels(campaign))
    members = campaign.with_context(active_test=False).member_ids
    settings = get_settings(members, MEMBER_KEYS)
    return [_dump_member(member, has_levels, settings) for member in members.sorted("id")]


def _dump_member(member, has_levels, settings):
    entry = {"name": member.user_id.name, "login": member.user_id.login, "active": member.active}
    entry["team"] = member.team_id.name or member.team_label or ""
    if member.level_id:
        entry["level"] = member.level_id.code
        if has_levels and not member.level_id.campaign_id:
            entry["shared_level"] = True
    else:
        entry["no_level"] = True
    if member.has_own_target:
        entry["target_leads"] = member.own_target
    if member.weight != 1.0:
        entry["weight"] = member.weight
    entry["joined_on"] = member.joined_on
    for key, (name, to_text) in RELATIONS.items():
        if member[name]:
            entry[key] = sorted(to_text(record) for record in member[name])
    found = _dump_settings(member, settings)
    return {**entry, "settings": found} if found else entry


def _dump_settings(member, settings):
    """Return the plain fields that other addons or later versions gave members, where they are set."""
    found = {}
    for name, field in settings.items():
        default = field.default(member) if callable(field.default) else False
        if (member[name] or False) != (default or False):
            found[name] = member[name]
    return found
