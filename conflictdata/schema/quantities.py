"""Expressions over `figures` that check whether qualifier and numbers agree."""

from __future__ import annotations

from functools import reduce

import narwhals.stable.v1 as nw

COUNTS = ("low", "best", "high")
LARGEST_COUNT = 10**18 - 1  # largest number of 18 digits; fits into int64

# Counts that a qualifier fills. The others must be empty.
FILLS: dict[str, tuple[str, ...]] = {
    "exact": ("low", "best", "high"),
    "at_least": ("low",),
    "more_than": ("low",),
    "about": ("best",),
    "nearly": ("high",),
    "up_to": ("high",),
    "range": ("low", "high"),
    "several": (),
    "dozens": (),
    "hundreds": (),
    "thousands": (),
    "tens_of_thousands": (),
    "hundreds_of_thousands": (),
    "millions": (),
    "many": (),
    "most": (),
    "unstated": (),
}
SHARE_WORDS = ("exact", "at_least", "more_than", "about", "nearly", "up_to")  # allowed for a share
NEVER_ZERO = ("at_least", "about", "nearly", "up_to")  # meaningless with 0


def is_empty(column: str) -> nw.Expr:
    """Return whether the cell is empty."""
    return nw.col(column).is_null()


def is_filled(column: str) -> nw.Expr:
    """Return whether the cell is filled."""
    return ~nw.col(column).is_null()


def is_not_negative() -> nw.Expr:
    """Return whether no count is negative. Never null."""
    return reduce(lambda a, b: a & b, ((nw.col(c) >= 0).fill_null(True) for c in COUNTS))


def is_in_order() -> nw.Expr:
    """Return whether low <= best <= high, as far as they are filled. Never null."""
    pairs = (("low", "best"), ("best", "high"), ("low", "high"))
    return reduce(lambda a, b: a & b, ((nw.col(a) <= nw.col(b)).fill_null(True) for a, b in pairs))


def _has_counts_of(qualifier: str, free: tuple[str, ...] = ()) -> nw.Expr:
    """Return whether a row has this qualifier and exactly the counts that it fills.

    The counts in `free` may be filled or empty.
    """
    columns = FILLS[qualifier]
    shape = [is_filled(c) if c in columns else is_empty(c) for c in COUNTS if c in columns or c not in free]
    return reduce(lambda a, b: a & b, shape, nw.col("qualifier") == qualifier)


def _has_fitting_numbers() -> nw.Expr:
    low, high, word = nw.col("low"), nw.col("high"), nw.col("qualifier")
    same = ((low == nw.col("best")) & (low == high)).fill_null(False)
    zero = reduce(lambda a, b: a | b, ((nw.col(c) == 0).fill_null(False) for c in COUNTS))
    return (
        ((word != "exact") | same)
        & ((word != "range") | (low < high).fill_null(False))
        & ~(word.is_in(list(NEVER_ZERO)) & zero)
    )


def is_consistent(*, estimated: bool = False) -> nw.Expr:
    """Return whether the qualifier fits the filled cells of low, best, high and share.

    The expression is null for a row without a qualifier.

    Args:
        estimated: Whether a range may have a best estimate, as imported datasets print it (low 4, best 5,
            high 7). Pages print a range or a number; a midpoint that somebody computed is not a claim.
    """
    free = {"range": ("best",)} if estimated else {}
    count = reduce(lambda a, b: a | b, (_has_counts_of(q, free.get(q, ())) for q in FILLS)) & _has_fitting_numbers()
    share = (
        nw.col("qualifier").is_in(list(SHARE_WORDS))
        & is_empty("low")
        & is_empty("best")
        & is_empty("high")
        & is_filled("parent_id")
    )
    consistent = nw.when(is_empty("share")).then(count).otherwise(share)
    return nw.when(is_filled("qualifier")).then(consistent)


def is_usable() -> nw.Expr:
    """Return whether the numbers can be used in calculations. Never null.

    They can if they keep the rules above, apart from that on the best estimate of a range.
    """
    return is_not_negative() & is_in_order() & is_consistent(estimated=True).fill_null(False)
