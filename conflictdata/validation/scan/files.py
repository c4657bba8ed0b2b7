"""The files of a table as engines read them: unpacked, in plain form, with their columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conflictdata._utils.paths import display_path
from conflictdata._utils.work_folder import open_work_folder
from conflictdata.findings import Finding, Place, UsageError
from conflictdata.readers.csv_header import HEAD_BYTES, read_header
from conflictdata.readers.hxl import FIRST_ROWS, find_tag_row
from conflictdata.readers.packing import detect_format, is_packed, iterate_blocks, parse_constants
from conflictdata.readers.parquet import find_unknown_columns
from conflictdata.readers.row_faults import NUMBER, find_false_rows
from conflictdata.readers.text_form import TextForm, detect_form

if TYPE_CHECKING:
    from conflictdata.validation.plan import Plan


@dataclass(frozen=True)
class Part:
    """One file of a table.

    Attributes:
        number: its place among the files.
        path: the file that is read, unpacked.
        name: the file that the user gave, as findings write it.
        columns: the columns of the file, in order, under the names of the plan.
        given: the names that the file has for them.
        types: the polars type of each column of a Parquet file; empty for a CSV.
        constants: what the names of its folders say: `year=2024` gives every row the year 2024.
        skipped: lines before the first row.
        is_text: the columns of the plan whose type in the file is not their own, so that a cell may be unreadable.
        typed: the columns of whole numbers of a CSV that its reader reads as such, which must be weighed afterwards (`strict_integers`).
        has_raw: whether the file is a copy in canonical form, which has the texts as they were, next to it (`base.raw`).
        table: the table, if every line of a CSV must be a record of it (`readers.csv_lines.Grammar`).
        separator: sign between the cells of a CSV.
        header: bytes of the header of a CSV, which no line below may repeat.
        tags: bytes of the row of HXL tags of a CSV, which is not a record; empty if there is none.
        findings: what is wrong with the form of the file and its columns.
        remarks: other forms that were read, in words.
    """

    number: int
    path: Path
    name: str
    columns: tuple[str, ...]
    original_names: tuple[str, ...]
    types: dict[str, Any] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    skipped: int = 1
    is_text: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    has_raw: bool = False
    table: str = ""
    separator: str = ","
    header: bytes = b""
    tags: bytes = b""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_csv(self) -> bool:
        """True for a CSV, false for a Parquet file."""
        return not self.types

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns of the file, and those that the names of its folders give."""
        return (*self.columns, *(c for c in self.constants if c not in self.columns))


@contextmanager
def open_workspace() -> Iterator[Path]:
    """Open a folder for what does not fit into memory; it is removed afterwards."""
    with open_work_folder() as folder:
        yield folder


def prepare_part(number: int, path: Path, root: Path, plan: Plan, work: Path) -> Part:
    """Prepare a file for an engine: unpacked, a CSV in UTF-8 with line feeds, and with its columns.

    Args:
        number: Its place among the files.
        path: The file.
        root: The folder that it was found from.
        plan: What its table is checked for.
        work: Folder for copies.

    Raises:
        UsageError: The file is empty, or cannot be read as what its name says.
    """
    table = "" if plan.partial else plan.table
    constants, name = parse_constants(path, root), display_path(path)
    if detect_format(path) == "parquet":
        ready = _write_copy(iterate_blocks(path), work) if is_packed(path) else path
        types = _read_parquet_types(ready, path)
        findings = find_unknown_columns([*types, *constants], table, name) if plan.is_own else []
        if not table:
            ready, findings = _drop_false_rows(ready, types, name, work)
        columns = tuple(types)
        named = plan.rename_columns(columns)
        types = dict(zip(named, types.values(), strict=True))
        made = Part(number, ready, name, named, columns, types, constants, 0, table=table, findings=tuple(findings))
        return replace(made, is_text=select_text_columns(made, plan))
    ready, form = _make_plain(path, work, is_own=bool(table))
    with ready.open("rb") as opened:
        header = read_header(opened.read(HEAD_BYTES), name, table, constants)
    columns = tuple(header.names)
    made = Part(
        number, ready, name, plan.rename_columns(columns), columns, {}, constants, header.line - 1, table=table,
        separator=header.separator, header=header.text.encode() if len(columns) > 1 else b"", tags=header.tags.encode(),
        findings=(*form.findings, *header.findings), remarks=(*form.remarks, *header.remarks),
    )  # fmt: skip
    return replace(made, is_text=select_text_columns(made, plan))


