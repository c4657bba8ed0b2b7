"""Build a data package: tables in, a folder out."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from conflictdata._utils import atomic_write
from conflictdata.datapackage.about import OURS, About
from conflictdata.datapackage.casualties import iterate_casualties
from conflictdata.datapackage.descriptor import (
    COLLECTIONS,
    FILE,
    LICENCE_TEXT,
    README,
    build_descriptor,
    get_collection_path,
    get_csv_path,
    get_parquet_path,
    get_schema_path,
    move_descriptor,
    read_descriptor,
)
from conflictdata.datapackage.readme import render_readme
from conflictdata.datapackage.tables import iterate_batches, order_rows, write_table
from conflictdata.datapackage.version import Release
from conflictdata.findings import UsageError
from conflictdata.schema.tables import DERIVED, MODELS, TABLES
from conflictdata.schema.tableschema import render_json, render_schemas, write_schemas


@dataclass(frozen=True)
class PackagePart:
    """A collection to build inside a package: its tables and its metadata, which name it."""

    tables: Mapping[str, pl.DataFrame | pl.LazyFrame]
    about: About

    @property
    def name(self) -> str:
        """Return the name of the collection."""
        return self.about.collection


def build(
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame],
    release: Release,
    folder: Path,
    about: About = OURS,
    collections: Sequence[PackagePart] = (),
) -> None:
    """Write all files of a package. The same tables and release give the same bytes.

    Args:
        tables: The tables of `schema.models.MODELS`, typed and without errors. Lazy frames that are sorted by their key
            are read and written in batches, so they may exceed memory.
        release: Version and day.
        folder: An empty folder.
        about: Metadata of the package.
        collections: Its collections. Each is a package of the same version in `collections/`.
    """
    for part in collections:
        inside = folder / get_collection_path(part.name)
        inside.mkdir(parents=True)
        build(part.tables, release, inside, part.about)
    frames = {table: order_rows(table, tables[table]) for table in MODELS}
    for place in ("csv", "parquet", "schemas"):
        (folder / place).mkdir()
    rows: dict[str, int] = {}
    for table in TABLES:
        pieces = iterate_casualties(frames) if table in DERIVED else iterate_batches(frames[table])
        rows[table] = write_table(table, pieces, folder / get_csv_path(table), folder / get_parquet_path(table))
        (folder / get_schema_path(table)).write_text(render_schemas()[f"{table}.json"], encoding="utf-8", newline="\n")
    if about.licence_text:
        (folder / LICENCE_TEXT).write_text(about.licence_text, encoding="utf-8", newline="\n")
    others = [part.about for part in collections]
    (folder / README).write_text(render_readme(release, rows, about, others), encoding="utf-8", newline="\n")
    described = render_json(build_descriptor(release, folder, rows, about, [part.name for part in collections]))
    (folder / FILE).write_text(described, encoding="utf-8", newline="\n")


def publish(
    tables: Mapping[str, pl.DataFrame | pl.LazyFrame],
    out: Path,
    release: Release,
    about: About = OURS,
    inspect: Callable[[Path], None] | None = None,
    collections: Sequence[PackagePart] = (),
) -> Path:
    """Build a package and replace the one at `out`, completely or not at all.

    Args:
        tables: The tables of `schema.models.MODELS`, typed and without errors.
        out: Folder of the package. Created if missing.
        release: Version and day.
        about: Metadata of the package.
        inspect: Called with the folder of the new files before it replaces `out`. Raises to keep the old contents.
        collections: Its collections.

    Returns:
        The folder.

    Raises:
        UsageError: If `out` contains anything but a package, or cannot be written. The old contents are kept.
    """

    def check(existing: Path) -> None:
        check_replaceable(existing, about.name)

    def fill(folder: Path) -> None:
        build(tables, release, folder, about, collections)
        if inspect is not None:
            inspect(folder)

    atomic_write.replace_folder(fill, out, check)
    return out


def write_root_descriptor(root: Path, package: Path) -> None:
    """Describe a package at the top of a repository too.

    Writes `datapackage.json` and the folder `schemas/`.

    Args:
        root: Top folder of the repository.
        package: The package, somewhere below it.
    """
    folder = package.resolve().relative_to(root.resolve()).as_posix()
    write_schemas(root / "schemas")
    text = render_json(move_descriptor(read_descriptor(package / FILE), folder))
    atomic_write.replace_file(root / FILE, text.encode())


def check_replaceable(out: Path, package_name: str) -> None:
    """Refuse a folder that contains anything but a package of this name.

    Replacing such a folder would delete its files.

    Raises:
        UsageError: If it contains anything else.
    """
    existing = [p.relative_to(out).as_posix() for p in out.rglob("*") if not p.is_dir() and p.name != ".DS_Store"]
    if not existing:
        return
    if FILE not in existing:
        raise UsageError(f"{out} is not empty and is not a data package (no {FILE}); choose another folder")
    try:
        name = json.loads((out / FILE).read_bytes()).get("name")
    except (ValueError, AttributeError, RecursionError):
        name = None
    if name != package_name:
        raise UsageError(f"{out} is a data package of another name than {package_name}; choose another folder")
    foreign = [f for f in existing if not _is_package_file(f)]
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(f"{out} holds {sorted(foreign)[0]}{more}, which is not part of the package; move it elsewhere")


def _is_package_file(path: str) -> bool:
    """Return whether `build` writes files of such a path."""
    top, *rest = path.split("/")
    if top == COLLECTIONS and len(rest) > 1:
        return rest[1:] == [LICENCE_TEXT] or (rest[1] != COLLECTIONS and _is_package_file("/".join(rest[1:])))
    places = {"csv": ".csv", "parquet": ".parquet", "schemas": ".json"}
    return path in (FILE, README) or places.get(top) == Path(path).suffix
