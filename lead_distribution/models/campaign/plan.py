import logging
import time
from dataclasses import replace
from random import SystemRandom

from psycopg2.errors import UniqueViolation

from odoo import models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ... import engine
from ...day.arms import make_side
from ...day.run import describe_day, find_run
from ...finding.dropback import plan_dropback
from ...finding.own_filter import look_by_own_filter
from ...finding.sales import get_header
from ...finding.scope import get_leads
from ...finding.window import count_beyond
from ...planning.arms import find_arms, find_way, get_base, refuse_way_b
from ...planning.by_hand import note_overridden
from ...planning.compare import Past, count_moved, describe_failure, describe_variant
from ...planning.decide import Task, Way, decide, describe_people, list_columns
from ...planning.facts import look_up_facts
from ...planning.going_on import credit_late
from ...planning.had_before import find_decliners, join
from ...planning.keep import keep_plan
from ...planning.limits import name_few
from ...planning.options import read_options
from ...planning.people import choose, explain_left_out, explain_nobody, select, tell_unsound
from ...planning.preferences import read_preferences, tell_broken_filter, tell_broken_preferences
from ...planning.presence.look import explain_away, find_buckets
from ...planning.request import PlanRequest, Trial
from ...planning.rotation import is_rotation_over
from ...planning.rows import find_unfinished
from ...planning.rules import build_rules, describe_rule, list_rule_columns
from ...planning.store import create_run, store_dropback
from ...planning.strategy import choose_strategy, make_strategy
from ...planning.track import update_lines
from ...planning.two_ways import Both, choose_strategies, decide_both, join_selections, list_columns_of_both
from ...planning.who import fetch_candidate, join_ways, line_up, read_facts, read_facts_of_new, teach
from ...reporting.campaign_warnings import list_warnings
from ...reporting.left import prepare_left
from ...reporting.lists import keep_dropback_list, keep_sales_list
from ...reporting.rules_on import describe_rules, describe_rules_of_both
from ...reporting.run_log import log_plan
from ...reporting.todos import NOBODY, settle
from ...tools.labels import get_labels
from ...work.errors import describe_error
from ...work.inside import with_own_context
from ...work.monitor import measured, measured_part, monitoring
from ...work.rights import check_manager
from ...work.system import as_system

_logger = logging.getLogger(__name__)


