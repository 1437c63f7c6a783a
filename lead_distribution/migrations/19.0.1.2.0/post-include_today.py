"""New campaigns take the leads of today, too: those that are there already go on with those of yesterday."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("UPDATE lead_distribution_campaign SET include_today = FALSE")
