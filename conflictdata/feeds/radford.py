"""Radford et al. 2023, replication data: claims of losses in Ukraine by several sources."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.feeds.judging import ROW, first_of_its_kind, nothing, present
from conflictdata.feeds.profile import FeedTable, Profile
from conflictdata.feeds.readings import RAW
from conflictdata.schema.rules.base import VERDICT, Frames, Row, Rule

TABLE = "radford"
EXPONENT = r"^[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+$"
_CLAIM = ["days", "claim_source", "loss_type"]
_ALL = (*_CLAIM, "loss_count", "time_frame", "loss_country", "minimum", "maximum", "category", "source_target")

_col = nw.col


def _digits(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[TABLE]
    raw = RAW + "loss_count"
    if not present(frame, [raw]):
        return nothing(frame)
    known = frame.filter(~_col(raw).is_null() & ~_col("loss_count").is_null())
    return known.with_columns((~_col(raw).str.contains(EXPONENT)).alias(VERDICT))


def _written(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row |= {"written": row[RAW + "loss_count"], "number": f"{row['loss_count']:,}"}
    return rows


def _not_twice(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[TABLE]
    return first_of_its_kind(frame, present(frame, _ALL))


def _one_value(frames: Frames) -> nw.LazyFrame[Any]:
    """One row for each source, day and type of the running tolls: whether it has one number alone."""
    toll = frames[TABLE].filter((_col("time_frame") == "Cumulative") & ~_col("loss_count").is_null())
    values = toll.group_by(*_CLAIM).agg(
        _col("loss_count").min().alias("least"), _col("loss_count").max().alias("most"),
        _col("loss_count").n_unique().alias("different"), _col(ROW).min(),
    )  # fmt: skip
    return values.with_columns((_col("least") == _col("most")).alias(VERDICT))


RULES = (
    Rule(
        id="radford.row-not-repeated", number=27, table=TABLE, severity="warning", fields=tuple(_CLAIM), check=_not_twice,
        message="the same row stands {times} times: day {days}, {claim_source}, {loss_type}", hint="Count it once, unless two reports are meant.",
        why="Two rows that are the same in all columns are one claim twice, or two reports of one claim; nothing tells which.",
    ),
    Rule(
        id="radford.count-in-digits", number=1, table=TABLE, severity="warning", fields=("loss_count",), check=_digits, explain=_written,
        message="loss_count is written {written}, read as {number}", hint="Write numbers in digits; R does with options(scipen = 999).",
        why="An exponent shows that the number went through a program that rounds what it prints; other readers take it as text.",
    ),
    Rule(
        id="radford.one-value-a-day", number=28, table=TABLE, severity="warning", fields=("loss_count", *_CLAIM, "time_frame"), check=_one_value,
        message="day {days}, {claim_source}, {loss_type}: {different} different running tolls, {least} to {most}", hint="Read them as a range of what was said that day.",
        why="A source has one running toll of one loss at a time. Several of one day are corrections, other sources of the same side, or slips.",
    ),
    Rule(
        id="radford.one-bound-alone", number=3, table=TABLE, severity="error", fields=("minimum", "maximum"),
        check=~((_col("minimum") == "1") & (_col("maximum") == "1")),
        message="the number is flagged as minimum and as maximum", hint="Keep the flag that the source's words support.",
        why="A number is a lower bound, an upper bound or neither.",
    ),
    Rule(
        id="radford.type-fits-parts", number=0, table=TABLE, severity="error", fields=("loss_type", "category", "loss_country"),
        check=nw.concat_str("category", "loss_country", separator="-") == _col("loss_type"),
        message="loss_type is {loss_type!r}, but category and loss_country are {category!r} and {loss_country!r}", hint="Correct the one that is wrong.",
        why="The type is its category and its country, written together.",
    ),
)  # fmt: skip

PROFILE = Profile(
    name="radford",
    title="Replication data of Radford et al. 2023, Estimating conflict losses and reporting biases",
    licence="MIT",
    citation="Radford, Benjamin J., et al. 2023. Estimating conflict losses and reporting biases. PNAS 120 (34).",
    url="https://doi.org/10.1073/pnas.2307372120",
    tables=(FeedTable(TABLE, RULES, needs=("days", "loss_count", "loss_type"), number_forms=(EXPONENT,)),),
)
