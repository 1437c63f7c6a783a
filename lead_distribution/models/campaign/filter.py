import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...engine.matching import NOTHING, read_file_lines, read_values
from ...finding.choosable import get_choices, refuse_unfit
from ...finding.filter_rows import (
    SHOWN_CHARACTERS,
    explain_problem,
    get_match_domain,
    is_matchable,
    list_matching_names,
    list_names,
)
from ...finding.guarded_matching import explain_broken, get_budget
from ...finding.scope import get_company_domain, get_type_domain

SHOWN_VALUES = 12


class LeadDistributionFilter(models.Model):
    """One row that lets leads in or keeps them out by the text of one field.

    What it means is in ``finding.filter_rows``.
    """

    _name = "lead.distribution.filter"
    _description = "Filter of a Distribution Campaign"
    _inherit = ["lead.distribution.typed", "lead.distribution.part"]
    _order = "sequence, id"

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    purpose = fields.Selection([("filter", "Filter"), ("dnc", "Do not call")], default="filter", required=True)
    kind = fields.Selection(
        [("include", "Only these"), ("exclude", "Not these")], string="Lets in", default="include", required=True
    )
    field_id = fields.Many2one(
        "ir.model.fields",
        required=True,
        ondelete="cascade",
        domain=get_choices("field_id"),
        default=lambda self: self._default_field_id(),
    )
    field_name = fields.Char(related="field_id.name", store=True, string="Technical field name")
    mode = fields.Selection(
        [
            ("exact", "is one of"),
            ("partial", "contains, or is part of"),
            ("wildcard", "fits a pattern with * and ?"),
            ("regex", "fits a regular expression"),
        ],
        default="exact",
        required=True,
        help="A regular expression is tried from the start of the text; anywhere is written .*",
    )
    case_sensitive = fields.Boolean(string="Upper/lower case counts")
    values_text = fields.Text(string="Values", help="One a line.")
    wildcards_text = fields.Text(string="Patterns besides", help="Patterns with * and ?, one a line, in every mode.")
    values_file = fields.Binary(
        string="From a text file", store=False, help="Replaces the values by the lines of the file."
    )
    pick = fields.Reference(
        selection="_selection_pick", string="Pick a value", store=False, help="Adds the record's name to the values."
    )
    matching_values = fields.Char(compute="_compute_preview", string="Fits now")
    matching_leads = fields.Integer(compute="_compute_preview", string="Leads")
    problem = fields.Char(compute="_compute_problem")

    @api.model
    def _default_field_id(self):
        return self.env["ir.model.fields"]._get("crm.lead", "source_id")

    @api.depends("kind", "field_id", "mode", "values_text")
    def _compute_display_name(self):
        for row in self:
            named = [text for text in read_values(row.values_text, row.mode)[:3] if text != NOTHING]
            values = ", ".join(named)[:SHOWN_CHARACTERS]
            row.display_name = (
                f"{row.field_id.field_description}: {values}" if values else row.field_id.field_description
            )

    @api.model
    def _selection_pick(self):
        """Return the models that leads refer to by a field that can be matched."""
        lead_fields = self.env["crm.lead"]._fields.values()
        names = {f.comodel_name for f in lead_fields if f.store and f.type in ("many2one", "many2many")}
        # names of models are the administrator's
        models_of_leads = self.env["ir.model"].sudo().search([("model", "in", list(names))], order="name")
        matched = [(model.model, model.name) for model in models_of_leads]
        first = "utm.source"  # what campaigns are filtered by most
        return sorted(matched, key=lambda pair: pair[0] != first)

    @api.onchange("pick")
    def _onchange_pick(self):
        if self.pick:
            self.pick.check_access("read")
            [(name, *_others)] = list_names(self.pick)
            values = read_values(self.values_text, self.mode)
            if name not in values:
                self.values_text = "\n".join([*values, name])
            self.pick = False

    @api.onchange("values_file")
    def _onchange_values_file(self):
        if self.values_file:
            content = base64.b64decode(self.values_file)
            self.values_text = "\n".join(read_file_lines(content.decode("utf-8-sig", errors="replace")))
            self.values_file = False

    @api.constrains("field_id")
    def _check_field(self):
        refuse_unfit(self, ["field_id"])

    @api.constrains("mode", "values_text")
    def _check_values(self):
        patterns = [line for row in self if row.mode == "regex" for line in read_values(row.values_text, row.mode)]
        problems = set(explain_broken(patterns, get_budget(self.env.cr), self.env._).values())
        if problems:
            raise ValidationError("\n".join(problems))

    @api.depends("field_id", "mode", "case_sensitive", "values_text", "wildcards_text", "kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_problem(self):
        """Say which lines fit nothing. Every run asks for it, so it counts no leads."""
        for row in self:
            row.problem = explain_problem(row)

    @api.depends("field_id", "mode", "case_sensitive", "values_text", "wildcards_text", "kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_preview(self):
        """Say which values fit now, and how many leads have them: of what the user may see."""
        leads = self.env["crm.lead"]
        for row in self:
            row.matching_values, row.matching_leads = "", 0
            if not row.field_id or (row.problem and not is_matchable(row)):
                continue
            names = list_matching_names(row)
            row.matching_values = ", ".join(names[:SHOWN_VALUES])
            if len(names) > SHOWN_VALUES:
                row.matching_values += self.env._(" and %s more", len(names) - SHOWN_VALUES)
            domain = get_match_domain(row) & get_company_domain(row.campaign_id) & get_type_domain(row.campaign_id)
            row.matching_leads = leads.search_count(domain)
