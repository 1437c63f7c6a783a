"""Members of before are no newcomers: they joined when they were made, and take part in the rotation."""


def migrate(cr, version):
    if not version:
        return
    cr.execute("UPDATE lead_distribution_member SET joined_on = create_date::date, in_rotation = TRUE")
