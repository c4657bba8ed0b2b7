"""Rules of the replication data of Radford et al. 2023."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW, list_present, make_empty_result, mark_duplicates
from conflictdata.readers.normalize import RAW
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule

EXPONENT = r"^[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+$"

_col = nw.col

_CLAIM = ("days", "claim_source", "loss_type")
_ALL = (*_CLAIM, "loss_count", "time_frame", "loss_country", "minimum", "maximum", "category", "source_target")


@rule(
    "radford.row-not-repeated",
    "warning",
    _CLAIM,
    message="the same row occurs {times} times: day {days}, {claim_source}, {loss_type}",
    hint="Count it once, unless two reports are meant.",
    why=(
        "Two rows that are the same in all columns are one claim twice, or two reports of one claim; nothing tells "
        "which."
    ),
    example=Example(
        "No row occurs twice",
        bad={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                5,10,Tanks-Russia,UA Source,Day
                5,10,Tanks-Russia,UA Source,Day
                """,
        },
        good={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                5,10,Tanks-Russia,UA Source,Day
                6,10,Tanks-Russia,UA Source,Day
                """,
        },
    ),
)
def _check_not_repeated(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames["radford"]
    return mark_duplicates(frame, list_present(frame, _ALL))


def _explain_digits(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row |= {"written": row[RAW + "loss_count"], "number": f"{row['loss_count']:,}"}
    return rows


@rule(
    "radford.count-in-digits",
    "warning",
    ("loss_count",),
    message="loss_count is written {written}, read as {number}",
    hint="Write numbers in digits; R does with options(scipen = 999).",
    why=(
        "An exponent shows that the number went through a program that rounds what it prints; other readers take "
        "it as text."
    ),
    explain=_explain_digits,
    example=Example(
        "Numbers are written in digits",
        bad={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                259,1e+05,Military Casualties-Russia,US Source,Cumulative
                """,
        },
        good={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                259,100000,Military Casualties-Russia,US Source,Cumulative
                """,
        },
    ),
)
def _check_digits(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames["radford"]
    raw = RAW + "loss_count"
    if not list_present(frame, [raw]):
        return make_empty_result(frame)
    known = frame.filter(~_col(raw).is_null() & ~_col("loss_count").is_null())
    return known.with_columns((~_col(raw).str.contains(EXPONENT)).alias(VERDICT))


@rule(
    "radford.one-value-a-day",
    "warning",
    ("loss_count", *_CLAIM, "time_frame"),
    message="day {days}, {claim_source}, {loss_type}: {different} different running tolls, {least} to {most}",
    hint="Read them as a range of what was said that day.",
    why=(
        "A source has one running toll of one loss at a time. Several of one day are corrections, other sources of "
        "the same side, or slips."
    ),
    example=Example(
        "A source has one running toll of one loss on a day",
        bad={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                7,1500,Military Injuries-Russia,RU Source,Cumulative
                7,1597,Military Injuries-Russia,RU Source,Cumulative
                """,
        },
        good={
            "claims.csv": """
                days,loss_count,loss_type,claim_source,time_frame
                7,1500,Military Injuries-Russia,RU Source,Cumulative
                8,1597,Military Injuries-Russia,RU Source,Cumulative
                """,
        },
    ),
)
def _check_one_value(frames: Frames) -> nw.LazyFrame[Any]:
    """Check that each source has one running toll per day and type of loss.

    Returns one row per source, day and type.
    """
    toll = frames["radford"].filter((_col("time_frame") == "Cumulative") & ~_col("loss_count").is_null())
    values = toll.group_by(*_CLAIM).agg(
        _col("loss_count").min().alias("least"), _col("loss_count").max().alias("most"),
        _col("loss_count").n_unique().alias("different"), _col(ROW).min(),
    )  # fmt: skip
    return values.with_columns((_col("least") == _col("most")).alias(VERDICT))


@rule(
    "radford.one-bound-alone",
    "error",
    ("minimum", "maximum"),
    message="the number is flagged as minimum and as maximum",
    hint="Keep the flag that the source's words support.",
    why="A number is a lower bound, an upper bound or neither.",
    example=Example(
        "A number is not a minimum and a maximum",
        bad={
            "claims.csv": """
                days,loss_count,loss_type,minimum,maximum
                5,10,Tanks-Russia,1,1
                """,
        },
        good={
            "claims.csv": """
                days,loss_count,loss_type,minimum,maximum
                5,10,Tanks-Russia,1,0
                """,
        },
    ),
)
def _check_bounds() -> nw.Expr:
    return ~((_col("minimum") == "1") & (_col("maximum") == "1"))


@rule(
    "radford.type-fits-parts",
    "error",
    ("loss_type", "category", "loss_country"),
    message="loss_type is {loss_type!r}, but category and loss_country are {category!r} and {loss_country!r}",
    hint="Correct the one that is wrong.",
    why="The type is its category and its country, written together.",
    example=Example(
        "The type is its category and its country",
        bad={
            "claims.csv": """
                days,loss_count,loss_type,category,loss_country
                5,10,Tanks-Russia,Tanks,Ukraine
                """,
        },
        good={
            "claims.csv": """
                days,loss_count,loss_type,category,loss_country
                5,10,Tanks-Russia,Tanks,Russia
                """,
        },
    ),
)
def _check_type() -> nw.Expr:
    return nw.concat_str("category", "loss_country", separator="-") == _col("loss_type")
