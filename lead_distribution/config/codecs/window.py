from ...finding.window import is_empty
from ...names import PRESETS
from ..keys.leads import RANGE
from .codec import Codec

STRATEGIES = "lead_finding.date_range_strategies"
DAYS = {"older_than_days": 0, "younger_than_days": 30}  # key and field → where nothing is said


class WindowCodec(Codec):
    """How old leads are: in days, or by the name of a range."""

    def load(self, values):
        if not values["use_window"]:
            if self.get(STRATEGIES):
                text = self._("No date_range: there is no window. Choose one with date_range: {strategy: …}.")
                self.context.tell(STRATEGIES, text)
            return dict(DAYS)
        window = self.get(RANGE)
        days = {**DAYS, **self._load_named(window.get("strategy"))}
        days.update({key: window[key] for key in DAYS if key in window})
        self._check(values, days)
        return days

    def _load_named(self, name):
        """Return the days of a named range: one of the configuration's own, or of those that everybody has."""
        named = self.get(STRATEGIES, {})
        if not name or name == "custom_range":
            return {}
        if name in named:
            return {key: named[name][key] for key in DAYS if key in named[name]}
        if name in PRESETS:
            return dict(zip(DAYS, PRESETS[name], strict=True))
        known = ", ".join([*named, *PRESETS])
        text = self._("There is no range “%(name)s”, only: %(known)s.", name=name, known=known)
        self.context.problem(f"{RANGE}.strategy", text)
        return {}

    def _check(self, values, days):
        start, end = values["custom_date_from"], values["custom_date_to"]
        if start and end and start > end:
            self.context.problem(f"{RANGE}.custom_end_date", self._("The window ends before it starts."))
        if not (start or end) and is_empty(values["include_today"], **days):
            self.context.warn(RANGE, self._("The window is empty: no lead can be in it."), lasting=False)

    @staticmethod
    def dump(campaign, names):
        return {f"{RANGE}.{key}": campaign[key] for key in DAYS}
