from odoo import fields, models
from odoo.fields import Domain

from ...following.deadlines import check_deadlines
from ...following.pull import pull
from ...work.rights import check_manager
from ...work.system import as_system
from ..base.ways import get_ways

CLOCKS = [("working_hours", "In working hours"), ("clock", "By the clock")]


class LeadDistributionCampaign(models.Model):
    """After the hand-out: deadlines, taking back, declining, pulling. The room ``following`` does the work."""

    _inherit = "lead.distribution.campaign"

    first_action_hours = fields.Float(
        string="First action within (hours)", help="0: no deadline. A status set, a message, an activity done."
    )
    first_action_clock = fields.Selection(CLOCKS, string="First action counted", default="working_hours", required=True)
    status_change_hours = fields.Float(string="Another status within (hours)", help="0: no deadline.")
    status_change_clock = fields.Selection(CLOCKS, string="Status counted", default="working_hours", required=True)
    status_change_ids = fields.Many2many(
        "crm.lead.status",
        "lead_distribution_campaign_status_change_rel",
        "campaign_id",
        "status_id",
        string="Another status than",
        help="Empty: another than the lead had when it was handed out.",
    )
    opportunity_hours = fields.Float(string="An opportunity within (hours)", help="0: no deadline.")
    opportunity_clock = fields.Selection(CLOCKS, string="Opportunity counted", default="working_hours", required=True)
    remind_percent = fields.Integer(
        string="Remind after (%)", default=80, help="So much of the time is over. 0: no reminder."
    )
    on_missed = fields.Selection(
        [("tell", "The lead stays"), ("take_back", "Somebody else gets it")],
        string="A missed deadline",
        default="tell",
        required=True,
    )
    missed_tell = fields.Boolean(string="Tell the responsible", default=True)
    missed_status_id = fields.Many2one("crm.lead.status", string="Give it the status", ondelete="restrict")
    missed_tag_id = fields.Many2one("crm.tag", string="Give it the tag", ondelete="set null")
    missed_pause = fields.Boolean(
        string="Pause the person", help="Receives nothing more until the person, or a manager, switches leads on again."
    )
    take_back_memory = fields.Integer(
        string="Not to the last (people)", default=50, help="Who had the lead before does not get it again, 1 to 50."
    )
    decline_mode = fields.Selection(
        [("off", "No"), ("next", "Yes, the next one gets it"), ("manager", "Yes, the responsible decides")],
        string="Leads can be declined",
        default="next",
        required=True,
    )
    decline_limit = fields.Integer(string="At most (leads)", help="0: any number.")
    decline_period = fields.Selection(
        [("day", "per day"), ("week", "per week")], string="Period", default="day", required=True
    )
    decline_counts = fields.Boolean(
        string="A declined lead counts", help="For the limits and the turn of who declined it."
    )
    decline_reason_ids = fields.Many2many(
        "lead.distribution.decline.reason",
        "lead_distribution_campaign_decline_reason_rel",
        "campaign_id",
        "reason_id",
        string="Reasons to choose from",
        help="Empty: any text.",
    )
    pull_at_once = fields.Integer(
        string="Leads a person may take at once", default=10, help="By “Give me leads”. 0: nobody takes leads."
    )
    by_hand_limits = fields.Boolean(
        string="Leads given by hand count for limits",
        default=True,
        help="Given by somebody else, outside of runs.",
    )
    by_hand_turns = fields.Boolean(
        string="Leads given by hand count as turns",
        help="Who was given a lead by somebody else, outside of runs, has had a turn.",
    )

    _deadlines_range = models.Constraint(
        "CHECK (first_action_hours BETWEEN 0 AND 8760 AND status_change_hours BETWEEN 0 AND 8760 "
        "AND opportunity_hours BETWEEN 0 AND 8760 AND remind_percent BETWEEN 0 AND 99)",
        "A deadline is between 0 and 8760 hours, a reminder between 0 and 99 percent of it.",
    )
    _following_range = models.Constraint(
        "CHECK (take_back_memory BETWEEN 1 AND 50 AND decline_limit BETWEEN 0 AND 1000 "
        "AND pull_at_once BETWEEN 0 AND 100)",
        "Between 1 and 50 people are remembered; 0 to 1000 leads can be declined, 0 to 100 taken at once.",
    )

    def check_deadlines(self):
        """Remind of deadlines, tell what was missed, take back: what the schedule does.

        Commits after every batch.

        :return: dict of counts: ``reminded``, ``missed``, ``taken_back``; of these campaigns, or of all one may see
        """
        check_manager(self)
        campaigns = self or self.with_context(active_test=False).search(Domain.TRUE)
        if not campaigns:
            return {"reminded": 0, "missed": 0, "taken_back": 0}
        return check_deadlines(as_system(campaigns), get_ways)

    def pull_leads(self, count=1):
        """Give the caller the next leads of the campaign, under all its rules and limits. Commits.

        :param count: how many at most
        :return: the leads that the caller got, none if there are none
        :raise UserError: if the caller can take nothing now, in words
        """
        self.ensure_one()
        return pull(self, count, get_ways).leads
