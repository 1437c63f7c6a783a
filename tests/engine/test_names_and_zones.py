"""People are sorted as people do; a time zone that nobody knows stops nobody."""

from datetime import date
from random import Random
from unicodedata import normalize

from hypothesis import given
from hypothesis import strategies as st

from engine import Lead, Person, get_strategy, make_plan
from engine.names import name_key
from engine.rules import CallingHours, find_zones, hours_in_utc
from engine.zones import is_zone, pick_zone

NAMES = st.text(alphabet="aàáäbcçdđeéèêøoözžAÉÖZ -", max_size=8)


def test_accents_do_not_put_names_behind_the_alphabet():
    names = ["Zoe", "Élodie", "Ann", "Emil", "Øystein", "Žan", "oskar"]
    assert sorted(names, key=name_key) == ["Ann", "Élodie", "Emil", "oskar", "Øystein", "Žan", "Zoe"]


@given(NAMES)
def test_case_and_the_way_accents_are_stored_do_not_matter(name):
    assert name_key(name) == name_key(normalize("NFD", name)) == name_key(normalize("NFC", name).casefold())


@given(NAMES, NAMES)
def test_accents_count_only_between_names_of_the_same_letters(one, other):
    first, second = name_key(one), name_key(other)
    if first[0] != second[0]:
        assert (first < second) == (first[0] < second[0])


@given(st.lists(NAMES, min_size=1, max_size=6, unique_by=name_key), st.integers())
def test_alphabetical_gives_the_first_leads_in_the_order_of_the_names(names, seed):
    people = [Person(number, name) for number, name in enumerate(names, 1)]
    strategy = get_strategy("round_robin", order="alphabetical")
    plan = make_plan([Lead(n) for n in range(len(people))], people, strategy, rng=Random(seed))
    served = [names[decision.person_id - 1] for decision in plan.decisions]
    assert served == sorted(names, key=name_key)


def test_equal_names_are_still_settled_by_chance():
    people = [Person(1, "Élodie"), Person(2, "ÉLODIE")]
    strategy = get_strategy("round_robin", order="alphabetical")
    first = {make_plan([Lead(1)], people, strategy, rng=Random(seed)).decisions[0].person_id for seed in range(20)}
    assert first == {1, 2}


@given(st.text(max_size=30))
def test_whatever_a_zone_is_called_there_is_one(name):
    assert is_zone(pick_zone(name))
    assert pick_zone(name, "Asia/Tokyo") == (name if is_zone(name) else "Asia/Tokyo")


def test_a_lead_whose_zones_nobody_knows_is_for_everybody():
    zones = find_zones("fr", {"FR": ("Europe/Atlantis",)}, "Mars/Olympus")
    assert zones == ()
    day = date(2026, 1, 5)
    rule = CallingHours(day, {1: hours_in_utc(day, "Asia/Tokyo", 9, 17)})
    assert rule.judge(Person(1), rule.get_part({"time_zones": zones})) == 0
