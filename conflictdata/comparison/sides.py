"""One side of a comparison, read: a built package, a folder of seeds, or tables at hand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata._utils.paths import shown
from conflictdata.comparison.model import SideInfo
from conflictdata.findings import Report, UsageError
from conflictdata.schema.columns import empty, tables
from conflictdata.seeds import Progress, is_seeds
from conflictdata.seeds.ledgers import Ledger, read_retired
from conflictdata.validation.pipeline import check, seeds_subject

Tables = Mapping[str, pl.DataFrame]
Schemas = Mapping[str, Mapping[str, Any]]

_TYPES: dict[str, Any] = {"integer": pl.Int64, "number": pl.Float64, "date": pl.Date, "string": pl.String}
FILE = "datapackage.json"
_UNREAD = ("yaml.", "file.", "csv.")
_PLAIN_FAULTS = ("file.line-ending", "file.byte-order-mark", "file.tab", "file.control-character", "file.bidi")


@dataclass(frozen=True)
class Side:
    """One version of the data.

    Attributes:
        info: what it is called and what is known of it.
        tables: the tables as polars frames; a table that is not there counts as empty.
        schemas: the Table Schema of each table; None for those of the installed software.
        descriptor: `datapackage.json`, where it is a package.
        retired: withdrawn ids; None where no ledger is known.
    """

    info: SideInfo
    tables: Tables
    schemas: Schemas | None = None
    descriptor: Mapping[str, Any] = field(default_factory=dict)
    retired: Ledger | None = None


def read_side(given: str | Path | Tables | Side, *, name: str = "", progress: Progress = iter) -> Side:
    """Read one side.

    Args:
        given: a built package (its folder or its `datapackage.json`), a folder of seeds, tables by name (polars), or a side.
        name: what it is called; its path where that is not given.
        progress: wraps the source files of seeds while they are read, to show a bar.

    Raises:
        UsageError: it is not there, is none of these, or cannot be read.
    """
    if isinstance(given, Side):
        return given
    if isinstance(given, Mapping):
        return Side(_info(name or "tables", "tables", given), given)
    path = Path(given)
    if not path.exists():
        raise UsageError(f"{path} does not exist")
    if path.is_dir() and is_seeds(path):
        return seeds_side(path, name=name, progress=progress)
    descriptor = path / FILE if path.is_dir() else path
    if descriptor.name == FILE and descriptor.is_file():
        return package_side(descriptor, name)
    raise UsageError(f"{path} is neither a data package (a folder with {FILE}) nor a folder of seeds")


def _info(name: str, kind: str, frames: Tables, **more: Any) -> SideInfo:
    return SideInfo(name, kind, rows={t: frames[t].height for t in tables() if t in frames}, **more)


def seeds_side(
    folder: Path, *, name: str = "", kind: str = "seeds", schemas: Schemas | None = None, progress: Progress = iter
) -> Side:
    """A folder of seeds, checked while it is read.

    Raises:
        UsageError: a reference table is missing, so that its records cannot be told from removed ones.
    """
    subject = seeds_subject(folder, progress=progress, released=True)
    if gone := [t for t in tables() if t not in subject.sheets]:
        missing = ", ".join(f"reference/{t}.csv" for t in gone)
        raise UsageError(f"{name or folder} lacks {missing}; without it the records cannot be compared")
    checked = check(subject)
    note = subject.draft.release if subject.draft else None
    info = _info(
        name or str(folder), kind, checked.tables,
        version=note.version.text if note else "", errors=len(checked.report.errors), unread=_unread(checked.report, folder),
    )  # fmt: skip
    return Side(info, checked.tables, schemas, retired=_ledger(folder))


def missing_side(name: str, kind: str, schemas: Schemas | None = None) -> Side:
    """A side that has no seeds: every table is empty."""
    none = {table: empty(table) for table in tables()}
    info = _info(name, kind, none, errors=0, missing=True)
    return Side(info, none, schemas, retired={})


def _ledger(folder: Path) -> Ledger:
    try:
        return read_retired(folder / "retired.csv")
    except UsageError:
        return {}  # it is among the errors of the seeds


def _unread(report: Report, folder: Path) -> tuple[str, ...]:
    """Files of which records are lost, as they lie in the folder."""
    lost = [f for f in report.errors if f.rule.startswith(_UNREAD) and f.rule not in _PLAIN_FAULTS]
    return tuple(sorted({f.place.file.removeprefix(f"{shown(folder)}/") for f in lost if f.place}))


def package_side(descriptor: Path, name: str = "") -> Side:
    """A built package, as its own descriptor describes it.

    Raises:
        UsageError: the descriptor, a schema or a table cannot be read.
    """
    from conflictdata.datapackage.descriptor import read  # brings the models along, which seeds can do without

    package = read(descriptor)
    folder = descriptor.parent
    resources = {r["name"]: r for r in package["resources"]}
    schemas = {name: _schema(folder, resource) for name, resource in resources.items()}
    found = {t: _table(folder, resources[t], schemas[t]) for t in tables() if t in resources}
    version = package.get("version")
    info = _info(name or str(folder), "package", found, version=version if isinstance(version, str) else "")
    return Side(info, found, schemas, package)


def _schema(folder: Path, resource: Mapping[str, Any]) -> Mapping[str, Any]:
    from conflictdata.datapackage.descriptor import is_inside

    said: Any = resource.get("schema")
    if is_inside(said):
        file = folder / said
        try:
            said = json.loads(file.read_bytes())
        except OSError as fault:
            raise UsageError(f"{file} cannot be read: {fault.strerror}") from None
        except (ValueError, RecursionError) as fault:
            raise UsageError(f"{file} is not JSON: {fault}") from None
    if not is_schema(said):
        raise UsageError(f"{folder / FILE}: the resource {resource['name']} has no Table Schema with named fields")
    return dict(said)


def is_schema(said: Any) -> bool:
    """Whether it is a Table Schema whose fields have names."""
    fields = said.get("fields") if isinstance(said, dict) else None
    return isinstance(fields, list) and all(isinstance(f, dict) and isinstance(f.get("name"), str) for f in fields)


def _table(folder: Path, resource: Mapping[str, Any], schema: Mapping[str, Any]) -> pl.DataFrame:
    """A table from its Parquet file where it has one, which is quicker, else from its CSV."""
    from conflictdata.datapackage.descriptor import is_inside

    parquet: list[Any] = [a.get("path") for a in resource.get("alternates") or [] if isinstance(a, dict)]
    files = [folder / p for p in parquet if is_inside(p) and p.endswith(".parquet") and (folder / p).is_file()]
    file = files[0] if files else folder / resource["path"]
    try:
        return pl.read_parquet(file, glob=False) if files else _csv(file, schema)
    except (OSError, pl.exceptions.PolarsError, UnicodeDecodeError) as fault:
        reason = (fault.strerror if isinstance(fault, OSError) else None) or (str(fault).splitlines() or [""])[0]
        raise UsageError(f"{file} cannot be read: {reason}") from None


def _csv(file: Path, schema: Mapping[str, Any]) -> pl.DataFrame:
    from conflictdata.datapackage.tables import read_csv

    types = {f["name"]: _TYPES.get(f.get("type", "string"), pl.String) for f in schema["fields"]}
    return read_csv(types, file)
