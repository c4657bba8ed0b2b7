"""Helpers for the rules of figures: sums of children, and numbers in words."""

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
    """Return whether at least one test is true. Null counts as false."""
    test = first.fill_null(False)
    for other in others:
        test = test | other.fill_null(False)
    return test


def cast_to_int(test: nw.Expr) -> nw.Expr:
    """Return 1 if the test is true, else 0, to sum over a group."""
    return test.fill_null(False).cast(nw.Int64)


def decide_verdict(valid: nw.Expr, invalid: nw.Expr) -> nw.Expr:
    """Return true if `valid`, else false if `invalid`, else null (unknown)."""
    # Compare columns instead of using literals: in pandas, literals and nulls give a column of objects, without a
    # type if all are null.
    same = nw.col("claim_id") == nw.col("claim_id")
    return nw.when(valid).then(same).otherwise(nw.when(invalid).then(~same))


def describe_group() -> nw.Expr:
    """Return the group of people that a figure counts, as one text.

    The text is equal for figures whose descriptive columns are all equal. It is `||||||||||` if none is filled.
    """
    return join_columns(GROUP)


UNDESCRIBED_GROUP = "|" * (len(GROUP) - 1)  # group of a figure whose descriptive columns are all empty


def extract_last_name(column: str) -> nw.Expr:
    """Return the last name of a figure's id."""
    return nw.col(column).str.replace_all(r"^.*\.", "")


def is_same_kind() -> nw.Expr:
    """Return whether figure and parent count the same outcome in the same unit.

    For rows of `figures_nested`.
    """
    return (nw.col("outcome") == nw.col("parent_outcome")) & (nw.col("unit") == nw.col("parent_unit"))


def is_comparable() -> nw.Expr:
    """Return whether the numbers of figure and parent can be compared. Never null.

    For rows of `figures_nested`.
    """
    return (nw.col("usable") & nw.col("parent_usable") & is_same_kind() & (nw.col("copies") == 1)).fill_null(False)


def is_bounded() -> nw.Expr:
    """Return whether the figure has a lower or an upper bound."""
    return is_filled("low") | is_filled("high")


def format_figure_column(prefix: str = "") -> nw.Expr:
    """Return a figure's number in words: `at least 727`, `5 to 8`, `dozens`.

    Args:
        prefix: Prefix of the columns of `figures`.
    """
    word, number = (
        nw.col(f"{prefix}qualifier"),
        nw.coalesce(f"{prefix}best", f"{prefix}low", f"{prefix}high").cast(nw.String),
    )
    bounds = nw.concat_str(
        [nw.col(f"{prefix}low").cast(nw.String), nw.col(f"{prefix}high").cast(nw.String)], separator=" to "
    )
    phrase = nw.concat_str([word.str.replace_all("_", " ", literal=True), number], separator=" ", ignore_nulls=True)
    return nw.when(word == "range").then(bounds).otherwise(nw.when(word == "exact").then(number).otherwise(phrase))


# The functions below format rows that failed, which are few.


def format_figure(row: Mapping[str, Any]) -> str:
    """Return a figure's number in words: `111`, `at least 727`, `5 to 8`, `62%`."""
    word = str(row["qualifier"])
    if word == "range":
        return f"{row['low']} to {row['high']}"
    if row.get("share") is not None:
        return f"{_QUALIFIER_WORDS.get(word, '')}{row['share']:g}%"
    number = next((row[c] for c in ("best", "low", "high") if row[c] is not None), None)
    if number is None:
        return "a number that is not stated" if word == "unstated" else word.replace("_", " ")
    return f"{_QUALIFIER_WORDS.get(word, '')}{number}"


def format_bounds(low: int, high: int | None) -> str:
    """Return a sum with its bounds in words. If `high` is None, it has no upper bound."""
    if high is None:
        return f"at least {low}"
    return str(low) if low == high else f"{low} to {high}"


def extract_name(figure_id: str) -> str:
    """Return the last name of a figure id."""
    return figure_id.rpartition(".")[2]


def collect_children(frames: Frames, parent_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return the figures under each of these parents, in the order of the table."""
    # Read the table itself: a filter keeps the order, joins do not.
    ids = sorted(set(parent_ids))
    children = frames["figures"].filter(nw.col("parent_id").is_in(ids)).collect().to_polars().to_dicts()
    by_parent: dict[str, list[Row]] = {}
    for row in children:
        by_parent.setdefault(row["parent_id"], []).append(row)
    return by_parent


def collect_figures_by_claim(frames: Frames, claim_ids: Iterable[str]) -> dict[str, list[Row]]:
    """Return the figures of each of these claims, in the order of the table."""
    ids = sorted({claim for claim in claim_ids if claim})
    figures = frames["figures"].filter(nw.col("claim_id").is_in(ids)).collect().to_polars().to_dicts()
    by_claim: dict[str, list[Row]] = {claim: [] for claim in ids}
    for row in figures:
        by_claim[row["claim_id"]].append(row)
    return by_claim


def format_terms(rows: Sequence[Row]) -> str:
    """Return the terms of a sum: `111 + at least 20 + dozens`."""
    return " + ".join(format_figure(row) for row in rows)


def format_sum(rows: Sequence[Row]) -> str:
    """Return a sum in words: `111 + 317 = 428`. A single term is returned alone."""
    return f"{format_terms(rows)} = {format_bounds(*sum_bounds(rows))}" if len(rows) > 1 else format_terms(rows)


def sum_bounds(rows: Sequence[Row]) -> tuple[int, int | None]:
    """Return the lower and upper bound of a sum.

    A term without a lower bound counts as 0. If a term has no upper bound, neither has the sum.
    """
    low = sum(row["low"] or 0 for row in rows)
    highs = [row["high"] for row in rows]
    return low, None if None in highs else sum(highs)


def join_keys(rows: Iterable[Row]) -> str:
    """Return the ids of figures, joined by `|`."""
    return "|".join(row["figure_id"] for row in rows)


def select_subsets(frames: Frames) -> Lazy:
    """Return the subsets among the figures, nested."""
    return frames["figures_nested"].filter(nw.col("relation") == "subset")
