# pylint: disable=prefer-env-translation
"""From a text to a campaign: read, check, load the values, write them. The flow stands in ``Loading.load``."""

from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tools import mute_logger

from ..finding.guarded_matching import start_budget
from .codecs.caps import CapsCodec
from .codecs.dnc import DoNotCallCodec
from .codecs.dropback import DropbackCodec
from .codecs.dropback_rules import DropbackRulesCodec
from .codecs.filters import FiltersCodec
from .codecs.following import DeadlinesCodec
from .codecs.home import HomeCodec
from .codecs.levels import LevelsCodec
from .codecs.live import FallbackCodec
from .codecs.members import MembersCodec
from .codecs.pools import PoolsCodec
from .codecs.priorities import PrioritiesCodec
from .codecs.runs import ReportsCodec, RetriesCodec, SlownessCodec
from .codecs.sales import SalesCodec
from .codecs.selection import SelectionCodec
from .codecs.sharing import DailyLimitsCodec, PlacesCodec, StrategyCodec
from .codecs.skills import SkillsCodec
from .codecs.window import WindowCodec
from .context import Context
from .find_campaign import explain_several, find_campaigns
from .parse import name_campaign, parse_config, tell_nameless
from .plain import load_plain
from .reader import Unreadable
from .report import Report
from .settings import KEPT, NOT_SETTINGS, check_setting, get_settings
from .table import OFF, SETTINGS
from .write import write_campaign

CODECS = (
    WindowCodec,
    PrioritiesCodec,
    PoolsCodec,
    FiltersCodec,
    DoNotCallCodec,
    SalesCodec,
    DropbackCodec,
    DropbackRulesCodec,
    StrategyCodec,
    DailyLimitsCodec,
    PlacesCodec,
    SkillsCodec,
    CapsCodec,
    FallbackCodec,
    DeadlinesCodec,
    RetriesCodec,
    SlownessCodec,
    ReportsCodec,
    LevelsCodec,
    SelectionCodec,
    MembersCodec,  # after the levels
)
ALL_CODECS = (HomeCodec, *CODECS)


class Loading:
    """One configuration on its way into a campaign. What became of it can be asked, even where it was refused.

    :param campaign: the campaign it is loaded into, if it has its name; else an empty one
    :param files: {file name: content} of the files that the configuration names
    :param variables: {name: text} for ``${NAME}``; None: variables are refused
    """

    def __init__(self, campaign, files=None, variables=None):
        self.campaign = campaign
        self.env = campaign.env
        self.files = files
        self.variables = variables
        self.report = Report()
        self.name = None  # of the campaign
        self.action = None  # create or update

    def load(self, source):
        """Return the campaign, created or brought up to date.

        :param source: YAML or JSON text, or a dict
        :raise ValidationError: with all problems
        """
        budget = start_budget(self.env.cr)
        config = self._read(source)
        campaign = self._find_campaign(config)
        context = Context(self.env, config, self.report, self.files, campaign, budget)
        values = load_values(context)
        self._raise_problems()
        campaign = self._write(campaign, values)
        tell_idle_filters(campaign, [row["path"] for row in values["filter_ids"]], self.report)
        tell_experiment(campaign, self.report)
        notes = [message.to_dict() for message in self.report.messages]
        campaign.write({"config_report": notes, "config_loaded_on": fields.Datetime.now()})
        return campaign

    def _read(self, source):
        """Return the configuration with only what is right; all problems go into the report."""
        try:
            return parse_config(source, self.variables, self.report, self.env._)
        except Unreadable:
            self._raise_problems()

    def _find_campaign(self, config):
        """Return the campaign a configuration is about: the one it is loaded into, else the one with its name.

        Its name is put into the configuration.
        """
        name, campaign = name_campaign(config), self.campaign
        if len(campaign) != 1 or (name and name not in (campaign.name, campaign.name.strip())):
            campaign = find_campaigns(self.env, name, config.get("odoo", {}).get("company"))
            if len(campaign) > 1:
                text = explain_several(name, len(campaign), self.env._)
                self.report.add("problem", ("campaign", "name"), text)
            campaign = campaign[:1]
        if campaign or name:  # a name in a text may have blanks around it, that of a campaign stays as it is
            self.name = campaign.name or name.strip()
            config.setdefault("campaign", {})["name"] = self.name
        else:
            tell_nameless(self.report, self.env._)
        self.action = "update" if campaign else "create"
        return campaign.with_context(active_test=False) if campaign == self.campaign else campaign

    def _write(self, campaign, values):
        """Write; what a constraint of the database refuses is a problem as all others."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                campaign = write_campaign(campaign, values, self.report)
                self._raise_problems()
                self.env.flush_all()
                campaign.invalidate_recordset()  # rows that stayed may have another place in the order
                return campaign
        except IntegrityError as error:
            self.report.add("problem", (), campaign._sql_error_to_message(error))
            self._raise_problems()

    def _raise_problems(self):
        lines = self.report.describe(self.env._, "problem")
        if not lines:
            return
        head = self.env._("The configuration has %s problems:", len(lines))
        raise ValidationError("\n".join([head, *(f"- {line}" for line in lines)]) if len(lines) > 1 else lines[0])


def load_values(context):
    """Return the values of the campaign's fields: of the whole configuration, and of what it does not name."""
    shared = (context, context.env, context._, context.given.get)
    home = HomeCodec(*shared).load({})  # first: the company decides which people and teams there are
    values = {**load_plain(context), **home}
    for codec in CODECS:
        values.update(codec(*shared).load(values))
    campaigns = context.env["lead.distribution.campaign"]
    settings = get_settings(campaigns, NOT_SETTINGS | {"name"})
    silent = [name for name in settings if name not in KEPT and name not in values]
    return {**_load_silent(campaigns, silent), **values, **_load_settings(context, settings)}


def _load_silent(campaigns, silent):
    """Return the values of settings that no key is about: off, or as in a new campaign."""
    defaults = campaigns.default_get(silent)
    return {name: OFF.get(name, defaults.get(name, False)) for name in silent}


def _load_settings(context, settings):
    """Return the values of ``odoo.settings``, which win over all others.

    :param settings: {name: field} of what can be set
    """
    found = {}
    for name, value in context.given.get(SETTINGS, {}).items():
        path = (*SETTINGS.split("."), name)
        if name not in settings:
            context.problem(path, context._("Campaigns have no setting “%s”.", name))
            continue
        try:
            found[name] = check_setting(settings[name], value, context.env)
        except ValueError:
            context.problem(path, context._("“%s” is no value of this setting.", value))
    return found


def tell_experiment(campaign, report):
    """Tell that way B of an experiment keeps its own settings: the campaign's are now those of the configuration."""
    experiment = campaign.sudo().running_experiment_id  # who loads a campaign may read its experiments
    if experiment:
        text = campaign.env._(
            "The experiment “%s” is running: its way A is by these settings from now on, its way B keeps its own.",
            experiment.name,
        )
        report.add("warning", (), text)


def tell_idle_filters(campaign, paths, report):
    """Tell of the filters of a configuration whose texts fit nothing, in whatever mode."""
    rows = campaign.with_context(active_test=False).filter_ids.sorted("sequence")
    for row, path in zip(rows, paths, strict=True):
        if path and row.active and row.problem:
            report.add("warning", path, row.problem)
