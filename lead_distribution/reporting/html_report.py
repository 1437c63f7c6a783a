"""Writes a report as HTML: for the screen, for print and for e-mails. All styles are inside, and there is no script.

What is drawn survives being printed: bars are borders and charts are SVG, both without backgrounds, which
browsers leave out. E-mails get no SVG, which their programs leave out, and no bars in wide tables.
"""

from functools import partial

from markupsafe import Markup, escape

from ..engine.figures import count_decimals
from .html_intervals import render_intervals

COLORS = ("#2f6fd6", "#d9822b")
LINE = "border-bottom:1px solid #d8dadd;vertical-align:top;"
CELL, NARROW = f"padding:4px 8px;{LINE}", f"padding:4px 5px;{LINE}"
WIDE = 5  # columns; wider tables have no bars in an e-mail, and are set narrow: what does not fit on paper is cut
CHART_WIDTH, CHART_HEIGHT = 640, 120
MOST_LABELS = 8  # under a chart
PAGE = Markup(
    "<!DOCTYPE html><html lang='%s'><head><meta charset='utf-8'/>"
    "<meta name='viewport' content='width=device-width, initial-scale=1'/><title>%s</title></head>"
    "<body style='margin:24px auto;padding:0 16px;max-width:900px;font-family:sans-serif;color:#111827;'>%s</body>"
    "</html>"
)


def render_page(document):
    """Return the document as a page of its own."""
    return str(PAGE % (document.lang, document.title, render_body(document)))


def render_body(document, *, is_mail=False):
    """Return the document as a piece of HTML with its styles inside.

    :param is_mail: no wider than 600 pixels, and nothing that programs for e-mails do not show
    """
    facts = _join(
        Markup("<tr><td style='%s'>%s</td><td style='%stext-align:right;font-weight:bold;'>%s</td></tr>")
        % (CELL, label, CELL, _format(value, document.number))
        for label, value in document.facts
    )
    tables = _join(_render_table(table, document.number, is_mail=is_mail) for table in document.tables)
    return Markup(
        "<h2 style='margin:0 0 4px;'>%s</h2><p style='margin:0 0 16px;opacity:.7;'>%s</p>%s"
        "<table style='border-collapse:collapse;margin-bottom:16px;'>%s</table>%s%s"
    ) % (document.title, document.subtitle, _state(document.statement), facts, tables, _say_maker(document.made))


def _state(statement):
    return Markup("<p style='margin:0 0 16px;font-size:20px;font-weight:bold;'>%s</p>") % statement if statement else ""


def _say_maker(text):
    return Markup("<p style='margin:20px 0 0;opacity:.7;font-size:12px;'>%s</p>") % text if text else ""


def _join(parts):
    return Markup("").join(parts)


def _render_table(table, number, *, is_mail):
    has_bars = table.bars and not (is_mail and _is_wide(table))
    longest = max((_add_up(row, table.bars) for row in table.rows), default=0)
    decimals = [max(map(count_decimals, column)) for column in zip(*table.rows, strict=True)]
    rows = _join(
        Markup("<tr>%s%s</tr>")
        % (
            _join(
                _render_cell(value, partial(number, digits=digits), _get_cell(table))
                for value, digits in zip(row, decimals, strict=True)
            ),
            _render_bar([row[column] for column in table.bars], longest) if has_bars else "",
        )
        for row in table.rows
    )
    columns = len(table.header) + bool(has_bars)
    rows = rows or Markup("<tr><td style='%s' colspan='%s'>–</td></tr>") % (CELL, columns)
    return Markup(
        "<h3 style='margin:20px 0 4px;'>%s</h3>%s<div style='overflow-x:auto;'>"
        "<table style='border-collapse:collapse;%s'><thead><tr>%s%s</tr></thead><tbody>%s</tbody></table></div>"
    ) % (
        table.title,
        "" if is_mail else _draw(table, number),
        _style(table, is_mail=is_mail),
        _render_header(table),
        Markup("<th style='%swidth:30%%;min-width:80px;'>%s</th>") % (CELL, _name_bars(table)) if has_bars else "",
        rows,
    )


def _style(table, *, is_mail):
    if _is_wide(table):
        return "width:100%;font-size:12px;"
    return "width:100%;font-size:13px;" if is_mail else ""


def _is_wide(table):
    return len(table.header) > WIDE


def _get_cell(table):
    return NARROW if _is_wide(table) else CELL


def _draw(table, number):
    """Return what is drawn above a table."""
    return render_chart(table.chart, number) if table.chart else render_intervals(table.intervals)


def _add_up(row, columns):
    return sum(row[column] or 0 for column in columns)


def _render_header(table):
    return _join(
        Markup("<th style='%stext-align:%s;'>%s</th>") % (_get_cell(table), _align(table, column), name)
        for column, name in enumerate(table.header)
    )


