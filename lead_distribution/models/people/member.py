from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...names import MANAGERS, USUAL_TARGET
from ...planning.ramp_up import describe_share, get_share
from ...planning.workload import count_loads
from ...reporting.todos import NOBODY, find_todos, settle
from ...tools.fit import works_for


class LeadDistributionMember(models.Model):
    """One salesperson in one campaign.

    An inactive member receives nothing, but the leads this person holds can still be
    taken by a pool: that is how the leads of people who left find a new owner.
    """

    _name = "lead.distribution.member"
    _description = "Campaign Member"
    _inherit = ["lead.distribution.typed", "lead.distribution.part", "lead.distribution.aside"]
    _order = "campaign_id, level_priority, id"
    _rec_name = "user_id"
    _check_company_auto = True

    _named_by = frozenset({"id", "campaign_id", "level_id"})  # a level's: what is kept of it on its members
    _limits = {"preferred_domain": 10_000, "zip_patterns": 10_000, "weight": (-1_000_000, 1_000_000)}
    _authors = {"preferred_domain": "preferred_domain_user_id"}

    campaign_id = fields.Many2one("lead.distribution.campaign", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="campaign_id.company_id", store=True)
    user_id = fields.Many2one(
        "res.users",
        string="Salesperson",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        context={"active_test": False},
    )
    active = fields.Boolean(default=True, help="Inactive members receive no leads; pools can take theirs.")
    user_active = fields.Boolean(related="user_id.active", string="User active")
    team_id = fields.Many2one("crm.team", string="Sales team", check_company=True)
    team_label = fields.Char(
        string="Team, as written", help="From a configuration: a team that is no sales team in Odoo."
    )
    level_id = fields.Many2one(
        "lead.distribution.level",
        index="btree_not_null",
        default=lambda self: self._default_level_id(),
        domain="[('campaign_id', 'in', (False, campaign_id))]",
    )
    level_priority = fields.Integer(related="level_id.priority", store=True, string="Priority of the level")
    has_own_target = fields.Boolean(string="Own target", help="This person's target differs from the one of the level.")
    own_target = fields.Integer(string="Own target (leads)")
    target_leads = fields.Integer(string="Target", compute="_compute_target_leads", inverse="_inverse_target_leads")
    weight = fields.Float(default=1.0, help="Share in weighted distributions: 2 gets twice as much as 1.")
    rotation_turns = fields.Float(
        string="Turns",
        readonly=True,
        copy=False,
        help="Leads received in the present rotation. Who had fewer turns is served first, so "
        "the remainder of one run is made up for in the next. For who begins slowly, a lead is more than one turn.",
    )
    joined_on = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="A new member may begin with a smaller share.",
        string="Joined on",
    )
    ramp_share = fields.Integer(
        string="Share today (%)", compute="_compute_ramp_share", compute_sudo=True, aggregator=False
    )
    ramp_words = fields.Char(
        string="Begins slowly",
        compute="_compute_ramp_share",
        compute_sudo=True,
        help="Empty: has a whole share of the leads.",
    )
    in_rotation = fields.Boolean(
        readonly=True,
        copy=False,
        help="Took part the last time. Who did not, and does again, starts at the average of the others' turns.",
        string="In the rotation",
    )
    last_received = fields.Datetime(readonly=True, copy=False, string="Last received on")
    current_leads = fields.Integer(
        string="Leads held",
        compute="_compute_workload",
        help="All leads that this person has, whatever their status: what the target is compared with.",
    )
    open_leads = fields.Integer(
        string="Open leads",
        compute="_compute_open_leads",
        help="Those of them that are still work: neither won, lost nor cancelled, and they may be called.",
    )
    utilization = fields.Float(string="Utilization (%)", compute="_compute_workload", digits=(16, 1))

    why_nothing = fields.Char(
        string="Receives nothing because",
        compute="_compute_why_nothing",
        groups=MANAGERS,
        help="Empty: this person receives leads.",
    )

    _user_unique = models.UniqueIndex("(campaign_id, user_id)", "This salesperson is a member of the campaign already.")
    _target_not_negative = models.Constraint("CHECK (own_target >= 0)", "A target cannot be negative.")
    _weight_not_negative = models.Constraint("CHECK (weight >= 0)", "A weight cannot be negative.")

    def _default_level_id(self):
        return self.env["lead.distribution.level"].search(
            [("code", "=", "mid_level"), ("campaign_id", "=", False)], limit=1
        )

    @api.depends("has_own_target", "own_target", "level_id.target_leads")
    def _compute_target_leads(self):
        for member in self:
            if member.has_own_target:
                member.target_leads = member.own_target
            else:
                level = member.level_id
                member.target_leads = level.target_leads if level else USUAL_TARGET

    def copy_data(self, default=None):
        """A level of one campaign stays behind; the campaign's copy gives members its own."""
        vals_list = super().copy_data(default)
        for member, vals in zip(self, vals_list, strict=True):
            if member.level_id.campaign_id:
                vals["level_id"] = False
        return vals_list

    def _inverse_target_leads(self):
        for member in self:
            member.has_own_target = True
            member.own_target = member.target_leads

    @api.depends("joined_on", "campaign_id.ramp_up_days", "campaign_id.ramp_up_percent", "campaign_id.tz")
    @api.depends_context("lang")
    def _compute_ramp_share(self):
        for member in self:
            member.ramp_share = get_share(member)
            member.ramp_words = describe_share(member)

    def _forget_workload(self):
        """Have the leads that people hold counted anew: what was read before may be of another moment."""
        self.invalidate_recordset(["current_leads", "open_leads", "utilization"], flush=False)

    @api.depends("user_id", "target_leads")
    @api.depends_context("uid")
    def _compute_workload(self):
        counts = count_loads(self)
        for member in self:
            member.current_leads = counts[member]
            target = member.target_leads
            member.utilization = member.current_leads / target * 100 if target else 0

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_open_leads(self):
        counts = count_loads(self, only_open=True)
        for member in self:
            member.open_leads = counts[member]

    @api.constrains("active", "user_id", "campaign_id")
    def _settle_nobody(self):
        """Close the to-do that nobody can receive leads, when somebody can; no check, but at the right moment."""
        waiting = set(find_todos(self.campaign_id, NOBODY).mapped("res_id"))
        for campaign in self.campaign_id.filtered(lambda campaign: campaign.id in waiting).sudo():  # who is full, too
            if campaign._select_members().members:
                settle(campaign, NOBODY, why=self.env._("Somebody can receive leads again."))

    @api.depends(
        "active", "user_id.active", "user_id.group_ids", "user_id.company_ids", "level_id.code", "team_id",
        "team_label", "campaign_id.company_id", "campaign_id.include_inactive", "campaign_id.excluded_receiver_ids",
        "campaign_id.team_filter_id", "campaign_id.team_filter_name", "campaign_id.min_experience",
        "campaign_id.use_max_workload", "campaign_id.max_workload",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_why_nothing(self):
        for member in self:
            seen = member.sudo()  # as a run sees people, whoever looks at the campaign
            campaign = seen.campaign_id if seen.user_id else seen.campaign_id.browse()
            member.why_nothing = campaign._explain_left_out(seen) if campaign else False

    @api.constrains("user_id", "campaign_id")
    def _check_user_company(self):
        for member in self.sudo():
            company = member.campaign_id.company_id
            if not works_for(member.user_id, company):
                for named in (member.campaign_id, member.user_id):  # by the refusal; constraints run with full rights
                    named.sudo(False).check_access("read")
                raise ValidationError(
                    self.env._(
                        "%(user)s may not work for %(company)s, the company of the campaign "
                        "“%(campaign)s”. Allow the company on the user first.",
                        user=member.user_id.name,
                        company=company.name,
                        campaign=member.campaign_id.name,
                    )
                )

    @api.constrains("level_id", "campaign_id")
    def _check_level(self):
        for member in self:
            owner = member.level_id.campaign_id
            if owner and owner != member.campaign_id:
                member.level_id.sudo(False).check_access("read")  # the refusal names it
                raise ValidationError(
                    self.env._(
                        "The level “%(level)s” belongs to the campaign “%(campaign)s”.",
                        level=member.level_id.name,
                        campaign=owner.name,
                    )
                )
