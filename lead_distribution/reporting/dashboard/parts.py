"""What the dashboards of managers and of salespeople have in common: figures with their change, and days."""

from datetime import timedelta

from odoo.fields import Domain

from ..trend import get_change
from .opening import open_records

PERIODS = (7, 30, 90, 365)
WEEKLY_FROM = 100  # days; longer periods are shown by week


def show_figure(
    key, label, value, opened, *, before=None, better=None, format_name="integer", judged=None, detail=None
):
    """Return one figure.

    :param before: the value of the period before; its change is shown in percent
    :param better: ``up`` or ``down``, nothing where neither is
    :param detail: what is shown beside it, in words
    :param judged: ``words.Judgement`` of the value: its word is shown, and the figure beside it
    """
    return {
        "key": key,
        "label": label,
        "value": value,
        "format": format_name,
        "change": get_change(before, value),
        "better": better,
        "open": opened,
        "word": judged.word if judged else None,
        "detail": judged.detail if judged else detail,
    }


def fill_days(found_days, period, model, domain):
    """Return every day of the period, those without a run with zeros; long periods by week.

    :param model: whose records of the ``domain`` and the day a bar opens
    """
    by_day = {day["date"]: day for day in found_days}
    step = 7 if period.days > WEEKLY_FROM else 1
    bars = []
    for offset in range(0, period.days, step):
        dates = [period.first + timedelta(days=offset + n) for n in range(step)]
        known = [by_day[day.isoformat()] for day in dates if day.isoformat() in by_day]
        between = Domain("distribution_date", ">=", dates[0]) & Domain("distribution_date", "<=", dates[-1])
        bars.append(
            {
                "date": dates[0].isoformat(),
                "distributed": sum(day["distributed"] for day in known),
                "left": sum(day["not_distributed"] for day in known),
                "open": open_records(model, domain & between, dates[0].isoformat()),
            }
        )
    return bars
