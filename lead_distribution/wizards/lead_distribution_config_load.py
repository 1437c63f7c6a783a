# pylint: disable=prefer-env-translation
import base64
import json

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..config.reader import Unreadable
from ..config.schema import make_schema
from ..config.templates import make_template
from ..config.uploads import read_uploads
from ..config.write_yaml import write_yaml

CONFIG_ENDINGS = (".yaml", ".yml", ".json")
SCHEMA_NAME = "configuration.schema.json"
SHOWN = 200


class LeadDistributionConfigLoad(models.TransientModel):
    """Load a configuration from the screen: paste it or upload it, see what is wrong, load it."""

    _name = "lead.distribution.config.load"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Load a Configuration"
    _limits = {"config_text": 2_000_000, "result": 5_000_000}

    state = fields.Selection([("edit", "Edit"), ("done", "Loaded")], default="edit", required=True)
    template = fields.Selection(
        [("basic", "Basic"), ("advanced", "Advanced"), ("minimal", "Minimal")],
        string="Start from",
        help="Fills the text with a template; adapt it, then check it.",
    )
    template_campaign = fields.Char(string="For the campaign", help="Whom the template is for. Empty: Voice.")
    config_text = fields.Text(string="Configuration")
    file_ids = fields.Many2many(
        "ir.attachment",
        "lead_distribution_config_load_file_rel",
        "wizard_id",
        "attachment_id",
        string="Files",
        help="The configuration, if it is not pasted, and the files it names; or one zip with all of them.",
    )
    campaign_id = fields.Many2one("lead.distribution.campaign", readonly=True)
    is_right = fields.Boolean(readonly=True, string="Is right")
    result = fields.Html(readonly=True, sanitize=False)
    schema_file = fields.Binary(string="JSON schema", compute="_compute_schema_file")

    def _compute_schema_file(self):
        self.schema_file = base64.b64encode(json.dumps(make_schema(), indent=1).encode())

    @api.onchange("template", "template_campaign")
    def _onchange_template(self):
        if self.template:
            try:
                data = make_template(self.template, self.template_campaign or None, fields.Date.context_today(self))
            except Unreadable as error:  # without PyYAML
                raise UserError(str(error)) from error
            title = self.template_campaign or dict(self._fields["template"].selection)[self.template]
            self.config_text = write_yaml(data, self.env._, title)

    def action_check(self):
        """Say what is wrong, and what loading would do; nothing is loaded."""
        self.ensure_one()
        source, files = self._get_source()
        checked = self.env["lead.distribution.campaign"].check_config(source, files)
        self.is_right = not checked["problems"]
        self.result = self._render(checked)
        return self._get_form_action(self.env._("Load a configuration"))

    def action_load(self):
        """Load the configuration, and show what became of it; problems are shown in place of it."""
        self.ensure_one()
        source, files = self._get_source()
        campaigns = self.env["lead.distribution.campaign"]
        try:
            campaign = campaigns.load_config(source, files)
        except ValidationError:
            return self.action_check()
        self.campaign_id = campaign
        self.state = "done"
        self.result = self._render(self._get_report(campaign))
        return self._get_form_action(self.env._("Load a configuration"))

    def action_download_schema(self):
        """Open the schema as a file: by a button, as a page that is not saved yet has no files."""
        self.ensure_one()
        self.check_access("read")
        url = f"/web/content/{self._name}/{self.id}/schema_file/{SCHEMA_NAME}?download=true"
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    def action_open_campaign(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "lead.distribution.campaign",
            "res_id": self.campaign_id.id,
            "views": [(False, "form")],
        }

    def _get_report(self, campaign):
        texts = {}
        for message in campaign.config_report or []:
            kind = "warning" if message["kind"] == "person" else message["kind"]
            place = message["path"]
            if message["line"]:
                place = self.env._("%(path)s (line %(line)s)", path=place, line=message["line"])
            texts.setdefault(kind, []).append(f"{place}: {message['text']}")
        return {
            "action": None,
            "campaign": campaign.name,
            "problems": [],
            "warnings": texts.get("warning", []),
            "unneeded": texts.get("unneeded", []),
            "notes": texts.get("info", []),
        }

    def _get_source(self):
        """Return the text of the configuration, and {name: content} of the other files."""
        files = self._read_files()
        if (self.config_text or "").strip():
            return self.config_text, files
        configs = [name for name in files if name.lower().endswith(CONFIG_ENDINGS)]
        if len(configs) != 1:
            raise UserError(self.env._("Paste a configuration, or upload exactly one YAML or JSON file."))
        return files[configs[0]], files

    def _read_files(self):
        uploads = [(file.name, base64.b64decode(file.datas or b"")) for file in self.file_ids]
        return read_uploads(uploads, self.env._)

    def _render(self, checked):
        """Return the result as HTML; every text in it is escaped."""
        _ = self.env._
        if checked["problems"]:
            head, style = _("Nothing was loaded. Please correct this:"), "danger"
        elif checked["action"] == "create":
            head, style = _("The configuration is right: it makes the new campaign “%s”.", checked["campaign"]), "info"
        elif checked["action"]:
            head, style = _("The configuration is right: it changes the campaign “%s”.", checked["campaign"]), "info"
        else:
            head, style = _("The campaign “%s” was loaded.", checked["campaign"]), "success"
        parts = [Markup('<div class="alert alert-%s mb-2" role="status">%s</div>') % (style, head)]
        for title, key in (
            (_("Problems"), "problems"),
            (_("Warnings"), "warnings"),
            (_("Notes"), "notes"),
            (_("Not needed in Odoo, and ignored"), "unneeded"),
        ):
            if checked[key]:
                lines = Markup("").join(Markup("<li>%s</li>") % line for line in checked[key][:SHOWN])
                parts.append(Markup("<h6>%s</h6><ul>%s</ul>") % (title, lines))
        return Markup("").join(parts)
