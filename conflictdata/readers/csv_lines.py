"""The lines of a CSV: which of them are records, and what is wrong with the others.

A line with as many cells as the header is a record; a record may run over several lines inside quotes. Any other line is
a finding with its line and column, and no reader gets to see it, so that no program guesses at it.
"""

from __future__ import annotations

import mmap
import re
import sys
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from conflictdata.findings import Finding, Place
from conflictdata.readers.footers import LAST_ROWS, find_footer
from conflictdata.readers.records import Cell
from conflictdata.readers.row_faults import make_nul_finding
from conflictdata.readers.seed_csv import describe_misfit, read_rows
from conflictdata.rules.file_rules import make_file_finding

MAX_LINES = 500  # lines that one record may run over
BLOCK = 1 << 20
_LONG_HINT = "A quotation mark that is not closed makes one cell of many; else shorten the text."

MAX_CELL = 1_000_000  # characters of a cell; the longest of a real file so far has 21,000
MAX_MALFORMED = 20_000  # lines that are not a record, after which the rest of a file is not read
MAX_RECORD = 10_000_000  # bytes of a record; more are not looked at, so that no line costs much memory


def repeat_group(group: str, count: str, *, possessive: bool = sys.version_info >= (3, 11, 5)) -> str:
    """Return a pattern of a repeated group that never gives back what it has matched.

    CPython before 3.11.5 matches too much with a possessive quantifier over a group (its issue 106052): a row with a cell too few
    was passed over. The atomic group matches the same everywhere, and needs more memory.

    Args:
        group: Pattern of the group.
        count: Quantifier, as `*` or `{3}`.
        possessive: Write a possessive quantifier; else an atomic group.
    """
    return f"(?:{group}){count}+" if possessive else f"(?>(?:{group}){count})"


# A cell, and a cell on one line: a run of records on one line each is skipped at the speed of the machine's memory.
_CELL = r'(?:"[^"\0]*+' + repeat_group(r'""[^"\0]*+', "*") + r'"|[^"SEP\r\n\0]*+)'
_PLAIN = r'(?:"[^"\r\n\0]{0,MAX}+' + repeat_group(r'""[^"\r\n\0]{0,MAX}+', "*") + r'"|[^"SEP\r\n\0]{0,MAX}+)'
_BLANK = re.compile(repeat_group(r"\r?\n", "+").encode())


@dataclass(frozen=True)
class Grammar:
    """What the lines of a CSV must be.

    Attributes:
        file: Name of the file, as findings write it.
        columns: Its header.
        table: Our table that the file holds, in which every line must be a record. Empty for files of others, in which
            lines without a filled cell are skipped.
        separator: Sign between cells.
        header: Bytes of the header. A line that repeats them is not a record. Empty: no such line is expected.
        tags: Bytes of the row of HXL tags. A line with them is not a record. Empty: there is none.
    """

    file: str
    columns: tuple[str, ...]
    table: str = ""
    separator: str = ","
    header: bytes = b""
    tags: bytes = b""

    @property
    def described(self) -> tuple[bytes, ...]:
        """Return the lines that describe the columns, and so are not records."""
        return tuple(line for line in (*self.headers, self.tags) if line)

    @cached_property
    def headers(self) -> tuple[bytes, ...]:
        """Return the header as it is, with all its names quoted, and with none: programs differ in it."""
        if not self.header:
            return ()
        names, quoted = self.columns, [f'"{name}"' for name in self.columns]
        forms = (self.separator.join(form).encode() + b"\n" for form in (names, quoted))
        return tuple(dict.fromkeys((self.header, *forms)))

    def format_pattern(self, pattern: str) -> str:
        """Return a pattern of cells with the separator and the longest cell filled in."""
        return pattern.replace("SEP", re.escape(self.separator)).replace("MAX", str(MAX_CELL))

    @cached_property
    def record(self) -> re.Pattern[bytes]:
        """Pattern of a record, which may run over several lines."""
        cell, sign = self.format_pattern(_CELL), re.escape(self.separator)
        return re.compile(rf"{cell}{repeat_group(sign + cell, '*')}\r?\n?\Z".encode())

    @cached_property
    def run(self) -> re.Pattern[bytes]:
        """Pattern of records with as many cells as the header, on one line each."""
        cell, sign, width = self.format_pattern(_PLAIN), re.escape(self.separator), len(self.columns)
        unfilled = r"(?!\r?\n)" if self.table else rf"(?![{sign}\r]*\n)" if width > 1 else ""
        line = rf"{unfilled}{cell}{repeat_group(sign + cell, f'{{{width - 1}}}')}\r?\n"
        return re.compile(repeat_group(line, "*").encode())

    @cached_property
    def good_cell(self) -> re.Pattern[str]:
        """Pattern of a cell that is CSV."""
        return re.compile(self.format_pattern(r'"(?:[^"]|"")*"|(?!")[^"SEP\r\n]*'))


