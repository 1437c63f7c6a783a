"""Write docs/rights.md from the tables ``security/rights.csv`` of the addons: ``python3 dev/rights_document.py``."""

import csv
from itertools import groupby

from common import ADDONS, GLUE, ROOT

DOCUMENT = ROOT / "docs" / "rights.md"
KINDS = {
    "public": "no login",
    "portal": "portal",
    "internal": "user without sales",
    "salesperson": "salesperson",
    "all_leads": "salesperson who sees all leads",
    "member": "member",
    "manager": "sales manager",
    "other_manager": "manager of another company",
    "administrator": "administrator without sales",
    "sales_administrator": "administrator and sales manager",
}
HEAD = """# Who may what

Written by `python3 dev/rights_document.py` from `security/rights.csv`; change that, not this. `test_rights` holds every
model, field, public method, route and kind of file of the addon against it, with people of all kinds: what is not in
the table fails the test, and the message has the line to add.

A *member* is a salesperson in the campaign, a *salesperson* one who is in none; each sees own leads. A manager of two
companies who works in one of them just now is, for the other, a *manager of another company*. The addon asks for these
rights again wherever it works with full rights itself.

`r` reads, `w` writes, `c` creates, `d` deletes; `own:` only what concerns oneself, or what one made oneself; – nothing.
Rights of fields are those of the field: they count together with those of the record. What is set by code only is `r`
for everybody.
"""
SECTIONS = {
    "records": ("Records", "Which records, of the company of the campaign."),
    "field": (
        "Fields",
        "All of ours on models of others, and those of models that more people than managers may read; `*` is every "
        "field that is not named. Fields of alike rights share a line.",
    ),
    "method": ("Methods", "Everything a client may call, on a record of the company or on one's own form."),
    "action": (
        "Actions",
        "What Odoo runs: server actions on a record of the company, reports to print, and scheduled actions, which "
        "somebody may start by hand.",
    ),
    "file": ("Files", "Attachments of a record of the model, by their address or by searching for them."),
    "route": ("Routes", "Addresses of our own, with a login or an API key of that person."),
}


def write_document(rows):
    """Return the document for the rows of the tables, as text."""
    parts = [HEAD]
    for what, (title, text) in SECTIONS.items():
        parts += [f"## {title}", "", text, "", *_write_table([row for row in rows if row["what"] == what]), ""]
    return "\n".join(parts)


def _write_table(rows):
    yield "| | " + " | ".join(KINDS.values()) + " |"
    yield "|---" * (len(KINDS) + 1) + "|"
    rights = {id(row): [row[kind].replace("-", "–") for kind in KINDS] for row in rows}
    for model, of_model in groupby(rows, lambda row: row["model"]):
        alike = {}
        for row in of_model:
            alike.setdefault(tuple(rights[id(row)]), []).append(row["name"])
        for cells, names in alike.items():
            yield f"| {_name(model, names)} | " + " | ".join(cells) + " |"


def _name(model, names):
    listed = ", ".join(f"`{name}`" for name in names if name)
    return ": ".join(filter(None, (model and f"**{model}**", listed)))


def read_rows():
    """Return the rows of all tables."""
    rows = []
    for addon in (*ADDONS, *GLUE):
        path = ROOT / addon / "security" / "rights.csv"
        if path.exists():
            with path.open(newline="", encoding="utf-8") as file:
                rows += csv.DictReader(file)
    return sorted(rows, key=lambda row: (list(SECTIONS).index(row["what"]), row["model"], row["name"]))


if __name__ == "__main__":
    DOCUMENT.write_text(write_document(read_rows()), encoding="utf-8")
