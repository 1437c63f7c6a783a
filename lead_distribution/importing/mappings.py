"""Mappings of columns and values that are kept: by name for people, by themselves for files with the same columns."""

from .column_guess import signature
from .meanings import prepare_meanings
from .targets import IGNORE, normal

KEPT = 2.0  # confidence of a mapping that a person chose


def rate(target):
    """Return how sure a meaning is that a person chose."""
    return KEPT if target != IGNORE else 0


def prepare_mapping(batch):
    """Return the values of a mapping of an import's columns, and of the values in them."""
    mapping = {normal(column.name): column.target for column in batch.column_ids}
    meanings = prepare_meanings(batch)
    return {"mapping": mapping, "meanings": meanings, "kind": batch.kind, "signature": batch.header_signature}


def use_mapping(batch, mapping):
    """Give the columns the meanings of a mapping."""
    for column in batch.column_ids:
        target = mapping.get(normal(column.name), IGNORE)
        column.write({"target": target, "confidence": rate(target)})


def remember_mapping(batch):
    """Keep the mapping of an import for files with the same columns."""
    if not batch.header_signature:
        return
    domain = [("signature", "=", batch.header_signature), ("is_named", "=", False), ("kind", "=", batch.kind),
              ("company_id", "=", batch.company_id.id)]  # fmt: skip
    templates, values = batch.env["lead.import.template"], prepare_mapping(batch)
    template = templates.search(domain, limit=1)
    if template:
        template.write(values)
    else:
        name = batch.file_name or batch.header_signature
        templates.create({**values, "name": name, "company_id": batch.company_id.id})


def get_kept_targets(batch, names):
    """Return [(target, confidence)] that a person chose for a file with the same columns, or None."""
    domain = [("signature", "=", signature(names)), *_of_kind_and_company(batch)]
    template = batch.env["lead.import.template"].search(domain, limit=1, order="write_date desc")
    if not template:
        return None
    targets = [template.mapping.get(normal(name), IGNORE) for name in names]
    return [(target, rate(target)) for target in targets]


def get_known_names(batch):
    """Return {normal name of a column: meaning} of all mappings that were kept."""
    domain = _of_kind_and_company(batch)
    known = {}
    for template in batch.env["lead.import.template"].search(domain, limit=200, order="write_date"):
        known.update({name: target for name, target in (template.mapping or {}).items() if target != IGNORE})
    return known


def _of_kind_and_company(batch):
    return [("kind", "=", batch.kind), ("company_id", "in", (False, batch.company_id.id))]
