import logging

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import SQL, ormcache

from ...live.sweeping import sweep
from ...live.watching import find_live, watch
from ...planning.request import PlanRequest
from ...work.rights import check_scheduler
from ...work.transactions import retry
from .hand_out import hand_out

_logger = logging.getLogger(__name__)

REASONS = [
    ("new", "Not looked at yet"),
    ("delay", "Waits for the delay of the campaign"),
    ("locked", "Somebody is changing the lead"),
    ("nobody_there", "Nobody is there"),
    ("no_salespeople", "The campaign has nobody who receives leads"),
    ("no_eligible", "Nobody may have such leads"),
    ("only_holder", "Only who had it already"),
    ("had_before", "Everybody has had it"),
    ("other_company", "Nobody works for the company of the lead"),
    ("everybody_full", "Everybody is full"),
    ("max_leads", "The campaign has handed out as many as it may today"),
    ("failed", "Could not be written"),
]


class LeadDistributionWaiting(models.Model):
    """A lead that came, and has nobody so far: since when, why, and when it is tried again.

    Written by the room ``live`` only. Who has the lead, or that no live campaign takes it, ends its row.
    """

    _name = "lead.distribution.waiting"
    _description = "Waiting Lead"
    _order = "since, id"
    _rec_name = "lead_id"
    _log_access = False

    lead_id = fields.Many2one("crm.lead", required=True, ondelete="cascade")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    campaign_id = fields.Many2one(
        "lead.distribution.campaign",
        ondelete="set null",
        index="btree_not_null",
        help="The campaign that takes it as soon as somebody can receive it. Empty: it was not looked at yet.",
    )
    run_id = fields.Many2one("lead.distribution.run", ondelete="set null", index="btree_not_null", string="Run")
    since = fields.Datetime(required=True, default=fields.Datetime.now, string="Waits since")
    reason = fields.Selection(REASONS, required=True, default="new", string="Why")
    detail = fields.Char(string="In detail")
    next_try = fields.Datetime(required=True, default=fields.Datetime.now, index=True, string="Tried again")
    tries = fields.Integer(help="How often somebody was looked for.")
    told_on = fields.Datetime(string="Told on", help="When the responsible was told that it waits.")

    _lead_unique = models.UniqueIndex("(lead_id)")
    _since_idx = models.Index("(since, id)")  # the order of the list
    _full_idx = models.Index("(since, id) WHERE reason = 'everybody_full'")  # asked whenever a lead is closed

    @api.model
    @api.private
    def wake(self, at=None):
        """Wake whoever works off the list. Meant to be extended, by an addon that has a queue of jobs.

        :param at: when (UTC); None: as soon as this transaction is committed
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id("lead_distribution.ir_cron_live")
        triggers = self.env["ir.cron.trigger"].sudo()  # whoever makes a lead wakes it
        now = fields.Datetime.now()
        if at and at > now:
            ahead = [("cron_id", "=", cron_id), ("call_at", ">", now), ("call_at", "<=", at)]
            if not triggers.search_count(ahead, limit=1):
                triggers.create({"cron_id": cron_id, "call_at": at})
            return
        # as ir.cron does it, which first asks whether it is active: a statement for every lead that comes
        self.env.cr.execute(SQL("INSERT INTO ir_cron_trigger (cron_id, call_at) VALUES (%s, %s)", cron_id, now))
        self.env.cr.postcommit.add(self.env["ir.cron"]._notifydb)

    @api.model
    @api.private
    @ormcache()
    def get_live(self):
        """Return what the live campaigns watch, see ``live.watching.Watch``; None if no campaign is live."""
        return watch([_ask(campaign) for campaign in find_live(self.env)])

    @api.model
    def _cron_hand_out(self):
        """Hand out what waits and may be tried; when the interval is over, look for what was missed besides.

        All that the scheduler does stands here; who hands out instead says so by ``_leave_to_others``.
        """
        check_scheduler(self.env)
        cron = self.env["ir.cron"].browse(self.env.context.get("cron_id"))
        if not cron or cron.nextcall <= fields.Datetime.now():  # woken by a lead, it does without
            retry(self.env, sweep, self.env)
        if not self._leave_to_others():
            hand_out(self.env)

    @api.model
    def _leave_to_others(self):
        """See to it that others hand out what may be tried. Meant to be extended, by an addon that has a queue of jobs.

        ``live.worker.is_anything_to_do`` says whether there is something for them.

        :return: whether they do; otherwise the scheduled action does
        """
        return False


def _ask(campaign):
    """Return (campaign, its steps, names of columns that its rules look at).

    It is asked when somebody makes a lead: a campaign that does not work keeps nobody from that. Whoever works off the
    list finds out, too, and tells of it.
    """
    try:
        with campaign.env.cr.savepoint(flush=False):
            return campaign, campaign._get_filter_steps(PlanRequest()), campaign._get_rule_fields()
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception:
        _logger.exception("Live: which leads campaign %s takes is not known", campaign.id)
        return campaign, (), ()
