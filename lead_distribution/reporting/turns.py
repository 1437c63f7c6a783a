# pylint: disable=prefer-env-translation
# "_" is the env's own, under a short name
"""Why it was somebody's turn: the key of each strategy in words."""

from datetime import datetime

from odoo import fields
from odoo.tools import format_date

from ..tools.labels import get_labels
from ..tools.numbers import format_number


def explain_turn(env, strategy, settings, person, others, received, segment=None):
    """Return in words why a person was the next one, such as “Eve had had the fewest turns (13)”.

    :param strategy: its name; of one that is not known here, its label and the turn are told
    :param settings: {name of a setting: value} of the strategy, as they were
    :param person: ``engine.Person`` as it was when the plan was made
    :param others: everybody who could take the lead, the person included or not
    :param received: leads that the person had got in the plan before
    :param segment: the kind of the lead, for strategies that look at it
    """
    tell = WORDS.get(strategy)
    if tell:
        return tell(env._, person, _Turn(env, settings or {}, list(others), received, segment))
    label = get_labels(env["lead.distribution.campaign"], "strategy").get(strategy, strategy or "")
    return env._("%(strategy)s, turn %(turn)s of %(person)s", strategy=label, turn=received + 1, person=person.name)


class _Turn:
    """What is known of the moment: settings, who else could take the lead, leads so far."""

    def __init__(self, env, settings, others, received, segment):
        self.env, self.settings, self.others = env, settings, others
        self.received, self.segment = received, segment

    def is_smallest(self, person, get):
        return all(get(person) <= get(other) for other in self.others)

    def count_leads(self):
        """Return the leads so far in words."""
        _ = self.env._
        if not self.received:
            return _("none in this run so far")
        if self.received == 1:
            return _("1 lead in this run so far")
        return _("%s leads in this run so far", format_number(self.env, self.received))


def _tell_round_robin(_, person, turn):
    if turn.settings.get("distribution_order") == "least_recent":
        return _tell_least_recent(_, person, turn)
    if turn.is_smallest(person, lambda one: one.served):
        return _("%(person)s had had the fewest turns (%(count)s)", person=person.name,
                 count=_count_turns(turn.env, person, turn.received))  # fmt: skip
    return _tell_fewest(_, person, turn)


def _count_turns(env, person, received):
    """Return all turns of the rotation in words, also those credited; they are whole unless somebody began slowly."""
    return format_number(env, person.served + (received + person.head_start) / person.share, 1)


def _tell_least_recent(_, person, turn):
    if turn.received:
        return _tell_fewest(_, person, turn)
    if not person.last_served:
        return _("%s had never had a lead of this campaign", person.name)
    if not turn.is_smallest(person, lambda one: one.last_served):
        return _tell_fewest(_, person, turn)
    moment = datetime.fromtimestamp(person.last_served)  # as it was written: UTC, by the server's clock
    day = format_date(turn.env, fields.Datetime.context_timestamp(turn.env.user, moment))
    return _("%(person)s had waited longest, since %(day)s", person=person.name, day=day)


def _tell_fewest(_, person, turn):
    return _("it was the turn of %(person)s, with %(leads)s", person=person.name, leads=turn.count_leads())


def _tell_random(_, person, turn):
    return _("by chance, one each in turn: %(person)s, with %(leads)s", person=person.name, leads=turn.count_leads())


def _tell_weighted(_, person, turn):
    return _("%(person)s was furthest behind the weight %(weight)s, with %(leads)s", person=person.name,
             weight=format_number(turn.env, person.weight, 2), leads=turn.count_leads())  # fmt: skip


def _tell_proportional(_, person, turn):
    return _("%(person)s was furthest behind the share for a target of %(target)s, with %(leads)s",
             person=person.name, target=person.target, leads=turn.count_leads())  # fmt: skip


