"""Where a cell of a CSV stands: the line from the row, the column by reading that line."""

from __future__ import annotations

import csv
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import BinaryIO

from conflictdata.engines.source import Part
from conflictdata.engines.structure import LONGEST, Shape
from conflictdata.findings import Place

_BLOCK = 1 << 20
_BREAK = b"\n"
_NEAR = 1 << 10  # bytes that are gone through break by break


class Places:
    """The places of the cells of one file.

    Args:
        part: the file as the user gave it, with the lines that are no record.
        shape: where its records stand.
        known: line breaks before some bytes of the file, each with its byte, in order from the first one, where that is known.
    """

    def __init__(self, part: Part, shape: Shape, known: Sequence[tuple[int, int]] = ()) -> None:
        self.part = part
        self.shape = shape
        self.known = known

    @cached_property
    def _passed(self) -> list[tuple[int, int]]:
        """The line breaks before some bytes of the file, and the bytes: what is known, or those of blocks, read once."""
        if self.known:
            return list(self.known)
        counts = [(0, 0)]
        with self.part.path.open("rb") as file:
            while block := file.read(_BLOCK):
                breaks, byte = counts[-1]
                counts.append((breaks + block.count(_BREAK), byte + len(block)))
        return counts

    def line(self, row: int, column: int = 1) -> Place:
        """A sign of the line of a row."""
        return Place(self.part.name, self.shape.line(row), column)

    def of(self, wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Place]:
        """The places of cells, by row and column; a cell without a column of its own stands at its row.

        Args:
            wanted: rows, from 0, and the column of each; an empty column is the row.
        """
        cells = list(wanted)
        if not self.part.is_csv:
            return {cell: Place(self.part.name) for cell in cells}  # its cells have no lines
        lines = {row: self.shape.line(row) for row, name in cells if name in self.part.columns[1:]}
        texts = self._texts(sorted(set(lines.values())))
        return {
            (row, name): self._place(lines[row], name, texts) if name in self.part.columns[1:] else self.line(row)
            for row, name in cells
        }

    def _place(self, line: int, name: str, texts: dict[int, str]) -> Place:
        from conflictdata.seeds.tables import rows

        try:
            cell = next(rows(texts[line]))[self.part.columns.index(name)]
        except (csv.Error, StopIteration, IndexError):
            return Place(self.part.name, line, 1)
        return Place(self.part.name, line + cell.line - 1, cell.column)

    def _texts(self, lines: list[int]) -> dict[int, str]:
        """The lines of the file by number, each with those that a record may run on over."""
        found: dict[int, str] = {}
        with self.part.path.open("rb") as file:
            for line, start in self._starts(file, lines):
                file.seek(start)
                text = file.readline()
                for _ in range(LONGEST):
                    if text.count(b'"') % 2 == 0:
                        break
                    text += file.readline()
                found[line] = text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\r\n", "\n")
        return found

    def _starts(self, file: BinaryIO, lines: list[int]) -> Iterator[tuple[int, int]]:
        """Each of these lines, which are sorted, and its first byte."""
        number, block, done, after = -1, b"", 0, 0
        for line in lines:
            if line == 1:
                yield line, 0
                continue
            # The line begins after the break before it, which lies in this block, or after the break that was found last.
            wanted = bisect_left(self._passed, (line - 1, -1)) - 1
            passed, start = self._passed[wanted]
            if wanted != number:
                number, done, after = wanted, passed, 0
                file.seek(start)
                block = file.read(self._passed[wanted + 1][1] - start if wanted + 1 < len(self._passed) else -1)
            after = nth_break(block, line - 1 - done, after) + 1
            done = line - 1
            yield line, start + after


def nth_break(block: bytes, number: int, start: int = 0) -> int:
    """Where the line break with this number stands, from 1 for the first one at `start` or after it.

    Raises:
        ValueError: there are not so many.
    """
    step = _NEAR
    while start < len(block) and (before := block.count(_BREAK, start, start + step)) < number:
        start, number, step = start + step, number - before, step * 2
    end = start + step
    while end - start > _NEAR:
        middle = (start + end) // 2
        before = block.count(_BREAK, start, middle)
        start, end, number = (start, middle, number) if before >= number else (middle, end, number - before)
    at = start - 1
    for _ in range(number):
        at = block.index(_BREAK, at + 1)
    return at
