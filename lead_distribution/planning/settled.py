"""What was counted and told already when a run was given up: it may be gone on with, and end once more."""

from ..names import BY_TURN
from .rows import count_received, count_turns


def count_new_turns(run):
    """Return {way: {user id: turns}} that have not been counted before; without an experiment the way is False."""
    kept = _read(run, "turns")
    return {arm: _find_more(counts, kept.get(arm or "", {})) for arm, counts in count_turns(run, BY_TURN).items()}


def keep_turns(run):
    """Remember the turns of a run that is given up: all that it has handed out until now is counted."""
    if run.state == "failed":
        turns = count_turns(run, BY_TURN)
        _keep(run, "turns", {arm or "": _prepare(counts) for arm, counts in turns.items()})


def count_news(run):
    """Return {user: leads} that people have got and were not told of before."""
    kept, counts = _read(run, "told"), count_received(run)
    more = _find_more({user.id: count for user, count in counts.items()}, kept)
    return {user: more[user.id] for user in counts if user.id in more}


def keep_told(run):
    """Remember what people have heard of a run that is given up."""
    if run.state == "failed":
        _keep(run, "told", _prepare({user.id: count for user, count in count_received(run).items()}))


def _find_more(counts, kept):
    more = {user_id: count - kept.get(str(user_id), 0) for user_id, count in counts.items()}
    return {user_id: count for user_id, count in more.items() if count > 0}


def _prepare(counts):
    """Return counts as JSON has them."""
    return {str(user_id): count for user_id, count in counts.items()}


def _read(run, what):
    return (run.settled or {}).get(what, {})


def _keep(run, what, counts):
    run.settled = {**(run.settled or {}), what: counts}
