"""What several commands share: consoles, exit codes, the bar, showing a report."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from enum import Enum
from pathlib import Path

from rich.console import Console

from conflictdata.findings import Report

CLEAN, FINDINGS, UNUSABLE = 0, 1, 2

MANY = 500  # files from which on a bar is worth showing


class Format(str, Enum):
    """Forms of a report."""

    text = "text"
    json = "json"


def out() -> Console:
    """The console of results."""
    return Console(highlight=False)


def bar(paths: Iterable[Path]) -> Iterable[Path]:
    """The paths, with a bar on stderr where it is a terminal and there are many."""
    listed = list(paths)
    if len(listed) < MANY or not sys.stderr.isatty():
        return listed
    from rich.progress import track

    return _tracked(track(listed, "Reading seeds", console=Console(stderr=True), transient=True))


def _tracked(paths: Iterable[Path]) -> Iterator[Path]:
    yield from paths


def show(report: Report, form: Format, *, quiet: bool = False) -> None:
    """Print a report to stdout."""
    if form is Format.json:
        from conflictdata.report import json

        print(json.render(report))
    else:
        from conflictdata.report import text

        text.render(report, out(), quiet=quiet)
