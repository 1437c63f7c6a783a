"""The result of an experiment in numbers, JSON-ready; what is said of it stands in ``words``."""

import math
from random import Random

from odoo import fields

from ..engine.experiment import (
    Moments,
    Rates,
    Revenues,
    bootstrap_difference,
    bootstrap_mean,
    check_share,
    compare_categories,
    compare_numbers,
    judge,
    newcombe,
    wilson,
)
from ..work.system import as_system
from .outcomes import SHARES, count_deals, count_of_experiment, find_lasts, get_currency
from .ways import describe_ways, find_differences

MEASURES = (*SHARES, "revenue")
HARM, TOO_FEW = "harm", "too_few"  # kinds of verdicts
RATE = 0.1  # where nobody knows which one there is
MOST_SOURCES = 12  # of the balance that are listed


def work_out(experiment):
    """Return the numbers of an experiment as they are now.

    :param experiment: whose reading was allowed
    :return: dict as it is kept when the experiment ends
    """
    experiment = as_system(experiment)
    now = fields.Datetime.now()
    found = count_of_experiment(experiment, now)
    verdict = _judge(experiment, found)
    if experiment.ended_early and verdict.kind != HARM and any(one.matured < one.leads for one in found.values()):
        # who stops while outcomes are to come may have liked those that are there
        verdict = verdict._replace(kind=TOO_FEW, winner=None)
    return {
        **compare(found, experiment.measure, experiment.seed),
        "kind": verdict.kind,
        "winner": verdict.winner,
        "largest": verdict.largest,
        "is_close": verdict.is_close,
        "judged": [verdict.difference, verdict.low, verdict.high],
        "leads_planned": experiment.planned_leads,
        "days": experiment.days,
        "action_hours": experiment.action_hours,
        "currency_id": get_currency(experiment.env, experiment.campaign_id).id,
        "balance": _balance(found, experiment.share_b),
        "not_handed_out": _count_not_handed_out(experiment, found),
        "differs": find_changes(experiment),
        "last_on": fields.Datetime.to_string(find_lasts(experiment).get(experiment.id)) or None,
        "looked_on": fields.Datetime.to_string(now),
    }


def keep(experiment, numbers=None):
    """Keep the numbers of now as the result of the experiment, or those that were worked out just now.

    And way B as it is now: later it can be changed, and is no more what the verdict is about.
    """
    experiment = as_system(experiment)
    kept = {**(experiment.kept_settings or {}), "b_at_the_end": describe_ways(experiment)["b"]}
    experiment.write({"kept_result": numbers or work_out(experiment), "kept_settings": kept})


def get_numbers(experiment):
    """Return the numbers of an experiment: those that were kept at its end, before that as they are now."""
    return as_system(experiment).kept_result or work_out(experiment)


def compare(found, measure, seed):
    """Return the figures of both sides by all measures, and by the one that counts at the top.

    :param found: {"a": Outcomes, "b": Outcomes}
    :return: dict with ``measure``, ``a``, ``b``, ``difference``, ``low``, ``high``, ``measures``, ``matured`` …
    """
    measures = [_compare_shares(found, key) for key in SHARES] + [_compare_revenue(found, seed)]
    measures.sort(key=lambda figures: figures["key"] != measure)  # what counts comes first
    main = measures[0]
    return {
        "measure": measure,
        **{name: main[name] for name in ("a", "b", "difference", "low", "high")},
        "measures": measures,
        "revenue": next(figures for figures in measures if figures["key"] == "revenue"),
        "leads": {arm: found[arm].leads for arm in found},
        "matured": {arm: found[arm].matured for arm in found},
        "changed_hands": {arm: found[arm].changed for arm in found},
    }


