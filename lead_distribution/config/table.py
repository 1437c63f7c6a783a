"""The table of all keys: what is checked, loaded, dumped, documented and described for editors comes from here."""

from .keys import dropback, following, head, leads, live, people, runs, sales, sharing, short_form
from .keys.key import OWN_DEFAULT, Block, Key
from .kinds import Leaf, Named, Section

SETTINGS = "odoo.settings"
LINES = (  # in the order in which a campaign is written
    *head.KEYS,
    *people.KEYS,
    *leads.KEYS,
    *sales.KEYS,
    *dropback.KEYS,
    *sharing.KEYS,
    *live.KEYS,
    *following.KEYS,
    *runs.KEYS,
    *runs.ODOO_KEYS,
    *leads.ODOO_KEYS,
    *sharing.ODOO_KEYS,
    Key(SETTINGS, Named(Leaf("any")), words="Settings by the names of their fields, those of other addons included."),
    *short_form.KEYS,
)
BLOCKS = {line.path: line for line in LINES if isinstance(line, Block)}
KEYS = {line.path: line for line in LINES if isinstance(line, Key) and not line.path.startswith(f"{SETTINGS}.")}
SETTING_KEYS = {line.field: line for line in LINES if line.path.startswith(f"{SETTINGS}.")}
PLAIN = tuple(key for key in KEYS.values() if key.field)
# what is on, or something else, in a campaign that is made by hand, and off where a configuration does not name it
OFF = {name: key.absent for name, key in SETTING_KEYS.items() if key.absent is not OWN_DEFAULT}


def _build():
    """Return the tree of the keys, as nested sections."""
    root = Section()
    for path, key in KEYS.items():
        *above, last = path.split(".")
        section = root
        for depth, name in enumerate(above, 1):
            block = BLOCKS.get(".".join(above[:depth]), Block(""))
            section = section.keys.setdefault(name, Section({}, block.unneeded, block.switch, block.governed))
        section.keys[last] = key.kind
    return root


ROOT = _build()


def list_given(config, node=ROOT, path=""):
    """Yield the path and the value of each key and each section that a configuration has."""
    for name, value in config.items():
        yield path + name, value
        below = node.keys.get(name)
        if isinstance(below, Section) and isinstance(value, dict):
            yield from list_given(value, below, f"{path}{name}.")


def build_data(values):
    """Return {path: value} as nested data, in the order of the table."""
    data = {}
    for path in [*KEYS, *(path for path in values if path not in KEYS)]:
        if path not in values:
            continue
        *above, last = path.split(".")
        section = data
        for name in above:
            section = section.setdefault(name, {})
        section[last] = values[path]
    return data
