# pylint: disable=prefer-env-translation
"""``campaign``, ``execution``, ``error_handling``, ``reporting`` and ``odoo`` (specification 5.1, 9.2, 9.4, 12.2)."""

from odoo.tools import config

from ..reporting.readers import find_responsible
from ..reporting.report_folder import PARAMETER, find_folder, get_base_folder


class RestMapper:
    """Turns the head of a configuration, and how its runs behave, into values of the campaign."""

    def __init__(self, context):
        self.context = context
        self._ = context._
        self.get = context.get

    def map(self, loaded):
        loaded.values.update(self._map_campaign())
        loaded.values.update(self._map_errors())
        loaded.values.update(self._map_execution())
        loaded.values.update(self._map_afterwards())
        loaded.values.update(self._map_odoo())
        self._check_report_location()

    def _map_campaign(self):
        return {
            "name": self.get("campaign", "name"),
            "description": self.get("campaign", "description", default=self.get("description", default=False)),
            "active": self.get("campaign", "active", default=True),
            "frequency": self.get("campaign", "distribution_frequency", default="manual"),
        }

    def _map_errors(self):
        errors = self.get("error_handling", default={})
        limits = errors.get("error_thresholds", {})
        fallback = errors.get("fallback_strategies", {})
        retry = errors.get("retry_failed_assignments", self.get("execution", "retry_failed", default=False))
        retries = errors.get("max_retries", self.get("execution", "max_retries", default=3))
        return {
            "max_retries": retries if retry else 0,
            "retry_delay": errors.get("retry_delay_seconds", 0),
            "max_failed": limits.get("max_failed_assignments", 0),
            "max_conflicts": limits.get("max_connection_errors", 0),
            "max_invalid": limits.get("max_validation_errors", 0),
            "warn_without_leads": fallback.get("when_no_leads_found", "generate_warning") == "generate_warning",
            "fallback_round_robin": fallback.get("when_distribution_fails") == "use_round_robin",
        }

    def _map_execution(self):
        return {
            "plan_only": self.get("execution", "dry_run", default=False),
            "max_leads": self.get("execution", "max_leads_per_run", default=0),
            "config_options": {
                key: value
                for key, value in {
                    **{f"reporting.{key}": value for key, value in self.get("reporting", default={}).items()},
                    "execution.log_level": self.get("execution", "log_level"),
                }.items()
                if value is not None
            },
        }

    def _map_afterwards(self):
        """What happens after a run: reports, retention, monitoring. Only fields that the campaign has are written."""
        get = self.get
        slow = get("monitoring", "slow_execution_threshold_seconds", default=300)
        wants_file = get("reporting", "generate_report", default=False)
        return {
            "slow_run_seconds": max(1, int(slow)) if get("monitoring", "alert_on_slow_execution") else 0,
            "retention_days": get("tracking", "retention_days", default=0),
            "archive_history": get("tracking", "archive_old_data", default=True),
            "mask_personal_data": get("security", "mask_personal_data", default=False),
            "mask_days": get("security", "retention_policy_days", default=90),
            "report_format": get("reporting", "report_format", default="csv") if wants_file else False,
            "report_analytics": get("reporting", "include_analytics", default=True),
            "report_mail": "run" if get("reporting", "email_notification") else "none",
        }

    def _map_odoo(self):
        """Company, responsible and window field; only what is given, the first two stay otherwise."""
        values = {"window_field_id": False}
        env, context = self.context.env, self.context
        name = self.get("odoo", "company")
        if name is not None:
            company = env.companies.filtered(lambda c: c.name.strip() == name)
            if name and not company:
                context.problem(("odoo", "company"), self._("You work in no company “%s”.", name))
            values["company_id"] = company[:1].id
        readers = context.find_users(self.get("odoo", "report_to", default=[]), ("odoo", "report_to"))
        values["report_user_ids"] = readers.ids
        values.update(self._map_responsible(values.get("company_id", context.company.id)))
        window_field = self.get("odoo", "window_field")
        if window_field:
            path = ("odoo", "window_field")
            values["window_field_id"] = context.find_field(window_field, path, ("date", "datetime")).id
        return values

    def _map_responsible(self, company_id):
        """The person who is named; else who loads it, or a sales manager, if the campaign has nobody who can log in."""
        env, context, path = self.context.env, self.context, ("odoo", "responsible")
        name = self.get(*path)
        if name is None:
            present = context.campaign.user_id
            if context.campaign and (present.active or not present):
                return {}
            return {"user_id": find_responsible(env.user, env["res.company"].browse(company_id or [])).id}
        user = context.find_users([name], path)[:1] if name else env["res.users"]
        if user and not user.active:
            context.warn(path, self._("“%s” cannot log in: messages go to a sales manager of the company.", name))
        return {"user_id": user.id}

    def _check_report_location(self):
        """Campaigns have their report files below one folder; loading them goes on."""
        location = self.get("reporting", "report_location")
        env = self.context.env
        parameter = env["ir.config_parameter"].sudo().get_param(PARAMETER)  # which managers may not read
        base = get_base_folder(parameter, config["data_dir"], env.cr.dbname)
        if location and find_folder(base, location) is None:
            self.context.warn(
                ("reporting", "report_location"),
                self._("“%s” is not below the folder of reports that the administrator has set: no file is "
                       "written there, unless the command line names it.", location),
            )  # fmt: skip
