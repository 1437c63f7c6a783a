"""What each rule says, and how they work together."""

from datetime import date, datetime, timezone

from engine import Person, Rule, RuleBook
from engine.rules import (
    CallingHours,
    ClassCaps,
    KnownOwner,
    Preferred,
    PriorityBands,
    SkillMatch,
    Territory,
    TerritoryMatch,
    find_zones,
)

PEOPLE = [Person(n) for n in (1, 2, 3)]
GERMANY, FRANCE, BAVARIA = 49, 33, 9


def judge(rules, **facts):
    """Return {person: rank, or the name of the rule that refuses}."""
    book = RuleBook(rules)
    verdicts = book.judge(book.get_group(facts), PEOPLE)
    return {i: v.refused_by.name if v.refused_by else v.rank for i, v in verdicts.items()}


def test_skills_put_the_better_match_first_and_leave_out_who_has_none():
    rule = SkillMatch({7: 0.7, 8: 0.3}, {1: {8}, 2: {7, 8}})
    assert judge([rule], tag_ids=(7, 8)) == {1: (0.7,), 2: (0.0,), 3: "skills"}
    assert judge([rule], tag_ids=()) == {1: (0.0,), 2: (0.0,), 3: (0.0,)}


def test_skills_nobody_has_leave_the_lead_over_or_open_it_to_everybody_as_configured():
    assert set(judge([SkillMatch({7: 1}, {})], tag_ids=(7,)).values()) == {"skills"}
    assert set(judge([SkillMatch({7: 1}, {}, everybody_if_nobody=True)], tag_ids=(7,)).values()) == {(0,)}


def test_territory_by_country_state_and_postal_code():
    rule = TerritoryMatch({
        1: Territory(frozenset({GERMANY}), frozenset({BAVARIA}), ("10*", "2?0")),
        2: Territory(frozenset({FRANCE})),
    })  # fmt: skip
    assert judge([rule], country_id=GERMANY, zip="10 115") == {1: (0,), 2: "territory", 3: (1,)}
    assert judge([rule], country_id=GERMANY, state_id=BAVARIA) == {1: (0,), 2: "territory", 3: (1,)}
    assert judge([rule], country_id=FRANCE, zip="10115") == {1: "territory", 2: (0,), 3: (1,)}
    assert judge([rule], country_id=GERMANY, zip="99999") == {1: "territory", 2: "territory", 3: (1,)}
    assert judge([rule]) == {1: (0,), 2: (0,), 3: (0,)}


def test_postal_codes_that_make_no_difference_make_no_groups():
    rule = TerritoryMatch({1: Territory(zips=("1*",))})
    parts = {rule.get_part({"country_id": n % 5, "zip": str(n)}) for n in range(1000, 9999)}
    assert len(parts) == 2


def test_calling_hours_need_an_overlap_of_working_hours_and_the_leads_day():
    office = (datetime(2026, 1, 5, 8, tzinfo=timezone.utc), datetime(2026, 1, 5, 16, tzinfo=timezone.utc))
    late = (datetime(2026, 1, 5, 20, tzinfo=timezone.utc), datetime(2026, 1, 6, 4, tzinfo=timezone.utc))
    rule = CallingHours(date(2026, 1, 5), {1: office, 2: late})
    assert judge([rule], time_zones=("Europe/Berlin",)) == {1: (0,), 2: "calling_hours", 3: (0,)}
    assert judge([rule], time_zones=("America/Los_Angeles",)) == {1: "calling_hours", 2: (0,), 3: (0,)}
    assert judge([rule], time_zones=("America/Los_Angeles", "America/New_York"))[1] == (0,)
    assert judge([rule], time_zones=()) == {1: (0,), 2: (0,), 3: (0,)}


def test_calling_hours_of_the_day_before_and_after_count_where_these_are_now():
    """Midnight in UTC is the afternoon before in Los Angeles, and 20 o’clock the next morning in Auckland."""
    early = (datetime(2026, 1, 5, 0, tzinfo=timezone.utc), datetime(2026, 1, 5, 3, tzinfo=timezone.utc))
    late = (datetime(2026, 1, 5, 20, tzinfo=timezone.utc), datetime(2026, 1, 5, 23, tzinfo=timezone.utc))
    rule = CallingHours(date(2026, 1, 5), {1: early, 2: late})
    assert judge([rule], time_zones=("America/Los_Angeles",)) == {1: (0,), 2: (0,), 3: (0,)}
    assert judge([rule], time_zones=("Pacific/Auckland",)) == {1: (0,), 2: (0,), 3: (0,)}
    assert judge([rule], time_zones=("Europe/Berlin",)) == {1: "calling_hours", 2: "calling_hours", 3: (0,)}


def test_zones_of_a_lead_are_its_own_or_those_of_the_country():
    zones = {"US": ["America/New_York"], "DE": ["Europe/Berlin"]}
    assert find_zones("us", zones) == ("America/New_York",)
    assert find_zones("de", zones, "Asia/Tokyo") == ("Asia/Tokyo",)
    assert find_zones(None, zones) == ()


def test_known_owner_first_then_who_prefers_such_leads_then_everybody():
    rules = [KnownOwner({5: 1}), Preferred({5: frozenset({"big"})}, {2: "big"})]
    assert judge(rules, id=5) == {1: (0, 1), 2: (1, 0), 3: (1, 1)}
    assert judge(rules, id=6) == {1: (0, 0), 2: (0, 0), 3: (0, 0)}


def test_the_first_rule_that_refuses_is_told():
    rules = [PriorityBands({"high": "senior_only"}, {2}), SkillMatch({7: 1}, {2: {7}, 3: {7}})]
    assert judge(rules, priority="3", tag_ids=(7,)) == {1: "priority", 2: (0, 0.0), 3: "priority"}


def test_only_limited_classes_make_groups():
    rule = ClassCaps(["stale"])
    assert rule.get_part({"classification": "stale"}) == "stale"
    assert rule.get_part({"classification": "fresh"}) is None
    book = RuleBook([Rule(), rule])
    assert book.get_cap_class(book.get_group({"classification": "stale"})) == "stale"


def test_without_rules_everybody_may_take_everything():
    book = RuleBook()
    assert book.get_group({}) is None
    assert not any(verdict.refused_by for verdict in book.judge(None, PEOPLE).values())
    assert not book.is_reversed(None)
