"""Writes members, selection and levels."""

from ..engine.names import name_key
from .context import Context
from .fields_table import MEMBER_KEYS, RELATIONS, get_settings
from .report import Report


def name_users(campaign, users):
    """Return a name for each user that finds this user alone: the name, or the login where names are not enough."""
    context = Context(campaign.env, {}, Report(), campaign=campaign)
    users = users.sorted(lambda user: (*name_key(user.name), user.login))
    index = context.index_users([text for user in users for text in (user.name, user.login)])
    found = {user: index.get(user.name.strip().casefold()) == user for user in users}
    alone = {user: found[user] and len(context.namesakes[user.name.strip().casefold()]) == 1 for user in users}
    return [user.name if alone[user] else user.login for user in users]


class PeopleDumper:
    def __init__(self, campaign):
        self.campaign = campaign
        self.levels = campaign._get_own_levels().sorted(lambda level: (level.priority, level.id))

    def list_members(self):
        """Return all members as a list of people names them."""
        members = self.campaign.with_context(active_test=False).member_ids
        return [self._dump_member(member) for member in members.sorted("id")]

    def dump(self):
        c = self.campaign
        return {
            "source_type": "list",
            "source_config": {"salespeople_list": self.list_members()},
            "campaign_filtering": {
                "enabled": True,
                "include_inactive_salespeople": c.include_inactive,
                "exclude_specific_users": name_users(c, c.excluded_receiver_ids),
            },
            "filters": {
                "active_only": not c.include_inactive,
                "min_experience_level": int(c.min_experience) if c.min_experience else None,
                "max_workload_percentage": c.max_workload if c.use_max_workload else None,
                "team_filter": c.team_filter_id.name or c.team_filter_name or None,
            },
        }

    def _dump_member(self, member):
        entry = {"name": member.user_id.name, "login": member.user_id.login, "active": member.active}
        entry["team"] = member.team_id.name or member.team_label or ""
        if member.level_id:
            entry["level"] = member.level_id.code
            if self.levels and not member.level_id.campaign_id:
                entry["shared_level"] = True
        else:
            entry["no_level"] = True
        if member.has_own_target:
            entry["target_leads"] = member.own_target
        if member.weight != 1.0:
            entry["weight"] = member.weight
        for key, (name, to_text) in RELATIONS.items():
            if name in member._fields and member[name]:
                entry[key] = sorted(to_text(record) for record in member[name])
        settings = self._dump_settings(member)
        return {**entry, "settings": settings} if settings else entry

    def _dump_settings(self, member):
        """Return the plain fields that other addons or later versions gave members, where they are set."""
        found = {}
        for name, field in get_settings(member, MEMBER_KEYS).items():
            default = field.default(member) if callable(field.default) else False
            if (member[name] or False) != (default or False):
                found[name] = member[name]
        return found
