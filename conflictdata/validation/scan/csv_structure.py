"""The form of a CSV on disk: whether every line is a record, and a copy without the lines that are not.

What a record is, and what is said of the other lines, is for `seeds.lines`, which a check in memory asks too.
"""

from __future__ import annotations

import csv
import mmap
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from conflictdata.readers import csv_lines
from conflictdata.readers.csv_lines import BLOCK, MAX_CELL, CsvLayout, Grammar
from conflictdata.readers.footers import find_footer
from conflictdata.readers.seed_csv import make_reader
from conflictdata.validation.scan.files import Part

if TYPE_CHECKING:
    import polars as pl

_EDGES = frozenset(bytes([sign]) for sign in b',;\t|"\n')  # before a cell
_MAX_KEPT = 1 << 26  # bytes of a file that stay in memory while it is read


def make_plain_layout(part: Part) -> CsvLayout:
    """Return the shape of a CSV in which every line is a record."""
    return CsvLayout(breaks=[(0, part.skipped + 1)])


def make_grammar(part: Part) -> Grammar:
    """Return what the lines of a CSV must be."""
    return Grammar(part.name, part.original_names, part.table, part.separator, part.header, part.tags)


def has_quotes(path: Path) -> bool:
    """Return whether a file has a quotation mark."""
    with path.open("rb") as file:
        return any(b'"' in block for block in iter(lambda: file.read(BLOCK), b""))


def needs_layout(part: Part) -> bool:
    """Return whether lines of a CSV must be looked at one by one: it has quotes, a NUL, or a line that describes the columns."""
    lines = make_grammar(part).described
    keep, tail = max((len(line) for line in lines), default=0) + 1, b""
    with part.path.open("rb") as file:
        for _ in range(part.skipped):
            tail = file.readline()
        if b'"' in tail:
            return True
        tail = b"\n"
        for block in iter(lambda: file.read(BLOCK), b""):
            text = tail + block
            if b'"' in block or b"\0" in block or any(b"\n" + line in text for line in lines):
                return True
            tail = text[-keep:]
    return has_footer(part) or any(tail.rstrip(b"\n").endswith(b"\n" + line.rstrip(b"\n")) for line in lines)


def has_footer(part: Part) -> bool:
    """Return whether one of the last lines of a CSV of others is a total or a note."""
    if part.table or len(part.columns) < 2:
        return False
    with part.path.open("rb") as file:
        file.seek(max(0, part.path.stat().st_size - BLOCK))
        end = file.read()
    lines = end[csv_lines.find_last_lines(end) :].decode("utf-8", "replace").split("\n")
    return any(find_footer([*line.split(part.separator), *[""] * len(part.columns)]) for line in lines)


def has_word(path: Path, words: Sequence[str]) -> bool:
    """Return whether a cell of a CSV is one of these words, as far as a quick look tells; it may be the end of a longer text."""
    # A pattern that begins with its word is looked for at the speed of the machine's memory.
    patterns = [re.compile(re.escape(word.encode()) + rb'(?=[,;\t|"\r\n])') for word in words]
    tail = b""
    with path.open("rb") as file:
        for block in iter(lambda: file.read(BLOCK), b""):
            text = tail + block
            for pattern in patterns:
                if any(text[hit.start() - 1 : hit.start()] in _EDGES for hit in pattern.finditer(text)):
                    return True
            tail = block[-64:]
    return False


def _is_every_line(part: Part, good: pl.Expr) -> bool:
    """Return whether an expression over the text `line` holds for every line of a CSV. False if it cannot be read."""
    import polars as pl

    lines = pl.scan_csv(
        part.path, has_header=False, skip_lines=part.skipped, separator="\x01", quote_char=None, glob=False,
        schema={"line": pl.String}, truncate_ragged_lines=True, empty_string_is_null=False,
    )  # fmt: skip
    try:
        return not lines.select((~good).any()).collect(engine="streaming").item()
    except pl.exceptions.PolarsError:
        return False


def is_plain(part: Part) -> bool:
    """Return whether every line is a record and no cell is quoted: the quick look, which settles nothing where it says no."""
    import polars as pl

    if has_quotes(part.path):
        return False
    good = pl.col("line").str.count_matches(",", literal=True) == len(part.columns) - 1
    length = pl.col("line").str.len_bytes()
    good = good & (length >= len(part.columns)) & (length <= MAX_CELL)  # else no cell is filled, or one is too long
    return _is_every_line(part, good)


def has_record_per_line(part: Part) -> bool:
    """Return whether every line of a CSV with commas is a record, quoted or not: a quick look, of which False proves nothing."""
    import polars as pl

    cell = r'(?:"[^"\r\x00]*(?:""[^"\r\x00]*)*"|[^",\r\x00]*)'
    line, record = pl.col("line"), f"^{cell}(?:,{cell}){{{len(part.columns) - 1}}}$"
    header = part.header.decode("utf-8", "replace").rstrip("\r\n")
    good = line.str.contains(record) & (line != header) & (line.str.len_bytes() <= MAX_CELL)
    return len(part.columns) > 1 and _is_every_line(part, good)


def read_layout(part: Part) -> CsvLayout:
    """Go through a CSV line by line."""
    with part.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start, freed = sum(len(file.readline()) for _ in range(part.skipped)), 0

        def free(upto: int) -> None:
            nonlocal freed
            freed = _release_memory(data, freed, upto)

        return csv_lines.read_layout(data, start, part.skipped + 1, make_grammar(part), free)


def _release_memory(data: mmap.mmap, freed: int, upto: int) -> int:
    """Give back the memory of what has been read, which the system would keep as long as there is room; how far that is."""
    if upto - freed < _MAX_KEPT or not hasattr(data, "madvise"):
        return freed
    edge = upto - upto % mmap.ALLOCATIONGRANULARITY
    data.madvise(mmap.MADV_DONTNEED, freed, edge - freed)
    return edge


def write_clean_copy(part: Part, layout: CsvLayout, work: Path) -> Part:
    """Return a copy of a CSV without the lines that are not a record, with commas between the cells."""
    target = work / f"{part.number}-clean.csv"
    if part.separator != ",":
        _write_with_commas(part, layout, target)
        return replace(part, path=target, skipped=0, separator=",")
    with part.path.open("rb") as source, target.open("wb") as copy:
        for start, end in layout.list_kept_spans(0, part.path.stat().st_size):
            source.seek(start)
            remaining = end - start
            while remaining > 0:
                block = source.read(min(remaining, BLOCK))
                copy.write(block)
                remaining -= len(block)
    return replace(part, path=target)


def _write_with_commas(part: Part, layout: CsvLayout, target: Path) -> None:
    with part.path.open("rb") as source, target.open("w", encoding="utf-8", newline="") as copy:
        start = sum(len(source.readline()) for _ in range(part.skipped))
        writer = csv.writer(copy, lineterminator="\n")
        for begin, end in layout.list_kept_spans(start, part.path.stat().st_size):
            source.seek(begin)
            writer.writerows(make_reader(_iterate_lines(source, end), separator=part.separator))


def _iterate_lines(source: BinaryIO, end: int) -> Iterator[str]:
    while source.tell() < end:
        yield source.readline().decode()
