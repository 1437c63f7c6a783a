"""When a campaign runs next."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.schedule import FREQUENCIES, next_run

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1))
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Apia"])


@given(
    MOMENTS, st.sampled_from(FREQUENCIES), st.floats(0, 23.99), st.integers(0, 6),
    st.integers(1, 31), ZONES,
)  # fmt: skip
def test_the_next_run_is_later_and_not_further_than_a_period(after, frequency, hour, weekday, day, tz):
    moment = next_run(after, frequency, hour=hour, weekday=weekday, day=day, tz=tz)
    period = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 31}[frequency]
    assert after < moment <= after + timedelta(days=period, hours=25)


@given(MOMENTS, st.integers(4, 23), ZONES)
def test_daily_keeps_the_hour_of_the_wall_clock(after, hour, tz):
    moment = next_run(after, "daily", hour=hour, tz=tz)
    assert moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).hour == hour


def test_six_in_the_morning_stays_six_when_summer_time_ends():
    before = next_run(datetime(2026, 10, 24, 0), "daily", hour=6, tz="Europe/Berlin")
    after = next_run(datetime(2026, 10, 25, 0), "daily", hour=6, tz="Europe/Berlin")
    assert (before, after) == (datetime(2026, 10, 24, 4), datetime(2026, 10, 25, 5))


def test_the_31st_is_the_last_day_of_short_months():
    assert next_run(datetime(2026, 2, 1), "monthly", hour=6, day=31) == datetime(2026, 2, 28, 6)
    assert next_run(datetime(2026, 2, 28, 6), "monthly", hour=6, day=31) == datetime(2026, 3, 31, 6)


def test_weekly_on_a_chosen_day_and_hourly_at_a_chosen_minute():
    saturday = datetime(2026, 11, 21, 12)
    assert next_run(saturday, "weekly", hour=8, weekday=0) == datetime(2026, 11, 23, 8)
    assert next_run(saturday, "hourly", hour=0.25) == datetime(2026, 11, 21, 12, 15)


def test_hourly_is_at_a_minute_of_the_clocks_of_the_zone():
    noon = datetime(2026, 11, 21, 12, 1)
    for zone, minute in (("Asia/Kolkata", 45), ("Asia/Kathmandu", 30), ("America/St_Johns", 45), ("UTC", 15)):
        assert next_run(noon, "hourly", hour=0.25, tz=zone) == datetime(2026, 11, 21, 12, minute)


@given(MOMENTS, st.integers(0, 59), ZONES)
def test_hourly_keeps_the_minute_of_the_wall_clock(after, minute, tz):
    moment = next_run(after, "hourly", hour=minute / 60, tz=tz)
    assert moment.replace(tzinfo=timezone.utc).astimezone(ZoneInfo(tz)).minute == minute


def test_an_unknown_frequency_is_refused():
    with pytest.raises(ValueError, match="fortnightly"):
        next_run(datetime(2026, 1, 1), "fortnightly")