def _tell_capacity(_, person, turn):
    free = max(0, person.target - person.current)
    return _("%(person)s was furthest behind the share for the room left (%(free)s of %(target)s), with %(leads)s",
             person=person.name, free=free, target=person.target, leads=turn.count_leads())  # fmt: skip


def _tell_load(_, person, turn):
    load, target = person.current + turn.received, person.target
    if load < target:
        return _("%(person)s was furthest below the target (%(leads)s of %(target)s)", person=person.name,
                 leads=load, target=target)  # fmt: skip
    return _("everybody had reached the target; %(person)s was least above it (%(leads)s of %(target)s)",
             person=person.name, leads=load, target=target)  # fmt: skip


def _tell_level(_, person, turn):
    load, target = person.current + turn.received, person.target
    in_turn = turn.settings.get("fill_strategy") == "round_robin_within_level"
    text = _tell_fewest(_, person, turn) if in_turn and load < target else _tell_load(_, person, turn)
    if len({one.level_priority for one in turn.others}) > 1:
        return _("%s, on the level whose turn it was", text)
    return text


def _tell_performance(_, person, turn):
    return _("%(person)s was furthest behind the share for %(rate)s%% won, with %(leads)s", person=person.name,
             rate=_in_percent(turn.env, person.rate), leads=turn.count_leads())  # fmt: skip


def _tell_optimal(_, person, turn):
    return _("so the most wins are expected of all leads together; %(person)s wins %(rate)s%% of such leads",
             person=person.name, rate=_in_percent(turn.env, person.get_rate(turn.segment)))  # fmt: skip


def _in_percent(env, rate):
    return format_number(env, rate * 100, 1)


def explain_next(campaign, one, describe_rule):
    """Return in words why somebody is the next to get a lead now, such as “fewest turns (13)”.

    :param one: ``planning.who.NextOne``
    :param describe_rule: (campaign, name of a rule) → words
    """
    _, campaign = campaign.env._, one.campaign or campaign
    parts = [_("way %s", one.way)] if one.way else []
    parts += [describe_rule(campaign, rule) for rule in one.better]
    tell = STANDING.get(campaign.strategy)
    if tell:
        parts.append(tell(_, campaign, one))
    if len(one.tied) == 1:
        parts.append(_("or %s, by chance", one.tied[0]))
    elif one.tied:
        parts.append(_("or one of %s others, by chance", len(one.tied)))
    return ", ".join(parts)


def _stand_in_turn(_, campaign, one):
    if campaign.distribution_order == "least_recent":
        return _("waits longest")
    return _("fewest turns (%s)", _count_turns(campaign.env, one.person, one.received))


def _stand_against_target(_, campaign, one):
    leads, target = one.person.current + one.received, one.person.target
    if target == 1:
        return _("%(leads)s of 1 lead", leads=leads)
    return _("%(leads)s of %(target)s leads", leads=leads, target=target)


STANDING = {
    "round_robin": _stand_in_turn,
    "random": lambda _, campaign, one: _("one each in turn"),
    "weighted": lambda _, campaign, one: _("weight %s", format_number(campaign.env, one.person.weight, 2)),
    "proportional": lambda _, campaign, one: _("target %s", one.person.target),
    "capacity_based": _stand_against_target,
    "least_loaded": _stand_against_target,
    "level_based": _stand_against_target,
    "performance": lambda _, campaign, one: _("%s%% won", _in_percent(campaign.env, one.person.rate)),
    "optimal": lambda _, campaign, one: _(
        "wins %s%% of such leads", _in_percent(campaign.env, one.person.get_rate(one.segment))
    ),
}

WORDS = {
    "round_robin": _tell_round_robin,
    "random": _tell_random,
    "weighted": _tell_weighted,
    "proportional": _tell_proportional,
    "capacity_based": _tell_capacity,
    "least_loaded": _tell_load,
    "level_based": _tell_level,
    "performance": _tell_performance,
    "optimal": _tell_optimal,
}
