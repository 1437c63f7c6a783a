"""Words of selection fields."""


def get_labels(records, name):
    """Return {value: label} of a selection field, in the language of the reader."""
    return dict(records._fields[name]._description_selection(records.env))
