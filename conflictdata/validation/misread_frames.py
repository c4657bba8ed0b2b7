"""DataFrames that were made of a file in the wrong way: what is seen of it, and the call that reads the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets import detect_profile
from conflictdata.datasets.profile import Profile
from conflictdata.readers.csv_header import detect_separator, is_data
from conflictdata.readers.frames import convert_frame
from conflictdata.readers.json import ERROR_KEYS
from conflictdata.readers.normalize import CellForms, normalize_cells
from conflictdata.readers.published_headers import PUBLISHED_HEADERS
from conflictdata.readers.seed_csv import shorten_cell
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import judge_column

_HEAD = 25  # rows that are looked at
_COPY = re.compile(
    r"_duplicated_[0-9]+\Z"
)  # at the end of a name, as polars writes it for a second column of that name
_NUMBERED = re.compile(r"(?:column_|V|Column|field_)?[0-9]+\Z")  # names that programs give to columns without one
_WIDE = 8  # columns of a table of others have at least so many names


def explain_misread(frame: Any, name: str, among: Iterable[Profile] | None = None) -> str:
    """Return how a DataFrame was misread and the call that reads its file; "" if nothing shows that it was.

    Args:
        frame: The DataFrame.
        name: Its name in messages.
        among: The datasets that it may be of; None: all.
    """
    labels, rows = _read_head(frame)
    profiles = None if among is None else tuple(among)
    return (
        explain_pages(labels, rows, name)
        or _explain_header_below(labels, rows, name, profiles)
        or _explain_headless(labels, rows, name)
        or _explain_separator(labels, name)
        or ""
    )


def explain_moved_columns(frame: Any, name: str, columns: Mapping[str, Constraint], forms: CellForms | None) -> str:
    """Return how to read a file whose rows have more cells than its header; "" if the columns of a DataFrame are in place.

    pandas takes the first cells of such rows for the index: each column then has the cells of the next one, and the last is empty.

    Args:
        frame: The DataFrame.
        name: Its name in messages.
        columns: Its columns that are known, by their names in the frame.
        forms: How the makers of the table write its cells; None for a table of ours.
    """
    if not nw.dependencies.is_pandas_dataframe(frame):
        return ""
    extra, head = frame.index.nlevels, frame.head(_HEAD)
    last = frame.iloc[:, -extra:]
    if any(frame.index.names) or extra >= frame.shape[1] or not (last.isna() | (last == "")).all(axis=None):
        return ""
    moved = head.reset_index().iloc[:, : frame.shape[1]].set_axis(frame.columns, axis=1)
    if _count_broken(moved, columns, forms) >= _count_broken(head, columns, forms):
        return ""
    cells, them = ("1 cell", "it") if extra == 1 else (f"{extra} cells", "them")
    return (
        f"the columns of {name} are moved: the rows of its file have {cells} more than the header, such as a comma at their "
        f"ends, and pandas took {them} from the start of each row for the index. Read the file with pd.read_csv(FILE, index_col=False)"
    )


def _count_broken(frame: Any, columns: Mapping[str, Constraint], forms: CellForms | None) -> int:
    """Return the number of cells that break a rule of their column."""
    known = {label: columns[label] for label in frame.columns if label in columns}
    texts = convert_frame(frame[list(known)], "").rename({label: c.column for label, c in known.items()})
    if forms is not None:
        texts = normalize_cells(forms, tuple(known.values()), texts)
    judged = texts.select(judge_column(c).alias(c.column) for c in known.values())
    return sum(column.len() - column.null_count() for column in judged)


def _read_head(frame: Any) -> tuple[list[Any], list[list[Any]]]:
    """Return the names of the columns and the first rows; an index of pandas that is not a count comes first."""
    if nw.dependencies.is_pandas_dataframe(frame):
        head, index = frame.head(_HEAD), type(frame.index).__name__
        if index != "RangeIndex" and not all(isinstance(key, int) for key in head.index):
            head = head.reset_index()
        rows = [list(row) for row in head.itertuples(index=False, name=None)]
        return list(frame.columns), rows
    try:
        whole = frame.head(_HEAD).collect() if isinstance(frame, pl.LazyFrame) else pl.DataFrame(frame).head(_HEAD)
    except (pl.exceptions.PolarsError, ValueError, TypeError, OSError):
        labels = () if isinstance(frame, pl.LazyFrame) else getattr(frame, "column_names", None)
        return list(labels or ()), []
    return whole.columns, [list(row) for row in whole.iter_rows()]


def explain_pages(labels: Sequence[Any], rows: Sequence[Sequence[Any]], name: str) -> str:
    """Return how to take the records out of a page of an API, which are objects in the cells of one column."""
    for number, label in enumerate(labels):
        if label in ERROR_KEYS:
            continue
        cells = [row[number] for row in rows if number < len(row) and row[number] is not None]
        if cells and all(_is_object(cell) for cell in cells):
            one = repr(label)
            return (
                f"{name} is a page of an API: its column {one} holds the records. Give the records: "
                f"pd.DataFrame(page[{one}]), where page = json.load(open(FILE)); or validate the file itself"
            )
    return ""


def _is_object(cell: Any) -> bool:
    """Return whether a cell is a record, or a list of records."""
    if isinstance(cell, Mapping):
        return len(cell) > 1
    return isinstance(cell, list | tuple) and bool(cell) and all(isinstance(entry, Mapping) for entry in cell)


def _explain_header_below(
    labels: Sequence[Any], rows: Sequence[Sequence[Any]], name: str, among: tuple[Profile, ...] | None
) -> str:
    """Return how to read a table whose header is one of the rows of the frame."""
    for number, cells in enumerate(rows):
        names = [cell for cell in cells if isinstance(cell, str)]
        if len(names) * 2 <= len(cells) or detect_profile(names, among) is None:
            continue
        if all(_is_numbered(label) for label in labels):
            if number == 0:
                return f"{name} has its header as its first row. Read the file without header=None: pd.read_csv(FILE)"
            return f"{name} has its header as row {number}. Read the file with pd.read_csv(FILE, skiprows={number})"
        title = next((label for label in map(str, labels) if not _is_numbered(label)), "")
        above = "1 line" if not number else f"{number + 1} lines"
        return (
            f"{name} has its header as row {number}, below a title such as {shorten_cell(title)!r}. Leave out the {above} "
            f"above it: pd.read_csv(FILE, skiprows={number + 1}); count blank lines between the title and the header too"
        )
    return ""


def _is_numbered(label: Any) -> bool:
    return isinstance(label, int) or _NUMBERED.match(str(label)) is not None or str(label).startswith("Unnamed: ")


def _explain_headless(labels: Sequence[Any], rows: Sequence[Sequence[Any]], name: str) -> str:
    """Return how to read a table without a header: its first row, or numbers, became the names of the columns."""
    if len(labels) < _WIDE:
        return ""
    texts = [_COPY.sub("", str(label)) for label in labels]
    if all(_is_numbered(label) for label in labels) and rows:
        seen = f"{name} has numbers for names of columns, from {labels[0]!r} to {labels[-1]!r}"
    elif is_data(texts):
        seen = (
            f"{name} has no header: its first row became the names of the columns, such as {shorten_cell(texts[0])!r}"
        )
    else:
        return ""
    known = [header for header in PUBLISHED_HEADERS if len(header.names) == len(labels)]
    fix = f"{seen}. Read the file with the names: pd.read_csv(FILE, header=None, names=[...])"
    if not known:
        return f"{fix}; the codebook of the data has them in their order"
    names = known[0].names
    return (
        f"{fix}. {known[0].title} has {len(names)} columns too, from {names[0]!r}, {names[1]!r}, {names[2]!r} to {names[-1]!r}; "
        "conflictdata.validate('FILE') knows them all"
    )


def _explain_separator(labels: Sequence[Any], name: str) -> str:
    """Return how to read a table all of whose cells are in one column."""
    if len(labels) != 1 or not isinstance(labels[0], str):
        return ""
    if line := re.match(r"\W*sep=(.)?", labels[0]):
        sign = line[1] or ","
        return f"{name} has the line {labels[0]!r} for a header. Read the file with pd.read_csv(FILE, skiprows=1, sep={sign!r})"
    sign = detect_separator(labels[0])
    if labels[0].count(sign) < 2:
        if " " not in labels[0].strip():
            return ""
        return (
            f"{name} has one column, {shorten_cell(labels[0])!r}, and a table has several. A title above the header makes one of "
            "them: pd.read_csv(FILE, skiprows=1), with the number of lines above the header; so does another separator: sep=';'"
        )
    if sign == ",":
        return (
            f"{name} has one column, {shorten_cell(labels[0])!r}: each line of its file is in quotes as a whole. Read it without the "
            "outer quotes: pd.read_csv(io.StringIO('\\n'.join(pd.read_csv(FILE, header=None)[0])))"
        )
    return (
        f"{name} has one column, {shorten_cell(labels[0])!r}: the cells of its file are separated by {sign!r}. "
        f"Read it with pd.read_csv(FILE, sep={sign!r})"
    )
