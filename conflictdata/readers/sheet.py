"""A file that was read: the text of its cells, where they stand, and what was wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding

Locate = Callable[[int, str], tuple[int, int]]  # row and column name (as in the file) to line and column


def _locate_nowhere(row: int, column: str) -> tuple[int, int]:  # noqa: ARG001
    return 0, 0


@dataclass
class SourceTable:
    """A file.

    Attributes:
        file: its name, as findings print it.
        frame: its cells as text, missing ones null; the columns have the names that the file gives them.
        findings: what was wrong with the file itself.
        locate: line and column of a cell, or of a row where the column's name is empty.
        skipped: rows that were left out, since their cells cannot be told apart.
    """

    file: str
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    locate: Locate = _locate_nowhere
    skipped: int = 0

    @property
    def columns(self) -> list[str]:
        """The columns, as the file names them."""
        return self.frame.columns

    def place(self, row: int, column: str = "") -> Place:
        """Where a cell stands, or a row."""
        return Place(self.file, *self.locate(row, column))


def make_broken_table(
    file: str, id_: str, message: str, line: int = 0, column: int = 0, *, hint: str = ""
) -> SourceTable:
    """A file of which nothing can be read."""
    return SourceTable(file, findings=[make_file_finding(id_, message, Place(file, line, column), hint=hint)])
