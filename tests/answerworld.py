"""Small worlds for the tests of the answers: tables as DataFrames, from a few lines per claim."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from conflictdata.analysis.records import COLUMNS, Records

TOLL = "monitor.war.2024-01-01"
DAY = dt.date(2024, 1, 1)
WORDS = {
    "": ("exact", ("low", "best", "high")), "at least": ("at_least", ("low",)), "more than": ("more_than", ("low",)),
    "about": ("about", ("best",)), "nearly": ("nearly", ("high",)), "up to": ("up_to", ("high",)),
}  # fmt: skip

PLACES = [
    ("land", "Land", "country", None), ("east", "East", "admin1", "land"), ("west", "West", "admin1", "land"),
    ("town", "Town", "settlement", "east"), ("border", "Border", "area", "land"),
]  # fmt: skip
ACTORS = [
    ("monitor", "The Monitor", "monitor", None), ("rival", "The Rival", "monitor", None), ("paper", "A paper", "news_media", None),
    ("unspecified", "Not stated", "unspecified", None), ("side", "A side", "coalition", None),
    ("army", "The army", "armed_forces", "side"), ("militia", "The militia", "militia", "side"),
    ("rebels", "The rebels", "armed_group", None),
]  # fmt: skip


def day(number: int) -> dt.date:
    """Return a day of January 2024; 0 is the last of December."""
    return DAY + dt.timedelta(days=number - 1)


def parse_words(text: str) -> dict[str, Any]:
    """Return the columns of a number such as "at least 8", "5 to 8" or "dozens"."""
    if " to " in text and text.split(maxsplit=1)[0].isdigit():
        low, high = map(int, text.split(" to "))
        return {"qualifier": "range", "low": low, "high": high}
    words, _, number = text.rpartition(" ")
    if number.isdigit():
        qualifier, columns = WORDS[words]
        return {"qualifier": qualifier, **dict.fromkeys(columns, int(number))}
    return {"qualifier": text}


def figure(name: str, words: str, *, above: str = "", relation: str = "", **columns: Any) -> dict[str, Any]:
    """Return a figure of a claim: its name, its number in words, and the name of the figure above it."""
    return {
        "name": name,
        "above": above,
        "relation": relation or ("part" if above else "total"),
        **parse_words(words),
        **columns,
    }


def claim(number: int, *figures: dict[str, Any] | str, **columns: Any) -> list[dict[str, Any]]:
    """Return the rows of `casualties` of one claim. A text is the number of its total.

    Args:
        number: Number of the claim and its page.
        figures: Its figures, the total first.
        columns: Columns of the claim, such as `claimant_id`; `supersedes`, `as_of_order` of `claims`.
    """
    listed = [figure("killed", one) if isinstance(one, str) else one for one in figures]
    id_ = f"paper-2024-01-{number:02}.1"
    common = {
        "claim_id": id_, "source_id": id_[:-2], "conflict_id": "war", "claimant_id": "monitor", "publisher_id": "paper",
        "location_id": "land", "as_of": day(1), "scope": "cumulative", "basis": "occurred", "status": "active",
        "current": "yes", "outcome": "killed", "unit": "persons", "published_on": day(number), **columns,
    }  # fmt: skip
    rows: dict[str, dict[str, Any]] = {}
    for one in listed:
        above = rows.get(one["above"])
        path = f"{above['path']} > {one['name']}" if above else one["name"]
        row = {
            "period_start": DAY, "period_end": common["as_of"], **common, "depth": path.count(" > "), "path": path,
            "figure_id": f"{id_}.{path.replace(' > ', '.')}", "parent_id": above["figure_id"] if above else None,
            **{key: value for key, value in one.items() if key not in ("name", "above")},
        }  # fmt: skip
        if above is None:
            row.setdefault("population", "everybody")
            if row["scope"] == "cumulative":
                row.setdefault("toll_id", TOLL)
        else:
            row["toll_id"] = row["population"] = None
            row.setdefault("axis", "party" if row["relation"] == "part" else None)
        rows[one["name"]] = row
    return list(rows.values())


def make_tables(*claims: Sequence[Mapping[str, Any]], **others: list[dict[str, Any]]) -> dict[str, pd.DataFrame]:
    """Return the tables of a world, with the arguments of `list_rows`."""
    return {table: make_frame(table, rows) for table, rows in list_rows(*claims, **others).items()}


def make_records(*claims: Sequence[Mapping[str, Any]], **others: list[dict[str, Any]]) -> Records:
    """Return a world as records, with the arguments of `list_rows`; faster than DataFrames."""
    rows = list_rows(*claims, **others)
    return Records({table: [{c: row.get(c) for c in COLUMNS[table]} for row in rows[table]] for table in COLUMNS})


def list_rows(*claims: Sequence[Mapping[str, Any]], **others: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of the tables of a world.

    Args:
        claims: Claims as `claim` returns them.
        others: Rows of other tables, which replace those of the small world.
    """
    rows = [row for one in claims for row in one]
    ids = {row["claim_id"]: row for row in rows}
    return {
        "casualties": [dict(row) for row in rows],
        "claims": [dict(row) for row in ids.values()],
        "claim_links": [],
        "actors": [dict(zip(("actor_id", "name", "kind", "parent_id"), row, strict=True)) for row in ACTORS],
        "locations": [
            {**dict(zip(("location_id", "name", "kind", "parent_id"), row, strict=True)), "country": "SYR"} for row in PLACES
        ],
        "location_members": [],
        "events": [
            {"event_id": f"2024-01-0{n}-strike", "location_id": "town", "date_start": day(n), "date_end": day(n), "summary": "A strike."}
            for n in (1, 2)
        ],
        "conflicts": [
            {"conflict_id": name, "name": name.title(), "date_start": DAY, "date_end": None} for name in ("war", "feud")
        ],
        "tolls": [
            {"toll_id": TOLL, "claimant_id": "monitor", "conflict_id": "war", "date_start": DAY, "population": "everybody",
             "location_id": "land", "name": "Monitor: everybody"}
        ],
        "sources": [{"source_id": row["source_id"], "published_basis": "page"} for row in ids.values()],
        **others,
    }  # fmt: skip


def make_frame(table: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a table with the columns that are read, typed as `load` types them."""
    columns = {}
    for name in COLUMNS[table]:
        cells = [row.get(name) for row in rows]
        kind = _find_type(name)
        columns[name] = pd.Series([None if cell == "" else cell for cell in cells], dtype=kind)
    return pd.DataFrame(columns)


def _find_type(name: str) -> str:
    if name in ("low", "best", "high", "depth", "as_of_order"):
        return "Int64"
    if name == "share":
        return "Float64"
    dates = ("as_of", "period_start", "period_end", "published_on", "date_start", "date_end")
    return "datetime64[s]" if name in dates else "string"


def read_1_1_0() -> dict[str, pd.DataFrame]:
    """Return the rows of 1.1.0 that `scripts/carry_1_1_0.py` kept, with the registers of the installed data."""
    import conflictdata as cd

    file = Path(__file__).parent / "data/answers_1_1_0.csv"
    with file.open(encoding="utf-8", newline="") as opened:
        rows: list[dict[str, Any]] = [
            {key: cell or None for key, cell in row.items()} for row in csv.DictReader(opened)
        ]
    for row in rows:
        for name in ("low", "best", "high", "depth"):
            row[name] = int(row[name]) if row[name] else None
    tables = {table: cd.load(table) for table in COLUMNS}
    tables["casualties"] = make_frame("casualties", rows)
    return tables
