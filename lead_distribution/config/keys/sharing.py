"""How leads are shared, and what is written on them: ``distribution``."""

from ..kinds import Items, Leaf, Named, choice, flag, name, names, number, section, text, texts, whole
from .key import OWN_DEFAULT, Block, Key, setting

HERE = "distribution"
LEVELS = f"{HERE}.level_based"
OVERRIDE = f"{HERE}.round_robin_override"
RULES = f"{HERE}.advanced_rules"
ORDER = choice("random", "alphabetical", "seniority", "least_recent")
BAND = choice("all_levels", "senior_only", "junior_first")

KEYS = (
    Key(f"{HERE}.strategy", text(), words="One of the strategies; round_robin."),
    Key(f"{HERE}.status_reset", text(), field="status_reset_id", words="The status that leads get; else they keep it."),
    Key(f"{HERE}.team_assignment", name(), field="team_id", words="The sales team that leads get; else they keep it."),
    Key(f"{HERE}.distribution_order", ORDER, words="As that of round_robin_override."),
    Key(f"{HERE}.randomize_order", flag(), words="Always so: ties are broken by chance."),
    Block(OVERRIDE, switch="enabled"),
    Key(f"{OVERRIDE}.enabled", flag(), field="use_override", words="Round robin when there is little to share."),
    Key(
        f"{OVERRIDE}.trigger_conditions",
        Items(Leaf("trigger")),
        words="when_lead_count < 10, when_salespeople_count < 3; any one is enough.",
    ),
    Key(
        f"{OVERRIDE}.distribution_order",
        ORDER,
        field="distribution_order",
        absent="random",
        aliases=(f"{HERE}.distribution_order",),
        words="Who is first in a rotation.",
    ),
    Key(
        f"{OVERRIDE}.cycle_reset",
        choice("daily", "weekly", "monthly", "never"),
        field="rotation_reset",
        absent="never",
        silent="never",
        words="When rotations begin anew.",
    ),
    Block(f"{RULES}.skill_matching", switch="enabled"),
    Key(f"{RULES}.skill_matching.enabled", flag(), words="Leads with a skill's tag go to people with that skill."),
    Key(f"{RULES}.skill_matching.required_skills", names(), words="Tags of leads that are skills."),
    Key(f"{RULES}.skill_matching.skill_weights", Items(number(0.001)), words="Their weights, in the same order; 1."),
    Key(
        f"{RULES}.skill_matching.fallback",
        choice("nobody", "everybody"),
        field="skill_fallback",
        absent=OWN_DEFAULT,
        only_if="skill_ids",
        words="Who gets a lead whose skills nobody has.",
    ),
    Block(f"{RULES}.workload_balancing", switch="enabled"),
    Key(f"{RULES}.workload_balancing.enabled", flag(), words="Without it, there are no limits a day."),
    Key(f"{RULES}.workload_balancing.max_daily_distribution", whole(1), words="Leads a person a day at most."),
    Key(f"{RULES}.workload_balancing.min_daily_distribution", whole(), words="Leads a person a day at least."),
    Key(
        f"{RULES}.workload_balancing.consider_weekend_workload",
        flag(),
        field="count_weekends",
        absent=OWN_DEFAULT,
        only_if="max_daily",
        words="Weekends count, too.",
    ),
    Block(f"{RULES}.priority_handling", only_if=("band_high", "band_medium", "band_low")),
    Key(
        f"{RULES}.priority_handling.high_priority_leads",
        BAND,
        field="band_high",
        absent="all_levels",
        words="Which levels get leads of high priority.",
    ),
    Key(
        f"{RULES}.priority_handling.medium_priority_leads",
        BAND,
        field="band_medium",
        absent="all_levels",
        words="Which levels get leads of medium priority.",
    ),
    Key(
        f"{RULES}.priority_handling.low_priority_leads",
        BAND,
        field="band_low",
        absent="all_levels",
        words="Which levels get leads of low priority.",
    ),
    Block(f"{RULES}.geographic_distribution", switch="enabled"),
    Key(f"{RULES}.geographic_distribution.enabled", flag(), words="Without it, places do not count."),
    Key(f"{RULES}.geographic_distribution.region_matching", flag(), words="Leads go to people of their territory."),
    Key(
        f"{RULES}.geographic_distribution.timezone_consideration",
        flag(),
        words="Leads go to people who can call them in their time zone's calling hours.",
    ),
    Block(LEVELS, switch="allow_overflow", governed=("overflow_limit",)),
    Key(
        f"{LEVELS}.levels",
        Named(section(name=name(), target_leads=whole(), priority=whole(), salespeople=texts())),
        words="The campaign's own levels, by code: target, priority (1 comes first), and who is in it.",
    ),
    Key(
        f"{LEVELS}.fill_strategy",
        choice("highest_priority_first", "round_robin_within_level"),
        field="fill_strategy",
        absent="highest_priority_first",
        words="Who of a level is first.",
    ),
    Key(f"{LEVELS}.allow_overflow", flag(), field="allow_overflow", words="People get more than their target."),
    Key(f"{LEVELS}.overflow_limit", whole(), field="overflow_limit", absent=10, words="By so many percent."),
)

