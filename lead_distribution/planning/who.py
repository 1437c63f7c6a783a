"""Who would get this lead now? The line-up of a campaign for one lead, saved or not."""

from collections import Counter
from random import Random
from typing import NamedTuple

from odoo import models

from .. import engine
from ..finding.candidates import OWN_COLUMNS, Candidate, fetch_candidates
from .facts import FactReader, look_up_facts
from .known_owners import find_known_owner


def fetch_candidate(leads, lead, columns):
    """Return one lead as a candidate, whether the campaign takes it or not.

    :param leads: crm.lead, with the rights and the context to look with
    :param lead: saved, or a new one
    :param columns: names of the facts
    """
    if lead.id:
        [candidate] = fetch_candidates(leads, [("id", "=", lead.id), ("active", "in", [True, False])], columns)
        return candidate
    own, facts = (
        [value.id if isinstance(value, models.BaseModel) else value for value in map(lead.__getitem__, names)]
        for names in (OWN_COLUMNS, columns)
    )
    return Candidate(*own, tuple(facts))


def read_facts(campaign, lead, candidate, columns, rules):
    """Return what rules look at of one saved lead."""
    return FactReader(columns, look_up_facts(campaign, rules, [lead.id], {}), campaign.env).read(candidate)


def read_facts_of_new(campaign, lead, candidate, columns, phone):
    """Return the same of a lead that is not in the database; its id is 0.

    :param phone: its number as numbers are compared
    """
    facts = candidate.read_facts(columns) | {
        "id": 0,
        "tag_ids": lead.tag_ids._origin.ids,
        "classification": "fresh",
        "own_zone": lead.partner_id.tz,
        "partner_id": lead.partner_id.id,
        "email_normalized": lead.email_normalized,
        "phone_sanitized": phone,
    }
    return FactReader(columns, {}, campaign.env).complete(facts)


def teach(rules, campaign, lead, facts, users, preferences):
    """Tell the rules that look leads up what they have to know of a lead that is not in the database.

    :param facts: see ``read_facts_of_new``
    :param preferences: {user id: (key, domain)}, see ``read_preferences``
    """
    for rule in rules:
        known = None
        if rule.name == "known_owner":
            known = find_known_owner(campaign, facts, users)
        elif rule.name == "preferred":
            known = frozenset(key for key, domain in preferences.values() if lead.filtered_domain(domain))
        rule.add_lead(0, known)


NEXT = 3  # people who are told as the next ones


class NextOne(NamedTuple):
    """Who gets the next lead of a kind; ``better``: rules by which; ``tied``: who is as near, chance decides.

    ``way``: "A" or "B" where chance is still to choose between two ways; ``campaign``: with the settings of the way.
    """

    person: engine.Person
    received: int
    better: list
    tied: list
    segment: object = None
    way: str = ""
    campaign: object = None


class LineUpNow(NamedTuple):
    """Everybody's place now, ``NextOne`` of the next leads of the same kind, and {name: why left out}.

    ``others``: the places by way B, where chance is still to choose between two ways; the others are of way A then.
    """

    places: list
    next_ones: list
    left_out: dict
    others: list | None = None


def join_ways(campaigns, by_a, by_b):
    """Return the ``LineUpNow`` of a lead of which chance is still to choose the way.

    :param campaigns: {"a", "b": the campaign that decides}
    """
    next_ones = [
        one._replace(way=way, campaign=campaigns[way.lower()])
        for way, now in (("A", by_a), ("B", by_b))
        for one in now.next_ones
    ]
    return LineUpNow(by_a.places, next_ones, {**by_b.left_out, **by_a.left_out}, by_b.places)


def line_up(candidate, facts, people, strategy, rules, segment, left_out):
    """Return the line-up for a lead, as if it were the first of a run, see ``engine.explain_line_up``.

    :param facts: what the rules look at
    :param segment: the lead's kind, for a strategy that looks at it
    """
    book = engine.RuleBook(rules)
    group = book.get_group(facts)
    verdicts = book.judge(group, people) if rules else {}
    people = Random(0).sample(people, len(people))

    def ask(more):
        return engine.explain_line_up(
            people,
            strategy,
            {i: v.refused_by.name if v.refused_by else v.rank for i, v in verdicts.items()},
            received=Counter({person.id: person.received for person in people}) + more,
            of_class=more,  # all of them are of the lead's class
            holders=[user for user in (candidate.user_id, candidate.open_user_id) if user],
            cap_class=book.get_cap_class(group),
            is_reversed=book.is_reversed(group),
            segment=segment,
        )

    return LineUpNow(ask(Counter()), _list_next(ask, book.rules, segment), left_out)


def _list_next(ask, rules, segment):
    """Return who gets the next leads of a kind, one after the other; nobody where all are full.

    :param ask: {person id: leads received besides} → places
    """
    more, result = Counter(), []
    for _number in range(NEXT):
        free = [place for place in ask(more) if not place.refused_by]
        if not free:
            break
        first = free[0]
        tied = [place.person.name for place in free[1:] if place.key == first.key]
        worst = [max(column) for column in zip(*(place.rank for place in free), strict=True)]
        better = [rule.name for rule, mine, last in zip(rules, first.rank, worst, strict=False) if mine < last]
        result.append(NextOne(first.person, first.received, better, tied, segment))
        more[first.person.id] += 1
    return result
