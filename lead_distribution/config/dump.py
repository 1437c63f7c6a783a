"""From a campaign to the data of a configuration that loads back to the same campaign."""

from ..engine.names import name_key
from ..finding.guarded_matching import get_budget
from .check import Checker
from .context import Context
from .data import compact
from .load import ALL_CODECS, load_values
from .plain import dump_plain
from .report import Report
from .settings import NOT_SETTINGS, get_settings
from .table import BLOCKS, PLAIN, SETTINGS, build_data


def dump_campaign(campaign):
    """Return one campaign as plain data.

    Whatever has no key is found by comparing: the settings that loading the result would
    give, with those the campaign has; what differs goes to ``odoo.settings``. So no setting
    can be forgotten, not even one of another addon.
    """
    names = _name_users(campaign)
    values = dump_plain(campaign, names)
    for codec in ALL_CODECS:
        values.update(codec.dump(campaign, names))
    data = compact(build_data(_leave_out_blocks(campaign, values)))
    data.setdefault("odoo", {})[SETTINGS.partition(".")[2]] = _find_differences(campaign, data)
    return data


def _leave_out_blocks(campaign, values):
    """Return the values without those of sections that say nothing about this campaign."""
    absent = {key.field: key.absent for key in PLAIN}
    silent = tuple(
        f"{path}."
        for path, block in BLOCKS.items()
        if block.only_if and not any(_differs(campaign[name], absent.get(name)) for name in block.only_if)
    )
    return {path: value for path, value in values.items() if not path.startswith(silent)}


def _differs(value, absent):
    """Whether a setting is another one than that of a configuration without its key; nothing is as good as 0."""
    return (value or False) != (absent or False)


def _name_users(campaign):
    """Return {user: a name that finds this user alone}, sorted: the name, or the login where names are not enough."""
    users = (
        campaign.protected_user_ids
        + campaign.excluded_receiver_ids
        + campaign.dropback_user_ids
        + campaign.dropback_rule_ids.user_id
        + campaign.report_user_ids
        + campaign.cap_ids.user_id
        + campaign.live_fallback_user_id
    )
    context = Context(campaign.env, {}, Report(), campaign=campaign)
    users = (users.browse(set(users.ids))).sorted(lambda user: (*name_key(user.name), user.login))
    index = context.index_users([text for user in users for text in (user.name, user.login)])
    found = {}
    for user in users:
        key = user.name.strip().casefold()
        alone = index.get(key) == user and len(context.namesakes[key]) == 1
        found[user] = user.name if alone else user.login
    return found


def _find_differences(campaign, data):
    """Return the settings that differ from what loading the data would give."""
    checked = Checker(Report(), campaign.env._).check(data)
    loaded = load_values(Context(campaign.env, checked, Report(), {}, campaign, get_budget(campaign.env.cr)))
    settings = get_settings(campaign, NOT_SETTINGS | {"name"})
    kept = campaign.default_get([name for name in settings if name not in loaded])
    found = {}
    for name, field in settings.items():
        value = campaign[name]
        expected = loaded[name] if name in loaded else kept.get(name, False)
        if name == "tz" or (value or False) != (expected or False):
            found[name] = value.isoformat() if field.type == "date" and value else value
    return found
