"""A day in the life, in an hour: a million leads, leads that come, runs, an import, people at work, processes that die.

At the end every promise is looked at in the data. ``DAY_MINUTES``, ``DAY_LEADS``, ``DAY_RATE``, ``DAY_ROWS``,
``DAY_PAUSE``, ``DAY_KILL`` change it; ``DAY_WRITE=1`` has a short one written into the benchmarks, too.
"""

import os
import re
import sys
import threading
import time
from collections import Counter
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path

import pytest
from at_work import answers, keep_only_our_crons, start_server
from client import Refused
from people import GONE, DayIntake, Manager, Salesperson, Trouble
from promises import END, MARK, NOTES, PROMISES, SPREAD, Promise, find_broken
from run_checks import wait_until

sys.path.insert(0, str(Path(__file__).parents[2] / "dev"))
sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import table
from common import LOGS, free_port

ROOT = Path(__file__).parents[2]
MINUTES = float(os.environ.get("DAY_MINUTES") or 60)
LEADS = int(os.environ.get("DAY_LEADS") or 1_000_000)
RATE = float(os.environ.get("DAY_RATE") or 20)
ROWS = int(os.environ.get("DAY_ROWS") or 20_000)
PAUSE = float(os.environ.get("DAY_PAUSE") or 6)  # seconds between what a person does
KILL = float(os.environ.get("DAY_KILL") or 40)  # seconds between two kills
SHORTEST_LEAVE = 3  # minutes
STEADY = 6  # people who have no break all day: in an hour everybody else has one
IN_HAND = 5  # seconds in which what was being written is still written
# what should have been tried by now, or is being changed by somebody at this moment
QUIET = """
SELECT count(*) FROM lead_distribution_waiting w, day_mark m
WHERE w.next_try < now() AT TIME ZONE 'UTC' - interval '1 minute'
OR w.lead_id > m.lead_id AND w.reason IN ('new', 'locked')
"""
LATE = """
SELECT count(*) FROM lead_distribution_assignment WHERE deadline_state = 'open' AND checkpoint IS NOT NULL
AND due_on < now() AT TIME ZONE 'UTC' - interval '1 minute'
"""
UNDONE = "SELECT count(*) FROM lead_distribution_run WHERE state = 'applying'"
STATE = "SELECT state FROM lead_import_batch WHERE id = %s"
SCHEDULED = (
    "SELECT count(*) FROM lead_distribution_run WHERE campaign_id = %s AND origin = 'schedule' AND state = 'done'"
)
TROUBLE = re.compile(r"^\S+ \S+ \d+ (?:ERROR|CRITICAL) .*(?:\n(?!\d{4}-).*)*", re.MULTILINE)
# what is tried again, having been logged: statements that others were in the way of, and jobs whose processes were
# killed three times. That all tries were in vain is another line, and that a process took too long is one, too
TRIED_AGAIN = re.compile(
    r"\A.* odoo\.sql_db: bad query: [\s\S]*ERROR: (could not serialize access|could not obtain lock|deadlock detected)"
    r"|\A.*ir_cron: Job .* timed out$",
)
WARNING = re.compile(r"^\S+ \S+ \d+ WARNING \S+ (.*)", re.MULTILINE)
SHARES = (0.5, 0.95, 0.99)


# what is true of this day, besides: there is always somebody who can have a lead
OURS = (
    Promise(
        "a lead that came has somebody, but for those that must not be called",
        """SELECT l.id, w.reason, w.detail, n.reasons FROM day_accepted a JOIN crm_lead l ON l.id = a.lead_id
        LEFT JOIN lead_distribution_waiting w ON w.lead_id = l.id
        LEFT JOIN lead_distribution_not_taken n ON n.lead_id = l.id
        LEFT JOIN mail_blacklist b ON b.email = l.email_normalized AND b.active
        WHERE (l.user_id IS NULL) <> (b.id IS NOT NULL)""",
    ),
)
# each of this must have happened, or the day has proved nothing
HAPPENED = """
SELECT name FROM (VALUES
    ('distribution', 'live'), ('distribution', 'schedule'), ('distribution', 'import'), ('take_back', 'take_back'),
    ('decline', 'decline'), ('pull', 'pull'), ('cover', 'cover')) AS v (name, origin)
WHERE NOT EXISTS (
    SELECT FROM lead_distribution_assignment a JOIN lead_distribution_run r ON r.id = a.run_id, day_mark m
    WHERE a.id > m.assignment_id AND a.state = 'done' AND a.kind = v.name AND r.origin = v.origin)
"""
# what somebody has saved on a lead that nobody else has got since
STATUS = """
SELECT l.id, l.user_id, l.lead_status_id, max(a.applied_on) FROM crm_lead l
LEFT JOIN lead_distribution_assignment a ON a.lead_id = l.id AND a.state = 'done' WHERE l.id = ANY(%s) GROUP BY l.id
"""


