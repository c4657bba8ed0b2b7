"""Packages of the sample, and views of their contents."""

import datetime as dt
import os
from pathlib import Path

from conflictdata.datapackage.build import build
from conflictdata.datapackage.verify import verify_package
from conflictdata.datapackage.version import Release

ONE, TWO = Release("1.0.0", dt.date(2024, 7, 1)), Release("2.0.0", dt.date(2024, 8, 1))
HERE = Path(__file__).parent


def read_contents(folder):
    """Return the files of a folder, by relative path."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def build_files(tables, release, folder):
    """Return the files of a package."""
    folder.mkdir(parents=True)
    build(tables, release, folder)
    return read_contents(folder)


def make_filler(files):
    """Return a function that writes these files into a folder."""

    def fill(folder):
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)

    return fill


def read_version(folder):
    """Return the version of a package. Fails if the package is not complete."""
    assert verify_package(folder) == []
    text = (folder / "README.md").read_text(encoding="utf-8")
    return text.split("Version ")[1].split(",")[0]


def list_siblings(folder):
    """Return the names next to a folder."""
    return sorted(p.name for p in folder.parent.iterdir() if p != folder)


def make_environment():
    """Return an environment that can import the package and the test helpers."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
