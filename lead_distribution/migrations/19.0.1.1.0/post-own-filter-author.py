"""Own filters are looked at with the rights of who wrote them: of those there are, who made the record.

Of a record that Odoo itself made, for the command line say, it is who changed it last.
"""


def migrate(cr, version):
    if not version:
        return
    for table, text, author in (
        ("lead_distribution_campaign", "own_domain", "own_domain_user_id"),
        ("lead_distribution_member", "preferred_domain", "preferred_domain_user_id"),
    ):
        # pylint: disable=sql-injection
        cr.execute(
            f"UPDATE {table} SET {author} = coalesce(nullif(create_uid, 1), write_uid) "
            f"WHERE {author} IS NULL AND {text} NOT IN ('', '[]')"
        )
