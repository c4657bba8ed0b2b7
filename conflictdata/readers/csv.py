"""CSV in any form: encoding, separator, line ends, quoting, cells with line breaks. Each cell keeps its place."""

from __future__ import annotations

import contextlib
import csv
import io
import mmap
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.readers import csv_header
from conflictdata.readers.csv_header import CsvHeader, read_header
from conflictdata.readers.csv_lines import MAX_LINES, MAX_RECORD, CsvLayout, Grammar, read_layout, split_cells
from conflictdata.readers.footers import make_footer_finding
from conflictdata.readers.seed_csv import make_reader, read_rows
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules.file_rules import make_file_finding

Data = bytes | mmap.mmap
_LEAST = 3  # so many lines with one fault have it by the form of the file, and not by a slip


def make_grammar(header: CsvHeader, file: str, table: str = "") -> Grammar:
    """Return what the lines below a header must be."""
    repeated = header.text.encode() if len(header.names) > 1 else b""
    return Grammar(file, tuple(header.names), table, header.separator, repeated, header.tags.encode())


def report_layout(source: SourceTable, layout: CsvLayout, table: str) -> None:
    """Add what is wrong with the lines of a CSV to a table: malformed and repeated ones, and blank ones as a remark."""
    source.findings += layout.malformed if table else _join_alike(layout.malformed, layout.rows)
    source.skipped = len(layout.malformed)
    if layout.blank_lines:
        source.remarks.append("a blank line" if layout.blank_lines == 1 else f"{layout.blank_lines:,} blank lines")
    if layout.footers:
        line = min(layout.footers)
        source.findings.append(make_footer_finding(list(layout.footers.values()), Place(source.file, line, 1)))
    if not layout.headers:
        return
    hint = (
        "Two files were joined; delete the line." if table else "Two files may have been joined; the line is skipped."
    )
    found = [
        make_file_finding("csv.header", "the line repeats the header", Place(source.file, line, 1), hint=hint)
        for line in layout.headers
    ]
    if not table:
        more = f"{len(found)} lines repeat the header; the first is here" if len(found) > 1 else found[0].message
        found = [replace(found[0], severity="warning", message=more)]
    source.findings += found


def _join_alike(malformed: Sequence[Finding], rows: int) -> list[Finding]:
    """Return the findings on malformed lines; those of one kind as one, if most lines of the file have it."""
    times = Counter((f.rule, f.message.partition(";")[0]) for f in malformed)
    total = rows + len(malformed)
    common = {kind for kind, number in times.items() if number >= _LEAST and number * 2 > total}
    joined: list[Finding] = []
    for finding in malformed:
        kind = finding.rule, finding.message.partition(";")[0]
        if kind not in common:
            joined.append(finding)
        elif times[kind]:
            message = f"{times[kind]:,} of {total:,} lines are not read; of the first, {finding.message}"
            joined.append(replace(finding, message=message))
            times[kind] = 0
    return joined


def read_csv(data: Data, file: str, table: str = "", constants: Collection[str] = ()) -> SourceTable:
    """Read a CSV.

    A row with another number of cells than the header is left out, with a finding: its cells cannot be distinguished. So is a line
    that is not CSV.

    Args:
        data: Its bytes, in UTF-8 with line feeds (`text_form.TextForm.convert`).
        file: Name of the file.
        table: Our table that it holds; empty for files of others.
        constants: Columns that the names of folders give.

    Returns:
        The table. Columns without a name that hold nothing are left out.
    """
    header = read_header(data[: csv_header.HEAD_BYTES], file, table, constants)
    source = SourceTable(file, findings=list(header.findings), remarks=list(header.remarks))
    if not header.names:
        return source
    layout = read_layout(data, header.start, header.line, make_grammar(header, file, table))
    report_layout(source, layout, table)
    source.frame = _drop_nameless(build_frame(header, data, layout), header)
    source.locate = CsvLocator(data, header, layout, file)
    source.malformed_lines = _list_malformed_lines(data, layout, header)
    return source


def _list_malformed_lines(data: Data, layout: CsvLayout, header: CsvHeader) -> list[list[str]]:
    spans = ((start, end) for start, end in layout.spans if end - start <= MAX_RECORD)
    texts = (data[start:end].decode("utf-8", "replace").strip("\n") for start, end in spans)
    return [[cell.strip('"') for cell in text.split(header.separator)] for text in texts if text]


def build_frame(header: CsvHeader, data: Data, layout: CsvLayout) -> pl.DataFrame:
    """Return the records of a CSV as text; empty cells are null."""
    body = b"".join(data[begin:end] for begin, end in layout.list_kept_spans(header.start, len(data)))
    schema = dict.fromkeys(header.names, pl.String())
    frame = pl.DataFrame()
    if body:
        with contextlib.suppress(pl.exceptions.PolarsError):
            frame = pl.read_csv(
                io.BytesIO(body),
                has_header=False,
                schema=schema,
                separator=header.separator,
                truncate_ragged_lines=False,
            ).with_columns(pl.when(pl.all() != "").then(pl.all()))
    if frame.height != layout.rows or not frame.width:
        lines = io.StringIO(body.decode(), newline="")
        cells = [[cell or None for cell in row] for row in make_reader(lines, separator=header.separator) if row]
        columns = zip(*cells, strict=True) if cells else [()] * len(header.names)
        frame = pl.DataFrame({n: pl.Series(c, dtype=pl.String) for n, c in zip(header.names, columns, strict=True)})
    return frame


def _drop_nameless(frame: pl.DataFrame, header: CsvHeader) -> pl.DataFrame:
    """Leave out columns without a name in which no cell is filled."""
    names = [header.names[number] for number in header.nameless]
    return frame.drop([name for name in names if frame[name].null_count() == frame.height])


class CsvLocator:
    """Places of the cells of a CSV, found by reading the lines of their rows again."""

    def __init__(self, data: Data, header: CsvHeader, layout: CsvLayout, file: str) -> None:
        self._data, self._header, self._layout, self._file = data, header, layout, file
        self._index = {name: number for number, name in enumerate(header.names)}
        self._starts: list[int] = []

    def __call__(self, row: int, fields: Sequence[str] = ()) -> Place:
        """Return the place of the first of these columns that is filled in a row, else of the first of them, else of the row."""
        line = self._layout.find_line(row)
        known = [self._index[name] for name in fields if name in self._index]
        if not known:
            return Place(self._file, line, 1)
        cells = split_cells(self._read_record(line), self._header.separator)
        at = next((n for n in known if n < len(cells) and cells[n].text), known[0])
        if at >= len(cells):
            return Place(self._file, line, 1)
        return Place(self._file, line + cells[at].line - 1, cells[at].column)

    def _read_record(self, line: int) -> str:
        if not self._starts:
            self._starts = _find_line_starts(self._data)
        text = ""
        for number in range(line - 1, min(line + MAX_LINES, len(self._starts) - 1)):
            text += self._data[self._starts[number] : self._starts[number + 1]].decode("utf-8", "replace")
            if text.count('"') % 2 == 0:
                break
        return text


def _find_line_starts(data: Data) -> list[int]:
    starts, at = [0], data.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = data.find(b"\n", at + 1)
    if starts[-1] != len(data):
        starts.append(len(data))
    return starts


def read_names(head: bytes, file: str) -> list[str]:
    """Return the names in the header of a CSV, given its first bytes; none if it has no header."""
    try:
        return read_header(head, file).names
    except csv.Error:
        return []


__all__ = ["CsvLocator", "build_frame", "make_grammar", "read_csv", "read_names", "read_rows", "report_layout"]
