"""What the words of a quantity say of its numbers, as narwhals expressions over the columns of `figures`."""

from __future__ import annotations

from functools import reduce

import narwhals.stable.v1 as nw

COUNTS = ("low", "best", "high")
LARGEST_COUNT = 10**18 - 1  # the most that 18 digits can say; an int64 holds it

# The counts that a qualifier fills; it leaves the others empty.
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
    "many": (),
    "most": (),
    "unstated": (),
}
SHARE_WORDS = ("exact", "at_least", "more_than", "about", "nearly", "up_to")  # those that a share may have
NEVER_ZERO = ("at_least", "about", "nearly", "up_to")  # with 0 these say nothing, or nonsense


def is_empty(column: str) -> nw.Expr:
    """The cell is empty."""
    return nw.col(column).is_null()


def is_filled(column: str) -> nw.Expr:
    """The cell is not empty."""
    return ~nw.col(column).is_null()


def is_not_negative() -> nw.Expr:
    """No count is negative. Never null."""
    return reduce(lambda a, b: a & b, ((nw.col(c) >= 0).fill_null(True) for c in COUNTS))


def is_in_order() -> nw.Expr:
    """Low <= best <= high, as far as they are filled. Never null."""
    pairs = (("low", "best"), ("best", "high"), ("low", "high"))
    return reduce(lambda a, b: a & b, ((nw.col(a) <= nw.col(b)).fill_null(True) for a, b in pairs))


def _has_counts_of(qualifier: str, free: tuple[str, ...] = ()) -> nw.Expr:
    """The qualifier fills its counts, and leaves the others empty but for those that are free."""
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
    """The qualifier, and which of low, best, high and share are filled, agree. Null without a qualifier.

    Args:
        estimated: a range may hold a best estimate, as datasets print it (low 4, best 5, high 7). A page of news prints a
            range or a number, and a middle that somebody worked out is none that was said.
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
    """The numbers can be reckoned with: they break none of the rules above, or only that on a range's middle. Never null."""
    return is_not_negative() & is_in_order() & is_consistent(estimated=True).fill_null(False)
