"""Chance deals leads to two ways: as many as it should, nobody can know which, and it can be done again."""

import subprocess
import sys
from collections import Counter
from math import sqrt
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.experiment import ARMS, Dealer, check_share, compare_categories
from engine.experiment.dealing import MOST_ASTRAY, PAGE

ENGINE = Path(__file__).resolve().parents[2] / "lead_distribution"

strata = st.tuples(st.one_of(st.none(), st.integers(0, 5), st.text(max_size=3)), st.sampled_from(["0", "3", None]))
shares = st.one_of(st.just(0.5), st.floats(0.01, 0.99))
seeds = st.integers(0, 2**31)


def deal(seed, stratum, number, share_b=0.5, counts=None):
    dealer = Dealer(seed, share_b, counts)
    return "".join(dealer.deal(stratum) for _lead in range(number))


@given(seeds, strata, shares, st.integers(0, 600))
def test_whoever_looks_at_any_moment_finds_about_the_share_in_each_stratum(seed, stratum, share_b, number):
    found = 0
    for position, arm in enumerate(deal(seed, stratum, number, share_b), 1):
        found += arm == "b"
        assert abs(found - position * share_b) <= (2 if share_b == 0.5 else MOST_ASTRAY)


@given(seeds, st.lists(strata, max_size=120), shares, st.integers(0, 120))
def test_it_goes_on_where_it_was_stopped(seed, leads, share_b, stop):
    whole = Dealer(seed, share_b, {})
    first = Dealer(seed, share_b)
    expected = [whole.deal(stratum) for stratum in leads]
    dealt = [first.deal(stratum) for stratum in leads[:stop]]
    second = Dealer(seed, share_b, Counter(leads[:stop]))
    assert dealt + [second.deal(stratum) for stratum in leads[stop:]] == expected
    assert second.counts == whole.counts == Counter(leads)


@given(seeds, strata, shares, st.lists(st.integers(0, 500), max_size=20))
def test_the_way_at_a_position_does_not_depend_on_what_was_asked_before(seed, stratum, share_b, positions):
    asked = Dealer(seed, share_b)
    for position in positions:
        assert asked.find_arm(stratum, position) == Dealer(seed, share_b).find_arm(stratum, position)


def test_another_process_deals_the_same():
    code = (
        "from engine.experiment import Dealer; dealer = Dealer(7, 0.3);"
        "print(''.join(dealer.deal((1, 'fair', None)) for _lead in range(200)))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ENGINE, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == deal(7, (1, "fair", None), 200, 0.3)


def test_it_stays_as_it_is_over_versions():
    """What is dealt already was dealt by these: going on with others would break the balance of running experiments."""
    assert deal(1, (3, "1"), 24) == "aababbbaabbbbaaabababaab"
    assert deal("x", (None,), 24, 0.2) == "baaaaabaaabaaaabaaaaabaa"


@pytest.mark.parametrize("share_b", [0.5, 0.2, 0.37, 0.9])
def test_every_position_has_the_chance_that_it_should(share_b):
    dealt = [deal(seed, (1,), PAGE + 2, share_b) for seed in range(3000)]
    for position in range(PAGE + 2):
        found = sum(arms[position] == "b" for arms in dealt)
        assert abs(found / 3000 - share_b) < 4 * sqrt(share_b * (1 - share_b) / 3000)


def test_nobody_knows_where_a_block_ends():
    """With blocks of one length, the way of its last lead would be known: here only a page ends evenly for sure."""
    dealt = [deal(seed, (1,), PAGE) for seed in range(60)]
    for place in range(1, PAGE):
        assert any(found[:place].count("b") * 2 != place for found in dealt)


def test_strata_and_seeds_begin_independently():
    """The first leads of many small strata are not all of one way: together they are dealt as by coins."""
    both = Counter()
    for seed in range(300):
        dealer = Dealer(seed)
        firsts = [dealer.deal((source, priority)) for source in (None, 1, 2) for priority in ("0", "1", "2")]
        both[firsts.count("b")] += 1
        assert len(set(firsts)) == 2 or firsts.count("b") in (0, 9)
    mean = sum(number * count for number, count in both.items()) / 300
    variance = sum((number - mean) ** 2 * count for number, count in both.items()) / 300
    assert abs(mean - 4.5) < 0.4 and 1.6 < variance < 3.0  # 9 coins: 4.5 and 2.25


def test_strata_that_look_alike_are_others():
    dealt = {stratum: deal(5, stratum, 60) for stratum in [(1,), ("1",), (None,), ("None",), (1, None), (1, "")]}
    assert len(set(dealt.values())) == len(dealt)


def test_both_ways_get_the_same_kinds_of_leads():
    rng = Random(8)
    dealer = Dealer(11, 0.3)
    found = {arm: Counter() for arm in ARMS}
    for _lead in range(3000):
        source = int(rng.random() ** 2 * 8)
        found[dealer.deal((source, rng.choice("0123")))][source] += 1
    balance = compare_categories(found["a"], found["b"])
    assert balance.difference < 0.05 and balance.p > 0.9 and not balance.is_off
    assert check_share(found["a"].total(), found["b"].total(), 0.3).p > 0.5


@pytest.mark.parametrize("share_b", [0, 1, -0.1, 1.5, float("nan")])
def test_a_share_that_leaves_one_way_without_leads_is_refused(share_b):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Dealer(1, share_b)


def test_counts_of_the_caller_stay_as_they_are():
    counts = {(1,): 3}
    Dealer(1, 0.5, counts).deal((1,))
    assert counts == {(1,): 3}
