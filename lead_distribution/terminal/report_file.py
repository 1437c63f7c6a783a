"""Writes the report of a run into a file."""

import csv
import html
import io
import json
import re

DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("name", "team", "level", "target", "before", "received", "given_up", "after", "utilization", "deficit")


def write_report(run, format_name, folder):
    """Write the report; return its path. Folders that are missing are made."""
    folder.mkdir(parents=True, exist_ok=True)
    if hasattr(run, "render_report"):
        content = run.render_report(format_name)[1]
    else:
        content = render(run.to_dict(), run.get_text_report(), format_name).encode()
    name = re.sub(r"[^\w-]+", "_", run.campaign_id.name).strip("_") or "campaign"
    path = folder / f"{name}_{run.distribution_date}_{run.id}.{format_name}"
    path.write_bytes(content)
    return path


def render(data, text, format_name):
    """Return the report as text in a format: csv (one line a person), json (everything), html (as printed)."""
    if format_name == "json":
        return json.dumps(data, ensure_ascii=False, indent=2, default=str)
    if format_name == "html":
        title = html.escape(f"{data['campaign']} {data['date']}")
        head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{title}</title></head>'
        return f"{head}<body><pre>{html.escape(text)}</pre></body></html>\n"
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(("campaign", "date", "state", "strategy", *COLUMNS))
    for line in data["salespeople"]:
        row = (data["campaign"], data["date"], data["state"], data["strategy"], *(line[name] for name in COLUMNS))
        writer.writerow([defuse(cell) for cell in row])
    return output.getvalue()


def defuse(cell):
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell
