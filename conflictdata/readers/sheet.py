"""A table that was read: the text of its cells, where they are, and what was wrong with its file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Protocol

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding

# From a row and the names of columns (as in the file) to the place of the first of them that is filled; of the row without any.
Locate = Callable[[int, tuple[str, ...]], Place]


class LocatedTable(Protocol):
    """A table as text, with places."""

    @property
    def frame(self) -> pl.DataFrame:
        """Return the cells as text."""
        ...

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row, else of the row."""
        ...


@dataclass
class SourceTable:
    """A table in a file.

    Attributes:
        file: Name of the file, as findings print it.
        frame: The cells as text, missing ones null. The columns have the names that the file gives them.
        findings: What is wrong with the file itself.
        remarks: Forms of the file that were read all the same, in words, such as `Windows-1252`.
        locate: Function that gives the place of a cell; None: cells have no place.
        skipped: Number of rows that were left out, because their cells cannot be distinguished.
        malformed_lines: Cells of these rows, as far as they can be distinguished.
        noun: What it is in messages: `file` or `DataFrame`.
    """

    file: str
    frame: pl.DataFrame = field(default_factory=pl.DataFrame)
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    locate: Locate | None = None
    skipped: int = 0
    malformed_lines: list[list[str]] = field(default_factory=list)
    noun: str = "file"

    @property
    def columns(self) -> list[str]:
        """Return the columns, as the file names them."""
        return self.frame.columns

    def place(self, row: int, fields: Sequence[str] = ()) -> Place:
        """Return the place of the first filled one of these columns of a row, else of the first of them, else of the row."""
        if self.locate is None:
            return Place(self.file)
        return self.locate(row, tuple(name for name in fields if name in self.frame.columns))

    def format_remarks(self) -> list[str]:
        """Return one note on the forms that were read, or none."""
        return [f"{self.file}: read with {', '.join(self.remarks)}"] if self.remarks else []


def make_broken_table(
    file: str, id_: str, message: str, line: int = 0, column: int = 0, *, hint: str = ""
) -> SourceTable:
    """Return a table of which nothing can be read."""
    return SourceTable(file, findings=[make_file_finding(id_, message, Place(file, line, column), hint=hint)])


def join_tables(parts: Sequence[SourceTable], constants: Sequence[Mapping[str, str]] = ()) -> SourceTable:
    """Return the rows of several files as one table.

    Args:
        parts: The files. A column that only some of them have is empty in the others.
        constants: For each file, columns with one value for all its rows.
    """
    frames = [part.frame for part in parts]
    for n, values in enumerate(constants):
        more = [pl.lit(value).alias(name) for name, value in values.items() if name not in frames[n].columns]
        frames[n] = frames[n].with_columns(more) if more and frames[n].width else frames[n]
    if len(parts) == 1:
        return replace(parts[0], frame=frames[0])
    starts = list(accumulate((frame.height for frame in frames), initial=0))

    def locate(row: int, fields: tuple[str, ...]) -> Place:
        number = bisect_right(starts, row) - 1
        return parts[number].place(row - starts[number], fields)

    return SourceTable(
        parts[0].file,
        pl.concat([frame for frame in frames if frame.width] or frames[:1], how="diagonal"),
        [finding for part in parts for finding in part.findings],
        list(dict.fromkeys(remark for part in parts for remark in part.remarks)),
        locate,
        sum(part.skipped for part in parts),
        [cells for part in parts for cells in part.malformed_lines],
    )
