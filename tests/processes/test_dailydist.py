"""The command ``odoo dailydist`` as users type it: real processes on a real database."""

import json
import os
import select
import socket
import socketserver
import subprocess
import threading

import pytest
from odoo_shell import COMMAND_LINE

SOURCES = "# sources\ncli source\n"
CONFIG = """
campaign: {{name: "{name}", target_campaign: "Voice"}}
salesperson_selection:
  source_type: "campaign_table"
  source_config: {{campaign_table: {{file_path: "config/people.csv"}}}}
lead_finding:
  date_range: {{older_than_days: 0, younger_than_days: 30}}
  web_sources: {{source_type: "file", source_config: {{file_path: "config/sources.txt"}}}}
distribution: {{strategy: "{strategy}"}}
execution: {{max_leads_per_run: "${{LIMIT}}", dry_run: {dry_run}}}
odoo_connection: {{host: "${{ODOO_HOST}}", password: "${{ODOO_PASSWORD}}"}}
"""
SETS = 30  # one for each test: starting Odoo takes longer than making leads
PREPARE = """
import json
users = env["res.users"].with_context(no_reset_password=True)
group = env.ref("sales_team.group_sale_salesman")
first = users.with_context(active_test=False).search_count([]) * 100
people = users.create([
    {"name": f"Cli {first} {n}", "login": f"cli{first}-{n}@test", "group_ids": [(4, group.id)]} for n in range(3)
])
from odoo.addons.lead_distribution.finding.scope import get_today
today = get_today(env["lead.distribution.campaign"].new({}))
yesterday = env["crm.lead"]._fields["source_date"].subtract(today, days=1)
sources = env["utm.source"].create([{"name": f"cli source {first + n}"} for n in range(sets)])
env["crm.lead"].with_context(tracking_disable=True).create([
    {"name": f"Cli lead {n}", "type": "lead", "user_id": False, "team_id": False, "source_id": source.id,
     "source_date": f"2024-0{1 + n % 9}-15" if n >= 20 else yesterday}
    for source in sources for n in range(40)
])
env.cr.commit()
print("RESULT " + json.dumps([[people.mapped("login"), source.name, first + n] for n, source in enumerate(sources)]))
"""
GIVE_ADDRESS = """
from odoo.addons.lead_distribution.reporting.readers import get_responsible
campaign = env["lead.distribution.campaign"].search([("name", "=", name)])
get_responsible(campaign).email = "manager@example.com"
env.cr.commit()
print("RESULT true")
"""


class Terminal:
    """A folder with a configuration and its files, and the command in it."""

    def __init__(self, folder, odoo, logins, source, number):
        self.folder, self.odoo, self.number = folder, odoo, number
        self.name = f"Cli {number}"
        (folder / "config").mkdir()
        rows = "".join(f"{login},Voice,true,senior,{30 - 10 * n}\n" for n, login in enumerate(logins))
        (folder / "config/people.csv").write_text(f"salesperson_name,campaign_name,active,level,target_leads\n{rows}")
        (folder / "config/sources.txt").write_text(SOURCES.replace("cli source", source))
        self.write("config.yaml")

    def write(self, path, strategy="round_robin", dry_run="false"):
        text = CONFIG.format(name=self.name, strategy=strategy, dry_run=dry_run)
        (self.folder / path).write_text(text)

    def change(self, path, old, new):
        text = (self.folder / path).read_text()
        assert old in text
        (self.folder / path).write_text(text.replace(old, new))

    def start(self, *words, database=True, anew=False, **env):
        """Start the command; ``anew``: Odoo is not loaded yet, as when somebody types it."""
        options = ["-d", os.environ["LEAD_DISTRIBUTION_DATABASE"]] if database else []
        return subprocess.Popen(
            [*(COMMAND_LINE if anew else self.odoo.program), "dailydist", *options, *words],
            cwd=self.folder, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, "ODOO_RC": os.environ["LEAD_DISTRIBUTION_CONFIG"], "LIMIT": "1000",
                 "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **env},
        )  # fmt: skip

    def call(self, *words, code=0, **options):
        process = self.start(*words, **options)
        out, err = process.communicate(timeout=180)
        assert process.returncode == code, (words, out[-1500:], err[-1500:])
        return out, err

    def assigned(self):
        return self.odoo.value(
            "SELECT count(*) FROM crm_lead l JOIN utm_source s ON s.id = l.source_id "
            "WHERE s.name::text LIKE %s AND l.user_id IS NOT NULL", f"%cli source {self.number}%",
        )  # fmt: skip

    def is_there(self):
        return self.odoo.rows("SELECT strategy FROM lead_distribution_campaign WHERE name = %s", self.name)

    def runs(self):
        return self.odoo.rows(
            "SELECT r.state, r.leads_distributed, r.strategy FROM lead_distribution_run r "
            "JOIN lead_distribution_campaign c ON c.id = r.campaign_id WHERE c.name = %s ORDER BY r.id", self.name,
        )  # fmt: skip


