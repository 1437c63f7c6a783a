"""Who comes later than the others goes on from where these are: neither a flood nor a loss."""

from dataclasses import replace


def credit(people, strategy, late=(), moved=()):
    """Return the people, those with head starts who came later, or whose share is another than before.

    Others have had turns meanwhile. Whoever comes later starts at their average (all turns by all shares), and who
    had more already keeps them; whose share has changed is put there exactly, whatever was received before. Where
    there is nobody to compare with, who is late goes on as before, and who was moved begins anew.

    :param late: ids of the people who were not there when others were served
    :param moved: ids of the people whose share has changed, see ``Strategy.get_share``

    >>> from engine import Person, get_strategy
    >>> team = [Person(1, received=40), Person(2, received=41), Person(3), Person(4, share=0.5)]
    >>> [person.head_start for person in credit(team, get_strategy("round_robin"), late={3, 4})]
    [0.0, 0.0, 40.5, 20.25]
    """
    if not (late or moved):
        return list(people)
    strategy.prepare(people)
    constant = [person for person in people if person.id not in late and person.id not in moved]
    return [_credit_one(person, strategy, constant, person.id in late, person.id in moved) for person in people]


def _credit_one(person, strategy, constant, is_late, is_moved):
    share = strategy.get_share(person)
    if not share or not (is_late or is_moved):
        return person
    rivals = _find_rivals(person, strategy, constant)
    if rivals:
        turns = sum(r.received + r.head_start for r in rivals) / sum(strategy.get_share(r) for r in rivals)
    elif is_moved:
        turns = 0.0
    else:
        return person
    head_start = turns * share - person.received
    return replace(person, head_start=head_start if is_moved else max(person.head_start, head_start))


def _find_rivals(person, strategy, constant):
    """Return those with whom a person takes turns; who is full has had none lately, so only if all are."""
    rivals = [
        other for other in constant
        if strategy.get_share(other) and strategy.get_rivals(other) == strategy.get_rivals(person)
    ]  # fmt: skip
    return [other for other in rivals if _has_room(other, strategy)] or rivals


def _has_room(person, strategy):
    return (person.limit is None or person.limit > 0) and strategy.cap(person) > person.received
