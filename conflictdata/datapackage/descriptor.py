"""`datapackage.json`: what a package says of itself, by the Data Package standard, version 2."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from conflictdata.datapackage.about import OURS, About
from conflictdata.datapackage.version import Release
from conflictdata.findings import UsageError
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import format_title, read_description

NAME = OURS.name
FILE = "datapackage.json"
README = "README.md"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TITLE, SUMMARY, LICENCE = OURS.title, OURS.summary, OURS.licence


def get_csv_path(table: str) -> str:
    """Where the CSV of a table lies in a package."""
    return f"csv/{table}.csv"


def get_parquet_path(table: str) -> str:
    """Where the Parquet file of a table lies in a package."""
    return f"parquet/{table}.parquet"


def get_schema_path(table: str) -> str:
    """Where the Table Schema of a table lies in a package."""
    return f"schemas/{table}.json"


def measure_file(file: Path) -> dict[str, Any]:
    """Size and hash of a file, as the standard writes them.

    Raises:
        OSError: it cannot be read.
    """
    return {"bytes": file.stat().st_size, "hash": f"sha256:{hash_file(file)}"}


def hash_file(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: it cannot be read.
    """
    with file.open("rb", buffering=0) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _build_resource(table: str, folder: Path, rows: int) -> dict[str, Any]:
    csv, parquet = get_csv_path(table), get_parquet_path(table)
    return {
        "name": table,
        "type": "table",
        "title": format_title(table),
        "description": read_description(table),
        "path": csv,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **measure_file(folder / csv),
        "rows": rows,
        "schema": get_schema_path(table),
        # Beside its CSV and not a resource: frictionless 5.21 fails any `bytes` of a Parquet file and checks no hash of it.
        "alternates": [
            {
                "path": parquet,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                **measure_file(folder / parquet),
            }
        ],
    }


def build_descriptor(release: Release, folder: Path, rows: Mapping[str, int], about: About = OURS) -> dict[str, Any]:
    """The descriptor of a package.

    Args:
        release: version and day.
        folder: where the table files lie.
        rows: number of rows, by table.
        about: what the package says of itself.

    Returns:
        A Data Package (v2) with the CSV files as resources. Beyond the standard, a resource has `rows` and `alternates`
        (its Parquet file), and the package `dictionary` and, where it was made from somebody else's dataset, `imported`.
    """
    return {
        "$schema": PROFILE,
        "name": about.name,
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{about.name}/{release.version}").urn,
        "title": about.title,
        "description": about.summary,
        "version": release.version,
        "created": f"{release.released_on.isoformat()}T00:00:00Z",
        "licenses": [dict(about.licence)],
        "contributors": [dict(c) for c in about.contributors],
        "sources": [dict(s) for s in about.sources],
        "keywords": list(about.keywords),
        "dictionary": README,
        **({"imported": dict(about.imported)} if about.imported else {}),
        "resources": [_build_resource(table, folder, rows[table]) for table in TABLES],
    }


def move_descriptor(package: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """The same descriptor for a file that lies above the package: `folder` is the way down to it.

    The schemas are not prefixed: they lie beside that descriptor too.
    """

    def add_folder(item: Mapping[str, Any]) -> dict[str, Any]:
        return {**item, "path": f"{folder}/{item['path']}"}

    resources = [
        {**add_folder(r), "alternates": [add_folder(a) for a in r["alternates"]]} for r in package["resources"]
    ]
    sources = [add_folder(source) for source in package["sources"]]
    return {**package, "dictionary": f"{folder}/{package['dictionary']}", "sources": sources, "resources": resources}


def read_descriptor(path: Path) -> dict[str, Any]:
    """A descriptor from its file.

    Raises:
        UsageError: the file cannot be read, or is no descriptor with resources that have a name and a path inside the folder.
    """
    try:
        package = json.loads(path.read_bytes())
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror}") from None
    except (ValueError, RecursionError) as fault:
        raise UsageError(f"{path} is not JSON: {fault}") from None
    resources = package.get("resources") if isinstance(package, dict) else None
    if not isinstance(resources, list) or not all(map(_is_resource, resources)):
        raise UsageError(
            f"{path} is no data package: each of its `resources` needs a `name` and a `path` inside the folder"
        )
    return dict(package)


def _is_resource(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("name"), str) and is_inside(item.get("path"))


def is_inside(path: Any) -> bool:
    """Whether a path of a descriptor stays inside its folder."""
    return (
        isinstance(path, str)
        and bool(path)
        and not PurePosixPath(path).is_absolute()
        and ".." not in PurePosixPath(path).parts
    )


def list_csv_files(path: Path) -> dict[str, Path]:
    """The CSV files of a package by table, from its descriptor.

    Raises:
        UsageError: the descriptor cannot be read.
    """
    return {r["name"]: path.parent / r["path"] for r in read_descriptor(path)["resources"]}
