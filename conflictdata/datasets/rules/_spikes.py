"""A number of a running toll that does not fit between its neighbours: a slip of the keyboard, back the next day.

The number is above the next one, or below the one before, and these two are in order. That alone may be a correction of
the makers. It is a slip if it leaps far beyond its neighbours, or if two digits exchanged make it fit. Two exchanged digits
that leave the order are found by the numbers of the day, which the makers print too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import (
    ROW,
    SPOT,
    count_days,
    list_present,
    make_empty_like,
    make_empty_result,
    select_dated,
)
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule

Frame = nw.LazyFrame[Any]

OTHER, EARLIER, LATER = "toll:", "toll before:", "toll after:"
DAY_BEFORE, DAY_AFTER = "day before:", "day after:"
IS_SPIKE, IS_NEAR_SPIKE = "is spike:", "is near spike:"
FITTING = "fitting:"  # the number that the numbers of the day give; null if there is none
_END = "_cum"
LEAP = 3  # times the step between its neighbours by which a number must be beyond them
_MOST_DIGITS = 8

_col = nw.col


def list_columns(frame: Frame, columns: Sequence[str]) -> list[str]:
    """Return those of these columns that the frame has."""
    return list_present(frame, columns)


def mark_spikes(frame: Frame, column: str, day: str) -> Frame:
    """Return the filled numbers of a running toll, each with its neighbours, and whether it is a slip.

    Args:
        frame: A table with one row per day. Each row has its day (`select_dated`).
        column: The running toll.
        day: Column with the day.
    """
    daily = column.removesuffix(_END)
    has_daily = daily != column and bool(list_present(frame, [daily]))
    of_day = (_col(daily) if has_daily else make_empty_like(column)).alias("of day:")
    known = frame.filter(~_col(column).is_null())
    rows = known.select(ROW, day, of_day, nw.lit(column).alias(SPOT), _col(column).alias(OTHER))
    order = [day, ROW]
    rows = rows.with_columns(
        _col(OTHER).shift(1).over(order_by=order).alias(EARLIER), _col(day).shift(1).over(order_by=order).alias(DAY_BEFORE),
        _col(OTHER).shift(-1).over(order_by=order).alias(LATER), _col(day).shift(-1).over(order_by=order).alias(DAY_AFTER),
        _col("of day:").shift(-1).over(order_by=order).alias("of day after:"),
    )  # fmt: skip
    near = (count_days(_col(DAY_BEFORE), _col(day)) <= 1) & (count_days(_col(day), _col(DAY_AFTER)) <= 1)
    rows = rows.with_columns(nw.when(near).then(_col(EARLIER) + _col("of day:")).alias(FITTING))
    rows = rows.with_columns(_is_slip().fill_null(False).alias(IS_SPIKE))
    after = _col(IS_SPIKE).shift(1).over(order_by=order).fill_null(False)
    # Of two slips side by side the first is reported; the second fits once the first is corrected.
    rows = rows.with_columns((_col(IS_SPIKE) & ~after).alias(IS_SPIKE))
    after = _col(IS_SPIKE).shift(1).over(order_by=order).fill_null(False)
    return rows.with_columns((_col(IS_SPIKE) | after).alias(IS_NEAR_SPIKE))


def _is_slip() -> nw.Expr:
    value, earlier, later, fitting = (_col(name) for name in (OTHER, EARLIER, LATER, FITTING))
    in_order, span = earlier <= later, later - earlier
    beyond = nw.when(value > later).then(value - later).otherwise(earlier - value)
    swapped = [_swap_digits(value, place) for place in range(_MOST_DIGITS - 1)]
    fits = nw.any_horizontal(*((n >= earlier) & (n <= later) for n in swapped), ignore_nulls=True)
    is_counted = nw.any_horizontal(*((n != value) & (n == fitting) for n in swapped), ignore_nulls=True)
    goes_back = (later - fitting) == _col("of day after:")
    leaps = (beyond > LEAP * (span + 1)) | ((beyond > span) & fits)  # neighbours in order have a span of 0 or more
    slip: nw.Expr = in_order & (leaps | (is_counted & goes_back))
    return slip


def _swap_digits(number: nw.Expr, place: int) -> nw.Expr:
    """Return a number with the digit at a place, from 0 at the right, and the one to its left exchanged."""
    one, ten = 10**place, 10 ** (place + 1)
    # Arrow types of pandas have no remainder.
    right, left = number // one - number // ten * 10, number // ten - number // (ten * 10) * 10
    swapped: nw.Expr = number + (right - left) * (ten - one)
    return swapped


_NO_SPIKE = Example(
    "A running toll fits between its neighbours",
    bad={
        "gaza.json": """
            [{"report_date": "2024-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300},
             {"report_date": "2024-05-02", "killed": 7, "killed_cum": 1102, "killed_women_cum": 300},
             {"report_date": "2024-05-03", "killed": 3, "killed_cum": 1015, "killed_women_cum": 300},
             {"report_date": "2024-05-04", "killed": 4, "killed_cum": 1019, "killed_women_cum": 300}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-05-01", "killed": 5, "killed_cum": 1005, "killed_women_cum": 300},
             {"report_date": "2024-05-02", "killed": 7, "killed_cum": 1012, "killed_women_cum": 300},
             {"report_date": "2024-05-03", "killed": 3, "killed_cum": 1015, "killed_women_cum": 300},
             {"report_date": "2024-05-04", "killed": 4, "killed_cum": 1019, "killed_women_cum": 300}]
            """,
    },
    of="palestine_gaza.toll-fits-neighbours",
)


def make_spike_rule(table: str, columns: Sequence[str], day: str) -> Rule:
    """Make the rule that no number of a running toll is a slip."""

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            row |= {"value": row[OTHER], "earlier": row[EARLIER], "later": row[LATER], "fits": _find_fitting(row)}
        return rows

    @rule(
        f"{table}.toll-fits-neighbours",
        "warning",
        (day,),
        message="{spot} is {value}, between {earlier} the day before and {later} the day after; {fits}",
        hint="Compare with the release and correct this one number; the rows around it are sound.",
        why=(
            "A running toll that leaps and is back the next day was mistyped in one row. Its neighbours look wrong "
            "too, and a difference across it counts people who are not there."
        ),
        explain=explain,
        example=_NO_SPIKE,
    )
    def check(frames: Frames) -> Frame:
        frame = select_dated(frames, table, day)
        each = [mark_spikes(frame, name, day) for name in list_columns(frame, columns)]
        if not each:
            return make_empty_result(frame)
        known = nw.concat(each).filter(~_col(EARLIER).is_null() & ~_col(LATER).is_null())
        return known.with_columns((~_col(IS_SPIKE)).alias(VERDICT))

    return check


def _find_fitting(row: Row) -> str:
    """Say which number fits: by the numbers of the day, by digits put right, or between the neighbours."""
    value, low, high, counted = (row[name] for name in (OTHER, EARLIER, LATER, FITTING))
    if counted is not None and low <= counted <= high:
        return f"{counted} fits the number of the day"
    fitting = [n for n in dict.fromkeys(_put_right(str(value))) if low <= n <= high and n != value]
    if len(fitting) == 1:
        how = "two digits exchanged" if len(str(fitting[0])) == len(str(value)) else "a digit too many or too few"
        return f"{fitting[0]} fits, with {how}"
    return f"a number from {low} to {high} fits" if low < high else f"{low} fits"


def _put_right(digits: str) -> Iterator[int]:
    """Yield the numbers that are one slip away: two neighbouring digits exchanged, or a digit too many."""
    for n in range(len(digits) - 1):
        yield int(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :])
    for n in range(len(digits)):
        if len(digits) > 1:
            yield int(digits[:n] + digits[n + 1 :])
