"""One description of a built package, for all forms of metadata."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conflictdata.findings import UsageError

AUTHOR = "The conflictdata project"
CAUTION = (
    "Claims repeat and contradict each other: they are evidence, not truth, and not a sample of any war. A sum over claims "
    "means nothing, and an empty cell is never zero."
)

CODED = "Claims of published pages, coded by hand under a coding manual."
PARSED = "Tables of the makers, converted to claims by a program. Nothing is repaired or filled in."


@dataclass(frozen=True)
class PackageFile:
    """A file of a table.

    Attributes:
        path: Path in the package.
        size: Size in bytes.
        sha256: SHA-256 in hexadecimal.
        mediatype: Media type.
    """

    path: str
    size: int
    sha256: str
    mediatype: str


@dataclass(frozen=True)
class PackageTable:
    """A table: its Table Schema, its number of rows, its two files."""

    name: str
    title: str
    description: str
    rows: int
    schema: dict[str, Any]
    csv: PackageFile
    parquet: PackageFile


@dataclass(frozen=True)
class PackageMetadata:
    """Descriptor of a package, and the coverage of its data.

    Attributes:
        package: The descriptor, `datapackage.json`.
        tables: The tables, in order.
        languages: ISO 639-1 codes of the pages, sorted.
        countries: ISO 3166-1 alpha-3 codes of the places of claims, sorted.
        first_day: First day of any claim's window.
        last_day: Last day of any claim's window, without projections.
    """

    package: dict[str, Any]
    tables: tuple[PackageTable, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    first_day: dt.date
    last_day: dt.date

    @property
    def title(self) -> str:
        """Return the title."""
        return str(self.package["title"])

    @property
    def description(self) -> str:
        """Return the description, with the caution that every reader needs."""
        return f"{self.package['description']} {CAUTION}"

    @property
    def version(self) -> str:
        """Return the version, `major.minor.patch`."""
        return str(self.package["version"])

    @property
    def released_on(self) -> dt.date:
        """Return the day of the release."""
        return dt.date.fromisoformat(str(self.package["created"])[:10])

    @property
    def licence(self) -> dict[str, str]:
        """Return name (SPDX), path (address) and title of the licence."""
        return dict(self.package["licenses"][0])

    @property
    def collection(self) -> str:
        """Return the name of the collection. Empty if the package is not one."""
        return str(self.package.get("collection", ""))

    @property
    def collections(self) -> list[dict[str, Any]]:
        """Return the collections that belong to the package, as its descriptor lists them."""
        return list(self.package.get("collections", []))

    @property
    def caution(self) -> str:
        """Return what readers must know before they use a number."""
        return f"{self.package['caution']} {CAUTION}" if self.collection else CAUTION

    @property
    def author(self) -> str:
        """Return who made the data: the project, or the makers of a collection."""
        return str(self.package["contributors"][0]["title"]) if self.collection else AUTHOR

    @property
    def method(self) -> str:
        """Return how the records were made."""
        return PARSED if self.collection else CODED

    @property
    def keywords(self) -> list[str]:
        """Return the keywords."""
        return list(self.package["keywords"])


def read_metadata(folder: Path) -> PackageMetadata:
    """Read the metadata of a built package.

    Raises:
        UsageError: If the package cannot be read, or its descriptor is incomplete.
    """
    from conflictdata.datapackage import descriptor  # loads pandera, which a citation does not need

    package = descriptor.read_descriptor(folder / descriptor.FILE)
    try:
        tables = tuple(_read_table(folder, resource) for resource in package["resources"])
        first, last = _read_window(folder / descriptor.get_parquet_path("claims"))
        return PackageMetadata(
            package,
            tables,
            _read_values(folder / descriptor.get_parquet_path("sources"), "language"),
            _read_values(folder / descriptor.get_parquet_path("casualties"), "country"),
            first,
            last,
        )
    except UsageError:
        raise
    except (KeyError, TypeError, ValueError, OSError) as fault:
        raise UsageError(f"{folder} cannot be described: {type(fault).__name__}: {fault}") from None


def _read_table(folder: Path, resource: dict[str, Any]) -> PackageTable:
    schema = json.loads((folder / resource["schema"]).read_bytes())
    csv, parquet = _make_file(resource), _make_file(resource["alternates"][0])
    return PackageTable(
        resource["name"], resource["title"], resource["description"], resource["rows"], schema, csv, parquet
    )


def _make_file(item: dict[str, Any]) -> PackageFile:
    return PackageFile(item["path"], item["bytes"], item["hash"].removeprefix("sha256:"), item["mediatype"])


def _read_values(parquet: Path, column: str) -> tuple[str, ...]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    values = pc.unique(pq.ParquetFile(parquet).read([column]).column(column)).to_pylist()
    return tuple(sorted(v for v in values if v))


def _read_window(claims: Path) -> tuple[dt.date, dt.date]:
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    table = pq.ParquetFile(claims).read(["scope", "period_start", "period_end"])
    past = table.filter(pc.not_equal(table.column("scope"), "projection"))
    return pc.min(past.column("period_start")).as_py(), pc.max(past.column("period_end")).as_py()
