import base64

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...engine.matching import NOTHING, read_file_lines, read_lines, read_values
from ...finding import guarded_matching
from ...finding.guarded_matching import BrokenPattern, MatchingTimeout, explain_broken, get_budget
from ...finding.languages import get_language_envs

FIELD_TYPES = ("char", "selection", "many2one", "many2many")
SHOWN_VALUES = 12
SHOWN_LINES = 5
SHOWN_CHARACTERS = 80
VOCABULARY_LIMIT = 20_000  # a field with more values is no vocabulary
# fields whose step has a name of its own (readings, R3); the others are named after the field
STEP_OF_FIELD = {
    "source_id": "web_source",
    "campaign_id": "campaign",
    "lead_status_id": "status",
    "tag_ids": "tags",
}


class LeadDistributionFilter(models.Model):
    """One row that lets leads in or keeps them out by the text of one field.

    Of one field, rows that let in add up, and rows that keep out win. A lead without a value
    matches nothing: it does not pass a field that has rows letting in.
    The texts are matched against the values that exist (sources, tags, statuses …), which
    are few, and become ids in a domain: no lead is matched one by one.
    """

    _name = "lead.distribution.filter"
    _description = "Filter of a Distribution Campaign"
    _inherit = ["lead.distribution.typed"]
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
        domain="[('model', '=', 'crm.lead'), ('ttype', 'in', ('char', 'selection', 'many2one', 'many2many')),"
        " ('store', '=', True)]",
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
            values = ", ".join(text for text in row._get_values()[:3] if text != NOTHING)[:SHOWN_CHARACTERS]
            row.display_name = (
                f"{row.field_id.field_description}: {values}" if values else row.field_id.field_description
            )

    @api.model
    def _selection_pick(self):
        """Return the models that leads refer to by a field that can be matched."""
        lead_fields = self.env["crm.lead"]._fields.values()
        names = {f.comodel_name for f in lead_fields if f.store and f.type in ("many2one", "many2many")}
        models_of_leads = self.env["ir.model"].sudo().search([("model", "in", list(names))], order="name")
        matched = [(model.model, model.name) for model in models_of_leads]
        first = "utm.source"  # what campaigns are filtered by most
        return sorted(matched, key=lambda pair: pair[0] != first)

    @api.onchange("pick")
    def _onchange_pick(self):
        if self.pick:
            self.pick.check_access("read")
            name = self._get_texts(self.pick)[0]
            if name not in self._get_values():
                self.values_text = "\n".join([*self._get_values(), name])
            self.pick = False

    @api.onchange("values_file")
    def _onchange_values_file(self):
        if self.values_file:
            content = base64.b64decode(self.values_file)
            self.values_text = "\n".join(read_file_lines(content.decode("utf-8-sig", errors="replace")))
            self.values_file = False

    @api.constrains("mode", "values_text", "field_id")
    def _check_values(self):
        problems = [
            self.env._("%s cannot be matched by text.", row.field_id.field_description)
            for row in self
            if row.field_id.ttype not in FIELD_TYPES or row.field_id.model != "crm.lead"
        ]
        patterns = [line for row in self if row.mode == "regex" for line in row._get_values()]
        problems += set(explain_broken(patterns, get_budget(self.env.cr), self.env._).values())
        if problems:
            raise ValidationError("\n".join(problems))

    @api.depends("field_id", "mode", "case_sensitive", "values_text", "wildcards_text", "kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_problem(self):
        """Say which lines fit nothing. Every run asks for it, so it counts no leads."""
        for row in self:
            row.problem = row._explain_problem()

    @api.depends("field_id", "mode", "case_sensitive", "values_text", "wildcards_text", "kind")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_preview(self):
        """Say which values fit now, and how many leads have them: of what the user may see."""
        leads = self.env["crm.lead"]
        for row in self:
            row.matching_values, row.matching_leads = "", 0
            if not row.field_id or (row.problem and not row._is_matchable()):
                continue
            names = row._get_matching_names()
            row.matching_values = ", ".join(names[:SHOWN_VALUES])
            if len(names) > SHOWN_VALUES:
                row.matching_values += self.env._(" and %s more", len(names) - SHOWN_VALUES)
            domain = row._get_match_domain() & row.campaign_id._get_company_domain()
            row.matching_leads = leads.search_count(domain & Domain("type", "=", "lead"))

    def _is_matchable(self):
        try:
            self._match(self._get_vocabulary())
        except (BrokenPattern, MatchingTimeout, ValidationError):
            return False
        return True

    def _explain_problem(self):
        """Return what keeps the row from working as meant, or an empty text."""
        if not self.field_id or self._is_empty():
            return ""
        try:
            vocabulary = self._get_vocabulary()
        except ValidationError as error:
            return str(error)
        try:
            self._match(vocabulary)
        except BrokenPattern as error:
            return self.env._("This regular expression is broken: %s", error)
        except MatchingTimeout:
            return self.env._("A regular expression takes too long: write it without nested repetitions.")
        try:
            idle = self._match(vocabulary, guarded_matching.find_idle_lines)
        except MatchingTimeout:
            return ""  # it works; there is too much of it to say more
        return self._explain_idle(idle) if idle and self.purpose == "filter" else ""

    def _explain_idle(self, idle):
        """Return in words which lines fit nothing."""
        if idle == [NOTHING]:
            if self.kind == "exclude":
                return self.env._("Nothing is named, so no lead is left out by it.")
            others = len(self._get_lines()) > 1
            return "" if others else self.env._("Nothing that could match is named, so it lets no lead pass.")
        more = self.env._(" and %s more", len(idle) - SHOWN_LINES) if len(idle) > SHOWN_LINES else ""
        shown = ", ".join(line[:SHOWN_CHARACTERS] for line in idle[:SHOWN_LINES])
        return self.env._("Fits nothing now: %s", shown + more)

    def _get_values(self):
        return read_values(self.values_text, self.mode)

    def _get_lines(self):
        return self._get_values() + read_lines(self.wildcards_text)

    def _is_empty(self):
        """An empty row is no filter."""
        return not self._get_lines()

    def _get_step(self):
        """Return the name of the step this row belongs to."""
        if self.purpose == "dnc":
            return "dnc"
        return STEP_OF_FIELD.get(self.field_name, self.field_name)

    def _get_vocabulary(self):
        """Return the values the field can have now: list of (key, its texts).

        The key is the id of a record, or the value itself. A run asks with full rights, a form
        with those of its user: it shows nobody a name that this person may not read.
        """
        field = self.env["crm.lead"]._fields.get(self.field_id.name)
        if field is None:
            return []
        self._check_field_readable(field)
        if field.type == "selection":
            labels = [dict(field._description_selection(env)) for env in self._get_envs()]
            return [(key, (key, *(names[key] for names in labels))) for key in labels[0]]
        if field.type == "char":
            leads = self.env["crm.lead"].with_context(active_test=False)
            domain = Domain(field.name, "!=", False) & self.campaign_id._get_company_domain()
            groups = leads._read_group(domain, [field.name], limit=VOCABULARY_LIMIT + 1)
            vocabulary = [(value, (value,)) for [value] in groups]
        else:
            records = self.env[field.comodel_name].with_context(active_test=False)
            records = records.search([], limit=VOCABULARY_LIMIT + 1)
            views = [records.with_env(env).with_context(active_test=False) for env in self._get_envs()]
            vocabulary = [
                (same[0].id, tuple(dict.fromkeys(text for record in same for text in self._get_texts(record))))
                for same in zip(*views, strict=True)
            ]
        if len(vocabulary) > VOCABULARY_LIMIT:
            raise ValidationError(
                self.env._(
                    "“%(field)s” has more than %(limit)s different values: use the own filter of the campaign instead.",
                    field=self.field_id.field_description,
                    limit=VOCABULARY_LIMIT,
                )
            )
        return vocabulary

    def _check_field_readable(self, field):
        leads = self.env["crm.lead"]
        is_readable = leads._has_field_access(field, "read")
        if is_readable and field.relational:
            is_readable = self.env[field.comodel_name].has_access("read")
        if not is_readable:
            text = self.env._("You may not see the values of “%s”.", field._description_string(self.env))
            raise ValidationError(text)

    def _get_envs(self):
        """Return an environment for each installed language, the caller's first.

        What a campaign takes must not depend on the language of who starts it.
        """
        return get_language_envs(self.env)

    @api.model
    def _get_texts(self, record):
        """Return the texts under which a record can be named."""
        if record._name == "crm.lead.status":
            # a regex may be written for the label as people see it (reading R6)
            return (record.code, record._normalize_code(record.name), record.name)
        if record._name == "utm.campaign":
            return (record.title, record.name)
        return (record.display_name,)

    def _match(self, vocabulary, find=None):
        """Return the keys of the vocabulary that fit; or what another function of ``guarded_matching`` finds.

        :raise BrokenPattern: for a broken regex
        :raise MatchingTimeout: for one that takes too long
        """
        values, wildcards = self._get_values(), read_lines(self.wildcards_text)
        case_sensitive, written = self.case_sensitive, {}
        if self.field_id.name == "lead_status_id":
            # statuses are named in their normal form; case never counts (readings, R6)
            case_sensitive = False
            if self.mode in ("exact", "partial"):
                normalize = self.env["crm.lead.status"]._normalize_code
                written = {normalize(value): value for value in values}
                values = list(written)
        pairs = [(key, text) for key, texts in vocabulary for text in texts if text]
        texts, budget = [text for _key, text in pairs], get_budget(self.env.cr)
        if find:
            return [
                written.get(line, line) for line in find(texts, self.mode, values, wildcards, case_sensitive, budget)
            ]
        found = guarded_matching.match_texts(texts, self.mode, values, wildcards, case_sensitive, budget)
        return list(dict.fromkeys(pairs[number][0] for number in found))

    def _get_matching_names(self):
        keys = set(self._match(self._get_vocabulary()))
        return [texts[0] or texts[-1] for key, texts in self._get_vocabulary() if key in keys]

    def _get_match_domain(self):
        """Return the leads whose value fits the row; a regular expression that does not work stops the run."""
        problem = ""
        try:
            keys = self._match(self._get_vocabulary())
        except BrokenPattern as error:
            problem = self.env._("its regular expression is broken: %s", error)
        except MatchingTimeout:
            problem = self.env._("it takes too long. Write its regular expression without nested repetitions")
        if problem:
            raise ValidationError(
                self.env._("The filter “%(name)s”: %(problem)s.", name=self.display_name, problem=problem)
            )
        return Domain(self.field_id.name, "in", keys) if keys else Domain.FALSE

    def _get_steps(self):
        """Return the steps of these rows: {step: domain of the leads that pass}."""
        steps = {}
        used = self.filtered(lambda row: not row._is_empty())
        for field in used.field_id:
            rows = used.filtered(lambda row, field=field: row.field_id == field)
            let_in, keep_out = (rows.filtered(lambda r, k=kind: r.kind == k) for kind in ("include", "exclude"))
            domain = Domain.OR(row._get_match_domain() for row in let_in) if let_in else Domain.TRUE
            for row in keep_out:
                domain &= ~row._get_match_domain()
            steps[rows[0]._get_step()] = domain
        return steps
