# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Before an experiment: how many leads it takes, how many weeks that is, and whether it is hopeless."""

from datetime import timedelta
from typing import NamedTuple

from odoo import fields
from odoo.tools import SQL

from ..engine.experiment import (
    Values,
    leads_needed,
    leads_needed_mean,
    smallest_difference,
    smallest_difference_mean,
    weeks,
)
from ..names import FIRST_KINDS
from ..work.system import as_system
from .checks import LONGEST
from .outcomes import Outcomes, Terms, count_of_campaign, get_currency
from .words import Words

WINDOW = 180  # days of the history that say how it is at present
INFLOW_WEEKS = 8
USUAL_RATE = 0.1  # where there is no history
FEWEST = 30  # leads: with less, the history says nothing
QUARTER = 12  # weeks: what can be seen until then is told
HALF_A_YEAR, YEAR, TWO_YEARS = 26, 52, 104  # weeks
SMALLEST, LARGEST = 20, 2**31 - 1  # leads that are proposed


class Present(NamedTuple):
    """How a campaign is at present, by one measure.

    ``rate`` of leads that convert (of revenue: that bring anything); ``mean`` and ``deviation`` of revenue a lead.
    ``leads``: of the history that says so; 0 where there is none.
    """

    leads: int
    rate: float
    mean: float
    deviation: float


def find_present(experiment):
    """Return the ``Present`` of an experiment's campaign: of leads whose days are over; two statements."""
    if not experiment.campaign_id.ids:
        return Present(0, USUAL_RATE, 0.0, 0.0)
    campaign, now = as_system(experiment.campaign_id._origin), fields.Datetime.now()
    days = min(max(experiment.days, 1), LONGEST)  # more may be typed, which is not saved
    terms = Terms(days, max(experiment.action_hours, 0))
    until = now - timedelta(days=terms.days)
    found = count_of_campaign(campaign, until - timedelta(days=WINDOW), until, terms, now)
    if found.leads < FEWEST:
        return Present(0, USUAL_RATE, 0.0, 0.0)
    return read_present(found, experiment.measure)


def read_present(found: Outcomes, measure):
    """Return the ``Present`` that outcomes say."""
    values = Values(found.values, found.leads)
    conversions = values.deals if measure == "revenue" else found.counts[measure]
    return Present(found.leads, conversions / found.leads, values.mean, values.deviation)


def find_inflow(campaign):
    """Return how many leads a campaign deals a week, by its last weeks; one statement.

    Those that an experiment would deal: leads that are covered, handed over, pulled or declined were dealt before.
    A campaign that is younger is judged by the weeks since its first hand-out, one at least.
    """
    campaign, now = as_system(campaign), fields.Datetime.now()
    since = now - timedelta(weeks=INFLOW_WEEKS)
    campaign.env["lead.distribution.assignment"].flush_model()
    query = SQL(
        """
        SELECT count(DISTINCT lead_id), min(applied_on) FROM lead_distribution_assignment
         WHERE campaign_id = %s AND distribution_date >= %s AND applied_on >= %s AND state = 'done' AND kind IN %s
        """,
        campaign.id,
        since.date() - timedelta(days=1),
        since,
        FIRST_KINDS,
    )
    [(leads, first)] = campaign.env.execute_query(query)
    if not leads:
        return 0.0
    span = min(max((now - first) / timedelta(weeks=1), 1), INFLOW_WEEKS)
    # the first hand-out of a campaign that is older may lie anywhere in its first week
    return leads / (INFLOW_WEEKS if span > INFLOW_WEEKS - 1 else span)


def find_leads_needed(experiment, present):
    """Return how many leads it takes to see the wanted difference, None where no number is enough, or none is known."""
    share = experiment.share_b
    if not (0 < share < 1) or experiment.points <= 0:
        return None
    if experiment.measure == "revenue":
        if not present.deviation:
            return None
        return leads_needed_mean(present.deviation, present.mean * experiment.points / 100, share)
    return leads_needed(present.rate, experiment.points / 100, share)


def propose_leads(experiment, present):
    """Return the number of leads to plan; 0 where nobody can say."""
    needed = find_leads_needed(experiment, present)
    return min(max(needed, SMALLEST), LARGEST) if needed else 0


