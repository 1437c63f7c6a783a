"""What a run left over is kept in little room, and nothing of it is lost."""

from hypothesis import given
from hypothesis import strategies as st
from reporting.left import LISTED, list_left, pack, prepare_left, read_left, unpack

IDS = st.lists(st.integers(1, 10**9), unique=True)
NEAR = st.lists(st.integers(1, 60), unique=True)


@given(st.one_of(IDS, NEAR))
def test_ids_that_were_packed_come_back_in_order(ids):
    assert unpack(pack(ids)) == sorted(ids)


@given(NEAR)
def test_packing_writes_no_more_ranges_than_there_are(ids):
    gaps = sum(1 for number in ids if number + 1 not in ids)
    assert len([part for part in pack(ids).split(",") if part]) == gaps


@given(st.dictionaries(st.sampled_from(["max_leads", "skipped", "failed"]), st.lists(st.none() | st.integers(1, 99))))
def test_there_are_as_many_as_were_counted_and_all_that_are_known(ids_of):
    kept = prepare_left(ids_of)
    left = list_left(kept["left_over"], kept["left_over_leads"], kept["left_over_rest"])
    for reason, ids in ids_of.items():
        listed = [row["lead_id"] for row in left if row["reason"] == reason]
        assert sorted(listed, key=str) == sorted(ids, key=str)


def test_very_many_are_kept_whole():
    ids = list(range(LISTED * 3, 0, -1))
    kept = prepare_left({"max_leads": ids})
    assert len(kept["left_over_leads"]["max_leads"]) == LISTED
    assert kept["left_over_rest"] == {"max_leads": f"1-{LISTED * 2}"}
    assert sorted(read_left(kept["left_over_leads"], kept["left_over_rest"])["max_leads"]) == sorted(ids)
    assert read_left(None, None) == {} and list_left(None, None, None) == []
