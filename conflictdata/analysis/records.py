"""The rows that the operations read, as plain records, from the installed data, another version, or DataFrames."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeAlias

from conflictdata import loading
from conflictdata.analysis.bounds import Bounds
from conflictdata.analysis.refused import Refused
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd

Data: TypeAlias = "str | Mapping[str, pd.DataFrame] | None"
Rows = list[dict[str, Any]]

# The columns of each table that are read.
COLUMNS: dict[str, tuple[str, ...]] = {
    "casualties": (
        "figure_id", "claim_id", "source_id", "parent_id", "relation", "axis", "depth", "path", "outcome", "unit", "label",
        "actor_id", "person_status", "role", "sex", "age", "cause", "perpetrators", "location_id", "period_start",
        "period_end", "as_of", "scope", "basis", "qualifier", "low", "best", "high", "share", "status", "superseded_by",
        "toll_id", "current", "population", "population_detail", "conflict_id", "event_ids", "claimant_id",
        "publisher_id", "relayed_via", "published_on",
    ),
    "claims": ("claim_id", "as_of_order", "supersedes", "revision_reason"),
    "claim_links": ("claim_id", "other_id", "kind"),
    "actors": ("actor_id", "name", "short_name", "kind", "parent_id"),
    "locations": ("location_id", "name", "kind", "country", "parent_id"),
    "location_members": ("area_id", "member_id", "whole"),
    "events": ("event_id", "location_id", "date_start", "date_end", "summary", "merged_into"),
    "conflicts": ("conflict_id", "name", "date_start", "date_end"),
    "tolls": ("toll_id", "claimant_id", "conflict_id", "date_start", "population", "location_id", "name"),
    "sources": ("source_id", "published_basis"),
}  # fmt: skip
_NEW_COLUMNS = ("toll_id", "current", "population")


@dataclass(slots=True, eq=False)
class CountRow:
    """A row of `casualties`. Dates are `datetime.date`, missing cells None."""

    figure_id: str
    claim_id: str
    source_id: str
    parent_id: str | None
    relation: str
    axis: str | None
    depth: int
    path: str
    outcome: str
    unit: str
    label: str | None
    actor_id: str | None
    person_status: str | None
    role: str | None
    sex: str | None
    age: str | None
    cause: str | None
    perpetrators: str | None
    location_id: str | None
    period_start: dt.date | None
    period_end: dt.date | None
    as_of: dt.date
    scope: str
    basis: str
    qualifier: str
    low: int | None
    best: int | None
    high: int | None
    share: float | None
    status: str
    superseded_by: str | None
    toll_id: str | None
    current: str
    population: str | None
    population_detail: str | None
    conflict_id: str
    event_ids: str | None
    claimant_id: str
    publisher_id: str | None
    relayed_via: str | None
    published_on: dt.date | None

    @property
    def events(self) -> list[str]:
        """Return the ids of the events of its claim."""
        return self.event_ids.split() if self.event_ids else []


class Records:
    """The tables that the operations read.

    Args:
        tables: The rows of each table in `COLUMNS`.
        version: Version of the data. "": unknown.
        package: For a collection: its descriptor.
    """

    def __init__(self, tables: Mapping[str, Rows], version: str = "", package: Mapping[str, Any] | None = None) -> None:
        self.tables = tables
        self.version = version
        self.collection = str(package["collection"]) if package else ""
        self.title = str(package["title"]) if package else ""
        self.caution = str(package["caution"]) if package else ""
        take = itemgetter(*COLUMNS["casualties"])
        self.rows = [CountRow(*take(row)) for row in tables["casualties"]]
        self.by_id = {row.figure_id: row for row in self.rows}
        self.closed: dict[str, Bounds] = {}  # what the numbers of a claim leave for each of its figures
        self.claims: dict[str, dict[str, Any]] = self._index("claims")
        self.actors = self._index("actors")
        self.places = self._index("locations")
        self.events = self._index("events")
        self.conflicts = self._index("conflicts")
        self.tolls = self._index("tolls")
        self.sources = self._index("sources")

    def _index(self, table: str) -> dict[str, dict[str, Any]]:
        key = COLUMNS[table][0]
        return {row[key]: row for row in self.tables[table]}

    @property
    def origin(self) -> dict[str, str | None]:
        """Return the collection and its caution, for each row of an answer."""
        return {"collection": self.collection or None, "caution": self.caution or None}

    @cached_property
    def by_claim(self) -> dict[str, list[CountRow]]:
        """Return the figures of each claim."""
        found: dict[str, list[CountRow]] = defaultdict(list)
        for row in self.rows:
            found[row.claim_id].append(row)
        return found

    @cached_property
    def children(self) -> dict[str, list[CountRow]]:
        """Return the figures below each figure."""
        found: dict[str, list[CountRow]] = defaultdict(list)
        for row in self.rows:
            if row.parent_id:
                found[row.parent_id].append(row)
        return found

    @cached_property
    def roots_by_event(self) -> dict[str, list[CountRow]]:
        """Return the totals about each event."""
        found: dict[str, list[CountRow]] = defaultdict(list)
        for row in self.rows:
            if row.parent_id is None:
                for event in row.events:
                    found[event].append(row)
        return found

    @cached_property
    def links(self) -> dict[str, set[tuple[str, str]]]:
        """Return, by kind, the pairs of linked claims."""
        found: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for row in self.tables["claim_links"]:
            found[row["kind"]].add((row["claim_id"], row["other_id"]))
        return found

    @cached_property
    def toll_of_claim(self) -> dict[tuple[str, str, str], str]:
        """Return the toll of each root: by claim, outcome and unit."""
        roots = (row for row in self.rows if row.parent_id is None and row.toll_id)
        return {(row.claim_id, row.outcome, row.unit): str(row.toll_id) for row in roots}

    @cached_property
    def _members(self) -> dict[str, list[tuple[str, bool]]]:
        found: dict[str, list[tuple[str, bool]]] = defaultdict(list)
        for row in self.tables["location_members"]:
            found[row["area_id"]].append((row["member_id"], row["whole"] == "yes"))
        return found

    def iterate_ancestors(self, row: CountRow) -> Iterator[CountRow]:
        """Yield the figures above a figure, the nearest first."""
        seen = {row.figure_id}
        while row.parent_id and row.parent_id in self.by_id and row.parent_id not in seen:
            row = self.by_id[row.parent_id]
            seen.add(row.figure_id)
            yield row

    def find_root(self, row: CountRow) -> CountRow:
        """Return the total at the top of a figure's tree."""
        return next(reversed(list(self.iterate_ancestors(row))), row)

    def list_chain(self, table: str, id_: str | None) -> list[str]:
        """Return an actor or a place and the wider ones above it, the nearest first."""
        records = self.actors if table == "actors" else self.places
        chain: list[str] = []
        while id_ and id_ not in chain:
            chain.append(id_)
            id_ = records.get(id_, {}).get("parent_id")
        return chain

    def list_members(self, area: str) -> list[tuple[str, bool]]:
        """Return the places of a loose area, each with whether the whole place belongs to it."""
        return self._members.get(area, [])

    def name_actor(self, actor: str) -> str:
        """Return the short name of an actor, or its name."""
        record = self.actors.get(actor, {})
        return record.get("short_name") or record.get("name") or actor

    def name_place(self, place: str | None) -> str:
        """Return the name of a place; "" for none."""
        return self.places.get(place or "", {}).get("name") or place or ""

    @cached_property
    def finder(self) -> Any:
        """Return the finder of names in these tables."""
        from conflictdata.registers.entries import COLUMNS as NAMING
        from conflictdata.registers.find import read_finder
        from conflictdata.registers.finder import Finder

        if self._is_installed and not self.collection:
            return read_finder()
        texts = {
            table: [dict.fromkeys(NAMING[table], "") | {k: str(cell) for k, cell in row.items() if cell is not None} for row in rows]
            for table, rows in self.tables.items() if table in ("actors", "locations", "events", "conflicts", "tolls")
        }  # fmt: skip
        return Finder.from_tables(texts)

    @property
    def _is_installed(self) -> bool:
        return bool(self.version) and self.version == loading.read_package()["version"]

    @cached_property
    def finders(self) -> list[Any]:
        """Return the finder of these tables and, for a collection, that of the registers that it shares."""
        from conflictdata.registers.find import read_finder

        return [self.finder, *([read_finder()] if self.collection and self._is_installed else [])]


