"""The keys of ``lead_finding`` (specification 3)."""

from .nodes import (
    Either,
    Items,
    Named,
    Section,
    choice,
    conditions,
    day,
    days,
    flag,
    lines,
    name,
    number,
    regexes,
    section,
    switched,
    text,
    texts,
    whole,
)

MODE = choice("exact", "partial", "regex")
LOG_LEVEL = choice("debug", "info", "warning", "error", "DEBUG", "INFO", "WARNING", "ERROR", unneeded="log")
PRIORITY = whole(1, 5)


def matching(**more):
    """Return the keys that every section with a text match has."""
    return {
        "case_sensitive": flag(),
        "exact_match": flag("exact_match"),
        "match_mode": MODE,
        "match_patterns": lines(),
        "regex_patterns": regexes(),
        **more,
    }


def listed(**more):
    """Return a list of texts, or a block with ``values`` and how they are matched."""
    return Either((lines(), section(values=lines(), **matching(**more))))


DATE_RANGE = section(
    older_than_days=days(),
    younger_than_days=days(),
    custom_start_date=day(),
    custom_end_date=day(),
    exclude_weekends=flag(),
    exclude_holidays=flag(),
    strategy=text(),
)
RANGE_TEXT = text("range_text", high=10_000)
DATE_RANGE_STRATEGIES = Named(section(older_than_days=days(), younger_than_days=days(), description=RANGE_TEXT))

WEB_SOURCES = Either(
    (
        lines(),
        section(
            source_type=choice("file", "database", "config"),
            source_config=section(file_path=text(), table_name=text(), sources=lines()),
            include_inactive=flag("always_active"),
            validate_sources=flag("validated"),
            exclude_invalid=flag(),
            **matching(),
        ),
    )
)
CAMPAIGNS = Either(
    (
        lines(),
        section(
            types=lines(),
            campaign_settings=Named(
                section(case_sensitive=flag(), exact_match=flag("exact_match"), match_mode=MODE)
            ),
            **matching(),
        ),
    )
)  # fmt: skip

POOL = section(statuses=texts(), date_range_days=days())
STATUS_FILTERS = section(
    active_salespeople=POOL,
    inactive_salespeople=POOL,
    unassigned=POOL,
    exclude_closed_leads=flag(),
    exclude_assigned_leads=flag(),
)

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
SHORT_DNC = {
    "exclude_dnc_tags": flag(),
    "dnc_statuses": lines(),
    "dnc_tags": lines(),
    "dnc_case_sensitive": flag(),
    "dnc_match_mode": MODE,
    "dnc_regex_patterns": regexes(),
}
ADDITIONAL_FILTERS = Section(
    {
        "status": listed(include_partial_matches=flag()),
        "status_matching": section(include_partial_matches=flag(), **matching()),
        "tag_matching": section(**matching()),
        "exclude_assigned": flag(),
        "exclude_closed": flag(),
        "min_priority": PRIORITY,
        "max_priority": PRIORITY,
        "priority_range": section(min=PRIORITY, max=PRIORITY),
        "required_fields": texts(),
        "exclude_tags": listed(),
        "include_tags": listed(),
        "exclude_dnc": flag(),
        **SHORT_DNC,
        "dnc_filtering": DNC,
        "assignment_filters": section(exclude_assigned=flag(), exclude_closed=flag(), exclude_inactive_users=flag()),
    },
    switch="exclude_dnc",
    governed=tuple(SHORT_DNC),
)

