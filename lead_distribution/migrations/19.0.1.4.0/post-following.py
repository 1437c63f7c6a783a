"""Campaigns that ran before keep what their people may do: nobody declines or takes leads until somebody says so."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("UPDATE lead_distribution_campaign SET decline_mode = 'off', pull_at_once = 0")
