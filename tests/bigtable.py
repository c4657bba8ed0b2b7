"""A made-up table like UCDP GED.

Contains its plan of twelve rules, valid rows, and faults for each rule.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.rules._helpers import count_days
from conflictdata.rules.base import Rule
from conflictdata.schema.columns import Constraint
from conflictdata.validation.plan import Plan, Reference

TABLE = "made_up"
COUNTRIES = tuple(range(2, 192))
DEATHS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")
SPANS = {1: (0, 0), 2: (1, 5), 3: (6, 6), 4: (7, 30), 5: (31, 365)}  # days from the first to the last, by date_prec


def _make_column(name: str, kind: str, required: bool = True, **said: Any) -> Constraint:
    return Constraint(name, kind, required, unique=False, description=f"{name}.", example="1", **said)


COLUMNS = (
    _make_column("id", "count", low=1),
    _make_column("year", "count", low=1946, high=2100),
    _make_column("type_of_violence", "count", low=1, high=3),
    _make_column("side_a", "text", shortest=1, longest=200),
    _make_column("side_b", "text", shortest=1, longest=200),
    _make_column("where_prec", "count", low=1, high=7),
    _make_column("latitude", "number", low=-90, high=90),
    _make_column("longitude", "number", low=-180, high=180),
    _make_column("priogrid_gid", "count"),
    _make_column("country_id", "count"),
    _make_column("country", "text", shortest=1, longest=200),
    _make_column("date_prec", "count", low=1, high=5),
    _make_column("date_start", "date", low="1946-01-01"),
    _make_column("date_end", "date", low="1946-01-01"),
    *(_make_column(name, "count", low=0) for name in DEATHS),
    *(_make_column(name, "count", low=0) for name in ("low", "best", "high")),
)


def _make_rule(name: str, fields: tuple[str, ...], check: nw.Expr, message: str, severity: str = "error") -> Rule:
    texts = {"message": message, "hint": "Look at the source.", "why": "It must hold."}
    return Rule(id=f"{TABLE}.{name}", table=TABLE, severity=severity, fields=fields, check=check, **texts)  # type: ignore[arg-type]


def _check_span() -> nw.Expr:
    days, prec = count_days("date_start", "date_end"), nw.col("date_prec")
    each = [(prec == number) & (days >= least) & (days <= most) for number, (least, most) in SPANS.items()]
    return nw.any_horizontal(*each, ignore_nulls=True)


def _check_grid() -> nw.Expr:
    row = ((nw.col("latitude") + 90) * 2).floor().cast(nw.Int64)
    return row * 720 + ((nw.col("longitude") + 180) * 2).floor().cast(nw.Int64) + 1


def _check_sum() -> nw.Expr:
    return sum((nw.col(name) for name in DEATHS[1:]), nw.col(DEATHS[0]))


_ADDED = " + ".join(f"{{{name}}}" for name in DEATHS)
RULES = (
    _make_rule("parts-make-best", ("best", *DEATHS), _check_sum() == nw.col("best"), f"{_ADDED} is not the best estimate, {{best}}"),
    _make_rule("low-not-above-best", ("low", "best"), nw.col("low") <= nw.col("best"), "low {low} > best {best}", "warning"),
    _make_rule("best-not-above-high", ("best", "high"), nw.col("best") <= nw.col("high"), "best {best} > high {high}", "warning"),
    _make_rule("dates-in-order", ("date_start", "date_end"), nw.col("date_start") <= nw.col("date_end"), "{date_start} is after {date_end}"),
    _make_rule("span-fits-precision", ("date_prec", "date_start", "date_end"), nw.when(nw.col("date_start") <= nw.col("date_end")).then(_check_span()), "date_prec {date_prec} does not go with {date_start} to {date_end}"),
    _make_rule("year-of-dates", ("year", "date_end"), nw.col("date_end").dt.year() == nw.col("year"), "year {year}, but date_end {date_end}"),
    _make_rule("grid-of-point", ("priogrid_gid", "latitude", "longitude"), _check_grid() == nw.col("priogrid_gid"), "priogrid_gid {priogrid_gid} is not the cell of {latitude}, {longitude}"),
    _make_rule("sides-differ", ("side_b", "side_a"), nw.col("side_a") != nw.col("side_b"), "{side_a} on both sides"),
    _make_rule("point-not-zero", ("latitude", "longitude"), ~((nw.col("latitude") == 0) & (nw.col("longitude") == 0)), "the point is 0, 0"),
    _make_rule("civilians-are-hit", ("deaths_civilians", "type_of_violence"), ~((nw.col("type_of_violence") == 3) & (nw.col("deaths_a") > 1000)), "a one-sided attack with {deaths_a} dead attackers", "warning"),
)  # fmt: skip

# Twelve rules: these ten, the key, and the foreign key; and the types, vocabularies and ranges of 21 columns.
PLAN = Plan(TABLE, COLUMNS, ("id",), RULES, (Reference("country_id", "country", COUNTRIES),))


def make_rows(rows: int, start: int = 100_000, seed: int = 1) -> pl.DataFrame:
    """Return rows that pass every rule."""
    import numpy as np  # only here: bench/ours.py needs only the plan, and its start-up is measured

    r = np.random.default_rng(seed)
    prec = r.choice([1, 2, 3, 4, 5], rows, p=[0.7, 0.1, 0.1, 0.07, 0.03])
    days = np.select([prec == p for p in SPANS], [SPANS[p][1] for p in SPANS])
    first = np.datetime64("1989-01-01", "D") + r.integers(0, 12_000, rows)
    last = first + days
    parts = {name: r.integers(0, 9, rows) for name in DEATHS}
    best = sum(parts.values())
    latitude, longitude = np.round(r.uniform(-60, 70, rows), 6), np.round(r.uniform(-170, 179, rows), 6)
    country = r.integers(0, len(COUNTRIES), rows)
    return pl.DataFrame(
        {
            "id": np.arange(rows) + start,
            "year": last.astype("datetime64[Y]").astype(int) + 1970,
            "type_of_violence": r.integers(1, 4, rows),
            "side_a": pl.Series([f"Government of State {i}" for i in range(300)])[r.integers(0, 300, rows)],
            "side_b": pl.Series([f"Rebel group {i}" for i in range(400)])[r.integers(0, 400, rows)],
            "where_prec": r.integers(1, 8, rows),
            "latitude": latitude,
            "longitude": longitude,
            "priogrid_gid": (np.floor((latitude + 90) * 2) * 720 + np.floor((longitude + 180) * 2) + 1).astype(int),
            "country_id": np.array(COUNTRIES)[country],
            "country": pl.Series([f"State {i}" for i in range(len(COUNTRIES))])[country],
            "date_prec": prec,
            "date_start": first,
            "date_end": last,
            **parts,
            "low": np.maximum(best - 1, 0),
            "best": best,
            "high": best + 2,
        }
    )  # fmt: skip


# Ten ways to break a row: the columns that change, and the one finding that follows.
FAULTS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"best": 10_000, "high": 10_001}, f"{TABLE}.parts-make-best"),
    ({"low": 9_999}, f"{TABLE}.low-not-above-best"),
    ({"high": -1}, "cells.range"),
    ({"date_start": dt.date(2035, 1, 1)}, f"{TABLE}.dates-in-order"),
    ({"year": 1950}, f"{TABLE}.year-of-dates"),
    ({"priogrid_gid": 1}, f"{TABLE}.grid-of-point"),
    ({"country_id": 999}, f"{TABLE}.country-id-resolves"),
    ({"latitude": 91.5}, "cells.range"),
    ({"type_of_violence": 4}, "cells.range"),
    ({"side_a": "=cmd"}, "cells.formula"),
)


def add_faults(
    frame: pl.DataFrame, each: int = 9, *, first: int = 0, total: int | None = None
) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Add each fault `each` times, and ten duplicate keys.

    Args:
        frame: Rows of `make_rows`, with consecutive ids.
        each: Number of copies of each fault of `FAULTS`.
        first: Number of the frame's first row, if it is a piece of a longer table.
        total: Rows of that table. Its faults are spread evenly, and the piece gets those in its range. The first row of
            a duplicate key is half a table before the second.

    Returns:
        The frame with faults, and the rule and record of each finding.
    """
    whole, start = total or frame.height, int(frame["id"][0]) - first
    faults = each * len(FAULTS)
    step = whole // (faults + 10)
    changes: dict[str, dict[int, Any]] = {}
    expected = []
    for n in range(faults):
        row, (change, rule) = n * step - first, FAULTS[n % len(FAULTS)]
        if 0 <= row < frame.height:
            expected.append((rule, str(start + n * step)))
            for column, value in change.items():
                changes.setdefault(column, {})[row] = value
    for n in range(faults, faults + 10):
        row, same = n * step + 1 - first, n * step - (whole // 2 - 2 if total else 0)
        if 0 <= row < frame.height:
            expected.append((f"{TABLE}.key-unique", str(start + same)))
            changes.setdefault("id", {})[row] = start + same
    columns = []
    for column, cells in changes.items():
        values = pl.Series(list(cells.values()), dtype=frame.schema[column])
        columns.append(frame[column].clone().scatter(pl.Series(list(cells), dtype=pl.UInt32), values))
    return frame.with_columns(columns), sorted(expected)
