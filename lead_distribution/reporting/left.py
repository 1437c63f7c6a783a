"""The leads that a run found and handed to nobody: every one of them is kept, in little room.

The first ones of a reason are a list, which pages open; the others, and there may be a million
of them, are a text of ranges such as ``4-90,112``.
"""

LISTED = 10_000  # ids of a reason that are kept as a list


def pack(ids):
    """Return ids as a text of ranges, in order.

    >>> pack([9, 3, 4, 5])
    '3-5,9'
    >>> pack([])
    ''
    """
    parts, first, last = [], None, None
    for number in sorted(ids):
        if last is not None and number == last + 1:
            last = number
            continue
        parts.append(_write_range(first, last))
        first = last = number
    parts.append(_write_range(first, last))
    return ",".join(part for part in parts if part)


def _write_range(first, last):
    if first is None:
        return ""
    return str(first) if first == last else f"{first}-{last}"


def unpack(text):
    """Return the ids of a text of ranges.

    >>> unpack('3-5,9'), unpack(''), unpack(None)
    ([3, 4, 5, 9], [], [])
    """
    ids = []
    for part in (text or "").split(","):
        first, _dash, last = part.partition("-")
        if first:
            ids.extend(range(int(first), int(last or first) + 1))
    return ids


def prepare_left(ids_of):
    """Return what a run keeps of its leads left over.

    :param ids_of: {reason: ids of leads}; None stands for a lead that was deleted
    """
    known = {reason: [i for i in ids if i] for reason, ids in ids_of.items()}
    return {
        "left_over": {reason: len(ids) for reason, ids in ids_of.items() if ids},
        "left_over_leads": {reason: ids[:LISTED] for reason, ids in known.items()},
        "left_over_rest": {reason: pack(ids[LISTED:]) for reason, ids in known.items() if len(ids) > LISTED},
    }


def read_left(listed, rest):
    """Return {reason: ids} of what ``prepare_left`` has kept."""
    listed, rest = listed or {}, rest or {}
    return {reason: [*ids, *unpack(rest.get(reason))] for reason, ids in listed.items()}


def list_left(counts, listed, rest):
    """Return dicts of ``lead_id`` and ``reason``, as many of each reason as were counted.

    A lead that is not known any more (deleted since, or of a time when not all ids were kept)
    has no id.
    """
    ids_of = read_left(listed, rest)
    left = []
    for reason, count in (counts or {}).items():
        ids = ids_of.get(reason, [])
        padded = [*ids, *[None] * (count - len(ids))]
        left += [{"lead_id": lead_id, "reason": reason} for lead_id in padded]
    return left
