"""Rules of the rows and texts of UCDP GED: ids, look-alikes, lists of sources, and encoding."""

from __future__ import annotations

import re
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import SPOT, mark_duplicates, mark_near_duplicates
from conflictdata.rules.base import Example, Frames, Row, rule

_col = nw.col

_TEXTS = (
    "conflict_name", "dyad_name", "side_a", "side_b", "source_article", "source_office", "source_headline",
    "source_original", "where_coordinates", "where_description", "adm_1", "adm_2", "country", "region",
)  # fmt: skip

# Two rows that share these values may be the same event. Columns that a file lacks are left out.
_DUPLICATE_COLUMNS = (
    "date_start", "date_end", "side_a", "side_b", "latitude", "longitude", "where_coordinates", "source_article", "deaths_a",
    "deaths_b", "deaths_civilians", "deaths_unknown", "low", "best", "high",
)  # fmt: skip

# UTF-8 read as Windows-1252, replacement characters, and control characters of Latin-1 (except \u0085). Classes have at
# most ten characters, because the engines' regular expressions search such prefixes ten times as fast.
MOJIBAKE = (
    "Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|â€|â\u0080|\ufffd"
    "|[\u0080-\u0084\u0086-\u0089]|[\u008a-\u0093]|[\u0094-\u009d]|[\u009e\u009f]"
)


@rule(
    "ucdp_ged.id-unique",
    "error",
    ("id",),
    message="{times} rows have the id {id}",
    hint="Remove the copy, or check whether two releases were joined.",
    why="Each event has one id and is one row. A row that occurs twice is counted twice.",
    example=Example(
        "Each event is one row",
        bad={
            "ged.csv": """
                id,date_start,date_end,best
                141,2020-03-10,2020-03-10,1
                141,2020-03-11,2020-03-11,2
                """,
        },
        good={
            "ged.csv": """
                id,date_start,date_end,best
                141,2020-03-10,2020-03-10,1
                142,2020-03-11,2020-03-11,2
                """,
        },
    ),
)
def _check_id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_duplicates(frames["ucdp_ged"].filter(~_col("id").is_null()), ["id"])


@rule(
    "ucdp_ged.no-look-alike",
    "warning",
    ("id", "date_start", "side_a", "latitude", "best"),
    message="event {id} is like event {first_id}: same days, sides, place, source and deaths ({best} each)",
    hint="Count the two as one only after reading the source: some sources do report two events in the same words.",
    why="An event that was coded twice counts its dead twice.",
    key_columns=_DUPLICATE_COLUMNS,
    example=Example(
        "No two rows are alike in days, sides, place, source and deaths",
        bad={
            "ged.csv": """
                id,date_start,date_end,side_a,side_b,latitude,longitude,best
                141,2020-03-01,2020-03-01,A,B,10.25,20.75,3
                142,2020-03-01,2020-03-01,A,B,10.25,20.75,3
                """,
        },
        good={
            "ged.csv": """
                id,date_start,date_end,side_a,side_b,latitude,longitude,best
                141,2020-03-01,2020-03-01,A,B,10.25,20.75,3
                142,2020-03-01,2020-03-01,A,B,10.25,20.75,4
                """,
        },
    ),
)
def _check_near_duplicates(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_near_duplicates(frames["ucdp_ged"], _DUPLICATE_COLUMNS, "id")


def _count_source_dates() -> nw.Expr:
    text = _col("source_date")
    return text.str.len_chars() - text.str.replace_all(";", "", literal=True).str.len_chars() + 1


def _explain_source_count(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["listed"] = row["source_date"].count(";") + 1
    return rows


@rule(
    "ucdp_ged.sources-counted",
    "error",
    ("number_of_sources", "source_date"),
    message="number_of_sources is {number_of_sources}, but source_date lists {listed}",
    hint="Check whether the cell was cut off, or split at its semicolons. -1 is right where nobody counted.",
    why=(
        "The sources of an event are listed in one cell. Where their number does not fit, a part of the list was "
        "lost on the way."
    ),
    explain=_explain_source_count,
    example=Example(
        "number_of_sources counts what source_date lists",
        bad={
            "ged.csv": """
                id,number_of_sources,source_date
                141,2,2020-03-12
                """,
        },
        good={
            "ged.csv": """
                id,number_of_sources,source_date
                141,2,2020-03-12;2020-03-13
                142,-1,
                """,
        },
    ),
)
def _check_source_count() -> nw.Expr:
    return (_col("number_of_sources") <= 0) | (_count_source_dates() == _col("number_of_sources"))


def _explain_encoding(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        hits = {name: hit for name in _TEXTS if (hit := re.search(MOJIBAKE, row.get(name) or ""))}
        name, hit = next(iter(hits.items()))
        around = row[name][max(0, hit.start() - 12) : hit.end() + 8]
        row |= {SPOT: name, "around": repr(" ".join(around.split())), "columns": ", ".join(hits)}
    return rows


@rule(
    "ucdp_ged.encoding-sound",
    "warning",
    (),
    message="text with broken encoding in {columns}: {around}",
    hint=(
        "Read the release in the encoding that it is in; where the release itself has it, leave it as it is and do "
        "not match names by this text."
    ),
    why=(
        "Text that was read in one encoding and written in another holds other letters than its source. Names in "
        "it match nothing."
    ),
    optional=_TEXTS,
    explain=_explain_encoding,
    example=Example(
        "Texts are in the encoding they were written in",
        bad={
            "ged.csv": """
                id,date_start,date_end,adm_1
                141,2020-03-01,2020-03-01,CÃ³rdoba
                """,
        },
        good={
            "ged.csv": """
                id,date_start,date_end,adm_1
                141,2020-03-01,2020-03-01,Córdoba
                """,
        },
    ),
)
def _check_encoding() -> nw.Expr:
    return ~nw.any_horizontal(*(_col(name).str.contains(MOJIBAKE) for name in _TEXTS), ignore_nulls=True)
