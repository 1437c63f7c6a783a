import logging

from psycopg2.errors import UniqueViolation

from odoo import api, fields, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from odoo.addons.base.models.res_partner import _tz_get

from ...engine.schedule import next_run
from ...engine.zones import pick_zone
from ...finding.candidates import Found
from ...planning.request import PlanRequest
from ...planning.rows import count_planned, find_unfinished
from ...work.errors import describe_error
from ...work.scheduler import is_time_up, report_progress
from ...work.transactions import retry

_logger = logging.getLogger(__name__)


def get_own_zone(env):
    """Return the user's time zone, else that of the company's working hours."""
    return env.context.get("tz") or env.user.tz or env.company.resource_calendar_id.tz or "UTC"


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
            campaign.next_run = campaign._get_next_run(fields.Datetime.now())

    def _get_next_run(self, after):
        self.ensure_one()
        if self.frequency == "manual" or not self.active:
            return False
        return next_run(
            after,
            self.frequency,
            hour=self.run_hour,
            weekday=int(self.run_weekday or 0),
            day=self.run_day,
            tz=pick_zone(self.tz),
        )

    @api.model_create_multi
    def create(self, vals_list):
        campaigns = super().create(vals_list)
        campaigns._wake_cron_in_time()
        return campaigns

    def write(self, vals):
        result = super().write(vals)
        if {"frequency", "run_hour", "run_weekday", "run_day", "tz", "active", "next_run"} & set(vals):
            self._wake_cron_in_time()
        return result

    def _wake_cron_in_time(self):
        """Have the scheduled action start at the minute of the next run, not some time later."""
        moments = [campaign.next_run for campaign in self if campaign.next_run]
        cron = self.env.ref("lead_distribution.ir_cron_distribute", raise_if_not_found=False)
        if moments and cron:
            cron.sudo()._trigger(at=moments)

    @api.model
    def _cron_distribute(self):
        """Start the campaigns that are due, and go on with every run that is being applied.

        Also picks up what a killed process left: a run being applied is resumed where it
        stopped; a campaign whose plan was never stored is still due.
        """
        if is_time_up(self.env):
            self.env.ref("lead_distribution.ir_cron_distribute").sudo()._trigger()
            report_progress(self.env, 0, 1)
            return
        due = self._get_due_campaigns()
        report_progress(self.env, 0, len(due))
        for campaign in due:
            retry(self.env, campaign._start_scheduled_run)
            report_progress(self.env, 1)
        runs = self.env["lead.distribution.run"].search([("state", "=", "applying")])
        report_progress(self.env, 0, count_planned(runs))
        in_time = all(run._go_on() for run in runs)
        # one that ended in an error is tried again the next time, not ten times in a row
        remaining = count_planned(runs.filtered(lambda r: r.state == "applying" and not r.failure_count))
        if not in_time or self._get_due_campaigns():
            # a run whose last batch took up the time still has to be closed: the scheduler calls
            # again only if something remains; woken, it does so at once, not after a minute
            remaining += 1
            self.env.ref("lead_distribution.ir_cron_distribute").sudo()._trigger()
        report_progress(self.env, 0, remaining)

    @api.model
    def _get_due_campaigns(self):
        due = self.search(
            [("frequency", "!=", "manual"), ("next_run", "<=", fields.Datetime.now())],
            order="next_run, sequence, id",
        )
        # what is still being applied comes first; the campaign stays due until then
        return due - find_unfinished(due).campaign_id

    def _start_scheduled_run(self):
        """Plan the run that is due; an error costs this run only, and the schedule goes on.

        However many runs were missed (the server was down), one makes up for them.
        """
        self.ensure_one()
        if find_unfinished(self):
            return  # somebody has just started one: it comes first, and the campaign stays due
        self.next_run = self._get_next_run(fields.Datetime.now())
        try:
            with self.env.cr.savepoint():
                run = self._plan_run(PlanRequest())
                run.origin = "schedule"
                if run.state == "planned" and not self.plan_only:
                    run._begin()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # planned anew: another plan for the same people began at this moment
        except UniqueViolation:
            _logger.info("Campaign %s: another run has just been started, it comes first", self.id)
            self.next_run = fields.Datetime.now()
        except Exception as error:
            _logger.exception("Lead distribution: planning campaign %s failed", self.id)
            run = self._create_run(PlanRequest(), 0, Found(), {})
            run.origin = "schedule"
            run._fail(self.env._("Planning failed: %s", describe_error(error, self.env)))
