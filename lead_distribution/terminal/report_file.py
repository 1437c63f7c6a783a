"""The report of a run as the command hands it on: into a file, and by e-mail."""

import re
import tempfile
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tools import config

from ..reporting.report_folder import PARAMETER, find_folder, get_base_folder


class ReportFile:
    """Where the report of a run goes, by the command line, else by the campaign.

    The command line may name any folder: whoever types it may write there anyway. What the
    campaign names lies below the folder that the administrator has chosen.

    :param args: of the command
    """

    def __init__(self, campaign, args):
        self.env = campaign.env
        self.options = campaign.config_options or {}
        self.args = args
        chosen = campaign.report_format  # on the form, too: it may be another one than was loaded, or none any more
        self.is_wanted = bool(args.generate_report or (chosen and self.options.get("reporting.generate_report")))
        self.format_name = args.report_format or chosen or self.options.get("reporting.report_format") or "csv"
        self.folder = self._find_folder() if self.is_wanted else None

    def _find_folder(self):
        location = self.options.get("reporting.report_location")
        if self.args.report_location or (self.args.generate_report and not location):
            return Path(self.args.report_location or ".").resolve()
        parameter = self.env["ir.config_parameter"].sudo().get_param(PARAMETER)  # nobody else may read it
        base = get_base_folder(parameter, config["data_dir"], self.env.cr.dbname)
        folder = find_folder(base, location)
        if folder is None:
            raise UserError(
                self.env._(
                    "Reports of campaigns are written below %(base)s, and “%(folder)s” is not there. "
                    "Name another folder with --report-location.",
                    base=base, folder=location,
                )
            )  # fmt: skip
        return folder

    def find_ignored(self):
        """Return the options that only matter to a report, where none is asked for."""
        names = () if self.is_wanted else ("report_format", "report_location")
        return [f"--{name.replace('_', '-')}" for name in names if getattr(self.args, name)]

    def prepare(self):
        """Make the folder, and see whether a file can be written there; before anything is handed out.

        :raise UserError: with the reason
        """
        if not self.is_wanted:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self.folder):
                pass
        except OSError as error:
            raise UserError(
                self.env._("No report can be written to %(folder)s: %(reason)s", folder=self.folder,
                           reason=error.strerror)
            ) from error  # fmt: skip

    def save(self, run):
        """Write the report; return its path."""
        _name, content = run.render_report(self.format_name)
        campaign = re.sub(r"[^\w-]+", "_", run.campaign_id.name).strip("_") or "campaign"
        path = self.folder / f"{campaign[:100]}_{run.distribution_date}_{run.id}.{self.format_name}"
        path.write_bytes(content)
        return path