class LeadDistributionCampaign(models.Model):
    """Planning: who may receive, what the engine decides, and the run that keeps it."""

    _inherit = "lead.distribution.campaign"

    def simulate(self, **options):
        """Plan a run without changing any lead.

        :param options: ``max_leads`` (int), ``date_from`` and ``date_to`` (inclusive dates
            that replace the window), ``force_round_robin`` (bool), ``strategy`` (name),
            ``seed`` (int), ``lead_ids`` (only these leads, all filters still apply), ``user_ids``
            (only these people take part; who of them cannot receive is told in ``left_out``), ``override``
            (keys of steps that do not count for these ``lead_ids``; the history names those that would have refused)
        :return: the planned run; with an ``error``, and without a plan, if nobody can receive leads
        :raise ValidationError: for options that are unknown or have no sensible value
        """
        self.ensure_one()
        check_manager(self)
        refuse_way_b(self)
        return with_own_context(self.sudo())._plan_run(read_options(options, self, self._name_steps()))

    def distribute(self, cancel_unfinished=False, **options):
        """Plan a run and apply it; or go on with a run of the campaign that is still being applied.

        A campaign has one run that is being applied: a second one would not know what the first
        is still going to hand out, and together they would pass the limits of both.

        :param cancel_unfinished: do not go on with such a run, but stop it, and plan a new one
        :param options: those of ``simulate``
        :return: the run
        """
        self.ensure_one()
        check_manager(self)
        unfinished = find_unfinished(as_system(self))[:1]
        if unfinished and cancel_unfinished:
            unfinished.action_cancel()
        elif unfinished:
            unfinished.action_apply()
            return unfinished
        run = self.simulate(**options)
        run.refuse_impossible()
        if run.state != "planned":
            return run
        try:
            run.action_apply()
        except UniqueViolation:  # somebody else has started one since this transaction began: go on with that one
            self.env.cr.rollback()
            self.env.invalidate_all()
            run = find_unfinished(as_system(self))[:1] or self.run_ids[:1]
            if run.state == "applying":
                run.action_apply()
        return run

    def action_simulate(self):
        return self.simulate()._get_form_action()

    def action_distribute(self):
        """Plan and start, or go on with the run that is being applied; many leads are applied in the background."""
        check_manager(self)
        run = find_unfinished(as_system(self))[:1] or self.simulate()
        if run.state in ("planned", "applying") and not run.error:
            run.action_start()
        return run._get_form_action()

    def _plan_run(self, request):
        """Find, decide, and store the decisions as a planned run; measured step by step.

        :param request: see ``PlanRequest``
        :return: the run; with an ``error`` and without a plan if nobody can receive leads, failed if the strategy
            cannot decide
        """
        self.ensure_one()
        started = time.monotonic()
        with monitoring(self.env.cr) as monitor:
            members, run, planned, dropped = self._find_and_decide(request)
            if planned:  # by now the candidates are forgotten: there may be a million
                with measured("store"):
                    self._store_plan(run, planned, members, dropped)
                run.planning_seconds = time.monotonic() - started
        run.steps = monitor.add_to(run.steps, f"Run {run.id}")
        run.dropback_seconds += monitor.parts.get("dropback", 0)
        if planned:
            log_plan(run)
        return run

    def _find_and_decide(self, request):
        """Return (members who take part, the run, its plan or None, what drops back)."""
        arms = find_arms(self, request)
        selection, selections = _select(self, request, arms)
        members = selection.members
        columns = _list_columns(self, request, arms)
        found = self._find_leads(request, columns)
        with measured_part("dropback"):
            dropped = plan_dropback(self, found.to_drop_back) if members else []
        # without members nothing drops back; of the others there may be nobody to give them to
        found.excluded = _add_left_alone(found.excluded, len(found.to_drop_back) - len(dropped))
        seed = SystemRandom().randrange(2**31) if request.seed is None else request.seed
        decided, both, warnings = _choose_ways(self, request, arms, selection, selections, len(found.candidates))
        run = create_run(
            self,
            request,
            seed,
            found,
            selection.left_out,
            [*warnings, *self._get_warnings(), *(tell_unsound(self, members.user_id) if members else ())],
            leads_beyond=count_beyond(self, found),
            **decided,
        )
        if found.sales_list:
            keep_sales_list(run, get_header(self.env), found.sales_list)
        if not members:
            run.error = self.env._("Nobody can receive leads: %s", explain_nobody(selection, request))
            run.write(prepare_left({engine.LeftOver.NO_SALESPEOPLE.value: [lead.id for lead in found.candidates]}))
            return members, run, None, dropped
        settle(self, NOBODY, why=self.env._("Somebody can receive leads again."))
        with measured("plan"):
            planned = self._make_plan(run, Task(found.candidates, columns, members, request, both=both))
        if planned is None:
            run.write(prepare_left({"strategy_failed": [lead.id for lead in found.candidates]}))
            run.exclusions = _add_left_alone(run.exclusions or {}, len(dropped))
        if both and not run.experiment_id:  # left aside
            members = both.members["a"]
        return members, run, planned, dropped

    def _make_plan(self, run, task):
        """Let the engine decide; a strategy that fails gives way to round robin, or fails the run.

        :return: see ``Planned``, or ``PlannedBoth`` where an experiment deals the leads, or None
        """
        task = replace(task, request=replace(task.request, seed=run.seed))
        if task.both:
            planned = _decide_both(run, task)
            if planned:
                return planned
            task = task.both.get_task(task, "a")
        try:
            with self.env.cr.savepoint():  # a failing statement must not keep round robin from taking over
                return self._decide(run.strategy, task)
        except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
            raise  # not the strategy's fault: all is done once more
        except UserError as error:
            # something to do for the user, such as installing a package
            run._fail(str(error))
            return None
        except Exception as error:
            _logger.exception("Lead distribution: strategy %s failed", run.strategy)
            reason = describe_error(error, self.env)
            if not self.fallback_round_robin or run.strategy == "round_robin":
                run._fail(self.env._("The strategy failed: %s", reason))
                return None
            warning = self.env._(
                "The strategy %(name)s failed, so it was round robin: %(error)s",
                name=get_labels(run, "strategy")[run.strategy],
                error=reason,
            )
            run.write({"strategy": "round_robin", "warnings": [*(run.warnings or []), warning]})
            return self._decide("round_robin", task)

    def _decide(self, name, task):
        """Return who gets which lead by a strategy, see ``Planned``; writes nothing.

        :param task: see ``Task``
        """
        return decide(_describe_way(self, name, task), task)

    def _store_plan(self, run, planned, members, dropped):
        """Keep a plan with its run: tracking lines, line-ups, rows of the history, what is left over, figures."""
        received, left = keep_plan(run, planned, members)
        note_overridden(run, self._get_filter_steps)
        store_dropback(run, dropped)
        run.write({"leads_planned": received.total(), "leads_dropped_back": len(dropped), **prepare_left(left)})
        update_lines(run)
        run._update_summary()
        keep_dropback_list(run)
        few = ", ".join(name_few(self, members, received))
        if few:
            none = self.env._("No lead today: %s.", few)
            some = self.env._("Fewer than %(count)s leads today: %(names)s.", count=self.min_daily, names=few)
            text = none if self.min_daily == 1 else some
            run.warnings = [*(run.warnings or []), text]

    def _select_members(self, user_ids=None, at_any_hour=False):
        """Return who can receive leads, and why not the others, see ``Selection``.

        :param user_ids: ids of the only users who take part; None: all members
        :param at_any_hour: whoever is away now takes part, too
        """
        members, strangers = choose(self.with_context(active_test=False).member_ids, user_ids)
        members._forget_workload()  # every plan counts anew
        unfit = {member: why for member in members if (why := self._explain_left_out(member))}
        fit = members.filtered(lambda member: member not in unfit)
        reasons = ({} if at_any_hour else explain_away(self, fit)) | unfit
        return select(reasons | {member: None for member in members if member not in reasons}, members, strangers)

    def _explain_left_out(self, member):
        """Return why a member cannot receive leads now, or nothing. Meant to be extended."""
        return explain_left_out(self, member)

    def _get_rules(self, lead_ids, members, request):
        """Return the engine's rules for these leads, in the order in which their ranks count.

        Add a rule of your own with ``super()``: an ``engine.Rule``. Name the columns of leads that it
        looks at in ``_get_rule_fields``, and it in words in ``_describe_rule``.
        """
        preferences, _problems = read_preferences(members, self._get_filterable_fields())
        buckets = {} if request.at_any_hour else find_buckets(self, members.user_id)
        # who hands out by hand names people on purpose
        declined = {} if self.is_by_hand else find_decliners(self.env, lead_ids)
        return build_rules(self, members, lead_ids, preferences, buckets, join(request.without, declined))

    def _get_rule_fields(self):
        """Return the lead's columns that the rules look at. Meant to be extended."""
        return list_rule_columns(self)

    def _describe_rule(self, name):
        """Return a rule in words, for the line-up and the explanation of a row. Meant to be extended."""
        return describe_rule(self.env, name)

    def _get_engine_strategy(self, name, request):
        """Return the engine's strategy with the campaign's settings. Meant to be extended."""
        return make_strategy(self, name, request)

    def _get_warnings(self):
        """Return what in the settings does not work as it was probably meant, in words. Meant to be extended."""
        more = self._get_filterable_fields()
        return [
            *list_warnings(self),
            *tell_broken_filter(look_by_own_filter(self, more).problem, self.env),
            *tell_broken_preferences(read_preferences(self.member_ids.filtered("active"), more)[1], self.env),
        ]

    def _compare(self, variants, seed, period=None):
        """Return one column of figures for each variant, and for a past period what really happened.

        :param variants: dicts of the settings in ``ADOPTED``
        :param seed: the same for all, so that only the settings make a difference
        :param period: (first, last) date of runs whose leads are handed out once more; None: the
            leads that a run would find now
        :raise UserError: if there is nothing to compare
        """
        self.ensure_one()
        check_manager(self)
        campaign = as_system(self)
        selection = campaign._select_members(at_any_hour=True)  # ways of sharing are compared, not hours
        members = selection.members
        if not members:
            raise UserError(self.env._("Nobody can receive leads: %s", explain_nobody(selection, PlanRequest())))
        columns = [*campaign._get_rule_fields(), campaign.segment_field]
        if period:
            past = Past(campaign, period)
            candidates = past.fetch_candidates(get_leads(campaign), columns)
            trial, moved = past.make_trial(seed), past.count_moved()
        else:
            found = campaign._find_leads(PlanRequest(), columns)
            candidates, dropped = found.candidates, plan_dropback(campaign, found.to_drop_back)
            moved = count_moved(dropped, found.to_drop_back)
            trial = Trial(seed=seed, with_rates=True, at_any_hour=True)
        if not candidates:
            raise UserError(
                self.env._("No leads were handed out in this period.")
                if period
                else self.env._("The campaign finds no leads now. Compare on a past period instead.")
            )
        segments = {candidate.id: candidate.facts[-1] for candidate in candidates}
        task = Task(candidates, columns, members, trial)
        results = []
        for variant in variants:
            try:
                planned = campaign._decide(variant["strategy"], replace(task, request=replace(trial, settings=variant)))
            except (UserError, ValueError, RuntimeError) as error:
                results.append(describe_failure(campaign, variant, error))
            else:
                results.append(describe_variant(campaign, variant, task, planned, segments, moved))
        if period:
            people = describe_people(campaign, members, trial)
            results.insert(0, past.describe(people, members, segments))
        return {"leads": len(candidates), "columns": results}

    def _explain_who(self, lead):
        """Return the ``planning.who.LineUpNow`` for a lead, as if it were the first of a run now, or came in now.

        In an experiment by the way it was dealt to; by both where chance is still to choose.

        :param lead: a saved lead, or a new one (``crm.lead.new``) with whatever is known of it
        """
        self.ensure_one()
        check_manager(self)
        campaign = as_system(self)
        base = get_base(campaign)
        arms = find_arms(base)
        dealt = find_way(arms, lead)
        if dealt == "b" and campaign == base:
            return arms.campaigns["b"]._explain_who(lead)
        side = make_side(arms, "a" if campaign == base else "b")
        name = side.strategy if side else campaign.strategy
        selection = campaign._select_members()
        members = selection.members
        progress = {}
        if base.is_live:
            progress = describe_day(base, find_run(base, side=side), members, name, side)
        trial = Trial(is_solved=False, progress=progress)
        strategy = campaign._get_engine_strategy(name, trial)
        columns = list_columns(campaign, campaign._get_rule_fields(), [name])
        candidate = fetch_candidate(get_leads(campaign), lead, columns)
        rules = campaign._get_rules(lead.ids, members, trial)
        if lead.id:
            facts = read_facts(campaign, lead, candidate, columns, rules)
        else:
            phone = lead.phone_sanitized or lead._phone_format(fname="phone")
            facts = read_facts_of_new(campaign, lead, candidate, columns, phone)
            preferences, _problems = read_preferences(members, campaign._get_filterable_fields())
            teach(rules, campaign, lead, facts, members.user_id, preferences)
        people = describe_people(campaign, members, trial, strategy.needs_rates, is_rotation_over(campaign))
        people = credit_late(people, strategy, trial.progress)
        segment = candidate.facts[-1] if strategy.by_segment else None
        now = line_up(candidate, facts, people, strategy, rules, segment, selection.left_out)
        if not arms or dealt or campaign != base:
            return now
        return join_ways(arms.campaigns, now, arms.campaigns["b"]._explain_who(lead))


