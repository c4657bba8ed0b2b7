"""Packages of the sample, and looking at them."""

import datetime as dt
import os
from pathlib import Path

from conflictdata.package.release import Release
from conflictdata.package.verify import verify

ONE, TWO = Release("1.0.0", dt.date(2024, 7, 1)), Release("2.0.0", dt.date(2024, 8, 1))
HERE = Path(__file__).parent


def version(folder):
    """The version of a package that is whole; fails where it is not."""
    assert verify(folder) == []
    text = (folder / "README.md").read_text(encoding="utf-8")
    return text.split("Version ")[1].split(",")[0]


def beside(folder):
    """What lies next to a folder."""
    return sorted(p.name for p in folder.parent.iterdir() if p != folder)


def environment():
    """The environment of a process that imports the package and the tests' helpers."""
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent)])}
