"""Why leads of a reverted run stay where it has put them: how their rows say it, and how many for which reason."""

from ..finding.languages import get_language_envs


def say_kept(env, reason):
    """Return the note of a row whose lead is not put back.

    :param reason: in words, as what follows "because"
    """
    return env._("Not put back: %s", reason)


def get_reason(env, note):
    """Return the reason of a note, in whatever language it was written; what is no such note is its own reason."""
    for one in get_language_envs(env):
        note = (note or "").removeprefix(say_kept(one, ""))
    return note.strip()


def count_kept(run):
    """Return {reason: number} of the leads that stay where a run has put them, the most frequent first; one query."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "=", "done")], ["note"], ["__count"], order="__count DESC, note"
    )
    return {get_reason(run.env, note): count for note, count in groups}