def _describe_way(campaign, name, task):
    """Return what decides in a campaign, see ``Way``; it asks the campaign's hooks.

    :param name: of the strategy
    """
    lead_ids = task.get_lead_ids()
    rules = campaign._get_rules(lead_ids, task.members, task.request)
    looked_up = look_up_facts(campaign, rules, lead_ids, task.known)
    strategy = campaign._get_engine_strategy(name, task.request)
    people = describe_people(
        campaign, task.members, task.request, strategy.needs_rates, is_new_rotation=is_rotation_over(campaign)
    )
    return Way(campaign, people, strategy, rules, looked_up)


def _add_left_alone(excluded, count):
    """Return {key of a step: leads that it refuses} with some more old leads that do not drop back."""
    return {**excluded, "dropback": excluded.get("dropback", 0) + count} if count else excluded


def _select(campaign, request, arms):
    """Return (who takes part in a run, see ``Selection``; the same by way, None without an experiment)."""
    if not arms:
        return campaign._select_members(request.user_ids), None
    selections = {arm: each._select_members() for arm, each in arms.campaigns.items()}
    return join_selections(selections), selections


def _list_columns(campaign, request, arms):
    """Return the names of the lead's columns that a plan needs to know as facts."""
    if not arms:
        return list_columns(campaign, campaign._get_rule_fields(), (campaign.strategy, request.strategy))
    looked_at = [name for each in arms.campaigns.values() for name in each._get_rule_fields()]
    return list_columns_of_both(arms, looked_at, (*arms.strategies.values(), campaign.strategy))


