"""The keys of ``lead_finding`` (specification 3)."""

from .nodes import (
    Either,
    Items,
    Named,
    choice,
    conditions,
    day,
    days,
    flag,
    number,
    regexes,
    section,
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
        "match_patterns": texts(),
        "regex_patterns": regexes(),
        **more,
    }


def listed(**more):
    """Return a list of texts, or a block with ``values`` and how they are matched."""
    return Either((texts(), section(values=texts(), **matching(**more))))


DATE_RANGE = section(
    older_than_days=days(),
    younger_than_days=days(),
    custom_start_date=day(),
    custom_end_date=day(),
    exclude_weekends=flag(),
    exclude_holidays=flag(),
    strategy=text(),
)
DATE_RANGE_STRATEGIES = Named(section(older_than_days=days(), younger_than_days=days(), description=text(high=10_000)))

WEB_SOURCES = Either(
    (
        texts(),
        section(
            source_type=choice("file", "database", "config"),
            source_config=section(file_path=text(), table_name=text(), sources=texts()),
            include_inactive=flag(),
            validate_sources=flag(),
            exclude_invalid=flag(),
            **matching(),
        ),
    )
)
CAMPAIGNS = Either(
    (
        texts(),
        section(
            types=texts(),
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
    statuses=texts(),
    include_partial_matches=flag("partial_here"),
    exclude_dnc_tags=flag(),
    dnc_tags=texts(),
    case_sensitive=flag(),
    exact_match=flag("exact_match"),
    match_mode=MODE,
    regex_patterns=regexes(),
)
ADDITIONAL_FILTERS = section(
    status=listed(include_partial_matches=flag()),
    status_matching=section(include_partial_matches=flag(), **matching()),
    tag_matching=section(**matching()),
    exclude_assigned=flag(),
    exclude_closed=flag(),
    min_priority=PRIORITY,
    max_priority=PRIORITY,
    priority_range=section(min=PRIORITY, max=PRIORITY),
    required_fields=texts(),
    exclude_tags=listed(),
    include_tags=listed(),
    exclude_dnc=flag(),
    exclude_dnc_tags=flag(),
    dnc_statuses=texts(),
    dnc_tags=texts(),
    dnc_case_sensitive=flag(),
    dnc_match_mode=MODE,
    dnc_regex_patterns=regexes(),
    dnc_filtering=DNC,
    assignment_filters=section(exclude_assigned=flag(), exclude_closed=flag(), exclude_inactive_users=flag()),
)

SALES_DATE = {"enabled": flag(), "field_name": text()}
SALES_FILTER = section(
    enabled=flag(),
    opportunity_table=text("table"),
    opportunity_partner_field=text(),
    lead_partner_field=text(),
    exclude_opportunity_stages=texts(),
    include_opportunity_stages=texts(),
    opportunity_date_range=section(days_back=days(1), **SALES_DATE),
    log_excluded_leads=flag("counted"),
    log_level=LOG_LEVEL,
    primary_match=section(
        opportunity_table=text("table"),
        lead_field=text(),
        opportunity_field=text(),
        require_both_non_null=flag(),
    ),
    secondary_matches=section(
        email_match=section(enabled=flag(), lead_field=text(), opportunity_field=text()),
        phone_match=section(enabled=flag(), lead_field=text(), opportunity_field=text()),
    ),
    opportunity_criteria=section(
        exclude_stages=texts(),
        include_stages=texts(),
        active_only=flag(),
        date_filter=section(newer_than_days=days(1), **SALES_DATE),
    ),
    performance=section(
        "performance",
        batch_size=whole(1),
        use_database_join=flag(),
        cache_opportunities=flag(),
        cache_duration_minutes=number(),
    ),
    reporting=section(
        "counted",
        log_excluded_leads=flag(),
        log_match_details=flag(),
        count_excluded_by_stage=flag(),
        export_excluded_leads=flag(),
        export_path=text(),
    ),
)

FIELD_TYPE = choice("many2one", "char", "selection", unneeded="field_type")
THRESHOLD = {"days": days(), "field_name": text(), "use_business_days": flag()}
DROPBACK = section(
    enabled=flag(),
    age_threshold=section(**THRESHOLD),
    age_thresholds=Named(section(description=text(high=10_000), conditions=conditions(), **THRESHOLD)),
    web_source_campaign_mapping=Named(Either((texts(), text()))),
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
        campaign_patterns=Named(section(exact_matches=texts(), pattern_matches=regexes())),
    ),
    assignment_rules=Named(section(user=text(), user_id=whole(1), team=text(), status=text(), priority=PRIORITY)),
    additional_criteria=section(
        lead_criteria=section(
            min_priority=PRIORITY,
            max_priority=PRIORITY,
            required_fields=texts(),
            exclude_statuses=texts(),
            exclude_tags=texts(),
        ),
        exclude_existing_assignments=section(enabled=flag(), dropback_users=texts()),
    ),
    logging=section(
        "history", log_dropback_assignments=flag(), log_level=LOG_LEVEL, include_lead_details=flag()
    ),
    reporting=section(
        "counted", count_dropback_leads=flag(), export_dropback_report=flag(), report_path=text()
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
        team_assignment=text(),
        status_reset=text(),
    ),
)