@pytest.fixture
def day(odoo):
    """What the day is about: ids and logins, and what people note of it."""
    keep_only_our_crons(odoo)
    started = time.monotonic()
    known = in_odoo(odoo, "world.build(env, leads, rows, minutes)", leads=LEADS, rows=ROWS, minutes=MINUTES)
    print(f"\nmaking {LEADS:,} leads and their history took {time.monotonic() - started:.0f} s")
    return {**known, "away": [], "unsteady": set(), "steady": known["logins"][-STEADY:]}


def in_odoo(odoo, call, **values):
    """Run a function of ``world.py``; return what it returns."""
    folders = [str(ROOT / name) for name in ("benchmarks", "tests/scale", "tests/day")]
    script = f"""
        import importlib.util, json, sys
        sys.path.insert(0, folders[0])
        sys.path.append(folders[2])
        spec = importlib.util.spec_from_file_location("history", folders[1] + "/data.py")
        sys.modules["history"] = history = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(history)
        import world
        print("RESULT " + json.dumps({call}))
        """
    return odoo.run(script, timeout=3600, folders=folders, **values)


def execute(odoo, *statements):
    with closing(odoo.connect()) as connection, connection, connection.cursor() as cursor:
        for statement, *parameters in statements:
            cursor.execute(statement, *parameters)


@contextmanager
def server():
    port = free_port()
    process = start_server(port, 2, "day.log")
    try:
        wait_until(lambda: answers(port))
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(120)


class Day:
    """Everybody who works, and what happens at which hour."""

    def __init__(self, odoo, day, process, address):
        self.odoo, self.day = odoo, day
        source = "SELECT id FROM utm_source WHERE name = 'day Website'"
        self.intake = DayIntake(odoo, address, "website0@day", RATE, odoo.value(source), "blocked@day.example.com")
        self.people = [Salesperson(address, odoo.database, login, day, PAUSE) for login in day["logins"]]
        self.managers = [Manager(address, odoo.database, login, day, 2 * PAUSE) for login in day["bosses"]]
        self.trouble = Trouble(process, KILL)
        self.clock = threading.Thread(target=self._keep_to_the_clock, daemon=True)
        self.missed = []

    @property
    def everybody(self):
        return [*self.people, *self.managers]

    def work(self):
        """Live through the day; return when it is over, and all that was begun has ended."""
        self.intake.log_in()
        for worker in self.everybody:
            worker.client.log_in()
        for thread in (*self.everybody, self.trouble, self.clock):
            thread.start()
        self.intake.work(MINUTES * 60, patience=60)
        self.clock.join(600)
        for thread in (self.trouble, *self.everybody):
            thread.stopped.set()
        for thread in (self.trouble, *self.everybody):
            thread.join(150)
        self._settle()

    def _keep_to_the_clock(self):
        """What happens at a share of the day."""
        started, boss = time.monotonic(), self.managers[0]
        plan = (
            (0.30, lambda: boss.ask("starting the import", "lead.import.batch", "action_start", [self.day["batch"]])),
            (0.40, lambda: self._leave(boss, self.day["people"][4], 0.25, "campaign")),
            (0.50, lambda: self._leave(boss, self.day["people"][5], 0.20, "none")),
        )
        for share, act in plan:
            time.sleep(max(0, started + share * MINUTES * 60 - time.monotonic()))
            self._insist(act)

    def _insist(self, act):
        """Do it, again where the worker is killed; that it is refused then may mean that it has been done."""
        for tries in range(10):
            try:
                act()
            except GONE:
                time.sleep(1)
            except Refused as error:
                if not tries:
                    self.missed.append(str(error))
                return
            else:
                return

    def _leave(self, boss, user_id, share, cover):
        """Enter leave that begins now, and is long enough for somebody to take over."""
        since, seconds = time.time(), max(share * MINUTES, SHORTEST_LEAVE) * 60
        absence = {
            "user_id": user_id, "date_from": _format(since - 60), "date_to": _format(since + seconds),
            "reason": "Leave", "cover": cover,
        }  # fmt: skip
        self.day["unsteady"].add(user_id)
        boss.ask("entering leave", "lead.distribution.absence", "create", [absence])
        self.day["away"].append((user_id, time.time(), since + seconds))

    def _settle(self):
        """Wait until what was begun has ended: the scheduler is not killed any more."""
        campaigns = self.day["campaigns"]
        self._wait("the import", lambda: self.odoo.value(STATE, self.day["batch"]) == "done")
        self._wait("a run", lambda: self.odoo.value(UNDONE) == 0)
        self._wait("the waiting", lambda: self.odoo.value(QUIET) == 0)
        self._wait("looking at deadlines", lambda: self.odoo.value(LATE) == 0)
        for name in ("morning", "evening"):
            self._wait(f"the run of the {name}", lambda name=name: self.odoo.value(SCHEDULED, campaigns[name]) == 1)

    def _wait(self, what, condition):
        """Wait for the end of something; that it does not come is one of the things that the day has found."""
        try:
            wait_until(condition, 900)
        except AssertionError:
            self.missed.append(f"{what} never ended")


