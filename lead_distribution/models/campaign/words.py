from odoo import api, fields, models

from ...engine.zones import pick_zone
from ...names import MANAGERS
from ...reporting.campaign_words import People, describe_campaign
from ...tools.clock import format_moment


class LeadDistributionCampaign(models.Model):
    """The campaign in plain words, of what is on the screen, saved or not."""

    _inherit = "lead.distribution.campaign"

    in_words = fields.Text(string="In words", compute="_compute_in_words", groups=MANAGERS)
    next_run_words = fields.Char(
        string="Runs next", compute="_compute_next_run_words", help="By the clock of the campaign's time zone."
    )

    @api.depends(
        "active", "frequency", "run_hour", "run_weekday", "run_day", "tz", "plan_only", "company_id", "lead_type",
        "use_window", "include_today", "older_than_days", "younger_than_days", "custom_date_from", "custom_date_to",
        "window_field_id", "exclude_weekends", "exclude_holidays", "pool_mode",
        "pool_ids.holder", "pool_ids.include_former_users",
        "pool_ids.status_ids", "pool_ids.max_age_days", "filter_ids.active", "filter_ids.kind", "filter_ids.field_id",
        "filter_ids.mode", "filter_ids.values_text", "filter_ids.wildcards_text", "required_field_ids", "use_priority",
        "priority_min", "priority_max", "own_domain", "use_dnc", "dnc_by_category", "dnc_email_blacklist",
        "dnc_phone_blacklist", "dnc_filter_ids.active", "dnc_filter_ids.values_text", "dnc_filter_ids.wildcards_text",
        "use_sales_filter", "exclude_closed", "exclude_assigned", "exclude_inactive_users", "protect_activities",
        "activity_days", "exclude_without_activity", "protected_user_ids", "strategy", "allow_overflow",
        "overflow_limit", "use_override", "override_lead_count", "override_people_count", "max_daily", "min_daily",
        "max_leads", "cap_ids.name", "use_known_owner", "use_skills", "use_territory", "use_calling_hours",
        "calling_from", "calling_to", "band_high", "band_medium", "band_low", "use_dropback",
        "dropback_threshold_ids.days", "dropback_threshold_ids.business_days",
        "dropback_threshold_ids.conditions_text", "dropback_rule_ids.user_id", "status_reset_id", "team_id",
        "member_ids.why_nothing", "member_ids.active", "is_live", "live_delay", "live_fallback",
        "live_fallback_minutes", "live_fallback_user_id", "sequence", "availability", "look_ahead_hours",
        "shift_end_minutes", "ramp_up_days", "ramp_up_percent",
        "first_action_hours", "first_action_clock", "status_change_hours", "status_change_clock", "status_change_ids",
        "opportunity_hours", "opportunity_clock", "remind_percent", "on_missed", "missed_tell", "missed_status_id",
        "missed_tag_id", "missed_pause", "decline_mode", "decline_limit", "decline_period", "decline_counts",
        "pull_at_once", "by_hand_limits", "by_hand_turns",
    )  # fmt: skip
    @api.depends_context("lang", "uid")
    def _compute_in_words(self):
        for campaign in self:
            shown = campaign.sudo()  # names only: who writes a campaign need not see every user, status or field
            members = shown.with_context(active_test=False).member_ids.filtered("user_id")
            left_out = [(m.user_id.name, m.why_nothing) for m in members if m.active and m.why_nothing]
            count = sum(not member.why_nothing for member in members)
            campaign.in_words = describe_campaign(shown, People(count, left_out))

    @api.depends("next_run", "tz")
    @api.depends_context("lang")
    def _compute_next_run_words(self):
        for campaign in self:
            campaign.next_run_words = format_moment(self.env, campaign.next_run, pick_zone(campaign.tz))
