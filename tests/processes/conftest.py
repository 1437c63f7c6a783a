"""A database with the addon, and real Odoo processes that work on it."""

import json
import os
import subprocess
import sys
import textwrap

import psycopg2
import pytest

DATABASE = os.environ.get("LEAD_DISTRIBUTION_DATABASE", "")
MARK = "RESULT "


class Odoo:
    """Runs scripts in ``odoo shell`` processes, and looks at the database from outside."""

    def start(self, script, **values):
        """Start a process; ``values`` are names the script can use."""
        text = f"values = {values!r}\nglobals().update(values)\n" + textwrap.dedent(script)
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "odoo", "shell",
             "-c", os.environ["LEAD_DISTRIBUTION_CONFIG"], "-d", DATABASE, "--no-http",
             "--log-level", "error"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        process.stdin.write(text + "\n")
        process.stdin.close()
        process.stdin = None
        return process

    def finish(self, process, code=0):
        """Wait for the process; return what its script handed to ``tell``."""
        out, err = process.communicate(timeout=180)
        assert process.returncode == code, err[-3000:]
        for line in out.splitlines():
            if line.startswith(MARK):
                return json.loads(line[len(MARK) :])
        return None

    def run(self, script, **values):
        return self.finish(self.start(script, **values))

    def rows(self, query, *parameters):
        with psycopg2.connect(dbname=DATABASE) as connection, connection.cursor() as cursor:
            cursor.execute(query, parameters)
            return cursor.fetchall()

    def value(self, query, *parameters):
        return self.rows(query, *parameters)[0][0]


@pytest.fixture(scope="session")
def odoo():
    if not DATABASE:
        pytest.skip("needs a database: run them with make test")
    return Odoo()


@pytest.fixture
def plan(odoo):
    """A planned run of 600 leads for three people; (run id, campaign id)."""
    return odoo.run(
        """
        import json
        users = env["res.users"].with_context(no_reset_password=True)
        group = env.ref("sales_team.group_sale_salesman")
        number = env["lead.distribution.campaign"].search_count([])
        people = users.create([
            {"name": f"P{n}", "login": f"p{n}-{number}@test", "group_ids": [(4, group.id)]}
            for n in range(3)
        ])
        source = env["utm.source"].create({"name": f"source {number}"})
        campaign = env["lead.distribution.campaign"].create({
            "name": f"Campaign {number}", "tz": "UTC", "use_window": False,
            "member_ids": [(0, 0, {"user_id": user.id}) for user in people],
        })
        leads = env["crm.lead"].with_context(tracking_disable=True).create([
            {"name": f"Lead {n}", "type": "lead", "user_id": False, "team_id": False,
             "source_id": source.id}
            for n in range(600)
        ])
        run = campaign.simulate(lead_ids=leads.ids)
        env.cr.commit()
        print("RESULT " + json.dumps([run.id, campaign.id]))
        """
    )
