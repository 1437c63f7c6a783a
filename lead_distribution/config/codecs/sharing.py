from ..check import parse_trigger
from ..keys.sharing import HERE, OVERRIDE, RULES
from .codec import Codec

TRIGGERS = f"{OVERRIDE}.trigger_conditions"
BALANCING = f"{RULES}.workload_balancing"
PLACES = f"{RULES}.geographic_distribution"


class StrategyCodec(Codec):
    """The strategy, and when round robin takes its place."""

    def load(self, values):
        if self.get(f"{HERE}.randomize_order") is False:
            self.context.tell(f"{HERE}.randomize_order", self._("Ties are always broken by chance."))
        counts = {"lead_count": 0, "salespeople_count": 0}
        for trigger in self.get(TRIGGERS, []):
            what, below = parse_trigger(trigger)
            if what in counts:  # any one is enough, so of several the largest decides
                counts[what] = max(below, counts[what])
        return {
            "strategy": self._load_strategy(),
            "override_lead_count": counts["lead_count"],
            "override_people_count": counts["salespeople_count"],
        }

    def _load_strategy(self):
        name, path = self.get(f"{HERE}.strategy"), f"{HERE}.strategy"
        if name:
            return self.context.pick_choice("lead.distribution.campaign", "strategy", name, path) or "round_robin"
        if self.get(f"{HERE}.level_based"):
            text = self._("No strategy is named, but levels are: it is level_based.")
            self.context.warn(path, text, lasting=False)
            return "level_based"
        return "round_robin"

    @staticmethod
    def dump(campaign, names):
        counts = {
            "when_lead_count": campaign.override_lead_count,
            "when_salespeople_count": campaign.override_people_count,
        }
        return {
            f"{HERE}.strategy": campaign.strategy,
            TRIGGERS: [f"{what} < {below}" for what, below in counts.items() if below],
        }


class DailyLimitsCodec(Codec):
    """How many leads a person gets a day: limits that count only where the block is on."""

    def load(self, values):
        block = self.get(BALANCING, {})
        if not block.get("enabled"):
            return {"max_daily": 0, "min_daily": 0}
        least, most = block.get("min_daily_distribution", 0), block.get("max_daily_distribution", 0)
        if most and least > most:
            text = self._("The smallest number a day is above the largest.")
            self.context.warn(f"{BALANCING}.min_daily_distribution", text, lasting=False)
        return {"max_daily": most, "min_daily": least}

    @staticmethod
    def dump(campaign, names):
        if not campaign.max_daily and not campaign.min_daily:
            return {}
        return {
            f"{BALANCING}.enabled": True,
            f"{BALANCING}.max_daily_distribution": campaign.max_daily or None,
            f"{BALANCING}.min_daily_distribution": campaign.min_daily or None,
        }


class PlacesCodec(Codec):
    """Whether territories and calling hours count: one switch for both."""

    def load(self, values):
        block = self.get(PLACES, {})
        is_on = block.get("enabled", False)
        return {
            "use_territory": is_on and block.get("region_matching", True),
            "use_calling_hours": is_on and block.get("timezone_consideration", False),
        }

    @staticmethod
    def dump(campaign, names):
        if not campaign.use_territory and not campaign.use_calling_hours:
            return {}
        return {
            f"{PLACES}.enabled": True,
            f"{PLACES}.region_matching": campaign.use_territory,
            f"{PLACES}.timezone_consideration": campaign.use_calling_hours,
        }
