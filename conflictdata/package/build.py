"""Building a data package: tables in, a folder out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from conflictdata.findings import UsageError
from conflictdata.package import swap
from conflictdata.package.casualties import casualties
from conflictdata.package.descriptor import (
    FILE,
    NAME,
    README,
    csv_path,
    descriptor,
    moved,
    parquet_path,
    read,
    schema_path,
)
from conflictdata.package.formats import csv_bytes, ordered, parquet_bytes
from conflictdata.package.readme import readme
from conflictdata.package.release import Release
from conflictdata.schema.models import TABLES
from conflictdata.schema.tableschema import as_json, schema_texts, write_schemas


def build(tables: Mapping[str, pl.DataFrame], release: Release) -> dict[str, bytes]:
    """All files of a package, by path in it. The same tables and release give the same bytes.

    Args:
        tables: the tables of `schema.models.MODELS`, typed and without errors.
        release: version and day.
    """
    frames = {**tables, "casualties": casualties(tables)}
    files: dict[str, bytes] = {}
    for table in TABLES:
        frame = ordered(table, frames[table])
        files[csv_path(table)] = csv_bytes(frame)
        files[parquet_path(table)] = parquet_bytes(table, frame)
        files[schema_path(table)] = schema_texts()[f"{table}.json"].encode()
    rows = {table: frames[table].height for table in TABLES}
    files[README] = readme(release, rows).encode()
    files[FILE] = as_json(descriptor(release, files, rows)).encode()
    return files


def publish(tables: Mapping[str, pl.DataFrame], out: Path, release: Release) -> Path:
    """Build a package and put it in the place of the one at `out`: all of it or nothing.

    Args:
        tables: the tables of `schema.models.MODELS`, typed and without errors.
        out: folder of the package; made where it is not there.
        release: version and day.

    Returns:
        The folder.

    Raises:
        UsageError: `out` holds something else than a package, or cannot be written. What was there is still there.
    """
    swap.replace_folder(build(tables, release), out, _check_replaceable)
    return out


def write_root(root: Path, package: Path) -> None:
    """Describe a package once more at the top of a repository: `datapackage.json` and `schemas/`.

    Args:
        root: the top folder.
        package: the package, somewhere below it.
    """
    folder = package.resolve().relative_to(root.resolve()).as_posix()
    write_schemas(root / "schemas")
    text = as_json(moved(read(package / FILE), folder))
    swap.replace_file(root / FILE, text.encode())


def _check_replaceable(out: Path) -> None:
    """Refuse a folder that holds anything but a package of ours: replacing it would delete what is there."""
    there = [p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir() and p.name != ".DS_Store"]
    if not there:
        return
    if FILE not in there:
        raise UsageError(f"{out} is not empty and is no data package (no {FILE}); choose another folder")
    try:
        name = json.loads((out / FILE).read_bytes()).get("name")
    except (ValueError, AttributeError, RecursionError):
        name = None
    if name != NAME:
        raise UsageError(f"{out} is a data package of another name than {NAME}; choose another folder")
    places = {"csv": ".csv", "parquet": ".parquet", "schemas": ".json"}
    foreign = [f for f in there if f not in (FILE, README) and places.get(f.split("/")[0]) != Path(f).suffix]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(f"{out} holds {sorted(foreign)[0]}{more}, which is no part of the package; move it elsewhere")
