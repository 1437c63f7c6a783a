# pylint: disable=prefer-env-translation
import time
from random import Random, SystemRandom

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .. import engine

OPTIONS = {
    "max_leads", "date_from", "date_to", "force_round_robin", "strategy", "seed", "lead_ids",
}  # fmt: skip
ROWS_AT_ONCE = 1000
LISTED_LEFT_OVERS = 10_000  # ids kept for each reason; the counts are always exact


class LeadDistributionCampaign(models.Model):
    """Planning: who may receive, what the engine decides, and the run that keeps it."""

    _inherit = "lead.distribution.campaign"

    strategy = fields.Selection(
        [("round_robin", "Round robin")],
        default="round_robin",
        required=True,
        help="Round robin: one lead each in turn; targets and load do not matter.",
    )
    distribution_order = fields.Selection(
        [
            ("random", "By chance"),
            ("alphabetical", "By name"),
            ("seniority", "By level"),
            ("least_recent", "Who waits longest"),
        ],
        string="Who is first",
        default="random",
        required=True,
    )
    lead_order = fields.Selection(
        [
            ("random", "By chance"),
            ("priority", "Highest priority first"),
            ("newest", "Newest first"),
            ("oldest", "Oldest first"),
        ],
        string="Order of leads",
        default="random",
        required=True,
        help="In which order leads are handed out. It matters when a run is limited, or when "
        "people have only little room.",
    )
    max_leads = fields.Integer(string="Leads a run at most", help="0: no limit. The others wait for the next run.")

    _max_leads_not_negative = models.Constraint(
        "CHECK (max_leads >= 0)", "The limit of leads a run cannot be negative."
    )

    def simulate(self, **options):
        """Plan a run without changing any lead.

        :param options: ``max_leads`` (int), ``date_from`` and ``date_to`` (inclusive dates
            that replace the window), ``force_round_robin`` (bool), ``strategy`` (name),
            ``seed`` (int), ``lead_ids`` (only these leads, all filters still apply)
        :return: the planned run, or a failed one if nobody can receive leads
        :raise ValidationError: for options that are unknown or have no sensible value
        """
        self.ensure_one()
        self._check_manager()
        return self.sudo()._plan_run(self._check_options(options))

    def distribute(self, **options):
        """Plan a run and apply it. Takes the options of ``simulate``; returns the run."""
        run = self.simulate(**options)
        if run.state == "planned":
            run.action_apply()
        return run

    def action_simulate(self):
        return self.simulate()._get_form_action()

    def action_distribute(self):
        """Plan and start; many leads are applied in the background."""
        run = self.simulate()
        if run.state == "planned":
            run.action_start()
        return run._get_form_action()

    @api.model
    def _check_options(self, options):
        """Return the options in their normal form; tell all problems at once."""
        problems = [self.env._("unknown option “%s”", name) for name in options.keys() - OPTIONS]
        checked = {name: value for name, value in options.items() if value is not None}
        for name in {"date_from", "date_to"} & checked.keys():
            try:
                date = fields.Date.to_date(checked[name])
            except (ValueError, TypeError):
                date = None
            if not date:
                problems.append(self.env._("“%(name)s” is no date: %(value)s", name=name, value=checked[name]))
                continue
            checked[name] = fields.Date.to_string(date)
        dates = [checked.get("date_from"), checked.get("date_to")]
        if all(dates) and not problems and dates[0] > dates[1]:
            problems.append(self.env._("“date_from” is later than “date_to”"))
        for name in {"max_leads", "seed"} & checked.keys():
            value = checked[name]
            if not isinstance(value, int) or isinstance(value, bool) or value < 0:
                problems.append(self.env._("“%(name)s” must be a whole number from 0", name=name))
        if checked.get("strategy") and checked["strategy"] not in engine.STRATEGIES:
            problems.append(self.env._("unknown strategy “%s”", checked["strategy"]))
        if problems:
            raise ValidationError(self.env._("These options do not work: %s.", "; ".join(sorted(problems))))
        return checked

    def _plan_run(self, options):
        """Find, decide, and store the decisions as a planned run."""
        self.ensure_one()
        started = time.monotonic()
        members, left_out = self._select_members()
        found = self._find_leads(options)
        rows = found.rows
        seed = options.get("seed", SystemRandom().randrange(2**31))
        dropped = self._plan_dropback(found.to_drop_back) if found.to_drop_back else []
        if len(dropped) < len(found.to_drop_back):
            # nobody to give them to: left alone
            rest = len(found.to_drop_back) - len(dropped)
            found.excluded["dropback"] = found.excluded.get("dropback", 0) + rest
        run = self._create_run(options, seed, found, left_out)
        if not members:
            run._fail(self.env._("Nobody can receive leads: %s", self._explain_nobody(left_out)))
            run.left_over = {engine.LeftOver.NO_SALESPEOPLE.value: len(rows)} if rows else {}
            return run
        strategy = self._get_engine_strategy(run.strategy)
        plan = engine.make_plan(
            (self._prepare_engine_lead(row) for row in rows),
            [self._prepare_engine_person(member) for member in members],
            strategy,
            rng=Random(seed),
            max_leads=options.get("max_leads", self.max_leads or None),
            lead_order="random" if self.lead_order == "random" else "ranked",
        )
        run._store_plan(plan, rows, members, dropped)
        run.planning_seconds = time.monotonic() - started
        return run

    def _select_members(self):
        """Return the members who can receive leads, and {name: why not} of the others."""
        left_out = {}
        selected = self.env["lead.distribution.member"]
        for member in self.with_context(active_test=False).member_ids:
            reason = self._explain_left_out(member)
            if reason:
                left_out[member.user_id.name] = reason
            else:
                selected += member
        return selected, left_out

    def _explain_left_out(self, member):
        """Return why a member cannot receive leads now, or nothing. Meant to be extended."""
        if not member.user_id.active:
            return self.env._("the user is archived")
        if not member.active:
            return self.env._("inactive in this campaign")
        if not member.user_id.has_group("sales_team.group_sale_salesman"):
            return self.env._("has no access to leads")
        return None

    def _explain_nobody(self, left_out):
        if not left_out:
            return self.env._("the campaign has no members. Add salespeople to it.")
        return "; ".join(f"{name}: {reason}" for name, reason in left_out.items())

    def _get_engine_strategy(self, name):
        options = {"order": self.distribution_order} if name == "round_robin" else {}
        return engine.get_strategy(name, **options)

    def _prepare_engine_person(self, member):
        return engine.Person(
            id=member.user_id.id,
            name=member.user_id.name,
            level_priority=member.level_priority,
            target=member.target_leads,
            current=member.current_leads,
            weight=member.weight,
            served=member.rotation_turns,
            last_served=member.last_received.timestamp() if member.last_received else 0.0,
        )

    def _prepare_engine_lead(self, row):
        """Return the engine's lead of one candidate row, see ``_get_candidate_fields``."""
        lead_id, user_id, open_user_id = row[:3]
        holders = tuple(user for user in (user_id, open_user_id) if user)
        return engine.Lead(lead_id, holders, None, self._get_rank(row))

    def _get_rank(self, row):
        priority, source_date = row[8], row[9]
        age = -source_date.toordinal() if source_date else 0
        if self.lead_order == "priority":
            return (-int(priority or 0), age)
        if self.lead_order == "newest":
            return (age,)
        return (-age,)

    def _create_run(self, options, seed, found, left_out):
        first, last = self._get_window(options)
        strategy = "round_robin" if options.get("force_round_robin") else None
        return self.env["lead.distribution.run"].create(
            {
                "campaign_id": self.id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "strategy": strategy or options.get("strategy") or self.strategy,
                "distribution_order": self.distribution_order,
                "seed": seed,
                "distribution_date": self._get_today(),
                "date_from": first,
                "date_to": last,
                "options": options,
                "leads_found": len(found.rows),
                "exclusions": {step: count for step, count in found.excluded.items() if count},
                "sales_by_stage": found.sales_by_stage,
                "left_out": left_out,
                "warnings": [*found.warnings, *self._get_warnings()],
            }
        )

    def _get_warnings(self):
        """Return what in the settings does not work as it was probably meant, in words."""
        _ = self.env._
        warnings = [
            _("Filter %(filter)s: %(problem)s", filter=row.display_name, problem=row.problem)
            for row in self.filter_ids.filtered("active")
            if row.problem
        ]
        rules = self.dropback_rule_ids if self.use_dropback else self.dropback_rule_ids.browse()
        warnings += [
            _("Dropback %s: no working user, the default rule's user gets these leads.", rule.name)
            for rule in rules
            if not rule.user_id.active
        ]
        if self.exclude_inactive_users and "inactive_member" in self.pool_ids.mapped("holder"):
            warnings.append(
                self.env._("Leads of inactive people are left out, so the pool of inactive members stays empty.")
            )
        return warnings
