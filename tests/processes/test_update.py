"""A database of the first version is updated to today's: its history, runs and settings are there, and go on."""

import contextlib
import json
import lzma
import os
import re
import subprocess
from collections import namedtuple
from pathlib import Path

import pytest
from odoo_shell import COMMAND_LINE, ReadyOdoo
from packaging.version import Version
from test_uninstall import LEFT, UNINSTALL

ROOT = Path(__file__).parents[2]
VERSIONS = ROOT / "tests" / "versions"
MIGRATIONS = ROOT / "lead_distribution" / "migrations"
FIRST = "19.0.1.0.0"
UPDATED = "lead_distribution_update_test"
TROUBLE = re.compile(r"^\S+ \S+ \d+ (?:WARNING|ERROR|CRITICAL) .*", re.MULTILINE)
HARMLESS = re.compile(r"Running as user 'root'|unaccent")
# stored fields that are gone on purpose: table.column → the version that took them away
GONE = {}
# what the update changes in rows that were there: table.column → why
CHANGED = {
    "crm_lead.distributed_on": "post-moments",
    "crm_lead.received_on": "post-moments",
    "lead_distribution_campaign.sales_exclude_stages": "post-texts_are_whole",
    "lead_distribution_dropback_rule.sources_text": "post-texts_are_whole",
    "lead_distribution_dropback_threshold.conditions_text": "post-texts_are_whole",
    "lead_distribution_filter.values_text": "post-texts_are_whole",
    "lead_distribution_filter.wildcards_text": "post-texts_are_whole",
    "lead_distribution_run.state": "pre-one-run",
    "lead_distribution_run.error": "pre-one-run",
}
# what no script may leave undone: script → rows of it (none after the update; there are some to be mended before)
UNDONE = {
    "0.0.0/pre-views.py": """
        SELECT v.id FROM ir_ui_view v JOIN ir_model_data d ON d.model = 'ir.ui.view' AND d.res_id = v.id
        WHERE d.module = 'lead_distribution' AND v.arch_db::text LIKE '%%<data/>%%'""",
    "19.0.1.1.0/post-moments.py": """
        SELECT l.id FROM crm_lead l JOIN lead_distribution_assignment a ON a.lead_id = l.id AND a.state = 'done'
        AND a.campaign_id = l.distribution_campaign_id
        WHERE l.distributed_on = date_trunc('second', a.applied_on) AND l.distributed_on <> a.applied_on""",
    "19.0.1.1.0/post-own-filter-author.py": """
        SELECT 'campaign', id FROM lead_distribution_campaign
        WHERE own_domain NOT IN ('', '[]') AND own_domain_user_id IS NULL
        UNION ALL SELECT 'member', id FROM lead_distribution_member
        WHERE preferred_domain NOT IN ('', '[]') AND preferred_domain_user_id IS NULL""",
    "19.0.1.1.0/post-report_subject.py": """
        SELECT t.id FROM mail_template t JOIN ir_model_data d ON d.model = 'mail.template' AND d.res_id = t.id
        WHERE d.name = 'mail_template_run_report' AND t.subject::text NOT LIKE '%%||| 0%%'""",
    "19.0.1.1.0/post-reverted-runs.py": """
        SELECT id FROM lead_distribution_run r
        WHERE state = 'reverted' AND origin <> 'import' AND coalesce(leads_kept, 0) <>
        (SELECT count(*) FROM lead_distribution_assignment a WHERE a.run_id = r.id AND a.state = 'done')""",
    "19.0.1.1.0/post-texts_are_whole.py": """
        SELECT values_text FROM lead_distribution_filter WHERE values_text LIKE '%%#%%' OR wildcards_text LIKE '%%#%%'
        UNION ALL SELECT sources_text FROM lead_distribution_dropback_rule
        WHERE sources_text LIKE '%%#%%' OR patterns_text LIKE '%%#%%'
        UNION ALL SELECT conditions_text FROM lead_distribution_dropback_threshold
        WHERE conditions_text LIKE '%%#%%'
        UNION ALL SELECT sales_exclude_stages FROM lead_distribution_campaign
        WHERE sales_exclude_stages LIKE '%%#%%'""",
    "19.0.1.1.0/pre-one-run.py": """
        SELECT campaign_id FROM lead_distribution_run WHERE state = 'applying' AND origin <> 'import'
        GROUP BY campaign_id HAVING count(*) > 1""",
    "19.0.1.2.0/post-include_today.py": "SELECT id FROM lead_distribution_campaign WHERE include_today IS NOT FALSE",
    "19.0.1.2.0/post-todos.py": """
        SELECT summary FROM mail_activity WHERE res_model = 'lead.distribution.campaign'
        AND lead_distribution_todo IS DISTINCT FROM CASE
            WHEN note LIKE '%%Nobody can receive leads%%' THEN 'nobody'
            WHEN summary = 'Lead distribution failed' THEN 'failed' ELSE 'problems' END""",
    "19.0.1.3.0/post-members.py": """
        SELECT id FROM lead_distribution_member
        WHERE joined_on IS DISTINCT FROM create_date::date OR in_rotation IS DISTINCT FROM active""",
    "19.0.1.4.0/post-changes-of-hands.py": """
        SELECT id FROM lead_distribution_assignment WHERE state = 'done' AND handed_on <>
        CASE WHEN previous_user_id IS NULL OR lead_id IS NULL OR kind NOT IN ('distribution', 'fallback') THEN 0 ELSE
        (SELECT count(*) FROM lead_distribution_assignment o WHERE o.lead_id = lead_distribution_assignment.lead_id
         AND o.previous_user_id IS NOT NULL AND o.kind IN ('distribution', 'fallback') AND o.state = 'done'
         AND o.id <= lead_distribution_assignment.id) END""",
    "19.0.1.4.0/post-following.py": """
        SELECT id FROM lead_distribution_campaign WHERE decline_mode <> 'off' OR pull_at_once <> 0""",
}
TABLES = """
SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
AND (relname LIKE 'lead\\_%%' OR relname IN ('crm_lead', 'crm_lead_status')) ORDER BY 1
"""
# but what other addons of the tests add
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns
WHERE table_schema = 'public' AND (table_name LIKE 'lead\\_%%' OR table_name = 'crm_lead_status')
AND column_name <> 'use_language' ORDER BY 1, 2
"""
INDEXES = """
SELECT tablename, replace(indexdef, 'USING ', '') FROM pg_indexes
WHERE schemaname = 'public' AND (tablename LIKE 'lead\\_%%' OR tablename = 'crm_lead_status') ORDER BY 1, 2
"""
CONSTRAINTS = """
SELECT c.relname, conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
WHERE c.relname LIKE 'lead\\_%%' AND contype IN ('c', 'f', 'p', 'u') ORDER BY 1, 2
"""
TELL = """
import json
def tell(run):
    told = run.to_dict()
    return {
        **{key: told[key] for key in keys},
        "assignments": sorted([r["lead_id"], r["previous_user_id"], r["user_id"], r["state"]]
                              for r in told["assignments"]),
        "salespeople": sorted([r["user_id"], r["target"], r["before"], r["received"], r["after"]]
                              for r in told["salespeople"]),
    }
