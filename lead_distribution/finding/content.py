"""What counts as a value of a field: blanks do not, nor does formatted text that shows nothing."""

import re

from odoo.fields import Domain
from odoo.tools import SQL

BLANK = " \t\r\n\u00a0"
BLANKS = SQL(r"E' \t\r\n\u00a0'")
# what is seen without any text
SHOWN = r"<(img|svg|video|audio|iframe|object|embed|canvas)\M|\sdata-embedded="
TAGS = r"<[^>]*>"
BLANK_ENTITIES = r"&(nbsp|#160|#xa0|ensp|emsp|thinsp|#8203|#x200b|zwnj|#xfeff);"


def has_content(field):
    """Return the Domain of the records that have a value in a field; blanks are none.

    :param field: any stored field
    """
    make = {"char": _has_text, "text": _has_text, "html": _shows}.get(field.type)
    if make:
        return Domain.custom(to_sql=lambda model, alias, query: make(model._field_to_sql(alias, field.name, query)))
    return Domain(field.name, "!=", False)


def _has_text(value):
    return SQL("btrim(%s, %s) <> ''", value, BLANKS)


def is_shown(html):
    """Return whether formatted text shows anything: the same of a value as ``has_content`` of a column."""
    text = re.sub(BLANK_ENTITIES, "", re.sub(TAGS, "", html), flags=re.IGNORECASE)
    return bool(text.strip(BLANK) or re.search(SHOWN.replace(r"\M", r"\b"), html, re.IGNORECASE))


def _shows(value):
    text = SQL("regexp_replace(regexp_replace(%s, %s, '', 'g'), %s, '', 'gi')", value, TAGS, BLANK_ENTITIES)
    return SQL("(%s OR %s ~* %s)", _has_text(text), value, SHOWN)
