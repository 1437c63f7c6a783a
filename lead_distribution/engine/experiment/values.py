"""What the leads of one way brought: an amount of some, nothing of the others."""

import math
from functools import cached_property


class Values:
    """Amounts of one way.

    :param amounts: what leads brought; zeros may be left out
    :param leads: how many there were in all, also those that brought nothing

    >>> way = Values([300, 100], 10)
    >>> way.deals, way.mean, round(way.deviation, 2)
    (2, 40.0, 96.61)
    """

    def __init__(self, amounts, leads):
        # sorted: what chance draws from them must not depend on the order in which they were read
        self.amounts = sorted(float(amount) for amount in amounts if amount)
        self.leads = leads
        if len(self.amounts) > leads:
            raise ValueError(f"{len(self.amounts)} amounts of {leads} leads")

    @property
    def deals(self):
        return len(self.amounts)

    @cached_property
    def total(self):
        return math.fsum(self.amounts)

    @cached_property
    def squares(self):
        return math.fsum(amount * amount for amount in self.amounts)

    @property
    def mean(self):
        """A lead; 0 of none."""
        return self.total / self.leads if self.leads else 0.0

    @cached_property
    def variance(self):
        """Of the value of a lead (n − 1); 0 of less than two."""
        if self.leads < 2:
            return 0.0
        mean = self.mean
        from_deals = math.fsum((amount - mean) ** 2 for amount in self.amounts)
        return (from_deals + (self.leads - self.deals) * mean * mean) / (self.leads - 1)

    @property
    def deviation(self):
        return math.sqrt(self.variance)
