"""What a run was asked: the options of a caller, checked, under their names."""

from dataclasses import asdict, dataclass, fields


@dataclass(frozen=True)
class PlanRequest:
    """Options of one run; None: what the campaign says.

    ``date_from`` and ``date_to`` are texts of dates, both included, and replace the window; ``lead_ids``
    and ``user_ids`` are tuples of ids: only these leads and people; ``max_leads`` and ``seed`` whole numbers;
    ``strategy`` a name of the engine's.
    """

    max_leads: int | None = None
    date_from: str | None = None
    date_to: str | None = None
    force_round_robin: bool = False
    strategy: str | None = None
    seed: int | None = None
    lead_ids: tuple | None = None
    user_ids: tuple | None = None

    @classmethod
    def read(cls, options):
        """Return the request of options that were checked, such as those kept with a run; other keys do not count."""
        known = {name: value for name, value in (options or {}).items() if value is not None}
        for name in ("lead_ids", "user_ids"):
            if name in known:
                known[name] = tuple(known[name])
        return cls(**{each.name: known[each.name] for each in fields(cls) if each.name in known})

    def to_options(self):
        """Return what is kept with a run: JSON-ready, without what was not asked."""
        kept = {name: value for name, value in asdict(self).items() if value not in (None, False)}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in kept.items()}
