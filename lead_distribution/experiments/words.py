# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""The numbers of an experiment in the words of the reader's language: the verdict, what changed hands, the balance."""

import math
from datetime import timedelta

from odoo import fields
from odoo.tools.misc import format_amount

from ..reporting.readable import Readable
from ..tools.clock import format_date_near
from ..tools.labels import get_labels

WAYS = {"a": "A", "b": "B"}
MOST_DIGITS = 4


class Words:
    """Puts the numbers of both sides into words.

    :param env: with the language of the reader
    :param currency: of revenues
    """

    def __init__(self, env, currency):
        self.env, self._, self.currency = env, env._, currency
        self.readable = Readable(env)

    def count(self, number):
        """Return a whole number as the reader writes it."""
        return self.readable.number(number)

    def decimal(self, value, digits=1):
        return self.readable.decimal(value, digits)

    def percent(self, rate, digits=1):
        """Return a fraction in percent: 12.3%."""
        return self._("%s%%", self.decimal(rate * 100, digits))

    def money(self, amount):
        return format_amount(self.env, amount, self.currency)

    def value(self, value, unit):
        """Return a rate, or an amount a lead; nothing for none."""
        if value is None:
            return ""
        return self.money(value) if unit == "money" else self.percent(value)

    def span(self, low, high, unit):
        """Return an interval, "0.4 to 3.8"; nothing where there is none."""
        if low is None or high is None:
            return ""
        digits = find_digits(low * 100, high * 100)
        low, high = (
            self._subtract(end, self.money(abs(end)) if unit == "money" else self.decimal(abs(end) * 100, digits))
            for end in (low, high)
        )
        return self._("%(low)s to %(high)s", low=low, high=high)

    def change(self, difference, unit):
        """Return a difference without its sign: "2.1 points", or an amount."""
        size = abs(difference)
        if unit == "money":
            return self.money(size)
        return self._("%s points", self.decimal(size * 100, find_digits(size * 100)))

    def signed(self, difference, unit):
        """Return a difference of B to A with its sign."""
        text = self.change(difference, unit)
        return f"+{text}" if difference > 0 else self._subtract(difference, text)

    @staticmethod
    def _subtract(value, text):
        """Return the text of a number without its sign, with a minus where it is below 0; also before a currency."""
        return f"−{text}" if value < 0 else text

    def largest(self, value, unit):
        """Return the largest difference that is possible, never rounded down."""
        if unit == "money":
            rounding = self.currency.rounding or 0.01
            return self.money(math.ceil(value / rounding - 1e-9) * rounding)
        digits = find_digits(value * 100)
        return self._("%s points", self.decimal(math.ceil(value * 100 * 10**digits - 1e-9) / 10**digits, digits))

    def more(self, way, key, figures):
        """Return that a way is ahead, by how much, and how sure that is.

        :param figures: difference, low, high as seen by that way
        """
        _ = self._
        unit = "money" if key == "revenue" else "share"
        values = {
            "way": WAYS[way],
            "difference": self.change(figures[0], unit),
            "interval": self.span(figures[1], figures[2], unit),
        }
        return {
            "won": _("%(way)s won %(difference)s more (%(interval)s).", **values),
            "opportunity": _("With %(way)s, %(difference)s more became opportunities (%(interval)s).", **values),
            "action": _("With %(way)s, %(difference)s more had a first action in time (%(interval)s).", **values),
            "revenue": _("%(way)s brought %(difference)s more a lead (%(interval)s).", **values),
        }[key]

    def fewer(self, key, figures):
        """Return that way B does harm, without the end of the sentence."""
        _ = self._
        unit = "money" if key == "revenue" else "share"
        low, high = sorted(abs(end) for end in figures[1:])
        values = {"difference": self.change(figures[0], unit), "interval": self.span(low, high, unit)}
        return {
            "won": _("B won %(difference)s fewer (%(interval)s)", **values),
            "opportunity": _("With B, %(difference)s fewer became opportunities (%(interval)s)", **values),
            "action": _("With B, %(difference)s fewer had a first action in time (%(interval)s)", **values),
            "revenue": _("B brought %(difference)s less a lead (%(interval)s)", **values),
        }[key]


