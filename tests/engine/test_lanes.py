"""How ``make test`` does several things at once: side by side, told in one piece each, nothing left out."""

import sys
import threading
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))

import lanes
import testing
from common import Problem


def test_jobs_go_side_by_side_and_each_is_told_in_one_piece(capfd):
    both_are_there = threading.Barrier(2, timeout=30)

    def work(out):
        for word in (b"first\n", b"second\n"):
            both_are_there.wait()
            out.write(word)

    lanes.run([("One", work), ("Two", work)], 2)
    one, two = sorted(capfd.readouterr().out.split("==> ")[1:])
    assert (one, two) == ("One (0:00)\nfirst\nsecond\n", "Two (0:00)\nfirst\nsecond\n")


def test_with_one_lane_all_come_in_order_on_the_terminal(capfd):
    def work(out):
        assert out is None
        print("told at once")

    lanes.run([("One", work), ("Two", work)], 1)
    assert capfd.readouterr().out == "==> One\ntold at once\n==> Two\ntold at once\n"


def test_more_jobs_than_lanes_are_all_done():
    done = []
    lanes.run([(str(number), lambda _out, number=number: done.append(number)) for number in range(7)], 2)
    assert sorted(done) == list(range(7))


def test_what_goes_wrong_in_one_is_raised_after_the_others_and_told(capfd):
    done = []

    def fail(out):
        out.write(b"so far\n")
        raise Problem("broken", "mend it")

    with pytest.raises(Problem, match="broken"):
        lanes.run([("Fails", fail), ("One", lambda _out: done.append(1)), ("Two", lambda _out: done.append(2))], 2)
    assert sorted(done) == [1, 2]
    assert "==> Fails (0:00)\nso far\n" in capfd.readouterr().out


def test_what_is_needed_is_waited_for_and_what_needs_nothing_is_not():
    done, other_is_done = [], threading.Event()

    def prepare(_out):
        assert other_is_done.wait(30)
        done.append("prepared")

    def work_alone(_out):
        done.append("alone")
        other_is_done.set()

    needed = lanes.Needed(prepare)
    jobs = [("Prepare", needed), ("Alone", work_alone), ("Then", needed.before(lambda _out: done.append("then")))]
    lanes.run(jobs, 2)
    assert done == ["alone", "prepared", "then"]


def test_a_lane_takes_what_is_ready_before_what_still_waits():
    done, later_is_done = [], threading.Event()

    def prepare(_out):
        assert later_is_done.wait(30)

    def work_later(_out):
        done.append("later")
        later_is_done.set()

    needed = lanes.Needed(prepare)
    waiting = ("Then", needed.before(lambda _out: done.append("then")))
    lanes.run([("Prepare", needed), waiting, ("Later", work_later)], 2)
    assert done == ["later", "then"]


@pytest.mark.parametrize("count", [1, 2])
def test_what_needs_something_that_fails_is_not_begun(count):
    done = []

    def fail(_out):
        raise Problem("no database", "make one")

    first = lanes.Needed(fail)
    second = lanes.Needed(lambda _out: done.append("second"), after=first)
    jobs = [("First", first), ("Second", second), ("Then", second.before(lambda _out: done.append("then")))]
    with pytest.raises(Problem, match="no database"):
        lanes.run(jobs, count)
    assert not done


def test_things_are_done_together_and_the_first_that_fails_is_told_when_all_are_over():
    both_are_there, done = threading.Barrier(2, timeout=30), []

    def fail():
        both_are_there.wait()
        raise Problem("no network", "plug it in")

    def work():
        both_are_there.wait()
        done.append("worked")
        return 1

    with pytest.raises(Problem, match="no network"):
        lanes.together(fail, work)
    assert done == ["worked"]
    assert lanes.together(lambda: 2, lambda: 3) == [2, 3]


@pytest.mark.parametrize("text", ["0", "-1", "many"])
def test_a_wrong_number_of_lanes_is_told(monkeypatch, text):
    monkeypatch.setenv("LANES", text)
    with pytest.raises(Problem, match=text):
        lanes.count_lanes()


def test_every_file_of_tests_is_dealt_to_one_lane():
    folders = testing.PARTS["odoo"]
    shares = testing.deal_files(folders, 3)
    dealt = [path for share in shares for path in share]
    assert sorted(dealt) == sorted(path for folder in folders for path in folder.rglob("test_*.py"))
    assert min(map(len, shares)) > len(dealt) / 5
