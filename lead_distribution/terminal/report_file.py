"""Writes the report of a run into a file."""

import re


def write_report(run, format_name, folder):
    """Write the report; return its path. Folders that are missing are made."""
    folder.mkdir(parents=True, exist_ok=True)
    _name, content = run.render_report(format_name)
    campaign = re.sub(r"[^\w-]+", "_", run.campaign_id.name).strip("_") or "campaign"
    path = folder / f"{campaign}_{run.distribution_date}_{run.id}.{format_name}"
    path.write_bytes(content)
    return path