SALES_FILTER = switched(
    opportunity_table=text("table"),
    opportunity_partner_field=text(),
    lead_partner_field=text(),
    exclude_opportunity_stages=lines(),
    include_opportunity_stages=lines(),
    opportunity_date_range=switched(days_back=days(1), field_name=text()),
    log_excluded_leads=flag("counted"),
    log_level=LOG_LEVEL,
    primary_match=section(
        opportunity_table=text("table"),
        lead_field=text(),
        opportunity_field=text(),
        require_both_non_null=flag(),
    ),
    secondary_matches=section(
        email_match=switched(lead_field=text(), opportunity_field=text()),
        phone_match=switched(lead_field=text(), opportunity_field=text()),
    ),
    opportunity_criteria=section(
        exclude_stages=lines(),
        include_stages=lines(),
        active_only=flag(),
        date_filter=switched(newer_than_days=days(1), field_name=text()),
    ),
    performance=section(
        batch_size=whole(1, unneeded="performance"),
        use_database_join=flag("performance"),
        cache_opportunities=flag("performance"),
        cache_duration_minutes=number(unneeded="performance"),
        timeout_seconds=number(),
    ),
    reporting=section(
        log_excluded_leads=flag("counted"),
        log_match_details=flag("counted"),
        count_excluded_by_stage=flag("counted"),
        export_excluded_leads=flag(),
        export_path=text("file"),
    ),
)

FIELD_TYPE = choice("many2one", "char", "selection", unneeded="field_type")
THRESHOLD = {"days": days(), "field_name": text(), "use_business_days": flag()}
DROPBACK = switched(
    age_threshold=section(**THRESHOLD),
    age_thresholds=Named(section(description=name(high=10_000), conditions=conditions(), **THRESHOLD)),
    web_source_campaign_mapping=Named(Either((lines(), text()))),
    campaign_assignments=Named(text()),
    assignment_config=section(
        web_source_field=text(),
        web_source_field_type=FIELD_TYPE,
        assign_immediately=flag("dropback_time"),
        update_status=flag(),
        dropback_status=text(),
        override_existing_assignments=flag(),
        preserve_team_assignment=flag(),
    ),
    web_source_matching=section(
        primary_field=text(),
        primary_field_type=FIELD_TYPE,
        fallback_fields=Items(Either((text(), section(field=text(), type=FIELD_TYPE)))),
        campaign_patterns=Named(section(exact_matches=lines(), pattern_matches=regexes())),
    ),
    assignment_rules=Named(section(user=text(), user_id=whole(1), team=name(), status=text(), priority=PRIORITY)),
    additional_criteria=section(
        lead_criteria=section(
            min_priority=PRIORITY,
            max_priority=PRIORITY,
            required_fields=texts(),
            exclude_statuses=texts(),
            exclude_tags=lines(),
            include_closed=flag(),
        ),
        exclude_existing_assignments=switched(dropback_users=texts()),
    ),
    logging=section(
        "history", log_dropback_assignments=flag(), log_level=LOG_LEVEL, include_lead_details=flag()
    ),
    reporting=section(
        count_dropback_leads=flag("counted"), export_dropback_report=flag(), report_path=text("file")
    ),
    performance=section(
        "performance", batch_size=whole(1), async_assignment=flag(), timeout_seconds=number()
    ),
)  # fmt: skip

LEAD_FINDING = section(
    date_range=DATE_RANGE,
    date_range_strategies=DATE_RANGE_STRATEGIES,
    web_sources=WEB_SOURCES,
    campaigns=CAMPAIGNS,
    status_filters=STATUS_FILTERS,
    activity_deadline=section(exclude_within_days=days(), exclude_missing_deadline=flag()),
    excluded_users=texts(),
    additional_filters=ADDITIONAL_FILTERS,
    sales_filter=SALES_FILTER,
    dropback_filter=DROPBACK,
)
CURRENT_IMPLEMENTATION = section(
    date_range=section(lowerlimit=days(), upperlimit=days()),
    excluded_users=texts(),
    status_filters=STATUS_FILTERS,
    campaign_filters=section(campaign_name=text()),
    dnc_filtering=DNC,
    activity_deadline=section(exclude_within_days=days(), exclude_missing_deadline=flag()),
    distribution=section(
        strategy=text(),
        randomize_order=flag(),
        team_assignment=name(),
        status_reset=text(),
    ),
)
