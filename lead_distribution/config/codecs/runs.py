from odoo.tools import config

from ...reporting.report_folder import PARAMETER, find_folder, get_base_folder
from ..keys.runs import FORMATS
from .codec import Codec

ERRORS = "error_handling"
SLOW = "monitoring.slow_execution_threshold_seconds"
ALERT = "monitoring.alert_on_slow_execution"
LOG_LEVEL = "execution.log_level"
REPORT, FORMAT, LOCATION = "reporting.generate_report", "reporting.report_format", "reporting.report_location"
ANALYTICS, MAIL = "reporting.include_analytics", "reporting.email_notification"


class RetriesCodec(Codec):
    """How often a lead that failed is tried again: a switch and a number, in one of two sections."""

    def load(self, values):
        retry = self.context.pick(f"{ERRORS}.retry_failed_assignments", "execution.retry_failed")
        retries = self.context.pick(f"{ERRORS}.max_retries", "execution.max_retries")
        return {"max_retries": (3 if retries is None else retries) if retry else 0}

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
    """The report of a run. What only the command line needs, and no form shows, is kept as it was written."""

    def load(self, values):
        self._check_location()
        wants_file = self.get(REPORT, False)
        kept = (REPORT, LOCATION, LOG_LEVEL) if wants_file else (REPORT, FORMAT, LOCATION, LOG_LEVEL)
        return {
            "report_format": self.get(FORMAT, "csv") if wants_file else False,
            "report_analytics": self.get(ANALYTICS, True),
            "report_mail": "run" if self.get(MAIL) else "none",
            "config_options": {path: self.get(path) for path in kept if self.get(path) is not None},
        }

    def _check_location(self):
        """Campaigns have their report files below one folder; loading them goes on."""
        location = self.get(LOCATION)
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
            self.context.warn(LOCATION, text)

    @staticmethod
    def dump(campaign, names):
        options = campaign.config_options or {}
        found = {path: options.get(path) for path in (REPORT, FORMAT, LOCATION, LOG_LEVEL)}
        chosen = campaign.report_format
        if options.get(REPORT):
            found[REPORT] = bool(chosen) or None
            found[FORMAT] = chosen if chosen in FORMATS else None  # one that has no word here: odoo.settings
        found[ANALYTICS] = None if campaign.report_analytics else False
        found[MAIL] = campaign.report_mail == "run" or None
        return found
