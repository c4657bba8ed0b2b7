"""Verify that a package matches its descriptor (rules 48, 49 and 50).

A package is compared with its own schemas and dictionary, not with the installed software, so packages of old versions
remain valid. `build` makes sure that a new package matches the models.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata._utils.regular_files import read_at_most
from conflictdata.datapackage.descriptor import (
    COLLECTIONS,
    FILE,
    LARGEST,
    LICENCE_TEXT,
    get_collection_path,
    is_field,
    is_inside,
    measure_file,
    read_descriptor,
)
from conflictdata.datapackage.tables import read_csv, read_parquet
from conflictdata.findings import Finding, Place, UsageError

FILES = "release.files-match-descriptor"
EQUAL = "release.csv-equals-parquet"
DOCS = "release.docs-match-vocabularies"
_TYPES: dict[str, Any] = {"string": pl.String, "integer": pl.Int64, "number": pl.Float64, "date": pl.Date}
_REBUILD = "Build the package again with `conflictdata publish`; its files are not edited by hand."


def verify_package(folder: Path) -> list[Finding]:
    """Check a package against its own descriptor.

    Args:
        folder: Folder that contains `datapackage.json`.

    Returns:
        The findings: files that are missing or differ from the descriptor in size, hash or number of rows (rule 48);
            CSV files
        that differ from their Parquet file (rule 49); columns and words of the schemas that the dictionary does not
        explain (rule 50).
    """
    try:
        package = read_descriptor(folder / FILE)
    except UsageError as fault:
        return [_make_finding(FILES, folder / FILE, str(fault))]
    resources = {r["name"]: r for r in package["resources"]}
    schemas = {p.stem: p for p in sorted((folder / "schemas").glob("*.json")) if not p.name.startswith("seed-")}
    findings = [
        _make_finding(FILES, folder / FILE, f"the table {t} is not listed", t) for t in schemas if t not in resources
    ]
    findings += _verify_files(folder, package)
    findings += _verify_collections(folder, package)
    if package.get("collection") is not None:
        findings += _verify_licence(folder, package)
    words = _read_text(folder / package["dictionary"]) if is_inside(package.get("dictionary")) else ""
    for name, resource in resources.items():
        if name not in schemas and not is_inside(resource.get("schema")):
            findings.append(_make_finding(FILES, folder / FILE, f"{name} is none of the tables", name))
            continue
        fields = _read_fields(folder / str(resource.get("schema")))
        if fields is None:
            message = f"the schema of {name} cannot be read"
            findings.append(_make_finding(DOCS, folder / str(resource.get("schema")), message, name))
            continue
        findings += [*_verify_table(folder, name, resource, fields), *_find_unexplained(folder, name, fields, words)]
    return findings


def _verify_files(folder: Path, package: dict[str, Any]) -> Iterator[Finding]:
    """Check the files that are not tables: the dictionary, the schemas and the licence.

    Packages made before version 2.2.0 have no list of them.
    """
    listed = package.get("files")
    if listed is None:
        return
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    known = {str(entry.get("path")): entry for entry in entries}
    expected = {str(r.get("schema")) for r in package["resources"]} | {str(package.get("dictionary"))}
    for path in sorted(known.keys() | expected):
        if not is_inside(path):
            yield _make_finding(FILES, folder / FILE, f"{path!r} in `files` is not a path inside the folder")
        elif path not in known:
            yield _make_finding(FILES, folder / path, f"{FILE} does not list it")
        else:
            yield from _verify_content(folder / path, "", known[path])


def _verify_collections(folder: Path, package: dict[str, Any]) -> Iterator[Finding]:
    """Check that the collections are those that the descriptor lists, in the version of the package.

    The tables of a collection are verified like those of any package.
    """
    listed = package.get("collections", [])
    entries = [e for e in listed if isinstance(e, dict)] if isinstance(listed, list) else []
    for entry in entries:
        name, path = str(entry.get("name")), str(entry.get("path"))
        expected = f"{get_collection_path(name)}/{FILE}"
        if not is_inside(path) or not f"/{path}".endswith(f"/{expected}"):
            yield _make_finding(FILES, folder / FILE, f"the collection {name} is not listed with the path {expected}")
            continue
        yield from _verify_content(folder / path, "", entry)
        try:
            own = read_descriptor(folder / path)
        except UsageError as fault:
            yield _make_finding(FILES, folder / path, str(fault))
            continue
        for key, stated in (("collection", name), ("version", package.get("version"))):
            if own.get(key) != stated:
                message = f"{key} is {own.get(key)!r}, and the package that lists the collection says {stated!r}"
                yield _make_finding(FILES, folder / path, message)
    names = {str(entry.get("name")) for entry in entries}
    for place in sorted((folder / COLLECTIONS).glob("*")):
        if place.name not in names and not place.name.startswith("."):
            yield _make_finding(FILES, place, f"{FILE} does not list this collection")


def _verify_licence(folder: Path, package: dict[str, Any]) -> Iterator[Finding]:
    """Check that a collection and each of its tables have a licence, and that its text is in the folder."""
    for item in (package, *package["resources"]):
        licences = item.get("licenses")
        first = licences[0] if isinstance(licences, list) and licences else None
        if not (isinstance(first, dict) and first.get("name")):
            what = f"the table {item['name']}" if item is not package else f"the collection {package['collection']}"
            yield _make_finding(FILES, folder / FILE, f"{what} has no licence with a name")
    if not _read_text(folder / LICENCE_TEXT).strip():
        yield _make_finding(FILES, folder / LICENCE_TEXT, "the text of the licence is missing")


def _read_fields(path: Path) -> list[dict[str, Any]] | None:
    """Read the fields of a Table Schema; None if the file is not one."""
    try:
        fields = json.loads(_read_text(path))["fields"]
        return fields if all(is_field(f) and f["type"] in _TYPES for f in fields) else None
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _find_unexplained(folder: Path, table: str, fields: list[dict[str, Any]], words: str) -> Iterator[Finding]:
    """Find columns and allowed words that are missing from the dictionary."""
    for field in fields:
        terms = field.get("constraints", {}).get("enum", ())
        missing = [
            w for w in (field["name"], *terms) if f"\n| `{w}` |" not in words and f"\n| **`{w}`** |" not in words
        ]
        if missing:
            message = f"the data dictionary does not explain `{missing[0]}` ({table}.{field['name']})"
            yield _make_finding(DOCS, folder / "schemas" / f"{table}.json", message, table)


def _read_text(path: Path) -> str:
    try:
        return read_at_most(path, LARGEST).decode()
    except (OSError, UnicodeDecodeError):
        return ""


def _verify_table(folder: Path, table: str, resource: dict[str, Any], fields: list[dict[str, Any]]) -> list[Finding]:
    alternates = resource.get("alternates")
    parquet = next((a for a in alternates if isinstance(a, dict)), {}) if isinstance(alternates, list) else {}
    if not is_inside(parquet.get("path")):
        return [_make_finding(FILES, folder / FILE, f"no Parquet file is listed for {table}", table)]
    csv_path, parquet_path = folder / resource["path"], folder / parquet["path"]
    findings = [*_verify_content(csv_path, table, resource), *_verify_content(parquet_path, table, parquet)]
    if not (csv_path.is_file() and parquet_path.is_file()):
        return findings
    try:
        types = {field["name"]: _TYPES[field["type"]] for field in fields}
        csv, other = read_csv(types, csv_path), read_parquet(parquet_path)
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError) as fault:
        return [
            *findings,
            _make_finding(EQUAL, csv_path, f"it cannot be compared: {str(fault).splitlines()[0]}", table),
        ]
    if csv.height != resource.get("rows"):
        findings.append(
            _make_finding(FILES, csv_path, f"{csv.height} rows where the descriptor says {resource.get('rows')}", table)
        )
    return findings + _compare_tables(table, types, csv_path, csv, other)


def _verify_content(path: Path, table: str, item: dict[str, Any]) -> Iterator[Finding]:
    try:
        real = measure_file(path)
    except OSError as fault:
        yield _make_finding(FILES, path, f"it cannot be read: {fault.strerror}", table)
        return
    if real["bytes"] != item.get("bytes"):
        yield _make_finding(FILES, path, f"{real['bytes']} bytes where the descriptor says {item.get('bytes')}", table)
    elif real["hash"] != item.get("hash"):
        yield _make_finding(
            FILES, path, f"the hash is {real['hash']} where the descriptor says {item.get('hash')}", table
        )


def _compare_tables(
    table: str, expected: dict[str, Any], path: Path, csv: pl.DataFrame, parquet: pl.DataFrame
) -> list[Finding]:
    for name, frame in (("CSV", csv), ("Parquet", parquet)):
        if dict(frame.schema) != expected:
            return [
                _make_finding(EQUAL, path, f"the {name} file does not have the columns and types of {table}", table)
            ]
    if csv.height != parquet.height:
        return [_make_finding(EQUAL, path, f"{csv.height} rows where the Parquet file has {parquet.height}", table)]
    columns = [c for c in csv.columns if not csv[c].equals(parquet[c], null_equal=True)]
    if not columns:
        return []
    row = csv[columns[0]].ne_missing(parquet[columns[0]]).arg_true()[0]
    ours, theirs = csv[columns[0]][row], parquet[columns[0]][row]
    message = f"{columns[0]} in row {row + 1} is {ours} where the Parquet file has {theirs}"
    return [_make_finding(EQUAL, path, message, table, line=row + 2, fields=tuple(columns))]


def _make_finding(
    rule: str, path: Path, message: str, table: str = "", *, line: int = 0, fields: tuple[str, ...] = ()
) -> Finding:
    return Finding(rule, "error", message, _REBUILD, table, fields=fields, place=Place(str(path), line))
