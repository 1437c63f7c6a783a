import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.base.models.res_partner import _tz_get

from ...applying.locks import beside_live
from ...finding.candidates import Found
from ...finding.window import get_window
from ...planning.request import PlanRequest
from ...planning.rows import count_planned, find_applying, find_reverting, find_unfinished
from ...planning.schedule import find_due, get_next_run, get_own_zone, wake_in_time
from ...planning.store import create_run
from ...tools.companies import refuse_all_companies
from ...work.errors import describe_error
from ...work.scheduler import is_time_up, report_progress
from ...work.transactions import retry

_logger = logging.getLogger(__name__)


class LeadDistributionCampaign(models.Model):
    """When a campaign runs by itself: one scheduled action for all campaigns."""

    _inherit = "lead.distribution.campaign"

    frequency = fields.Selection(
        [
            ("manual", "By hand"),
            ("hourly", "Every hour"),
            ("daily", "Every day"),
            ("weekly", "Every week"),
            ("monthly", "Every month"),
        ],
        string="Schedule",
        default="manual",
        required=True,
        tracking=True,
    )
    run_hour = fields.Float(string="At", default=6.0, help="In the time zone of the campaign.")
    run_weekday = fields.Selection(
        [
            ("0", "Monday"),
            ("1", "Tuesday"),
            ("2", "Wednesday"),
            ("3", "Thursday"),
            ("4", "Friday"),
            ("5", "Saturday"),
            ("6", "Sunday"),
        ],
        string="On",
        default="0",
    )
    run_day = fields.Integer(string="Day of the month", default=1, help="31 is the last day of shorter months.")
    tz = fields.Selection(
        _tz_get,
        string="Time zone",
        required=True,
        default=lambda self: get_own_zone(self.env),
        help="Today, ages and the schedule are those of this time zone.",
    )
    next_run = fields.Datetime(
        string="Next run", compute="_compute_next_run", store=True, readonly=False, copy=False, index=True
    )

    _run_hour_in_day = models.Constraint(
        "CHECK (run_hour >= 0 AND run_hour < 24)", "The hour of a run lies between 0:00 and 23:59."
    )
    _run_day_in_month = models.Constraint(
        "CHECK (run_day BETWEEN 1 AND 31)", "The day of the month lies between 1 and 31."
    )

    @api.depends("frequency", "run_hour", "run_weekday", "run_day", "tz", "active")
    def _compute_next_run(self):
        for campaign in self:
            campaign.next_run = get_next_run(campaign, fields.Datetime.now())

    @api.model_create_multi
    def create(self, vals_list):
        # before its parts are refused, which says less
        refuse_all_companies(self.env, [vals.get("company_id", True) for vals in vals_list])
        campaigns = super().create(vals_list)
        wake_in_time(campaigns)
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        if {"frequency", "run_hour", "run_weekday", "run_day", "tz", "active", "next_run"} & set(vals):
            wake_in_time(self)
        return result

    @api.model
    def _cron_distribute(self):
        """Start the campaigns that are due, and go on with every run that is being applied, or put back.

        All that the scheduler does stands here; what others do instead, they say by ``_leave_to_others``.
        Also picks up what a killed process left: a run being applied, or reverted, is resumed where it
        stopped; a campaign whose plan was never stored is still due.
        """
        if is_time_up(self.env):
            self.env.ref("lead_distribution.ir_cron_distribute").sudo()._trigger()
            report_progress(self.env, 0, 1)
            return
        due = find_due(self.env)
        theirs = due.filtered(lambda campaign: campaign._leave_to_others())
        report_progress(self.env, 0, len(due - theirs))
        for campaign in due - theirs:
            with beside_live(self.env):
                retry(self.env, campaign._start_scheduled_run)
                report_progress(self.env, 1)
        runs = find_applying(self.env).filtered(lambda run: not run._is_with_others())
        report_progress(self.env, 0, count_planned(runs))
        in_time = all(run._go_on() for run in runs)
        in_time = all(run._go_on_reverting() for run in find_reverting(self.env)) and in_time
        # one that ended in an error is tried again the next time, not ten times in a row
        remaining = count_planned(runs.filtered(lambda r: r.state == "applying" and not r.failure_count))
        if not in_time or find_due(self.env) - theirs:
            # a run whose last batch took up the time still has to be closed: the scheduler calls
            # again only if something remains; woken, it does so at once, not after a minute
            remaining += 1
            self.env.ref("lead_distribution.ir_cron_distribute").sudo()._trigger()
        report_progress(self.env, 0, remaining)

    def _leave_to_others(self):
        """See to it that others start the run that is due. Meant to be extended, by an addon that has a queue of jobs.

        :return: whether they do; otherwise the scheduled action does
        """
        return False

    def _start_scheduled_run(self):
        """Plan the run that is due; an error costs this run only, and the schedule goes on.

        However many runs were missed (the server was down), one makes up for them.
        """
        self.ensure_one()
        if find_unfinished(self):
            return  # somebody has just started one: it comes first, and the campaign stays due
        self.next_run = get_next_run(self, fields.Datetime.now())
        # the words that a run keeps are read by the person who is responsible, not by the scheduler's user
        campaign = self.with_context(lang=self.user_id.lang or self.env.lang)
        try:
            with self.env.cr.savepoint():
                campaign._plan_scheduled_run()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # planned anew: another plan for the same people began at this moment
        except UniqueViolation:
            _logger.info("Campaign %s: another run has just been started, it comes first", self.id)
            self.next_run = fields.Datetime.now()
        except Exception as error:
            _logger.exception("Lead distribution: planning campaign %s failed", self.id)
            campaign._keep_failed_run(error)

    def _plan_scheduled_run(self):
        run = self._plan_run(PlanRequest())
        run.origin = "schedule"
        run.refuse_impossible()
        if run.state == "planned" and not self.plan_only:
            run._begin()

    def _keep_failed_run(self, error):
        """Have the history say why nothing was planned."""
        found = Found(window=get_window(self, PlanRequest()))
        run = create_run(self, PlanRequest(), 0, found, {}, self._get_warnings())
        run.origin = "schedule"
        run._fail(self.env._("Planning failed: %s", describe_error(error, self.env)))
        run.refuse_impossible()
