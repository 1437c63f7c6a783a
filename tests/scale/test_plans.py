"""At a million leads and five million assignments nothing reads a big table whole; the plans say so, no clock."""

import pytest
from names import CONTROL, LEADS

# what looks at all leads, or at what became of each lead of a period, has to read them
ON_PURPOSE = {
    "dashboard, 30 days": {"crm_lead"},
    "dashboard, 30 days of a campaign": {"crm_lead"},
    "dashboard, a year": {"crm_lead", "lead_distribution_assignment"},
    "success metrics of 30 days": {"crm_lead"},
    "success metrics of a campaign": {"crm_lead"},
    # all that waits, or that nobody takes, is looked at
    "figures of waiting leads": {"lead_distribution_waiting"},
    "waiting leads that are told of": {"lead_distribution_waiting"},
    "live: sweeping": {"lead_distribution_waiting", "lead_distribution_not_taken"},
    "live: what waits for a campaign is tried again": {"lead_distribution_waiting"},
    "live: what a campaign has not taken is looked at again": {"lead_distribution_not_taken"},
    # of a tenth of the history
    "verifying a campaign": {"crm_lead", "lead_distribution_assignment", "lead_import_row"},
}
PAGES = (
    "list", "history", "tracking", "runs", "own", "import, its", "campaigns", "GET", "report", "trend",
    "waiting leads", "leads nobody takes",
)  # fmt: skip


def test_no_action_reads_a_big_table_whole(plans):
    print("\nseconds, statements, rows read:")
    for name, seen in plans.items():
        print(f"{seen['seconds']:8.3f} {seen['statements']:4} {seen['rows']:10,} {name}")
    scans = {
        name: [(table, statement) for table, statement in seen["scans"] if table not in ON_PURPOSE.get(name, ())]
        for name, seen in plans.items()
        if name != CONTROL
    }
    assert {name: found for name, found in scans.items() if found} == {}


def test_a_table_that_is_read_whole_is_noticed(plans):
    assert [table for table, _statement in plans[CONTROL]["scans"]] == ["crm_lead"]
    assert plans[CONTROL]["rows"] >= LEADS


def test_what_is_allowed_to_read_a_table_whole_is_looked_at(plans):
    assert ON_PURPOSE.keys() <= plans.keys()


def test_no_page_walks_through_an_index_for_long(plans):
    """An index in the order of a page may be walked to its end for the few rows that fit."""
    if LEADS < 100_000:
        pytest.skip("small tables are read whole, and rightly so")
    walked = {name: seen["rows"] for name, seen in plans.items() if name.startswith(PAGES) and seen["rows"] > LEADS / 3}
    assert walked == {}


def test_the_number_of_statements_does_not_depend_on_the_size(plans):
    """The same as with the few leads of the other tests: see test_queries of the addon."""
    live = "live: a batch"  # two campaigns, forty people, from finding to the last lead written
    assert plans[live]["statements"] <= 250
    assert max(seen["statements"] for name, seen in plans.items() if name != live) <= 150
