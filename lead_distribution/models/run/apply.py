import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...applying.applier import Applier
from ...applying.begin import begin, close_without_figures
from ...applying.locks import beside_live, only_one
from ...applying.reverter import Reverter
from ...applying.rotation import turn_rotation
from ...applying.values import prepare_lead_values
from ...live.queue import try_again
from ...names import MANAGERS
from ...planning.limits import has_limits
from ...planning.rows import count_put, count_rows, get_planned_rows, has_more_to_do
from ...planning.settled import count_new_turns, keep_turns
from ...planning.track import update_lines
from ...reporting.lists import keep_dropback_list
from ...reporting.mails import report
from ...reporting.notify import (
    add_warning,
    settle_what_went_well,
    tell_failure,
    tell_people,
    try_telling,
    warn_of_slowness,
)  # fmt: skip
from ...reporting.outcome import settle_dropback
from ...reporting.reverted import describe_reverted, tell_of_revert
from ...reporting.run_log import log_end
from ...reporting.todos import REVERT, raise_todo, settle
from ...work.errors import describe_error
from ...work.inside import with_own_context
from ...work.monitor import Monitor
from ...work.rights import check_manager
from ...work.scheduler import get_scheduled
from ...work.system import as_system
from ...work.transactions import commit, retry

_logger = logging.getLogger(__name__)

DISTRIBUTE = "lead_distribution.ir_cron_distribute"
AT_ONCE = 2000  # leads that a click applies before it answers; more go to the background
MOST_FAILURES = 5  # times that the scheduler goes on with a run that ends in an error


