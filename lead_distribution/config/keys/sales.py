"""Leads of customers who have an opportunity are left out: ``lead_finding.sales_filter``."""

from ..kinds import LOG_LEVEL, days, flag, lines, number, switched, text, whole
from .key import Block, Key

HERE = "lead_finding.sales_filter"
# what is compared: the campaign's field, the lead's field that is usual, and the keys; the first one given counts
COMPARED = (
    ("sales_partner_field_id", "partner_id", (f"{HERE}.primary_match.lead_field", f"{HERE}.lead_partner_field")),
    (
        "sales_opportunity_partner_field_id",
        "partner_id",
        (f"{HERE}.primary_match.opportunity_field", f"{HERE}.opportunity_partner_field"),
    ),
    ("sales_email_field_id", "email_from", (f"{HERE}.secondary_matches.email_match.lead_field",)),
    ("sales_opportunity_email_field_id", "email_from", (f"{HERE}.secondary_matches.email_match.opportunity_field",)),
    ("sales_phone_field_id", "phone", (f"{HERE}.secondary_matches.phone_match.lead_field",)),
    ("sales_opportunity_phone_field_id", "phone", (f"{HERE}.secondary_matches.phone_match.opportunity_field",)),
)

KEYS = (
    Block(
        HERE,
        switch="enabled",
        only_if=("use_sales_filter", "sales_date_field_id", *(name for name, _usual, _paths in COMPARED)),
        words="Leads of contacts who have an opportunity are left out.",
    ),
    Key(f"{HERE}.enabled", flag(), field="use_sales_filter", words="Without it, the section is off."),
    Key(f"{HERE}.opportunity_table", text("table")),
    Key(f"{HERE}.opportunity_partner_field", text(), words="As primary_match.opportunity_field."),
    Key(f"{HERE}.lead_partner_field", text(), words="As primary_match.lead_field."),
    Key(f"{HERE}.exclude_opportunity_stages", lines(), words="As opportunity_criteria.exclude_stages."),
    Key(f"{HERE}.include_opportunity_stages", lines(), words="As opportunity_criteria.include_stages."),
    Key(
        f"{HERE}.opportunity_date_range",
        switched(days_back=days(1), field_name=text()),
        words="As opportunity_criteria.date_filter.",
    ),
    Key(f"{HERE}.log_excluded_leads", flag("counted")),
    Key(f"{HERE}.log_level", LOG_LEVEL.because("log")),
    Key(f"{HERE}.primary_match.opportunity_table", text("table")),
    Key(f"{HERE}.primary_match.lead_field", text(), words="The lead's field that is compared; the contact."),
    Key(f"{HERE}.primary_match.opportunity_field", text(), words="The opportunity's field; the contact."),
    Key(f"{HERE}.primary_match.require_both_non_null", flag(), words="Always so: nothing matches nothing."),
    Block(f"{HERE}.secondary_matches.email_match", switch="enabled"),
    Key(
        f"{HERE}.secondary_matches.email_match.enabled",
        flag(),
        field="sales_match_email",
        words="The same email address matches, too.",
    ),
    Key(f"{HERE}.secondary_matches.email_match.lead_field", text(), words="The lead's field."),
    Key(f"{HERE}.secondary_matches.email_match.opportunity_field", text(), words="The opportunity's field."),
    Block(f"{HERE}.secondary_matches.phone_match", switch="enabled"),
    Key(
        f"{HERE}.secondary_matches.phone_match.enabled",
        flag(),
        field="sales_match_phone",
        words="The same phone number matches, too.",
    ),
    Key(f"{HERE}.secondary_matches.phone_match.lead_field", text(), words="The lead's field."),
    Key(f"{HERE}.secondary_matches.phone_match.opportunity_field", text(), words="The opportunity's field."),
    Key(f"{HERE}.performance.batch_size", whole(1, unneeded="performance")),
    Key(f"{HERE}.performance.use_database_join", flag("performance")),
    Key(f"{HERE}.performance.cache_opportunities", flag("performance")),
    Key(f"{HERE}.performance.cache_duration_minutes", number(unneeded="performance")),
    Key(
        f"{HERE}.performance.timeout_seconds",
        number(),
        field="sales_seconds",
        absent=0,
        silent=0,
        words="The look-up takes at most so long.",
    ),
    Key(f"{HERE}.reporting.log_excluded_leads", flag("counted")),
    Key(f"{HERE}.reporting.log_match_details", flag("counted")),
    Key(f"{HERE}.reporting.count_excluded_by_stage", flag("counted")),
    Key(
        f"{HERE}.reporting.export_excluded_leads",
        flag(),
        field="sales_export",
        silent=False,
        words="A file with them, kept with the run.",
    ),
    Key(f"{HERE}.reporting.export_path", text("file")),
    Key(
        f"{HERE}.opportunity_criteria.exclude_stages",
        lines(),
        field="sales_exclude_stages",
        aliases=(f"{HERE}.exclude_opportunity_stages",),
        words="Opportunities in these stages do not count.",
    ),
    Key(
        f"{HERE}.opportunity_criteria.include_stages",
        lines(),
        field="sales_include_stages",
        aliases=(f"{HERE}.include_opportunity_stages",),
        words="Only opportunities in these stages count.",
    ),
    Key(
        f"{HERE}.opportunity_criteria.active_only",
        flag(),
        field="sales_active_only",
        absent=True,
        words="Archived ones do not count.",
    ),
    Key(
        f"{HERE}.opportunity_criteria.date_filter",
        switched(newer_than_days=days(1), field_name=text()),
        words="Only opportunities of the last days count; 365, if it does not say how many.",
    ),
)
