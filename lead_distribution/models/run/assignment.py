from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ...applying.due import clear, note_set
from ...names import CHECKPOINTS, HANDED_OUT, MANAGERS, TIMED
from ...reporting.reasons import explain_rows
from ...tools.group_order import order_groups, word_once
from ...tools.labels import get_labels
from ...work.defaults import add_defaults
from ...work.rights import check_manager
from ...work.system import as_system


class LeadDistributionAssignment(models.Model):
    """One lead in one run: from whom, to whom, why, and whether it was done.

    Names are kept as text, so the history outlives leads, users and statuses. Nobody edits it: there are no write
    rights; runs write with full rights.
    """

    _name = "lead.distribution.assignment"
    _description = "Lead Assignment"
    _order = "distribution_date desc, id desc"
    _rec_name = "lead_name"
    # the run says who started it, the row when it was done: four columns and two foreign keys less a lead
    _log_access = False

    run_id = fields.Many2one("lead.distribution.run", required=True, ondelete="cascade", index=True)
    campaign_id = fields.Many2one("lead.distribution.campaign", ondelete="restrict")
    company_id = fields.Many2one("res.company")
    kind = fields.Selection(
        [
            ("distribution", "Distribution"),
            ("dropback", "Dropback"),
            ("fallback", "Fallback"),
            ("take_back", "Taken back"),
            ("decline", "Declined"),
            ("pull", "Pulled"),
            ("cover", "Cover"),
            ("cover_return", "Back from cover"),
            ("handover", "Handover"),
        ],
        default="distribution",
        required=True,
    )
    state = fields.Selection(
        [
            ("planned", "Planned"),
            ("done", "Done"),
            ("skipped", "Skipped"),
            ("failed", "Failed"),
            ("reverted", "Reverted"),
        ],
        default="planned",
        required=True,
    )
    dropback_rule_id = fields.Many2one("lead.distribution.dropback.rule", ondelete="set null", string="Dropback rule")
    lead_id = fields.Many2one("crm.lead", ondelete="set null", index="btree_not_null")
    lead_name = fields.Char(string="Lead name")
    previous_user_id = fields.Many2one("res.users", string="From", ondelete="set null")
    previous_user_name = fields.Char(string="From (name)")
    user_id = fields.Many2one("res.users", string="To", ondelete="set null")
    user_name = fields.Char(string="To (name)")
    turn = fields.Integer(
        help="Whether it was the person's first lead of the run, the second …", string="Number in the run"
    )
    strategy = fields.Char(string="Short name of the strategy")
    strategy_name = fields.Char(string="Strategy", compute="_compute_strategy_name")
    reason = fields.Char(help="Why this person: the strategy or rule that decided.", string="Decided by")
    line_up = fields.Integer(help="Which of the run's line-ups the lead met.", aggregator=None, string="Line-up")
    overridden = fields.Json(
        readonly=True,
        groups=MANAGERS,
        help="Steps that would have refused the lead, and were left aside by who handed it out by hand.",
        string="Set aside by hand",
    )
    note = fields.Char(help="Why it was skipped, or could not be put back.")
    lead_status_id = fields.Many2one("crm.lead.status", string="Status before", ondelete="set null")
    source_id = fields.Many2one("utm.source", ondelete="set null")
    marketing_campaign_id = fields.Many2one("utm.campaign", ondelete="set null", string="Marketing campaign")
    priority = fields.Integer(aggregator=None)
    before = fields.Json(help="The lead's fields before the run, to put them back.", groups=MANAGERS)
    distribution_date = fields.Date(string="Date")
    applied_on = fields.Datetime(string="Handed out on")
    reverted_on = fields.Datetime(readonly=True, help="When the lead was put back.", string="Put back on")
    is_untold = fields.Boolean(help="The salesperson has not heard of it yet.", readonly=True, string="Not told yet")
    explanation = fields.Char(compute="_compute_explanation", string="Why")

    # by when something is to be done with the lead; written by the room ``following``
    deadline_state = fields.Selection(
        [("open", "Open"), ("kept", "Kept"), ("missed", "Missed"), ("over", "No longer with this person")],
        readonly=True,
        help="Empty: there was no deadline. Missed stays, also when what was due is done later.",
        string="Deadline",
    )
    checkpoint = fields.Selection(CHECKPOINTS, readonly=True, help="What is due next. Empty: nothing.", string="Due is")
    due_on = fields.Datetime(readonly=True, string="Due", help="Empty: nothing is due, or the clock stands still.")
    deadline_terms = fields.Json(
        readonly=True, groups=MANAGERS, help="What the campaign wanted when it handed the lead out.", string="Terms"
    )
    remind_on = fields.Datetime(readonly=True, string="Reminder")
    check_on = fields.Datetime(readonly=True, help="When the deadline is looked at next.", string="Looked at next")
    missed_on = fields.Datetime(readonly=True, string="Missed on", help="When the first deadline was missed.")
    missed_checkpoint = fields.Selection(CHECKPOINTS, readonly=True, string="Missed was")
    declined_on = fields.Datetime(readonly=True, string="Declined on")
    decline_reason = fields.Char(readonly=True, string="Reason of declining")
    is_uncounted = fields.Boolean(
        readonly=True, help="Was given back, and counts for no limit and no turn.", string="Counts for nothing"
    )

    # when the person first touched the lead; working hours are those of the person
    first_action_on = fields.Datetime(readonly=True, string="First action on")
    hours_to_action = fields.Float(string="Hours to first action", aggregator="avg", readonly=True)
    working_hours_to_action = fields.Float(string="Working hours to first action", aggregator="avg", readonly=True)
    is_waiting = fields.Boolean(
        string="Waits for a first touch",
        compute="_compute_is_waiting",
        search="_search_is_waiting",
        help="Nobody has touched the lead since it was handed out, and the same person still holds it.",
    )

    # every index is written for each lead handed out, so there is none that another one covers
    _planned_idx = models.Index("(run_id, id) WHERE state = 'planned'")
    # of all the rows, hardly any
    _untold_idx = models.Index("(user_id) WHERE is_untold")
    # of those with something due, whatever the number of leads out
    _check_idx = models.Index("(check_on) WHERE check_on IS NOT NULL")
    # whose clock moves when somebody is away
    _open_user_idx = models.Index("(user_id) WHERE deadline_state IN ('open', 'missed') AND checkpoint IS NOT NULL")
    # hardly any: who must not get a lead again, and how many somebody gave back
    _declined_idx = models.Index("(user_id, declined_on) WHERE declined_on IS NOT NULL")
    _missed_idx = models.Index("(missed_on) WHERE missed_on IS NOT NULL")
    _open_lead_idx = models.Index("(lead_id) WHERE checkpoint IS NOT NULL")
    # with the company, which the rights ask for: people and days of the whole history are counted without its rows
    _user_date_idx = models.Index("(user_id, distribution_date, company_id)")
    _campaign_date_idx = models.Index("(campaign_id, distribution_date)")
    _date_idx = models.Index("(distribution_date)")
    _received_idx = models.Index("(user_id, applied_on) WHERE state = 'done'")  # for limits
    _previous_user_date_idx = models.Index("(previous_user_id, distribution_date)")
    # holds all that the times over a period need, so that no row is read; runs do not write to it
    _touched_idx = models.Index(
        "(distribution_date) INCLUDE (campaign_id, company_id, run_id, hours_to_action, working_hours_to_action) "
        f"WHERE state = 'done' AND kind IN {TIMED} AND first_action_on IS NOT NULL"
    )

    @api.depends("strategy")
    @api.depends_context("lang")
    def _compute_strategy_name(self):
        names = get_labels(self.env["lead.distribution.campaign"], "strategy")
        for row in self:
            row.strategy_name = names.get(row.strategy, row.strategy)

    @api.depends("user_name", "turn", "strategy", "kind", "reason", "note", "state", "line_up", "overridden", "before")
    @api.depends_context("lang", "tz")
    def _compute_explanation(self):
        texts = explain_rows(
            self, lambda campaign, rule: campaign._describe_rule(rule), lambda campaign: campaign._name_steps()
        )
        for row in self:
            row.explanation = texts.get(row._origin.id)

    @api.depends("state", "kind", "first_action_on", "lead_id.holder_id", "lead_id.active")
    def _compute_is_waiting(self):
        for row in self:
            is_open = row.state == "done" and row.kind in HANDED_OUT and not row.first_action_on
            lead = row.sudo().lead_id  # of another person by now, maybe
            row.is_waiting = is_open and lead.active and lead.holder_id == row.user_id

    def _search_is_waiting(self, operator, value):
        if operator != "in":
            return NotImplemented

        def to_sql(model, alias, query):
            model.env["crm.lead"].flush_model(["holder_id", "active"])
            return SQL(
                "EXISTS (SELECT 1 FROM crm_lead WHERE crm_lead.id = %(row)s.lead_id "
                "AND crm_lead.holder_id = %(row)s.user_id AND crm_lead.active)",
                row=SQL.identifier(alias),
            )

        untouched = Domain([("state", "=", "done"), ("kind", "in", HANDED_OUT), ("first_action_on", "=", False)])
        waiting = untouched & Domain.custom(to_sql=to_sql)
        return waiting if True in value else ~waiting

    def _read_group_orderby(self, order, groupby_terms, query):
        return order_groups(self, order, groupby_terms, query, super()._read_group_orderby)

    def _web_read_group_groupby_formatter(self, groupby_spec, values):
        return word_once(super()._web_read_group_groupby_formatter(groupby_spec, values))

    def _add_missing_default_values(self, values):
        return add_defaults(self, values, super()._add_missing_default_values)

    @api.ondelete(at_uninstall=False)
    def _end_deadlines(self):
        """What is due of a lead goes with the row that says so."""
        clear(as_system(self.filtered("checkpoint").lead_id))

    def write(self, vals):
        result = super().write(vals)
        if vals.get("due_on") and "check_on" not in vals:  # a program; what is ours writes both
            note_set(self)
        return result

    def action_line_up(self):
        """Show everybody who could have got the lead, and why it went where it went."""
        self.ensure_one()
        check_manager(self.run_id.campaign_id)
        wizard = self.env["lead.distribution.line.up"].create({"assignment_id": self.id})
        return wizard._get_form_action(self.env._("Line-up for %s", self.lead_name))
