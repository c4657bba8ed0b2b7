"""Packages of the sample, and looking at them."""

import datetime as dt
import os
from pathlib import Path

from conflictdata.datapackage.build import build
from conflictdata.datapackage.verify import verify_package
from conflictdata.datapackage.version import Release

ONE, TWO = Release("1.0.0", dt.date(2024, 7, 1)), Release("2.0.0", dt.date(2024, 8, 1))
HERE = Path(__file__).parent


def read_contents(folder):
    """The files of a folder, by path in it."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def build_files(tables, release, folder):
    """The files of a package."""
    folder.mkdir(parents=True)
    build(tables, release, folder)
    return read_contents(folder)


def make_filler(files):
    """What writes these files into a folder."""

    def fill(folder):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    return fill


def read_version(folder):
    """The version of a package that is whole; fails where it is not."""
    assert verify_package(folder) == []
    text = (folder / "README.md").read_text(encoding="utf-8")
    return text.split("Version ")[1].split(",")[0]


def list_siblings(folder):
    """What lies next to a folder."""
    return sorted(p.name for p in folder.parent.iterdir() if p != folder)


def make_environment():
    """The environment of a process that imports the package and the tests' helpers."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
