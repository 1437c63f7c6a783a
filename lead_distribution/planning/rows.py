"""The rows of a run: one lead each, planned or carried out."""

from ..names import ASIDE, GIVEN


def get_planned_rows(run):
    """Return what still waits to be applied, in the order in which it is."""
    return run.env["lead.distribution.assignment"].search(
        [("run_id", "=", run.id), ("state", "=", "planned")], order="id"
    )


def count_planned(runs):
    """Return how many leads of these runs still wait to be applied."""
    return runs.env["lead.distribution.assignment"].search_count(
        [("run_id", "in", runs.ids), ("state", "=", "planned")]
    )


def has_more_to_do(run):
    """Whether a run was given up before its end, so that it can be gone on with. Imports go on by themselves."""
    is_given_up = run.state == "failed" and run.origin != "import" and not run.reverting_since
    return is_given_up and count_planned(run) > 0


def find_progress(run):
    """Return how much of a run is worked off, in percent."""
    # once it was given up, its figures are of what was done
    total = _count_all(run) if run.settled else run.leads_planned + run.leads_dropped_back
    return (total - count_planned(run)) / total * 100 if total else 100


def _count_all(run):
    return run.env["lead.distribution.assignment"].search_count([("run_id", "=", run.id)])


def count_rows(run, states=("done",), kinds=GIVEN):
    """Return {user id: number of rows} of a run."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "in", states), ("kind", "in", kinds)], ["user_id"], ["__count"]
    )
    return {user.id: count for user, count in groups}


def count_turns(run, kinds):
    """Return {way: {user id: number of rows done}} of a run; without an experiment the way is False."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "=", "done"), ("kind", "in", kinds)], ["arm", "user_id"], ["__count"]
    )
    counts = {}
    for arm, user, count in groups:
        counts.setdefault(arm, {})[user.id] = count
    return counts


def count_received(run):
    """Return {user: number of leads} that a run has given people, those that drop back included."""
    groups = run.env["lead.distribution.assignment"]._read_group(
        [("run_id", "=", run.id), ("state", "=", "done")], ["user_id"], ["__count"]
    )
    return dict(groups)


def count_put(run):
    """Return how many leads are where a run has put them: handed out or dropped back, and not put back since."""
    return run.env["lead.distribution.assignment"].search_count([("run_id", "=", run.id), ("state", "=", "done")])


def find_unfinished(campaigns):
    """Return the runs of campaigns that are being applied; imports, covers and handovers stand beside them."""
    return campaigns.env["lead.distribution.run"].search(
        [("campaign_id", "in", campaigns.ids), ("state", "=", "applying"), ("origin", "not in", ASIDE)]
    )


def find_applying(env):
    """Return the runs that are being applied, and are to be gone on with; an import goes on with its run itself."""
    return env["lead.distribution.run"].search([("state", "=", "applying"), ("origin", "!=", "import")])


def find_reverting(env):
    """Return the runs whose leads are being put back, or were when their process died."""
    return env["lead.distribution.run"].search([("reverting_since", "!=", False)])
