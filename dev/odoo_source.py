"""Where Odoo 19 comes from: the user's own checkout (``ODOO=``) or Debian's package.

The package is unpacked into ``.dev/odoo``, never installed: it is made for a newer
Debian than most machines run, but it is plain Python and static files.
"""

import os
import shutil
from pathlib import Path

from common import HOME, Problem, Stamp, run, say, step

TARGET = HOME / "odoo"
PACKAGES = {  # suite -> packages; None is the machine's own release
    "sid": (
        "odoo-19", "libjs-jquery", "libjs-jquery-form", "libjs-underscore",
        "fonts-roboto-unhinted", "fonts-montserrat", "fonts-inconsolata", "fonts-ocr-b",
    ),
    # newer releases of this font renamed the files that Odoo links to
    None: ("fonts-font-awesome",),
}  # fmt: skip
# Debian leaves this file out; the asset bundle logs an error without it
STRIPPED = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def path():
    """The folder to put on Python's path so that ``import odoo`` works."""
    own = os.environ.get("ODOO")
    if not own:
        return TARGET / "usr/lib/python3/dist-packages"
    folder = Path(own).expanduser().resolve()
    if not (folder / "odoo" / "release.py").exists():
        raise Problem(
            f"ODOO={own} is not an Odoo source folder (no odoo/release.py in it).",
            "Name the folder that holds odoo-bin, or leave ODOO away.",
        )
    if "(19, 0" not in (folder / "odoo" / "release.py").read_text():
        raise Problem(f"ODOO={own} is not Odoo 19.", "Check out the branch 19.0.")
    return folder


def extra_addons():
    """A git checkout keeps most addons beside the package ``odoo``."""
    beside = path() / "addons"
    return [beside] if os.environ.get("ODOO") and beside.is_dir() else []


def ensure():
    if os.environ.get("ODOO"):
        return path()
    stamp = Stamp("odoo", Path(__file__))
    if stamp.is_fresh() and path().is_dir():
        return path()
    if not shutil.which("apt-get") or not shutil.which("dpkg"):
        raise Problem(
            "Odoo 19 is fetched as a Debian package, and this machine has no apt-get.",
            "Point at your own copy: make ODOO=/path/to/odoo demo",
        )
    step("Odoo 19: downloading (about 130 MB, once)")
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    for suite, names in PACKAGES.items():
        _download(suite, names)
    stripped = path() / STRIPPED
    stripped.parent.mkdir(parents=True, exist_ok=True)
    stripped.touch()
    stamp.write()
    return path()


def _download(suite, names):
    """Get packages with a package index of our own, so that the machine's stays as it is."""
    work = HOME / "apt" / (suite or "own")
    (work / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    debs = work / "debs"
    shutil.rmtree(debs, ignore_errors=True)
    debs.mkdir()
    options = [
        "-o", f"Dir::State::Lists={work / 'lists'}",
        "-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache=",
        "-o", "APT::Sandbox::User=",
        # the archive may be a snapshot of some days ago: that is fine here
        "-o", "Acquire::Check-Valid-Until=false",
    ]  # fmt: skip
    if suite:
        source = work / "source.list"
        source.write_text(f"deb {_mirror()} {suite} main\n")
        options += ["-o", f"Dir::Etc::SourceList={source}", "-o", "Dir::Etc::SourceParts=/dev/null"]
    _apt(["apt-get", *options, "update"], f"apt-{work.name}-update.log")
    _apt(["apt-get", *options, "download", *names], f"apt-{work.name}-download.log", cwd=debs)
    for deb in sorted(debs.glob("*.deb")):
        run(["dpkg", "-x", deb, TARGET], log=f"unpack-{deb.name}.log")
        say(f"    {deb.name}")
    shutil.rmtree(work)


def _apt(args, log, **options):
    try:
        run(args, log=log, **options)
    except Problem as problem:
        if "space" in problem.remedy:
            raise
        raise Problem(
            f"The Debian archive did not give what is needed: {problem.what}",
            "Check the network and the mirror in the machine's apt sources, "
            "or point at your own Odoo 19: make ODOO=/path/to/odoo demo",
        ) from problem


def _mirror():
    """The archive this machine uses already; its security archive holds no unstable packages."""
    done = run(
        ["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)|$(SITE)", "Created-By: Packages"],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    uris = [line.split("|")[0] for line in done.stdout.splitlines()]
    uris += _uris_from_files()
    for uri in uris:
        if uri.rstrip("/").endswith("/debian"):
            return uri
    raise Problem(
        "This machine's apt configuration names no Debian mirror.",
        "Point at your own Odoo 19: make ODOO=/path/to/odoo demo",
    )


def _uris_from_files():
    """Mirrors in the apt sources; needed where no index was ever fetched."""
    folder = Path("/etc/apt")
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    for file in filter(Path.is_file, files):
        for line in file.read_text().splitlines():
            words = line.split()
            if words[:1] == ["URIs:"]:
                yield from words[1:]
            elif words[:1] == ["deb"]:
                yield from (word for word in words if "://" in word)
