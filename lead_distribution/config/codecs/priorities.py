from ..keys.leads import MORE
from .codec import Codec

BLOCK = f"{MORE}.priority_range"


class PrioritiesCodec(Codec):
    """Of which priorities leads are: a block, or two keys."""

    def load(self, values):
        block = self.get(BLOCK)
        low, high = self.get(f"{MORE}.min_priority"), self.get(f"{MORE}.max_priority")
        path = f"{MORE}.max_priority"
        if block is not None:
            for key, short in (("min", low), ("max", high)):
                if short not in (None, block.get(key)):
                    self.context.warn_overruled(f"{MORE}.{key}_priority", BLOCK)
            low, high, path = block.get("min"), block.get("max"), BLOCK
        used = block is not None or low is not None or high is not None
        low, high = (1 if low is None else low), (5 if high is None else high)
        if low > high:
            self.context.problem(path, self._("The smallest priority is above the largest."))
        return {"use_priority": used, "priority_min": low, "priority_max": high}

    @staticmethod
    def dump(campaign, names):
        return {f"{BLOCK}.min": campaign.priority_min, f"{BLOCK}.max": campaign.priority_max}
