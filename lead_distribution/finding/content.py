"""What counts as a value of a field: blanks do not, nor does formatted text that shows nothing."""

from odoo.fields import Domain
from odoo.tools import SQL

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


def _shows(value):
    text = SQL("regexp_replace(regexp_replace(%s, %s, '', 'g'), %s, '', 'gi')", value, TAGS, BLANK_ENTITIES)
    return SQL("(%s OR %s ~* %s)", _has_text(text), value, SHOWN)
