"""What a rule is, and how several rules together make groups of like leads."""

from collections.abc import Collection, Hashable, Mapping
from typing import NamedTuple


class Rule:
    """Says which people may take which leads, and who of them is the better match.

    A rule looks at a *part* of a lead, and leads whose parts are equal for every rule are
    alike: they make a group. So people are judged once for each group, never for each lead.
    """

    name = ""
    # why a lead stays that this rule alone keeps from everybody; None: as of any other rule
    left_over = None
    # nobody passes: the rule does not count for these leads, instead of leaving them over
    everybody_if_nobody = False

    def get_part(self, facts: Mapping) -> Hashable:
        """Return what this rule looks at; ``facts`` are the lead's columns by name."""
        return None

    def add_lead(self, lead_id, value):
        """Learn what is known of one more lead, for rules that look leads up."""

    def judge(self, person, part):
        """Return None if the person may not take such leads, else a rank: 0 is the best match."""
        return 0

    def is_reversed(self, part):
        """Whether such leads go to the last level first."""
        return False

    def get_cap_class(self, part):
        """Return the class whose limits (``Person.class_limits``) count for such leads, if any."""
        return None


class Verdict(NamedTuple):
    """What the rules say of one person and one group; ``refused_by`` is the first that said no."""

    rank: tuple
    refused_by: Rule | None = None


class RuleBook:
    """Several rules, in the order in which their ranks count."""

    def __init__(self, rules: Collection[Rule] = ()):
        self.rules = list(rules)

    def get_group(self, facts):
        """Return the group of a lead: its parts, one for each rule; None without rules."""
        return tuple(rule.get_part(facts) for rule in self.rules) or None

    def judge(self, group, people):
        """Return {person id: verdict} for everybody.

        A rule that nobody passes counts for nobody if it is made so.
        """
        if group is None:
            return {person.id: Verdict(()) for person in people}
        columns = []
        for rule, part in zip(self.rules, group, strict=True):
            ranks = [rule.judge(person, part) for person in people]
            if rule.everybody_if_nobody and all(rank is None for rank in ranks):
                ranks = [0] * len(ranks)
            columns.append(ranks)
        verdicts, known = {}, {}  # most people are alike
        for person, ranks in zip(people, zip(*columns, strict=True), strict=True):
            if ranks not in known:
                known[ranks] = self._combine(ranks)
            verdicts[person.id] = known[ranks]
        return verdicts

    def _combine(self, ranks):
        refused_by = next((rule for rule, rank in zip(self.rules, ranks, strict=True) if rank is None), None)
        return Verdict((), refused_by) if refused_by else Verdict(ranks)

    def is_reversed(self, group):
        return any(rule.is_reversed(part) for rule, part in self._parts(group))

    def get_cap_class(self, group):
        classes = (rule.get_cap_class(part) for rule, part in self._parts(group))
        return next((name for name in classes if name is not None), None)

    def _parts(self, group):
        return zip(self.rules, group or (), strict=bool(group))
