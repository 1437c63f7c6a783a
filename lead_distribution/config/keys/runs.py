"""How runs work, and what happens after them."""

from ..kinds import choice, flag, number, text, texts, whole
from .key import Block, Key

LOG_LEVEL = choice("DEBUG", "INFO", "WARNING", "ERROR", "debug", "info", "warning", "error")
FORMATS = ("csv", "json", "html")
LIMITS = "error_handling.error_thresholds"
FALLBACKS = "error_handling.fallback_strategies"

KEYS = (
    Key("execution.dry_run", flag(), field="plan_only", words="Scheduled runs and the command stop at the plan."),
    Key(
        "execution.max_leads_per_run",
        whole(1),
        field="max_leads",
        absent=0,
        silent=0,
        words="A run hands out so many leads at most.",
    ),
    Key("execution.batch_size", whole(1, unneeded="performance")),
    Key("execution.retry_failed", flag(), words="As error_handling.retry_failed_assignments."),
    Key("execution.max_retries", whole(0, 100), words="As error_handling.max_retries."),
    Key("execution.log_level", LOG_LEVEL, words="How much the command tells."),
    Key("error_handling.retry_failed_assignments", flag(), words="Leads that failed are tried again."),
    Key("error_handling.max_retries", whole(0, 100), words="So many times; 3."),
    Key(
        "error_handling.retry_delay_seconds",
        number(0, 3600),
        field="retry_delay",
        absent=0,
        silent=0,
        words="Waiting so long before.",
    ),
    Key(
        f"{LIMITS}.max_failed_assignments",
        whole(1),
        field="max_failed",
        absent=0,
        silent=0,
        words="After so many failed leads the run stops.",
    ),
    Key(
        f"{LIMITS}.max_connection_errors",
        whole(1),
        field="max_conflicts",
        absent=0,
        silent=0,
        words="After so many conflicts with others the run stops.",
    ),
    Key(
        f"{LIMITS}.max_validation_errors",
        whole(1),
        field="max_invalid",
        absent=0,
        silent=0,
        words="After so many refused leads the run stops.",
    ),
    Key(
        f"{FALLBACKS}.when_no_salespeople_found",
        choice("skip_distribution", "fail"),
        words="The run has failed, with the reasons, and changes nothing.",
    ),
    Key(
        f"{FALLBACKS}.when_no_leads_found",
        choice("generate_warning", "ignore"),
        field="warn_without_leads",
        absent=True,
        values={"generate_warning": True, "ignore": False},
        words="Whether there is a warning.",
    ),
    Key(
        f"{FALLBACKS}.when_distribution_fails",
        choice("use_round_robin", "fail"),
        field="fallback_round_robin",
        values={"use_round_robin": True, "fail": False},
        words="Whether a strategy that fails gives way.",
    ),
    Key("tracking.enabled", flag("history")),
    Key("tracking.track_individual_assignments", flag("history")),
    Key("tracking.track_pre_post_counts", flag("history")),
    Key("tracking.track_distribution_summary", flag("history")),
    Key(
        "tracking.retention_days",
        whole(),
        field="retention_days",
        absent=0,
        silent=0,
        words="The history is kept so long; 0: forever.",
    ),
    Key(
        "tracking.archive_old_data",
        flag(),
        field="archive_history",
        absent=True,
        words="What is removed goes into a file first.",
    ),
    Key("tracking.batch_size", whole(1, unneeded="performance")),
    Key("tracking.async_tracking", flag("performance")),
    Block("reporting", switch="generate_report", governed=("report_format", "report_location")),
    Key("reporting.generate_report", flag(), words="A file of each run."),
    Key("reporting.report_format", choice(*FORMATS), words="Of this kind; csv."),
    Key("reporting.report_location", text(), words="The folder, below that of the administrator."),
    Key(
        "reporting.include_analytics",
        flag(),
        words="With figures of the people.",
    ),
    Key("reporting.email_notification", flag(), words="By email, too."),
    Block("monitoring", switch="alert_on_slow_execution", governed=("slow_execution_threshold_seconds",)),
    Key("monitoring.enable_performance_tracking", flag("counted")),
    Key("monitoring.log_execution_time", flag("counted")),
    Key("monitoring.track_memory_usage", flag("counted")),
    Key("monitoring.alert_on_slow_execution", flag(), words="Slow runs are told."),
    Key("monitoring.slow_execution_threshold_seconds", number(), words="Slow from so many seconds; 300."),
    Block("security", switch="mask_personal_data", governed=("retention_policy_days",)),
    Key("security.encrypt_sensitive_data", flag("security")),
    Key("security.log_audit_trail", flag("security")),
    Key("security.mask_personal_data", flag(), field="mask_personal_data", words="Names of leads are masked."),
    Key(
        "security.retention_policy_days",
        whole(),
        field="mask_days",
        absent=90,
        only_if="mask_personal_data",
        words="After so many days.",
    ),
)

# only Odoo has these
ODOO_KEYS = (
    Key("odoo.company", text(), words="The company; empty: of all companies. It stays where it is not named."),
    Key("odoo.responsible", text(), words="Who is told; empty: nobody. It stays where it is not named."),
    Key("odoo.report_to", texts(), field="report_user_ids", words="Who gets reports by email."),
)
