"""The tables of an import, judged by our rules before anything is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import polars as pl

from conflictdata.check.cells import text_of
from conflictdata.check.sheets import Sheet
from conflictdata.check.validate import Subject, check
from conflictdata.findings import Place, Report
from conflictdata.seeds import Progress


class _Frame:
    """A table that stands in no file yet."""

    absent = None
    torn = ()

    def __init__(self, frame: pl.DataFrame, table: str) -> None:
        self.frame = text_of(frame, table)

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - there is no file
        """Nowhere."""
        return Place("")


def judged(tables: Mapping[str, pl.DataFrame], released_on: dt.date, progress: Progress, files: int) -> Report:
    """What all rules say of the tables that were made of so many files, as records of somebody else's dataset."""
    sheets: dict[str, Sheet] = {table: _Frame(frame, table) for table, frame in tables.items()}
    subject = Subject(sheets, files=files, imported=True)
    return check(subject, released_on=released_on, progress=progress).report
