"""What a way of handing out is: the settings that decide who gets a lead, and nothing else."""

from ..engine.names import name_key
from ..work.system import as_system

# of the campaign; which leads are found, when, and what is written on them is the campaign's own in both ways
SETTINGS = (
    "strategy", "fill_strategy", "allow_overflow", "overflow_limit", "distribution_order", "rotation_reset",
    "use_override", "override_lead_count", "override_people_count", "fallback_round_robin",
    "performance_days", "performance_prior", "segment_field",
    "max_daily", "min_daily", "count_weekends",
    "team_filter_id", "team_filter_name", "min_experience", "use_max_workload", "max_workload",
    "excluded_receiver_ids", "include_inactive",
    "availability", "look_ahead_hours", "shift_end_minutes", "ramp_up_days", "ramp_up_percent",
    "use_skills", "skill_fallback", "use_territory", "territory_fallback", "use_known_owner", "known_owner_days",
    "use_calling_hours", "calling_from", "calling_to",
    "band_high", "band_medium", "band_low",
)  # fmt: skip
# of its rows: field → what counts of a row
ROWS = {
    "cap_ids": ("user_id", "measure", "maximum", "only_campaign"),
    "skill_ids": ("tag_id", "weight"),
    "level_ids": ("code", "name", "priority", "target_leads"),
}
# of a member; turns, and since when somebody is there, belong to the campaign
MEMBER = (
    "active", "team_id", "team_label", "has_own_target", "own_target", "weight",
    "skill_tag_ids", "country_ids", "state_ids", "zip_patterns", "preferred_domain",
)  # fmt: skip


def describe_way(campaign):
    """Return the settings of a way as plain data, JSON-ready; two that are equal hand out in the same way.

    :return: {field: value}; rows are sorted lists, ``member_ids`` is {id of the user as a text: {field: value}}
    """
    found = {name: plain(campaign, name) for name in SETTINGS}
    everything = campaign.with_context(active_test=False)
    for name, columns in ROWS.items():
        found[name] = sorted(([plain(row, column) for column in columns] for row in everything[name]), key=str)
    found["member_ids"] = {
        str(member.user_id.id): describe_member(member) for member in everything.member_ids.sorted("user_id")
    }
    return found


def describe_member(member):
    """Return what counts of a member as plain data; own levels of campaigns are the same by their code."""
    level = member.level_id
    return {
        **{name: plain(member, name) for name in MEMBER},
        "level_id": [level.code, bool(level.campaign_id)] if level else False,
    }


def describe_ways(experiment):
    """Return {"a", "b": the settings of a way}; A is the campaign with the strategy that the experiment names.

    Of B None where its settings are gone.
    """
    campaign, variant = as_system(experiment.campaign_id), as_system(experiment.variant_id)
    return {
        "a": {**describe_way(campaign), "strategy": experiment.strategy_a},
        "b": describe_way(variant) if variant else None,
    }


def plain(record, name):
    """Return the value of a field as JSON has it: records by their ids; nothing is False, whatever the type."""
    field, value = record._fields[name], record[name]
    if field.type == "many2one":
        return value.id
    if field.relational:
        return sorted(value.ids)
    return value or False


def find_differences(before, after):
    """Return the names of the settings in which two ways, as ``describe_way`` has them, differ; in a fixed order."""
    names = (*SETTINGS, *ROWS, "member_ids")
    return [name for name in names if (before.get(name) or False) != (after.get(name) or False)]


def find_people(before, after):
    """Return the ids of the users of whom something differs: (added, removed, changed); archived is removed."""
    one, other = ({int(user): of for user, of in way.get("member_ids", {}).items()} for way in (before, after))
    there, then = ({user for user, of in way.items() if of.get("active")} for way in (one, other))
    changed = {user for user in there & then if one[user] != other[user]}
    return then - there, there - then, changed


def sort_names(users):
    """Return the names of people as they stand in a sentence."""
    return ", ".join(sorted(users.mapped("name"), key=name_key))
