# pylint: disable=prefer-env-translation
"""What the codecs of filters and of do not call share: a row of the campaign, from a block and back."""

from ...engine.matching import NOTHING, read_lines, read_values
from ...finding.choosable import CHOOSABLE
from ..context import at

ROWS = "odoo.filters"


def prepare_row(
    env, field_name, kind, mode, case_sensitive, values, wildcards=(), *, purpose="filter", path=(), active=True
):
    """Return the values of one row; ``path`` is its place in the configuration."""
    return {
        "purpose": purpose,
        "kind": kind,
        "field_id": env["ir.model.fields"]._get("crm.lead", field_name).id,
        "mode": mode,
        "case_sensitive": case_sensitive,
        "values_text": "\n".join(values),
        "wildcards_text": "\n".join(wildcards),
        "active": active,
        "path": path,
    }


def load_matching(context, field_name, kind, block, values, path):
    """Return the row of one section: its values or regexes, and its patterns.

    Without anything that can match in the section's mode it is a row that fits nothing:
    the filter is there, and lets nobody in.
    """
    mode = block.get("match_mode", "exact")
    wildcards = block.get("match_patterns", [])
    texts = block.get("regex_patterns", []) if mode == "regex" else values
    if not texts and not wildcards:
        context.warn(path, _explain_nothing(mode, block, kind, context._), lasting=False)
        return prepare_row(context.env, field_name, kind, "regex", False, [NOTHING])
    case_sensitive = block.get("case_sensitive", False)
    return prepare_row(context.env, field_name, kind, mode, case_sensitive, texts, wildcards, path=at(path))


def _explain_nothing(mode, block, kind, _):
    """Return why a section matches nothing, and what that means."""
    if mode == "regex":
        why = _("The mode is regex and there are no regex_patterns")
    elif block.get("regex_patterns"):
        why = _("regex_patterns count only with match_mode: regex, and nothing else is named")
    else:
        why = _("Nothing is named")
    if kind == "exclude":
        return _("%s: no lead is left out.", why)
    return _("%s: nothing matches, so no lead is let in.", why)


def load_rows(context, purpose):
    """Return the rows of ``odoo.filters`` with this purpose: any field of leads, in any mode."""
    found = []
    for number, row in enumerate(context.given.get(ROWS, [])):
        path = at(ROWS, number)
        if row.get("purpose", "filter") != purpose:
            continue
        lead_field = context.find_field(row.get("field", "source_id"), (*path, "field"), CHOOSABLE["field_id"])
        if lead_field:
            found.append(
                prepare_row(
                    context.env,
                    lead_field.name,
                    row.get("lets_in", "exclude" if purpose == "dnc" else "include"),
                    row.get("mode", "exact"),
                    row.get("case_sensitive", False),
                    row.get("values", []),
                    row.get("patterns", []),
                    purpose=purpose,
                    path=path,
                    active=row.get("active", True),
                )
            )
    return found


def dump_row(row):
    return {
        "purpose": row.purpose,
        "field": row.field_name,
        "lets_in": row.kind,
        "mode": row.mode,
        "case_sensitive": row.case_sensitive,
        "active": row.active,
        "values": read_values(row.values_text, row.mode),
        "patterns": read_lines(row.wildcards_text),
    }