def _format(seconds):
    return time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(seconds))


def note(odoo, day, intake):
    """Put into the database what people know of the day."""
    away = [(user_id, _format(since + IN_HAND), _format(until)) for user_id, since, until in day["away"]]
    execute(
        odoo,
        (NOTES,),
        *(("INSERT INTO day_away VALUES (%s, %s, %s)", row) for row in away),
        ("INSERT INTO day_accepted SELECT unnest(%s)", ([*intake.times],)),
    )


def get_share(values, share):
    return values[min(len(values) - 1, round(share * len(values)))]


def describe(odoo, day, done):
    """Return the day as tables."""
    blocked = odoo.rows("SELECT lead_id FROM lead_distribution_not_taken n JOIN day_accepted USING (lead_id)")
    nobodys = {lead_id for [lead_id] in blocked}
    intake = done.intake
    delays = sorted(
        max(0.0, intake.owned[lead_id] - answered) for lead_id, (_sent, answered) in intake.times.items()
        if lead_id in intake.owned
    )  # fmt: skip
    waited = len(intake.times) - len(delays) - len(nobodys)
    largest = done.trouble.largest
    sent = [moment for moment, _answered in intake.times.values()]
    pages = {"creating a lead": intake.get_creation_times()}
    for worker in done.everybody:
        for page, seconds in worker.times:
            pages.setdefault(page, []).append(seconds)
    cut = sum(worker.cut for worker in done.everybody) + intake.cut
    killed = done.trouble.killed
    kinds = odoo.rows(
        "SELECT kind, count(*) FROM lead_distribution_assignment, day_mark m WHERE id > m.assignment_id "
        "AND state = 'done' GROUP BY 1 ORDER BY 2 DESC"
    )
    rows = [["from creation to an owner", f"{len(delays):,}", *(f"{get_share(delays, s):.2f}" for s in SHARES)]]
    for page, values in sorted(pages.items()):
        rows.append([page, f"{len(values):,}", *(f"{get_share(sorted(values), s):.2f}" for s in SHARES)])
    return "\n".join(
        [
            f"{MINUTES:g} minutes on {table.describe_machine()}; load average of the last 15 minutes at the end, other "
            f"work included: {os.getloadavg()[2]:.1f}. {LEADS:,} leads in the database at the beginning; "
            f"{len(sent):,} came, {len(sent) / (max(sent) - min(sent)):.1f} a second ({RATE:g} were asked for; "
            f"{intake.unsent:,} nobody came to send); {len(nobodys):,} of them nobody may call, "
            f"{waited:,} waited for somebody at the end; an import of {ROWS:,} rows. "
            f"People paused for {PAUSE:g} s between two actions, managers twice as long. "
            f"{killed['requests']} workers for requests and {killed['scheduler']} of the scheduler were killed, "
            f"which {cut:,} requests felt. {len(day['away'])} times somebody was away. The largest worker for requests "
            f"had {largest['requests']:,} MiB of virtual memory, the largest of the scheduler "
            f"{largest['scheduler']:,}; Odoo allows 2,048.",
            "",
            table.render(["seconds", "times", "half", "95 %", "99 %"], rows),
            "",
            "Handed out: " + ", ".join(f"{count:,} {kind.replace('_', ' ')}" for kind, count in kinds) + ".",
            "",
        ]
    )


