"""What ``make bench`` works out of its figures: verdicts, ratios, slopes."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

import table
from budgets import Budget, Verdicts

MOST = Budget("time", 10, "s")
LEAST = Budget("speed", 40, "×", is_minimum=True)
NONE = Budget("lost", 0)


@pytest.mark.parametrize(
    ("budget", "value", "verdict"),
    [
        (MOST, 7.5, "met, 25% to spare"),
        (MOST, 10, "met, 0% to spare"),
        (MOST, 12, "**missed by 20%**"),
        (LEAST, 50, "met by 25%"),
        (LEAST, 30, "**missed by 25%**"),
        (NONE, 0, "met"),
        (NONE, 3, "**missed**"),
    ],
)
def test_a_value_is_judged_by_its_distance_from_the_limit(budget, value, verdict):
    assert budget.judge(value)[-1] == verdict
    assert budget.is_met(value) == verdict.startswith("met")


def test_the_limit_tells_in_which_direction_it_holds():
    assert (MOST.judge(1)[1], LEAST.judge(1)[1]) == ("≤ 10 s", "≥ 40 ×")


def test_what_was_not_measured_is_not_judged():
    verdicts = Verdicts()
    verdicts.judge(MOST, None)
    verdicts.judge(MOST, 11, "once")
    assert verdicts.sum_up() == "0 of 1 budgets met.\n  missed: time, once"


def test_the_slope_is_the_power_of_the_size():
    assert table.slope({10: 1.0, 100: 10.0, 1000: 100.0}) == pytest.approx(1)
    assert table.slope({10: 1.0, 100: 100.0}) == pytest.approx(2)
    assert table.slope({10: 1.0}) is None


def test_growth_is_told_only_between_sizes_that_were_measured():
    assert table.growth({10: 2.0, 50: 9.0}, 10, 50) == 4.5
    assert table.growth({10: 2.0}, 10, 50) is None


def test_a_ratio_is_the_median_of_the_turns_taken_together():
    assert table.ratio([2.0, 30.0, 4.0], [1.0, 10.0, 1.0]) == 3
    assert table.ratio([2.0, 4.0, 6.0], [2.0]) == 2
    assert table.ratio([], [1.0]) is None


def test_a_single_turn_has_no_spread():
    assert (table.spread([1.234]), table.spread([1.0, 3.0, 2.0]), table.spread([None])) == (
        "1.23",
        "2.00 (1.00–3.00)",
        "–",
    )
