"""Which leads are taken: ``lead_finding``, except for customers and dropback."""

from ..kinds import (
    MODE,
    PRIORITY,
    Either,
    Items,
    Named,
    choice,
    day,
    days,
    flag,
    lines,
    listed,
    matching,
    patterns,
    regexes,
    section,
    text,
    texts,
)
from .key import Block, Key

RANGE = "lead_finding.date_range"
MORE = "lead_finding.additional_filters"
POOL = section(statuses=texts(), date_range_days=days())
DNC = section(
    enabled=flag(),
    statuses=lines(),
    include_partial_matches=flag("partial_here"),
    exclude_dnc_tags=flag(),
    dnc_tags=lines(),
    case_sensitive=flag(),
    exact_match=flag("exact_match"),
    match_mode=MODE,
    regex_patterns=regexes(),
)
# do not call, without a block: key → the key of the block that means the same
SHORT_DNC = {
    "dnc_statuses": "statuses",
    "dnc_tags": "dnc_tags",
    "dnc_case_sensitive": "case_sensitive",
    "dnc_match_mode": "match_mode",
    "dnc_regex_patterns": "regex_patterns",
    "exclude_dnc_tags": "exclude_dnc_tags",
}
WEB_SOURCES = section(
    source_type=choice("file", "database", "config"),
    source_config=section(file_path=text(), table_name=text(), sources=lines()),
    include_inactive=flag("always_active"),
    validate_sources=flag("validated"),
    exclude_invalid=flag(),
    **matching(),
)
CAMPAIGNS = section(
    types=lines(),
    campaign_settings=Named(section(case_sensitive=flag(), exact_match=flag("exact_match"), match_mode=MODE)),
    **matching(),
)
# a filter on any field of leads
FILTER = section(
    purpose=choice("filter", "dnc"),
    field=text(),
    lets_in=choice("include", "exclude"),
    mode=choice("exact", "partial", "wildcard", "regex"),
    case_sensitive=flag(),
    active=flag(),
    values=patterns(),
    patterns=lines(),
)
ODOO_POOL = section(
    holder=choice("unassigned", "active_member", "inactive_member"),
    include_former_users=flag(),
    statuses=texts(),
    date_range_days=days(),
)

