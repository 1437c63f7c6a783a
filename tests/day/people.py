"""Who works through the day: salespeople and managers at their screens, and whoever kills processes."""

import itertools
import os
import queue
import random
import signal
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import requests
from client import Client, Refused
from intake import Intake

MINE = ["&", ("holder_id", "=", None), "|", ("type", "=", "lead"), ("distribution_campaign_id", "!=", False)]
COLUMNS = {name: {} for name in ("name", "contact_name", "phone", "source_date", "lead_status_id", "waits_for_me",
                                 "due_on", "classification")}  # fmt: skip
# what people see as an answer; a lead of a moment ago may be somebody else's by now
ANSWERS = {f"odoo.exceptions.{name}" for name in ("UserError", "LockError", "ValidationError", "AccessError")}
PAGE = os.sysconf("SC_PAGE_SIZE")
# the worker that was asked was killed, before it answered or while it did
GONE = (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)


class Worker(threading.Thread):
    """Does one thing after another until told to stop.

    ``times``: [(page, seconds)]; ``problems``: errors that nobody should see; ``told``: what Odoo refused, in words;
    ``cut``: requests whose worker was killed.
    """

    kinds = ()  # (what it does, how often)
    first = ()  # what is done once before chance decides, so that a short day has it, too

    def __init__(self, address, database, login, day, pause):
        super().__init__(daemon=True)
        self.client, self.login, self.day, self.pause = Client(address, database, login), login, day, pause
        self.random = random.Random(login)
        self.stopped = threading.Event()
        self.times, self.problems, self.told, self.cut, self.done = [], [], [], 0, {}
        self.saved = {}  # lead → (status that was set last, when); nothing: nobody knows, the worker was killed

    def run(self):
        what, weights = zip(*self.kinds, strict=True)
        first = self.random.sample(self.first, len(self.first))
        while not self.stopped.wait(self.random.uniform(0.5, 1.5) * self.pause):
            name = first.pop() if first else self.random.choices(what, weights)[0]
            with self.guarded(name):
                getattr(self, name)()
                self.done[name] = self.done.get(name, 0) + 1

    @contextmanager
    def guarded(self, name):
        """Errors are kept: those that somebody at work sees as an answer, and those that are none."""
        try:
            yield
        except GONE:
            self.cut += 1
        except Refused as error:
            kept = self.told if error.name in ANSWERS else self.problems
            kept.append(f"{self.login}, {name}: {error}")
        except (requests.RequestException, RuntimeError) as error:
            self.problems.append(f"{self.login}, {name}: {error}")

    def ask(self, page, model, method, *arguments, **options):
        """Call, and keep how long it took under the name of a page."""
        started = time.perf_counter()
        result = self.client.call(model, method, *arguments, **options)
        self.times.append((page, time.perf_counter() - started))
        return result


class Salesperson(Worker):
    """Opens the new leads, sets statuses, declines, takes more, and goes for a break."""

    kinds = (("open_leads", 40), ("set_status", 40), ("decline", 5), ("take_more", 5), ("look_around", 2),
             ("have_a_break", 1))  # fmt: skip

    def list_mine(self):
        domain = [self.client.user_id and ("holder_id", "=", self.client.user_id) if term == MINE[1] else term
                  for term in MINE]  # fmt: skip
        new = ("waits_for_me", "=", True)
        page = self.ask("My new leads", "crm.lead", "web_search_read", domain=["&", new, *domain],
                        specification=COLUMNS, limit=80, order="source_date desc, priority desc, id desc")  # fmt: skip
        return page["records"]

    def open_leads(self):
        leads = self.list_mine()
        if leads:
            lead = self.random.choice(leads)
            self.ask("a lead", "crm.lead", "web_read", [lead["id"]], specification={**COLUMNS, "description": {}})

    def set_status(self):
        leads = self.list_mine()
        if leads:
            status = self.random.choice([self.day["statuses"][code] for code in ("in_progress", "utr", "call_back")])
            self.saved.pop(leads[0]["id"], None)
            self.ask("setting a status", "crm.lead", "write", [leads[0]["id"]], {"lead_status_id": status})
            self.saved[leads[0]["id"]] = (status, time.time())

    def decline(self):
        leads = self.list_mine()
        if leads:
            self.ask("declining", "crm.lead", "action_decline", [leads[-1]["id"]], "Does not speak my language")

    def take_more(self):
        self.ask("taking more", "lead.distribution.campaign", "pull_leads", [self.day["campaigns"]["morning"]], 3)

    def look_around(self):
        """Look for what is none of one's business, and try to change the own history."""
        history, me = "lead.distribution.assignment", self.client.user_id
        foreign = [("user_id", "!=", me), ("previous_user_id", "!=", me)]
        found = self.ask("history of others", history, "search", foreign, limit=1)
        found += self.ask("leads of others", "crm.lead", "search", [("user_id", "not in", (me, False))], limit=1)
        if found:
            self.problems.append(f"{self.login} sees what others have: {found}")
        for row_id in self.ask("own history", history, "search", [("user_id", "=", me)], limit=1):
            try:
                self.ask("changing history", history, "write", [row_id], {"note": "mine"})
            except Refused as error:
                if error.name != "odoo.exceptions.AccessError":
                    raise
            else:
                self.problems.append(f"{self.login} could change row {row_id} of the history")

    def have_a_break(self):
        if self.login in self.day["steady"]:  # there all day: their shares are compared
            self.list_mine()
            return
        me = [self.client.user_id]
        self.day["unsteady"].add(self.client.user_id)
        try:
            self.ask("pausing", "res.users", "action_pause_leads", me, None, "Coffee")
        except GONE:  # nobody knows whether it was done
            self._come_back(me)
            raise
        since = time.time()
        self.stopped.wait(self.random.uniform(10, 40))
        self.day["away"].append((self.client.user_id, since, time.time()))
        self._come_back(me)

    def _come_back(self, me):
        """Resume, whoever is killed meanwhile."""
        while True:
            try:
                self.ask("resuming", "res.users", "action_resume_leads", me)
            except GONE:
                time.sleep(1)
            else:
                return