runs = env["lead.distribution.run"].search([], order="id")
print("RESULT " + json.dumps({run.id: tell(run) for run in runs}, default=str))
"""
GO_ON = """
import json
from collections import Counter
campaign = env["lead.distribution.campaign"].browse(ids["old"]).with_user(ids["mia"])
runs = campaign.run_ids.browse
pair = [runs(number) for number in ids["pair"]]
pair[0].action_apply()
pair[1].action_apply()
runs(ids["planned"]).action_apply()
leads = env["crm.lead"].create([
    {"name": f"New {n}", "type": "lead", "user_id": False, "source_id": ids["source"]} for n in range(9)])
new = campaign.distribute(lead_ids=leads.ids)
runs(ids["skipped"]).action_revert()
runs(ids["first"]).action_revert()
batch = env["lead.import.batch"].search([("idempotency_key", "=", "kept")])
batch.action_undo()
found = env["crm.lead"].search_count([("import_batch_id", "=", batch.id)])
env.cr.commit()
told = {run.id: [run.state, Counter(run.assignment_ids.mapped("state"))]
        for run in (*pair, runs(ids["planned"]), new, runs(ids["skipped"]), runs(ids["first"]))}
print("RESULT " + json.dumps([list(told.values()), leads.filtered("user_id").ids == leads.ids, batch.state, found,
                              bool(campaign.dump_config()), campaign.verify_assignments()["problems"]]))
