from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...finding.choosable import get_choices, refuse_unfit
from ...finding.do_not_call import prepare_default_rows
from ...finding.explain import explain_lead
from ...finding.own_filter import make_own_filter
from ...finding.search import find, find_refused
from ...finding.steps import list_steps, name_steps
from ...finding.typed_filter import FilterRefused
from ...planning.request import PlanRequest
from ...work.monitor import measured
from ...work.rights import check_manager


class LeadDistributionCampaign(models.Model):
    """Finding: which of the leads that are looked at the campaign takes. The room ``finding`` does the work."""

    _inherit = "lead.distribution.campaign"

    pool_mode = fields.Selection(
        [("pools", "The pools below"), ("all", "All leads, whoever holds them")],
        string="Takes leads from",
        default="pools",
        required=True,
    )
    pool_ids = fields.One2many(
        "lead.distribution.pool",
        "campaign_id",
        string="Pools",
        copy=True,
        default=[Command.create({"holder": "unassigned"})],  # what nobody holds
    )
    filter_ids = fields.One2many(
        "lead.distribution.filter",
        "campaign_id",
        string="Filters",
        domain=[("purpose", "=", "filter")],
        context={"default_purpose": "filter"},
        copy=True,
    )
    use_dnc = fields.Boolean(
        string="Never hand out do-not-call leads",
        default=True,
        help="Checked before everything that hands a lead to anybody, dropback included.",
    )
    dnc_by_category = fields.Boolean(
        string="Statuses of the category “Do not call”",
        default=True,
    )
    dnc_filter_ids = fields.One2many(
        "lead.distribution.filter",
        "campaign_id",
        string="Do-not-call rows",
        domain=[("purpose", "=", "dnc")],
        # a form sends only what it shows of a row: what makes a row one of these is said here
        context={"default_purpose": "dnc", "default_kind": "exclude"},
        copy=True,
        default=lambda self: prepare_default_rows(self.env),
    )
    dnc_email_blacklist = fields.Boolean(string="Odoo's email blacklist", default=True)
    dnc_phone_blacklist = fields.Boolean(string="Odoo's phone blacklist", default=True)
    protected_user_ids = fields.Many2many(
        "res.users",
        "lead_distribution_campaign_protected_rel",
        "campaign_id",
        "user_id",
        string="Protected people",
        context={"active_test": False},
        help="Leads held by these people stay where they are. They may still receive leads.",
    )
    exclude_closed = fields.Boolean(
        string="Leave out closed leads",
        default=True,
        help="Won, lost and cancelled leads are not handed out again.",
    )
    exclude_assigned = fields.Boolean(string="Only leads nobody holds")
    exclude_inactive_users = fields.Boolean(string="Leave out leads of inactive people")
    protect_activities = fields.Boolean(
        string="Respect activities",
        default=True,
        help="Leave alone the leads on which somebody has planned something.",
    )
    activity_days = fields.Integer(
        string="Overdue for more than (days)",
        default=4,
        help="A lead with a planned activity is taken only if its next deadline is more than so many days ago.",
    )
    exclude_without_activity = fields.Boolean(string="Only leads with an activity")
    use_priority = fields.Boolean(string="Only some priorities")
    priority_min = fields.Integer(
        default=1,
        help="1 is Odoo's Low, 2 Medium, 3 High, 4 Very High; 5 does not occur in Odoo.",
        string="Priority from",
    )
    priority_max = fields.Integer(default=5, help="Included, as the smallest one.", string="Priority up to")
    required_field_ids = fields.Many2many(
        "ir.model.fields",
        "lead_distribution_campaign_required_rel",
        "campaign_id",
        "field_id",
        string="Required fields",
        domain=get_choices("required_field_ids"),
        help="A lead without a value in one of these fields is not taken; blanks are no value.",
    )
    own_domain = fields.Char(string="Own filter", default="[]")
    own_domain_user_id = fields.Many2one(
        "res.users",
        string="Own filter written by",
        readonly=True,
        copy=False,
        ondelete="set null",
        help="The filter is looked at with the rights of this person, whoever starts a run.",
    )

    _priority_range = models.Constraint(
        "CHECK (priority_min BETWEEN 1 AND 5 AND priority_max BETWEEN priority_min AND 5)",
        "Priorities go from 1 to 5, and the smallest cannot be above the largest.",
    )

    @api.onchange("own_domain")
    def _onchange_own_domain(self):
        self.own_domain_user_id = self.env.user  # as it will be once it is saved

    @api.constrains("required_field_ids")
    def _check_required_fields(self):
        refuse_unfit(self, ["required_field_ids"])

    @api.constrains("own_domain")
    def _check_own_domain(self):
        for campaign in self.filtered("own_domain"):
            try:
                make_own_filter(campaign, campaign._get_filterable_fields()).check()
            except FilterRefused as error:
                raise ValidationError(
                    self.env._(
                        "The own filter of “%(campaign)s” does not work: %(error)s.",
                        campaign=campaign.name,
                        error=error,
                    )
                ) from error

    @api.model
    def _get_filterable_fields(self):
        """Return {model: names of fields} that own filters and preferences may ask for besides the usual ones.

        Meant to be extended: ``{**super()._get_filterable_fields(), "x.product": {"category"}}``.
        """
        return {}

    def _get_filter_steps(self, request):
        """Return the steps that follow the window, in their order: list of ``finding.steps.Step``.

        Meant to be extended: add a step of your own with ``super()``; its key becomes a reason in
        the run's exclusions.

        :param request: what is asked of the run, see ``PlanRequest``
        """
        self.ensure_one()
        return list_steps(self, self._get_filterable_fields())

    def _name_steps(self, keys=()):
        """Return {key: words} of the steps in their order, and of these keys, see ``finding.steps.name_steps``."""
        campaign = self.sudo()  # words only, for whoever may read the run
        return name_steps(campaign._get_filter_steps(PlanRequest()), self.env, keys)

    def _find_leads(self, request, columns=()):
        """Return what the campaign finds now, see ``finding.candidates.Found``.

        :param columns: names of the lead's columns to know of each candidate besides its own
        """
        self.ensure_one()
        with measured("find"):
            return find(self, request, self._get_filter_steps(request), columns)

    def _explain_lead(self, lead):
        """Return what every step says of one lead: see ``finding.explain``."""
        self.ensure_one()
        check_manager(self)
        lead.check_access("read")
        campaign, request = self.sudo(), PlanRequest()  # steps look at leads as a run does
        return explain_lead(campaign, lead.sudo(), request, campaign._get_filter_steps(request))

    def _get_refused_ids(self, key, request, limit=10_000):
        """Return the ids of the leads that a step is the first to refuse now; at most ``limit``."""
        self.ensure_one()
        return find_refused(self, request, self._get_filter_steps(request), key, limit)
