"""Values as a person reads them: dates, numbers and names in the language of the user, for the codes that data has."""

from datetime import date, timedelta

from odoo.fields import Domain
from odoo.tools.misc import format_date

from ..engine.figures import count_decimals
from ..names import NOTHING, RUN_STATES
from ..tools.labels import get_labels
from ..tools.numbers import get_format

NONE = "none"  # the key of leads without a status, or a month


class Readable:
    """Puts codes, ISO dates and numbers into words.

    :param env: with the language and the rights to look
    """

    def __init__(self, env):
        self.env = env
        self.format = get_format(env)

    def day(self, text):
        """Return a date, or the text of one, as the user writes dates; nothing for none."""
        return format_date(self.env, text) if text else ""

    def short_day(self, day):
        """Return a date without its year."""
        return format_date(self.env, day, date_format="d MMM")

    def period(self, texts):
        """Return two dates as one text; a side without a date is open."""
        return " – ".join(self.day(text) or "…" for text in texts)

    def month(self, text):
        """Return the month of "2026-01" in words, the text of leads without a date otherwise."""
        if text == NONE:
            return self.env._("No date")
        return format_date(self.env, date.fromisoformat(f"{text}-01"), date_format="MMMM y")

    def number(self, value, digits=None):
        """Return a number with the separators of the language.

        :param digits: decimals; None: those it has
        """
        return self.decimal(value, count_decimals(value) if digits is None else digits)

    def decimal(self, value, digits):
        """Return a number with the separators of the language and so many decimals."""
        return self.format(f"%.{digits}f", value, grouping=True)

    def state(self, code):
        """Return the state of a run in words."""
        return get_labels(self.env["lead.distribution.run"], "state").get(code, dict(RUN_STATES).get(code, code))

    def strategy(self, code):
        return get_labels(self.env["lead.distribution.campaign"], "strategy").get(code, code)

    def statuses(self, counts):
        """Return counts by the names of the lead statuses instead of their codes."""
        found = self.env["crm.lead.status"].with_context(active_test=False).search([("code", "in", list(counts))])
        names = {**{status.code: status.name for status in found}, NONE: self.env._("No status")}
        return _rename(counts, names)

    def levels(self, people, campaign):
        """Return {code or name: name} of the levels of people.

        :param campaign: its name, as campaigns may have levels of their own; nothing for all
        """
        codes = {person["level"] for person in people if person["level"]}
        whose = Domain("campaign_id", "=", False) | Domain("campaign_id.name", "=", campaign)
        levels = self.env["lead.distribution.level"].with_context(active_test=False)
        found = levels.search(Domain("code", "in", [*codes]) & whose).sorted(lambda level: bool(level.campaign_id))
        return {level.code: level.name for level in found}

    def without(self, counts, nothing):
        """Return counts with the words for what has no name in the place of "None".

        :param nothing: the words, "No source" for example
        """
        return _rename(counts, {NOTHING: nothing, self.env._("None"): nothing})


def _rename(counts, names):
    """Return counts under other names; those of one name are added up."""
    renamed = {}
    for key, count in counts.items():
        name = names.get(key, key)
        renamed[name] = renamed.get(name, 0) + count
    return renamed


def list_days(texts):
    """Return every day of a period of two ISO dates, both included.

    >>> list_days(["2026-01-30", "2026-02-01"])
    [datetime.date(2026, 1, 30), datetime.date(2026, 1, 31), datetime.date(2026, 2, 1)]
    """
    first, last = map(date.fromisoformat, texts)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
