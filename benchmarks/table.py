"""Tables of what was measured, and how they come into ``benchmarks/README.md``."""

import os
import platform
from math import log
from pathlib import Path
from statistics import mean, median

README = Path(__file__).parent / "README.md"


def render(header, rows):
    """Return a table of texts."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def spread(values, digits=2):
    """Return the median, and the extremes in brackets if there are some."""
    values = [value for value in values if value is not None]
    if not values:
        return "–"
    text = f"{median(values):.{digits}f}"
    return text if len(values) == 1 else f"{text} ({min(values):.{digits}f}–{max(values):.{digits}f})"


def ratio(mine, theirs):
    """Return the median of the ratios turn by turn, of those who took their turns together; None without."""
    if not mine or not theirs:
        return None
    if len(mine) == len(theirs):
        return median(a / b for a, b in zip(mine, theirs, strict=True))
    return median(mine) / median(theirs)


def slope(seconds_by_size):
    """Return the slope of time over size, both as logarithms: 1 is in proportion; None for a single size."""
    if len(seconds_by_size) < 2:
        return None
    xs, ys = [log(size) for size in seconds_by_size], [log(seconds) for seconds in seconds_by_size.values()]
    middle_x, middle_y = mean(xs), mean(ys)
    rise = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return rise / sum((x - middle_x) ** 2 for x in xs)


def growth(seconds_by_size, small, large):
    """Return time(large) ÷ time(small), None if one of them was not measured."""
    if small not in seconds_by_size or large not in seconds_by_size:
        return None
    return seconds_by_size[large] / seconds_by_size[small]


def tell_growth(what, seconds_by_size):
    """Return in a sentence how time grows with size."""
    value = slope(seconds_by_size)
    if value is None:
        return ""
    sizes = sorted(seconds_by_size)
    text = f"{what}, {sizes[0]:,} … {sizes[-1]:,}: log–log slope {value:.2f}"
    if len(sizes) > 2:
        last = slope({size: seconds_by_size[size] for size in sizes[-2:]})
        text += f", between the two largest {last:.2f}"
    return f"{text}."


def number(value, digits=2):
    return "–" if value is None else f"{value:.{digits}f}"


def describe_machine():
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    processor = names[0] if names else platform.machine()
    return f"{os.cpu_count()} cores ({processor}), Python {platform.python_version()}"


def write(part, text):
    """Put the text between the marks of a part of the README."""
    start, end = f"<!-- {part} -->\n", f"<!-- end of {part} -->\n"
    before, rest = README.read_text().split(start)
    after = rest.split(end)[1]
    README.write_text(f"{before}{start}{text.rstrip()}\n{end}{after}")
