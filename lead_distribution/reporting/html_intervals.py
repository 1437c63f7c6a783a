"""Draws intervals one under the other as SVG, for reports: as the page of an experiment shows them."""

from markupsafe import Markup

COLORS = {"a": "#8a93a3", "b": "#2f6fd6", "difference": "#7a5195"}
WIDTH, ROW, BAR = 640, 34, 14
FROM, TO = 150, 420  # where the bars stand; names are before, texts behind
ROOM = 1.1


def render_intervals(intervals):
    """Return intervals as SVG; nothing where there is none.

    :param intervals: list of ``Interval``, some around zero, the others on one scale that begins with it
    """
    drawn = [one for one in intervals if one.low is not None and one.high is not None]
    if not drawn:
        return Markup("")
    top = max((max(one.high, one.middle) for one in drawn if not one.around_zero), default=0) * ROOM
    rows = (_draw(one, number * ROW, top) for number, one in enumerate(drawn))
    return Markup(
        "<svg role='img' aria-label='%s' viewBox='0 0 %s %s' style='width:100%%;max-width:%spx;height:auto;' "
        "font-family='sans-serif' font-size='12' xmlns='http://www.w3.org/2000/svg'>%s</svg>"
    ) % (
        ", ".join(f"{one.name}: {one.text}" for one in drawn),
        WIDTH, len(drawn) * ROW, WIDTH,
        Markup("").join(rows),
    )  # fmt: skip


def _draw(one, y, top):
    """Return one row: its name, the track with the interval and its middle, the numbers in words."""
    end = max(abs(one.low), abs(one.high)) * ROOM if one.around_zero else top
    start, end = (-end, end) if one.around_zero else (0, end)

    def at(value):
        return FROM + (min(max(value, start), end) - start) / (end - start or 1) * (TO - FROM)

    middle = y + ROW / 2
    zero = Markup("<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='currentColor' stroke-dasharray='4 3'/>") % (
        at(0), y + 3, at(0), y + ROW - 3,
    )  # fmt: skip
    return Markup(
        "<text x='0' y='%.1f' fill='currentColor'>%s</text>"
        "<rect x='%s' y='%.1f' width='%s' height='%s' fill='none' stroke='currentColor' stroke-opacity='.3'/>"
        "<rect x='%.1f' y='%.1f' width='%.1f' height='%s' fill='%s' fill-opacity='.7'/>"
        "<line x1='%.1f' y1='%.1f' x2='%.1f' y2='%.1f' stroke='currentColor' stroke-width='3'/>%s"
        "<text x='%s' y='%.1f' fill='currentColor'>%s</text>"
    ) % (
        middle + 4, one.name,
        FROM, middle - BAR / 2, TO - FROM, BAR,
        at(one.low), middle - BAR / 2, max(at(one.high) - at(one.low), 2), BAR, COLORS[one.key],
        at(one.middle), middle - BAR / 2, at(one.middle), middle + BAR / 2,
        zero if one.around_zero else "",
        TO + 12, middle + 4, one.text,
    )  # fmt: skip