def _choose_ways(campaign, request, arms, selection, selections, lead_count):
    """Return (what is written on a run of how it is decided, see ``Both`` or None, warnings).

    :param selection: and ``selections``, see ``_select``
    """
    env = campaign.env
    if not arms:
        strategy = choose_strategy(campaign, request, lead_count, len(selection.members))
        return {"strategy": strategy, "rules_on": describe_rules(campaign, request, env._)}, None, []
    strategies = choose_strategies(arms, selections, lead_count)
    decided = {
        "strategy": strategies["a"],
        "experiment_id": arms.experiment.id,
        "rules_on": describe_rules_of_both(arms, strategies, request, env._),
    }
    members = {arm: own.members for arm, own in selections.items()}
    warnings = [
        env._(
            "Nobody can receive leads by way %(way)s, so those dealt to it are left over: %(why)s",
            way=arm.upper(),
            why=explain_nobody(own, request),
        )
        for arm, own in selections.items()
        if not own.members
    ]
    return decided, Both(arms, members, strategies), warnings


def _decide_both(run, task):
    """Return the plan by both ways of an experiment, see ``PlannedBoth``.

    None if one of them cannot decide: then the run is planned without the experiment, and says so.
    """
    both = task.both
    try:
        with run.env.cr.savepoint():
            ways = {
                arm: _describe_way(campaign, both.strategies[arm], both.get_task(task, arm))
                for arm, campaign in both.arms.campaigns.items()
            }
            return decide_both(task, ways)
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        raise
    except Exception as error:
        _logger.exception("Lead distribution: run %s cannot deal leads to two ways", run.id)
        text = run.env._("The experiment was left aside: %s", describe_error(error, run.env))
        run.write(
            {
                "experiment_id": False,
                "rules_on": describe_rules(run.campaign_id, task.request, run.env._),
                "warnings": [*(run.warnings or []), text],
            }
        )
        return None
