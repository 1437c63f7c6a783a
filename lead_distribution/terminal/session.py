# pylint: disable=print-used,invalid-commit,prefer-env-translation
"""One call of ``odoo dailydist``: load or find the campaign, plan or distribute, print, report, verify."""

import json
import logging
import os
import random
import sys
from functools import partial
from pathlib import Path

from odoo.exceptions import UserError

from ..planning.rows import count_planned, find_unfinished
from ..reporting.readable import Readable
from ..reporting.verify import describe_unassigned, describe_waiting, leave_out
from ..work.inside import Inside
from ..work.rights import check_manager
from ..work.system import as_system
from ..work.transactions import retry
from .campaigns import dump, get_campaign, load, validate
from .comparison import compare
from .console import Console
from .progress import Progress
from .report_file import ReportFile
from .usage import find_ignored

_logger = logging.getLogger(__name__)


class Session:
    """Runs with the rights of one user. Whatever happens on a dry run is undone at its end."""

    def __init__(self, env, args):
        self.args = args
        self.env = _prepare_env(env, args.user)
        self.console = Console(self.env, args.log_level)
        self.campaigns = self.env["lead.distribution.campaign"]

    def run(self):
        """Return the exit code."""
        args = self.args
        self.console.tell_ignored(find_ignored(args))
        if args.validate:
            code = validate(self.campaigns, args)
            self.env.cr.rollback()
            return int(code)
        campaign = self._retry(get_campaign, self.campaigns, args, self.console)
        if args.dump_config:
            dump(campaign, args)
            self.env.cr.rollback()
            return 0
        self._check_active(campaign)
        if args.simulate_against is not None:
            plans = self._plan_all(campaign)
            self.env.cr.rollback()
            return self._print_plans(plans)
        return self._run(campaign)

    def _retry(self, step, *arguments):
        return retry(self.env, step, *arguments, delay=_choose_wait)

    def _check_active(self, campaign):
        """A campaign that is switched off hands out nothing; a configuration that says so is kept."""
        if campaign.active:
            return
        if not self.args.dry_run and self.args.simulate_against is None:
            self.env.cr.commit()
        raise UserError(self.env._("The campaign “%s” is not active.", campaign.name))

    def _plan_all(self, campaign):
        """Return {name: plan} of the campaign, of other strategies, or of another configuration."""
        options = {"seed": 1, **self._get_options()}
        own = "round_robin" if self.args.force_round_robin else self.args.strategy or campaign.strategy
        plans = {own: campaign.simulate(**options).to_dict()}
        options.pop("force_round_robin", None)  # what is named is compared
        against = self.args.simulate_against
        if Path(against).suffix in (".yaml", ".yml", ".json"):
            other = load(self.campaigns, against, self.console)
            return {**plans, against: other.simulate(**options).to_dict()}
        for name in filter(None, (part.strip() for part in against.split(","))):
            plans[name] = campaign.simulate(**{**options, "strategy": name}).to_dict()
        return plans

    def _print_plans(self, plans):
        if self.args.json:
            print(json.dumps(plans, ensure_ascii=False, indent=2, default=str))
        else:
            print(compare(plans, Readable(self.env), self.env._))
        return int(any(plan["error"] for plan in plans.values()))

    def _get_options(self):
        args = self.args
        first, last = args.override_date_range or (None, None)
        options = {
            "max_leads": args.max_leads, "date_from": first, "date_to": last, "strategy": args.strategy,
            "seed": args.seed, "force_round_robin": args.force_round_robin or None,
        }  # fmt: skip
        return {name: value for name, value in options.items() if value is not None}

    def _run(self, campaign):
        is_dry = self.args.dry_run or campaign.plan_only
        report = self._prepare_report(campaign, is_dry=is_dry)
        if is_dry:
            run = campaign.simulate(**self._get_options())
        else:
            self.env.cr.commit()  # the configuration, whatever becomes of the run
            run = self._distribute(campaign)
        self._print_result(run, is_kept=not is_dry)
        if report.is_wanted:
            self._try(partial(self._write_report, report), run, self.env._("The report could not be written: %s"))
        return self._end_dry_run(run) if is_dry else self._finish(campaign, run)

    def _prepare_report(self, campaign, *, is_dry):
        """Look for what could go wrong with the report, before anything is handed out."""
        report = ReportFile(campaign, self.args)
        self.console.tell_ignored(report.find_ignored())
        report.prepare()
        if is_dry and not self.args.dry_run:
            self.console.warn(self.env._("The campaign only plans (execution.dry_run): nothing is handed out."))
            given = {"--email-notification": self.args.email_notification, "--verify": self.args.verify}
            self.console.tell_ignored(name for name, is_given in given.items() if is_given)
        return report

    def _distribute(self, campaign):
        run = self._get_run(campaign)
        self.env.cr.commit()
        if run.state in ("planned", "applying"):
            with Progress(count_planned(run), sys.stderr) as progress:
                run.with_context(lead_distribution_progress=Inside(progress.advance)).action_apply()
            self.env.cr.commit()
        return run

    def _get_run(self, campaign):
        """Return the run to apply: one that was interrupted, unless it is to be cancelled, else a new plan."""
        check_manager(campaign)
        unfinished = find_unfinished(as_system(campaign))[:1]
        if unfinished and not self.args.cancel_unfinished:
            text = self.env._(
                "Going on with %s, which is still being applied; --cancel-unfinished stops it and plans anew.",
                unfinished.name,
            )
            self.console.say(text)
            return unfinished
        if unfinished:
            self._retry(unfinished.action_cancel)
            self.env.cr.commit()
            self.console.say(self.env._("Cancelled: %s", unfinished.name))
        run = self._retry(partial(campaign.simulate, **self._get_options()))
        run.refuse_impossible()
        return run

    def _print_result(self, run, *, is_kept):
        if self.args.json:
            text = json.dumps(run.to_dict(), ensure_ascii=False, indent=2, default=str) + "\n"
        else:
            color = sys.stdout.isatty() and "NO_COLOR" not in os.environ
            text = run.get_text_report(color=color, is_kept=is_kept)
        try:
            print(text, end="", flush=True)
        except OSError as error:  # a reader who has stopped reading, a full disk
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            self.console.warn(self.env._("The result could not be printed: %s", error.strerror))

    def _try(self, step, run, complaint):
        """Do something that the run does not depend on; an error is told, and nothing of it stays."""
        try:
            with self.env.cr.savepoint():
                step(run)
        except Exception as error:
            _logger.debug("After run %s", run.id, exc_info=True)
            self.console.warn(complaint % (getattr(error, "strerror", None) or error))

    def _write_report(self, report, run):
        self.console.say(self.env._("Report written: %s", report.save(run)))

    def _end_dry_run(self, run):
        code = self._tell_failure(run)
        self.env.cr.rollback()
        return code

    def _finish(self, campaign, run):
        """Send and verify what is wanted. The run is done: what goes wrong here is told, and changes nothing of it."""
        if self._wants_mail(campaign):
            self._try(self._send, run, self.env._("The report could not be sent: %s"))
            self.env.cr.commit()
        code = self._tell_failure(run)
        return code if not self.args.verify or self._verify(campaign) else 1

    def _tell_failure(self, run):
        """Return the exit code of a run."""
        if run.state not in ("failed", "planned") or not run.error:
            return 0
        self.console.say(f"error: {run.error}")
        return 1

    def _wants_mail(self, campaign):
        return self.args.email_notification or campaign.report_mail == "run"

    def _send(self, run):
        """Send the report; one that the campaign has sent after this run anyway is not sent twice."""
        if run.is_applied and run.campaign_id.report_mail == "run":
            return
        told = run.warnings or []
        run.action_send_report()
        for warning in run.warnings or []:
            if warning not in told:
                self.console.warn(warning)

    def _verify(self, campaign):
        """Tell what is not as it should be; return whether every lead is where the history says.

        Leads that the run left over are told, but they are no contradiction: whoever starts again because of them
        passes the limits that left them.
        """
        result = campaign.verify_assignments()
        left = describe_unassigned(self.env, leave_out(result["unassigned"], result["waiting"]))
        wrong = [problem for problem in result["problems"] if problem != left]
        waiting = [describe_waiting(self.env, len(result["waiting"]))] if result["waiting"] else []
        for text in (*result["problems"], *waiting):
            self.console.say(f"verify: {text}")
        if not wrong:
            self.console.say(self.env._("verify: every lead is where the history says."))
        return not wrong


def _choose_wait(conflicts):
    """Return seconds by chance, so that two commands that were in each other's way do not meet again."""
    return random.uniform(0, conflicts)


def _prepare_env(env, login):
    """Return the environment of a user with the user's language and companies; without one, the system's."""
    user = env["res.users"].search([("login", "=", login)], limit=1) if login is not None else env.user
    if not user:
        raise UserError(env._("There is no user with the login “%s”.", login))
    companies = user.company_id + (user.company_ids - user.company_id)
    context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": companies.ids}
    return env(user=user.id, su=login is None, context=context)