@pytest.fixture(scope="module")
def prepared(odoo):
    return odoo.run(PREPARE, sets=SETS)


@pytest.fixture
def terminal(odoo, prepared, tmp_path):
    return Terminal(tmp_path, odoo, *prepared.pop())


def test_a_dry_run_shows_the_plan_and_changes_nothing(terminal):
    out, err = terminal.call("--config", "config.yaml", "--dry-run", anew=True)
    for text in ("Dry run report", "Distribution overview", "Recommendations", "20", "no lead was changed"):
        assert text in out
    assert "The plan was not kept" in out
    assert "\033[" not in out, "no colours where nobody looks"
    assert terminal.assigned() == 0
    assert terminal.runs() == []
    assert not terminal.is_there(), "not even the campaign is left"
    assert "Traceback" not in err


def test_a_dry_run_does_not_change_a_campaign_that_is_there(terminal):
    terminal.call("--config", "config.yaml", "--max-leads", "1")
    terminal.write("config.yaml", strategy="proportional")
    for words in (["--dry-run"], ["--simulate-against", "weighted"], ["--validate"]):
        terminal.call("--config", "config.yaml", *words)
    assert terminal.is_there() == [("round_robin",)]


def test_a_run_distributes_and_leaves_the_campaign(terminal):
    out, _err = terminal.call("--config", "config.yaml", anew=True)
    assert "Distribution report" in out
    assert terminal.assigned() == 20
    assert terminal.runs() == [("done", 20, "round_robin")]
    out, _err = terminal.call("--campaign", terminal.name, "--json")
    assert json.loads(out)["leads_found"] == 20, "all sources hold: the same leads, now held by somebody"


def test_a_configuration_that_says_dry_run_only_plans(terminal):
    terminal.write("config.yaml", dry_run="true")
    _out, err = terminal.call("--config", "config.yaml", "--email-notification")
    assert terminal.assigned() == 0
    assert "only plans" in err
    assert "--email-notification has no effect" in err


def test_a_campaign_that_is_not_active_hands_out_nothing(terminal):
    terminal.change("config.yaml", "campaign: {", "campaign: {active: false, ")
    for words in (["--config", "config.yaml", "--dry-run"], ["--config", "config.yaml"],
                  ["--campaign", terminal.name]):  # fmt: skip
        _out, err = terminal.call(*words, code=1)
        assert f"“{terminal.name}” is not active" in err
    assert terminal.assigned() == 0
    terminal.call("--campaign", terminal.name, "--dump-config")


def test_a_report_that_cannot_be_written_is_told_before_anything_is_handed_out(terminal):
    (terminal.folder / "file").write_text("no folder")
    _out, err = terminal.call(
        "--config", "config.yaml", "--generate-report", "--report-location", "file", code=1
    )  # fmt: skip
    assert "No report can be written" in err
    assert terminal.assigned() == 0
    assert terminal.runs() == []
    (terminal.folder / "config.yaml").write_text(
        (terminal.folder / "config.yaml").read_text() + "reporting: {generate_report: true, report_location: /etc}\n"
    )
    _out, err = terminal.call("--config", "config.yaml", code=1)
    assert "--report-location" in err
    assert terminal.assigned() == 0


def test_levels_of_the_log_differ_and_show_no_statements(terminal):
    seen = {}
    for level in ("DEBUG", "INFO", "WARNING", "ERROR"):
        _out, seen[level] = terminal.call(
            "--config", "config.yaml", "--max-leads", "2", "--output", "x", "--log-level", level
        )
        assert "SELECT" not in seen[level]
    assert ", find: " in seen["DEBUG"]
    assert ", find: " not in seen["INFO"]
    assert "ends as done: 2 of 20 leads handed out" in seen["INFO"]
    assert seen["WARNING"].splitlines() == ["warning: --output has no effect here."]
    assert seen["ERROR"] == ""
    terminal.change("config.yaml", "execution: {", "execution: {log_level: error, ")
    assert terminal.call("--config", "config.yaml", "--max-leads", "2")[1] == ""