def read_records(data: Data | Records = None, collection: str | None = None) -> Records:
    """Return the records of the installed data, of a version, of a collection, or of tables.

    Args:
        data: A version, DataFrames by table name, or records that were read before. None: the installed data.
        collection: Name of a collection of the version. None: the curated records.

    Raises:
        Refused: If the data are older than version 2.
        UsageError: If the version, the collection, a table or a column does not exist, or the collection is not as it was
            published.
    """
    if data is None or isinstance(data, str):
        if collection is not None and not isinstance(collection, str):
            raise UsageError(f"collection is {collection!r}; write one name, such as 'gaza_daily'")
        return _read_version(data, collection)
    if isinstance(data, Records):
        return data
    if collection is not None:
        raise UsageError("a collection belongs to a version; leave out `data`, or leave out `collection`")
    if not isinstance(data, Mapping):
        raise UsageError("data takes a version, or DataFrames by table name: data={'casualties': ..., 'claims': ...}")
    casualties = data.get("casualties")
    if casualties is not None and not set(_NEW_COLUMNS) <= set(casualties.columns):
        raise _refuse_old_version()
    if missing := [table for table in COLUMNS if table not in data]:
        raise UsageError(f"data lacks {', '.join(missing)}; it takes the tables {', '.join(COLUMNS)}")
    return Records({table: _read_frame(table, data[table]) for table in COLUMNS})


