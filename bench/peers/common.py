"""What the table is and what its rules are, for scripts that know nothing of conflictdata.

The rules are those of tests/bigtable.py: ten of a row, the key, the foreign key, and what 21 columns may hold.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

COUNTRIES = list(range(2, 192))
DEATHS = ["deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown"]
TEXTS = ["side_a", "side_b", "country"]
DAYS = ["date_start", "date_end"]
REALS = ["latitude", "longitude"]
FIRST_DAY = "1946-01-01"
COLUMNS = (
    "id year type_of_violence side_a side_b where_prec latitude longitude priogrid_gid country_id country date_prec "
    "date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown low best high"
).split()
# The least and the most of each number; None where there is no bound. Every column is required.
RANGES: dict[str, tuple[int | None, int | None]] = {
    "id": (1, None),
    "year": (1946, 2100),
    "type_of_violence": (1, 3),
    "where_prec": (1, 7),
    "latitude": (-90, 90),
    "longitude": (-180, 180),
    "priogrid_gid": (None, None),
    "country_id": (None, None),
    "date_prec": (1, 5),
    **dict.fromkeys([*DEATHS, "low", "best", "high"], (0, None)),
}
SPANS = {1: (0, 0), 2: (1, 5), 3: (6, 6), 4: (7, 30), 5: (31, 365)}  # days from first to last, by date_prec
LONGEST = 200
FORMULA = r"^[=+\-@]"
# Characters that cannot be seen, and spaces at either end.
UNTIDY = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\n\r\t]|^\\s|\\s$"

RULES = (
    "parts-make-best low-not-above-best best-not-above-high dates-in-order span-fits-precision year-of-dates "
    "grid-of-point sides-differ point-not-zero civilians-are-hit key-unique country-id-resolves range formula untidy"
).split()


def answer(by_rule: Mapping[str, int], cannot: str = "") -> None:
    """Print what was found, as all contestants do.

    Args:
        by_rule: findings by rule (`RULES`); a rule that is not named was not asked.
        cannot: what the library cannot say.
    """
    found = {rule: int(number) for rule, number in by_rule.items()}
    print(json.dumps({"findings": sum(found.values()), "by_rule": found, "cannot": cannot}))


def rule_of(check: str) -> str:
    """The rule that a check of pandera's is of."""
    if check in RULES:
        return check
    own = {"field_uniqueness": "key-unique", "isin": "country-id-resolves"}
    return own.get(check.partition("(")[0], "range")


def file() -> str:
    """The file to check."""
    return sys.argv[1]


def is_csv(path: str) -> bool:
    return path.endswith(".csv")


def polars_schema() -> dict[str, Any]:
    """The columns with their polars types."""
    import polars as pl

    kinds = dict.fromkeys(TEXTS, pl.String) | dict.fromkeys(DAYS, pl.Date) | dict.fromkeys(REALS, pl.Float64)
    return {name: kinds.get(name, pl.Int64) for name in COLUMNS}


def polars_scan(path: str) -> pl.LazyFrame:
    """The file as a lazy frame. A cell of another type ends the whole check with an exception."""
    import polars as pl

    return pl.scan_csv(path, schema=polars_schema()) if is_csv(path) else pl.scan_parquet(path)


def polars_rules() -> dict[str, pl.Expr]:
    """The rules of a row as expressions: true where the row keeps the rule, null where it cannot be told."""
    import polars as pl

    col = pl.col
    days = (col("date_end") - col("date_start")).dt.total_days()
    fits = [(col("date_prec") == prec) & days.is_between(least, most) for prec, (least, most) in SPANS.items()]
    cell = ((col("latitude") + 90) * 2).floor() * 720 + ((col("longitude") + 180) * 2).floor() + 1
    return {
        "parts-make-best": sum((col(n) for n in DEATHS[1:]), col(DEATHS[0])) == col("best"),
        "low-not-above-best": col("low") <= col("best"),
        "best-not-above-high": col("best") <= col("high"),
        "dates-in-order": col("date_start") <= col("date_end"),
        "span-fits-precision": (days < 0) | pl.any_horizontal(fits),
        "year-of-dates": col("date_end").dt.year() == col("year"),
        "grid-of-point": cell.cast(pl.Int64) == col("priogrid_gid"),
        "sides-differ": col("side_a") != col("side_b"),
        "point-not-zero": ~((col("latitude") == 0) & (col("longitude") == 0)),
        "civilians-are-hit": ~((col("type_of_violence") == 3) & (col("deaths_a") > 1000)),
    }


