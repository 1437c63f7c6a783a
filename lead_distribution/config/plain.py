"""Loads and dumps the keys that are plain fields of the campaign: everything the table says about them."""

from ..engine.matching import read_lines
from ..finding.choosable import CHOOSABLE
from .keys.key import OWN_DEFAULT
from .kinds import Items
from .table import BLOCKS, PLAIN


def load_plain(context):
    """Return the values of the campaign's fields that the table alone loads.

    :param context: see ``Context``
    """
    given, fields = context.given, context.env["lead.distribution.campaign"]._fields
    values = {block.field: path in given for path, block in BLOCKS.items() if block.field}
    for key in PLAIN:
        paths = [path for path in (key.path, *key.aliases) if path in given]
        if key.any_of:
            values[key.field] = any([given[path] for path in paths])
        elif paths:
            value = given[paths[0]] if key.field == "description" else context.pick(*paths)  # texts have one, too
            values[key.field] = _load(context, key, value, paths[0], fields[key.field])
        elif key.absent is not OWN_DEFAULT:
            values[key.field] = [] if fields[key.field].type == "many2many" else key.absent
    return values


def _load(context, key, value, path, field):
    """Return the field's value for what is written at a path."""
    if key.values:
        return key.values[value]
    if field.relational:
        return _find_records(context, key, value, path, field)
    if isinstance(key.kind, Items):
        return "\n".join(value) or False
    return value


def _find_records(context, key, value, path, field):
    """Return the id or the ids of the records that are named."""
    one = field.type == "many2one"
    if one and not value:
        return False
    match field.comodel_name, one:
        case "res.users", False:
            return context.find_users(value, path).ids
        case "ir.model.fields", False:
            return context.find_fields(value, path).ids
        case "ir.model.fields", True:
            return context.find_field(value, path, CHOOSABLE[key.field]).id
        case "crm.lead.status", False:
            return context.find_statuses(value, path).ids
        case "crm.lead.status", True:
            return context.find_status(value, path).id
        case "lead.distribution.decline.reason", False:
            return context.find_named(field.comodel_name, value, path).ids
        case "crm.tag", True:
            return context.find_named(field.comodel_name, [value], path).id
        case "crm.team", True:
            return context.find_team(value, path).id
    raise NotImplementedError(key.path)


def dump_plain(campaign, names):
    """Return {path: what is written} of the fields that the table alone dumps.

    :param names: {user: what names this user alone}
    """
    return {key.path: _dump(campaign[key.field], key, names) for key in PLAIN if _is_written(campaign, key)}


def _is_written(campaign, key):
    if key.only_if and not campaign[key.only_if]:
        return False
    return key.silent is None or campaign[key.field] != key.silent


def _dump(value, key, names):
    if key.values:
        return next(text for text, meant in key.values.items() if meant == value)
    if isinstance(key.kind, Items) and isinstance(value, (str, bool)):
        return read_lines(value)
    if hasattr(value, "_ids"):
        return _name_records(value, key, names)
    return None if value is False and key.kind.kind != "flag" else value


def _name_records(records, key, names):
    """Return the name of a record, or the names of several."""
    match records._name:
        case "res.users":
            found = [name for user, name in names.items() if user in records]
        case "crm.lead.status":
            found = sorted(records.mapped("code"))
        case _:
            found = sorted(records.mapped("name"))
    if isinstance(key.kind, Items):
        return found
    return found[0] if found else None
