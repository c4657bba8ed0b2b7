"""Read one side of a comparison: a built package, a seeds folder or tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from conflictdata._utils.paths import display_path
from conflictdata._utils.regular_files import read_at_most
from conflictdata.comparison.model import SnapshotInfo
from conflictdata.findings import Report, UsageError
from conflictdata.readers.frames import convert_frame, is_frame
from conflictdata.schema.columns import (
    list_tables,
    load_compiled,
    load_constraints,
    make_empty_frame,
    make_polars_schema,
)
from conflictdata.seeds import Progress, is_seeds
from conflictdata.seeds.collections import compute_fingerprint, list_collection_folders, read_collection
from conflictdata.seeds.ledgers import Ledger, read_retired
from conflictdata.validation.cells import cast_column
from conflictdata.validation.collections import validate_collection
from conflictdata.validation.frames import identify_table
from conflictdata.validation.pipeline import read_seeds_target, validate_target

if TYPE_CHECKING:
    from conflictdata.readers.frames import Frame

    SnapshotSource: TypeAlias = "str | Path | Frame | Mapping[str, Frame] | Snapshot"

Tables = Mapping[str, pl.DataFrame]
Schemas = Mapping[str, Mapping[str, Any]]

_TYPES: dict[str, Any] = {"integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "string": pl.String}
FILE = "datapackage.json"
_UNREADABLE_RULES = ("yaml.", "file.", "csv.")
_HARMLESS_RULES = ("file.line-ending", "file.byte-order-mark", "file.tab", "file.control-character", "file.bidi")


@dataclass(frozen=True)
class CollectionSide:
    """A collection of one version of the data.

    Attributes:
        fingerprint: A text that is equal if the tables and their description are equal. Empty if it is not known.
        read: Reads its tables.
    """

    fingerprint: str
    read: Callable[[], Snapshot]


@dataclass(frozen=True)
class Snapshot:
    """One version of the data.

    Attributes:
        info: Its name, kind, version and counts.
        tables: The tables as polars frames. A missing table counts as empty.
        schemas: The Table Schema of each table. None for those of the installed software.
        descriptor: Contents of `datapackage.json`, if it is a package.
        retired: Withdrawn ids. None if there is no ledger.
        collections: Its collections by name. None if they are not known, as of DataFrames.
    """

    info: SnapshotInfo
    tables: Tables
    schemas: Schemas | None = None
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    retired: Ledger | None = None
    collections: Mapping[str, CollectionSide] | None = None


def read_snapshot(source: SnapshotSource, *, name: str = "", progress: Progress = iter) -> Snapshot:
    """Read one side.

    Args:
        source: A built package (its folder or its `datapackage.json`), a seeds folder, a DataFrame of pandas, polars or
            Arrow, such frames by table name, or a snapshot, which is returned unchanged.
        name: Name to show. Default: its path.
        progress: Wraps the list of seed files, for example to show a progress bar.

    Raises:
        UsageError: If it does not exist, is none of these, or cannot be read.
    """
    if isinstance(source, Snapshot):
        return source
    if isinstance(source, Mapping) or is_frame(source):
        tables = _read_frames(source)
        return Snapshot(_make_info(name or "tables", "tables", tables), tables)
    if not isinstance(source, str | Path):
        raise UsageError(
            f"{type(source).__name__} cannot be compared; give a path, a DataFrame or frames by table name"
        )
    path = Path(source)
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if path.is_dir() and is_seeds(path):
        return read_seeds_snapshot(path, name=name, progress=progress)
    descriptor = path / FILE if path.is_dir() else path
    if descriptor.name == FILE and descriptor.is_file():
        return read_package_snapshot(descriptor, name)
    raise UsageError(f"{path} is neither a data package (a folder with {FILE}) nor a folder of seeds")


def _read_frames(source: Any) -> dict[str, pl.DataFrame]:
    """Return the frames by table name, with the types of the table."""
    tables = {}
    for name, frame in source.items() if isinstance(source, Mapping) else [("", source)]:
        if not is_frame(frame):
            raise UsageError(
                f"{type(frame).__name__} cannot be compared; give a path, a DataFrame or frames by table name"
            )
        if name in load_compiled() and name not in list_tables():  # derived
            continue
        if name in list_tables() and isinstance(frame, pl.DataFrame) and _is_typed(name, frame):
            tables[name] = frame
            continue
        text = convert_frame(frame, name or "the DataFrame")
        table = identify_table(name, text.columns)
        if not table:
            raise UsageError(f"the DataFrame is a table of another dataset; the tables are: {', '.join(list_tables())}")
        tables[table] = _cast_columns(table, text)
    return tables


def _is_typed(table: str, frame: pl.DataFrame) -> bool:
    types = make_polars_schema(table)
    return all(types.get(name, dtype) == dtype for name, dtype in frame.schema.items())


def _cast_columns(table: str, text: pl.DataFrame) -> pl.DataFrame:
    limits = [c for c in load_constraints(table) if c.column in text.columns]
    typed = text.with_columns(cast_column(c).alias(c.column) for c in limits)
    for c in limits:
        for row in (typed[c.column].is_null() & text[c.column].is_not_null()).arg_true():
            kind = {"date": "day", "count": "whole number"}.get(c.kind, c.kind)
            raise UsageError(
                f"{table}, row {row}: {c.column} holds {text[c.column][row]!r}, not a {kind}; correct it first"
            )
    return typed


def _make_info(name: str, kind: str, frames: Tables, **more: Any) -> SnapshotInfo:
    return SnapshotInfo(name, kind, rows={t: frames[t].height for t in list_tables() if t in frames}, **more)


def read_seeds_snapshot(
    folder: Path, *, name: str = "", kind: str = "seeds", schemas: Schemas | None = None, progress: Progress = iter
) -> Snapshot:
    """Read and validate a seeds folder.

    Args:
        folder: The seeds folder.
        name: Name to show. Default: its path.
        kind: Kind to show: `seeds` or `revision`.
        schemas: Its Table Schemas. None for those of the installed software.
        progress: Wraps the list of seed files, for example to show a progress bar.

    Raises:
        UsageError: If a reference table is missing: all its records would look removed.
    """
    target = read_seeds_target(folder, progress=progress, released=True)
    if missing_tables := [t for t in list_tables() if t not in target.sheets]:
        names = ", ".join(f"reference/{t}.csv" for t in missing_tables)
        raise UsageError(f"{name or folder} lacks {names}; without it the records cannot be compared")
    result = validate_target(target)
    release = target.draft.release if target.draft else None
    info = _make_info(
        name or str(folder), kind, result.tables,
        version=release.version.text if release else "", errors=len(result.report.errors), unread=_list_unread_files(result.report, folder),
    )  # fmt: skip
    sides = _list_seeds_collections(folder, result.tables)
    return Snapshot(info, result.tables, schemas, retired=_read_ledger(folder), collections=sides)


def _list_seeds_collections(folder: Path, registers: Tables) -> dict[str, CollectionSide]:
    """Return the collections of a folder of seeds. Their tables need the rules, which make the flags."""
    sides = {}
    for place in list_collection_folders(folder):
        sides[place.name] = CollectionSide(
            compute_fingerprint(place), partial(_read_seeds_collection, place, registers)
        )
    return sides


def _read_seeds_collection(place: Path, registers: Tables) -> Snapshot:
    checked = validate_collection(read_collection(place), registers)
    if not checked.tables:
        first = checked.report.errors[0]
        raise UsageError(
            f"{first.place}: {first.message}; the collection {place.name} cannot be compared. {first.hint}"
        )
    return make_collection_snapshot(place.name, str(place), checked.tables)


def make_collection_snapshot(name: str, place: str, tables: Tables, version: str = "") -> Snapshot:
    """Make the snapshot of a collection from its tables."""
    return Snapshot(
        _make_info(f"{place}, collection {name}" if name not in place else place, "tables", tables, version=version),
        tables,
    )


def make_empty_snapshot(name: str, kind: str, schemas: Schemas | None = None) -> Snapshot:
    """Make a side without seeds, in which every table is empty."""
    tables = {table: make_empty_frame(table) for table in list_tables()}
    info = _make_info(name, kind, tables, errors=0, missing=True)
    return Snapshot(info, tables, schemas, retired={}, collections={})


def _read_ledger(folder: Path) -> Ledger:
    try:
        return read_retired(folder / "retired.csv")
    except UsageError:
        return {}  # validation of the seeds reports it


def _list_unread_files(report: Report, folder: Path) -> tuple[str, ...]:
    """Return the files whose records could not be read, relative to the folder."""
    unreadable = [f for f in report.errors if f.rule.startswith(_UNREADABLE_RULES) and f.rule not in _HARMLESS_RULES]
    return tuple(sorted({f.place.file.removeprefix(f"{display_path(folder)}/") for f in unreadable if f.place}))


def read_package_snapshot(descriptor: Path, name: str = "") -> Snapshot:
    """Read a built package according to its own descriptor.

    Args:
        descriptor: Path of its `datapackage.json`.
        name: Name to show. Default: its folder.

    Raises:
        UsageError: If the descriptor, a schema or a table cannot be read.
    """
    from conflictdata.datapackage.descriptor import read_descriptor

    package = read_descriptor(descriptor)
    folder = descriptor.parent
    resources = {r["name"]: r for r in package["resources"]}
    schemas = {name: _read_schema(folder, resource) for name, resource in resources.items()}
    frames = {t: _read_table(folder, resources[t], schemas[t]) for t in list_tables() if t in resources}
    version = package.get("version")
    info = _make_info(name or str(folder), "package", frames, version=version if isinstance(version, str) else "")
    return Snapshot(info, frames, schemas, package, collections=dict(_list_package_collections(folder, package)))


def _list_package_collections(folder: Path, package: Mapping[str, Any]) -> Iterator[tuple[str, CollectionSide]]:
    from conflictdata.datapackage.descriptor import is_inside

    listed = package.get("collections", [])
    for entry in listed if isinstance(listed, list) else [None]:
        if not isinstance(entry, dict) or not is_inside(entry.get("path")):
            raise UsageError(f"{folder / FILE}: a collection has no path inside the folder")
        yield str(entry.get("name")), CollectionSide("", partial(read_package_snapshot, folder / entry["path"]))


def _read_schema(folder: Path, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    from conflictdata.datapackage.descriptor import LARGEST, is_inside

    schema: Any = resource.get("schema")
    if is_inside(schema):
        file = folder / schema
        try:
            schema = json.loads(read_at_most(file, LARGEST))
        except OSError as fault:
            raise UsageError(f"{file} cannot be read: {fault.strerror}") from None
        except (ValueError, RecursionError) as fault:
            raise UsageError(f"{file} is not JSON: {fault}") from None
    if not is_schema(schema):
        raise UsageError(f"{folder / FILE}: the resource {resource['name']} has no Table Schema with named fields")
    return dict(schema)


def is_schema(schema: Any) -> bool:
    """Return whether a value is a Table Schema whose fields have names."""
    from conflictdata.datapackage.descriptor import is_field

    fields = schema.get("fields") if isinstance(schema, dict) else None
    return isinstance(fields, list) and all(map(is_field, fields))


def _read_table(folder: Path, resource: Mapping[str, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """Read a table from its Parquet file, which is faster, or else from its CSV file."""
    from conflictdata.datapackage.descriptor import is_inside

    parquet: list[Any] = [a.get("path") for a in resource.get("alternates") or [] if isinstance(a, dict)]
    files = [folder / p for p in parquet if is_inside(p) and p.endswith(".parquet") and (folder / p).is_file()]
    file = files[0] if files else folder / resource["path"]
    try:
        return pl.read_parquet(file, glob=False) if files else _read_csv(file, schema)
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as fault:
        reason = (fault.strerror if isinstance(fault, OSError) else None) or (str(fault).splitlines() or [""])[0]
        raise UsageError(f"{file} cannot be read: {reason}") from None


def _read_csv(file: Path, schema: Mapping[str, Any]) -> pl.DataFrame:
    from conflictdata.datapackage.tables import read_csv

    types = {f["name"]: _TYPES.get(f.get("type", "string"), pl.String) for f in schema["fields"]}
    return read_csv(types, file)
