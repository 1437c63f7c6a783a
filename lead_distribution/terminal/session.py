# pylint: disable=print-used,invalid-commit,prefer-env-translation
"""One call of ``odoo dailydist``: load or find the campaign, plan or distribute, print, report, verify."""

import json
import os
import random
import sys
import time
from functools import partial
from pathlib import Path

from odoo.exceptions import UserError, ValidationError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from .comparison import compare
from .folder import Folder
from .progress import Progress
from .report_file import write_report

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
        if args.validate:
            return self._validate()
        campaign = self._retrying(self._get_campaign)
        if args.dump_config:
            return self._dump(campaign)
        is_dry = args.dry_run or campaign.plan_only or bool(args.simulate_against)
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
        found = self.campaigns.search([("name", "=", args.campaign)], limit=2)
        if not found:
            raise UserError(self.env._("There is no campaign “%s”.", args.campaign))
        if len(found) > 1:
            raise UserError(self.env._("There are several campaigns “%s”: name the user with --user.", args.campaign))
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
        for message in campaign.config_report or []:
            if message["kind"] in ("warning", "person"):
                place = f"{message['path']} (line {message['line']})" if message["line"] else message["path"]
                print(f"warning: {place}: {message['text']}", file=sys.stderr)
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
            Path(self.args.output).write_text(text, encoding="utf-8")
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
        run = self._retrying(partial(campaign.simulate, **self._get_options()))
        self.env.cr.commit()
        if run.state == "planned":
            total = run.leads_planned + run.leads_dropped_back
            with Progress(total, sys.stderr) as progress:
                run.with_context(lead_distribution_progress=progress.advance).action_apply()
            self.env.cr.commit()
        return self._finish(campaign, run, is_dry=False)

    def _finish(self, campaign, run, *, is_dry):
        if self.args.json:
            print(json.dumps(run.to_dict(), ensure_ascii=False, indent=2, default=str))
        else:
            print(run.get_text_report(color=sys.stdout.isatty() and "NO_COLOR" not in os.environ), end="")
        sys.stdout.flush()
        self._write_report(campaign, run)
        if self._get_reporting(campaign, "email_notification") and not is_dry:
            self._send(run)
        failed = run.state == "failed"
        if failed:
            print(f"error: {run.error}", file=sys.stderr)
        if self.args.verify:
            failed = not self._verify(campaign) or failed
        return 1 if failed else 0

    def _get_reporting(self, campaign, key):
        """Return what the command line says about reports, else the configuration."""
        value = getattr(self.args, key)
        return value or (campaign.config_options or {}).get(f"reporting.{key}")

    def _write_report(self, campaign, run):
        if not self._get_reporting(campaign, "generate_report"):
            return
        folder = Path(self._get_reporting(campaign, "report_location") or ".")
        path = write_report(run, self._get_reporting(campaign, "report_format") or "csv", folder)
        print(self.env._("Report written: %s", path), file=sys.stderr)

    def _send(self, run):
        """Send the report; one that the campaign has sent after this run anyway is not sent twice."""
        is_sent = run.is_applied and run.campaign_id.report_mail == "run"
        if not is_sent:
            run.action_send_report()
        self.env.cr.commit()

    def _verify(self, campaign):
        result = campaign.verify_assignments()
        for problem in result["problems"]:
            print(f"verify: {problem}", file=sys.stderr)
        if result["all_assigned"] and not result["problems"]:
            print(self.env._("verify: every lead is where the history says."), file=sys.stderr)
            return True
        return False

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