@dataclass
class CsvLayout:
    """Where the records of a CSV are.

    Attributes:
        malformed: what is wrong with lines that are not a record.
        breaks: rows after which the line is no longer the row's number and a constant: (row, its line).
        spans: bytes of the lines that are not a record.
        rows: how many records there are.
        blank_lines: how many lines of files of others have no filled cell.
        headers: lines that repeat the header.
        footers: lines below the table, with their texts.
    """

    malformed: list[Finding] = field(default_factory=list)
    breaks: list[tuple[int, int]] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)
    rows: int = 0
    blank_lines: int = 0
    headers: list[int] = field(default_factory=list)
    footers: dict[int, str] = field(default_factory=dict)

    def find_line(self, row: int) -> int:
        """Give the first line of a row, from 1."""
        at = bisect_right(self.breaks, (row, 1 << 62)) - 1
        first, line = self.breaks[at]
        return line + row - first

    def list_kept_spans(self, start: int, size: int) -> list[tuple[int, int]]:
        """List the stretches of bytes between the lines that are not a record.

        Args:
            start: the first byte that is wanted.
            size: the size of the file.
        """
        edges = [(start, start), *self.spans, (size, size)]
        return [(end, start) for (_, end), (start, _) in pairwise(edges) if start > end]


def _ignore_progress(upto: int) -> None:
    """Pass over how far the reading has come."""


def read_layout(
    data: bytes | mmap.mmap, start: int, line: int, grammar: Grammar, heard: Callable[[int], None] = _ignore_progress
) -> CsvLayout:
    """Go through a CSV: by runs of records that are one line each, and record by record between them.

    Args:
        data: the bytes of the file.
        start: the first byte after the header.
        line: its line.
        grammar: what the lines must be.
        heard: is given the byte up to which the file has been read.
    """
    reader = _LayoutReader(data, line, grammar)
    while start < len(data):
        if len(reader.layout.malformed) >= MAX_MALFORMED:
            start = reader.skip_rest(start)
            break
        start = reader.skip_records(start) or reader.skip_blank_lines(start) or reader.skip_record(start)
        heard(start)
    reader.layout.breaks = reader.layout.breaks or [(0, line)]
    reader.layout.rows = reader.row
    return reader.layout


