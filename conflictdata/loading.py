"""Load the published tables from the installed package: offline, from any folder."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl
    import pyarrow as pa

    from conflictdata.datapackage.description import Description
    from conflictdata.export.bundle import Bundle

# For type checkers and editors; a test compares them with the data and the registered formats.
Format = Literal[
    "parquet", "csv", "sqlite", "duckdb", "excel", "stata", "jsonl", "geojson", "geoparquet", "ged", "acled", "plover"
]
TableName = Literal[
    "casualties", "conflicts", "actors", "conflict_actors", "locations", "location_members", "aliases", "common_names",
    "sources", "events", "event_actors", "event_sources", "tolls", "toll_places", "tolls_1_1", "claims", "claim_events",
    "claim_perpetrators", "claim_links", "figures", "flags", "crosswalk",
]  # fmt: skip

DATA = Path(__file__).parent / "data"


@overload
def load(
    name: TableName | str = ...,
    *,
    engine: Literal["pandas"] = ...,
    columns: Sequence[str] | None = ...,
    version: str | None = ...,
    current: bool = ...,
    collection: str | None = ...,
) -> pd.DataFrame: ...
@overload
def load(
    name: TableName | str = ...,
    *,
    engine: Literal["polars"],
    columns: Sequence[str] | None = ...,
    version: str | None = ...,
    current: bool = ...,
    collection: str | None = ...,
) -> pl.DataFrame: ...
@overload
def load(
    name: TableName | str = ...,
    *,
    engine: Literal["arrow"],
    columns: Sequence[str] | None = ...,
    version: str | None = ...,
    current: bool = ...,
    collection: str | None = ...,
) -> pa.Table: ...
def load(
    name: str = "casualties",
    *,
    engine: str = "pandas",
    columns: Sequence[str] | None = None,
    version: str | None = None,
    current: bool = False,
    collection: str | None = None,
) -> Any:
    """Load a table.

    Args:
        name: A name from `tables()`. `casualties` has one row per figure, with everything joined.
        engine: Type of the result: `pandas`, `polars` or `arrow`.
        columns: Columns to load, in this order. Default: all.
        version: Version of the data. Default: the installed one.
        current: Leave out figures of claims that were retracted or corrected, on whatever page they are. Only for
            `casualties` of version 2 and later. Default: all rows.
        collection: A name from `collections()`, to load its table instead of the curated one. Ids are keys within it.

    Returns:
        A DataFrame, sorted by the table's key.
        pandas: Dtypes `string`, `Int64`, `Float64` and `datetime64[s]`. Missing cells are NA, never zero.
        polars: String, Int64, Float64 and Date.
        arrow: A `pyarrow.Table` with the descriptions of the columns in its metadata.

    Raises:
        UsageError: If the table, a column, the engine, the version or the collection does not exist (the message suggests
            the nearest name), if the table does not say what is current, or if the collection is not as it was published.

    Examples:
        >>> import conflictdata as cd
        >>> now = cd.load("casualties", current=True)
        >>> totals = now[(now.relation == "total") & (now.population == "everybody")]
        >>> totals[totals.toll_id == "sohr.syria_2024_offensive.2024-11-27"].as_of.max().date().isoformat()
        '2024-12-09'
    """
    reader = _READERS.get(require_known("engine", engine, _READERS))
    file = path(name, version=version, collection=collection)
    selected = None if columns is None else _select_columns(name, columns, version, collection)
    return reader(file, selected, _find_current(name, file, version, collection) if current else None)  # type: ignore[misc]


def _find_current(table: str, file: Path, version: str | None, collection: str | None) -> pa.ChunkedArray:
    """Return, for each row of a table, whether it is current."""
    import pyarrow.compute as pc

    if "current" not in [field["name"] for field in _read_schema(table, version, collection)["fields"]]:
        raise UsageError(
            f"{table} does not say what is current; `casualties` does, from version 2.0.0 on. In earlier versions, "
            "keep the rows with `status` active and no `superseded_by`"
        )
    return pc.equal(_load_arrow(file, ["current"])["current"], "yes")


def _load_arrow(file: Path, columns: list[str] | None, kept: pa.ChunkedArray | None = None) -> pa.Table:
    # `read_table` would import pandas and the dataset module.
    from pyarrow.parquet import ParquetFile

    with ParquetFile(file) as parquet:
        table = parquet.read(columns)
    table = table if columns is None else table.select(columns)
    return table if kept is None else table.filter(kept)


def _load_pandas(file: Path, columns: list[str] | None, kept: pa.ChunkedArray | None = None) -> pd.DataFrame:
    import pyarrow as pa

    table = _load_arrow(file, columns, kept)
    for i, field in enumerate(table.schema):
        if field.type == pa.date32():  # pandas would convert it to Python objects
            table = table.set_column(i, field.name, table.column(i).cast(pa.timestamp("s")))
    frame: pd.DataFrame = table.to_pandas()
    return frame


def _load_polars(file: Path, columns: list[str] | None, kept: pa.ChunkedArray | None = None) -> pl.DataFrame:
    import polars as pl

    frame = pl.read_parquet(file, columns=columns, glob=False)
    return frame if kept is None else frame.filter(pl.Series(kept))


_READERS = {"pandas": _load_pandas, "polars": _load_polars, "arrow": _load_arrow}


def tables(*, version: str | None = None, collection: str | None = None) -> list[str]:
    """Return the names of all tables of a version or of one of its collections, `casualties` first."""
    return [resource["name"] for resource in read_package(version, collection)["resources"]]


def collections(*, version: str | None = None) -> list[str]:
    """Return the names of the collections of a version: parsed records of other makers, next to the curated ones.

    A collection has the tables of the data, a licence and makers of its own. Versions before 2.1.0 have none. Load one with
    `load("casualties", collection=NAME)`; never add its numbers to the curated ones.
    """
    return [entry["name"] for entry in read_package(version).get("collections", [])]


def path(
    name: TableName | str,
    format: Format = "parquet",  # noqa: A002 - the word that users expect
    *,
    version: str | None = None,
    collection: str | None = None,
) -> Path:
    """Return the path of a table's file on this machine.

    Args:
        name: A name from `tables()`.
        format: `parquet` or `csv`, which are part of the data; or a format of `conflictdata export`, which is written
            on first use under `CONFLICTDATA_HOME`. `sqlite`, `duckdb` and `excel` contain all tables in one file;
            `geojson`, `geoparquet` and `ged` contain the table `events`.
        version: Version of the data. Default: the installed one.
        collection: A name from `collections()`. Default: the curated records.

    Raises:
        UsageError: If the table, the format, the version or the collection does not exist (the message suggests the nearest
            name), or if the collection is not as it was published.
    """
    if format not in ("parquet", "csv"):
        return _export_format(name, format, version, collection)
    ending = format
    if collection is not None:
        known = require_known("table", name, tables(version=version, collection=collection))
        return _locate_collection_file(f"{ending}/{known}.{ending}", version, collection)
    if not _has_installed_file(version):
        return _locate_file(f"{ending}/{require_known('table', name, tables(version=version))}.{ending}", version)
    file = DATA / ending / f"{name}.{ending}"
    # Most names are right, and a look for the file is faster than reading the descriptor.
    if not isinstance(name, str) or "/" in name or "\\" in name or not file.is_file():
        require_known("table", name, tables())
        raise UsageError(f"{file} is missing: the installation is not whole")
    return file


def versions() -> list[str]:
    """Return the versions that can be loaded, in ascending order.

    They are the installed one, those in the cache and those in the registry. `CONFLICTDATA_OFFLINE=1` leaves the
    registry out.

    Raises:
        UsageError: If a registry is set (`CONFLICTDATA_REGISTRY`) and cannot be reached.
    """
    from conflictdata.registry import client
    from conflictdata.registry.index import order

    return sorted({str(read_package()["version"]), *client.list_known_versions()}, key=order)


def _export_format(name: str, form: str, version: str | None, collection: str | None) -> Path:
    import hashlib

    from conflictdata._utils.paths import find_cache_folder
    from conflictdata.export import FORMATS, export

    require_known("format", form, ("parquet", "csv", *FORMATS))
    require_known("table", name, tables(version=version, collection=collection))
    chosen, stem = ([], "conflictdata") if FORMATS[form].holds == "tables" else ([name], name)
    package = read_package(version, collection)
    described = hashlib.sha256(json.dumps(package, sort_keys=True).encode()).hexdigest()[:12]
    folder = find_cache_folder() / "formats" / "-".join([package["version"], *filter(None, [collection]), described])
    ending = FORMATS[form].ending
    file = folder / (f"{stem}.{form}" if form == ending else f"{stem}.{form}.{ending}")
    if not file.is_file():
        export(form, file, bundle(version, collection), tables=chosen, force=True)
    return file


def bundle(version: str | None = None, collection: str | None = None) -> Bundle:
    """Return the tables of a version or a collection with their schemas. A table is read when it is first used."""
    from conflictdata.export.bundle import Bundle

    schemas = {
        table: _read_schema(table, version, collection) for table in tables(version=version, collection=collection)
    }

    def read(table: str) -> pl.DataFrame:
        return load(table, engine="polars", version=version, collection=collection)

    return Bundle(read_package(version, collection), schemas, read)


def describe(
    name: TableName | str = "casualties", *, version: str | None = None, collection: str | None = None
) -> Description:
    """Describe a table: its contents, its key, each column, and how not to add up its numbers.

    Args:
        name: A name from `tables()`.
        version: Version of the data. Default: the installed one.
        collection: A name from `collections()`. Default: the curated records.

    Returns:
        A `Description`. Print it to read it as a page. `.columns` lists the columns with type, meaning and allowed
        words; `.to_frame()` returns them as a pandas DataFrame.

    Raises:
        UsageError: If the table or the collection does not exist. The message suggests the nearest name.
    """
    from conflictdata.datapackage.description import make_description

    require_known("table", name, tables(version=version, collection=collection))
    resource = next(r for r in read_package(version, collection)["resources"] if r["name"] == name)
    return make_description(resource, _read_schema(name, version, collection))


def _select_columns(table: str, columns: Iterable[str], version: str | None, collection: str | None) -> list[str]:
    if isinstance(columns, str):
        raise UsageError(f"columns is a list of names: columns=[{columns!r}]")
    known_names = [field["name"] for field in _read_schema(table, version, collection)["fields"]]
    selected = [require_known("column", column, known_names) for column in columns]
    for column in selected:
        if selected.count(column) > 1:
            raise UsageError(f"column {column!r} is asked for twice")
    return selected


def require_known(what: str, name: Any, known_names: Iterable[str]) -> str:
    """Return the name if it is a known one.

    Raises:
        UsageError: If it is not. The message suggests the nearest name.
    """
    names = list(known_names)
    if name in names:
        return str(name)
    hint = ask_whether(*find_close(str(name).lower(), names, least=0.65)) or f"There are: {', '.join(names)}."
    raise UsageError(f"there is no {what} {name!r}. {hint}")


@cache
def read_package(version: str | None = None, collection: str | None = None) -> dict[str, Any]:
    """Return the descriptor of a version or of one of its collections, the contents of `datapackage.json`.

    Raises:
        UsageError: If the version or collection does not exist, or the collection is not as it was published.
    """
    if collection is None:
        return _read_json(_locate_file("datapackage.json", version))
    return _read_collection(collection, version)


def _read_collection(name: str, version: str | None) -> dict[str, Any]:
    """Read the descriptor of a collection. Refuse one that its version does not list so, or that has no licence."""
    package = read_package(version)
    known = collections(version=version)
    if not known:
        raise UsageError(
            f"there is no collection {name!r}: version {package['version']} has none. The data have them from 2.1.0 on; "
            "leave out `version` to load one of the installed data"
        )
    require_known("collection", name, known)
    entry = next(item for item in package["collections"] if item["name"] == name)
    file = _locate_file(f"collections/{name}/datapackage.json", version)
    _require_hash(file, entry["hash"])
    own = _read_json(file)
    if (own.get("collection"), own.get("version")) != (name, package["version"]):
        raise UsageError(f"{file} is not the collection {name} of version {package['version']}; {_REINSTALL}")
    if not own.get("licenses") or not _locate_file(f"collections/{name}/LICENSE.txt", version).is_file():
        raise UsageError(f"the collection {name} has no licence, and is not loaded; {_REINSTALL}")
    return own


def _locate_collection_file(file: str, version: str | None, collection: str) -> Path:
    """Return the path of a table's file of a collection, after comparing its hash with the descriptor."""
    package = read_package(version, collection)
    found = _locate_file(f"collections/{collection}/{file}", version)
    items = (item for resource in package["resources"] for item in (resource, *resource["alternates"]))
    _require_hash(found, next(item["hash"] for item in items if item["path"] == file))
    return found


