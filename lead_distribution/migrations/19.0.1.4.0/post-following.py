"""Campaigns that ran before keep what their people may do: nobody declines or takes leads until somebody says so.

Absences said already who is to take over: those that are still to come have their cover.
"""


def migrate(cr, version):
    if not version:
        return
    cr.execute("UPDATE lead_distribution_campaign SET decline_mode = 'off', pull_at_once = 0")
    cr.execute(
        "UPDATE lead_distribution_absence SET cover_state = 'waiting' "
        "WHERE cover <> 'none' AND cover_state IS NULL AND date_from > now() AT TIME ZONE 'UTC'"
    )
