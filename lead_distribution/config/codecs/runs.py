from odoo.tools import config

from ...reporting.report_folder import PARAMETER, find_folder, get_base_folder
from ..table import KEYS
from .codec import Codec

ERRORS = "error_handling"
SLOW = "monitoring.slow_execution_threshold_seconds"
ALERT = "monitoring.alert_on_slow_execution"
LOG_LEVEL = "execution.log_level"


class RetriesCodec(Codec):
    """How often a lead that failed is tried again: a switch and a number, in one of two sections."""

    def load(self, values):
        retry = self.get(f"{ERRORS}.retry_failed_assignments", self.get("execution.retry_failed", False))
        retries = self.get(f"{ERRORS}.max_retries", self.get("execution.max_retries", 3))
        return {"max_retries": retries if retry else 0}

    @staticmethod
    def dump(campaign, names):
        return {
            f"{ERRORS}.retry_failed_assignments": bool(campaign.max_retries),
            f"{ERRORS}.max_retries": campaign.max_retries or None,
        }


class SlownessCodec(Codec):
    """From how many seconds a run is told to be slow: a switch and a number."""

    def load(self, values):
        return {"slow_run_seconds": max(1, int(self.get(SLOW, 300))) if self.get(ALERT) else 0}

    @staticmethod
    def dump(campaign, names):
        return {ALERT: bool(campaign.slow_run_seconds), SLOW: campaign.slow_run_seconds or None}


class ReportsCodec(Codec):
    """The report of a run. What the command line needs of it is kept as it was written."""

    def load(self, values):
        self._check_location()
        wants_file = self.get("reporting.generate_report", False)
        reports = {path: self.get(path) for path in KEYS if path.startswith("reporting.") or path == LOG_LEVEL}
        return {
            "report_format": self.get("reporting.report_format", "csv") if wants_file else False,
            "report_analytics": self.get("reporting.include_analytics", True),
            "report_mail": "run" if self.get("reporting.email_notification") else "none",
            "config_options": {path: value for path, value in reports.items() if value is not None},
        }

    def _check_location(self):
        """Campaigns have their report files below one folder; loading them goes on."""
        path = "reporting.report_location"
        location = self.get(path)
        if not location:
            return
        parameter = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)  # which managers may not read
        base = get_base_folder(parameter, config["data_dir"], self.env.cr.dbname)
        if find_folder(base, location) is None:
            text = self._(
                "“%s” is not below the folder of reports that the administrator has set: no file is "
                "written there, unless the command line names it.",
                location,
            )
            self.context.warn(path, text)

    @staticmethod
    def dump(campaign, names):
        return {path: value for path, value in (campaign.config_options or {}).items() if path in KEYS}