class _LayoutReader:
    """Goes through the records of a CSV and writes down where they are."""

    def __init__(self, data: bytes | mmap.mmap, line: int, grammar: Grammar) -> None:
        self.layout, self.row = CsvLayout(), 0
        self._data, self._line, self._grammar, self._expected = data, line, grammar, 0
        self._tail = len(data) if grammar.table or len(grammar.columns) < 2 else find_last_lines(data)

    def skip_records(self, start: int) -> int:
        """Pass over as many records of one line each as there are; the byte after them, 0 if there is none."""
        hit = self._grammar.run.match(self._data, start, min(start + BLOCK, max(start, self._tail)))
        text = hit[0] if hit else b""
        for line in self._grammar.described:
            if (at := (b"\n" + text).find(b"\n" + line)) >= 0:
                text = text[:at]
        try:
            text.decode("utf-8")
        except UnicodeDecodeError as error:
            text = text[: text.rfind(b"\n", 0, error.start) + 1]
        if not text:
            return 0
        self._count_records(text.count(b"\n"), text.count(b"\n"))
        return start + len(text)

    def skip_blank_lines(self, start: int) -> int:
        """Skip blank lines; return the byte after them, 0 if there are none."""
        end, lines = start, 0
        while hit := _BLANK.match(self._data, end, min(end + BLOCK, len(self._data))):
            end, lines = hit.end(), lines + hit[0].count(b"\n")
        if not lines:
            return 0
        self.layout.spans.append((start, end))
        if not self._grammar.table:
            self.layout.blank_lines += lines
        elif end < len(self._data):  # blank lines at the end are nothing
            message = "the line is blank" if lines == 1 else f"{lines:,} lines are blank"
            hint = "Delete it." if lines == 1 else "Delete them."
            self.layout.malformed.append(
                make_file_finding("csv.width", message, Place(self._grammar.file, self._line, 1), hint=hint)
            )
        self._line += lines
        return end

    def skip_record(self, start: int) -> int:
        """Pass over one record, or a line that begins none; the byte after it."""
        text = self._read_text(start)
        lines = max(1, text.count(b"\n"))
        sign = self._grammar.separator.encode()
        unfilled = not self._grammar.table and len(self._grammar.columns) > 1 and not text.strip(sign + b" \t\r\n")
        is_header = any(_is_line(text, header) for header in self._grammar.headers)
        footer = "" if unfilled or start < self._tail else self._find_footer(text)
        is_skipped = unfilled or is_header or footer or _is_line(text, self._grammar.tags)
        fault = None if is_skipped else self._fault(text)
        if not is_skipped and fault is None:
            self._count_records(1, lines)
            return start + len(text)
        self.layout.blank_lines += lines if unfilled else 0
        self.layout.headers += [self._line] if is_header else []
        if footer:
            self.layout.footers[self._line] = footer
        self.layout.spans.append((start, start + len(text)))
        if fault is not None:
            self.layout.malformed.append(fault)
        self._line += lines
        return start + len(text)

    def skip_rest(self, start: int) -> int:
        """Leave out the rest of a file of which too many lines are not a record; return the byte after it."""
        message = f"{len(self.layout.malformed):,} lines above are not records; from here on the file is not read"
        hint = "Correct the first of them, and check the file again: one quotation mark that is not closed can spoil all lines below it."
        self.layout.malformed.append(make_file_finding("csv.syntax", message, self._locate(0, 1), hint=hint))
        self.layout.spans.append((start, len(self._data)))
        return len(self._data)

    def _find_footer(self, text: bytes) -> str:
        if len(text) > MAX_RECORD or b"\0" in text:
            return ""
        cells = [
            cell.strip('" ') for cell in text.decode("utf-8", "replace").rstrip("\r\n").split(self._grammar.separator)
        ]
        return find_footer([*cells, *[""] * (len(self._grammar.columns) - len(cells))])

    def _count_records(self, rows: int, lines: int) -> None:
        """Count records; they follow on one another, a line each, or are one."""
        if self._line != self._expected:
            self.layout.breaks.append((self.row, self._line))
        # After a record of several lines the next one is not on the line after its first.
        self._expected = self._line + rows
        self.row, self._line = self.row + rows, self._line + lines

    def _read_text(self, start: int) -> bytes:
        """The record that begins at a byte, if it ends within `LONGEST` lines; else the line alone."""
        end = self._end_of_line(start)
        first = text = self._data[start:end]
        if len(first) > MAX_RECORD or b'"' not in first or self._grammar.record.match(first):
            return first
        for _ in range(MAX_LINES):
            if text.count(b'"') % 2 == 0 or end == len(self._data) or len(text) > MAX_RECORD:
                break
            start, end = end, self._end_of_line(end)
            text += self._data[start:end]
        return text if self._grammar.record.match(text) else first

    def _end_of_line(self, start: int) -> int:
        return self._data.find(b"\n", start) + 1 or len(self._data)

    def _fault(self, text: bytes) -> Finding | None:
        """What is wrong with the bytes of a record; None if nothing is."""
        if len(text) > MAX_RECORD:
            message = f"the line has {len(text):,} bytes, more than {MAX_RECORD:,}, and is not read"
            return make_file_finding("file.size", message, self._locate(0, 1), hint=_LONG_HINT)
        try:
            decoded = text.decode("utf-8")
        except UnicodeDecodeError as error:
            column = len(text[: error.start].decode("utf-8", "replace")) + 1
            message = f"byte 0x{text[error.start]:02x} is not UTF-8"
            return make_file_finding("file.encoding", message, self._locate(0, column), value=_shorten_text(text))
        if (at := decoded.find("\0")) >= 0:
            below, column = decoded.count("\n", 0, at), at - decoded.rfind("\n", 0, at)
            return make_nul_finding(self._locate(below, column), self._find_column(decoded, at))
        if b'"' in text and not self._grammar.record.match(text):
            message, column = _find_syntax_fault(decoded, self._grammar)
            return make_file_finding("csv.syntax", message, self._locate(0, column), value=_shorten_text(text))
        cells = split_cells(decoded, self._grammar.separator)
        if len(cells) == len(self._grammar.columns):
            long = next((cell for cell in cells if len(cell.text) > MAX_CELL), None)
            if long is None:
                return None
            message = f"a cell has {len(long.text):,} characters, more than {MAX_CELL:,}, and its row is not read"
            return make_file_finding("file.size", message, self._locate(long.line - 1, long.column), hint=_LONG_HINT)
        message, hint = describe_misfit(cells, self._grammar.columns, self._grammar.table)
        below, column = _locate_misfit(decoded, cells, len(self._grammar.columns))
        return make_file_finding(
            "csv.width", message, self._locate(below, column), value=_shorten_text(text), hint=hint
        )

    def _find_column(self, text: str, at: int) -> str:
        """Return the column of a character of a record; "" if its cells cannot be distinguished."""
        names, sign = self._grammar.columns, self._grammar.separator
        plain = text.replace("\0", "?")
        cells = split_cells(plain, sign) if self._grammar.record.match(plain.encode()) else []
        before = split_cells(plain[:at] + ('"' if plain.count('"', 0, at) % 2 else ""), sign)
        return names[len(before) - 1] if len(cells) == len(names) else ""

    def _locate(self, below: int, column: int) -> Place:
        return Place(self._grammar.file, self._line + below, column)


