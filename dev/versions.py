"""Keeps an earlier version of the addon for the tests of updating, in ``tests/versions``.

Usage: python3 dev/versions.py REVISION [--columns]

Installs the addon as it was at a revision of git, in a database of its own, with the Odoo of today. What stands in its
tables goes into VERSION.json: the stored columns of each model. Without --columns the database is filled through the
addon's own buttons, too (``tests/versions/fill.py``), and becomes VERSION.sql.xz; the JSON says what is in it.
"""

import json
import lzma
import subprocess
import sys
import tempfile
from pathlib import Path

import odoo_server
import postgres
from common import LOGS, ROOT, run, say, step

DATABASE = "lead_distribution_old_version"
FOLDER = ROOT / "tests" / "versions"
# in odoo shell; the text of the filling comes before
TELL_COLUMNS = """
import json
names = [n for n, model in env.registry.items() if not model._abstract and not model._transient and (
    model._original_module == "lead_distribution" or n in ("crm.lead", "res.users"))]
columns = {
    env[name]._table: sorted(
        field.name for field in env[name]._fields.values()
        if field.store and field.column_type and (
            env[name]._original_module == "lead_distribution" or "lead_distribution" in field._modules))
    for name in sorted(names)
}
print("COLUMNS " + json.dumps(columns))
"""
# what Odoo makes again by itself, or nobody needs to update a database
STRIP = (
    "DELETE FROM ir_attachment WHERE res_model = 'ir.ui.view' OR url LIKE '/web/assets/%' OR res_field IS NOT NULL "
    "AND res_model IN ('res.lang', 'res.partner', 'res.country', 'res.company', 'ir.ui.menu', 'ir.module.module')",
    "UPDATE ir_module_module SET description = NULL",
    "DELETE FROM ir_cron_progress",
)


def main():
    [revision, *options] = sys.argv[1:]
    python, database = odoo_server.prepare()
    with tempfile.TemporaryDirectory(prefix="lead_distribution-version-") as folder:
        config = _check_out(revision, Path(folder))
        version = _read_version(Path(folder))
        step(f"Database {DATABASE}: version {version}")
        _install(python, database, config)
        is_filled = "--columns" not in options
        fill = (FOLDER / "fill.py").read_text() if is_filled else ""
        told = _ask(python, config, f"{fill}\n{TELL_COLUMNS}")
    expected = {"version": version, **told}
    if is_filled:
        _dump(database, FOLDER / f"{version}.sql.xz")
    lines = ",\n".join(f'"{key}": {json.dumps(value, sort_keys=True)}' for key, value in expected.items())
    (FOLDER / f"{version}.json").write_text(f"{{{lines}}}\n")
    odoo_server.drop_database(database, DATABASE)
    say(f"Written: {FOLDER.relative_to(ROOT)}/{version}.*")


def _check_out(revision, folder):
    """Put the addon of a revision into a folder; return a configuration of Odoo that finds it there."""
    archive = subprocess.run(["git", "archive", revision, "lead_distribution"], cwd=ROOT, check=True, stdout=-1).stdout
    subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
    lines = odoo_server.CONFIG.read_text().splitlines()
    config = folder / "odoo.conf"
    config.touch(0o600)
    config.write_text(
        "\n".join(line.replace(str(ROOT), str(folder), 1) if line.startswith("addons_path") else line for line in lines)
        .replace(str(ROOT / "tests" / "addons"), str(folder))
    )  # fmt: skip
    return config


def _read_version(folder):
    manifest = (folder / "lead_distribution" / "__manifest__.py").read_text()
    return eval(manifest)["version"]


def _install(python, database, config):
    odoo_server.drop_database(database, DATABASE)
    arguments = ["-c", config, "-d", DATABASE, "-i", "lead_distribution", "--stop-after-init", "--no-http",
                 "--without-demo", "--log-level", "warn"]  # fmt: skip
    run(odoo_server.command(python, *map(str, arguments)), log="old-version.log",
        env=odoo_server.environment(), cwd=config.parent)  # fmt: skip


def _ask(python, config, script):
    """Run a script in the database; return what it tells of its columns, and of what it has filled in."""
    arguments = ["shell", "-c", str(config), "-d", DATABASE, "--no-http", "--log-level", "error"]
    run(odoo_server.command(python, *arguments), log="old-version-shell.log", input=script, text=True,
        env=odoo_server.environment(), cwd=config.parent)  # fmt: skip
    told = {}
    for line in (LOGS / "old-version-shell.log").read_text().splitlines():
        for mark in ("COLUMNS", "EXPECTED"):
            if line.startswith(f"{mark} "):
                told[mark.lower()] = json.loads(line[len(mark) + 1 :])
    return told


def _dump(database, path):
    env = postgres.environment(database)
    for statement in STRIP:
        run([database["bindir"] / "psql", "-qc", statement, DATABASE], log="old-version-strip.log", env=env)
    text = subprocess.run(
        [database["bindir"] / "pg_dump", "--no-owner", "--no-acl", DATABASE],
        env=env, check=True, stdout=subprocess.PIPE,
    ).stdout  # fmt: skip
    path.write_bytes(lzma.compress(text, preset=9 | lzma.PRESET_EXTREME))
    say(f"{path.name}: {path.stat().st_size // 1024} KiB, {len(text) // 1024} KiB before it was compressed")


if __name__ == "__main__":
    main()
