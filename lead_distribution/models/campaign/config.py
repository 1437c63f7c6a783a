from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...config.dump import dump_campaign
from ...config.load import Loading
from ...config.write_yaml import write_yaml
from ...planning.people import explain_nobody
from ...planning.request import PlanRequest


class _RolledBack(Exception):
    """Ends a trial: everything it wrote is undone."""


class LeadDistributionCampaign(models.Model):
    """A campaign as text: load a configuration, check one, write one."""

    _inherit = "lead.distribution.campaign"

    plan_only = fields.Boolean(
        string="Only plan",
        help="Scheduled runs stop at the plan: somebody has to look at it and apply it. A command only shows it.",
    )
    config_options = fields.Json(
        help="What a configuration says about reports and logs, for the command line.",
        string="Other settings of the configuration",
    )
    config_report = fields.Json(string="Notes of the last configuration", copy=False)
    config_loaded_on = fields.Datetime(string="Configuration loaded on", readonly=True, copy=False)

    @api.model
    def load_config(self, source, files=None, variables=None):
        """Create a campaign, or bring one up to date, from a configuration.

        The configuration is the whole truth: what it does not name is off. Only the members
        stay when it says nothing about people. The campaign is found by its name.

        :param source: YAML or JSON text, or a dict, in the format of docs/administrator/configuration.md
        :param files: {file name: content} of the files that the configuration names
        :param variables: {name: text} for ``${NAME}``; without it, variables are refused
        :return: the campaign; its ``config_report`` says what was ignored and why
        :raise ValidationError: with all problems, their paths and lines; nothing is written
        """
        self.browse().check_access("create")
        with self.env.cr.savepoint():
            return Loading(self, files, variables).load(source)

    @api.model
    def check_config(self, source, files=None, variables=None):
        """Say what loading a configuration would do, without doing it.

        :return: dict with ``problems``, ``warnings``, ``unneeded`` and ``notes`` (lists of
            texts), ``campaign`` (its name), ``action`` (create or update), ``ready`` (whether
            the campaign has people)
        """
        self.browse().check_access("create")
        loading, ready = Loading(self, files, variables), False
        try:
            with self.env.cr.savepoint():
                campaign = loading.load(source)
                selection = campaign.sudo()._select_members(at_any_hour=True)  # as a run does, whoever starts it
                if not selection.members:
                    text = self.env._("Nobody can receive leads: %s", explain_nobody(selection, PlanRequest()))
                    loading.report.add("warning", ("salesperson_selection",), text)
                ready = bool(campaign.with_context(active_test=False).member_ids)
                raise _RolledBack()
        except _RolledBack:
            self.env.invalidate_all(flush=False)
        except ValidationError as error:
            if not loading.report.problems:  # found by a constraint of a record
                loading.report.add("problem", (), str(error))
        return {"campaign": loading.name, "action": loading.action, "ready": ready, **loading.report.sort(self.env._)}

    def dump_config(self):
        """Return the campaign as YAML with comments, which loads back to the same campaign."""
        self.ensure_one()
        self.browse().check_access("create")
        return write_yaml(dump_campaign(self), self.env._, self.name)

    def action_show_config(self):
        """Show the campaign as text, with a file to download."""
        self.ensure_one()
        wizard = self.env["lead.distribution.config.text"].create({"campaign_id": self.id})
        return wizard._get_form_action(self.env._("%s as text", self.name))
