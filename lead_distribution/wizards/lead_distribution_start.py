from functools import reduce

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..finding.statuses import find_status
from ..finding.window import describe_window, get_window, get_window_values
from ..names import WINDOWS
from ..planning.newcomers import describe_groups, describe_people, suggest
from ..planning.request import PlanRequest
from ..reporting.obstacles import Search, add_mend, count_found, list_obstacles
from ..work.system import as_system

# field → the pools it stands for
POOLS = {
    "take_unassigned": {"holder": "unassigned"},
    "take_callbacks": {"holder": "active_member"},
    "take_former": {"holder": "inactive_member", "include_former_users": True},
}


class LeadDistributionStart(models.TransientModel):
    """A new campaign, asked step by step; nothing is made before the last one.

    The steps are turned in the browser, so that going back keeps the answers and leaving keeps nothing. What
    a step counts is counted by the finder, on a campaign that has these answers and is never saved.
    """

    _name = "lead.distribution.start"
    _inherit = ["lead.distribution.form", "lead.distribution.typed"]
    _description = "New Campaign"

    step = fields.Selection(
        [
            ("name", "Name"),
            ("people", "People"),
            ("leads", "Leads"),
            ("sharing", "Sharing"),
            ("schedule", "When"),
        ],
        default="name",
        required=True,
    )
    name = fields.Char(string="Name of the campaign")
    user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_start_user_rel",
        "wizard_id",
        "user_id",
        string="People",
        default=lambda self: suggest(self.env),
    )
    take_unassigned = fields.Boolean(string="Nobody's leads", default=True)
    take_callbacks = fields.Boolean(string="Also call-backs of the people of this campaign")
    take_former = fields.Boolean(string="Also leads of people who left")
    take_everybody = fields.Boolean(string="All leads, whoever has them")
    count_unassigned = fields.Integer(compute="_compute_counts")
    count_callbacks = fields.Integer(compute="_compute_counts")
    count_former = fields.Integer(compute="_compute_counts")
    count_everybody = fields.Integer(compute="_compute_counts")
    window_preset = fields.Selection(
        selection=lambda self: self._list_windows(), string="How old", default="from_today", required=True
    )
    window_dates = fields.Char(compute="_compute_found", string="Dates")
    mends = fields.Json(help="Clicks on what was in the way.")
    found = fields.Integer(compute="_compute_found", string="Leads to hand out now")
    obstacles = fields.Json(compute="_compute_found")
    strategy = fields.Selection(
        selection=lambda self: self._list_choices("strategy"), string="How", default="round_robin", required=True
    )
    frequency = fields.Selection(
        selection=lambda self: self._list_choices("frequency"), string="When", default="manual", required=True
    )
    run_hour = fields.Float(string="At", default=6.0)
    run_weekday = fields.Selection(selection=lambda self: self._list_choices("run_weekday"), string="On", default="0")
    tz = fields.Char(string="Time zone", compute="_compute_tz")
    is_live = fields.Boolean(string="Also as they come", help="A new lead goes to somebody within seconds.")
    only_at_work = fields.Boolean(string="Only to people who are at work then")

    def _list_choices(self, name):
        return self.env["lead.distribution.campaign"]._fields[name]._description_selection(self.env)

    def _list_windows(self):
        return [choice for choice in self._list_choices("window_preset") if choice[0] in (*WINDOWS, "any_age")]

    @api.model
    def list_people(self):
        """Return whom one may choose: ``people`` with what they hold, and ``groups`` of them to choose at once."""
        self.check_access("create")
        return {"people": describe_people(self.env), "groups": describe_groups(self.env)}

    @api.depends("user_ids", "window_preset", "mends", "step")
    def _compute_counts(self):
        for wizard in self:
            shown = wizard.step == "leads"
            for name in (*POOLS, "take_everybody"):
                wizard[name.replace("take", "count")] = wizard._count(name) if shown else 0

    @api.depends("user_ids", "window_preset", "mends", "step", *POOLS, "take_everybody")
    def _compute_found(self):
        for wizard in self:
            campaign, request = wizard._make_campaign(), PlanRequest()
            wizard.window_dates = describe_window(self.env, get_window(campaign, request))
            shown = wizard.step in ("leads", "schedule")
            wizard.found = wizard._count() if shown else 0
            wizard.obstacles = wizard._list_obstacles() if shown and not wizard.found else []

    def _compute_tz(self):
        for wizard in self:
            wizard.tz = self.env["lead.distribution.campaign"].default_get(["tz"])["tz"]

    def _count(self, only=None):
        """Return how many leads would be found now; with the name of a tick, if it were the only one."""
        campaign = self._make_campaign(only)
        return count_found(campaign, PlanRequest(), campaign._get_filter_steps(PlanRequest()))

    def _list_obstacles(self):
        request = PlanRequest()
        obstacles = list_obstacles(
            Search(self._make_campaign, lambda campaign: campaign._get_filter_steps(request), request)
        )
        return [obstacle.to_dict() for obstacle in obstacles]

    def _make_campaign(self, only=None):
        """Return the campaign of these answers: a record that is never saved.

        :param only: name of the only tick that counts
        """
        self.check_access("create")  # what is counted is not for everybody
        # as a run looks at leads
        return as_system(self.env["lead.distribution.campaign"]).new(self._get_values(only))

    def _get_values(self, only=None):
        """Return the answers as values of a campaign, with what was mended on the way."""
        ticks = [only] if only else [name for name in (*POOLS, "take_everybody") if self[name]]
        values = {
            "name": (self.name or "").strip() or self.env._("New campaign"),
            "member_ids": [Command.create({"user_id": user.id}) for user in self.user_ids._origin],
            "pool_ids": [Command.create(self._get_pool(name)) for name in ticks if name in POOLS],
            "pool_mode": "all" if "take_everybody" in ticks else "pools",
            "strategy": self.strategy,
            "frequency": self.frequency,
            "run_hour": self.run_hour,
            "run_weekday": self.run_weekday,
            "is_live": self.is_live,
            "availability": "working_hours" if self.only_at_work else "ignore",
            **get_window_values(self.window_preset),
        }
        return reduce(add_mend, self.mends or (), values)

    def _get_pool(self, name):
        if name != "take_callbacks":
            return POOLS[name]
        status = find_status(self.env, "call_back")
        return {**POOLS[name], "status_ids": [Command.set(status.ids)]}

    def action_plan(self):
        """Make the campaign, and show what it would hand out now; nothing is handed out yet."""
        self.ensure_one()
        if not (self.name or "").strip():
            raise UserError(self.env._("Give the campaign a name."))
        campaign = self.env["lead.distribution.campaign"].create(self._get_values())
        return campaign.simulate()._get_form_action()

    def action_all_settings(self):
        """Open the form with all settings, filled in with the answers so far; it is not saved yet."""
        self.ensure_one()
        values = {f"default_{name}": value for name, value in self._get_values().items()}
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New campaign"),
            "res_model": "lead.distribution.campaign",
            "views": [(False, "form")],
            "target": "current",
            "context": {**values, "default_name": self.name or ""},
        }
