"""Compare the running tolls: their points, before and after.

A point is one as-of day of one toll, outcome, unit and group. It covers all claims of that day that are active and
not corrected by another claim. Pages may give different numbers for one day. Nothing is averaged: a point lists all
quantities, and `low` and `high` enclose them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

import polars as pl

from conflictdata.comparison.describe import get_text
from conflictdata.comparison.model import Point, PointChange, TollChange
from conflictdata.schema.views import INHERITED
from conflictdata.seeds.quantity import format_quantity

Tables = Mapping[str, pl.DataFrame]

_GROUP = ("label", *INHERITED)
_TOLL = ("toll_id", "basis", "outcome", "unit", *_GROUP)
_KEY = (*_TOLL, "as_of")
_CELLS = ("qualifier", "low", "best", "high", "share")
_NEEDED = {
    "claims": ("claim_id", "as_of", "status", "supersedes"),
    "figures": ("claim_id", "figure_id", *_CELLS),
}
_USUAL_VALUES = ("persons", "occurred")
_SEPARATOR = "/"


def compare_tolls(old: Tables, new: Tables) -> tuple[TollChange, ...]:
    """Return the running tolls that differ, sorted by id.

    Args:
        old: The old tables, by name.
        new: The new tables, by name.
    """
    before, now = (_build_points(frames, new.get("tolls_1_1")) for frames in (old, new))
    both = before.join(now, on=_KEY, how="full", suffix="~new", coalesce=True, nulls_equal=True)
    changed = both.filter(pl.col("said").ne_missing(pl.col("said~new")))
    if not changed.height:
        return ()
    changed_tolls = changed.select(_TOLL).unique()
    last = [
        _find_last_points(points.join(changed_tolls, on=_TOLL, how="semi", nulls_equal=True))
        for points in (before, now)
    ]
    rows = changed.sort(_KEY).iter_rows(named=True)
    changes = (_make_toll(key, list(group), *last) for key, group in groupby(rows, _get_key))
    return tuple(sorted(changes, key=lambda toll: (toll.toll_id, toll.what)))


def _get_key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[c] for c in _TOLL)


def _select_toll_claims(claims: pl.DataFrame) -> pl.DataFrame:
    """Return the active, uncorrected claims, with the series that version 1 gave them."""
    corrected = claims.filter(pl.col("supersedes").is_not_null()).select(claim_id="supersedes").unique()
    kept = claims.filter((pl.col("status") == "active") & pl.col("as_of").is_not_null())
    return kept.join(corrected, on="claim_id", how="anti").select(
        "claim_id", "as_of", basis=get_text(claims, "basis"), series_id=get_text(claims, "series_id")
    )


def _lead_on(points: pl.DataFrame, series: pl.DataFrame | None) -> pl.DataFrame:
    """Fill the toll of points of version 1: the one that their series leads to, else the series itself."""
    if series is not None and series.height:
        tolls = series.group_by("series_id").agg(_toll=pl.col("toll_id").min())
        points = points.join(tolls, on="series_id", how="left").with_columns(toll_id=pl.coalesce("toll_id", "_toll"))
    return points.with_columns(toll_id=pl.coalesce("toll_id", "series_id")).filter(pl.col("toll_id").is_not_null())


def _build_points(frames: Tables, series: pl.DataFrame | None) -> pl.DataFrame:
    """Build one row per point.

    `series` is the table that leads the series of version 1 on.

    Returns:
        The key, `low`, `best`, `high`, `said` (the distinct quantities, as joined cells) and `claims`.
    """
    claims, figures = frames.get("claims"), frames.get("figures")
    schema = {**dict.fromkeys(_TOLL, pl.String), "as_of": pl.Date, **dict.fromkeys(("low", "best", "high"), pl.Int64)}
    empty = pl.DataFrame(schema={**schema, "said": pl.List(pl.String), "claims": pl.List(pl.String)})
    if claims is None or figures is None or not (_has_columns(claims, "claims") and _has_columns(figures, "figures")):
        return empty
    roots = figures.filter(get_text(figures, "parent_id").is_null() & (get_text(figures, "relation") == "total"))
    cells = roots.select(
        "claim_id", *(get_text(figures, c).alias(c) for c in ("toll_id", "outcome", "unit", *_GROUP)),
        *(pl.col(c).cast(pl.Int64) for c in ("low", "best", "high")),
        said=pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in _CELLS], separator=_SEPARATOR),
    )  # fmt: skip
    points = (
        _lead_on(cells.join(_select_toll_claims(claims), on="claim_id", how="inner"), series)
        .group_by(_KEY)
        .agg(*_aggregate_bounds(), *_aggregate_quantities())
    )
    return points.select(pl.col(c).cast(t) for c, t in empty.schema.items())


def _has_columns(frame: pl.DataFrame, table: str) -> bool:
    return set(_NEEDED[table]) <= set(frame.columns)


def _aggregate_bounds() -> tuple[pl.Expr, ...]:
    """Return expressions for the bounds of a point.

    `low` and `high` enclose all quantities; a bound is null if any claim leaves it open. `best` is null unless all
    agree.
    """
    low, high = pl.coalesce("low", "best"), pl.coalesce("high", "best")
    all_agree = pl.col("best").drop_nulls().n_unique() == 1
    return (
        pl.when(low.null_count() == 0).then(low.min()).alias("low"),
        pl.when(all_agree).then(pl.col("best").max()).alias("best"),
        pl.when(high.null_count() == 0).then(high.max()).alias("high"),
    )


def _aggregate_quantities() -> tuple[pl.Expr, ...]:
    return pl.col("said").unique().sort(), pl.col("claim_id").unique().sort().alias("claims")


def _find_last_points(points: pl.DataFrame) -> dict[tuple[Any, ...], Point]:
    """Return the last point of each toll."""
    return {_get_key(row): _make_point(row) for row in points.sort("as_of").iter_rows(named=True)}


def _make_point(row: Mapping[str, Any], suffix: str = "") -> Point:
    low, best, high, quantities, claims = (row[f"{c}{suffix}"] for c in ("low", "best", "high", "said", "claims"))
    return Point(row["as_of"], low, best, high, tuple(map(_format_quantity, quantities)), tuple(claims))


def _format_quantity(raw: str) -> str:
    """Format a quantity in words, from its joined cells."""
    qualifier, low, best, high, share = raw.split(_SEPARATOR)
    counts = [int(n) if n else None for n in (low, best, high)]
    try:
        return format_quantity(qualifier, counts[0], counts[1], counts[2], float(share) if share else None)
    except (StopIteration, ValueError):
        return raw.strip(_SEPARATOR)


def _make_toll(
    key: tuple[Any, ...],
    rows: list[dict[str, Any]],
    before: Mapping[tuple[Any, ...], Point],
    now: Mapping[tuple[Any, ...], Point],
) -> TollChange:
    return TollChange(key[0], _describe_counted(key), before.get(key), now.get(key), tuple(_make_point_changes(rows)))


def _make_point_changes(rows: list[dict[str, Any]]) -> Iterator[PointChange]:
    for row in rows:
        old = _make_point(row) if row["said"] is not None else None
        new = _make_point(row, "~new") if row["said~new"] is not None else None
        yield PointChange("added" if old is None else "removed" if new is None else "changed", row["as_of"], old, new)


def _describe_counted(key: tuple[Any, ...]) -> str:
    """Describe what a toll counts, such as `killed` or `injured (cases), child`."""
    values = dict(zip(_TOLL, key, strict=True))
    unit = f" ({values['unit']})" if values["unit"] not in (*_USUAL_VALUES, None) else ""
    rest = [str(values[c]) for c in ("basis", *_GROUP) if values[c] is not None and values[c] not in _USUAL_VALUES]
    return ", ".join([f"{values['outcome']}{unit}", *rest])
