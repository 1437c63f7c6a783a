"""Texts and the database: it holds no zero byte, and no half of a pair of surrogates. Pure Python."""

import re

HALVES = re.compile("[\ud800-\udfff]")


def is_storable(text):
    """Return whether the database can hold a text.

    >>> is_storable("ümläut"), is_storable("a\\ud800"), is_storable("a\\0")
    (True, False, False)
    """
    return "\0" not in text and (text.isascii() or not HALVES.search(text))


def storable(text):
    """Return a text without what the database cannot hold.

    >>> storable("a\\x00b\\ud800")
    'ab?'
    """
    return text if is_storable(text) else text.replace("\0", "").encode("utf-8", "replace").decode()


def list_unstorable(data, path=()):
    """Yield the paths of the texts in plain data, keys included, that the database cannot hold.

    >>> list(list_unstorable({"a": ["b", "c\\x00"], "d\\x00": 1}))
    [('a', 1), ('d\\x00',)]
    """
    if isinstance(data, str):
        if not is_storable(data):
            yield path
        return
    pairs = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in pairs:
        if isinstance(key, str) and not is_storable(key):
            yield (*path, key)
        else:
            yield from list_unstorable(value, (*path, key))
