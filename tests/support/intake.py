"""Leads that come one by one at a fixed rate, whatever else goes on, and when each of them has an owner."""

import itertools
import queue
import threading
import time
from math import inf

import requests
from client import Client

SENDERS = 8  # who waits for an answer does not keep the next lead from coming


class Intake:
    """Sends leads to Odoo, one by one, at so many a second, and looks who has them.

    :ivar times: {lead id: (sent, answered)} in seconds of ``time.perf_counter``
    :ivar owned: {lead id: when it was seen to have an owner}
    """

    def __init__(self, odoo, address, login, rate):
        self.odoo, self.rate = odoo, rate
        self.clients = [Client(address, odoo.database, login) for _sender in range(SENDERS)]
        self.times, self.owned, self.problems = {}, {}, []
        self._tickets, self._watching = queue.Queue(), threading.Event()

    def work(self, seconds, patience=60):
        """Send leads for so long; then wait until all have an owner, or patience ends."""
        self.log_in()
        threads = [threading.Thread(target=self._send_all, args=(client,), daemon=True) for client in self.clients]
        threads.append(threading.Thread(target=self._watch, daemon=True))
        for thread in threads:
            thread.start()
        self._hand_out_tickets(seconds)
        for thread in threads[:-1]:
            thread.join(120)
        end = time.monotonic() + patience
        while len(self.owned) < len(self.times) and time.monotonic() < end:
            time.sleep(0.2)
        self._watching.set()
        threads[-1].join(30)

    def log_in(self):
        for client in self.clients:
            client.log_in()

    def _hand_out_tickets(self, seconds):
        started = time.perf_counter()
        for number in range(int(self.rate * seconds)):
            time.sleep(max(0, started + number / self.rate - time.perf_counter()))
            self._tickets.put(number)
        for _client in self.clients:
            self._tickets.put(None)

    def _send_all(self, client):
        for number in iter(self._tickets.get, None):
            sent = time.perf_counter()
            try:
                [lead_id] = client.call("crm.lead", "create", [self._describe(number)])
            except (requests.RequestException, RuntimeError) as error:
                self._note_problem(number, error)
            else:
                self.times[lead_id] = (sent, time.perf_counter())

    def _note_problem(self, number, error):
        self.problems.append(f"lead {number}: {error}")

    def _describe(self, number):
        return {
            "name": f"Website {number}", "contact_name": f"Visitor {number}", "type": "lead", "user_id": False,
            "email_from": f"visitor{number}@example{number % 97}.com", "phone": f"+1 212 555 {number % 10_000:04}",
        }  # fmt: skip

    def _watch(self):
        """Look every tenth of a second whose leads were handed out."""
        connection = self.odoo.connect()
        connection.autocommit = True
        with connection.cursor() as cursor:
            for _turn in itertools.count():
                known = [*self.times]
                open_ids = [lead_id for lead_id in known if lead_id not in self.owned]
                if open_ids:
                    cursor.execute("SELECT id FROM crm_lead WHERE id = ANY(%s) AND user_id IS NOT NULL", (open_ids,))
                    now = time.perf_counter()
                    self.owned.update((lead_id, now) for (lead_id,) in cursor.fetchall())
                if self._watching.wait(0.1):
                    break
        connection.close()

    def get_delays(self):
        """Return the seconds from the answer to the owner, of all leads, shortest first; infinite without an owner."""
        return sorted(
            max(0.0, self.owned.get(lead_id, inf) - answered) for lead_id, (_sent, answered) in self.times.items()
        )

    def get_creation_times(self):
        return sorted(answered - sent for sent, answered in self.times.values())
