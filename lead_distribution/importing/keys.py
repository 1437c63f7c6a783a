"""What imports are bringing just now, so that two of them see each other.

A transaction does not see what others commit after it began. So each chunk writes the hashed
e-mails and phones of its rows here, before it looks for duplicates. Of two chunks with the same
key the second one waits for the first, fails as a conflict and is done once more; then it finds
the lead of the first. The hash is the id: two texts with one hash cost a second try, no more.
"""

from odoo import fields
from odoo.tools import SQL


def claim(env, keys):
    """Have any other transaction with one of these keys end first, or this one fail as a conflict.

    :param keys: texts; sorted here, so that two chunks do not wait for each other
    """
    if keys:
        statement = SQL(
            "INSERT INTO lead_import_key (id, used_on) SELECT DISTINCT hashtext(k), %s::timestamp "
            "FROM unnest(%s::text[]) k ORDER BY 1 ON CONFLICT (id) DO UPDATE SET used_on = EXCLUDED.used_on",
            fields.Datetime.now(),
            list(keys),
        )
        env.cr.execute(statement)
