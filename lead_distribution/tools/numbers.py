"""Numbers as people read them, in their language."""

from odoo.tools.misc import get_lang


def format_number(env, value, most=0):
    """Return a number with the signs of the reader's language: “1,234.5”, in German “1.234,5”.

    :param most: decimals at most; zeros at the end are left out
    """
    digits = f"{value:.{most}f}".partition(".")[2].rstrip("0")
    return get_format(env)(f"%.{len(digits)}f", value, grouping=True)


def get_format(env):
    """Return what writes a number in the reader's language; of ``res.lang``: (format, value, grouping=False)."""
    return env["res.lang"]._lang_get(get_lang(env).code).format
