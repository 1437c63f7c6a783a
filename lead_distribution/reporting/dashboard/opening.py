"""What the client needs to open the records behind a number: every number on the dashboard has them."""

from odoo.fields import Domain


def open_records(model, domain, name):
    """Return a model, a domain as JSON has it, and a title."""
    leaves = [leaf if isinstance(leaf, str) else [leaf[0], leaf[1], _to_value(leaf[2])] for leaf in Domain(domain)]
    return {"model": model, "domain": leaves, "name": name}


def open_record(record, name=None):
    return open_records(record._name, [("id", "=", record.id)], name or record.name)


def open_assignments(domain, name):
    return open_records("lead.distribution.assignment", domain, name)


def _to_value(value):
    """Return the value of a condition as JSON has it."""
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    if hasattr(value, "isoformat"):
        return value.isoformat(sep=" ") if hasattr(value, "hour") else value.isoformat()
    return [_to_value(item) for item in value]