def _compare_shares(found, key):
    sides, counts = {}, []
    for arm, outcomes in found.items():
        conversions = outcomes.counts[key]
        low, high = wilson(conversions, outcomes.leads)
        counts += [conversions, outcomes.leads]
        sides[arm] = {
            "leads": outcomes.leads,
            "conversions": conversions,
            "rate": conversions / outcomes.leads if outcomes.leads else 0.0,
            "low": low,
            "high": high,
        }
    low, high = newcombe(*counts)
    difference = sides["b"]["rate"] - sides["a"]["rate"]
    return {"key": key, "unit": "share", **sides, "difference": difference, "low": low, "high": high}


def _compare_revenue(found, seed):
    """Return the figures of the revenue a lead; intervals are None where there are too few deals for one."""
    sides = {}
    for arm, outcomes in found.items():
        low, high = bootstrap_mean(outcomes.values, outcomes.leads, Random(seed)) or (None, None)
        total = math.fsum(outcomes.values)
        sides[arm] = {
            "leads": outcomes.leads,
            "conversions": len(outcomes.values),
            "total": total,
            "rate": total / outcomes.leads if outcomes.leads else 0.0,
            "low": low,
            "high": high,
        }
    a, b = found["a"], found["b"]
    low, high = bootstrap_difference(a.values, a.leads, b.values, b.leads, Random(seed)) or (None, None)
    difference = sides["b"]["rate"] - sides["a"]["rate"]
    return {"key": "revenue", "unit": "money", **sides, "difference": difference, "low": low, "high": high}


def _judge(experiment, found):
    """Return what is to be said: of leads whose days are over, as long as it runs."""
    is_over = experiment.state == "done"
    a, b = found["a"], found["b"]
    leads = [outcomes.leads if is_over else outcomes.matured for outcomes in (a, b)]
    if experiment.measure == "revenue":
        values = [outcomes.values if is_over else outcomes.ripe_values for outcomes in (a, b)]
        figures = Revenues(values[0], leads[0], values[1], leads[1], Random(experiment.seed))
    else:
        counts = [(one.counts if is_over else one.ripe)[experiment.measure] for one in (a, b)]
        figures = Rates(counts[0], leads[0], counts[1], leads[1])
    rate = experiment.present_rate if experiment.measure != "revenue" else RATE
    return judge(
        figures,
        experiment.planned_leads,
        is_over=is_over,
        is_early=experiment.ended_early,
        rate=min(max(rate or RATE, 0.001), 0.999),
    )


def _balance(found, share_b):
    """Return whether chance dealt alike leads to both ways, by what is known of them beforehand."""
    a, b = found["a"], found["b"]
    sources = compare_categories(dict(a.sources), dict(b.sources))
    priorities = compare_categories(dict(a.priorities), dict(b.priorities))
    ages = compare_numbers(_get_moments(a), _get_moments(b))
    share = check_share(a.leads, b.leads, share_b)
    checks = {"source": sources, "priority": priorities, "age": ages, "share": share}
    return {
        "off": [name for name, check in checks.items() if check.is_off],
        "sources": [list(row[:3]) for row in sources.rows[:MOST_SOURCES]],
        "priorities": sorted(list(row[:3]) for row in priorities.rows),
        "ages": [ages.a_mean, ages.b_mean],
        "share": share.share,
        "share_b": share_b,
    }


def _get_moments(outcomes):
    leads, days, squares = outcomes.ages
    mean = days / leads if leads else 0.0
    variance = (squares - leads * mean * mean) / (leads - 1) if leads > 1 else 0.0
    return Moments(leads, mean, math.sqrt(max(variance, 0.0)))


def _count_not_handed_out(experiment, found):
    """Return {arm: leads that were dealt to the way and not handed out}, left over for example."""
    dealt = count_deals(experiment)
    return {arm: max(dealt.get((experiment.id, arm), 0) - found[arm].leads, 0) for arm in found}


def find_changes(experiment):
    """Return {arm: names of the settings that are others than at the start}."""
    kept, ways = experiment.kept_settings or {}, describe_ways(experiment)
    return {
        arm: find_differences(kept[arm], way) for arm, way in ways.items() if way and isinstance(kept.get(arm), dict)
    }