def find_last_lines(data: bytes | mmap.mmap) -> int:
    """Return the byte at which the last lines of a text begin, in which a row may be a total or a note."""
    start = len(data)
    for _ in range(LAST_ROWS + 1):
        start = data.rfind(b"\n", 0, max(0, start))
        if start < 0:
            return 0
    return start + 1


def _is_line(text: bytes, line: bytes) -> bool:
    return bool(line) and text.rstrip(b"\n") == line.rstrip(b"\n")


def split_cells(text: str, separator: str = ",") -> list[Cell]:
    """Return the cells of a record with their places in it."""
    body = text.rstrip("\r\n").replace("\r\n", "\n")
    if '"' in body:
        return next(read_rows(body, separator), [])
    cells, column = [], 1
    for value in body.split(separator):
        cells.append(Cell(value, 1, column))
        column += len(value) + 1
    return cells


def _locate_misfit(text: str, cells: Sequence[Cell], width: int) -> tuple[int, int]:
    """Where a record has the comma before its first surplus cell, or where it ends too early: lines below its first, column."""
    if len(cells) > width:
        return cells[width].line - 1, cells[width].column - 1
    lines = text.rstrip("\r\n").split("\n")
    return len(lines) - 1, len(lines[-1]) + 1


def _find_syntax_fault(text: str, grammar: Grammar) -> tuple[str, int]:
    """The first place at which a line with quotes is not CSV, and what is wrong there."""
    body, at = text.rstrip("\r\n"), 0
    while True:
        hit = grammar.good_cell.match(body, at)
        if hit is None:
            return "a quoted cell does not end", at + 1
        at = hit.end()
        if at == len(body) or body[at] != grammar.separator:
            return "a quotation mark is inside a cell", at + 1
        at += 1


def _shorten_text(text: bytes) -> str:
    return text.decode("utf-8", "replace").rstrip("\r\n")[:200]
