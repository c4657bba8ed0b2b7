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
) -> pd.DataFrame: ...
@overload
def load(
    name: TableName | str = ...,
    *,
    engine: Literal["polars"],
    columns: Sequence[str] | None = ...,
    version: str | None = ...,
    current: bool = ...,
) -> pl.DataFrame: ...
@overload
def load(
    name: TableName | str = ...,
    *,
    engine: Literal["arrow"],
    columns: Sequence[str] | None = ...,
    version: str | None = ...,
    current: bool = ...,
) -> pa.Table: ...
def load(
    name: str = "casualties",
    *,
    engine: str = "pandas",
    columns: Sequence[str] | None = None,
    version: str | None = None,
    current: bool = False,
) -> Any:
    """Load a table.

    Args:
        name: A name from `tables()`. `casualties` has one row per figure, with everything joined.
        engine: Type of the result: `pandas`, `polars` or `arrow`.
        columns: Columns to load, in this order. Default: all.
        version: Version of the data. Default: the installed one.
        current: Leave out figures of claims that were retracted or corrected, on whatever page they stand. Only for
            `casualties` of version 2 and later. Default: all rows.

    Returns:
        A DataFrame, sorted by the table's key.
        pandas: Dtypes `string`, `Int64`, `Float64` and `datetime64[s]`. Missing cells are NA, never zero.
        polars: String, Int64, Float64 and Date.
        arrow: A `pyarrow.Table` with the descriptions of the columns in its metadata.

    Raises:
        UsageError: If the table, a column, the engine or the version does not exist (the message suggests the nearest
            name), or if the table does not say what is current.

    Example:
        >>> import conflictdata as cd
        >>> cd.load("casualties", columns=["claimant", "path", "low", "high"])  # doctest: +SKIP
    """
    reader = _READERS.get(require_known("engine", engine, _READERS))
    file = path(name, version=version)
    selected = None if columns is None else _select_columns(name, columns, version)
    return reader(file, selected, _find_current(name, version) if current else None)  # type: ignore[misc]


def _find_current(table: str, version: str | None) -> pa.ChunkedArray:
    """Return, for each row of a table, whether it is current."""
    import pyarrow.compute as pc

    if "current" not in [field["name"] for field in _read_schema(table, version)["fields"]]:
        raise UsageError(
            f"{table} does not say what is current; `casualties` does, from version 2.0.0 on. In earlier versions, "
            "keep the rows with `status` active and no `superseded_by`"
        )
    return pc.equal(_load_arrow(path(table, version=version), ["current"])["current"], "yes")


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


def tables(*, version: str | None = None) -> list[str]:
    """Return the names of all tables of a version, `casualties` first."""
    return [resource["name"] for resource in read_package(version)["resources"]]


def path(name: TableName | str, format: Format = "parquet", *, version: str | None = None) -> Path:  # noqa: A002 - the word that users expect
    """Return the path of a table's file on this machine.

    Args:
        name: A name from `tables()`.
        format: `parquet` or `csv`, which are part of the data; or a format of `conflictdata export`, which is written
            on first use under `CONFLICTDATA_HOME`. `sqlite`, `duckdb` and `excel` contain all tables in one file;
            `geojson`, `geoparquet` and `ged` contain the table `events`.
        version: Version of the data. Default: the installed one.

    Raises:
        UsageError: If the table, the format or the version does not exist. The message suggests the nearest name.
    """
    if format not in ("parquet", "csv"):
        return _export_format(name, format, version)
    ending = format
    if not _find_installed_file(version):
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


def _export_format(name: str, form: str, version: str | None) -> Path:
    import hashlib

    from conflictdata._utils.paths import find_cache_folder
    from conflictdata.export import FORMATS, export

    require_known("format", form, ("parquet", "csv", *FORMATS))
    require_known("table", name, tables(version=version))
    chosen, stem = ([], "conflictdata") if FORMATS[form].holds == "tables" else ([name], name)
    described = hashlib.sha256(json.dumps(read_package(version), sort_keys=True).encode()).hexdigest()[:12]
    folder = find_cache_folder() / "formats" / f"{read_package(version)['version']}-{described}"
    ending = FORMATS[form].ending
    file = folder / (f"{stem}.{form}" if form == ending else f"{stem}.{form}.{ending}")
    if not file.is_file():
        export(form, file, bundle(version), tables=chosen, force=True)
    return file


def bundle(version: str | None = None) -> Bundle:
    """Return the tables of a version with their schemas, for `conflictdata.export`."""
    from conflictdata.export.bundle import Bundle

    schemas = {table: _read_schema(table, version) for table in tables(version=version)}
    return Bundle(read_package(version), schemas, lambda table: load(table, engine="polars", version=version))


def describe(name: TableName | str = "casualties", *, version: str | None = None) -> Description:
    """Describe a table: its contents, its key, and each column.

    Args:
        name: A name from `tables()`.
        version: Version of the data. Default: the installed one.

    Returns:
        A `Description`. Print it to read it as a page. `.columns` lists the columns with type, meaning and allowed
        words; `.to_frame()` returns them as a pandas DataFrame.

    Raises:
        UsageError: If the table does not exist. The message suggests the nearest name.
    """
    from conflictdata.datapackage.description import make_description

    require_known("table", name, tables(version=version))
    resource = next(r for r in read_package(version)["resources"] if r["name"] == name)
    return make_description(resource, _read_schema(name, version))


def _select_columns(table: str, columns: Iterable[str], version: str | None) -> list[str]:
    if isinstance(columns, str):
        raise UsageError(f"columns is a list of names: columns=[{columns!r}]")
    known_names = [field["name"] for field in _read_schema(table, version)["fields"]]
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
def read_package(version: str | None = None) -> dict[str, Any]:
    """Return the descriptor of a version, the contents of `datapackage.json`."""
    return _read_json(_locate_file("datapackage.json", version))


@cache
def _read_schema(table: str, version: str | None = None) -> dict[str, Any]:
    return _read_json(_locate_file(f"schemas/{table}.json", version))


def _find_installed_file(version: str | None) -> bool:
    return version is None or version == read_package()["version"]


def _locate_file(file: str, version: str | None) -> Path:
    """Return the path of a file of a version's package."""
    if version is None or _find_installed_file(version):
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