class Manager(Worker):
    """Looks at everything, tries things out, and changes a member now and then."""

    kinds = (("open_dashboard", 10), ("open_waiting", 10), ("simulate", 3), ("change_member", 3), ("verify", 2),
             ("open_history", 5))  # fmt: skip
    first = tuple(name for name, _often in kinds)

    def open_dashboard(self):
        self.ask("dashboard", "lead.distribution.dashboard", "get_data", None, 30)

    def open_waiting(self):
        fields = {"lead_id": {"fields": {"display_name": {}}}, "reason": {}, "detail": {}, "since": {}, "next_try": {}}
        self.ask("waiting leads", "lead.distribution.waiting", "web_search_read", [], fields, limit=80)

    def open_history(self):
        fields = {"lead_name": {}, "user_name": {}, "explanation": {}, "applied_on": {}, "state": {}}
        self.ask("history", "lead.distribution.assignment", "web_search_read",
                 [("distribution_date", ">=", "today -30d")], fields, limit=80)  # fmt: skip

    def simulate(self):
        [run_id] = self.ask("simulating", "lead.distribution.campaign", "simulate",
                            [self.day["campaigns"]["evening"]], max_leads=200)  # fmt: skip
        self.ask("discarding a plan", "lead.distribution.run", "action_cancel", [run_id])

    def change_member(self):
        campaign_id = self.day["campaigns"][self.random.choice(("website", "evening"))]
        found = self.ask("members", "lead.distribution.member", "search", [("campaign_id", "=", campaign_id)])
        self.ask("changing a member", "lead.distribution.member", "write", [self.random.choice(found)],
                 {"weight": self.random.choice((1.0, 2.0))})  # fmt: skip

    def verify(self):
        campaign_id = self.day["campaigns"][self.random.choice(("website", "morning"))]
        self.ask("verifying", "lead.distribution.campaign", "verify_assignments", [campaign_id])


class DayIntake(Intake):
    """Leads that come one by one; one in fifty must not be called. Who got no answer sends the lead again."""

    def __init__(self, odoo, address, login, rate, source_id, blocked):
        super().__init__(odoo, address, login, rate)
        self.source_id, self.blocked, self.cut, self.unsent = source_id, blocked, 0, 0
        self._again = itertools.count(10_000_000)

    def log_in(self):
        """Once, before anything is killed."""
        if not hasattr(self.clients[0], "user_id"):
            super().log_in()

    def _hand_out_tickets(self, seconds):
        """When the day is over, what nobody came to send is not sent: the day would be longer, the slower Odoo is."""
        super()._hand_out_tickets(seconds)
        with suppress(queue.Empty):
            while True:
                self.unsent += self._tickets.get_nowait() is not None
        for _client in self.clients:
            self._tickets.put(None)

    def _describe(self, number):
        values = super()._describe(number)
        mail = self.blocked if number % 50 == 0 else values["email_from"]
        return {**values, "source_id": self.source_id, "email_from": mail}

    def _note_problem(self, number, error):
        if isinstance(error, GONE):
            self.cut += 1
            # the next lead of the same kind
            self._tickets.put(next(self._again) * 50 + number % 50)
        else:
            super()._note_problem(number, error)


class Trouble(threading.Thread):
    """Kills one of the server's processes now and then; what was killed is counted by kind.

    ``largest``: how many MiB of virtual memory the largest of them had, looked at each second.
    """

    def __init__(self, server, pause, seed=1):
        super().__init__(daemon=True)
        self.server, self.pause, self.random = server, pause, random.Random(seed)
        self.stopped, self.killed = threading.Event(), {"requests": 0, "scheduler": 0}
        self.largest = {"requests": 0, "scheduler": 0}

    def run(self):
        next_kill = self._draw()
        while not self.stopped.wait(1):
            found = _list_children(self.server.pid)
            for kind, pids in found.items():
                self.largest[kind] = max(self.largest[kind], *map(_measure, pids))
            if found and time.monotonic() > next_kill:
                kind = self.random.choice(sorted(found))
                os.kill(self.random.choice(found[kind]), signal.SIGKILL)
                self.killed[kind] += 1
                next_kill = self._draw()

    def _draw(self):
        return time.monotonic() + self.random.uniform(0.5, 1.5) * self.pause


def _measure(pid):
    """Return the virtual memory of a process in MiB, which Odoo limits; 0 if it has gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[0]) * PAGE // 2**20
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _list_children(pid):
    """Return {kind: pids} of the server's workers: those for requests, and those of its scheduler, which are nice."""
    found = {}
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        try:
            command = Path(f"/proc/{child}/cmdline").read_bytes()
            nice = os.getpriority(os.PRIO_PROCESS, int(child)) - os.getpriority(os.PRIO_PROCESS, pid)
        except (FileNotFoundError, ProcessLookupError):
            continue
        if b"\0gevent\0" not in command:  # the port of that one is named by all
            found.setdefault("scheduler" if nice else "requests", []).append(int(child))
    return found
