from math import isinf

from odoo import api, fields, models

from ..engine import get_strategy_class
from ..work.rights import check_manager

TYPED_FIELDS = (
    "partner_id", "email_from", "phone", "country_id", "state_id", "zip", "tag_ids",
    "source_id", "medium_id", "campaign_id", "priority",
)  # fmt: skip


class LeadDistributionLineUp(models.TransientModel):
    """Who would get this lead? Everybody with eligible or not, which rule said no, and whose turn it is.

    For a lead that was handed out (as it was then), for a lead of the list, or for one that is
    typed in here and saved nowhere (both as it is now).
    """

    _name = "lead.distribution.line.up"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "Line-up for a Lead"

    assignment_id = fields.Many2one("lead.distribution.assignment", ondelete="cascade", readonly=True)
    distribution_id = fields.Many2one(
        "lead.distribution.campaign", string="Campaign", default=lambda self: self._default_distribution_id()
    )
    lead_id = fields.Many2one(
        "crm.lead", default=lambda self: self._default_lead_id(), help="Empty: the lead described below."
    )
    partner_id = fields.Many2one("res.partner", string="Customer")
    email_from = fields.Char(string="Email")
    phone = fields.Char()
    country_id = fields.Many2one("res.country")
    state_id = fields.Many2one("res.country.state", domain="[('country_id', '=?', country_id)]")
    zip = fields.Char(string="Postal code")
    tag_ids = fields.Many2many("crm.tag", string="Tags")
    source_id = fields.Many2one("utm.source", string="Source")
    medium_id = fields.Many2one("utm.medium", string="Marketing medium")
    campaign_id = fields.Many2one("utm.campaign", string="Marketing campaign")
    priority = fields.Selection([("0", "Low"), ("1", "Medium"), ("2", "High"), ("3", "Very High")], default="0")
    # not with full rights: it is the user whose rights count
    answer = fields.Char(compute="_compute_line_ids", store=True, compute_sudo=False)
    line_ids = fields.One2many(
        "lead.distribution.line.up.line", "wizard_id", compute="_compute_line_ids", store=True, compute_sudo=False
    )

    def _default_lead_id(self):
        is_lead = self.env.context.get("active_model") == "crm.lead"
        return self.env.context.get("active_id") if is_lead else False

    def _default_distribution_id(self):
        context = self.env.context
        if context.get("active_model") == "lead.distribution.campaign":
            return context.get("active_id")
        return self.env["lead.distribution.campaign"].search([], limit=1)

    def _check_allowed(self):
        """Who could get a lead tells of everybody."""
        for wizard in self:
            check_manager(wizard._get_campaign())

    @api.depends("assignment_id", "distribution_id", "lead_id", *TYPED_FIELDS)
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [fields.Command.clear()]
            wizard.answer = ""
            if not (wizard.assignment_id or wizard.distribution_id):
                continue
            places, left_out, others = wizard._get_places()
            lines = [*wizard._prepare_lines(places), *wizard._prepare_lines_of_both(others)]
            lines += wizard._prepare_left_out(left_out)
            wizard.line_ids = [fields.Command.create({**line, "sequence": n}) for n, line in enumerate(lines)]
            wizard.answer = wizard._prepare_answer(places, others)

    def _get_campaign(self):
        return self.assignment_id.campaign_id or self.distribution_id

    def _get_places(self):
        self._check_allowed()
        self._check_references()
        row = self.assignment_id
        if row:
            return row.run_id.sudo()._explain_assignment(row), row.run_id.left_out or {}, None
        lead = self.lead_id._origin
        now = self.distribution_id._explain_who(lead or self._get_typed_lead())
        return now.places, now.left_out, now.others

    def _get_typed_lead(self):
        """Return the lead as it was typed in: a record that is never saved."""
        values = {name: self[name] for name in TYPED_FIELDS if name != "tag_ids"}
        values = {name: value.id if isinstance(value, models.BaseModel) else value for name, value in values.items()}
        values["tag_ids"] = [fields.Command.set(self.tag_ids._origin.ids)]
        return self.env["crm.lead"].new({**values, "name": "?", "type": "lead", "user_id": False})

    def _prepare_lines(self, places):
        campaign = self._get_campaign()
        # what was settled in advance for all leads has no turns
        is_settled = self.assignment_id and get_strategy_class(self.assignment_id.strategy).plans_ahead
        first = places[0].key if places and not places[0].refused_by and not is_settled else None
        return [
            {
                "user_id": place.person.id,
                "name": place.person.name,
                "is_eligible": not place.refused_by,
                "is_next": not place.refused_by and place.key == first,
                "reason": campaign._describe_rule(place.refused_by) if place.refused_by else "",
                "received": place.received,
                "load": f"{place.person.current + place.received} / {place.person.target}",
                "room": self.env._("no limit") if isinf(place.room) else str(max(0, int(place.room))),
                "key": self._format_key(place.key),
            }
            for place in places
        ]

    def _prepare_lines_of_both(self, others):
        """Return the lines of way B, where chance is still to choose the way."""
        if others is None:
            return []
        lines = self._prepare_lines(others)
        return [{**line, "name": self.env._("%s (way B)", line["name"])} for line in lines]

    def _prepare_left_out(self, left_out):
        return [{"name": name, "reason": reason, "is_eligible": False} for name, reason in left_out.items()]

    def _format_key(self, key):
        """Return a sort key as it is compared: numbers in their order, the smaller first."""
        parts = []
        for value in key:
            if isinstance(value, (tuple, list)):
                parts.append(self._format_key(value))
            elif isinstance(value, bool):
                parts.append(str(int(value)))
            elif isinstance(value, float):
                parts.append("∞" if isinf(value) else f"{value:.4g}")
            else:
                parts.append(str(value))
        return " · ".join(part for part in parts if part)

    def _prepare_answer(self, places, others):
        row = self.assignment_id
        if row:
            answer = self.env._("%(name)s got it: %(why)s.", name=row.user_name, why=row.explanation)
            more = ""
            if not places:
                more = self.env._("The line-up was not kept.")
            elif get_strategy_class(row.strategy).plans_ahead:
                more = self.env._("Who gets which kind of leads was settled for all leads together.")
            return f"{answer} {more}".strip()
        if others is None:
            return f"{self._name_winner(places)} {self._explain_not_found()}".strip()
        parts = [
            self.env._("Chance chooses way A or way B."),
            self.env._("By way A: %s", self._name_winner(places)),
            self.env._("By way B: %s", self._name_winner(others)),
            self._explain_not_found(),
        ]
        return " ".join(part for part in parts if part)

    def _name_winner(self, places):
        winners = [line["name"] for line in self._prepare_lines(places) if line["is_next"]]
        if not winners:
            return self.env._("Nobody would get this lead now: see the reasons below.")
        if len(winners) == 1:
            return self.env._("%s would get this lead now.", winners[0])
        return self.env._("One of these would get this lead now, by chance: %s.", ", ".join(winners))

    def _explain_not_found(self):
        """Say so if the campaign would not take a saved lead at all."""
        lead = self.lead_id._origin
        if not lead:
            return ""
        step = next((step for step in self.distribution_id._explain_lead(lead) if not step["passes"]), None)
        return self.env._("But the campaign does not take it: %s.", step["name"]) if step else ""


class LeadDistributionLineUpLine(models.TransientModel):
    _name = "lead.distribution.line.up.line"
    _inherit = "lead.distribution.offered"
    _description = "Salesperson in a Line-up"
    _order = "sequence, id"

    wizard_id = fields.Many2one("lead.distribution.line.up", required=True, ondelete="cascade")
    sequence = fields.Integer()
    user_id = fields.Many2one("res.users", ondelete="cascade")
    name = fields.Char(string="Salesperson")
    is_eligible = fields.Boolean(string="Eligible")
    is_next = fields.Boolean(string="Next in line")
    reason = fields.Char(string="Why not")
    received = fields.Integer(string="Received so far")
    load = fields.Char(string="Leads / target")
    room = fields.Char()
    key = fields.Char("Compared by", help="The smallest is next. What is compared depends on the strategy.")
