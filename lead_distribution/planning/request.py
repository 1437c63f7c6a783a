"""What a run was asked, under its names; and what a plan that is only looked at assumes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from math import inf
from types import MappingProxyType

UNLIMITED = inf  # as ``max_leads``: no limit, whatever the campaign says


@dataclass(frozen=True)
class PlanRequest:
    """Options of one run; None: what the campaign says.

    ``date_from`` and ``date_to`` are texts of dates, both included, and replace the window; ``lead_ids``
    and ``user_ids`` are tuples of ids: only these leads and people; ``max_leads`` and ``seed`` whole numbers;
    ``strategy`` a name of the engine's; ``override`` a tuple of keys of steps that do not count for ``lead_ids``.
    """

    max_leads: int | None = None
    date_from: str | None = None
    date_to: str | None = None
    force_round_robin: bool | None = None
    strategy: str | None = None
    seed: int | None = None
    lead_ids: tuple | None = None
    user_ids: tuple | None = None
    override: tuple | None = None

    # {user id: ``going_on.Progress``} of a run that goes on
    progress = MappingProxyType({})
    # {lead id: ids of people who must not have it}: they had it before
    without = MappingProxyType({})

    # what only a trial has otherwise, see there
    current = MappingProxyType({})
    days = 0
    is_solved = True
    with_rates = False
    at_any_hour = False

    @classmethod
    def read(cls, options):  # pylint: disable=method-required-super
        """Return the request of options that were checked, such as those kept with a run."""
        names = {option.name for option in fields(PlanRequest)}
        known = {name: value for name, value in (options or {}).items() if name in names}
        for name in ("lead_ids", "user_ids", "override"):
            if known.get(name) is not None:
                known[name] = tuple(known[name])
        return cls(**known)

    def to_options(self):
        """Return what is kept with a run: JSON-ready, without what was not asked."""
        asked = {option.name: getattr(self, option.name) for option in fields(PlanRequest)}
        kept = {name: value for name, value in asked.items() if value is not None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}

    def get_most(self, default):
        """Return how many leads may be handed out at most, None for all.

        :param default: the campaign's limit; 0: none
        """
        if self.max_leads is None:
            return default or None
        return None if self.max_leads == UNLIMITED else self.max_leads

    def get_setting(self, campaign, name):
        """Return a setting of the campaign."""
        return campaign[name]


@dataclass(frozen=True)
class NextPart(PlanRequest):
    """The next leads of a run that goes on; ``progress``: how far it is, see ``going_on.describe_progress``.

    ``without``: {lead id: ids of people who must not have it}.
    """

    progress: Mapping = field(default_factory=dict)
    without: Mapping = field(default_factory=dict)


@dataclass(frozen=True)
class Trial(PlanRequest):
    """A plan that is not carried out: other settings are tried on the same leads, or a line-up is explained.

    ``settings`` take the place of the campaign's, by name; ``current``: leads held by user id, where it is not
    what people hold now; ``days``: leads of so many past days are handed out once more, so limits a day count
    as often, and what was received today does not; ``is_solved``: False if nobody asks a strategy that plans
    ahead for its plan; ``with_rates``: what people convert is wanted, whether the strategy looks at it or not;
    ``progress``: it goes on with a run, as ``NextPart`` does; ``at_any_hour``: whether people are there does not
    count.
    """

    settings: Mapping = field(default_factory=dict)
    current: Mapping = field(default_factory=dict)
    days: int = 0
    is_solved: bool = True
    with_rates: bool = False
    progress: Mapping = field(default_factory=dict)
    at_any_hour: bool = False

    def get_setting(self, campaign, name):
        return self.settings.get(name, campaign[name])
