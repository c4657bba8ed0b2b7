"""The place of a cell of a CSV: the line from the row, the column by reading that line."""

from __future__ import annotations

import csv
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import BinaryIO

from conflictdata.findings import Place
from conflictdata.readers.csv_lines import MAX_LINES, CsvLayout
from conflictdata.validation.scan.files import Part

_BLOCK = 1 << 20
_BREAK = b"\n"


class CellLocator:
    """The places of the cells of one file.

    Args:
        part: the file as the user gave it, with the lines that are not a record.
        shape: where its records stand.
    """

    def __init__(self, part: Part, layout: CsvLayout) -> None:
        self.part = part
        self.layout = layout

    @cached_property
    def _breaks_before(self) -> list[int]:
        """The line breaks before each block of the file, read once."""
        counts = [0]
        with self.part.path.open("rb") as file:
            while block := file.read(_BLOCK):
                counts.append(counts[-1] + block.count(_BREAK))
        return counts

    def locate_row(self, row: int, column: int = 1) -> Place:
        """Return a character of the line of a row, from 1."""
        return Place(self.part.name, self.layout.find_line(row), column)

    def locate_cells(self, positions: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Place]:
        """Return the places of cells, by row and column; a cell without a column of its own is at its row.

        Args:
            positions: rows, from 0, and the column of each; an empty column is the row.
        """
        cells = list(positions)
        if not self.part.is_csv:
            return {cell: Place(self.part.name) for cell in cells}  # its cells have no lines
        later = self.part.columns[1:]  # the first one begins where its line does
        lines = {row: self.layout.find_line(row) for row, name in cells if name in later}
        texts = self._read_records(sorted(set(lines.values())))
        return {
            (row, name): self._locate_cell(lines[row], name, texts) if name in later else self.locate_row(row)
            for row, name in cells
        }

    def _locate_cell(self, line: int, name: str, texts: dict[int, str]) -> Place:
        from conflictdata.readers.seed_csv import read_rows

        try:
            cell = next(read_rows(texts[line], self.part.separator))[self.part.columns.index(name)]
        except (csv.Error, StopIteration, IndexError):
            return Place(self.part.name, line, 1)
        return Place(self.part.name, line + cell.line - 1, cell.column)

    def _read_records(self, lines: list[int]) -> dict[int, str]:
        """The lines of the file by number, each with those that a record may run on over."""
        found: dict[int, str] = {}
        with self.part.path.open("rb") as file:
            for line, start in self._find_line_starts(file, lines):
                file.seek(start)
                text = file.readline()
                for _ in range(MAX_LINES):
                    if text.count(b'"') % 2 == 0:
                        break
                    text += file.readline()
                found[line] = text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
        return found

    def _find_line_starts(self, file: BinaryIO, lines: list[int]) -> Iterator[tuple[int, int]]:
        """Each of these lines, which are sorted, and its first byte."""
        number, breaks = -1, []
        for line in lines:
            if line == 1:
                yield line, 0
                continue
            # The line begins after the break before it, which lies in this block.
            block = bisect_left(self._breaks_before, line - 1) - 1
            if block != number:
                number = block
                file.seek(number * _BLOCK)
                breaks = [hit.start() for hit in re.finditer(_BREAK, file.read(_BLOCK))]
            yield line, number * _BLOCK + breaks[line - 2 - self._breaks_before[number]] + 1
