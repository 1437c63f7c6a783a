# pylint: disable=print-used,invalid-commit,prefer-env-translation
"""One call of ``odoo dailydist``: load or find the campaign, plan or distribute, print, report, verify."""

import json
import logging
import os
import random
import sys
import time
from functools import partial
from pathlib import Path

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..planning.rows import count_planned, find_unfinished
from ..reporting.verify import describe_unassigned
from ..work.inside import Inside
from .comparison import compare
from .folder import Folder
from .log_level import apply_log_level
from .progress import Progress
from .report_file import ReportFile
from .text_file import write_text
from .usage import find_ignored

_logger = logging.getLogger(__name__)

TRIES = 5


class Session:
    """Runs with the rights of one user. Whatever happens on a dry run is undone at its end."""

    def __init__(self, env, args):
        self.args = args
        self.env = self._prepare_env(env)
        self.campaigns = self.env["lead.distribution.campaign"]

    def _prepare_env(self, env):
        user = env.user
        if self.args.user:
            user = env["res.users"].search([("login", "=", self.args.user)], limit=1)
            if not user:
                raise UserError(env._("There is no user with the login “%s”.", self.args.user))
        companies = user.company_id + (user.company_ids - user.company_id)
        context = {"lang": user.lang, "tz": user.tz, "allowed_company_ids": companies.ids}
        return env(user=user.id, su=not self.args.user, context=context)

    def run(self):
        """Return the exit code."""
        args = self.args
        self._tell_ignored(find_ignored(args))
        if args.validate:
            return self._validate()
        campaign = self._retrying(self._get_campaign)
        if args.dump_config:
            return self._dump(campaign)
        self._check_active(campaign)
        is_dry = args.dry_run or campaign.plan_only or bool(args.simulate_against)
        if not args.simulate_against:
            self._prepare_report(campaign, is_dry=is_dry)
        if args.simulate_against:
            code = self._compare(campaign)
        elif is_dry:
            code = self._finish(campaign, campaign.simulate(**self._get_options()), is_dry=True)
        else:
            self.env.cr.commit()  # the configuration, whatever becomes of the run
            code = self._distribute(campaign)
        if is_dry:
            self.env.cr.rollback()
        return code

    def _warn(self, text):
        """Say what is not as somebody expects it; the level ERROR keeps it quiet."""
        if self.args.log_level != "ERROR":
            print(f"warning: {text}", file=sys.stderr)

    def _tell_ignored(self, names):
        for name in names:
            self._warn(self.env._("%s has no effect here.", name))

    def _follow_log_level(self, campaign):
        """Show what the campaign says (``execution.log_level``), if the command line says nothing."""
        level = ((campaign.config_options or {}).get("execution.log_level") or "").upper()
        if level and not self.args.log_level:
            self.args.log_level = level
            apply_log_level(level)

    def _check_active(self, campaign):
        """A campaign that is switched off hands out nothing; a configuration that says so is kept."""
        if campaign.active:
            return
        if not (self.args.dry_run or self.args.simulate_against):
            self.env.cr.commit()
        raise UserError(self.env._("The campaign “%s” is not active.", campaign.name))

    def _prepare_report(self, campaign, *, is_dry):
        """Look for what could go wrong with the report, before anything is handed out."""
        self.report = ReportFile(campaign, self.args)
        self._tell_ignored(self.report.find_ignored())
        self.report.prepare()
        if is_dry and campaign.plan_only and not self.args.dry_run:
            self._warn(self.env._("The campaign only plans (execution.dry_run): nothing is handed out."))
            self._tell_ignored(name for name in ("--email-notification", "--verify")
                               if getattr(self.args, name[2:].replace("-", "_")))  # fmt: skip

    def _retrying(self, step):
        """Do a step again if another transaction was in its way. Commits nothing."""
        for attempt in range(1, TRIES + 1):
            try:
                result = step()
                self.env.flush_all()
                return result
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == TRIES:
                    raise
                time.sleep(random.uniform(0, attempt))
        return None

    def _get_campaign(self):
        args = self.args
        if args.config:
            return self._load(args.config)
        found = self.campaigns.with_context(active_test=False).search([("name", "=", args.campaign)])
        found = found.filtered("active") or found
        if not found:
            raise UserError(self.env._("There is no campaign “%s”.", args.campaign))
        if len(found) > 1:
            raise UserError(self.env._("There are several campaigns “%s”: name the user with --user.", args.campaign))
        found = self.campaigns.browse(found.id)
        found._check_manager()
        self._follow_log_level(found)
        return found

    def _read(self, path):
        path = Path(path)
        return path.read_bytes(), Folder(path)

    def _load(self, path):
        source, files = self._read(path)
        try:
            campaign = self.campaigns.load_config(source, files, dict(os.environ))
        except ValidationError as error:
            error.args = (f"{path}: {error}",)
            raise
        self._follow_log_level(campaign)
        for message in campaign.config_report or []:
            if message["kind"] in ("warning", "person"):
                place = f"{message['path']} (line {message['line']})" if message["line"] else message["path"]
                self._warn(f"{place}: {message['text']}")
        return campaign

    def _validate(self):
        source, files = self._read(self.args.config)
        result = self.campaigns.check_config(source, files, dict(os.environ))
        self.env.cr.rollback()
        if self.args.json:
            print(json.dumps(result, ensure_ascii=False, indent=2))
        else:
            self._print_check(result)
        return 1 if result["problems"] else 0

    def _print_check(self, result):
        _ = self.env._
        for title, lines in (
            (_("Problems"), result["problems"]),
            (_("Warnings"), result["warnings"]),
            (_("Not needed in Odoo"), result["unneeded"]),
            (_("Notes"), result["notes"]),
        ):
            if lines:
                print(f"{title}:", *(f"  {line}" for line in lines), sep="\n")
        names = {"path": self.args.config, "name": result["campaign"]}
        if not result["problems"] and result["ready"]:
            print(_("%(path)s is right: campaign “%(name)s”.", **names))
        elif not result["problems"]:
            print(_("%(path)s can be loaded, but the campaign “%(name)s” has no people.", **names))

    def _dump(self, campaign):
        text = campaign.dump_config()
        if self.args.output:
            write_text(self.args.output, text, force=self.args.force)
        else:
            print(text, end="")
        self.env.cr.rollback()
        return 0

    def _get_options(self):
        args = self.args
        first, last = args.override_date_range or (None, None)
        options = {
            "max_leads": args.max_leads, "date_from": first, "date_to": last, "strategy": args.strategy,
            "seed": args.seed, "force_round_robin": args.force_round_robin or None,
        }  # fmt: skip
        return {name: value for name, value in options.items() if value is not None}

    def _distribute(self, campaign):
        run = self._get_run(campaign)
        self.env.cr.commit()
        if run.state in ("planned", "applying"):
            total = count_planned(run)
            with Progress(total, sys.stderr) as progress:
                run.with_context(lead_distribution_progress=Inside(progress.advance)).action_apply()
            self.env.cr.commit()
        return self._finish(campaign, run, is_dry=False)

    def _get_run(self, campaign):
        """Return the run to apply: one that was interrupted, unless it is to be cancelled, else a new plan."""
        unfinished = find_unfinished(campaign)[:1]
        if not unfinished:
            return self._retrying(partial(campaign.simulate, **self._get_options()))
        if self.args.cancel_unfinished:
            self._retrying(unfinished.action_cancel)
            self.env.cr.commit()
            print(self.env._("Cancelled: %s", unfinished.name), file=sys.stderr)
            return self._retrying(partial(campaign.simulate, **self._get_options()))
        text = self.env._(
            "Going on with %s, which is still being applied; --cancel-unfinished stops it and plans anew.",
            unfinished.name,
        )
        print(text, file=sys.stderr)
        return unfinished

    def _finish(self, campaign, run, *, is_dry):
        """Show the result. The run is done by now: what goes wrong here is told, and changes nothing about that."""
        self._print_result(run, is_kept=not is_dry)
        if self.report.is_wanted:
            self._try(self._write_report, run, self.env._("The report could not be written: %s"))
        if not is_dry and self._wants_mail(campaign):
            self._try(self._send, run, self.env._("The report could not be sent: %s"))
            self.env.cr.commit()
        failed = run.state == "failed"
        if failed:
            print(f"error: {run.error}", file=sys.stderr)
        if self.args.verify and not is_dry:
            failed = not self._verify(campaign) or failed
        return 1 if failed else 0

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
            self._warn(self.env._("The result could not be printed: %s", error.strerror))

    def _try(self, step, run, complaint):
        """Do something that the run does not depend on; an error is told, and nothing of it stays."""
        try:
            with self.env.cr.savepoint():
                step(run)
        except Exception as error:
            _logger.debug("After run %s", run.id, exc_info=True)
            self._warn(complaint % (getattr(error, "strerror", None) or error))

    def _write_report(self, run):
        print(self.env._("Report written: %s", self.report.save(run)), file=sys.stderr)

    def _wants_mail(self, campaign):
        options = campaign.config_options or {}
        return self.args.email_notification or options.get("reporting.email_notification")

    def _send(self, run):
        """Send the report; one that the campaign has sent after this run anyway is not sent twice."""
        if run.is_applied and run.campaign_id.report_mail == "run":
            return
        told = run.warnings or []
        run.action_send_report()
        for warning in run.warnings or []:
            if warning not in told:
                self._warn(warning)

    def _verify(self, campaign):
        """Tell what is not as it should be; return whether every lead is where the history says.

        Leads that the run left over are told, but they are no contradiction: whoever starts again because of them
        passes the limits that left them.
        """
        result = campaign.verify_assignments()
        left = describe_unassigned(self.env, result["unassigned"])
        wrong = [problem for problem in result["problems"] if problem != left]
        for problem in result["problems"]:
            print(f"verify: {problem}", file=sys.stderr)
        if not wrong:
            print(self.env._("verify: every lead is where the history says."), file=sys.stderr)
        return not wrong

    def _compare(self, campaign):
        """Print the plan beside those of other strategies, or of another configuration."""
        options = {"seed": 1, **self._get_options()}
        plans = {campaign.strategy: campaign.simulate(**options).to_dict()}
        against = self.args.simulate_against
        if Path(against).suffix in (".yaml", ".yml", ".json"):
            other = self._load(against)
            plans[against] = other.simulate(**options).to_dict()
        else:
            for name in filter(None, (part.strip() for part in against.split(","))):
                plans[name] = campaign.simulate(**{**options, "strategy": name}).to_dict()
        if self.args.json:
            print(json.dumps(plans, ensure_ascii=False, indent=2, default=str))
        else:
            print(compare(plans, self.env._))
        return 1 if any(plan["state"] == "failed" for plan in plans.values()) else 0