def test_what_the_system_loads_has_somebody_who_hears_of_it(terminal):
    terminal.call("--config", "config.yaml")
    [(active, is_manager)] = terminal.odoo.rows(
        "SELECT u.active, EXISTS (SELECT FROM res_groups_users_rel r JOIN ir_model_data d ON d.res_id = r.gid "
        "AND d.model = 'res.groups' AND d.name = 'group_sale_manager' WHERE r.uid = u.id) "
        "FROM lead_distribution_campaign c JOIN res_users u ON u.id = c.user_id WHERE c.name = %s", terminal.name,
    )  # fmt: skip
    assert (active, is_manager) == (True, True)


def test_options_hold_for_this_run_only(terminal):
    out, _err = terminal.call(
        "--config",
        "config.yaml",
        "--json",
        "--dry-run",
        "--max-leads",
        "7",
        "--seed",
        "5",
        "--strategy",
        "proportional",
    )
    plan = json.loads(out)
    assert (plan["leads_found"], plan["leads_distributed"], plan["strategy"]) == (20, 7, "proportional")
    again, _err = terminal.call(
        "--config",
        "config.yaml",
        "--json",
        "--dry-run",
        "--max-leads",
        "7",
        "--seed",
        "5",
        "--strategy",
        "proportional",
    )
    received = [[line["received"] for line in each["salespeople"]] for each in (plan, json.loads(again))]
    assert received[0] == received[1]
    terminal.write("config.yaml", strategy="proportional")
    out, _err = terminal.call("--config", "config.yaml", "--json", "--dry-run", "--force-round-robin")
    assert json.loads(out)["strategy"] == "round_robin"
    out, _err = terminal.call(
        "--config", "config.yaml", "--max-leads", "100", "--override-date-range", "2024-01-01,2024-06-30", "--json"
    )
    done = json.loads(out)
    assert done["date_range"] == ["2024-01-01", "2024-06-30"]
    assert done["leads_distributed"] == terminal.assigned() > 0
    assert terminal.odoo.value(
        "SELECT max_leads FROM lead_distribution_campaign WHERE name = %s", terminal.name
    ) == 1000  # fmt: skip


def test_reports_are_written_and_sent(terminal):
    sent = "SELECT count(*) FROM mail_message WHERE model = 'lead.distribution.run' AND subject LIKE %s"
    _out, err = terminal.call("--config", "config.yaml", "--generate-report", "--report-location", "reports/")
    [path] = (terminal.folder / "reports").glob("*.csv")
    assert path.name in err
    assert terminal.name in path.read_text()
    assert not terminal.odoo.value(sent, f"%{terminal.name}%"), "nobody has asked for it"
    terminal.odoo.run(GIVE_ADDRESS, name=terminal.name)
    for format_name in ("html", "json"):
        _out, err = terminal.call(
            "--config", "config.yaml", "--generate-report", "--report-format", format_name,
            "--report-location", "reports/", "--email-notification",
        )  # fmt: skip
        [path] = (terminal.folder / "reports").glob(f"*.{format_name}")
        assert path.name in err
        assert terminal.name in path.read_text()
    assert json.loads(path.read_text())
    assert terminal.odoo.value(sent, f"%{terminal.name}%") == 2


def test_configurations_are_generated_and_checked(terminal):
    for words, expected in (
        (["--output", "daily_distribution_config.yaml"], "Voice"),
        (["--campaign", "UTR", "--template", "advanced", "--output", "utr.yaml"], "UTR"),
        (["--template", "minimal", "--campaign", "Apple", "--output", "minimal.yaml"], "Apple"),
    ):
        terminal.call("--generate-config", *words, database=False, anew=True)
        assert expected in (terminal.folder / words[-1]).read_text()
    _out, err = terminal.call("--generate-config", "--output", "utr.yaml", code=1, database=False)
    assert "add --force" in err
    assert "UTR" in (terminal.folder / "utr.yaml").read_text()
    _out, err = terminal.call("--config", "utr.yaml", "--dry-run", code=1)
    assert "was not given" in err, "the files it names are missing"
    (terminal.folder / "config/salesperson_campaigns.csv").write_text("salesperson_name,campaign_name\nadmin,UTR\n")
    (terminal.folder / "config/web_sources.txt").write_text("facebook_form\n")
    out, _err = terminal.call("--config", "utr.yaml", "--validate")
    assert "is right" in out
    assert terminal.odoo.rows("SELECT 1 FROM lead_distribution_campaign WHERE name = 'UTR'") == []


