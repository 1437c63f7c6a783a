"""Lists of leads that a run keeps as files, for managers."""

import base64

from ..tools.safe_export import write_csv


def keep_list(record, name, header, rows):
    """Attach a list to a record; a list of the same name is replaced.

    :param name: of the file, without ending
    :param header: titles of the columns
    :param rows: iterable of cells; nothing in them becomes a formula
    :return: the attachment
    """
    file_name = f"{name}.csv"
    files = record.env["ir.attachment"]
    owner = {"res_model": record._name, "res_id": record.id}
    present = files.search([*((key, "=", value) for key, value in owner.items()), ("name", "=", file_name)], limit=1)
    values = {"datas": base64.b64encode(write_csv(header, rows)), "mimetype": "text/csv;charset=utf-8"}
    if present:
        present.write(values)
        return present
    return files.create({"name": file_name, **owner, **values})
