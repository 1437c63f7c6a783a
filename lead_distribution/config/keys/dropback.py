"""Where leads go that got too old: ``lead_finding.dropback_filter``."""

from ..kinds import (
    LOG_LEVEL,
    PRIORITY,
    Either,
    Items,
    Named,
    choice,
    conditions,
    days,
    flag,
    lines,
    name,
    number,
    regexes,
    section,
    text,
    texts,
    whole,
)
from .key import Block, Key

HERE = "lead_finding.dropback_filter"
CRITERIA = f"{HERE}.additional_criteria.lead_criteria"
PRESENT = f"{HERE}.additional_criteria.exclude_existing_assignments"
FIELD_TYPE = choice("many2one", "char", "selection", unneeded="field_type")
THRESHOLD = {"days": days(), "field_name": text(), "use_business_days": flag()}

KEYS = (
    Block(
        HERE,
        switch="enabled",
        only_if=(
            "use_dropback",
            "dropback_threshold_ids",
            "dropback_rule_ids",
            "dropback_status_id",
            "dropback_required_field_ids",
            "dropback_exclude_status_ids",
            "dropback_exclude_tag_ids",
            "dropback_exclude_tags_text",
            "dropback_user_ids",
        ),
        words="Leads past an age go to somebody by their web source, before anything is handed out.",
    ),
    Key(f"{HERE}.enabled", flag(), field="use_dropback", words="Without it, the section is off."),
    Key(f"{HERE}.age_threshold", section(**THRESHOLD), words="The age, where there is only one."),
    Key(
        f"{HERE}.age_thresholds",
        Named(section(description=name(high=10_000), conditions=conditions(), **THRESHOLD)),
        words="Ages, any one of which is enough; 30 days, if they do not say how many.",
    ),
    Key(
        f"{HERE}.web_source_campaign_mapping",
        Named(Either((lines(), text()))),
        words="KEY_sources: the sources of a rule; default_campaign: the rule of all others.",
    ),
    Key(f"{HERE}.campaign_assignments", Named(text()), words="Rule: who gets its leads."),
    Key(f"{HERE}.web_source_matching.primary_field", text(), words="The lead's field with the source; source_id."),
    Key(f"{HERE}.web_source_matching.primary_field_type", FIELD_TYPE),
    Key(
        f"{HERE}.web_source_matching.fallback_fields",
        Items(Either((text(), section(field=text(), type=FIELD_TYPE)))),
        words="Fields that are looked at where the first one is empty.",
    ),
    Key(
        f"{HERE}.web_source_matching.campaign_patterns",
        Named(section(exact_matches=lines(), pattern_matches=regexes())),
        words="Rule: its sources and patterns.",
    ),
    Key(
        f"{HERE}.assignment_rules",
        Named(section(user=text(), user_id=whole(1), team=name(), status=text(), priority=PRIORITY)),
        words="Rule: who gets its leads, and what is written on them.",
    ),
    Key(f"{HERE}.assignment_config.web_source_field", text(), words="As web_source_matching.primary_field."),
    Key(f"{HERE}.assignment_config.web_source_field_type", FIELD_TYPE),
    Key(f"{HERE}.assignment_config.assign_immediately", flag("dropback_time")),
    Key(
        f"{HERE}.assignment_config.update_status",
        flag(),
        field="dropback_update_status",
        absent=True,
        words="The status is set, too.",
    ),
    Key(f"{HERE}.assignment_config.dropback_status", text(), words="To this one; dropback."),
    Key(
        f"{HERE}.assignment_config.override_existing_assignments",
        flag(),
        field="dropback_override",
        absent=True,
        words="Also leads that somebody holds.",
    ),
    Key(
        f"{HERE}.assignment_config.preserve_team_assignment",
        flag(),
        field="dropback_preserve_team",
        words="Leads keep their team.",
    ),
    Key(
        f"{CRITERIA}.min_priority",
        PRIORITY,
        field="dropback_priority_min",
        absent=1,
        words="Of at least this priority.",
    ),
    Key(
        f"{CRITERIA}.max_priority", PRIORITY, field="dropback_priority_max", absent=5, words="Of at most this priority."
    ),
    Key(
        f"{CRITERIA}.required_fields",
        texts(),
        field="dropback_required_field_ids",
        words="Only leads with something in these fields.",
    ),
    Key(
        f"{CRITERIA}.exclude_statuses",
        texts(),
        field="dropback_exclude_status_ids",
        words="Not leads of these statuses.",
    ),
    Key(f"{CRITERIA}.exclude_tags", lines(), words="Not leads with these tags."),
    Key(f"{CRITERIA}.include_closed", flag(), field="dropback_closed", words="Also closed leads."),
    Block(PRESENT, switch="enabled"),
    Key(f"{PRESENT}.enabled", flag(), words="Without it, dropback_users do not count."),
    Key(f"{PRESENT}.dropback_users", texts(), words="Not leads that these people hold."),
    Block(f"{HERE}.logging", unneeded="history"),
    Key(f"{HERE}.logging.log_dropback_assignments", flag()),
    Key(f"{HERE}.logging.log_level", LOG_LEVEL.because("log")),
    Key(f"{HERE}.logging.include_lead_details", flag()),
    Key(f"{HERE}.reporting.count_dropback_leads", flag("counted")),
    Key(
        f"{HERE}.reporting.export_dropback_report",
        flag(),
        field="dropback_export",
        silent=False,
        words="A file with them, kept with the run.",
    ),
    Key(f"{HERE}.reporting.report_path", text("file")),
    Block(f"{HERE}.performance", unneeded="performance"),
    Key(f"{HERE}.performance.batch_size", whole(1)),
    Key(f"{HERE}.performance.async_assignment", flag()),
    Key(f"{HERE}.performance.timeout_seconds", number()),
)
