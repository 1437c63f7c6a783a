"""Where report files of a campaign may be written: below one folder that the administrator names."""

from pathlib import Path

PARAMETER = "lead_distribution.report_folder"
OWN_FOLDER = "lead_distribution_reports"


def get_base_folder(parameter, data_dir, database):
    """Return the folder that all folders of campaigns lie in.

    :param parameter: value of the system parameter, or nothing
    :param data_dir: where Odoo keeps its files; there is a place for each database
    """
    return Path(parameter) if parameter else Path(data_dir) / OWN_FOLDER / database


def find_folder(base, location):
    """Return the folder that a campaign means, or None if it leads out of the base.

    Names that lead upwards are refused even where they come back; links are followed first.

    :param location: a name below the base, or an absolute path in it; nothing is the base itself
    """
    try:
        if ".." in Path(location or "").parts:
            return None
        root = Path(base).resolve()
        folder = (root / (location or "")).resolve()
    except (OSError, ValueError, RuntimeError):  # a loop of links, a character that no name may have
        return None
    return folder if folder.is_relative_to(root) else None
