"""What came of leads that were handed out, as they were dealt: they count where they went first, whoever has them."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from odoo.tools import SQL

from ..finding.statuses import get_closing_sql, get_outcome_sql
from ..names import FIRST_KINDS, HANDED_OUT

SHARES = ("won", "opportunity", "action")  # measures that a lead reaches or not; revenue has a value
ENOUGH = 20_000  # rows that say how a campaign is at present


class Terms(NamedTuple):
    """What counts: outcomes of so many days after the hand-out, the first action of so many hours (by the clock)."""

    days: int
    action_hours: float


@dataclass
class Outcomes:
    """What came of the leads of one way, or of one period.

    ``values`` are the revenues that are not 0, in one currency, sorted. ``matured``: leads whose days are over, and
    what came of them (``ripe``); ``changed``: leads that are with somebody else by now.
    """

    leads: int = 0
    matured: int = 0
    changed: int = 0
    counts: dict = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    ripe: dict = field(default_factory=lambda: dict.fromkeys(SHARES, 0))
    values: list = field(default_factory=list)
    ripe_values: list = field(default_factory=list)
    sources: Counter = field(default_factory=Counter)
    priorities: Counter = field(default_factory=Counter)
    ages: tuple = (0, 0.0, 0.0)  # leads whose age is known, sum of the days, sum of their squares


def count_of_experiment(experiment, now):
    """Return {"a": Outcomes, "b": Outcomes} of the leads of an experiment; two statements, whatever their number.

    :param experiment: with full rights
    """
    env = experiment.env
    rows = SQL("r.experiment_id = %s AND r.arm IS NOT NULL", experiment.id)
    found = _count(env, rows, SQL("r.arm"), _get_terms(experiment), now, experiment.campaign_id)
    for arm, (count, matured) in _count_gone(experiment, now).items():
        found[arm].leads += count
        found[arm].matured += matured
    return found


def count_of_periods(campaign, periods, terms, now):
    """Return {"a": Outcomes, "b": Outcomes} of what a campaign handed out in two periods; one statement.

    A lead of both counts in the one in which it was handed out first.

    :param campaign: with full rights
    :param periods: {"a": ``Period``, "b": ``Period``}
    """
    cases = [SQL("WHEN r.distribution_date BETWEEN %s AND %s THEN %s", *periods[arm], arm) for arm in periods]
    within = SQL(" OR ").join(
        SQL("r.distribution_date BETWEEN %s AND %s", period.first, period.last) for period in periods.values()
    )
    rows = SQL("r.campaign_id = %s AND (%s)", campaign.id, within)
    return _count(campaign.env, rows, SQL("CASE %s END", SQL(" ").join(cases)), terms, now, campaign)


def count_of_campaign(campaign, since, until, terms, now):
    """Return the ``Outcomes`` of what a campaign dealt from one moment to another; two statements.

    As an experiment would: not what was covered, handed over or pulled then. Of very many leads, so many as are enough,
    chosen by their numbers.
    """
    rows = SQL(
        "r.campaign_id = %s AND r.distribution_date >= %s AND r.applied_on >= %s AND r.applied_on < %s "
        "AND r.kind IN %s",
        campaign.id,
        date.fromordinal(since.toordinal() - 1),  # its index is by days
        since,
        until,
        FIRST_KINDS,
    )
    campaign.env["lead.distribution.assignment"].flush_model()
    [(count,)] = campaign.env.execute_query(SQL("SELECT count(*) FROM lead_distribution_assignment r WHERE %s", rows))
    one_in = count // ENOUGH + 1
    if one_in > 1:
        rows = SQL("%s AND r.lead_id %% %s = 0", rows, one_in)
    return _count(campaign.env, rows, SQL("'a'"), terms, now, campaign)["a"]


def _get_terms(experiment):
    return Terms(experiment.days, experiment.action_hours)


def _count(env, rows, arm, terms, now, campaign):
    """Return {arm: Outcomes} of the first row of each lead among some rows of the history (alias r)."""
    found = {"a": Outcomes(), "b": Outcomes()}
    _flush(env)
    currencies = _Currencies(env, campaign, now)
    for way, source, priority, *numbers in env.execute_query(_build(env, rows, arm, terms, now)):
        outcomes = found[way]
        outcomes.sources[source] += numbers[0]
        outcomes.priorities[priority] += numbers[0]
        _add(outcomes, numbers, currencies)
    for outcomes in found.values():  # in any order until now, and the bootstrap draws them by their places
        outcomes.values.sort()
        outcomes.ripe_values.sort()
    return found


def _add(outcomes, numbers, currencies):
    """Add what came of the leads of one source and priority."""
    leads, matured, changed = numbers[:3]
    outcomes.leads += leads
    outcomes.matured += matured
    outcomes.changed += changed
    for name, count, ripe in zip(SHARES, numbers[3:6], numbers[6:9], strict=True):
        outcomes.counts[name] += count
        outcomes.ripe[name] += ripe
    for company, value, is_mature in zip(*(column or () for column in numbers[9:12]), strict=True):
        revenue = currencies.convert(value, company)
        outcomes.values.append(revenue)
        if is_mature:
            outcomes.ripe_values.append(revenue)
    known, days, squares = numbers[12:]
    known_before, days_before, squares_before = outcomes.ages
    outcomes.ages = (known_before + known, days_before + float(days or 0), squares_before + float(squares or 0))


def _build(env, rows, arm, terms, now):
    """Return the statement: one line for each way, source and priority."""
    leads = env["crm.lead"]
    return SQL(
        """
        WITH handed AS MATERIALIZED (
            SELECT DISTINCT ON (r.lead_id) r.lead_id, %(arm)s AS arm, r.user_id, r.applied_on,
                   coalesce(r.source_id, 0) AS source, coalesce(r.priority, 0) AS priority
              FROM lead_distribution_assignment r
             WHERE %(rows)s AND r.state = 'done' AND r.kind IN %(kinds)s AND r.lead_id IS NOT NULL
             ORDER BY r.lead_id, r.applied_on, r.id
        ), acted AS MATERIALIZED (  -- else worked out anew for each lead, where the database knows little of its tables
            SELECT DISTINCT h.lead_id
              FROM handed h JOIN lead_distribution_assignment t ON t.lead_id = h.lead_id
             WHERE t.state = 'done' AND t.first_action_on >= h.applied_on
               AND t.first_action_on <= h.applied_on + %(hours)s * interval '1 hour'
        ), facts AS (
            SELECT h.arm, h.source, h.priority, l.company_id,
                   h.applied_on + %(window)s <= %(now)s AS is_mature,
                   (l.holder_id IS NOT NULL AND l.holder_id IS DISTINCT FROM h.user_id) AS is_changed,
                   (%(won)s AND %(closed_on)s BETWEEN h.applied_on AND h.applied_on + %(window)s) IS TRUE AS won,
                   (l.date_conversion BETWEEN h.applied_on AND h.applied_on + %(window)s) IS TRUE AS opportunity,
                   a.lead_id IS NOT NULL AS action,
                   l.expected_revenue AS revenue,
                   h.applied_on::date - l.source_date AS age
              FROM handed h JOIN crm_lead l ON l.id = h.lead_id LEFT JOIN acted a ON a.lead_id = h.lead_id
        )
        SELECT arm, source, priority,
               count(*), count(*) FILTER (WHERE is_mature), count(*) FILTER (WHERE is_changed),
               count(*) FILTER (WHERE won), count(*) FILTER (WHERE opportunity), count(*) FILTER (WHERE action),
               count(*) FILTER (WHERE won AND is_mature), count(*) FILTER (WHERE opportunity AND is_mature),
               count(*) FILTER (WHERE action AND is_mature),
               array_agg(company_id) FILTER (WHERE won AND revenue <> 0),
               array_agg(revenue) FILTER (WHERE won AND revenue <> 0),
               array_agg(is_mature) FILTER (WHERE won AND revenue <> 0),
               count(age), sum(age), sum(age * age::float)
          FROM facts GROUP BY arm, source, priority
        """,
        arm=arm,
        rows=rows,
        kinds=HANDED_OUT,
        hours=min(terms.action_hours, terms.days * 24),
        window=SQL("%s * interval '1 day'", terms.days),
        now=now,
        won=get_outcome_sql(leads, "l", "won"),
        closed_on=get_closing_sql("l"),
    )


def _count_gone(experiment, now):
    """Return {arm: (leads, matured)} of leads that were handed out and are deleted, or merged into others, by now.

    Neither rows nor deals know these leads any more. A lead has one deal, and a row for each time it was handed out:
    so there were at most as many leads as deals.
    """
    query = SQL(
        """
        SELECT gone.arm, least(gone.rows, deals.leads), least(gone.matured, deals.leads) FROM (
            SELECT r.arm, count(*) AS rows,
                   count(*) FILTER (WHERE r.applied_on + %(days)s * interval '1 day' <= %(now)s) AS matured
              FROM lead_distribution_assignment r
             WHERE r.experiment_id = %(experiment)s AND r.arm IS NOT NULL AND r.state = 'done' AND r.kind IN %(kinds)s
               AND r.lead_id IS NULL
             GROUP BY r.arm) AS gone
          JOIN (SELECT arm, count(*) AS leads FROM lead_distribution_experiment_deal
                 WHERE experiment_id = %(experiment)s AND lead_id IS NULL GROUP BY arm) AS deals ON deals.arm = gone.arm
        """,
        days=experiment.days,
        now=now,
        experiment=experiment.id,
        kinds=FIRST_KINDS,
    )
    return {arm: (count, matured) for arm, count, matured in experiment.env.execute_query(query)}


def find_lasts(experiments):
    """Return {experiment id: when its last lead was handed out}; one query.

    As dealt: a lead that is declined, taken back or handed out again counts since the first time.
    """
    if not experiments:
        return {}
    experiments.env["lead.distribution.assignment"].flush_model()
    query = SQL(
        """
        SELECT experiment_id, max(first) FROM (
            SELECT experiment_id, min(applied_on) AS first FROM lead_distribution_assignment
             WHERE experiment_id IN %s AND arm IS NOT NULL AND state = 'done' AND kind IN %s AND lead_id IS NOT NULL
             GROUP BY experiment_id, lead_id) AS leads
         GROUP BY experiment_id
        """,
        tuple(experiments.ids),
        HANDED_OUT,
    )
    return dict(experiments.env.execute_query(query))


def count_deals(experiments):
    """Return {(experiment id, arm): leads that were dealt to the way}; one query."""
    deals = experiments.env["lead.distribution.experiment.deal"]
    groups = deals._read_group([("experiment_id", "in", experiments.ids)], ["experiment_id", "arm"], ["__count"])
    return {(experiment.id, arm): count for experiment, arm, count in groups}


def _flush(env):
    env["crm.lead"].flush_model()
    env["lead.distribution.assignment"].flush_model()
    env["lead.distribution.experiment.deal"].flush_model()


def get_currency(env, campaign):
    """Return the currency in which the revenue of a campaign is told."""
    return (campaign.company_id or env.company).currency_id


class _Currencies:
    """Turns the revenue of leads of several companies into one currency, at the rate of a moment."""

    def __init__(self, env, campaign, now):
        self.company = campaign.company_id or env.company
        self.day, self.env, self.rates = now.date(), env, {}

    def convert(self, value, company_id):
        """Return a value of a lead of a company, in the currency of the campaign's."""
        value = float(value)
        if company_id not in self.rates:
            self.rates[company_id] = self._find_rate(self.env["res.company"].browse(company_id or self.company.id))
        rate = self.rates[company_id]
        return value if rate == 1 else self.company.currency_id.round(value * rate)

    def _find_rate(self, company):
        own, wanted = company.currency_id, self.company.currency_id
        return 1 if own == wanted else own._get_conversion_rate(own, wanted, self.company, self.day)