def test_wrong_use_gives_2_and_one_line(terminal):
    for words in ([], ["--config", "a.yaml", "--campaign", "Voice"], ["--config", "a.yaml", "--max-leads", "many"]):
        _out, err = terminal.call(*words, code=2)
        assert "error:" in err.splitlines()[-1]


def test_a_variable_that_is_not_set_hands_nothing_out(terminal):
    for option in ("--simulate-against", "--user", "--strategy"):
        _out, err = terminal.call("--config", "config.yaml", option, "", code=2)
        assert f"error: {option} has no value" in err.splitlines()[-1]
    assert terminal.assigned() == 0


def test_failures_give_1_without_a_traceback(terminal):
    (terminal.folder / "wrong.yaml").write_text("campaign: {name: A, nmae: B}\ndistribution: {strategy: fast}\n")
    (terminal.folder / "outside.yaml").write_text(
        "campaign: {name: A}\n"
        "salesperson_selection: {source_type: file, source_config: {file_path: ../../../etc/passwd}}"
    )
    for words, text in (
        (["--config", "missing.yaml"], "missing.yaml: No such file"),
        (["--config", "wrong.yaml"], "Did you mean “name”?"),
        (["--config", "outside.yaml"], "was not given"),
        (["--campaign", "No such campaign"], "There is no campaign"),
    ):
        _out, err = terminal.call(*words, code=1)
        assert text in err
        assert "Traceback" not in err
    _out, err = terminal.call("--config", "config.yaml", "--log-level", "DEBUG", code=1, anew=True, LIMIT="many")
    assert "max_leads_per_run" in err
    assert "Traceback" in err
    _out, err = terminal.call("-d", "no_such_database", "--campaign", "A", code=1, database=False, anew=True)
    assert "no_such_database" in err.splitlines()[-1]
    assert "Traceback" not in err
    assert "trying again" not in err, "the server answers: nothing is to be waited for"


class Forward(socketserver.BaseRequestHandler):
    """Hands on what comes and goes to the server of the tests."""

    def handle(self):
        server = (os.environ["PGHOST"], int(os.environ["PGPORT"]))
        with socket.create_connection(server) as there:
            ends = {self.request: there, there: self.request}
            while True:
                for end in select.select(list(ends), [], [])[0]:
                    if not (data := end.recv(65536)):
                        return
                    ends[end].sendall(data)