def _name_bars(table):
    """Say what the bars draw, where it is not the number right beside them."""
    beside = (len(table.header) - 1,)
    return "" if tuple(table.bars) == beside else ", ".join(str(table.header[column]) for column in table.bars)


def _align(table, column):
    """A header stands over its column: numbers are flush right."""
    return "right" if table.rows and isinstance(table.rows[0][column], (int, float)) else "left"


def _render_cell(value, number, style):
    align = "right" if isinstance(value, (int, float)) else "left"
    return Markup("<td style='%stext-align:%s;'>%s</td>") % (style, align, _format(value, number))


def _render_bar(numbers, longest):
    """Return a cell with numbers as bars in one line, on one scale with the other rows."""
    bars = _join(
        Markup("<span style='display:inline-block;width:%.1f%%;border-top:10px solid %s;'></span>")
        % (value / longest * 99, color)
        for value, color in zip(numbers, COLORS, strict=False)
        if value and value > 0
    )
    return Markup("<td style='%swhite-space:nowrap;font-size:0;line-height:0;vertical-align:middle;'>%s</td>") % (
        CELL,
        bars,
    )


def render_chart(chart, number):
    """Return a chart of columns as SVG; nothing where there is nothing to compare.

    :param number: puts a number as people read it
    """
    tops = [sum(values) for values in zip(*(values for _name, values in chart.series), strict=True)]
    highest = max(tops, default=0)
    if len(tops) < 2 or not highest:
        return Markup("")
    step = CHART_WIDTH / len(tops)
    return Markup(
        "<svg role='img' aria-label='%s' viewBox='0 -14 %s %s' style='width:100%%;max-width:%spx;height:auto;' "
        "font-family='sans-serif' font-size='11' xmlns='http://www.w3.org/2000/svg'>"
        "<text x='0' y='-4' fill='currentColor'>%s</text>"
        "<line x1='0' y1='0' x2='%s' y2='0' stroke='currentColor' stroke-opacity='.2'/>"
        "<line x1='0' y1='%s' x2='%s' y2='%s' stroke='currentColor' stroke-opacity='.5'/>%s%s%s</svg>"
    ) % (
        ", ".join(name for name, _values in chart.series), CHART_WIDTH, CHART_HEIGHT + 54, CHART_WIDTH,
        number(highest), CHART_WIDTH, CHART_HEIGHT, CHART_WIDTH, CHART_HEIGHT,
        _join(_draw_column(chart, place, step, highest, number) for place in range(len(tops))),
        _draw_labels(chart.labels, step),
        _draw_legend(chart.series),
    )  # fmt: skip


def _draw_column(chart, place, step, highest, number):
    """Return the rectangles of one label, from the bottom up."""
    bottom, rectangles = CHART_HEIGHT, []
    for (name, values), color in zip(chart.series, COLORS, strict=False):
        height = values[place] / highest * CHART_HEIGHT
        bottom -= height
        if height:
            rectangles.append(
                Markup(
                    "<rect x='%.2f' y='%.2f' width='%.2f' height='%.2f' fill='%s'><title>%s, %s: %s</title></rect>"
                )
                % (
                    place * step + step * 0.1, bottom, step * 0.8, height, color,
                    chart.labels[place], name, number(values[place]),
                )
            )  # fmt: skip
    return _join(rectangles)


def _draw_labels(labels, step):
    """Return some of the labels under the columns, as many as there is room for."""
    every = -(-len(labels) // MOST_LABELS)
    return _join(
        Markup("<text x='%.2f' y='%s' text-anchor='%s' fill='currentColor'>%s</text>")
        % (
            0 if place == 0 else (place + 0.5) * step,
            CHART_HEIGHT + 14,
            "start" if place == 0 else "middle",
            label,
        )
        for place, label in enumerate(labels)
        if place % every == 0 and (place + 0.5) * step < CHART_WIDTH - 20
    )


def _draw_legend(series):
    """Return which colour is which, where there is more than one."""
    if len(series) < 2:
        return ""
    width = CHART_WIDTH / 4
    return _join(
        Markup(
            "<rect x='%s' y='%s' width='10' height='10' fill='%s'/><text x='%s' y='%s' fill='currentColor'>%s</text>"
        )
        % (place * width, CHART_HEIGHT + 24, color, place * width + 15, CHART_HEIGHT + 33, name)
        for place, ((name, _values), color) in enumerate(zip(series, COLORS, strict=False))
    )


def _format(value, number):
    """Return a value as people read it: numbers in the way of the language, text escaped."""
    if value is None or value is False:
        return ""
    if isinstance(value, (int, float)):
        return number(value)
    return escape(value)
