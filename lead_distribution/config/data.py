"""What is written of a configuration: nothing that says nothing."""


class Kept(dict):
    """A block that is written even where it is empty."""


def compact(data):
    """Return the data without empty texts, lists and blocks; false and 0 stay."""
    if not isinstance(data, dict):
        return data
    kept = {key for key, value in data.items() if isinstance(value, Kept)}
    cleaned = {key: compact(value) for key, value in data.items()}
    return {key: value for key, value in cleaned.items() if key in kept or not is_empty(value)}


def is_empty(value):
    return value is None or value in ("", [], {})
