"""All keys of a configuration (specification 2.2–5.1, 9.2, 9.4, 12, 13, 17.7), and ``odoo`` for what only Odoo has."""

from .nodes import (
    Either,
    Items,
    Leaf,
    Named,
    choice,
    day,
    days,
    flag,
    lines,
    name,
    names,
    number,
    patterns,
    section,
    switched,
    text,
    texts,
    whole,
)
from .schema_leads import CURRENT_IMPLEMENTATION, LEAD_FINDING

BAND = choice("all_levels", "senior_only", "junior_first")
LOG_LEVEL = choice("DEBUG", "INFO", "WARNING", "ERROR", "debug", "info", "warning", "error")

# a person of a list: the name, or a block with what a row of the campaign table has
PERSON = Either(
    (
        text(),
        section(
            name=text(),
            login=text(),
            id=whole(1),
            active=flag(),
            team=name(),
            level=text(),
            target_leads=whole(),
            weight=number(),
            no_level=flag(),
            shared_level=flag(),
            skills=names(),
            countries=texts(),
            states=texts(),
            settings=Named(Leaf("any")),
        ),
    )
)
SELECTION = section(
    source_type=choice("campaign_table", "file", "list", "database"),
    source_config=section(
        campaign_table=section(
            file_path=text(),
            table_name=text(),
            campaign_column=text(),
            salesperson_column=text(),
            active_column=text(),
        ),
        file_path=text(),
        salespeople_list=Items(PERSON),
        database_query=section(table=text(), where_clause=text(high=1000), fields=texts()),
        category=text(),
        campaign=text(),
        team=text(),
    ),
    campaign_filtering=section(
        enabled=flag(),
        target_campaign=text(),
        include_inactive_salespeople=flag(),
        exclude_specific_users=texts(),
    ),
    filters=section(
        active_only=flag(),
        has_permissions=flag(),
        min_experience_level=Either((whole(1, 3), choice("junior", "mid_level", "senior"))),
        max_workload_percentage=number(),
        team_filter=name(),
    ),
)

DISTRIBUTION = section(
    strategy=text(),
    status_reset=text(),
    team_assignment=name(),
    distribution_order=choice("random", "alphabetical", "seniority", "least_recent"),
    randomize_order=flag(),
    level_based=section(
        levels=Named(section(name=name(), target_leads=whole(), priority=whole(), salespeople=texts())),
        fill_strategy=choice("highest_priority_first", "round_robin_within_level"),
        allow_overflow=flag(),
        overflow_limit=whole(),
    ),
    round_robin_override=switched(
        trigger_conditions=Items(Leaf("trigger")),
        distribution_order=choice("random", "alphabetical", "seniority", "least_recent"),
        cycle_reset=choice("daily", "weekly", "monthly", "never"),
    ),
    advanced_rules=section(
        skill_matching=switched(
            required_skills=names(),
            skill_weights=Items(number(0.001)),
            fallback=choice("nobody", "everybody"),
        ),
        workload_balancing=switched(
            max_daily_distribution=whole(1),
            min_daily_distribution=whole(),
            consider_weekend_workload=flag(),
        ),
        priority_handling=section(high_priority_leads=BAND, medium_priority_leads=BAND, low_priority_leads=BAND),
        geographic_distribution=switched(region_matching=flag(), timezone_consideration=flag()),
    ),
)  # fmt: skip

ERROR_HANDLING = section(
    retry_failed_assignments=flag(),
    max_retries=whole(0, 100),
    retry_delay_seconds=number(0, 3600),
    error_thresholds=section(
        max_failed_assignments=whole(1), max_connection_errors=whole(1), max_validation_errors=whole(1)
    ),
    fallback_strategies=section(
        when_no_salespeople_found=choice("skip_distribution", "fail"),
        when_no_leads_found=choice("generate_warning", "ignore"),
        when_distribution_fails=choice("use_round_robin", "fail"),
    ),
)  # fmt: skip

TRACKING = section(
    enabled=flag("history"),
    track_individual_assignments=flag("history"),
    track_pre_post_counts=flag("history"),
    track_distribution_summary=flag("history"),
    retention_days=whole(),
    archive_old_data=flag(),
    batch_size=whole(1, unneeded="performance"),
    async_tracking=flag("performance"),
)
REPORTING = section(
    generate_report=flag(),
    report_format=choice("csv", "json", "html"),
    report_location=text(),
    include_analytics=flag(),
    email_notification=flag(),
)
EXECUTION = section(
    dry_run=flag(),
    max_leads_per_run=whole(1),
    batch_size=whole(1, unneeded="performance"),
    retry_failed=flag(),
    max_retries=whole(0, 100),
    log_level=LOG_LEVEL,
)

_CONNECTION = {
    "host": text(), "port": Either((whole(1, 65535), text())), "database": text(), "timeout": whole(),
    "username": text(), "password": text(),
}  # fmt: skip
ODOO_CONNECTION = section("connection", **_CONNECTION)
# 7.1 opens a pool with these; 9.4 names the certificates
DATABASE_CONNECTION = section(
    "connection", **_CONNECTION, pool_name=text(), pool_size=whole(1), autocommit=flag(), charset=text(),
    ca_cert=text(), client_cert=text(), client_key=text(),
)  # fmt: skip
# what the specification has no key for; dump_config writes it where it differs from what is off
ODOO = section(
    company=text(),
    responsible=text(),
    report_to=texts(),
    window_field=text(),
    filters=Items(
        section(
            purpose=choice("filter", "dnc"),
            field=text(),
            lets_in=choice("include", "exclude"),
            mode=choice("exact", "partial", "wildcard", "regex"),
            case_sensitive=flag(),
            active=flag(),
            values=patterns(),
            patterns=lines(),
        )
    ),
    pools=Items(
        section(
            holder=choice("unassigned", "active_member", "inactive_member"),
            include_former_users=flag(),
            statuses=texts(),
            date_range_days=days(),
        )
    ),
    skills=Items(section(tag=name(), weight=number(0.001))),
    caps=Items(section(measure=text(), maximum=whole(), only_campaign=flag(), user=text())),
    settings=Named(Leaf("any")),
)

ROOT = section(
    version=text(),
    name=name(),
    description=name(high=10_000),
    tags=texts(),
    author=text(),
    created_date=day(),
    last_modified=day(),
    odoo_connection=ODOO_CONNECTION,
    database_connection=DATABASE_CONNECTION,
    campaign=section(
        name=name(),
        description=name(high=10_000),
        target_campaign=text(),
        distribution_frequency=choice("manual", "hourly", "daily", "weekly", "monthly"),
        active=flag(),
    ),
    salesperson_selection=SELECTION,
    lead_finding=LEAD_FINDING,
    distribution=DISTRIBUTION,
    tracking=TRACKING,
    reporting=REPORTING,
    execution=EXECUTION,
    error_handling=ERROR_HANDLING,
    monitoring=section(
        enable_performance_tracking=flag("counted"),
        log_execution_time=flag("counted"),
        track_memory_usage=flag("counted"),
        alert_on_slow_execution=flag(),
        slow_execution_threshold_seconds=number(),
    ),
    security=section(
        encrypt_sensitive_data=flag("security"),
        log_audit_trail=flag("security"),
        mask_personal_data=flag(),
        retention_policy_days=whole(),
    ),
    current_implementation=CURRENT_IMPLEMENTATION,
    odoo=ODOO,
)
