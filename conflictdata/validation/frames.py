"""DataFrames to findings: the pipeline for tables in files, with rows in place of lines."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import polars as pl

from conflictdata._utils.suggest import suggest
from conflictdata.datasets import ProfileTable, detect_profile, get_profile, list_profiles
from conflictdata.findings import Place, Report, UsageError
from conflictdata.readers.frames import convert_frame, is_frame
from conflictdata.readers.parquet import find_unknown_columns
from conflictdata.readers.row_faults import drop_false_rows
from conflictdata.readers.sheet import SourceTable
from conflictdata.readers.tables import LocatedTable
from conflictdata.rules import load_rules
from conflictdata.schema.columns import Constraint, list_column_kinds, list_tables, load_compiled, load_constraints
from conflictdata.seeds import Progress
from conflictdata.validation.empty_tables import make_empty_finding, report_empty_tables
from conflictdata.validation.evaluate import Engine, FrameEngine
from conflictdata.validation.misread_frames import explain_misread, explain_moved_columns
from conflictdata.validation.not_evaluated import describe_missing_tables
from conflictdata.validation.persons import REASON, is_names_list
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget, validate_target
from conflictdata.validation.published_flags import apply_flags
from conflictdata.validation.table_files import AUTO, validate_sources
from conflictdata.validation.unknown_tables import describe_nearest, format_names

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

_UNNAMED = "the DataFrame"


@dataclass(frozen=True)
class FrameTable:
    """A DataFrame as one of our tables."""

    file: str
    frame: pl.DataFrame

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:  # noqa: ARG002 - a row is place enough
        """Return the row of the frame."""
        return Place(self.file, row=row)


def validate_frames(
    targets: Sequence[Frame | Mapping[str, Frame]],
    *,
    table: str | None = None,
    flags: Frame | str | Path | None = None,
    profile: str | None = None,
    engine: Engine = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
) -> list[Report]:
    """Validate DataFrames: those of our own tables as one set, those of other datasets by dataset.

    Args:
        targets: DataFrames of pandas or polars, LazyFrames, Arrow tables; or such frames by table name.
        table: Name of the table, if there is one frame. Default: the table that has exactly these columns.
        flags: Flags that cover findings: a DataFrame or a file. Default: those of the installed release.
        profile: Name of the dataset that the frames are of, or `auto`. Default: our own tables, else `auto`.
        engine: Engine that evaluates the rules.
        released_on: Last day on which an event may have happened. Default: today.
        progress: Wraps the rules while they are evaluated.

    Returns:
        One report per set.

    Raises:
        UsageError: If a target is not a DataFrame, or is not a known table.
    """
    if engine not in (known := get_args(FrameEngine)):
        raise UsageError(f"DataFrames are validated on the engines {' and '.join(known)}, not on {engine}")
    if table is not None and profile is not None:
        raise UsageError("give table= for one of our own tables, or profile= for another dataset, not both")
    tables: dict[str, pl.DataFrame] = {}
    sheets: list[SourceTable] = []
    for name, frame in _list_frames(targets, table):
        text = _convert_frame(frame, name)
        if profile is None and (own := identify_table(name, text.columns, frame)):
            if own in tables:
                raise UsageError(f"the table {own} is given twice")
            _check_index(frame, own, list_column_kinds(own))
            _check_columns(frame, own, {c.column: c for c in load_constraints(own)})
            tables[own] = text
        else:
            sheets.append(_make_sheet(name, text, profile, frame))
    reports = validate_sources(sheets, profile or AUTO, engine=engine, released_on=released_on)
    if tables:
        result = validate_texts(tables, engine=engine, released_on=released_on, progress=progress)
        _report_missing(result.report, tables)
        apply_flags(result.report, result.tables, flags)
        reports.append(result.report)
    return [_drop_lines(report) for report in reports]


def _convert_frame(frame: Any, name: str) -> pl.DataFrame:
    """Convert a DataFrame to text. An empty text is a missing cell, as in a CSV.

    Raises:
        UsageError: If it has columns or cells that no table has. The message names the call that reads its file.
    """
    try:
        text = convert_frame(frame, name or _UNNAMED)
    except UsageError as fault:
        raise UsageError(explain_misread(frame, name or _UNNAMED) or str(fault)) from None
    return text.with_columns(pl.when(pl.all() != "").then(pl.all()))


def _report_missing(report: Report, tables: Mapping[str, pl.DataFrame]) -> None:
    """Report tables without rows, and rules that need other tables."""
    for table, text in tables.items():
        if len(tables) == 1 and not text.height:
            report.add([make_empty_finding(Place(table), is_own=True)])
    report_empty_tables(report, {table: FrameTable(table, text) for table, text in tables.items()})
    report.not_evaluated = describe_missing_tables(load_rules().values(), tables)


def _drop_lines(report: Report) -> Report:
    """Remove the line of the header from findings on whole columns: a frame has no lines."""
    report.findings = [replace(f, place=replace(f.place, line=0)) if f.place else f for f in report.findings]
    return report


def _list_frames(targets: Iterable[Any], table: str | None) -> list[tuple[str, Any]]:
    """Return pairs of name and frame. The name is empty if the caller gives none."""
    pairs: list[tuple[Any, Any]] = []
    for target in targets:
        pairs += target.items() if isinstance(target, Mapping) else [(table or "", target)]
    if not pairs:
        raise UsageError("the mapping holds no DataFrame; give one by the name of its table")
    for name, frame in pairs:
        if isinstance(frame, str | Path):
            raise UsageError(
                f"table= and DataFrames are not given together with files; read {frame} into a DataFrame first"
            )
        if isinstance(frame, list) and frame and all(isinstance(entry, Mapping) for entry in frame):
            page = f"page[{name!r}]" if name else "page"
            raise UsageError(f"list cannot be validated; give the records as a DataFrame: pd.DataFrame({page})")
        if not isinstance(name, str) or not is_frame(frame):
            known = "paths, DataFrames of pandas, polars or Arrow, or such frames by table name"
            raise UsageError(f"{type(frame).__name__} cannot be validated; give {known}")
    if table is not None and (len(pairs) != 1 or pairs[0][0] != table):
        raise UsageError(
            f"table={table!r} is for one DataFrame; give several by name: {{'claims': ..., 'figures': ...}}"
        )
    return pairs


def identify_table(name: str, columns: Sequence[str], frame: Any = None) -> str:
    """Return the table of ours that a frame holds, by its name, else by its columns; "" for one of another dataset.

    Args:
        name: Name that the caller gives; may be empty.
        columns: Columns of the frame.
        frame: The DataFrame, to see how it was misread.

    Raises:
        UsageError: If it is neither. The message names the nearest table.
    """
    found = name or next((t for t in load_compiled() if set(list_column_kinds(t)) == set(columns)), "")
    if found in list_tables():
        return found
    if found in load_compiled():
        schema = f"conflictdata.schemas.{found.title()}"
        raise UsageError(f"{found} is derived: give the tables it is made from ({schema} checks its columns)")
    if name:
        hint = suggest(name, list_tables()) or f"The tables are: {', '.join(list_tables())}."
        raise UsageError(f"there is no table {name!r}. {hint}")
    if detect_profile(columns):
        return ""
    if is_names_list(columns):
        raise UsageError(f"{_UNNAMED} {REASON}")
    raise UsageError(explain_misread(frame, _UNNAMED) or _describe_unknown(columns))


def _describe_unknown(names: Sequence[str]) -> str:
    columns = set(names)
    known = {table: set(list_column_kinds(table)) for table in list_tables()}
    nearest = max(known, key=lambda table: len(known[table] & columns) / len(known[table] | columns))
    near = describe_nearest(names, list_profiles())
    if near or 2 * len(known[nearest] & columns) <= len(columns):
        start = "the columns of the DataFrame are those of no table that is known"
        fix = "give profile= for another dataset" if near else f"give table= ({', '.join(known)})"
        return f"{start}; {fix}. It has {format_names(names) or 'none'}. {near}".strip()
    lacking, extra = sorted(known[nearest] - columns), sorted(columns - known[nearest])
    parts = [f"lacks {format_names(lacking)}" if lacking else "", f"has {format_names(extra)} too" if extra else ""]
    difference = " and ".join(filter(None, parts))
    return f"the DataFrame is not a known table. Nearest is {nearest}, but the frame {difference}. Give table={nearest!r} to validate it"


def _check_index(frame: Any, title: str, columns: Collection[str]) -> None:
    """Refuse a pandas frame that has a column of its table in the index."""
    names = getattr(getattr(frame, "index", None), "names", ())
    if hidden := [name for name in names if name in columns and name not in frame.columns]:
        raise UsageError(
            f"{title}: {', '.join(hidden)} is the index of the DataFrame; make it a column: df.reset_index()"
        )


def _check_columns(
    frame: Any, title: str, columns: Mapping[str, Constraint], forms: ProfileTable | None = None
) -> None:
    """Refuse a pandas frame whose columns have the cells of the next ones."""
    if moved := explain_moved_columns(frame, title, columns, forms):
        raise UsageError(moved)


def _make_sheet(name: str, text: pl.DataFrame, profile: str | None, frame: Any) -> SourceTable:
    among = list_profiles() if profile in (None, AUTO) else (get_profile(profile),)
    found = detect_profile(text.columns, among)
    if found is None and is_names_list(text.columns):
        raise UsageError(f"{name or _UNNAMED} {REASON}")
    if found is None and (misread := explain_misread(frame, name or _UNNAMED, among)):
        raise UsageError(misread)
    if found is not None:
        _check_index(frame, name or _UNNAMED, [c.column for c in found[1].columns])
        constraints, ours = {c.column: c for c in found[1].columns}, found[1].map_columns(text.columns)
        _check_columns(frame, name or _UNNAMED, {label: constraints[c] for label, c in ours.items()}, found[1])
    file = name or (found[1].name if found else _UNNAMED)
    return drop_false_rows(SourceTable(file, text, locate=lambda row, _: Place(file, row=row), noun="DataFrame"))


def validate_texts(
    tables: Mapping[str, pl.DataFrame],
    *,
    engine: Engine = "polars",
    released_on: dt.date | None = None,
    progress: Progress = iter,
) -> ValidationResult:
    """Validate tables of text by name. The place of a finding is the row of the table.

    Args:
        tables: The cells as text, as from `convert_frame`. Columns may be missing, and there may be others.
        engine: Engine that evaluates the rules.
        released_on: Last day on which an event may have happened. Default: today.
        progress: Wraps the rules while they are evaluated.
    """
    sheets: dict[str, LocatedTable] = {name: FrameTable(name, _select_columns(name, t)) for name, t in tables.items()}
    target = ValidationTarget(sheets, files=len(tables))
    for name, text in tables.items():
        target.findings += find_unknown_columns(text.columns, name, name)
        target.missing_columns[name] = frozenset(list_column_kinds(name)) - set(text.columns)
    return validate_target(target, engine=engine, released_on=released_on, progress=progress)


def _select_columns(table: str, text: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the table. As in a CSV, a text without characters is a missing cell."""
    empty = pl.lit(None, dtype=pl.String)
    names = list_column_kinds(table)
    return text.select(pl.col(n).replace("", None) if n in text.columns else empty.alias(n) for n in names)