def _require_hash(file: Path, expected: str) -> None:
    """Refuse a file of a collection whose SHA-256 is another.

    Raises:
        UsageError: If it is, or the file is missing.
    """
    try:
        stamp = file.stat()
    except OSError:
        raise UsageError(f"{file} is missing; {_REINSTALL}") from None
    actual = _hash_once(file, stamp.st_size, stamp.st_mtime_ns)
    if actual != expected:
        raise UsageError(
            f"{file} is not as it was published: its hash is {actual}, and should be {expected}; {_REINSTALL}"
        )


_REINSTALL = "install conflictdata again, or clear the cache (CONFLICTDATA_HOME)"


@cache
def _hash_once(file: Path, size: int, modified: int) -> str:  # noqa: ARG001 - a changed file has another cache key
    import hashlib

    with file.open("rb") as content:
        return f"sha256:{hashlib.file_digest(content, 'sha256').hexdigest()}"


@cache
def _read_schema(table: str, version: str | None = None, collection: str | None = None) -> dict[str, Any]:
    return _read_json(
        _locate_file(f"{'' if collection is None else f'collections/{collection}/'}schemas/{table}.json", version)
    )


def _has_installed_file(version: str | None) -> bool:
    return version is None or version == read_package()["version"]


def _locate_file(file: str, version: str | None) -> Path:
    """Return the path of a file of a version's package."""
    if version is None or _has_installed_file(version):
        return DATA / file
    from conflictdata.registry import client

    return client.locate_file(version, file)


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_bytes())
    except FileNotFoundError:
        hint = f"in a source tree, build the data with `conflictdata publish --out {DATA}`"
        raise UsageError(f"no data is installed ({file} is missing); {hint}") from None
    return content
