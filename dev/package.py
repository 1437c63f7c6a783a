"""The addons as wheels, which pip installs: built by whool, as those of the Odoo Community Association are."""

import ast
import os
import shutil
import venv
import zipfile
from pathlib import Path

from common import ADDONS, GLUE, HOME, ROOT, Problem, Stamp, run, say, step

ALL = (*ADDONS, *GLUE)
DIST = ROOT / "dist"
TARGET = HOME / "package"
REQUIREMENTS = Path(__file__).resolve().parent / "requirements" / "package.txt"
NEEDED = ("__manifest__.py", "README.md", "LICENSE", "static/description/index.html", "static/description/icon.png")
STRAY = ("__pycache__", ".dev", ".git", "dev", "docs", "dist", "benchmarks")  # folders of the project and of tools


def ensure():
    """Return the Python of the environment that builds; it has neither Odoo nor what the tests need."""
    python = TARGET / "bin" / "python"
    stamp = Stamp("package", REQUIREMENTS)
    if not (stamp.is_fresh() and python.exists()):
        step("Tools that build packages: installing (once)")
        shutil.rmtree(TARGET, ignore_errors=True)
        venv.create(TARGET, with_pip=True, symlinks=True)
        _pip(python, "install", "-q", "--no-input", "--no-compile", "-r", REQUIREMENTS)
        stamp.write()
    return python


def build(folder=DIST):
    """Build the wheels of the addons; return their paths, in the order of ``ALL``."""
    python = ensure()
    folder.mkdir(parents=True, exist_ok=True)
    return [_build_one(python, addon, folder) for addon in ALL]


def _build_one(python, addon, folder):
    for old in folder.glob(f"odoo_addon_{addon}-*.whl"):
        old.unlink()
    # the tools are in this environment already: pip need not fetch them again
    _pip(python, "wheel", "-q", "--no-input", "--no-deps", "--no-build-isolation", "-w", folder, ROOT / addon)
    wheel = folder / f"odoo_addon_{addon}-{read_manifest(addon)['version']}-py3-none-any.whl"
    if not wheel.exists():
        raise Problem(f"{wheel.name} was not built.", "Look into .dev/logs/package-pip.log.")
    if findings := check(wheel, addon):
        raise Problem(f"{wheel.name} is not as it should be: {'; '.join(findings)}.", "Is everything committed?")
    return wheel


def read_manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())


def check(wheel, addon):
    """Return what is missing in a wheel, or does not belong there, in words."""
    top = f"odoo/addons/{addon}/"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    inside = {name.removeprefix(top) for name in names if name.startswith(top)}
    manifest = read_manifest(addon)
    needed = [*NEEDED, *manifest["data"], *manifest.get("demo", ())]
    outside = [name for name in names if not name.startswith(top) and ".dist-info/" not in name]
    stray = [name for name in inside if set(Path(name).parts) & set(STRAY) or name.endswith((".pyc", "pyproject.toml"))]
    return [
        *(f"{name} is missing" for name in needed if name not in inside),
        *(f"{name} does not belong there" for name in (*outside, *stray)),
    ]


def run_tool(script, *words):
    """Run a script of this folder where the tools are; return what became of it."""
    return run([ensure(), script, *words], check=False, capture_output=True, text=True)


def _pip(python, *words):
    run([str(word) for word in (python, "-m", "pip", *words)], log="package-pip.log",
        env=dict(os.environ, PIP_DISABLE_PIP_VERSION_CHECK="1"))  # fmt: skip


def tell(wheels):
    for wheel in wheels:
        say(f"    {wheel.relative_to(ROOT)} ({wheel.stat().st_size // 1024} kB)")
