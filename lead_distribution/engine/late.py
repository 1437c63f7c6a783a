"""Who comes later than the others goes on from where these are: neither a flood nor a loss."""

from dataclasses import replace


def credit(people, strategy, late=(), moved=(), gone=()):
    """Return the people, those with head starts who came later, or whose share is another than before.

    Others have had turns meanwhile. Whoever comes later starts at their average (all turns by all shares), and who
    had more already keeps them; whose share has changed is put there exactly, whatever was received before. Others
    are those who stayed; if all are new here, those who have gone. Where there is nobody to compare with, who
    is late goes on as before, and who was moved begins anew.

    :param late: ids of the people who were not there when others were served
    :param moved: ids of the people whose share has changed, see ``Strategy.get_share``
    :param gone: (person, share) of those who were there then, and are not now

    >>> from engine import Person, get_strategy
    >>> team = [Person(1, received=40), Person(2, received=41), Person(3), Person(4, share=0.5)]
    >>> [person.head_start for person in credit(team, get_strategy("round_robin"), late={3, 4})]
    [0.0, 0.0, 40.5, 20.25]
    """
    if not (late or moved):
        return list(people)
    strategy.prepare(people)
    stayed = [(p, strategy.get_share(p)) for p in people if p.id not in late and p.id not in moved]
    return [
        _credit_one(person, strategy, _find_rivals(person, strategy, stayed, gone), person.id in moved)
        if person.id in late or person.id in moved
        else person
        for person in people
    ]


def _credit_one(person, strategy, rivals, is_moved):
    share = strategy.get_share(person)
    if not share or not (rivals or is_moved):
        return person
    turns = sum(r.received + r.head_start for r, _share in rivals) / sum(s for _r, s in rivals) if rivals else 0.0
    head_start = turns * share - person.received
    return replace(person, head_start=head_start if is_moved else max(person.head_start, head_start))


def _find_rivals(person, strategy, stayed, gone):
    """Return (person, share) of those with whom a person takes turns; who is full has had none lately."""
    own = strategy.get_rivals(person)
    stayed = [(other, share) for other, share in stayed if share and strategy.get_rivals(other) == own]
    gone = [(other, share) for other, share in gone if share and strategy.get_rivals(other) == own]
    return [each for each in stayed if _has_room(each[0], strategy)] or stayed or gone


def _has_room(person, strategy):
    return (person.limit is None or person.limit > 0) and strategy.cap(person) > person.received
