"""Percentages, spread and recommendations."""

import math
import statistics
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.figures import find_percentiles, jain_index, percentage, recommend, spread


def line(after, target, received=0, promised=0):
    shares = {"received": received, "promised": promised}
    return {"after": after, "target": target, "utilization": percentage(after, target), **shares}


def advice(salespeople, **figures):
    known = {"found": 100, "distributed": 100, "in_range": 100, "dropped_back": 0, "left_over": {}}
    return recommend(salespeople=salespeople, **{**known, **figures})


def test_nothing_to_recommend_when_all_is_well():
    assert advice([line(80, 100), line(85, 100)]) == []


def test_each_recommendation_of_the_specification_is_given():
    assert advice([line(10, 100), line(20, 100)]) == ["low_utilization"]
    assert advice([line(110, 100), line(115, 100)]) == ["high_utilization"]
    assert advice([line(60, 100), line(95, 100)]) == ["imbalance"]
    assert advice([line(80, 100)], distributed=40) == ["low_distribution"]
    assert advice([line(80, 100, 20, 40), line(80, 100, 60, 40)]) == ["off_promise"]
    assert advice([line(80, 100)], dropped_back=30) == ["high_dropback"]
    assert advice([], found=0, distributed=0) == ["no_salespeople", "no_leads"]


def test_a_run_cut_short_on_purpose_is_not_called_a_low_distribution():
    assert advice([line(80, 100)], distributed=40, left_over={"max_leads": 60}) == []


def test_a_spread_of_exactly_the_bound_is_balanced_and_anything_above_is_not():
    assert advice([line(75, 100), line(95, 100)]) == []
    assert advice([line(7_499, 10_000), line(9_500, 10_000)]) == ["imbalance"]


def test_people_without_a_target_do_not_count_as_unbalanced():
    assert advice([line(80, 100), line(0, 0)]) == []


def test_spread_is_the_population_standard_deviation():
    assert spread([80.0, 100.0]) == 10.0
    assert spread([50.0]) == 0.0


def test_jains_index_is_one_for_equal_shares_and_falls_with_inequality():
    assert jain_index([]) == jain_index([0, 0]) == jain_index([7, 7]) == 1
    assert jain_index([1, 2, 3]) == 0.8571
    assert jain_index([10, 0]) == 0.5


def heap_up(values, per_hour=60):
    heaps = [list(heap) for _minute, heap in groupby(sorted(values), key=lambda value: math.floor(value * per_hour))]
    return [(len(heap), heap[0], heap[-1]) for heap in heaps]


@given(st.lists(st.floats(0, 5), min_size=2, max_size=400))
def test_percentiles_by_the_minute_are_less_than_a_minute_off(values):
    exact = statistics.quantiles(values, n=10, method="inclusive")
    found = find_percentiles(heap_up(values), [tenth / 10 for tenth in range(1, 10)])
    assert found == pytest.approx(exact, abs=1 / 60)
    assert find_percentiles(heap_up(values), (0, 1)) == pytest.approx([min(values), max(values)])


@given(st.lists(st.integers(0, 30), min_size=2, max_size=60, unique=True))
def test_percentiles_of_values_apart_are_exact(values):
    assert find_percentiles(heap_up(values), (0.25, 0.5, 0.75)) == pytest.approx(
        statistics.quantiles(values, n=4, method="inclusive")
    )