def find_digits(*values):
    """Return how many decimals numbers need so that none of them looks like 0 without being it.

    >>> find_digits(2.13, 0.4), find_digits(0.04), find_digits(0.0)
    (1, 2, 1)
    """
    for digits in range(1, MOST_DIGITS):
        if all(not value or round(value, digits) for value in values):
            return digits
    return MOST_DIGITS


def describe_measures(record, words, numbers):
    """Return all measures as they are shown, and at the top the figures of the one that counts."""
    measures = [describe_measure(record, words, figures) for figures in numbers["measures"]]
    return {
        **{name: measures[0][name] for name in ("a", "b", "text")},
        "measures": measures,
        "revenue": next(figures for figures in measures if figures["key"] == "revenue"),
    }


def describe(experiment, numbers):
    """Return the result as it is shown: the numbers, and beside them what they mean.

    :param numbers: of ``result.work_out``, or as they were kept
    """
    currency = experiment.env["res.currency"].browse(numbers.get("currency_id") or [])
    words = Words(experiment.env, currency)
    return {
        **numbers,
        **describe_measures(experiment, words, numbers),
        "state": experiment.state,
        "verdict": tell_verdict(experiment, words, numbers),
        "balance": _describe_balance(experiment, words, numbers["balance"]),
        "changed_settings": _tell_changes(experiment, numbers["differs"]),
        "notes": list(_tell_notes(words, numbers)),
    }


def describe_measure(record, words, figures):
    """Return the figures of a measure with their texts beside them.

    :param record: an experiment, or something else with its measures
    """
    unit = figures["unit"]
    name = get_labels(record.env["lead.distribution.experiment"], "measure")[figures["key"]]
    sides = {arm: {**figures[arm], "text": _describe_side(words, figures[arm], unit)} for arm in WAYS}
    text = {
        "difference": words.signed(figures["difference"], unit),
        "interval": words.span(figures["low"], figures["high"], unit),
    }
    return {**figures, **sides, "name": name, "text": text}


def _describe_side(words, side, unit):
    low, high = side["low"], side["high"]
    text = {
        "leads": words.count(side["leads"]),
        "conversions": words.count(side["conversions"]),
        "rate": words.value(side["rate"], unit),
        "interval": "" if low is None else words.span(low, high, unit),
    }
    return {**text, "total": words.money(side["total"])} if unit == "money" else text


def tell_verdict(experiment, words, numbers):
    """Return the verdict in a sentence or two."""
    _, kind, key = words._, numbers["kind"], numbers["measure"]
    if experiment.state == "draft":
        return _("Not started yet.")
    if kind == "harm":
        harm = words.fewer(key, numbers["judged"])
        return _("%s: stopped.", harm) if experiment.state == "done" else _("%s: it does harm, stop it.", harm)
    if experiment.state == "running":
        counts = _count_leads(words, numbers)
        if numbers["leads_planned"] == 1:
            return _("Not yet: %(leads)s of 1 lead. Looking early and stopping is how one fools oneself.", **counts)
        return _(
            "Not yet: %(leads)s of %(planned)s leads. Looking early and stopping is how one fools oneself.", **counts
        )
    if experiment.state == "waiting":
        return _("Not yet: the last outcomes count until %s.", tell_last_day(experiment, numbers))
    if kind in ("a_better", "b_better"):
        difference, low, high = numbers["judged"]
        seen = (difference, low, high) if kind == "b_better" else (-difference, -high, -low)
        return words.more(numbers["winner"], key, seen)
    return _tell_nothing(experiment, words, numbers)


def _tell_nothing(experiment, words, numbers):
    """Return why there is no winner."""
    _, unit = words._, "money" if numbers["measure"] == "revenue" else "share"
    if numbers["kind"] == "no_difference":
        if numbers["is_close"]:
            largest = words.largest(numbers["largest"], unit)
            return _("No difference that chance would not give, too; if there is one, it is at most %s.", largest)
        return _("No difference larger than %s.", words.largest(numbers["largest"], unit))
    counts = _count_leads(words, numbers)
    leads, matured = (sum(numbers[name].values()) for name in ("leads", "matured"))
    if leads < numbers["leads_planned"]:
        if experiment.ended_early:
            return _("Not enough leads to tell: stopped after %(leads)s of %(planned)s.", **counts)
        return _("Not enough leads to tell: %(leads)s of %(planned)s.", **counts)
    if matured < leads:
        if leads - matured == 1:
            return _("Not enough outcomes to tell: stopped while that of 1 lead was still to come.")
        return _("Not enough outcomes to tell: stopped while those of %s leads were still to come.",
                 words.count(leads - matured))  # fmt: skip
    deals = sum(numbers["revenue"][arm]["conversions"] for arm in WAYS)
    if leads == 1:
        return _("Not enough deals to tell: %s of 1 lead.", words.count(deals))
    return _("Not enough deals to tell: %(deals)s of %(leads)s leads.", deals=words.count(deals), **counts)


