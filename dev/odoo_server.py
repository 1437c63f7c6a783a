"""Databases and processes of Odoo: the configuration file, creating, running, the shell."""

import os
import shutil
import subprocess
from pathlib import Path

import odoo_source
import postgres
import python_env
from common import ADDONS, HOME, LOGS, ROOT, TEST_ADDONS_PATH, Problem, Stamp, run, stamp_of, step
from lanes import together

CONFIG = HOME / "odoo.conf"
CRM = "lead_distribution_crm"  # what our addons stand on, and nothing of ours: databases of the tests begin as its copy


def prepare(*others):
    """Make sure that Odoo, its Python and PostgreSQL are there; return what is needed to run.

    :param others: functions that make sure of more, meanwhile; what they return comes after
    """
    source, python, database, *more = together(odoo_source.ensure, python_env.ensure, postgres.ensure, *others)
    python_env.link(source)
    _write_config(database)
    return python, database, *more


def _write_config(database):
    paths = [ROOT, TEST_ADDONS_PATH, *odoo_source.extra_addons()]
    lines = [
        "[options]",
        f"addons_path = {','.join(str(path) for path in paths)}",
        f"data_dir = {HOME / 'data'}",
        *(f"{key} = {database[key] or False}" for key in ("db_host", "db_port", "db_user", "db_password")),
        "list_db = False",
        "http_interface = 127.0.0.1",
        "without_demo = True",
        "workers = 0",
        "max_cron_threads = 1",
    ]
    CONFIG.parent.mkdir(parents=True, exist_ok=True)
    CONFIG.touch(0o600)
    CONFIG.write_text("\n".join(lines) + "\n")


def command(python, *arguments):
    return [str(python), "-W", "ignore", "-m", "odoo", *arguments]


def environment():
    """Odoo's environment: the addons of the project, nobody else's configuration file.

    What Python compiles is kept, or each start of Odoo would take twice as long; beside nobody's files.
    """
    left_out = ("ODOO_RC", "PYTHONDONTWRITEBYTECODE")
    env = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return dict(env, PYTHONPATH=str(ROOT), PYTHONPYCACHEPREFIX=str(HOME / "pycache"), LC_ALL="C.UTF-8")


def database_exists(database, name):
    done = subprocess.run(
        [database["bindir"] / "psql", "-Atqc", f"SELECT 1 FROM pg_database WHERE datname = '{name}'",
         "postgres"],
        env=postgres.environment(database), capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Problem(
            f"PostgreSQL refused: {done.stderr.strip()}",
            "Look at the server's log, or name another server: make POSTGRES=postgresql://user:password@host",
        )
    return done.stdout.strip() == "1"


def drop_database(database, name):
    run([database["bindir"] / "dropdb", "--if-exists", "--force", name], log=f"dropdb-{name}.log",
        env=postgres.environment(database))  # fmt: skip
    shutil.rmtree(HOME / "data" / "filestore" / name, ignore_errors=True)


def ensure_crm(python, database):
    """Make the database with Odoo's CRM alone, where there is none of this Odoo; return the log of that, or None."""
    # a checkout of the user's own may have become another Odoo meanwhile
    stamp = Stamp(f"database-{CRM}", str(odoo_source.path()), Path(odoo_source.__file__))
    if stamp.is_fresh() and not os.environ.get("ODOO") and database_exists(database, CRM):
        return None
    folders = [odoo_source.path() / "odoo" / "addons", *odoo_source.extra_addons()]
    only_odoo = ("--addons-path", ",".join(map(str, folders)))
    log = create_database(python, database, CRM, modules=("crm",), options=only_odoo)
    stamp.write()
    return log


def create_database(python, database, name, *, demo=False, modules=ADDONS, template=None, options=()):
    """Make a fresh database with the addon; with ``demo``, with the sample data, too.

    :param template: the database that it begins as a copy of
    :param options: further ones of Odoo's command line
    :return: the log
    """
    _check_name(name)
    if template:
        copy_database(database, template, name)
    else:
        drop_database(database, name)
    step(f"Database {name}: installing {', '.join(modules)}")
    arguments = [
        "-c",
        CONFIG,
        "-d",
        name,
        "-i",
        ",".join(modules),
        "--stop-after-init",
        "--no-http",
    ]
    arguments += ["--with-demo"] if demo else ["--without-demo"]
    arguments += ["--log-level", "warn", *options]
    log = f"install-{name}.log"
    run(command(python, *map(str, arguments)), log=log, env=environment(), cwd=ROOT)
    return LOGS / log


def install(python, name, modules):
    """Install more modules in a database; return the log."""
    log = f"install-{name}-{modules[0]}.log"
    arguments = ["-c", CONFIG, "-d", name, "-i", ",".join(modules), "--stop-after-init", "--no-http"]
    run(command(python, *map(str, arguments), "--log-level", "warn"), log=log, env=environment(), cwd=ROOT)
    return LOGS / log


def export_terms(python, name, addon, path):
    """Write the terms of an addon as Odoo knows them in a database, and as its code has them."""
    arguments = ["i18n", "export", "-c", CONFIG, "-d", name, "-l", "pot", "-o", path, addon]
    run(command(python, *map(str, arguments)), log=f"terms-{addon}.log", env=environment(), cwd=ROOT)


def copy_database(database, name, copy):
    drop_database(database, copy)
    run([database["bindir"] / "createdb", "-T", name, copy], log=f"createdb-{copy}.log",
        env=postgres.environment(database))  # fmt: skip
    files = HOME / "data" / "filestore"
    if (files / name).exists():
        shutil.copytree(files / name, files / copy)


def _check_name(name):
    if not name.replace("_", "").replace("-", "").isalnum():
        raise Problem(
            f"“{name}” is no name for a database.",
            "Use letters, digits, _ and -, as in DB=sales_test.",
        )


def source_stamp(name, addons=ADDONS, but=("tests",)):
    """Changes with every file of the addons but those in some folders, so that a stale database is made anew."""
    files = [
        path
        for addon in addons
        for path in sorted((ROOT / addon).rglob("*"))
        if path.is_file() and not {"__pycache__", *but} & set(path.relative_to(ROOT).parts)
    ]
    return Stamp(f"database-{name}", stamp_of(*files))


def run_script(python, name, script, *, log=None):
    """Run Python text in ``odoo shell`` on a database; its output is the terminal's."""
    arguments = ["shell", "-c", str(CONFIG), "-d", name, "--no-http", "--log-level", "error"]
    return run(command(python, *arguments), input=script, text=True, env=environment(), log=log)


def set_address(database, name, address):
    """Have the links that a database makes lead to this address, until an administrator logs in at another one."""
    statement = f"UPDATE ir_config_parameter SET value = '{address}' WHERE key = 'web.base.url'"
    run([database["bindir"] / "psql", "-qc", statement, name], log=f"psql-{name}.log",
        env=postgres.environment(database))  # fmt: skip