def count_done(done):
    """Return {what people do: how often they did it}, zeros included."""
    counted = {name: 0 for worker in done.everybody for name, _often in worker.kinds}
    for worker in done.everybody:
        for name, times in worker.done.items():
            counted[name] += times
    return counted


def find_lost(odoo, done):
    """Return what somebody has saved on a lead, was told that it is saved, and is not there any more."""
    saved = {(lead_id, worker.client.user_id): kept for worker in done.people for lead_id, kept in worker.saved.items()}
    lost = []
    for lead_id, user_id, status_id, given_on in odoo.rows(STATUS, [lead_id for lead_id, _user_id in saved]):
        wanted, moment = saved.get((lead_id, user_id), (status_id, None))
        if wanted != status_id and (given_on is None or given_on.replace(tzinfo=UTC).timestamp() < moment):
            lost.append((lead_id, user_id, wanted, status_id))
    return lost


def count_warnings():
    """Return the warnings in the server's log, numbers left out, and how often each stands there."""
    text = (LOGS / "day.log").read_text(errors="replace")
    return Counter(re.sub(r"\d+", "…", warning)[:150] for warning in WARNING.findall(text))


def find_errors():
    """Return the errors in the server's log, and how many more there are after which Odoo tries again."""
    errors = TROUBLE.findall((LOGS / "day.log").read_text(errors="replace"))
    final = [error[:1500] for error in errors if not TRIED_AGAIN.search(error)]
    return final, len(errors) - len(final)


def test_every_promise_is_kept_through_a_day_of_work_and_trouble(odoo, day):
    execute(odoo, (MARK,))
    (LOGS / "day.log").unlink(missing_ok=True)
    for name, share in (("morning", 0.1), ("evening", 0.55)):
        in_odoo(
            odoo, "world.schedule(env, campaign_id, minutes)",
            campaign_id=day["campaigns"][name], minutes=share * MINUTES,
        )  # fmt: skip
    with server() as (process, address):
        done = Day(odoo, day, process, address)
        done.work()
        execute(odoo, (END,))
    note(odoo, day, done.intake)
    text = describe(odoo, day, done)
    (LOGS / "day.md").write_text(text)
    print(f"\n{text}")
    print("what people did:", count_done(done))
    print(
        "what they were told:", Counter(text[:150] for worker in done.everybody for text in worker.told).most_common(8)
    )
    print("warnings in the log:", *count_warnings().most_common(), sep="\n  ")
    started = time.monotonic()
    broken = find_broken(odoo.rows, promises=(*PROMISES, *OURS))
    print(f"looking at the promises took {time.monotonic() - started:.0f} s")
    always = [user_id for user_id in day["people"][2:] if user_id not in day["unsteady"]]  # two are full soon
    spread = odoo.value(SPREAD, always, day["campaigns"]["website"])
    print(f"shares of {len(always)} people who were always there differ by {spread}")
    for name, (number, first) in broken.items():
        print(f"BROKEN ({number}): {name}: {first}")
    problems = [problem for worker in done.everybody for problem in worker.problems]
    problems += done.intake.problems + done.missed
    lost, (errors, tried_again) = find_lost(odoo, done), find_errors()
    print("problems:", problems, "lost:", lost, "errors:", len(errors), "tried again:", tried_again, sep="\n  ")
    assert broken == {}
    assert problems == []
    assert lost == []
    assert errors == []
    assert len(always) > 1
    assert spread <= 1
    assert odoo.rows(HAPPENED) == [], "this never happened"
    assert all(count_done(done).values()), count_done(done)
    assert all(done.trouble.killed.values()), done.trouble.killed
    if (LEADS >= 1_000_000 and MINUTES >= 30) or os.environ.get("DAY_WRITE"):
        kept = (
            f"All {len(PROMISES) + len(OURS)} promises were kept. No error stands in the log but {tried_again:,} after "
            "which Odoo tried again: others were in the way of a statement, or a job's process was killed."
        )
        table.write("day", f"{text}\n{kept}\n")