class Door(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


def reserve_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def test_a_database_server_that_starts_meanwhile_is_waited_for(terminal):
    port = reserve_port()
    words = ("--db_port", str(port), "--config", "config.yaml", "--dry-run", "--wait-for-database", "120")
    process = terminal.start(*words, anew=True)
    assert "cannot be reached; trying again, for 120 s at most" in process.stderr.readline()
    with Door(("127.0.0.1", port), Forward) as door:
        threading.Thread(target=door.serve_forever, daemon=True).start()
        out, err = process.communicate(timeout=180)
        door.shutdown()
    assert process.returncode == 0, err
    assert f"Dry run report: {terminal.name}" in out


def test_a_database_server_that_stays_away_is_a_failure(terminal):
    port = ("--db_port", str(reserve_port()))
    _out, err = terminal.call(*port, "--campaign", "A", "--wait-for-database", "1", code=1, anew=True)
    first, *others = err.splitlines()
    assert "trying again, for 1 s at most" in first
    assert others[0].startswith("error:")
    _out, err = terminal.call(*port, "--campaign", "A", "--wait-for-database", "0", code=1, anew=True)
    assert "trying again" not in err
    assert "Traceback" not in err


def test_a_configuration_is_checked_without_a_database(terminal):
    offline = ("--validate", "--offline", "--db_port", str(reserve_port()))
    out, _err = terminal.call("--config", "config.yaml", *offline, database=False)
    assert f"as far as that can be told without a database: campaign “{terminal.name}”" in out
    (terminal.folder / "wrong.yaml").write_text("campaign: {nmae: B}\nexecution: {max_leads_per_run: many}\n")
    out, _err = terminal.call("--config", "wrong.yaml", *offline, "--json", database=False, code=1)
    problems = json.loads(out)["problems"]
    for text in ("Did you mean “name”?", "max_leads_per_run", "The name of the campaign is missing."):
        assert any(text in problem for problem in problems), problems
    (terminal.folder / "broken.yaml").write_text("campaign: {name: [}\n")
    out, _err = terminal.call("--config", "broken.yaml", *offline, database=False, code=1)
    assert "This is no YAML" in out
    _out, err = terminal.call("--config", "config.yaml", "--offline", database=False, code=2)
    assert "--offline goes with --validate" in err


def test_nobody_to_receive_is_a_failure_with_its_reason(terminal):
    (terminal.folder / "config/people.csv").write_text("salesperson_name,campaign_name\nNobody Known,Voice\n")
    _out, err = terminal.call("--config", "config.yaml", code=1)
    assert "Nobody can receive leads" in err
    assert "Nobody Known" in err
    assert terminal.assigned() == 0


def test_strategies_and_configurations_are_compared(terminal):
    out, _err = terminal.call("--config", "config.yaml", "--simulate-against", "proportional,weighted")
    assert all(word in out for word in ("round_robin", "proportional", "weighted", "Equal shares"))
    terminal.write("other.yaml", strategy="proportional")
    out, _err = terminal.call("--config", "config.yaml", "--simulate-against", "other.yaml", "--json")
    assert [plan["strategy"] for plan in json.loads(out).values()] == ["round_robin", "proportional"]
    assert terminal.runs() == []
    assert not terminal.is_there()


def test_a_campaign_is_dumped_and_loaded_again(terminal):
    terminal.call("--config", "config.yaml", "--max-leads", "1")
    terminal.call("--campaign", terminal.name, "--dump-config", "--output", "dump.yaml")
    out, _err = terminal.call("--config", "dump.yaml", "--dry-run", "--json")
    assert json.loads(out)["leads_found"] == 20


def test_verify_tells_or_says_that_it_cannot(terminal):
    process = terminal.start("--config", "config.yaml", "--verify")
    _out, err = process.communicate(timeout=180)
    assert process.returncode in (0, 1)
    assert "verif" in err
    assert terminal.assigned() == 20


def test_verify_does_not_call_a_run_failed_for_leads_it_left_over(terminal):
    _out, err = terminal.call("--config", "config.yaml", "--max-leads", "5", "--verify")
    assert "verify: Leads that nobody holds: 15" in err
    assert terminal.assigned() == 5


def test_a_number_that_is_none_is_told_in_words(terminal):
    _out, err = terminal.call("--config", "config.yaml", "--max-leads", "many", code=2, anew=True)
    assert "argument --max-leads: “many” is no whole number" in err


def test_a_salesperson_is_told_in_words_that_only_managers_distribute(terminal):
    terminal.call("--config", "config.yaml", "--max-leads", "0")
    login = (terminal.folder / "config/people.csv").read_text().splitlines()[1].split(",")[0]
    _out, err = terminal.call("--campaign", terminal.name, "--user", login, code=1)
    assert "config_options" not in err
    assert terminal.assigned() == 0


def test_a_reader_who_stops_reading_does_no_harm(terminal):
    process = terminal.start("--config", "config.yaml", anew=True)
    process.stdout.close()
    assert process.wait(timeout=180) == 0, "the run is done: who is told that it failed starts it once more"
    assert "Traceback" not in process.stderr.read()
    assert terminal.assigned() == 20


def test_an_output_that_cannot_show_every_sign_does_no_harm(terminal):
    out, _err = terminal.call("--config", "config.yaml", PYTHONIOENCODING="ascii", anew=True)
    assert "Distribution report" in out
    assert terminal.assigned() == 20


def test_two_at_once_give_no_lead_twice(terminal):
    processes = [terminal.start("--config", "config.yaml") for _n in range(2)]
    outputs = [None, None]

    def wait(number):
        outputs[number] = processes[number].communicate(timeout=180)

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert terminal.assigned() == 20
    done = terminal.odoo.value(
        "SELECT count(*) FROM lead_distribution_assignment a JOIN crm_lead l ON l.id = a.lead_id "
        "JOIN lead_distribution_campaign c ON c.id = a.campaign_id WHERE c.name = %s AND a.state = 'done' "
        "AND l.user_id = a.user_id", terminal.name,
    )  # fmt: skip
    assert done >= 20, outputs