def _count_leads(words, numbers):
    return {"leads": words.count(sum(numbers["leads"].values())), "planned": words.count(numbers["leads_planned"])}


def tell_last_day(experiment, numbers):
    """Return the day on which the last outcome counts, in the zone of the reader."""
    last = fields.Datetime.to_datetime(numbers["last_on"]) or experiment.dealt_until or fields.Datetime.now()
    local, today = (
        fields.Datetime.context_timestamp(experiment, moment).date()
        for moment in (last + timedelta(days=numbers["days"]), fields.Datetime.now())
    )
    return format_date_near(experiment.env, local, today)


def _tell_notes(words, numbers):
    """Yield what has to be known of leads that are not with whom they were dealt to."""
    _ = words._
    for arm, way in WAYS.items():
        count = numbers["changed_hands"][arm]
        if count == 1:
            yield _("1 lead dealt to %(way)s is with somebody else by now; it counts for %(way)s.", way=way)
        elif count:
            yield _(
                "%(count)s leads dealt to %(way)s are with others by now; they count for %(way)s.",
                count=words.count(count), way=way,
            )  # fmt: skip
    for arm, way in WAYS.items():
        count = numbers["not_handed_out"][arm]
        if count == 1:
            yield _("1 lead dealt to %s was not handed out; it does not count.", way)
        elif count:
            yield _(
                "%(count)s leads dealt to %(way)s were not handed out; they do not count.",
                count=words.count(count), way=way,
            )  # fmt: skip


def _describe_balance(experiment, words, balance):
    """Return the balance as rows with names, and in a sentence."""
    env, _ = experiment.env, words._
    # names of sources are no secret of whoever may read the experiment
    found = env["utm.source"].sudo().browse([row[0] for row in balance["sources"] if row[0]]).exists()
    sources = {0: _("No source"), **{source.id: source.name for source in found}}
    priorities = get_labels(env["crm.lead"], "priority")
    rows = [
        *((_("Source"), sources.get(key, _("Deleted source")), a, b) for key, a, b in balance["sources"]),
        *((_("Priority"), priorities.get(str(key), str(key)), a, b) for key, a, b in balance["priorities"]),
    ]
    listed = [
        {"group": group, "name": name, "a": a, "b": b, "text": {"a": words.percent(a), "b": words.percent(b)}}
        for group, name, a, b in rows
    ]
    days = dict(zip(WAYS, balance["ages"], strict=True))
    text = {arm: words.decimal(value) for arm, value in days.items()}
    listed.append({"group": _("Age"), "name": _("Days on average"), **days, "text": text})
    return {
        "words": _tell_balance(words, balance),
        "is_alike": not balance["off"],
        "off": balance["off"],
        "rows": listed,
    }


def _tell_balance(words, balance):
    _, off = words._, balance["off"]
    if not balance["sources"]:
        return _("Nothing has been handed out yet.")
    names = {"source": _("Source"), "priority": _("Priority"), "age": _("Age")}
    texts = []
    if named := ", ".join(names[name] for name in off if name in names):
        texts.append(_("The ways did not get the same kinds of leads: %s. Read the result with care.", named))
    if "share" in off:
        shares = {"share": words.percent(balance["share"]), "wanted": words.percent(balance["share_b"])}
        texts.append(_("Way B got %(share)s of the leads instead of %(wanted)s.", **shares))
    return " ".join(texts) or _("Both ways got the same kinds of leads.")


def _tell_changes(experiment, differs):
    """Return a sentence for each way whose settings are others than at the start."""
    _, campaigns = experiment.env._, experiment.env["lead.distribution.campaign"]
    texts = []
    for arm, names in sorted(differs.items()):
        if names:
            labels = [campaigns._fields[name]._description_string(experiment.env) for name in names]
            texts.append(_("Way %(way)s was changed since the start: %(settings)s.", way=WAYS[arm],
                           settings=", ".join(labels)))  # fmt: skip
    return texts
