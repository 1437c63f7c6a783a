"""What became of waiting leads."""

from dataclasses import dataclass


@dataclass
class Worked:
    """What became of the leads that were looked at: counts.

    ``gone``: somebody has them, or they are archived.
    """

    handed_out: int = 0
    waiting: int = 0
    not_taken: int = 0
    gone: int = 0

    @property
    def total(self):
        return self.handed_out + self.waiting + self.not_taken + self.gone

    def __bool__(self):
        return bool(self.total)

    def add(self, other):
        """Count what became of more leads."""
        self.handed_out += other.handed_out
        self.waiting += other.waiting
        self.not_taken += other.not_taken
        self.gone += other.gone
