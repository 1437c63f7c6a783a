# pylint: disable=prefer-env-translation
import logging
import time
from dataclasses import dataclass, replace
from random import Random, SystemRandom

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError

from ... import engine
from ...finding.dropback import plan_dropback
from ...finding.own_filter import make_own_filter
from ...finding.sales import get_header
from ...finding.window import count_beyond, get_window
from ...planning.options import read_options
from ...reporting.campaign_warnings import list_warnings
from ...reporting.left import prepare_left
from ...reporting.lists import keep_dropback_list, keep_sales_list
from ...reporting.rules_on import describe_rules
from ...work.errors import describe_error
from ...work.inside import YES, with_own_context
from ...work.monitor import measured_part

_logger = logging.getLogger(__name__)


@dataclass
class Planned:
    """A plan, and what it was made from."""

    plan: engine.Plan
    people: list
    book: engine.RuleBook | None
    promised: dict


class LeadDistributionCampaign(models.Model):
    """Planning: who may receive, what the engine decides, and the run that keeps it."""

    _inherit = "lead.distribution.campaign"

    def simulate(self, **options):
        """Plan a run without changing any lead.

        :param options: ``max_leads`` (int), ``date_from`` and ``date_to`` (inclusive dates
            that replace the window), ``force_round_robin`` (bool), ``strategy`` (name),
            ``seed`` (int), ``lead_ids`` (only these leads, all filters still apply), ``user_ids``
            (only these people take part; who of them cannot receive is told in ``left_out``)
        :return: the planned run, or a failed one if nobody can receive leads
        :raise ValidationError: for options that are unknown or have no sensible value
        """
        self.ensure_one()
        self._check_manager()
        return with_own_context(self.sudo())._plan_run(read_options(options, self))

    def distribute(self, cancel_unfinished=False, **options):
        """Plan a run and apply it; or go on with a run of the campaign that is still being applied.

        A campaign has one run that is being applied: a second one would not know what the first
        is still going to hand out, and together they would pass the limits of both.

        :param cancel_unfinished: do not go on with such a run, but stop it, and plan a new one
        :param options: those of ``simulate``
        :return: the run
        """
        self.ensure_one()
        unfinished = self._get_unfinished_run()
        if unfinished and cancel_unfinished:
            unfinished.action_cancel()
        elif unfinished:
            unfinished.action_apply()
            return unfinished
        run = self.simulate(**options)
        if run.state != "planned":
            return run
        try:
            run.action_apply()
        except UniqueViolation:  # somebody else has started one since this transaction began: go on with that one
            self.env.cr.rollback()
            self.env.invalidate_all()
            run = self._get_unfinished_run() or self.run_ids[:1]
            if run.state == "applying":
                run.action_apply()
        return run

    def _get_unfinished_run(self):
        """Return the run of the campaign that is being applied, if there is one; imports have their own."""
        self._check_manager()
        return self.env["lead.distribution.run"].sudo().search(self._get_unfinished_domain(), limit=1)

    def _get_unfinished_domain(self):
        return [("campaign_id", "in", self.ids), ("state", "=", "applying"), ("origin", "!=", "import")]

    def action_simulate(self):
        return self.simulate()._get_form_action()

    def action_distribute(self):
        """Plan and start, or go on with the run that is being applied; many leads are applied in the background."""
        run = self._get_unfinished_run() or self.simulate()
        if run.state in ("planned", "applying"):
            run.action_start()
        return run._get_form_action()

    def _plan_run(self, request):
        """Find, decide, and store the decisions as a planned run."""
        self.ensure_one()
        if "optimal" in (self.strategy, request.strategy):
            self = self.with_context(with_conversions=YES)
        started = time.monotonic()
        members, left_out = self._select_members(request.user_ids)
        found = self._find_leads(request)
        candidates = found.candidates
        seed = SystemRandom().randrange(2**31) if request.seed is None else request.seed
        with measured_part("dropback"):
            dropped = plan_dropback(self, found.to_drop_back)
        if len(dropped) < len(found.to_drop_back):
            # nobody to give them to: left alone
            rest = len(found.to_drop_back) - len(dropped)
            found.excluded["dropback"] = found.excluded.get("dropback", 0) + rest
        run = self._create_run(request, seed, found, left_out)
        keep_sales_list(run, get_header(self.env), found.sales_list)
        run.write(
            {
                "strategy": self._get_effective_strategy(request, len(candidates), len(members)),
                "leads_beyond": count_beyond(self, request),
                "rules_on": describe_rules(self, request, self.env._),
            }
        )
        if not members:
            run._fail(self.env._("Nobody can receive leads: %s", self._explain_nobody(left_out, request)))
            run.write(prepare_left({engine.LeftOver.NO_SALESPEOPLE.value: [candidate.id for candidate in candidates]}))
            return run
        run.warnings = [*(run.warnings or []), *self._tell_unsound(members)]
        planned = self._make_plan(run, candidates, members, request)
        if planned is None:
            run.write(prepare_left({"strategy_failed": [candidate.id for candidate in candidates]}))
            return run
        run._store_plan(planned, members, dropped)
        keep_dropback_list(run)
        self._warn_of_few(run, planned.plan, members)
        run.planning_seconds = time.monotonic() - started
        return run

    def _make_plan(self, run, candidates, members, request):
        """Let the engine decide; a strategy that fails gives way to round robin, or fails the run.

        :return: see ``Planned``, or None
        """
        request = replace(request, seed=run.seed)
        try:
            with self.env.cr.savepoint():  # a failing statement must not keep round robin from taking over
                return self._decide(run.strategy, candidates, members, request)
        except UserError as error:
            # something to do for the user, such as installing a package
            run._fail(str(error))
            return None
        except Exception as error:
            _logger.exception("Lead distribution: strategy %s failed", run.strategy)
            if not self.fallback_round_robin or run.strategy == "round_robin":
                run._fail(self.env._("The strategy failed: %s", describe_error(error, self.env)))
                return None
            warning = self.env._("The strategy %(name)s failed, so it was round robin: %(error)s",
                                 name=run.strategy, error=describe_error(error, self.env))  # fmt: skip
            run.write({"strategy": "round_robin", "warnings": [*(run.warnings or []), warning]})
            return self._decide("round_robin", candidates, members, request)

    def _decide(self, strategy, candidates, members, request):
        """Return who gets which lead; writes nothing."""
        lead_ids = [candidate.id for candidate in candidates]
        book = self._get_rule_book(lead_ids, members, request)
        people = self._prepare_engine_people(members, strategy, request)
        read = self._get_fact_reader(lead_ids) if book else None
        segment = self._get_rule_fields().index(self.segment_field) if self._needs_segments() else None
        leads = [self._prepare_engine_lead(candidate, book, read, segment) for candidate in candidates]
        plan = engine.make_plan(
            leads,
            people,
            self._get_engine_strategy(strategy, request),
            rng=Random(request.seed),
            rules=book,
            max_leads=request.get_most(self.max_leads),
            lead_order="random" if self.lead_order == "random" else "ranked",
        )
        left = {decision.lead_id for decision in plan.decisions if decision.left_over}
        promised = engine.promise(
            people,
            self._get_engine_strategy(strategy, request),
            [lead.segment for lead in leads if lead.id not in left],
            rng=Random(request.seed),
        )
        return Planned(plan, people, book, promised)

    def _explain_nobody(self, left_out, request=None):
        if not left_out and request and request.user_ids is not None:
            return self.env._("no people were chosen for this run.")
        if not left_out:
            return self.env._("the campaign has no members. Add salespeople to it.")
        return "; ".join(f"{name}: {reason}" for name, reason in left_out.items())

    def _prepare_engine_lead(self, candidate, book, read, segment):
        """Return the engine's lead of one candidate.

        :param segment: the place of the fact by which leads are alike, or None
        """
        holders = tuple(user for user in (candidate.user_id, candidate.open_user_id) if user)
        group = book.get_group(read(candidate)) if book else None
        alike = None if segment is None else candidate.facts[segment]
        return engine.Lead(candidate.id, holders, group, self._get_rank(candidate), alike)

    def _get_rank(self, candidate):
        age = -candidate.source_date.toordinal() if candidate.source_date else 0
        if self.lead_order == "priority":
            return (-int(candidate.priority or 0), age)
        if self.lead_order == "newest":
            return (age,)
        return (-age,)

    def _create_run(self, request, seed, found, left_out):
        first, last = get_window(self, request)
        return self.env["lead.distribution.run"].create(
            {
                "campaign_id": self.id,
                "company_id": self.company_id.id,
                "user_id": self.env.uid,
                "strategy": request.strategy or self.strategy,
                "distribution_order": self.distribution_order,
                "seed": seed,
                "distribution_date": self._get_today(),
                "date_from": first,
                "date_to": last,
                "options": request.to_options(),
                "leads_found": len(found.candidates),
                "exclusions": {step: count for step, count in found.excluded.items() if count},
                "sales_by_stage": found.sales_by_stage,
                "left_out": left_out,
                "warnings": [*found.warnings, *self._get_warnings()],
            }
        )

    def _get_warnings(self):
        """Return what in the settings does not work as it was probably meant, in words. Meant to be extended."""
        return [*list_warnings(self), *self._list_problems_of_own_filters()]

    def _list_problems_of_own_filters(self):
        _ = self.env._
        problem = make_own_filter(self, self._get_filterable_fields()).look(self.company_id).problem
        _preferences, problems = self.member_ids.filtered("active")._get_preferences()
        users = self.env["res.users"].browse(problems)
        return [
            *([_("No lead passes the own filter: %s. Save it again.", problem)] if problem else []),
            *(
                _("The preference of %(name)s does not count: %(problem)s.", name=user.name, problem=problems[user.id])
                for user in users
            ),
        ]
