"""Taking a person out of what must stay, so that counts and history still add up."""

import csv
import gzip
import io
import itertools

from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.lead_distribution.finding.sales import OWN_CELLS, get_header
from odoo.addons.lead_distribution.importing.retention import PERSONAL
from odoo.addons.lead_distribution.names import MASKED

from ..finding.files import read_text
from ..finding.records import list_models, list_texts

KEPT_CELLS = ["row", "state", "code", "salesperson", "lead_id"]  # of each row of the archive of an import


def get_way(record):
    """Return the function that takes a person out of a record, or None where it may be deleted.

    :return: function of (record, ``Person``)
    """
    if record._name == "lead.import.batch" and record.state == "draft":
        return None  # nothing came of it yet
    if record._name == "ir.attachment":
        return _mask_file if record.res_model and record.res_model.startswith("lead.distribution.") else None
    masked = [model._name for model in list_models(record.env) if model._name not in DELETED]
    return WAYS.get(record._name, _mask_texts if record._name in masked else None)


def _mask_texts(record, person):
    """Put dots in the place of the person in all texts of a record."""
    values = record.read(list_texts(record))[0]
    values.pop("id")
    changed = {name: person.mask(value) for name, value in values.items() if value}
    changed = {name: value for name, value in changed.items() if value != values[name]}
    if changed:
        record.write(changed)


def _mask_row(row, _person):
    """Delete the cells of a row, and what they were made into; its number, what became of it and the lead stay."""
    if row.batch_id.state in ("draft", "checking", "importing"):
        raise UserError(row.env._("The import is not over yet. Try again when it is."))
    row.write({**dict.fromkeys(PERSONAL, False), "message": row.message and MASKED})
    answer = row.batch_id.answer or {}
    if answer.get("errors"):  # what a program was told may repeat a cell
        errors = [{**error, "message": MASKED} if error["row"] == row.number else error for error in answer["errors"]]
        row.batch_id.answer = {**answer, "errors": errors}


def _mask_import(batch, person):
    """Delete the file of an import, the samples of its columns and what it says of the person; its rows stay."""
    if batch.state in ("checking", "importing"):
        raise UserError(batch.env._("The import is not over yet. Try again when it is."))
    _mask_texts(batch, person)
    batch.write({"file": False, "values_met": False, "values_read": False})
    batch.column_ids.write({"samples": False})
    for column in batch.column_ids:  # the first row may have been taken for names of columns
        _mask_texts(column, person)
    batch.value_ids.filtered(lambda value: person.is_named_by([value.key or "", value.value or ""])).unlink()


def _mask_assignment(row, person):
    """Delete the name of the lead; to whom it went, when and why stays."""
    _mask_texts(row, person)
    row.write({"lead_name": MASKED})


def _mask_run(run, person):
    """Delete the name of a salesperson from a run and all its rows."""
    _mask_texts(run, person)
    env = run.env
    env.flush_all()
    for table, name, user in (
        ("lead_distribution_run_member", "salesperson_name", "user_id"),
        ("lead_distribution_assignment", "user_name", "user_id"),
        ("lead_distribution_assignment", "previous_user_name", "previous_user_id"),
    ):
        env.cr.execute(
            SQL(
                "UPDATE %(table)s SET %(name)s = %(masked)s WHERE run_id = %(run)s AND (%(name)s ~* %(pattern)s OR "
                "%(user)s IN (SELECT u.id FROM res_users u JOIN res_partner p ON p.id = u.partner_id "
                "WHERE u.login = %(email)s OR p.email_normalized = %(email)s OR p.name ~* %(pattern)s))",
                table=SQL.identifier(table), name=SQL.identifier(name), user=SQL.identifier(user), masked=MASKED,
                run=run.id, pattern=person.get_pattern(), email=person.email,
            )
        )  # fmt: skip
    env.invalidate_all()


def _forget_deal(deal, _person):
    """Delete which lead was dealt; that one was dealt to this way stays."""
    deal.lead_id = False


def _mask_file(file, person):
    """Write a kept file anew without the person; of lists with telephone numbers, without such rows' own cells."""
    text = read_text(file)
    packed = file.mimetype == "application/gzip"
    if packed or (file.mimetype or "").startswith("text/csv"):
        text = _mask_csv(text, person, file.env)
    else:
        text = person.mask(text)
    data = text.encode()
    file.write({"raw": gzip.compress(data, mtime=0) if packed else data, "mimetype": file.mimetype})


def _mask_csv(text, person, env):
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    rows = csv.reader(io.StringIO(text.removeprefix(mark), newline=""))
    out = io.StringIO()
    writer = csv.writer(out)
    header = next(rows, [])
    own = _find_own_cells(header, env)
    for row in itertools.chain([header], rows):
        filled = [place for place in own if place < len(row) and row[place]]
        if person.is_named_by([row[place] for place in filled]):
            row = [MASKED if place in filled else cell for place, cell in enumerate(row)]
        writer.writerow([person.mask(cell) for cell in row])
    return mark + out.getvalue()


def _find_own_cells(header, env):
    """Return the places of what rows say of a lead's customer, such as a telephone number; of other files none."""
    if header[: len(KEPT_CELLS)] == KEPT_CELLS:
        return range(len(KEPT_CELLS), len(header))
    # by its width, which only the list of customers has: its words are those of who made it
    return OWN_CELLS if len(header) == len(get_header(env)) else ()


# what is about one person, and counts for nothing else
DELETED = ("lead.distribution.absence", "lead.distribution.presence")
WAYS = {
    "lead.import.row": _mask_row,
    "lead.import.batch": _mask_import,
    "lead.distribution.assignment": _mask_assignment,
    "lead.distribution.run": _mask_run,
    "lead.distribution.experiment.deal": _forget_deal,
}