"""
Updated = namedtuple("Updated", "odoo before undone log expected")


@pytest.fixture(scope="module")
def updated(odoo, tmp_path_factory):
    """The database of the first version after its update, and what was in its tables before."""
    expected = json.loads((VERSIONS / f"{FIRST}.json").read_text())["expected"]
    drop = f"DROP DATABASE IF EXISTS {UPDATED} WITH (FORCE)"
    old = ReadyOdoo(UPDATED)
    execute(odoo, drop, f"CREATE DATABASE {UPDATED} TEMPLATE template0 ENCODING 'UTF8'")
    restore(VERSIONS / f"{FIRST}.sql.xz")
    before = read_all(old)
    undone = {script: can_be_asked(old, query) and old.rows(query) for script, query in UNDONE.items()}
    log = tmp_path_factory.mktemp("update") / "odoo.log"
    update(log)
    with old:
        yield Updated(old, before, undone, log.read_text(), expected)
    execute(odoo, drop)


def execute(odoo, *statements):
    with contextlib.closing(type(odoo)("postgres").connect()) as connection:
        connection.autocommit = True
        for statement in statements:
            connection.cursor().execute(statement)


def restore(dump):
    psql = Path(os.environ["LEAD_DISTRIBUTION_POSTGRES"]) / "psql"
    subprocess.run(
        [psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", UPDATED], input=lzma.decompress(dump.read_bytes()),
        stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


def update(log):
    config = os.environ["LEAD_DISTRIBUTION_CONFIG"]
    subprocess.run(
        [*COMMAND_LINE, "-c", config, "-d", UPDATED, "-u", "lead_distribution", "--stop-after-init", "--no-http",
         "--log-level", "warn", "--logfile", str(log)],
        check=True, timeout=300,
    )  # fmt: skip


def read_all(odoo):
    """Return {table: {id: {column: value}}} of what belongs to the addon."""
    tables = [name for [name] in odoo.rows(TABLES)]
    found = {}
    for table in tables:
        rows = [row for [row] in odoo.rows(f'SELECT to_jsonb(t) FROM "{table}" t')]
        found[table] = {row["id"]: row for row in rows} if all("id" in row for row in rows) else rows
    return found


def can_be_asked(odoo, query):
    try:
        odoo.rows(query)
    except Exception:  # a column that comes with the update
        return False
    return True


def find_differences(before, after):
    """Return {table.column: [(id, before, after)]} of the rows and columns that were there before."""
    found = {}
    for table, rows in before.items():
        if isinstance(rows, list):
            gone = [row for row in rows if row not in after[table]]
            found.update({table: gone} if gone else {})
            continue
        for row_id, row in rows.items():
            now = after[table].get(row_id, {})
            for column, value in row.items():
                if column not in ("write_date", "write_uid") and now.get(column) != value:
                    found.setdefault(f"{table}.{column}", []).append((row_id, value, now.get(column)))
    return found


def test_the_update_from_the_first_version_logs_no_warning(updated):
    assert [line for line in TROUBLE.findall(updated.log) if not HARMLESS.search(line)] == []


def test_nothing_that_was_there_before_the_update_is_lost_or_changed_but_what_its_scripts_mend(updated):
    differences = find_differences(updated.before, read_all(updated.odoo))
    assert {name: rows[:3] for name, rows in differences.items() if name not in CHANGED} == {}
    assert sorted(set(CHANGED) - set(differences)) == [], "changed by no script any more"


def test_each_script_of_the_update_was_needed_and_has_done_its_work(updated):
    scripts = {f"{path.parent.name}/{path.name}" for path in MIGRATIONS.glob("*/*.py")}
    assert scripts == set(UNDONE)
    left = {script: updated.odoo.rows(query)[:3] for script, query in UNDONE.items()}
    assert {script: rows for script, rows in left.items() if rows} == {}
    # of columns that come with the update nothing can be said before; views are empty in between only
    idle = [script for script, rows in updated.undone.items() if rows == []]
    assert idle == ["0.0.0/pre-views.py"]


def test_old_runs_tell_what_they_told_before(updated):
    runs = updated.expected["runs"]
    told = updated.odoo.run(TELL, keys=sorted(set(runs["1"]) - {"assignments", "salespeople"}))
    stopped = str(updated.expected["ids"]["pair"][1])
    assert told[stopped]["state"] == "failed"
    told[stopped]["state"] = runs[stopped]["state"]
    assert {number: run for number, run in told.items() if run != runs[number]} == {}
    assert len(told) == len(runs)


def test_numbers_of_records_settings_and_to_dos_are_those_of_before(updated):
    counts = {
        name: updated.odoo.value(f"SELECT count(*) FROM {name.replace('.', '_')}")
        for name in updated.expected["counts"]
    }
    assert counts == updated.expected["counts"]
    settings = dict(
        updated.odoo.rows("SELECT key, value FROM ir_config_parameter WHERE key LIKE 'lead_distribution.%%'")
    )
    assert updated.expected["settings"].items() <= settings.items()
    todos = updated.odoo.rows(
        "SELECT summary FROM mail_activity WHERE res_model = 'lead.distribution.campaign' ORDER BY 1"
    )
    assert [text for [text] in todos] == updated.expected["todos"]


def normalize(row):
    """PostgreSQL writes the same condition in other words once it was dumped and restored."""
    return tuple(re.sub(r"::character varying|::text(\[\])?|[()]", "", text) for text in row)


@pytest.mark.parametrize("query", [COLUMNS, INDEXES, CONSTRAINTS], ids=["columns", "indexes", "constraints"])
def test_tables_of_an_updated_database_are_those_of_a_new_one(odoo, updated, query):
    new, old = (set(map(normalize, of.rows(query))) for of in (odoo, updated.odoo))
    assert (sorted(new - old), sorted(old - new)) == ([], [])


def test_old_runs_go_on_and_are_put_back_and_new_ones_work(updated):
    states, all_handed_out, undone, found, has_config, problems = updated.odoo.run(GO_ON, ids=updated.expected["ids"])
    assert states == [
        ["done", {"done": 8}], ["done", {"done": 8}], ["done", {"done": 6}], ["done", {"done": 9}],
        ["reverted", {"reverted": 3, "skipped": 1}],
        ["reverted", {"done": 12}],  # these leads were somebody else's since, and put back by hand
    ]  # fmt: skip
    assert (all_handed_out, undone, found, has_config) == (True, "undone", 0, True)
    assert [text.partition(":")[0] for text in problems] == ["Leads that nobody holds"]  # what was put back


def test_the_updated_addon_can_be_uninstalled(updated):
    updated.odoo.run(UNINSTALL, timeout=300)
    assert [text for [text] in updated.odoo.rows(LEFT)] == []


def test_every_folder_of_migrations_is_a_version_that_is_not_above_the_manifests():
    manifest = re.search(r'"version": "([\d.]+)"', (ROOT / "lead_distribution/__manifest__.py").read_text())[1]
    folders = [path.name for path in MIGRATIONS.iterdir() if path.is_dir()]
    assert [name for name in folders if Version(name) > Version(manifest)] == []


@pytest.mark.parametrize("path", sorted(VERSIONS.glob("*.json")), ids=lambda path: path.stem)
def test_no_stored_field_of_an_earlier_version_is_gone_unless_it_is_listed(odoo, path):
    columns = json.loads(path.read_text())["columns"]
    now = set(odoo.rows("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"))
    gone = {f"{table}.{name}" for table, names in columns.items() for name in names if (table, name) not in now}
    assert gone == set(GONE) & gone, "renamed or removed without a script in migrations, and not listed in GONE"