class LeadDistributionRun(models.Model):
    """What can be done with a plan: apply it, go on with it, stop it, take it back. The work is in ``applying/``."""

    _inherit = "lead.distribution.run"

    conflict_count = fields.Integer(string="Conflicts", help="How often another transaction was in the way.")
    failure_count = fields.Integer(string="Errors while applying", readonly=True, help="How often it could not go on.")
    invalid_count = fields.Integer(string="Refused leads", help="Whose values Odoo or an addon refused.")
    leads_kept = fields.Integer(
        string="Not put back", readonly=True, help="Leads of a reverted run that stayed where the run had put them."
    )

    can_go_on = fields.Boolean(
        compute="_compute_can_go_on",
        compute_sudo=True,
        string="Can go on",
        help="The run was given up, and some of its leads are still planned.",
        groups=MANAGERS,
    )
    settled = fields.Json(
        prefetch=False,
        readonly=True,
        copy=False,
        help="What was counted as turns, and told, when the run was given up: each lead counts once.",
        groups=MANAGERS,
        string="Counted and told",
    )
    leads_put_back = fields.Integer(
        string="Put back",
        compute="_compute_leads_put_back",
        store=True,
        help="Leads of a reverted run that are where they were before.",
    )
    revert_summary = fields.Char(compute="_compute_revert_summary", groups=MANAGERS)

    @api.depends("state", "leads_done", "leads_dropped_back", "leads_kept")
    def _compute_leads_put_back(self):
        for run in self:
            handed_out = run.leads_done + run.leads_dropped_back
            run.leads_put_back = handed_out - run.leads_kept if run.state == "reverted" else 0

    def _compute_can_go_on(self):
        for run in self:
            run.can_go_on = has_more_to_do(run)

    def _compute_revert_summary(self):
        for run in self:
            run.revert_summary = describe_reverted(run) if run.state == "reverted" else False

    def action_apply(self):
        """Apply planned runs to the end; also goes on with runs that were cut off.

        Commits after every batch.

        :raise UserError: for a run that is neither planned, nor being applied
        """
        check_manager(self.campaign_id)
        for run in with_own_context(as_system(self)):
            applier = run._get_applier()
            ways = (run.campaign_id, *run.experiment_id.variant_id)  # each may have limits of its own
            if any(has_limits(campaign, run.member_line_ids.user_id) for campaign in ways):
                commit(run.env)  # a conflict of plans for the same people, see claim_rooms, must not undo it
            with beside_live(run.env):
                applier.begin(run._begin)
                applier.commit()  # a conflict in the first batch must not undo the plan
            run._continue_applying()
        return True

    def action_start(self):
        """Apply a planned run; a large one in the background, with its progress shown."""
        self.ensure_one()
        if self.leads_planned + self.leads_dropped_back <= AT_ONCE:
            return self.action_apply()
        check_manager(self.campaign_id)
        scheduled = get_scheduled(self.env, DISTRIBUTE)
        with beside_live(self.env):
            with_own_context(as_system(self))._begin()
        scheduled._trigger()
        return True

    def action_cancel(self):
        """Discard a plan, or stop a run that is being applied; what is done stays done."""
        check_manager(self.campaign_id)
        self._check_may_cancel()
        for run in with_own_context(as_system(self)):
            if run.state == "applying" and run.import_batch_id.state in ("importing", "failed"):
                run.import_batch_id._stop()
                continue
            with beside_live(run.env):
                run._check_may_cancel()  # who had to wait may come too late: nothing is closed twice
                get_planned_rows(run).write({"state": "skipped", "note": self.env._("The run was cancelled.")})
                self.env.flush_all()
                run._close("cancelled")
        return True

    def _check_may_cancel(self):
        """Refuse to cancel what is over.

        :raise UserError: if it is
        """
        self.invalidate_recordset(["state"])
        if any(run.state not in ("planned", "applying") for run in self):
            raise UserError(self.env._("Only a run that is not finished can be cancelled."))

    def action_revert(self):
        """Put the leads of an applied run back where they came from.

        A lead somebody has worked on since stays where it is, and its row says why.
        Commits after every batch, and can be called again: for what was cut off, and for leads
        that could not be put back the time before.

        :raise UserError: if nothing can be put back, or somebody else is doing it at this moment
        """
        check_manager(self.campaign_id)
        for run in with_own_context(as_system(self)):
            run._check_may_revert()
            with only_one(self.env, f"lead.distribution.run.revert:{run.id}") as is_mine:
                if not is_mine:
                    raise UserError(self.env._("“%s” is being reverted by somebody else at this moment.", run.name))
                run._put_back()
        return True

    def action_ask_revert(self):
        """Ask before reverting: how many leads would go back, how many stay, and why."""
        self.ensure_one()
        return self.env["lead.distribution.revert"]._open(self)

    def _start_revert(self):
        """Revert at once; a large run in the background, with its progress shown.

        :return: whether it is done
        """
        self.ensure_one()
        if self.leads_done + self.leads_dropped_back <= AT_ONCE:
            return self.action_revert()
        check_manager(self.campaign_id)
        run, scheduled = as_system(self), get_scheduled(self.env, DISTRIBUTE)
        run._check_may_revert()
        Reverter(run).begin()
        scheduled._trigger()
        return False

    def _check_may_revert(self):
        """Refuse to revert what has handed out nothing, or everything of which is back.

        :raise UserError: in these cases
        """
        is_over = self.state in ("done", "cancelled", "failed", "reverted")
        if not is_over or not (self.reverting_since or count_put(self)):
            raise UserError(self.env._("Only a run that has handed out leads can be reverted."))

    def _put_back(self):
        """Revert, tell whom it concerns, and forget that it was begun; the caller sees to it that nobody else does.

        :return: whether it came to the end; otherwise the scheduler's time is up
        """
        if not Reverter(self).revert_all():
            return False
        retry(self.env, self._end_reverting)
        commit(self.env)
        return True

    def _end_reverting(self):
        try_telling(self, tell_of_revert)
        settle(self.campaign_id, REVERT, why=self.env._("%s is reverted.", self.name))
        self.reverting_since = False
        try_again(self.env)  # there is room again

    def _go_on_reverting(self):
        """Put back what is left, for the scheduler; a revert that ends in an error is given up, and told.

        :return: whether it is done, or in the hands of another process
        """
        run = self._speak_to_reader()
        try:
            with only_one(self.env, f"lead.distribution.run.revert:{self.id}") as is_mine:
                return not is_mine or run._put_back()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.warning("Run %s: others were in the way, its revert goes on later", self.id, exc_info=True)
            self.env.cr.rollback()
        except Exception as error:
            _logger.exception("Lead distribution: reverting run %s could not go on", self.id)
            self.env.cr.rollback()
            retry(self.env, run._give_up_reverting, describe_error(error, run.env))
        commit(self.env)
        return True

    def _give_up_reverting(self, reason):
        self.reverting_since = False
        text = self.env._("Putting back the leads stopped: %s", reason)
        add_warning(self, text)
        raise_todo(self.campaign_id, REVERT, [self.name, text])

    def _begin(self):
        """Mark a run as being applied; one that was given up is gone on with."""
        self.ensure_one()
        self.invalidate_recordset(["state"])
        if self.state != "applying":
            begin(self)

    def _continue_applying(self):
        """Apply what is planned, batch by batch, until nothing is left or the scheduler's time is up.

        :return: whether the run is finished, or in the hands of other processes
        """
        self.ensure_one()
        if self.origin == "import":
            return True  # the import itself goes on with its run
        return self._get_applier().apply_all()

    def _apply_next_batch(self, last_id):
        """Apply the next rows after ``last_id`` in this transaction; return how many, and the id of the last."""
        return self._get_applier().apply_next(last_id)

    def _get_applier(self):
        return Applier(self, self._prepare_lead_values, self._close)

    def _prepare_lead_values(self, row, shared):
        """Return what is written on a lead that is handed out. Meant to be extended.

        :param row: the assignment
        :param shared: what is written on all leads of a batch
        """
        return prepare_lead_values(self.campaign_id, row, shared)

    def _close(self, state, reason=None):
        """End a run: all that happens then, in its order.

        People are told when the figures are complete; what fails of the telling costs the run nothing.
        Of a plan that is discarded there is nothing to tell.

        :param reason: in words, if it is no good end
        """
        monitor, is_discarded = Monitor(self.env.cr), self.state == "planned"
        with monitor.step("close"):
            received = count_rows(self)
            self.write({"state": state, "finished_on": fields.Datetime.now(), "leads_done": sum(received.values())})
            if reason:
                self.error = reason
            settle_dropback(self)
            self._update_left_over()
            update_lines(self)
            for arm, turns in count_new_turns(self).items():
                turn_rotation(self, turns, 1, arm)
            keep_turns(self)
            self._update_summary()
            warn_of_slowness(self)
            if not is_discarded:
                try_telling(self, tell_people)
                try_telling(self, keep_dropback_list)
                try_telling(self, report)
                try_telling(self, settle_what_went_well)
        self.steps = monitor.add_to(self.steps, f"Run {self.id}")
        log_end(self)
        try_again(self.env)  # what was planned and not handed out makes room

    def _fail(self, reason):
        """End a run that never began. Whoever planned it sees that; others are told by ``refuse_impossible``."""
        self.write({"state": "failed", "error": reason, "finished_on": fields.Datetime.now()})
        log_end(self)

    @api.private
    def refuse_impossible(self):
        """End a run that was to hand out leads and has no plan: it has failed, and the responsible gets a to-do.

        A simulation without a plan is none of this: whoever asked for it reads what is missing.
        """
        if self.state == "planned" and self.error:
            self._fail(self.error)
        if self.state == "failed":
            try_telling(self, tell_failure)

    def _leave_to_others(self):
        """See to it that others go on with a run that is being applied. Meant to be extended, as that of campaigns.

        :return: whether they do; otherwise the scheduled action does
        """
        return False

    def _is_with_others(self):
        """Leave a run to others, if there are any who go on with it; say whether the scheduler has no part in it."""
        run = self._speak_to_reader()
        is_theirs = run._try_for_scheduler(run._leave_to_others)
        if is_theirs:
            commit(self.env)  # an error of the next run does not undo it
        return is_theirs

    def _go_on(self):
        """Apply what is left, for the scheduler.

        :return: whether the run is finished, in the hands of other processes, or has to wait
        """
        run = self._speak_to_reader()
        return run._try_for_scheduler(run._continue_applying)

    def _speak_to_reader(self):
        """Return the same run in the language of the person who is responsible; the scheduler has none."""
        return self.with_context(lang=self.campaign_id.user_id.lang or self.env.lang)

    def _try_for_scheduler(self, step):
        """Do a step of going on: an error costs this run a try, and the others nothing.

        :return: what the step returns; True if it has to wait
        """
        try:
            return step()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            _logger.warning("Run %s: others were in the way, it goes on later", self.id, exc_info=True)
            self.env.cr.rollback()
        except Exception as error:
            _logger.exception("Lead distribution: run %s could not go on", self.id)
            self.env.cr.rollback()
            retry(self.env, self._count_failure, describe_error(error, self.env))
        commit(self.env)
        return True

    def _count_failure(self, reason):
        """Remember that a run could not go on; after ``MOST_FAILURES`` times it is given up."""
        self.invalidate_recordset(["state", "failure_count"])
        if self.state != "applying":
            return
        self.failure_count += 1
        if self.failure_count >= MOST_FAILURES:
            self._give_up(reason)

    def _give_up(self, reason):
        """End a run that cannot go on, and tell; what is planned still can be gone on with by its button."""
        text = self.env._(
            "The run was given up after %(count)s tries: %(error)s", count=self.failure_count, error=reason
        )
        try:
            with self.env.cr.savepoint():
                self._close("failed", text)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise
        except Exception:
            _logger.exception("Lead distribution: run %s could not be closed", self.id)
            close_without_figures(self, text)
        try_telling(self, tell_failure)
