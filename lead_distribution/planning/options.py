"""The options that a caller asks a run for, and what is wrong with them."""

from odoo import fields
from odoo.exceptions import ValidationError

from ..engine import STRATEGIES
from ..names import FIRM_STEPS
from ..tools.limits import FIRST_YEAR, WHOLE, is_whole, read_date
from .request import PlanRequest

NAMES = frozenset(option for option in PlanRequest.__dataclass_fields__)


def read_options(options, campaign, steps):
    """Return the request of a caller; tells all problems at once.

    :param options: values by the names of ``PlanRequest``; None stands for one that is missing
    :param campaign: with the rights of the caller, and in the caller's language
    :param steps: keys of the campaign's steps
    :raise ValidationError: for options that are unknown or have no sensible value
    """
    reader = _Reader({name: value for name, value in options.items() if value is not None}, campaign)
    reader.problems += [campaign.env._("unknown option “%s”", name) for name in options.keys() - NAMES]
    reader.read_dates()
    reader.read_ids()
    reader.check_numbers()
    reader.check_strategy()
    reader.read_override(steps)
    if reader.problems:
        text = "; ".join(sorted(reader.problems))
        raise ValidationError(campaign.env._("These options do not work: %s.", text))
    return PlanRequest.read(reader.options)


class _Reader:
    """Brings options into their normal form, and collects what is wrong with them."""

    def __init__(self, options, campaign):
        self.options = options
        self.campaign = campaign
        self.env = campaign.env
        self.problems = []

    def read_dates(self):
        broken = [name for name in ("date_from", "date_to") if not self._read_date(name)]
        dates = [self.options.get("date_from"), self.options.get("date_to")]
        if all(dates) and not broken and dates[0] > dates[1]:
            self.problems.append(self.env._("“date_from” is later than “date_to”"))

    def _read_date(self, name):
        """Put a date into its normal form; say whether it is one, or not there."""
        if name not in self.options:
            return True
        given = self.options[name]
        try:
            date = read_date(given)
        except ValueError:
            date = None
        if not date:
            self.problems.append(
                self.env._(
                    "“%(name)s” is no date from the year %(first)s on: %(value)s",
                    name=name,
                    first=FIRST_YEAR,
                    value=str(given)[:40],
                )
            )
            return False
        self.options[name] = fields.Date.to_string(date)
        return True

    def read_ids(self):
        for name in {"lead_ids", "user_ids"} & self.options.keys():
            ids = getattr(self.options[name], "ids", self.options[name])
            if isinstance(ids, (list, tuple, set)) and all(is_whole(record_id) for record_id in ids):
                self.options[name] = tuple(dict.fromkeys(ids))
            else:
                self.problems.append(self.env._("“%s” must be a list of ids", name))
                self.options.pop(name)
        unknown = self._find_unknown_users(self.options.get("user_ids"))
        if unknown:
            ids = ", ".join(map(str, unknown))
            self.problems.append(self.env._("“user_ids”: there are no people with the ids %s", ids))

    def _find_unknown_users(self, user_ids):
        """Return the ids that are nobody's: neither a member's, nor of a user whom the caller may see."""
        if not user_ids:
            return []
        # sudo: a member counts whether the caller may read the users of it or not
        members = self.campaign.sudo().with_context(active_test=False).member_ids
        seen = self.env["res.users"].with_context(active_test=False).search([("id", "in", user_ids)])
        return sorted(set(user_ids) - set(members.user_id.ids) - set(seen.ids))

    def read_override(self, steps):
        """Bring the steps that are not to count into their normal form: keys, only for leads that are named."""
        if "override" not in self.options:
            return
        given = self.options["override"]
        if not isinstance(given, (list, tuple, set)) or not all(isinstance(key, str) for key in given):
            self.problems.append(self.env._("“override” must be a list of steps"))
            return
        unknown = sorted(set(given) - set(steps))
        firm = sorted(set(given) & set(FIRM_STEPS))
        if unknown:
            names = ", ".join(key[:40] for key in unknown)
            self.problems.append(self.env._("“override”: the campaign has no steps %s", names))
        if firm:
            self.problems.append(self.env._("“override”: nobody can leave aside %s", ", ".join(firm)))
        if given and "lead_ids" not in self.options:
            self.problems.append(self.env._("“override” is for named leads only: give “lead_ids”, too"))
        self.options["override"] = tuple(dict.fromkeys(given)) or None

    def check_numbers(self):
        self.problems += [
            self.env._("“%(name)s” must be a whole number from 0 to %(largest)s", name=name, largest=WHOLE)
            for name in {"max_leads", "seed"} & self.options.keys()
            if not is_whole(self.options[name])
        ]

    def check_strategy(self):
        strategy = self.options.get("strategy")
        if strategy and (not isinstance(strategy, str) or strategy not in STRATEGIES):
            self.problems.append(self.env._("unknown strategy “%s”", str(strategy)[:40]))
        if not isinstance(self.options.get("force_round_robin", False), (bool, int)):
            self.problems.append(self.env._("“force_round_robin” must be true or false"))
