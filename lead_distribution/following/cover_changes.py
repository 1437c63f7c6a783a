"""What becomes of the cover of an absence that is entered, changed or removed; the schedule does the work."""

from odoo import fields
from odoo.fields import Domain

from ..work.system import as_system

SETTINGS = ("user_id", "cover", "cover_user_id", "date_from", "date_to")


def describe_covers(absences):
    """Return {id: whose leads go to whom}: what ends a cover when it is another afterwards."""
    return {
        absence.id: (absence.user_id, absence.cover, absence.cover == "user" and absence.cover_user_id)
        for absence in as_system(absences)
    }


def settle(absences, before):
    """Say what is to be done for absences that were entered or changed, and have it done at once if it is time.

    :param before: see ``describe_covers``; of absences that were not there: empty
    """
    now, wakes = fields.Datetime.now(), False
    after = describe_covers(absences)
    for absence in as_system(absences):
        changed = absence.id in before and before[absence.id] != after[absence.id]
        if changed or (absence.cover_state == "covered" and absence.date_from > now):  # it begins later
            wakes |= end_covers(find_covers(absence))
            absence.cover_state = False
        if absence.cover != "none" and absence.cover_state != "covered":
            state = "waiting" if absence.date_to > now else absence.cover_state
            if state != absence.cover_state:
                absence.cover_state = state
        wakes |= absence.cover_state == "waiting" and absence.date_from <= now
        wakes |= absence.cover_state == "covered" and absence.date_to <= now
    if wakes:
        wake(absences.env)


def find_covers(absences):
    """Return the runs by which others take over for these absences, and whose leads are to come back."""
    domain = Domain("absence_id", "in", absences.ids) & Domain("cover_state", "=", "open")
    return as_system(absences.env["lead.distribution.run"]).search(domain & Domain("origin", "=", "cover"))


def end_covers(runs):
    """Have the leads of these covers come back as soon as possible; what was only planned is gone.

    :return: whether there is anything to do
    """
    planned = runs.filtered(lambda run: run.state == "planned")
    rest = runs - planned
    planned.unlink()
    rest.write({"cover_state": "ending"})
    return bool(rest)


def wake(env):
    """Have the schedule look at covers now."""
    as_system(env.ref("lead_distribution.ir_cron_following"))._trigger()
