from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import mute_logger

from ...config.context import Context
from ...config.dump import Dumper
from ...config.fields_table import MEMBER_KEYS, check_setting, get_settings
from ...config.find_campaign import find_campaigns
from ...config.loader import map_config, read_config
from ...config.map_dropback import fold
from ...config.map_people import normalize
from ...config.reader import Unreadable
from ...config.report import Report
from ...config.write_rows import number, prepare_skill, update_rows
from ...config.write_yaml import write_yaml
from ...finding.guarded_matching import start_budget
from ...planning.people import explain_nobody
from ...planning.request import PlanRequest


class _RolledBack(Exception):
    """Ends a trial: everything it wrote is undone."""


class LeadDistributionCampaign(models.Model):
    """A campaign as text: load a configuration, check one, write one. Source: specification 5, readings R1 to R12."""

    _inherit = "lead.distribution.campaign"

    plan_only = fields.Boolean(
        string="Only plan",
        help="Scheduled runs stop at the plan: somebody has to look at it and apply it. A command only shows it.",
    )
    config_options = fields.Json(help="What a configuration says about reports and logs, for the command line.")
    config_report = fields.Json(string="Notes of the last configuration", copy=False)
    config_loaded_on = fields.Datetime(string="Configuration loaded on", readonly=True, copy=False)

    @api.model
    def load_config(self, source, files=None, variables=None):
        """Create a campaign, or bring one up to date, from a configuration.

        The configuration is the whole truth: what it does not name is off (reading R1). Only
        the members stay when it says nothing about people. The campaign is found by its name.

        :param source: YAML or JSON text, or a dict, in the format of the specification
        :param files: {file name: content} of the files that the configuration names
        :param variables: {name: text} for ``${NAME}``; without it, variables are refused
        :return: the campaign; its ``config_report`` says what was ignored and why
        :raise ValidationError: with all problems, their paths and lines; nothing is written
        """
        self._check_config_rights()
        with self.env.cr.savepoint():
            campaign, _report = self._load_config(source, files, variables)
        return campaign

    @api.model
    def check_config(self, source, files=None, variables=None):
        """Say what loading a configuration would do, without doing it.

        :return: dict with ``problems``, ``warnings``, ``unneeded`` and ``notes`` (lists of
            texts), ``campaign`` (its name), ``action`` (create or update), ``ready`` (whether
            the campaign has people)
        """
        self._check_config_rights()
        report, result = Report(), {"campaign": None, "action": None, "ready": False}
        try:
            with self.env.cr.savepoint():
                campaign, report = self._load_config(source, files, variables, report, result)
                campaign._tell_if_nobody(report)
                result["ready"] = bool(campaign.with_context(active_test=False).member_ids)
                raise _RolledBack()
        except _RolledBack:
            self.env.invalidate_all(flush=False)
        except ValidationError as error:
            if not report.problems:  # found by a constraint of a record
                report.add("problem", (), str(error))
        describe = lambda *kinds: report.describe(self.env._, *kinds)  # noqa: E731
        return {
            **result,
            "problems": describe("problem"),
            "warnings": describe("warning", "person"),
            "unneeded": describe("unneeded"),
            "notes": describe("info"),
        }

    def dump_config(self):
        """Return the campaign as YAML with comments, which loads back to the same campaign."""
        self.ensure_one()
        self._check_config_rights()
        return write_yaml(Dumper(self).dump(), self.env._, self.name)

    def action_show_config(self):
        """Show the campaign as text, with a file to download."""
        self.ensure_one()
        wizard = self.env["lead.distribution.config.text"].create({"campaign_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
            "name": self.env._("%s as text", self.name),
        }

    @api.model
    def _check_config_rights(self):
        self.browse().check_access("create")

    def _load_config(self, source, files, variables, report=None, result=None):
        """Read, check, map and write; return the campaign and the report."""
        report = report or Report()
        result = {} if result is None else result
        start_budget(self.env.cr)
        try:
            config = read_config(source, report, self.env._, variables)
        except Unreadable:
            self._raise_problems(report)
        name = config.get("campaign", {}).get("name")
        campaign = self._find_by_name(name, config, report)
        if campaign or name:  # a name in a text may have blanks around it, that of a campaign stays as it is
            config.setdefault("campaign", {})["name"] = campaign.name or name.strip()
        elif not name and not any(problem.path == "campaign.name" for problem in report.problems):
            report.add("problem", ("campaign", "name"), self.env._("The name of the campaign is missing."))
        result.update(campaign=config.get("campaign", {}).get("name"), action="update" if campaign else "create")
        loaded = map_config(self.env, config, report, files, campaign)
        if report.problems:
            self._raise_problems(report)
        campaign = campaign._write_or_explain(loaded, report)
        campaign._tell_idle_filters(loaded.filter_paths, report)
        campaign.write(
            {"config_report": [m.to_dict() for m in report.messages], "config_loaded_on": fields.Datetime.now()}
        )
        return campaign, report

    def _write_or_explain(self, loaded, report):
        """Write; what a constraint of the database refuses is a problem as all others."""
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                campaign = self._write_config(loaded, report)
                self.env.flush_all()
                campaign.invalidate_recordset()  # rows that stayed may have another place in the order
                return campaign
        except IntegrityError as error:
            report.add("problem", (), self._sql_error_to_message(error))
            self._raise_problems(report)

    def _tell_if_nobody(self, report):
        """Tell why nobody can receive leads, if so."""
        selection = self.sudo()._select_members()
        if not selection.members:
            text = self.env._("Nobody can receive leads: %s", explain_nobody(selection, PlanRequest()))
            report.add("warning", ("salesperson_selection",), text)

    def _tell_idle_filters(self, paths, report):
        """Tell of the filters of a configuration whose texts fit nothing, in whatever mode."""
        rows = self.with_context(active_test=False).filter_ids.sorted("sequence")
        for row, path in zip(rows, paths, strict=True):
            if path and row.active and row.problem:
                report.add("warning", path, row.problem)

    @api.model
    def _raise_problems(self, report):
        lines = report.describe(self.env._, "problem")
        head = self.env._("The configuration has %s problems:", len(lines))
        raise ValidationError("\n".join([head, *(f"- {line}" for line in lines)]) if len(lines) > 1 else lines[0])

    def _find_by_name(self, name, config, report):
        """Return the campaign that a configuration is about: the one it is loaded into, else the one with its name."""
        if len(self) == 1 and (not name or name in (self.name, self.name.strip())):
            return self.with_context(active_test=False)
        found = find_campaigns(self.env, name, config.get("odoo", {}).get("company"))
        if len(found) > 1:
            text = Context(self.env, config, report).explain_several(name, len(found))
            report.add("problem", ("campaign", "name"), text)
        return found[:1]

    def _write_config(self, loaded, report):
        """Write the values of a configuration; rows are replaced, people and levels are kept where they stay."""
        values = {
            name: [Command.set(value)] if self._fields[name].type == "many2many" else value
            for name, value in loaded.values.items()
        }
        for name in ("pool_ids", "filter_ids", "dnc_filter_ids", "dropback_threshold_ids"):
            values[name] = [Command.clear(), *(Command.create(row) for row in number(loaded.rows[name]))]
        if "skill_ids" in self._fields:
            rows = [prepare_skill(self.env, row) for row in loaded.rows["skill_ids"]]
            values["skill_ids"] = [Command.clear(), *(Command.create(row) for row in rows)]
        if "cap_ids" in self._fields:
            values["cap_ids"] = [Command.clear(), *(Command.create(row) for row in loaded.rows["cap_ids"])]
        rules = number(loaded.rows["dropback_rule_ids"])
        levels = loaded.rows["level_ids"]
        if self:
            # rules first lose their names and their default, which are unique, then get the new ones
            values["dropback_rule_ids"] = update_rows(self.dropback_rule_ids, rules, lambda rule: fold(rule["name"]))
            self.dropback_rule_ids.is_default = False
            own_levels = self._get_own_levels()
            values["level_ids"] = update_rows(own_levels, levels, lambda one: normalize(one["code"]), keep=True)
            self.write(values)
            campaign = self
        else:
            values["dropback_rule_ids"] = [Command.create(row) for row in rules]
            values["level_ids"] = [Command.create(row) for row in levels]
            # a campaign of a configuration has no pool but those it names
            owner = self.with_company(values.get("company_id") or self.env.company)
            campaign = owner.create({**values, "member_ids": []}).with_env(self.env)
        if loaded.members is not None:
            campaign._write_members(loaded.members, report)
        campaign._remove_levels({level["code"] for level in levels})
        return campaign

    def _get_own_levels(self):
        return self.with_context(active_test=False).level_ids

    def _remove_levels(self, codes):
        """Remove the own levels that nobody is left in and the configuration does not name."""
        stale = self._get_own_levels().filtered(lambda level: level.code not in codes)
        if stale:
            members = self.with_context(active_test=False).member_ids
            members.filtered(lambda m: m.level_id in stale).level_id = members._default_level_id()
            stale.unlink()

    def _write_members(self, rows, report):
        """Make the members those of the rows; who stays keeps the place in the rotation."""
        members = self.with_context(active_test=False).member_ids
        present = {member.user_id.id: member for member in members}
        own = {level.code: level for level in self._get_own_levels()}
        shared = {
            normalize(level.code): level
            for level in self.env["lead.distribution.level"].search([("campaign_id", "=", False)])
        }
        created, kept = [], members.browse()
        for row in rows:
            code = row["level_code"]
            level = shared.get(code) if row["shared_level"] else own.get(code)
            values = {
                name: row[name]
                for name in ("user_id", "active", "team_id", "team_label", "has_own_target", "own_target", "weight")
            }
            values.update({name: [Command.set(ids)] for name, ids in row["relations"].items()})
            values.update(level_id=level.id if level and code else False, **self._check_member_settings(row, report))
            member = present.get(row["user_id"])
            if member:
                member.write(values)
                kept |= member
            else:
                created.append({**values, "campaign_id": self.id})
        (members - kept).unlink()
        members.create(created)
        if report.problems:
            self._raise_problems(report)

    def _check_member_settings(self, row, report):
        settings = get_settings(self.env["lead.distribution.member"], MEMBER_KEYS)
        values = {name: field.default(self) if callable(field.default) else False for name, field in settings.items()}
        for name, value in row["settings"].items():
            try:
                values[name] = check_setting(settings[name], value, self.env)
            except KeyError:
                report.add(
                    "problem", (*row["path"], "settings", name), self.env._("Members have no setting “%s”.", name)
                )
            except ValueError:
                report.add(
                    "problem", (*row["path"], "settings", name), self.env._("“%s” is no value of this setting.", value)
                )
        return values
