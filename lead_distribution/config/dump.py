# pylint: disable=prefer-env-translation
"""From a campaign to the data of a configuration that loads back to the same campaign."""

from odoo import SUPERUSER_ID

from .check import Checker
from .compact import compact
from .dump_leads import LeadsDumper
from .dump_people import PeopleDumper, name_users
from .fields_table import NOT_SETTINGS, get_settings
from .loader import map_config
from .report import Report
from .schema import REPORTING

ORDER = (
    "version", "campaign", "salesperson_selection", "lead_finding", "distribution", "execution", "error_handling",
    "tracking", "reporting", "monitoring", "security", "odoo",
)  # fmt: skip


class Dumper:
    """Writes one campaign as plain data.

    Whatever has no key in the specification is found by comparing: the settings that
    loading the result would give, with those the campaign has; what differs goes to
    ``odoo.settings``. So no setting can be forgotten, not even one of another addon.
    """

    def __init__(self, campaign):
        self.campaign = campaign
        self.env = campaign.env

    def dump(self):
        people = PeopleDumper(self.campaign)
        leads = LeadsDumper(self.campaign)
        data = {
            "version": "1.0",
            "campaign": self._dump_campaign(),
            "salesperson_selection": people.dump(),
            "lead_finding": leads.dump(),
            "distribution": {**self._dump_distribution(), **self._dump_levels(people)},
            "execution": self._dump_execution(),
            "error_handling": self._dump_errors(),
            **self._dump_afterwards(),
            "odoo": {**self._dump_odoo(), **leads.extra},
        }
        data = compact({key: data[key] for key in ORDER})
        data.setdefault("odoo", {})["settings"] = self._find_differences(data)
        return data

    def _dump_campaign(self):
        c = self.campaign
        return {
            "name": c.name,
            "description": c.description or None,
            "distribution_frequency": c.frequency,
            "active": c.active,
        }

    def _dump_distribution(self):
        c = self.campaign
        return {
            "strategy": c.strategy,
            "status_reset": c.status_reset_id.code or None,
            "team_assignment": c.team_id.name or None,
            "round_robin_override": {
                "enabled": c.use_override,
                "trigger_conditions": [
                    f"{what} < {below}"
                    for what, below in (
                        ("when_lead_count", c.override_lead_count),
                        ("when_salespeople_count", c.override_people_count),
                    )
                    if below
                ],
                "distribution_order": c.distribution_order,
                "cycle_reset": None if c.rotation_reset == "never" else c.rotation_reset,
            },
            "advanced_rules": self._dump_rules(),
        }

    def _dump_rules(self):
        c = self.campaign
        bands = {
            "high_priority_leads": c.band_high,
            "medium_priority_leads": c.band_medium,
            "low_priority_leads": c.band_low,
        }
        rules = {
            "workload_balancing": {"enabled": True, "max_daily_distribution": c.max_daily} if c.max_daily else None,
            "priority_handling": bands if set(bands.values()) != {"all_levels"} else None,
        }
        if "skill_ids" in c._fields and c.skill_ids:
            skills = c.skill_ids.sorted(lambda skill: (-skill.weight, skill.tag_id.name))
            rules["skill_matching"] = {
                "enabled": c.use_skills,
                "required_skills": [skill.tag_id.name for skill in skills],
                "skill_weights": skills.mapped("weight"),
            }
        return rules

    def _dump_levels(self, people):
        c = self.campaign
        return {
            "level_based": {
                "levels": {
                    level.code: {"name": level.name, "target_leads": level.target_leads, "priority": level.priority}
                    for level in people.levels
                },
                "fill_strategy": c.fill_strategy,
                "allow_overflow": c.allow_overflow,
                "overflow_limit": c.overflow_limit,
            }
        }

    def _dump_execution(self):
        c = self.campaign
        options = c.config_options or {}
        return {
            "dry_run": c.plan_only,
            "max_leads_per_run": c.max_leads or None,
            "log_level": options.get("execution.log_level"),
        }

    def _dump_errors(self):
        c = self.campaign
        limits = {
            "max_failed_assignments": c.max_failed or None,
            "max_connection_errors": c.max_conflicts or None,
            "max_validation_errors": c.max_invalid or None,
        }
        return {
            "retry_failed_assignments": bool(c.max_retries),
            "max_retries": c.max_retries or None,
            "retry_delay_seconds": c.retry_delay or None,
            "error_thresholds": limits,
            "fallback_strategies": {
                "when_no_leads_found": "generate_warning" if c.warn_without_leads else "ignore",
                "when_distribution_fails": "use_round_robin" if c.fallback_round_robin else "fail",
            },
        }

    def _dump_afterwards(self):
        """Return retention and what is watched, and the reports as they were loaded: see ``_find_differences``."""
        c = self.campaign
        return {
            "tracking": {"retention_days": c.retention_days or None, "archive_old_data": c.archive_history},
            "reporting": self._dump_reporting(),
            "monitoring": {
                "alert_on_slow_execution": bool(c.slow_run_seconds),
                "slow_execution_threshold_seconds": c.slow_run_seconds or None,
            },
            "security": {
                "mask_personal_data": c.mask_personal_data,
                "retention_policy_days": c.mask_days if c.mask_personal_data else None,
            },
        }

    def _dump_reporting(self):
        options = self.campaign.config_options or {}  # the database does not keep their order
        return {key: options[f"reporting.{key}"] for key in REPORTING.keys if f"reporting.{key}" in options}

    def _dump_odoo(self):
        c = self.campaign
        # empty texts say: of all companies, nobody is responsible
        own = {} if c.company_id == self.env.company else {"company": c.company_id.name or " "}
        if c.user_id.id != SUPERUSER_ID:  # whom nobody can name
            own["responsible"] = c.user_id.login or " "
        if c.report_user_ids:
            own["report_to"] = name_users(c, c.report_user_ids)
        if "cap_ids" in c._fields:
            own["caps"] = [
                {
                    "measure": cap.measure,
                    "maximum": cap.maximum,
                    "only_campaign": cap.only_campaign,
                    **({"user": name_users(c, cap.user_id)[0]} if cap.user_id else {}),
                }
                for cap in c.cap_ids.sorted("id")
            ]
        if c.window_field_id:
            own["window_field"] = c.window_field_id.name
        return own

    def _find_differences(self, data):
        """Return the settings that differ from what loading the data would give."""
        c = self.campaign
        checked = Checker(Report(), self.env._).check(data)
        loaded = map_config(self.env, checked, Report(), {}, c).values
        settings = get_settings(c, NOT_SETTINGS | {"name"})
        kept = c.default_get(list(settings))
        found = {}
        for name, field in settings.items():
            value = c[name]
            expected = loaded[name] if name in loaded else kept.get(name, False)
            if name == "tz" or (value or False) != (expected or False):
                found[name] = value.isoformat() if field.type == "date" and value else value
        return found
