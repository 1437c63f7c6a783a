"""No action reads a whole big table where an index can serve: PostgreSQL's plans say so, no clock does."""

import pytest

# what looks at most of a big table has to read it: nothing else is quicker
WHOLE_TABLE = {}

ACTIONS = ["finding"]


@pytest.mark.parametrize("action", ACTIONS)
def test_no_big_table_is_read_whole(plans, action):
    assert plans[action]["scans"] == []
