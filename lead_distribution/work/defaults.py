"""Defaults of many new records, asked for once for all that are given the same fields instead of record by record."""

from .inside import Inside, get_inside

SHARED = "lead_distribution_defaults"  # context key
# whose defaults are known to be the same for each record; others may say something else each time, as a new number
KNOWN = tuple(
    f"odoo.{name}." for name in ("orm", "addons.mail", "addons.utm", "addons.crm", "addons.lead_distribution")
)
METHODS = ("default_get", "_add_missing_default_values")


def share_defaults(records):
    """Return records whose ``create`` asks for defaults once, where nothing speaks against it."""
    return records.with_context(**{SHARED: Inside({})})


def add_defaults(records, values, ask):
    """Return the values of a new record with the defaults of what they lack.

    :param ask: Odoo's own way, from values to values with defaults
    """
    known = get_inside(records.env, SHARED)
    if known is None:
        return ask(values)
    key = records.env, records._name, frozenset(values)
    if key not in known:
        complete = ask(values)
        known[key] = _keep(records, {name: value for name, value in complete.items() if name not in values})
        return complete
    if known[key] is None:
        return ask(values)
    defaults, properties = known[key]
    complete = {**defaults, **values}
    for field in properties:  # they follow from the values
        complete[field.name] = field._add_default_values(records.env, complete)
    return complete


def _keep(records, defaults):
    """Return (defaults, fields of properties) as they hold for each record; None where others have a say in them."""
    fields = [records._fields[name] for name in defaults]
    makers = [field.default for field in fields if field.default]
    makers += [one for one in type(records).__mro__ if any(name in vars(one) for name in METHODS)]
    is_known = all(f"{getattr(maker, '__module__', '')}.".startswith(KNOWN) for maker in makers)
    if not is_known or any(field.type in ("one2many", "many2many") for field in fields):
        return None
    return defaults, [field for field in records._fields.values() if field.type == "properties"]
