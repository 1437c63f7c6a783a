"""At a million leads and five million assignments nothing reads a big table whole; the plans say so, no clock."""

from actions import CONTROL


def test_no_action_reads_a_big_table_whole(plans):
    print("\nseconds, statements:")
    for name, seen in plans.items():
        print(f"{seen['seconds']:8.3f} {seen['statements']:4} {name}")
    scans = {name: seen["scans"] for name, seen in plans.items() if seen["scans"] and name != CONTROL}
    assert scans == {}


def test_a_table_that_is_read_whole_is_noticed(plans):
    assert [table for table, _statement in plans[CONTROL]["scans"]] == ["crm_lead"]


def test_the_number_of_statements_does_not_depend_on_the_size(plans):
    """The same as with the few leads of the other tests: see test_queries of the addon."""
    assert max(seen["statements"] for seen in plans.values()) <= 120
