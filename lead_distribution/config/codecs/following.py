from ..keys.following import DEADLINES, FIRST, OPPORTUNITY, STATUS
from .codec import Codec

CHECKPOINTS = (FIRST, STATUS, OPPORTUNITY)


class DeadlinesCodec(Codec):
    """Tells of a deadline without a time; its settings are plain."""

    def load(self, values):
        idle = [path for path in CHECKPOINTS if self.get(path) and not self.get(f"{path}.hours")]
        for path in idle:
            self.context.warn(path, self._("Without hours, there is no such deadline."), lasting=False)
        if self.get(DEADLINES) and not idle and not any(self.get(f"{path}.hours") for path in CHECKPOINTS):
            text = self._("No deadline has hours: nothing can be missed.")
            self.context.warn(DEADLINES, text, lasting=False)
        return {}

    @staticmethod
    def dump(campaign, names):
        return {}