KEYS = (
    Block(
        RANGE,
        field="use_window",
        only_if=("use_window",),
        words="The window: by default the last 30 days. Without it, leads of any age are taken.",
    ),
    Key(f"{RANGE}.older_than_days", days(), words="The lead's date is so many days ago at least."),
    Key(f"{RANGE}.younger_than_days", days(), words="The lead's date is so many days ago at most."),
    Key(
        f"{RANGE}.include_today",
        flag(),
        field="include_today",
        words="Leads of today, too, if older_than_days is 0. Otherwise the window ends with yesterday.",
    ),
    Key(f"{RANGE}.custom_start_date", day(), field="custom_date_from", words="The first day, in place of days."),
    Key(f"{RANGE}.custom_end_date", day(), field="custom_date_to", words="The last day, in place of days."),
    Key(f"{RANGE}.exclude_weekends", flag(), field="exclude_weekends", words="Not leads of Saturdays and Sundays."),
    Key(f"{RANGE}.exclude_holidays", flag(), field="exclude_holidays", words="Not leads of public holidays."),
    Key(
        f"{RANGE}.strategy",
        text(),
        words="One of date_range_strategies, or current_30_day, extended_60_day, stale_lead_recovery.",
    ),
    Key(
        "lead_finding.date_range_strategies",
        Named(section(older_than_days=days(), younger_than_days=days(), description=text("range_text", high=10_000))),
        words="Named windows, for strategy.",
    ),
    Key("lead_finding.web_sources", Either((lines(), WEB_SOURCES)), words="Only leads of these sources."),
    Key("lead_finding.campaigns", Either((lines(), CAMPAIGNS)), words="Only leads of these marketing campaigns."),
    Key("lead_finding.status_filters.active_salespeople", POOL, words="A pool: leads that active members hold."),
    Key("lead_finding.status_filters.inactive_salespeople", POOL, words="A pool: leads that inactive members hold."),
    Key("lead_finding.status_filters.unassigned", POOL, words="A pool: leads nobody holds."),
    Key("lead_finding.status_filters.exclude_closed_leads", flag(), words="As exclude_closed."),
    Key("lead_finding.status_filters.exclude_assigned_leads", flag(), words="As exclude_assigned."),
    Block(
        "lead_finding.activity_deadline",
        field="protect_activities",
        only_if=("protect_activities",),
        words="Leads with an activity stay where they are.",
    ),
    Key(
        "lead_finding.activity_deadline.exclude_within_days",
        days(),
        field="activity_days",
        absent=4,
        words="Only with one that is due in so many days.",
    ),
    Key(
        "lead_finding.activity_deadline.exclude_missing_deadline",
        flag(),
        field="exclude_without_activity",
        words="Leads without any activity stay, too.",
    ),
    Key("lead_finding.excluded_users", texts(), field="protected_user_ids", words="Whose leads are never taken."),
    Block(MORE, switch="exclude_dnc", governed=tuple(SHORT_DNC)),
    Key(f"{MORE}.status", listed(include_partial_matches=flag()), words="Only leads of these statuses."),
    Key(
        f"{MORE}.status_matching",
        section(include_partial_matches=flag(), **matching()),
        words="How status is compared, where it does not say so itself.",
    ),
    Key(
        f"{MORE}.tag_matching",
        section(**matching()),
        words="How tags are compared, where they do not say so themselves.",
    ),
    Key(f"{MORE}.exclude_tags", listed(), words="Not leads with one of these tags."),
    Key(f"{MORE}.include_tags", listed(), words="Only leads with one of these tags."),
    Key(f"{MORE}.exclude_assigned", flag(), words="As that of assignment_filters."),
    Key(f"{MORE}.exclude_closed", flag(), words="As that of assignment_filters."),
    Key(f"{MORE}.min_priority", PRIORITY, words="As priority_range.min."),
    Key(f"{MORE}.max_priority", PRIORITY, words="As priority_range.max."),
    Key(
        f"{MORE}.required_fields",
        texts(),
        field="required_field_ids",
        words="Only leads with something in these fields.",
    ),
    Block(f"{MORE}.priority_range", only_if=("use_priority",)),
    Key(f"{MORE}.priority_range.min", PRIORITY, words="Only leads of at least this priority."),
    Key(f"{MORE}.priority_range.max", PRIORITY, words="Only leads of at most this priority."),
    Key(
        f"{MORE}.assignment_filters.exclude_assigned",
        flag(),
        field="exclude_assigned",
        aliases=(f"{MORE}.exclude_assigned", "lead_finding.status_filters.exclude_assigned_leads"),
        any_of=True,
        words="Only leads nobody holds.",
    ),
    Key(
        f"{MORE}.assignment_filters.exclude_closed",
        flag(),
        field="exclude_closed",
        aliases=(f"{MORE}.exclude_closed", "lead_finding.status_filters.exclude_closed_leads"),
        any_of=True,
        words="Not leads that are won, lost or cancelled.",
    ),
    Key(
        f"{MORE}.assignment_filters.exclude_inactive_users",
        flag(),
        field="exclude_inactive_users",
        words="Not leads of inactive people.",
    ),
    Key(f"{MORE}.exclude_dnc", flag(), words="Leads that nobody may call are handed to nobody."),
    Key(f"{MORE}.exclude_dnc_tags", flag(), words="As that of dnc_filtering."),
    Key(f"{MORE}.dnc_statuses", lines(), words="As dnc_filtering.statuses."),
    Key(f"{MORE}.dnc_tags", lines(), words="As dnc_filtering.dnc_tags."),
    Key(f"{MORE}.dnc_case_sensitive", flag(), words="As dnc_filtering.case_sensitive."),
    Key(f"{MORE}.dnc_match_mode", MODE, words="As dnc_filtering.match_mode."),
    Key(f"{MORE}.dnc_regex_patterns", regexes(), words="As dnc_filtering.regex_patterns."),
    Key(f"{MORE}.dnc_filtering", DNC, words="Leads that nobody may call are handed to nobody: by status and tag."),
)

# only Odoo has these
ODOO_KEYS = (
    Key(
        "odoo.window_field",
        text(),
        field="window_field_id",
        words="The lead's date that the window looks at.",
    ),
    Key("odoo.pools", Items(ODOO_POOL), words="Pools that status_filters cannot say."),
    Key("odoo.filters", Items(FILTER), words="Filters on any field of leads."),
)