def _make_plain(path: Path, work: Path, *, is_own: bool) -> tuple[Path, TextForm]:
    """Return a CSV in plain form, which is the file itself if it has that form, and the form that it had.

    Raises:
        UsageError: The file is empty or no text.
    """
    form = detect_form(iterate_blocks(path), display_path(path), is_own=is_own)
    if isinstance(form, Finding):
        raise UsageError(f"{form.place}: {form.message}. {form.hint}")
    if not is_packed(path) and form.encoding == "utf-8" and not form.has_mark and not _is_changed(path, form):
        return path, form
    form = replace(form, findings=[], remarks=[])
    return _write_copy(form.convert(iterate_blocks(path)), work), form


def _is_changed(path: Path, form: TextForm) -> bool:
    """Return whether the plain form of a file is another one than the file."""
    return any(not form.is_plain for _ in form.convert(iterate_blocks(path)))


def _write_copy(blocks: Iterable[bytes], work: Path) -> Path:
    target = work / f"{len(list(work.iterdir()))}-plain"
    with target.open("wb") as copy:
        copy.writelines(blocks)
    return target


def _drop_false_rows(ready: Path, types: dict[str, Any], name: str, work: Path) -> tuple[Path, list[Finding]]:
    """Return a Parquet file without the rows that are not records, as a copy if there are any, and what is wrong with them."""
    import polars as pl

    texts = [column for column, dtype in types.items() if isinstance(dtype, pl.String | pl.Categorical | pl.Enum)]
    if not texts:
        return ready, []
    rows = pl.scan_parquet(ready, glob=False, hive_partitioning=False)
    tags = find_tag_row(rows.head(FIRST_ROWS).collect())
    found = find_false_rows(rows.with_row_index(NUMBER), texts)
    found = replace(found, tags=() if tags is None else (tags,))
    if not found.numbers:
        return ready, []
    target = work / f"{len(list(work.iterdir()))}-records"
    kept = rows.with_row_index(NUMBER).filter(~pl.col(NUMBER).is_in(found.numbers)).drop(NUMBER)
    kept.sink_parquet(target, maintain_order=True)
    return target, found.list_findings(lambda row, _: Place(name, row=row))


def has_missing_text(part: Part, plan: Plan) -> bool:
    """Return whether a text of a Parquet file is a word for a missing value."""
    import polars as pl

    texts = [c.column for c in plan.columns if c.kind == "prose" and part.types.get(c.column) == pl.String]
    if not texts:
        return False
    names = dict(zip(part.columns, part.original_names, strict=True))
    rows = pl.scan_parquet(part.path, glob=False, hive_partitioning=False)
    found = [pl.col(names[column]).str.strip_chars().is_in(list(plan.missing)).any() for column in texts]
    return bool(rows.select(pl.any_horizontal(found)).collect(engine="streaming").item())


def _read_parquet_types(ready: Path, path: Path) -> dict[str, Any]:
    """Return the columns of a Parquet file, with their types."""
    import polars as pl

    try:
        # `read_parquet_schema` takes a bracket in a name for a pattern.
        return dict(pl.scan_parquet(ready, glob=False, hive_partitioning=False).collect_schema())
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise UsageError(f"{display_path(path)} is not a Parquet file: {str(fault).splitlines()[0]}") from fault


def select_text_columns(made: Part, plan: Plan) -> frozenset[str]:
    """Return the columns of the plan whose type in the file is not their own."""
    import polars as pl

    text = set()
    for c in plan.columns:
        dtype = made.types.get(c.column, pl.String())
        fits = {"count": dtype.is_integer(), "number": dtype.is_integer(), "date": dtype == pl.Date}
        if c.column in made.all_columns and not fits.get(c.kind):
            text.add(c.column)
    return frozenset(text)
