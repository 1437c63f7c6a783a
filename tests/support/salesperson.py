"""A salesperson at work: opens the list of own leads, looks at one, and saves what came of it."""

import itertools
import random
import threading
import time

import requests
from client import Client

COUNTER = itertools.count()


class Salesperson(threading.Thread):
    """Works until told to stop; keeps response times, what went wrong, and what was saved last."""

    def __init__(self, address, database, login, pause=0.3):
        super().__init__(daemon=True)
        self.client, self.login, self.pause = Client(address, database, login), login, pause
        self.random = random.Random(login)
        self.stopped = threading.Event()
        self.times, self.problems, self.saved = [], [], {}

    def log_in(self):
        self.client.log_in()

    def run(self):
        while not self.stopped.wait(self.pause):
            try:
                self._work()
            except (requests.RequestException, RuntimeError) as error:
                self.problems.append(f"{self.login}: {error}")

    def _work(self):
        domain = [("user_id", "=", self.client.user_id), ("type", "=", "lead")]
        fields = {name: {} for name in ("name", "contact_name", "priority", "stage_id", "classification")}
        page = self._timed("list", "web_search_read", domain=domain, specification=fields, limit=80)
        if not page["records"]:
            return
        lead_id = self.random.choice(page["records"])["id"]
        self._timed("form", "web_read", [lead_id], specification={**fields, "description": {}, "tag_ids": {}})
        text = f"{self.login} {next(COUNTER)}"
        self._timed("save", "web_save", [lead_id], {"contact_name": text}, specification=fields)
        self.saved[lead_id] = text

    def _timed(self, what, method, *arguments, **options):
        started = time.perf_counter()
        result = self.client.call("crm.lead", method, *arguments, **options)
        self.times.append((what, time.perf_counter() - started))
        return result
