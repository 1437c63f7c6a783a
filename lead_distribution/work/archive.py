"""Rows that are removed for their age, kept as a file."""

import base64
import csv
import gzip
import io


def prepare_archive(campaign, name, header, rows):
    """Return the attachment with rows as compressed CSV, which hangs on their campaign.

    :param header: names of the columns
    :param rows: lists of cells; those of people are made safe by the caller (``reporting.writers.safe_cell``)
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(header)
    writer.writerows(rows)
    return {
        "name": f"{name}.csv.gz",
        "res_model": campaign._name,
        "res_id": campaign.id,
        "mimetype": "application/gzip",
        "datas": base64.b64encode(gzip.compress(buffer.getvalue().encode(), mtime=0)),
    }
