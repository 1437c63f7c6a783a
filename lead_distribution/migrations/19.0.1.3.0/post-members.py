"""Members of before are no newcomers: they joined when they were made, and who is active takes part in the rotation."""


def migrate(cr, version):
    if not version:
        return
    cr.execute(
        "UPDATE lead_distribution_member SET joined_on = COALESCE(create_date::date, joined_on), in_rotation = active"
    )