@cache
def _read_version(version: str | None, collection: str | None) -> Records:
    package = loading.read_package(version, collection)
    if "tolls" not in loading.tables(version=version, collection=collection):
        raise _refuse_old_version(version or "")
    tables = {
        table: loading.load(table, engine="arrow", columns=columns, version=version, collection=collection).to_pylist()
        for table, columns in COLUMNS.items()
    }
    return Records(tables, str(package["version"]), package if collection else None)


def _refuse_old_version(version: str = "") -> Refused:
    what = f"version {version}" if version else "these tables"
    return Refused(
        ["old-version"],
        f"{what} do{'es' if version else ''} not say which toll a total belongs to, whom it counts and whether it holds.",
        choices=["use version 2.0.0 or later"],
    )


def _read_frame(table: str, frame: pd.DataFrame) -> Rows:
    columns = COLUMNS[table]
    if missing := [column for column in columns if column not in frame.columns]:
        raise UsageError(f"the table {table} lacks the columns {', '.join(missing)}")
    cells = [_read_column(table, column, frame[column].astype(object).tolist()) for column in columns]
    return [dict(zip(columns, row, strict=True)) for row in zip(*cells, strict=True)]


def _read_column(table: str, column: str, cells: list[Any]) -> list[Any]:
    read: Callable[[Any], Any] = _READERS.get(column, _read_text)
    try:
        return [None if _is_missing(cell) else read(cell) for cell in cells]
    except (TypeError, ValueError) as fault:
        kind = {_read_date: "days", _read_count: "whole numbers", float: "numbers"}.get(read, "texts")
        raise UsageError(f"the column {column} of {table} holds something else than {kind}: {fault}") from None


def _is_missing(cell: Any) -> bool:
    return cell is None or type(cell).__name__ in ("NAType", "NaTType") or bool(cell != cell)  # noqa: PLR0124 - as NaN does


def _read_date(cell: Any) -> dt.date:
    if isinstance(cell, dt.datetime):
        return cell.date()
    return cell if isinstance(cell, dt.date) else dt.date.fromisoformat(cell)


def _read_count(cell: Any) -> int:
    if isinstance(cell, str) or int(cell) != cell:
        raise ValueError(repr(cell))
    return int(cell)


def _read_text(cell: Any) -> str:
    if not isinstance(cell, str):
        raise TypeError(repr(cell))
    return cell


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("as_of", "period_start", "period_end", "published_on", "date_start", "date_end"), _read_date),
    **dict.fromkeys(("low", "best", "high", "depth", "as_of_order"), _read_count),
    "share": float,
}
