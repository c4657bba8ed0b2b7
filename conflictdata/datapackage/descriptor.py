"""The descriptor `datapackage.json`, by the Data Package standard, version 2."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from conflictdata._utils.regular_files import open_regular, read_at_most
from conflictdata.datapackage.about import OURS, About
from conflictdata.datapackage.version import Release
from conflictdata.findings import UsageError
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import format_title, read_description

NAME = OURS.name
FILE = "datapackage.json"
README = "README.md"
LARGEST = 200_000_000  # bytes of a file of metadata
LICENCE_TEXT = "LICENSE.txt"
COLLECTIONS = "collections"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
TITLE, SUMMARY, LICENCE = OURS.title, OURS.summary, OURS.licence


def get_csv_path(table: str) -> str:
    """Return the path of a table's CSV in a package."""
    return f"csv/{table}.csv"


def get_parquet_path(table: str) -> str:
    """Return the path of a table's Parquet file in a package."""
    return f"parquet/{table}.parquet"


def get_schema_path(table: str) -> str:
    """Return the path of a table's Table Schema in a package."""
    return f"schemas/{table}.json"


def get_collection_path(name: str) -> str:
    """Return the path of a collection's folder in a package."""
    return f"{COLLECTIONS}/{name}"


def measure_file(file: Path) -> dict[str, Any]:
    """Return size and hash of a file, as the standard writes them.

    Raises:
        OSError: If the file cannot be read.
    """
    return {"bytes": file.stat().st_size, "hash": f"sha256:{hash_file(file)}"}


def hash_file(file: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal.

    Raises:
        OSError: If the file cannot be read.
    """
    with open_regular(file) as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _build_resource(table: str, folder: Path, rows: int, about: About) -> dict[str, Any]:
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
        "licenses": [dict(about.licence)],
        "schema": get_schema_path(table),
        # An alternate and not a resource: frictionless 5.21 rejects `bytes` of a Parquet file and does not check its hash.
        "alternates": [
            {
                "path": parquet,
                "format": "parquet",
                "mediatype": "application/vnd.apache.parquet",
                **measure_file(folder / parquet),
            }
        ],
    }


def _build_collection(name: str, folder: Path) -> dict[str, Any]:
    """Describe a collection of a package by its own descriptor."""
    path = f"{get_collection_path(name)}/{FILE}"
    package = read_descriptor(folder / path)
    return {
        "name": name,
        "title": package["title"],
        "caution": package["caution"],
        "path": path,
        "mediatype": "application/json",
        **measure_file(folder / path),
        "licenses": package["licenses"],
    }


def _build_files(folder: Path, about: About) -> list[dict[str, Any]]:
    """Describe the files of a package that are not tables: the dictionary, the schemas and the licence."""
    paths = [README, *map(get_schema_path, TABLES), *([LICENCE_TEXT] if about.licence_text else [])]
    return [{"path": path, **measure_file(folder / path)} for path in paths]


def build_descriptor(
    release: Release, folder: Path, rows: Mapping[str, int], about: About = OURS, collections: Iterable[str] = ()
) -> dict[str, Any]:
    """Build the descriptor of a package.

    Args:
        release: Version and day.
        folder: Folder that contains the table files.
        rows: Number of rows per table.
        about: Metadata of the package.
        collections: Names of its collections, which are packages in the folder already.

    Returns:
        A Data Package (v2) with the CSV files as resources. In addition to the standard, a resource has `rows` and
        `alternates` (its Parquet file). The package has `dictionary`, `files` (size and hash of each file that is not
        a table) and, if it was made from a third-party dataset, `imported`. `collections` lists the descriptors of its collections; a collection has `collection`, its name, and
        `caution`.
    """
    listed = [_build_collection(name, folder) for name in collections]
    return {
        "$schema": PROFILE,
        "name": about.name,
        "id": uuid.uuid5(uuid.NAMESPACE_URL, f"{about.name}/{release.version}").urn,
        "title": about.title,
        "description": f"{about.summary} {about.caution}".rstrip(),
        "version": release.version,
        "created": f"{release.released_on.isoformat()}T00:00:00Z",
        "licenses": [dict(about.licence)],
        "contributors": [dict(c) for c in about.contributors],
        "sources": [dict(s) for s in about.sources],
        "keywords": list(about.keywords),
        "dictionary": README,
        **({"collection": about.collection, "caution": about.caution} if about.collection else {}),
        **({"imported": dict(about.imported)} if about.imported else {}),
        "resources": [_build_resource(table, folder, rows[table], about) for table in TABLES],
        "files": _build_files(folder, about),
        **({"collections": listed} if listed else {}),
    }


def move_descriptor(package: Mapping[str, Any], folder: str) -> dict[str, Any]:
    """Adapt a descriptor for a folder above the package.

    Args:
        package: The descriptor.
        folder: Path from that folder down to the package. It prefixes all paths but those of the schemas, which are
            next to the new descriptor too.
    """

    def add_folder(item: Mapping[str, Any]) -> dict[str, Any]:
        return {**item, "path": f"{folder}/{item['path']}"}

    resources = [
        {**add_folder(r), "alternates": [add_folder(a) for a in r["alternates"]]} for r in package["resources"]
    ]
    sources = [add_folder(source) for source in package["sources"]]
    schemas = {resource["schema"] for resource in package["resources"]}
    files = [item if item["path"] in schemas else add_folder(item) for item in package["files"]]
    collections = {"collections": [add_folder(c) for c in package["collections"]]} if "collections" in package else {}
    dictionary = f"{folder}/{package['dictionary']}"
    return {
        **package,
        "dictionary": dictionary,
        "sources": sources,
        "resources": resources,
        "files": files,
        **collections,
    }


def is_field(field: Any) -> bool:
    """Return whether a value is a field of a Table Schema: it has a name, and its constraints have their form."""
    if not isinstance(field, dict) or not isinstance(field.get("name"), str):
        return False
    limits = field.get("constraints", {})
    return isinstance(limits, dict) and isinstance(limits.get("enum", []), list)


def read_descriptor(path: Path) -> dict[str, Any]:
    """Read a descriptor from its file.

    Raises:
        UsageError: If the file cannot be read, or is not a descriptor whose resources have a name and a path inside
            the folder.
    """
    try:
        package = json.loads(read_at_most(path, LARGEST))
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
    """Return whether a path of a descriptor stays inside its folder."""
    return (
        isinstance(path, str)
        and bool(path)
        and not PurePosixPath(path).is_absolute()
        and ".." not in PurePosixPath(path).parts
    )


def list_csv_files(path: Path) -> dict[str, Path]:
    """Return the CSV files of a package by table.

    Raises:
        UsageError: If the descriptor cannot be read.
    """
    return {r["name"]: path.parent / r["path"] for r in read_descriptor(path)["resources"]}


def list_collection_descriptors(path: Path) -> list[Path]:
    """Return the descriptors of a package's collections. Those that are missing or listed wrongly are left out.

    Raises:
        UsageError: If the descriptor cannot be read.
    """
    listed = read_descriptor(path).get("collections")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    paths = [str(item.get("path")) for item in items]
    return [path.parent / inside for inside in paths if is_inside(inside) and (path.parent / inside).is_file()]