def polars_cells() -> dict[str, list[pl.Expr]]:
    """What cells must be, as expressions over columns: a list of them for each rule."""
    import datetime as dt

    import polars as pl

    ranges = [pl.col(n) >= low for n, (low, _) in RANGES.items() if low is not None]
    ranges += [pl.col(n) <= high for n, (_, high) in RANGES.items() if high is not None]
    ranges += [pl.col(n) >= dt.date.fromisoformat(FIRST_DAY) for n in DAYS]
    ranges += [pl.col(n).is_not_null() for n in COLUMNS]
    ranges += [pl.col(n).str.len_chars().is_between(1, LONGEST) for n in TEXTS]
    return {
        "range": ranges,
        "formula": [~pl.col(n).str.contains(FORMULA) for n in TEXTS],
        "untidy": [~pl.col(n).str.contains(UNTIDY) for n in TEXTS],
    }


def pandas_frame(path: str) -> pd.DataFrame:
    """The file in memory; days as times, and texts as Arrow has them."""
    import pandas as pd

    if not is_csv(path):
        import pyarrow.parquet as pq

        frame: pd.DataFrame = pq.read_table(path).to_pandas(date_as_object=False)
    else:
        kinds = dict.fromkeys(TEXTS, "str") | dict.fromkeys(REALS, "float64")
        types = {n: kinds.get(n, "int64") for n in COLUMNS if n not in DAYS}
        frame = pd.read_csv(path, dtype=types, parse_dates=DAYS, engine="pyarrow")
    return frame.astype(dict.fromkeys(DAYS, "datetime64[s]"))


def _pandas_span(frame: pd.DataFrame) -> pd.Series:
    import numpy as np

    span = (frame["date_end"] - frame["date_start"]).dt.days.to_numpy()
    least, most = np.array([SPANS.get(p, (1, 0)) for p in range(8)]).T
    prec = frame["date_prec"].to_numpy().clip(0, 7)
    fits = (span < 0) | ((span >= least[prec]) & (span <= most[prec]))
    return frame["date_prec"].eq(frame["date_prec"]) & fits


def _pandas_grid(frame: pd.DataFrame) -> pd.Series:
    row, column = ((frame["latitude"] + 90) * 2 // 1, (frame["longitude"] + 180) * 2 // 1)
    return row * 720 + column + 1 == frame["priogrid_gid"]


# The rules of a row, on a frame: true where the row keeps the rule.
PANDAS_RULES: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "parts-make-best": lambda f: (
        f["deaths_a"] + f["deaths_b"] + f["deaths_civilians"] + f["deaths_unknown"] == f["best"]
    ),
    "low-not-above-best": lambda f: f["low"] <= f["best"],
    "best-not-above-high": lambda f: f["best"] <= f["high"],
    "dates-in-order": lambda f: f["date_start"] <= f["date_end"],
    "span-fits-precision": _pandas_span,
    "year-of-dates": lambda f: f["date_end"].dt.year == f["year"],
    "grid-of-point": _pandas_grid,
    "sides-differ": lambda f: f["side_a"] != f["side_b"],
    "point-not-zero": lambda f: ~((f["latitude"] == 0) & (f["longitude"] == 0)),
    "civilians-are-hit": lambda f: ~((f["type_of_violence"] == 3) & (f["deaths_a"] > 1000)),
}