def find_weeks(experiment, inflow):
    """Return the whole weeks until the verdict: of dealing, and of waiting for the last outcomes; None: never."""
    dealing = weeks(experiment.planned_leads, inflow) if experiment.planned_leads > 0 else None
    return None if dealing is None else dealing + -(-experiment.days // 7)


class Plan:
    """What is told of an experiment before it starts.

    :param inflow: leads a week
    """

    def __init__(self, experiment, present, inflow):
        self.experiment, self.present, self.inflow = experiment, present, inflow
        self.is_money = experiment.measure == "revenue"
        self.words = Words(experiment.env, get_currency(experiment.env, experiment.campaign_id))
        self._ = experiment.env._

    def tell(self):
        """Return in sentences what it takes: the present rate, how many leads, how many weeks."""
        return " ".join(text for text in (self._tell_present(), self._tell_size(), self._tell_visible()) if text)

    def _tell_present(self):
        _, present, words = self._, self.present, self.words
        if not present.leads:
            if self.is_money:
                return _("There is no history yet that says how much revenue a lead brings.")
            return _("There is no history yet: a rate of %s is assumed.", words.percent(present.rate, 0))
        count = words.count(present.leads)
        if present.leads == 1:
            return (
                _("At present a lead brings %s (1 lead).", words.money(present.mean))
                if self.is_money
                else _("At present the rate is %s (1 lead).", words.percent(present.rate))
            )
        if self.is_money:
            return _(
                "At present a lead brings %(mean)s (%(count)s leads).", mean=words.money(present.mean), count=count
            )
        return _("At present the rate is %(rate)s (%(count)s leads).", rate=words.percent(present.rate), count=count)

    def _tell_size(self):
        _, experiment, words = self._, self.experiment, self.words
        needed, total = find_leads_needed(experiment, self.present), find_weeks(experiment, self.inflow)
        texts = []
        if needed:
            values = {"difference": self._name_difference(experiment.points), "leads": words.count(needed)}
            texts.append(_("To see a difference of %(difference)s in 4 of 5 cases takes %(leads)s leads.", **values))
        if total is None and experiment.planned_leads:
            texts.append(_("Hardly any leads are handed out at present, so nobody can say how long that takes."))
        elif total is not None:
            values = {
                "planned": words.count(experiment.planned_leads),
                "inflow": words.count(round(self.inflow)),
                "weeks": _("1 week") if total == 1 else _("%s weeks", words.count(total)),
            }
            texts.append(
                _("With %(planned)s leads and %(inflow)s a week, the verdict comes in %(weeks)s.", **values),
            )
        return " ".join(texts)

    def _tell_visible(self):
        """Return which difference could be seen in a quarter of a year."""
        seen = self._see_within(QUARTER)
        if seen is None:
            return ""
        return self._("Within %(weeks)s weeks, %(difference)s could be seen.", weeks=QUARTER, difference=seen)

    def warn(self):
        """Return why it is hopeless, and what could be seen instead; nothing where it is not."""
        _, experiment = self._, self.experiment
        needed, total = find_leads_needed(experiment, self.present), find_weeks(experiment, self.inflow)
        if self.is_money and not self.present.deviation:
            return _("Without a history of revenue nobody can say how many leads it takes: plan with another measure.")
        if not 0 < experiment.share_b < 1:
            return _("Leads for way B: enter a number from 1 to 99 percent.")
        if not experiment.points:
            return _("Enter which difference would matter: more than 0.")
        if needed is None:
            rate = self.words.percent(self.present.rate)
            return _("No rate can differ so much from %s: look for a smaller difference.", rate)
        texts = []
        is_long = total is None or total > YEAR or needed > self.inflow * TWO_YEARS
        if is_long:
            texts.append(_("This is hopeless: it takes more than a year."))
            if seen := self._see_within(HALF_A_YEAR):
                texts.append(_("In half a year, %s could be seen.", seen))
        if experiment.planned_leads < needed * 0.95:
            planned = self.words.count(experiment.planned_leads)
            one = _("With 1 lead, such a difference may well go unseen.")
            many = _("With %s leads, such a difference may well go unseen.", planned)
            texts.append(one if experiment.planned_leads == 1 else many)
        return " ".join(texts)

    def _see_within(self, number):
        """Return the smallest difference that is seen in so many weeks, in words; None where there is none."""
        leads = int(self.inflow * (number - self.experiment.days / 7))
        share = self.experiment.share_b
        if leads < SMALLEST or not 0 < share < 1:
            return None
        if self.is_money:
            found = smallest_difference_mean(leads, self.present.deviation, share) if self.present.deviation else None
            return found and self._("a difference of %s a lead", self.words.largest(found, "money"))
        found = smallest_difference(leads, self.present.rate, share)
        return found and self._("a difference of %s", self.words.largest(found, "share"))

    def _name_difference(self, points):
        """Return the wanted difference; of revenue, points are percent of the present one."""
        if self.is_money:
            return self._("%s a lead", self.words.money(self.present.mean * points / 100))
        return self.words.change(points / 100, "share")
