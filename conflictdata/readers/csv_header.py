"""The header of a CSV: where it is, how cells are separated, and what the columns are called."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from conflictdata._utils.suggest import suggest
from conflictdata.findings import Finding, Place, Severity
from conflictdata.readers.footers import LAST_ROWS
from conflictdata.readers.hxl import FIRST_ROWS, is_tag_row
from conflictdata.readers.published_headers import find_published_header
from conflictdata.readers.records import Cell
from conflictdata.readers.seed_csv import make_reader, read_rows, shorten_cell
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_column_kinds, list_tables

SEPARATORS = ",;\t|"
HEAD_BYTES = 1 << 22  # in which the header must end
MAX_COLUMNS = 20_000  # of a header
_LONG_HINT = "Check that the file is a table with its header in the first line."
_SAMPLE = 30  # rows that show how wide the table is
_MAX_TITLE = 10  # rows that may be above the header
_DATA_CELL = re.compile(r"-?[0-9][0-9.,:/ T-]*\Z")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\n')
_NAMES = {";": "a semicolon", "\t": "a tab", "|": "a bar"}


@dataclass
class CsvHeader:
    """The header of a CSV.

    Attributes:
        names: Names of the columns. One without a name is called `column 3`, as is one whose name an earlier one has.
        cells: The cells of the header, with their places.
        separator: Sign between cells.
        text: Text of the header, with its end.
        start: Number of bytes before the first row.
        line: Line of the first row.
        findings: What is wrong with it.
        remarks: Other forms that were read, in words.
        nameless: Indexes of columns without a name.
        tags: Text of the row of HXL tags, with its end. It is not a record, wherever it is.
    """

    names: list[str]
    cells: list[Cell]
    separator: str
    text: str
    start: int
    line: int
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    tags: str = ""


def detect_separator(line: str) -> str:
    """Return the sign that separates most cells of a header, outside quotes."""
    plain = "".join(line.split('"')[::2])
    return max(SEPARATORS, key=lambda sign: plain.count(sign) or line.count(sign) / 1000)


def read_header(head: bytes, file: str, table: str = "", constants: Collection[str] = ()) -> CsvHeader:
    """Read the header of a CSV.

    Args:
        head: The first bytes, in UTF-8 with line feeds; at least the header and a row of tags.
        file: Name of the file, for findings.
        table: Our table that the file holds; empty for files of others, where a title above the header is a warning, and a row
            of HXL tags may follow it.
        constants: Columns that the names of folders give.
    """
    text = head.decode("utf-8", "replace")
    if len(head) >= HEAD_BYTES and "\n" not in text:
        return _refuse_size(f"the first line has more than {HEAD_BYTES:,} bytes", Place(file, 1))
    above, separator = _count_lines_above(text)
    body = "".join(islice(io.StringIO(text, newline="\n"), above, None)) if above else text
    separator = separator or detect_separator(body.split("\n", 1)[0])
    if (number := body.split("\n", 1)[0].count(separator) + 1) > MAX_COLUMNS:
        message = f"the header has {number:,} columns, more than the {MAX_COLUMNS:,} that are read"
        return _refuse_size(message, Place(file, above + 1), separator)
    reader = make_reader(io.StringIO(body, newline=""), separator=separator)
    try:
        next(reader, None)
        lines = reader.line_num
        first = "".join(islice(io.StringIO(body, newline="\n"), lines))
        cells = next(read_rows(first, separator), [])
    except csv.Error as fault:
        message = f"the header is not CSV: {fault.args[0]}"
        broken = make_file_finding("csv.syntax", message, Place(file, above + 1, 0))
        return CsvHeader([], [], separator, "", 0, above + 1, [broken])
    cells = [Cell(cell.text, cell.line + above, cell.column) for cell in cells]
    if not table:
        cells = _add_nameless(cells, body.removeprefix(first), separator)
    header = CsvHeader([], cells, separator, first, 0, above + lines + 1)
    title = "".join(islice(io.StringIO(text, newline="\n"), above))
    if not table and (published := find_published_header([cell.text for cell in cells])):
        header.names, header.text, header.line = list(published.names), "", above + 1
        header.remarks.append(f"no header: the {len(cells)} columns are those of {published.title}, in their order")
        header.start = len(title.encode())
        return header
    _name_columns(header, file)
    _judge_place(header, file, table, above, text)
    if table in list_tables():
        header.findings += _find_unknown_columns(header, table, file, constants)
    elif not table:
        first += _read_tags(header, title, body.removeprefix(first))
    header.start = len((title + first).encode())
    return header


def _refuse_size(message: str, place: Place, separator: str = ",") -> CsvHeader:
    """Return a header without columns, of a line that is too long to be one."""
    return CsvHeader(
        [], [], separator, "", 0, place.line, [make_file_finding("file.size", message, place, hint=_LONG_HINT)]
    )


def _add_nameless(cells: list[Cell], below: str, separator: str) -> list[Cell]:
    """Add the column that a header lacks: the row names of R before the first one, or a separator at the end of each row."""
    lines = [line for line in islice(io.StringIO(below, newline="\n"), _SAMPLE) if line.strip()]
    rows = [_split_record(line, separator) for line in lines[: -LAST_ROWS or None] or lines[:2]]
    if len(rows) < 2 or len(cells) < 2 or any(len(row) != len(cells) + 1 for row in rows):
        return cells
    last = cells[-1]
    if not any(row[-1].strip() for row in rows):
        return [*cells, Cell("", last.line, last.column + len(last.text))]
    numbers = [int(row[0]) if row[0].strip().isdecimal() else -1 for row in rows]
    if all(a < b for a, b in pairwise([-1, *numbers])):
        return [Cell("", cells[0].line, 1), *cells]
    return cells


def _read_tags(header: CsvHeader, title: str, below: str) -> str:
    """Find the row of HXL tags. Return the lines that belong to the header, because the tags are below them.

    Args:
        header: The header, which is given the text of the tags.
        title: The lines above the header.
        below: The text below it.
    """
    lines = list(islice(io.StringIO(below, newline="\n"), FIRST_ROWS))
    rows = [_split_record(line, header.separator) for line in lines]
    above = next(
        (line for line in title.splitlines(keepends=True) if is_tag_row(_split_record(line, header.separator))), ""
    )
    at = next((n for n, cells in enumerate(rows) if is_tag_row(cells, header.nameless)), None)
    if at is None:
        header.tags = above
        return ""
    header.tags = lines[at]
    if any(_has_data(cells) for cells in rows[:at]):
        return ""  # rows were sorted: those above the tags are records
    header.line += at + 1
    return "".join(lines[: at + 1])


def _split_record(line: str, separator: str) -> list[str]:
    try:
        return next(make_reader([line], separator=separator), [])
    except csv.Error:
        return []


def _has_data(cells: Sequence[str]) -> bool:
    return any(_DATA_CELL.match(cell.strip()) for cell in cells)


def _count_lines_above(text: str) -> tuple[int, str]:
    """Return the number of lines above the header, and the separator if a line `sep=` tells it."""
    lines = list(islice(io.StringIO(text, newline="\n"), _SAMPLE))
    above, separator = 0, ""
    if lines and (hit := _SEPARATOR_LINE.match(lines[0])):
        above, separator = 1, hit[1]
    while above < len(lines) and (not lines[above].strip() or _is_tags_above_header(lines[above:], separator)):
        above += 1
    rest = lines[above:]
    return above + _count_title_lines(rest, separator), separator


def _is_tags_above_header(lines: Sequence[str], separator: str) -> bool:
    """Return whether the first of these lines holds HXL tags, and the header is below it."""
    sign = separator or detect_separator(lines[0])
    if not lines[0].startswith(("#", '"#', sign)) or not is_tag_row(_split_record(lines[0], sign)):
        return False
    below = _split_record(next((line for line in lines[1:] if line.strip()), ""), sign)
    return len(below) == len(_split_record(lines[0], sign)) and not _has_data(below)


def _count_title_lines(lines: Sequence[str], separator: str) -> int:
    """Return the number of lines that are a title: they have few cells, and the table below them has many."""
    if len(lines) < 2:
        return 0
    own = _list_widths(lines, separator or detect_separator(lines[0]))
    if own[0] > 1 and own[0] == own[-1]:
        return 0  # the first row has as many cells as most others
    wide = max((_list_widths(lines, sign) for sign in separator or SEPARATORS), key=lambda widths: widths[-1])
    width = wide[-1]  # the width of most rows
    if width < 3 or _is_header(lines[0], width, wide[0], separator):
        return 0
    for number, line in enumerate(lines[: _MAX_TITLE + 1]):
        if number < len(wide) - 1 and wide[number] == width and _is_filled(line, separator, width):
            return 0 if is_data(_split_line(line, separator)) else number
    return 0


def _split_line(line: str, separator: str) -> list[str]:
    return [cell.strip(' "') for cell in re.split(re.escape(separator or detect_separator(line)), line.strip())]


def is_data(cells: Sequence[str]) -> bool:
    """Return whether the cells of a row are numbers and days, and no names of columns."""
    data = [cell for cell in cells if _DATA_CELL.match(cell.strip())]
    return len(data) >= 3 and len(data) * 2 >= len(cells)


def _is_header(line: str, width: int, cells: int, separator: str) -> bool:
    return cells * 2 > width and _is_filled(line, separator, cells)


def _is_filled(line: str, separator: str, width: int) -> bool:
    """Return whether most cells of a line are filled."""
    return sum(map(bool, _split_line(line, separator))) * 2 > width


def _list_widths(lines: Sequence[str], sign: str) -> list[int]:
    """Return the number of cells of each line, and at last the number that most lines have."""
    widths = ["".join(line.split('"')[::2]).count(sign) + 1 for line in lines]
    most = Counter(width for width in widths[1:]).most_common(1)
    return [*widths, most[0][0] if most else widths[0]]


def _name_columns(header: CsvHeader, file: str) -> None:
    """Name the columns, and report names that two columns have."""
    seen: set[str] = set()
    for number, cell in enumerate(header.cells):
        name = cell.text
        if not name.strip():
            header.nameless.append(number)
            name = f"column {number + 1}"
        elif name in seen:
            message = f"the header has {shorten_cell(name)!r} twice"
            hint = "Rename or remove one of the two; the first one is read."
            place = Place(file, cell.line, cell.column)
            header.findings.append(make_file_finding("csv.header", message, place, value=shorten_cell(name), hint=hint))
            name = f"{name} (column {number + 1})"
        seen.add(name)
        header.names.append(name)


def _judge_place(header: CsvHeader, file: str, table: str, above: int, text: str) -> None:
    """Report lines above the header, a header that holds data, another separator than a comma, and columns without a name."""
    line = header.cells[0].line if header.cells else above + 1
    top = [
        kept
        for kept in text.split("\n")[:above]
        if kept.strip() and not is_tag_row(_split_record(kept, header.separator))
    ]
    names = [cell.text for cell in header.cells]
    if is_data(names):
        value = next(name for name in names if _DATA_CELL.match(name.strip()))
        message = f"there is no header: the first row holds data such as {shorten_cell(value)!r}"
        hint = "Write the names of the columns into the first row, as the makers of the data give them."
        header.findings = [make_file_finding("csv.header", message, Place(file, line, 1), hint=hint)]
    if top and top[0].lower().startswith(("sep=", '"sep=')):
        _add_form(
            header,
            table,
            "csv.header",
            f"the line {top[0]!r} is not part of a table",
            "a line `sep=`",
            Place(file, 1, 1),
        )
        top = top[1:]
    elif above and text[:1] in ("\n", " "):
        blank = "the first line is blank" if above == 1 else f"the first {above} lines are blank"
        _add_form(header, table, "csv.width", blank, "blank lines above the header", Place(file, 1, 1))
    if top:
        severity: Severity = "error" if table else "warning"
        message = f"{shorten_cell(top[0])!r} is above the header, which is on line {line}"
        header.findings.append(
            make_file_finding(
                "csv.header", message, Place(file, 1, 1), hint="Delete the lines above it.", severity=severity
            )
        )
    if header.separator != "," and len(header.cells) > 1:
        name = _NAMES[header.separator]
        message = f"the cells are separated by {name}, not by a comma"
        at = Place(file, line, header.cells[1].column - 1)
        _add_form(header, table, "csv.separator", message, f"{name} between cells", at)
    if header.nameless:
        first = header.cells[header.nameless[0]]
        number = len(header.nameless)
        what = f"column {header.nameless[0] + 1} has no name" if number == 1 else f"{number} columns have no name"
        _add_form(header, table, "csv.header", what, f"{number} without a name", Place(file, first.line, first.column))


def _add_form(header: CsvHeader, table: str, rule: str, message: str, remark: str, place: Place) -> None:
    """Report a form that is an error in a table of ours, and a remark in files of others."""
    if table:
        header.findings.append(make_file_finding(rule, message, place))
    else:
        header.remarks.append(remark)


def _find_unknown_columns(header: CsvHeader, table: str, file: str, constants: Collection[str]) -> list[Finding]:
    """Return a finding for each column that a table of ours does not have, and one for all that it lacks."""
    known = list_column_kinds(table)
    findings = []
    if missing := [name for name in known if name not in header.names and name not in constants]:
        hint = "Add the columns; leave their cells empty where nothing is known."
        message = f"{table} lacks the column(s) {', '.join(missing)}"
        findings.append(make_file_finding("seed.missing-key", message, Place(file, header.line - 1, 0), hint=hint))
    for number, (name, cell) in enumerate(zip(header.names, header.cells, strict=True)):
        if name not in known and number not in header.nameless and name == cell.text:
            value = shorten_cell(name)
            hint = suggest(name, known) or f"The columns are: {', '.join(known)}."
            place = Place(file, cell.line, cell.column)
            message = f"{table} has no column {value!r}"
            findings.append(make_file_finding("seed.unknown-key", message, place, value=value, hint=hint))
    return findings
