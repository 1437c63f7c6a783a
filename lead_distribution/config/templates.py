"""The configurations to start from: basic, advanced and minimal (specification 6.4), for any campaign."""

from copy import deepcopy
from datetime import date

TEMPLATES = ("basic", "advanced", "minimal")
DNC = ["dnc", "do_not_call", "dont_call", "no_call", "blocked", "opt_out"]
EXCLUDED = ["Drew Cox", "Patrick Adler", "Administrator", "Marc Spiegel"]


def matched(values, **more):
    return {"values": values, "case_sensitive": False, **more, "match_mode": "exact"}


def make_template(name, campaign=None, today=None):
    """Return the data of a template.

    :param name: basic, advanced or minimal
    :param campaign: the name of the campaign it is for; Voice without one
    :param today: what counts as the date of creation
    :raise ValueError: for a name that is no template

    >>> make_template("minimal", "Apple")["campaign"]["name"]
    'Apple'
    """
    if name not in TEMPLATES:
        raise ValueError(name)
    today = (today or date.today()).isoformat()
    config = {"basic": make_basic, "advanced": make_advanced, "minimal": make_minimal}[name](today)
    if campaign:
        customize(config, campaign)
    return config


def customize(config, campaign):
    """Change a template so that it is for a certain campaign."""
    config["name"] = f"Daily Lead Distribution - {campaign}"
    config["description"] = f"Automated daily lead distribution system for {campaign} campaigns"
    config["campaign"].update(name=campaign, target_campaign=campaign)
    if "description" in config["campaign"]:
        config["campaign"]["description"] = f"{campaign} sales campaign distribution"
    selection = config["salesperson_selection"]
    selection.setdefault("campaign_filtering", {})["target_campaign"] = campaign
    if "team_filter" in selection["filters"]:
        selection["filters"]["team_filter"] = campaign
    if "campaigns" in config["lead_finding"]:
        config["lead_finding"]["campaigns"]["types"] = [campaign]


def make_head(today, name, description):
    return {
        "version": "1.0",
        "name": name,
        "description": description,
        "tags": ["lead-distribution", "automation", "sales", "odoo"],
        "author": "Sales Operations Team",
        "created_date": today,
        "last_modified": today,
    }


def make_minimal(today):
    return {
        **make_head(today, "Daily Lead Distribution - Minimal", "Minimal configuration for daily lead distribution"),
        "campaign": {"name": "Voice", "target_campaign": "Voice", "active": True},
        "salesperson_selection": {
            "source_type": "file",
            "source_config": {"file_path": "config/salespeople.txt"},
            "filters": {"active_only": True},
        },
        "lead_finding": {
            "date_range": {"older_than_days": 0, "younger_than_days": 30},
            "additional_filters": {
                "status": ["new", "in_progress"],
                "exclude_dnc": True,
                "dnc_statuses": ["dnc", "do_not_call"],
            },
        },
        "distribution": {"strategy": "round_robin"},
        "tracking": make_tracking(),
        "execution": {"dry_run": False, "log_level": "INFO"},
    }


def make_basic(today):
    return {
        **make_head(today, "Daily Lead Distribution", "Automated daily lead distribution system"),
        "campaign": {
            "name": "Voice",
            "description": "Voice/telephony sales campaign distribution",
            "target_campaign": "Voice",
            "distribution_frequency": "daily",
            "active": True,
        },
        "salesperson_selection": {
            "source_type": "campaign_table",
            "source_config": {"campaign_table": {"file_path": "config/salesperson_campaigns.csv"}},
            "campaign_filtering": {
                "enabled": True,
                "target_campaign": "Voice",
                "include_inactive_salespeople": False,
                "exclude_specific_users": list(EXCLUDED),
            },
            "filters": {
                "active_only": True,
                "has_permissions": True,
                "min_experience_level": 1,
                "max_workload_percentage": 90,
                "team_filter": "Voice",
            },
        },
        "lead_finding": make_finding(),
        "distribution": {
            "strategy": "level_based",
            "level_based": {
                "levels": {
                    "senior": {"target_leads": 200, "priority": 1},
                    "mid_level": {"target_leads": 150, "priority": 2},
                    "junior": {"target_leads": 100, "priority": 3},
                },
                "fill_strategy": "highest_priority_first",
                "allow_overflow": False,
                "overflow_limit": 10,
            },
            "round_robin_override": {"enabled": False},
        },
        "tracking": {**make_tracking(), "retention_days": 365, "archive_old_data": True},
        "reporting": {
            "generate_report": True,
            "report_format": "csv",
            "report_location": "reports/",
            "include_analytics": True,
            "email_notification": False,
        },
        "execution": {
            "dry_run": False,
            "max_leads_per_run": 1000,
            "retry_failed": True,
            "max_retries": 3,
            "log_level": "INFO",
        },
    }


def make_finding():
    return {
        "date_range": {
            "older_than_days": 0,
            "younger_than_days": 30,
            "exclude_weekends": False,
            "exclude_holidays": False,
        },
        "web_sources": {
            "source_type": "file",
            "source_config": {"file_path": "config/web_sources.txt"},
            "case_sensitive": False,
            "match_mode": "exact",
        },
        "campaigns": {"types": ["voice_campaign_2024"], "case_sensitive": False, "match_mode": "exact"},
        "additional_filters": {
            "status": matched(["new", "in_progress", "call_back", "utr"]),
            "exclude_dnc": True,
            "dnc_statuses": list(DNC),
            "exclude_tags": matched(["do_not_distribute", "test", "archived"]),
            "include_tags": matched(["hot_lead", "vip", "priority"]),
            "required_fields": ["name", "email"],
            "priority_range": {"min": 1, "max": 5},
            "assignment_filters": {
                "exclude_assigned": True,
                "exclude_closed": True,
                "exclude_inactive_users": True,
            },
        },
    }


def make_tracking():
    return {
        "enabled": True,
        "track_individual_assignments": True,
        "track_pre_post_counts": True,
        "track_distribution_summary": True,
    }


def make_advanced(today):
    config = deepcopy(make_basic(today))
    config["lead_finding"]["web_sources"].update(
        validate_sources=True, exclude_invalid=True, match_patterns=["facebook*", "google_ads*", "website_contact"]
    )
    config["lead_finding"]["sales_filter"] = {"enabled": True, "exclude_opportunity_stages": ["Lost"]}
    config["distribution"]["advanced_rules"] = {
        "skill_matching": {
            "enabled": True,
            "required_skills": ["enterprise_sales", "technical_knowledge"],
            "skill_weights": [0.7, 0.3],
        },
        "workload_balancing": {
            "enabled": True,
            "max_daily_distribution": 20,
            "min_daily_distribution": 5,
            "consider_weekend_workload": False,
        },
        "priority_handling": {
            "high_priority_leads": "senior_only",
            "medium_priority_leads": "all_levels",
            "low_priority_leads": "junior_first",
        },
    }
    config["error_handling"] = {
        "retry_failed_assignments": True,
        "max_retries": 3,
        "retry_delay_seconds": 5,
        "error_thresholds": {"max_failed_assignments": 10},
        "fallback_strategies": {"when_distribution_fails": "use_round_robin"},
    }
    return config
