"""What the rules of figures share: lists of children as sums, and a list in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import GROUP, join_columns
from conflictdata.rules.base import Frames, Row
from conflictdata.schema.quantities import is_filled

Lazy = nw.LazyFrame[Any]

_QUALIFIER_WORDS = {
    "exact": "",
    "at_least": "at least ",
    "more_than": "more than ",
    "about": "about ",
    "nearly": "nearly ",
    "up_to": "up to ",
}


def is_any(first: nw.Expr, *others: nw.Expr) -> nw.Expr:
    """True where one of them is; null counts as false."""
    test = first.fill_null(False)
    for other in others:
        test = test | other.fill_null(False)
    return test


def cast_to_int(test: nw.Expr) -> nw.Expr:
    """1 where the test holds, else 0: to be summed over a group."""
    return test.fill_null(False).cast(nw.Int64)


def decide_verdict(valid: nw.Expr, invalid: nw.Expr) -> nw.Expr:
    """True where the one holds, else false where the other does, else unknown."""
    # Compared columns and no literals: in pandas, literals and nulls make a column of objects, which has no type if all are null.
    same = nw.col("claim_id") == nw.col("claim_id")
    return nw.when(valid).then(same).otherwise(nw.when(invalid).then(~same))


def describe_group() -> nw.Expr:
    """Which people a figure counts, as one text: equal where all descriptive columns are equal; `||||||||||` where none is filled."""
    return join_columns(GROUP)


UNDESCRIBED_GROUP = "|" * (len(GROUP) - 1)  # the group of a figure without any descriptive column


def extract_last_name(column: str) -> nw.Expr:
    """The last name of a figure's path."""
    return nw.col(column).str.replace_all(r"^.*\.", "")


def is_same_kind() -> nw.Expr:
    """Over `figures_nested`: the figure counts the same outcome in the same unit as its parent."""
    return (nw.col("outcome") == nw.col("parent_outcome")) & (nw.col("unit") == nw.col("parent_unit"))


def is_comparable() -> nw.Expr:
    """Over `figures_nested`: its number and its parent's can be compared. Never null."""
    return (nw.col("stands") & nw.col("parent_stands") & is_same_kind() & (nw.col("copies") == 1)).fill_null(False)


def is_bounded() -> nw.Expr:
    """The figure has a lower or an upper bound."""
    return is_filled("low") | is_filled("high")


def format_figure_column(prefix: str = "") -> nw.Expr:
    """A figure's number in words, over the columns of `figures` with a prefix: `at least 727`, `5 to 8`, `dozens`."""
    word, number = (
        nw.col(f"{prefix}qualifier"),
        nw.coalesce(f"{prefix}best", f"{prefix}low", f"{prefix}high").cast(nw.String),
    )
    bounds = nw.concat_str(
        [nw.col(f"{prefix}low").cast(nw.String), nw.col(f"{prefix}high").cast(nw.String)], separator=" to "
    )
    phrase = nw.concat_str([word.str.replace_all("_", " ", literal=True), number], separator=" ", ignore_nulls=True)
    return nw.when(word == "range").then(bounds).otherwise(nw.when(word == "exact").then(number).otherwise(phrase))


# Words, for the few rows that failed.


def format_figure(row: Mapping[str, Any]) -> str:
    """A figure's number in words: `111`, `at least 727`, `5 to 8`, `62%`, `dozens`."""
    word = str(row["qualifier"])
    if word == "range":
        return f"{row['low']} to {row['high']}"
    if row.get("share") is not None:
        return f"{_QUALIFIER_WORDS.get(word, '')}{row['share']:g}%"
    number = next((row[c] for c in ("best", "low", "high") if row[c] is not None), None)
    if number is None:
        return "a number that is not stated" if word == "unstated" else word
    return f"{_QUALIFIER_WORDS.get(word, '')}{number}"


def format_bounds(low: int, high: int | None) -> str:
    """A sum with its bounds in words; `high` None: open above."""
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def extract_name(figure_id: str) -> str:
    """The last name of a path."""
    return figure_id.rpartition(".")[2]


def collect_children(frames: Frames, parent_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The figures under each of these parents, in the order in which the table holds them."""
    # From the table itself: joins do not keep an order, a filter does.
    ids = sorted(set(parent_ids))
    found = frames["figures"].filter(nw.col("parent_id").is_in(ids)).collect().to_polars().to_dicts()
    by_parent: dict[str, list[Row]] = {}
    for row in found:
        by_parent.setdefault(row["parent_id"], []).append(row)
    return by_parent


def collect_figures_by_claim(frames: Frames, claim_ids: Iterable[str]) -> dict[str, list[Row]]:
    """The figures of each of these claims, in the order in which the table holds them."""
    ids = sorted({claim for claim in claim_ids if claim})
    found = frames["figures"].filter(nw.col("claim_id").is_in(ids)).collect().to_polars().to_dicts()
    by_claim: dict[str, list[Row]] = {claim: [] for claim in ids}
    for row in found:
        by_claim[row["claim_id"]].append(row)
    return by_claim


def format_terms(rows: Sequence[Row]) -> str:
    """The terms of a sum: `111 + at least 20 + dozens`."""
    return " + ".join(format_figure(row) for row in rows)


def format_sum(rows: Sequence[Row]) -> str:
    """A sum in words: `111 + 317 = 428`; of one term, the term alone."""
    return f"{format_terms(rows)} = {format_bounds(*sum_bounds(rows))}" if len(rows) > 1 else format_terms(rows)


def sum_bounds(rows: Sequence[Row]) -> tuple[int, int | None]:
    """The bounds of a sum: an open lower end counts 0, an open upper end leaves the sum open."""
    low = sum(row["low"] or 0 for row in rows)
    highs = [row["high"] for row in rows]
    return low, None if None in highs else sum(highs)


def join_keys(rows: Iterable[Row]) -> str:
    """The keys of figures, joined by `|`."""
    return "|".join(row["figure_id"] for row in rows)
