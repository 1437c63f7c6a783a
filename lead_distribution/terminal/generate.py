"""Text of a new configuration; needs no database."""

from ..config.templates import make_template
from ..config.write_yaml import write_yaml


def generate_config(template, campaign=None):
    """Return the text of a template, for a certain campaign if one is named."""

    def plain(text, *values):
        return text % values if values else text

    return write_yaml(make_template(template, campaign), plain, f"template {template}, {campaign or 'Voice'}")
