"""The wheels, and an Odoo that knows the addon from them alone: no addons path leads to the project."""

import configparser
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))

import odoo_source
import package
from common import ADDONS, GLUE, HOME
from odoo_server import CRM
from python_env import TARGET

DATABASE = "lead_distribution_package_test"
CONNECTION = ("db_host", "db_port", "db_user", "db_password")


@pytest.fixture(scope="session")
def wheels(tmp_path_factory):
    """{addon: path of its wheel}, built anew."""
    return dict(zip(package.ALL, package.build(tmp_path_factory.mktemp("wheels")), strict=True))


class BareOdoo:
    """Odoo in a virtual environment of its own: beside what Odoo needs there is only what pip has put in."""

    def __init__(self, folder):
        self.folder = folder
        venv.create(folder / "venv", with_pip=False, symlinks=True)
        self.python = folder / "venv" / "bin" / "python"
        self.site = next((folder / "venv").glob("lib/python3*/site-packages"))
        packages = next(TARGET.glob("lib/python3*/site-packages"))
        (self.site / "odoo.pth").write_text(f"{odoo_source.path()}\n{packages}\n")
        self.config = folder / "odoo.conf"
        self._write_config()
        # neither the project's folder nor the configuration that the tests have
        left_out = ("PYTHONPATH", "ODOO_RC", "LEAD_DISTRIBUTION_CONFIG")
        self.env = {key: value for key, value in os.environ.items() if key not in left_out}

    def _write_config(self):
        project = configparser.ConfigParser(interpolation=None)
        project.read(os.environ["LEAD_DISTRIBUTION_CONFIG"])
        options = {key: project["options"][key] for key in CONNECTION}
        # the folder of the tests' data may be one that root alone may write to
        options.update(data_dir=str(self.folder / "data"), without_demo="True", max_cron_threads="0", workers="0")
        if extra := odoo_source.extra_addons():
            options["addons_path"] = ",".join(map(str, extra))
        lines = [f"{key} = {value}" for key, value in options.items()]
        self.config.touch(0o600)
        self.config.write_text("\n".join(["[options]", *lines]) + "\n")

    def install_wheels(self, wheels):
        """What is needed is there already, as the tests say: nothing is to be fetched."""
        words = ["-m", "pip", "--python", self.python, "install", "-q", "--no-index", "--no-deps", *wheels.values()]
        done = self._run([package.ensure(), *words])
        assert not done.returncode, done.stderr

    def call(self, *words, script=None, code=0):
        """Run ``odoo`` as it is typed; return what it printed."""
        done = self._run([self.python, "-W", "ignore", "-m", "odoo", *words], script)
        assert done.returncode == code, (done.stdout + done.stderr)[-3000:]
        return done.stdout

    def install(self, *addons):
        return self.call("-c", self.config, "-d", DATABASE, "-i", ",".join(addons), "--stop-after-init", "--no-http")

    def shell(self, script):
        options = ["-c", self.config, "-d", DATABASE, "--no-http", "--log-level", "error"]
        return self.call("shell", *options, script=script)

    def _run(self, words, script=None):
        # not in the project's folder: Python would look for modules there
        return subprocess.run(list(map(str, words)), cwd=self.folder, env=self.env, input=script, text=True,
                              capture_output=True, check=False, timeout=1800)  # fmt: skip


@pytest.fixture(scope="session")
def bare_odoo(wheels, tmp_path_factory):
    """A bare Odoo with the wheels, and a database with the addon and the addons of others that bring the glue.

    The database begins as one that has Odoo's CRM, and nothing of the project.
    """
    odoo = BareOdoo(tmp_path_factory.mktemp("bare"))
    odoo.install_wheels(wheels)
    programs = Path(os.environ["LEAD_DISTRIBUTION_POSTGRES"])
    drop = [programs / "dropdb", "--if-exists", "--force", DATABASE]
    subprocess.run(drop, check=True)
    subprocess.run([programs / "createdb", "-T", CRM, DATABASE], check=True)
    shutil.copytree(HOME / "data" / "filestore" / CRM, odoo.folder / "data" / "filestore" / DATABASE)
    odoo.install(*ADDONS, *GLUE.values())
    yield odoo
    subprocess.run(drop, check=True)