CAP = section(measure=text(), maximum=whole(), only_campaign=flag(), user=text())
# only Odoo has these
ODOO_KEYS = (
    Key("odoo.skills", Items(section(tag=name(), weight=number(0.001))), words="As required_skills, in blocks."),
    Key("odoo.caps", Items(CAP), words="More limits: of everybody, or of one person."),
    setting("lead_type", "lead", "Whether leads, opportunities or both are taken."),
    setting("pool_mode", "all", "Whether there are pools; said by the pools themselves."),
    setting("own_domain", "[]", "A filter in Odoo's own form."),
    setting("dnc_by_category", False, "Do not call: the statuses of that category, too."),
    setting("dnc_email_blacklist", False, "Do not call: Odoo's email blacklist, too."),
    setting("dnc_phone_blacklist", False, "Do not call: Odoo's phone blacklist, too."),
    setting("dropback_exclude_tags_text", OWN_DEFAULT, "Dropback: not leads with these tags, which do not exist yet."),
    setting("team_filter_name", OWN_DEFAULT, "Only members of this team, which is none in Odoo."),
    setting("lead_order", "random", "The order in which leads are handed out."),
    setting("territory_fallback", OWN_DEFAULT, "Who gets a lead that is in nobody's territory."),
    setting("use_known_owner", False, "Leads of known customers go to who knows them."),
    setting("known_owner_days", OWN_DEFAULT, "Known from so many days."),
    setting("calling_from", OWN_DEFAULT, "Calling hours begin (hour of the day)."),
    setting("calling_to", OWN_DEFAULT, "Calling hours end (hour of the day)."),
    setting("performance_days", OWN_DEFAULT, "Strategies by conversion look at so many days."),
    setting("performance_prior", OWN_DEFAULT, "As how many leads the average counts."),
    setting("segment_field", OWN_DEFAULT, "By which field leads are alike."),
    setting("chatter", "none", "What is written to the chatter of leads."),
    setting("run_hour", OWN_DEFAULT, "The schedule's hour of the day."),
    setting("run_weekday", OWN_DEFAULT, "The schedule's day of the week."),
    setting("run_day", OWN_DEFAULT, "The schedule's day of the month."),
    setting("notify_salespeople", OWN_DEFAULT, "Whether people are told of new leads."),
    setting("notify_responsible", OWN_DEFAULT, "Whether the responsible gets a digest."),
    setting("verify_daily", OWN_DEFAULT, "Whether the history is verified every day."),
    setting("report_sent_on", OWN_DEFAULT, "When the last weekly report was sent."),
    setting("tz", OWN_DEFAULT, "The campaign's time zone; it stays where it is not named."),
    setting("sequence", OWN_DEFAULT, "The campaign's place in lists; it stays where it is not named."),
    setting("color", OWN_DEFAULT, "The campaign's color; it stays where it is not named."),
)
