"""From the rows of a configuration to the commands and records that they mean."""

from odoo.fields import Command
from odoo.tools import escape_psql


def number(rows):
    """Return the rows with their order in the sequence."""
    return [{**row, "sequence": position} for position, row in enumerate(rows, 1)]


def update_rows(records, rows, get_key, *, keep=False):
    """Return the commands that make records equal to rows: those of the same key stay the same record.

    :param get_key: takes a record or a row
    :param keep: whether records that no row is about stay
    """
    present = {get_key(record): record for record in records}
    wanted = {get_key(row) for row in rows}
    stays = [present[key] for key in wanted & present.keys()]
    commands = [] if keep else [Command.delete(record.id) for record in records if record not in stays]
    for row in rows:
        record = present.get(get_key(row))
        commands.append(Command.update(record.id, row) if record else Command.create(row))
    return commands


def prepare_skill(env, row):
    """Return the values of a skill; its tag is created if there is none of that name."""
    tags, name = env["crm.tag"], row["tag"].strip()
    for operator, text in (("=", row["tag"]), ("=", name), ("=ilike", escape_psql(name))):
        tag = tags.search([("name", operator, text)], limit=1)
        if tag:
            break
    return {"tag_id": (tag or tags.create({"name": name})).id, "weight": row["weight"]}
