"""Somebody who talks to Odoo as the web client does."""

import requests


class Refused(RuntimeError):
    """Odoo's answer is an error; ``name``: which one."""

    def __init__(self, data):
        super().__init__(str(data)[:500])
        self.name = data.get("name", "")


class Client:
    """A session in Odoo; the password is the login."""

    def __init__(self, address, database, login):
        self.address, self.database, self.login = address, database, login
        self.session = requests.Session()

    def log_in(self):
        values = {"db": self.database, "login": self.login, "password": self.login}
        self.user_id = self._post("/web/session/authenticate", values)["uid"]

    def call(self, model, method, *arguments, **options):
        values = {"model": model, "method": method, "args": arguments, "kwargs": options}
        return self._post(f"/web/dataset/call_kw/{model}/{method}", values)

    def _post(self, path, values):
        answer = self.session.post(self.address + path, json={"params": values}, timeout=120)
        answer.raise_for_status()
        body = answer.json()
        if "error" in body:
            raise Refused(body["error"].get("data", body["error"]))
        return body["result"]
