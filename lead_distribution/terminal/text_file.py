"""Writes a configuration into a file."""

from pathlib import Path


def write_text(path, text, *, force):
    """Write a file; one that is there stays, unless it may be overwritten.

    :raise FileExistsError: says what to do
    """
    try:
        with Path(path).open("w" if force else "x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise FileExistsError(f"{path} is there already: add --force to overwrite it") from error
