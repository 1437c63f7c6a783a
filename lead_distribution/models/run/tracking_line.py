from odoo import fields, models

from ...tools.group_order import order_groups, word_once


class LeadDistributionRunMember(models.Model):
    """Tracking line: one salesperson in one run, before and after.

    Lines are written by runs only; several runs a day stay apart.
    """

    _name = "lead.distribution.run.member"
    _description = "Salesperson in a Run"
    _order = "run_id.id desc, leads_received desc, id"
    _rec_name = "salesperson_name"

    run_id = fields.Many2one("lead.distribution.run", required=True, ondelete="cascade", index=True)
    campaign_id = fields.Many2one("lead.distribution.campaign", index=True, ondelete="restrict")
    company_id = fields.Many2one("res.company", index=True)
    run_state = fields.Selection(related="run_id.state", store=True)
    distribution_date = fields.Date(string="Date", index=True)
    user_id = fields.Many2one("res.users", string="Salesperson", ondelete="set null", index="btree_not_null")
    salesperson_name = fields.Char(help="Kept when the user is deleted.", string="Name of the salesperson")
    team_name = fields.Char(string="Team")
    level_name = fields.Char(string="Level")
    level_code = fields.Char(help="The code of the level, as configurations name it.", string="Short name of the level")
    level_priority = fields.Integer(string="Priority of the level")
    strategy = fields.Char(string="Short name of the strategy")
    active_status = fields.Boolean(default=True, string="Was active")

    leads_before_total = fields.Integer(string="Before")
    leads_before_new = fields.Integer(string="Before: new")
    leads_before_in_progress = fields.Integer(string="Before: in progress")
    leads_before_call_back = fields.Integer(string="Before: call back")
    leads_before_utr = fields.Integer(string="Before: UTR")
    leads_before_full_pitch = fields.Integer(string="Before: full pitch")
    leads_before_won = fields.Integer(string="Before: won")
    leads_before_lost = fields.Integer(string="Before: lost")
    leads_before = fields.Json(string="Before, by status")
    leads_after_total = fields.Integer(string="After")
    leads_after_new = fields.Integer(string="After: new")
    leads_after_in_progress = fields.Integer(string="After: in progress")
    leads_after_call_back = fields.Integer(string="After: call back")
    leads_after_utr = fields.Integer(string="After: UTR")
    leads_after_full_pitch = fields.Integer(string="After: full pitch")
    leads_after_won = fields.Integer(string="After: won")
    leads_after_lost = fields.Integer(string="After: lost")
    leads_after = fields.Json(string="After, by status")

    leads_received = fields.Integer(string="Received")
    leads_dropped_to = fields.Integer(
        string="Dropped back", help="Old leads that dropped back to this person: they are no share of the run."
    )
    leads_distributed_from = fields.Integer(string="Given up", help="Leads that left this person in the run.")
    promised = fields.Integer(
        help="What the strategy gives this person if everybody may take everything: without rules, "
        "and without leads that somebody holds already.",
    )
    target_leads = fields.Integer(
        string="Target", help="The one that counted: of a person who begins slowly, a part of the whole one."
    )
    ramp_share = fields.Integer(
        string="Share (%)", default=100, aggregator=False, help="Less than 100: this person begins slowly."
    )
    head_start = fields.Float(
        string="Credited",
        digits=(16, 1),
        help="Leads that count as received when it is about whose turn it is: who came later than the others begins "
        "at their average; and what the day before gave too many, or too few below 0, where shares count.",
    )
    was_there = fields.Boolean(default=True, help="Could receive leads when this run handed some out the last time.")
    turn_share = fields.Float(help="The part of the turns that this person had the last time, such as the weight.")
    deficit = fields.Integer(help="What was missing to the target before the run.")
    surplus = fields.Integer(help="What was above the target before the run.")
    utilization = fields.Float(string="Utilization (%)", digits=(16, 2), aggregator="avg")

    _date_user_idx = models.Index("(user_id, distribution_date)")
    _date_campaign_idx = models.Index("(campaign_id, distribution_date)")

    def _read_group_orderby(self, order, groupby_terms, query):
        return order_groups(self, order, groupby_terms, query, super()._read_group_orderby)

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        return word_once(super()._web_read_group_groupby_formatter(groupby_spec, values))
