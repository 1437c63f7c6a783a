import logging

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ...applying.locks import beside_live, only_one
from ...importing import ending, failing, going_on, plan, retention, running
from ...importing.answer import make_answer
from ...importing.callers import get_chosen_campaign, join_campaign
from ...importing.checking import check_in_background, check_leads
from ...importing.do_not_call import mark_do_not_call
from ...importing.lookups import make_lookups
from ...importing.request import find_earlier, get_digest, read_leads, read_request
from ...importing.row_table import WAITING, count_rows
from ...importing.session import start_session
from ...importing.undo import check_may_undo, undo
from ...planning.decide import list_columns
from ...planning.people import select
from ...planning.presence.look import explain_away
from ...planning.two_ways import Both, join_selections, list_columns_of_both
from ...work.inside import YES
from ...work.rights import check_manager
from ...work.scheduler import get_scheduled, is_time_up
from ...work.transactions import commit, retry

_logger = logging.getLogger(__name__)


class LeadImportBatch(models.Model):
    """Working on an import: a request, the plan, chunks, the end, stopping, undoing, and growing old."""

    _inherit = "lead.import.batch"

    @api.model
    def import_payload(self, payload, idempotency_key=None):
        """Import leads and hand them out evenly, at random, to the callers.

        One transaction: refused as a whole, nothing is written; otherwise each row that cannot
        be imported is told, and costs the others nothing.

        :param dict payload: ``campaign`` (id), ``leads`` (list of dicts with first_name, last_name,
            email, phone, address_line, city, state, country, zip, current_status), ``callers`` (user ids)
        :param str idempotency_key: the same key and payload again give the first answer again
        :return: dict with success, inserted_count, error_count, errors, assignees_added, assignee_ids,
            lead_assignments, unassigned (of rows that nobody could get), distribution_summary
        :raise ValidationError: for a request that is refused as a whole
        :raise AccessError: for users who are no sales managers
        """
        self._check_importer()
        request = read_request(self.env, payload)
        check_manager(request.campaign)
        request.refuse_problems()
        digest = get_digest(payload)
        earlier = find_earlier(self.env, idempotency_key, digest) if idempotency_key else self.browse()
        if earlier:
            return earlier.answer
        self.check_access("create")
        batch = self.sudo().create(  # company and channel are for code to say
            {
                "channel": "api", "campaign_id": request.campaign.id, "strategy": "random", "on_contact": "import",
                "company_id": (request.campaign.company_id or self.env.company).id,
                "idempotency_key": idempotency_key, "payload_hash": digest,
            }
        ).sudo(self.env.su)  # fmt: skip
        batch._check_callers(request.users)
        lookups = check_leads(batch, read_leads(request.leads))
        batch = batch.sudo()  # checked above; from here on it is history, which nobody edits
        batch._begin(request.users)
        batch._import_at_once(lookups)
        answer = make_answer(batch)
        batch.answer = answer
        return answer

    def _check_callers(self, users):
        """Refuse the import when one of the callers cannot be one; tells all of them."""
        if not users:
            raise ValidationError(self.env._("Choose at least one salesperson to receive the leads."))
        campaign = get_chosen_campaign(self).sudo()  # whoever imports need not see what people have
        members = {member.user_id: member for member in campaign.with_context(active_test=False).member_ids}
        problems = [
            f"{user.name}: {reason}" for user in users if (reason := self._explain_unfit(user, members.get(user)))
        ]
        if problems:
            raise ValidationError(self.env._("These people cannot receive leads: %s.", "; ".join(problems)))

    def _begin(self, users):
        """Plan, and mark as started."""
        self.ensure_one()
        run, _planned, kept = self._plan(users)
        counts = count_rows(self)
        rows_to_do = sum(counts.get(state, 0) for state in WAITING)
        self.write(
            {
                "state": "importing", "step": "result", "run_id": run.id, "seed": run.seed,
                "started_on": fields.Datetime.now(), "counts": counts, "rows_to_do": rows_to_do, "rows_done": 0,
                "figures": {**(self.figures or {}), **kept, "callers": users.ids},
            }
        )  # fmt: skip
        _logger.info("Import %s started by user %s: %s rows for %s callers, run %s", self.id, self.user_id.id,
                     rows_to_do, len(users), run.id)  # fmt: skip

    def _plan(self, users, on_rows=True):
        """Create the run of this import and decide who gets which row.

        :param on_rows: write it on the rows, too
        :return: (run, see ``Planned``, {"added": ids of the callers who join the campaign, "left_out": {name: why} of
            those who get nothing})
        """
        added = join_campaign(self, users)
        campaign = self.campaign_id.sudo().with_context(active_test=False)  # plans look at all leads of all people
        selection, both = _choose_callers(self, campaign, users)
        members, left_out = selection
        if not members:
            reasons = "; ".join(f"{name}: {reason}" for name, reason in left_out.items())
            raise ValidationError(self.env._("Nobody can receive the leads: %s.", reasons))
        mark_do_not_call(self)
        run = plan.create_run(self, left_out, both)
        if both:
            looked_at = [name for each in both.arms.campaigns.values() for name in each._get_rule_fields()]
            columns = list_columns_of_both(both.arms, looked_at, both.strategies.values())
        else:
            columns = list_columns(campaign, campaign._get_rule_fields(), [self.strategy])
        task = plan.make_task(run, columns, members, both)
        planned = campaign._make_plan(run, task)
        if planned is None:
            raise ValidationError(run.error)
        strategies = plan.keep_plan(run, task, planned, on_rows)
        return run, planned, {"added": added.user_id.ids, "left_out": left_out, "strategies": strategies}

    def _start_session(self, lookups=None):
        """Return what all chunks need: people, teams and stages are looked up once.

        :param lookups: those of the check, if it was made just now
        """
        return start_session(self, self._prepare_lead, lookups or make_lookups(self))

    def _import_at_once(self, lookups=None):
        """Import all rows in the transaction of the caller."""
        running.import_at_once(self._start_session(lookups))
        self._finish("done")

    def _import_in_steps(self):
        """Import rows, commit after each chunk; stop when the scheduler's time is up.

        :return: whether nothing is left to do
        """
        if not running.import_in_steps(self._start_session()):
            return False
        self._finish_if_done()
        return True

    def _import_part(self, first, last):
        """Import the rows between two numbers while other processes import others; return how many were settled."""
        return running.import_part(self._start_session(), first, last)

    def _finish_if_done(self):
        """Close the import unless another process still works on rows of it. Commits."""
        with beside_live(self.env):
            retry(self.env, self._take_end)
            commit(self.env)

    def _take_end(self):
        state = running.take_end(self)
        if state:
            self._finish(state)

    def _finish(self, state):
        """Close the run and the batch, and tell whoever started it."""
        counts, run = count_rows(self), self.run_id.sudo()
        if run.state == "applying":
            run.applying_seconds = ending.get_seconds(self)
            run._close(state)
        ending.note_end(self, state, counts)
        if self.channel == "file" and self._is_in_background():
            ending.notify_importer(self)

    def _stop(self):
        """Stop an import; what is done stays done. Commits.

        Rows that nobody has in hand are cancelled at once. Whoever has the others in hand closes the import.
        """
        running.mark_stopping(self)
        self._finish_if_done()
        if self.state == "importing":
            running.wake_scheduler(self.env)

    def _as_importer(self):
        """Return the import in the name of the person who started it, and in the language of the file's words."""
        batch = self.with_context(lang=self.user_id.lang or self.env.lang)  # the scheduler has none
        return batch.with_user(self.user_id).with_company(self.company_id).sudo()

    @api.model
    def _cron_import(self):
        """Go on with every check and import that is not finished; a killed one, too.

        The work is done in the name of the person who started it. All that the scheduler does stands here; who
        works on an import instead says so by ``_leave_to_others``.
        """
        batches = self.search([("state", "in", ("checking", "importing"))], order="id")
        cron = self.env["ir.cron"]
        if is_time_up(self.env):
            running.wake_scheduler(self.env)  # at once, not after a minute
            cron._commit_progress(remaining=len(batches))
            return
        theirs = batches.filtered(lambda batch: batch._as_importer()._leave_to_others())
        cron._commit_progress(remaining=sum(batch.rows_to_do - batch.rows_done or 1 for batch in batches - theirs))
        for batch in batches - theirs:
            if not batch._as_importer()._work():
                break
        left = self.search_count([("state", "in", ("checking", "importing")), ("id", "not in", theirs.ids)])
        if left:
            running.wake_scheduler(self.env)
        cron._commit_progress(remaining=left)

    def _leave_to_others(self):
        """See to it that others check or import the rows. Meant to be extended, by an addon that has a queue of jobs.

        :return: whether they do; otherwise the scheduled action does
        """
        return False

    def _work(self):
        """Do what this import waits for; an error that is none of its rows stops it, with the reason. Commits.

        :return: whether others may have their turn; otherwise the time is up
        """
        running.mark_working(self)
        try:
            is_done = check_in_background(self) if self.state == "checking" else self._import_in_steps()
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            self.env.cr.rollback()
            is_done = False  # the scheduler calls again
        except Exception as error:
            failing.note_error(self, error)
            is_done = True
        if self.state == "failed":
            failing.tell_failure(self)
        running.unmark_working(self)
        return is_done

    def action_cancel(self):
        """Stop a check or an import; what is imported stays, and can be undone."""
        self.ensure_one()
        self._check_importer()
        if self.state == "checking":
            stopped = {"state": "draft", "step": "columns", "compared_by": False}
            self.sudo().write(stopped)  # nobody writes the state by hand
        elif self.state == "importing":
            self.sudo()._stop()  # it is history, which nobody edits
        else:
            raise UserError(self.env._("Nothing is running."))
        return True

    def action_resume(self):
        """Go on with an import that an error has stopped."""
        self.ensure_one()
        self._check_importer()
        if self.state != "failed":
            raise UserError(self.env._("Only an import that has failed can go on."))
        scheduled = get_scheduled(self.env, running.IMPORT)  # refuses before anything is done
        batch = self.sudo()  # it is history, which nobody edits
        with beside_live(self.env):
            going_on.take_from_full(batch)
            batch.write({"state": "importing", "error": False, "finished_on": False})
        scheduled._trigger()
        return True

    def action_undo(self):
        """Take an import back while it is recent. Commits after every chunk, and can be called again.

        Leads somebody has worked on stay, and their rows say why. For those that somebody was
        changing at that moment it can be called again, as for what was cut off.
        """
        self.ensure_one()
        self._check_importer()
        check_may_undo(self)
        with only_one(self.env, f"lead.import.batch.undo:{self.id}") as is_mine:
            if not is_mine:
                raise UserError(self.env._("“%s” is being undone by somebody else at this moment.", self.name))
            batch = self.sudo()  # leads of other people, and history
            batch._give_up()
            undo(batch, batch._explain_kept_lead)
        return True

    @api.autovacuum
    def _gc_imports(self):
        """Remove one old import of each campaign; the clean-up calls again while some remain.

        :return: (imports removed, imports that remain)
        """
        done = remaining = 0
        for batches in retention.find_expired(self.env):
            for batch in batches[:1]:
                batch._give_up()
                retention.archive(batch)
                batch.with_context(lead_distribution_clean_up=YES).unlink()
            done, remaining = done + len(batches[:1]), remaining + len(batches[1:])
        return done, remaining

    @api.autovacuum
    def _gc_failed_imports(self):
        """Remove an old import that stopped before its first lead; the clean-up calls again while some remain."""
        batch = retention.find_stillborn(self.env)
        if batch:
            batch._give_up()
            batch.with_context(lead_distribution_clean_up=YES).unlink()
        return len(batch), len(batch)

    @api.autovacuum
    def _gc_import_personal_data(self):
        """Take the personal data out of one import of each campaign that is past its number of days."""
        done = remaining = 0
        for batches in retention.find_unmasked(self.env):
            for batch in batches[:1]:
                batch._give_up()
                retention.mask(batch)
            done, remaining = done + len(batches[:1]), remaining + len(batches[1:])
        return done, remaining

    def _give_up(self):
        """Stop an import that failed and that nobody goes on with: its run ends, too."""
        if self.state == "failed":
            self._stop()


def _choose_callers(batch, campaign, users):
    """Return (who receives the leads, see ``Selection``; ``Both`` where an experiment deals them, else None).

    Where none of the callers takes part in one of the ways, who was chosen decides, not chance.
    """
    selection, arms = _select(campaign, users), plan.find_ways(batch)
    if not arms:
        return selection, None
    by_b = _select(arms.campaigns["b"].with_context(active_test=False), users)
    if not (selection.members and by_b.members):
        return selection, None
    selections = {"a": selection, "b": by_b}
    members = {arm: own.members for arm, own in selections.items()}
    return join_selections(selections), Both(arms, members, arms.strategies)


def _select(campaign, users):
    """Return who of some users can receive leads as members of a campaign, see ``Selection``."""
    callers = campaign.member_ids.filtered(lambda member: member.user_id in users)
    away = explain_away(campaign, callers)
    reasons = {member: campaign._explain_left_out(member) or away.get(member) for member in callers}
    return select(reasons, callers, ())
