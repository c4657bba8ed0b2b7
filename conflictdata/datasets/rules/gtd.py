"""Rules of the Global Terrorism Database."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._country_boxes import list_names
from conflictdata.datasets._helpers import mark_duplicates
from conflictdata.datasets.rules._days import make_year_not_in_future_rule
from conflictdata.datasets.rules._names import make_one_value_rule
from conflictdata.datasets.rules._points import make_coordinates_rule, make_point_rule
from conflictdata.rules.base import Example, Frames, Row, Rule, rule

_col = nw.col


@rule(
    "gtd.id-unique",
    "error",
    ("eventid",),
    message="{times} rows have the id {eventid}",
    hint="Remove the copy, or check whether two releases were joined.",
    why="Each attack has one id and is one row. A row that is there twice is counted twice.",
    example=Example(
        "An attack is one row",
        bad={
            "gtd.csv": """
                eventid,iyear,imonth,iday,nkill,nkillter
                201501010001,2015,1,1,3,0
                201501010001,2015,1,1,3,0
                """,
        },
        good={
            "gtd.csv": """
                eventid,iyear,imonth,iday,nkill,nkillter
                201501010001,2015,1,1,3,0
                201501010002,2015,1,1,3,0
                """,
        },
    ),
)
def _check_id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_duplicates(frames["gtd"].filter(~_col("eventid").is_null()), ["eventid"])


def _explain_id(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["start"] = row["eventid"][:8]
        row["date"] = f"{row['iyear']:04}-{row['imonth']:02}-{row['iday']:02}"
    return rows


@rule(
    "gtd.id-is-day",
    "warning",
    ("eventid", "iyear", "imonth", "iday"),
    message="eventid begins with {start}, but the day is {date}",
    hint="The day was corrected after the id was given, or the file was changed: compare with the release.",
    why=(
        "The id of an attack begins with its day. Where a spreadsheet turned the id into 2.01501E+11, or a day was "
        "changed, the two part."
    ),
    explain=_explain_id,
    example=Example(
        "The id begins with the day",
        bad={
            "gtd.csv": """
                eventid,iyear,imonth,iday,nkill,nkillter
                201501010001,2015,2,1,3,0
                """,
        },
        good={
            "gtd.csv": """
                eventid,iyear,imonth,iday,nkill,nkillter
                201501010001,2015,1,1,3,0
                """,
        },
    ),
)
def _check_day_of_id() -> nw.Expr:
    day_of_id = _col("eventid").str.slice(0, 8).cast(nw.Int64)
    return _col("iyear") * 10_000 + _col("imonth") * 100 + _col("iday") == day_of_id


_NOT_IN_FUTURE = make_year_not_in_future_rule("gtd", "iyear")
_COORDINATES_REAL = make_coordinates_rule(
    "gtd",
    why="A point where both are zero lands attacks in the Gulf of Guinea.",
    example=Example(
        "A point is a place",
        bad={
            "gtd.csv": """
                eventid,iyear,imonth,iday,latitude,longitude
                201501010001,2015,1,1,0,0
                """,
        },
        good={
            "gtd.csv": """
                eventid,iyear,imonth,iday,latitude,longitude
                201501010001,2015,1,1,34.5,69.2
                """,
        },
    ),
)

_PART = Example(
    "The perpetrators are not more than all killed",
    bad={
        "gtd.csv": """
            eventid,iyear,imonth,iday,nkill,nkillter
            201501010001,2015,1,1,3,4
            """,
    },
    good={
        "gtd.csv": """
            eventid,iyear,imonth,iday,nkill,nkillter
            201501010001,2015,1,1,3,1
            """,
    },
    of="gtd.nkillter-within-nkill",
)


def _make_part_rule(part: str, whole: str, who: str) -> Rule:
    """Make the rule that a part of the people is not above all of them."""

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        # Counts of shared attacks are fractions in older releases; a whole number is shown as one.
        return [row | {"part": f"{row[part]:g}", "whole": f"{row[whole]:g}"} for row in rows]

    @rule(
        f"gtd.{part}-within-{whole}",
        "warning",
        (part, whole),
        message=f"{part} is {{part}}, more than {whole}, {{whole}}",
        hint="Compare with the release and with the summary of the event.",
        why=f"{whole} counts everybody, {who} among them. A part cannot be more than the whole.",
        explain=explain,
        example=_PART,
    )
    def check() -> nw.Expr:
        return _col(part) <= _col(whole)

    return check


_COUNTRY_NAME = Example(
    "A country has one name",
    bad={
        "gtd.csv": """
            eventid,iyear,imonth,iday,country,country_txt
            201501010001,2015,1,1,4,Nowhere
            201501010002,2015,1,1,4,Nowhere
            201501010003,2015,1,1,4,Elsewhere
            """,
    },
    good={
        "gtd.csv": """
            eventid,iyear,imonth,iday,country,country_txt
            201501010001,2015,1,1,4,Nowhere
            201501010002,2015,1,1,4,Nowhere
            201501010003,2015,1,1,4,Nowhere
            """,
    },
    of="gtd.country-name-fits",
)

RULES = (
    _make_part_rule("nkillter", "nkill", "the perpetrators"),
    _make_part_rule("nkillus", "nkill", "US citizens"),
    _make_part_rule("nwoundte", "nwound", "the perpetrators"),
    _make_part_rule("nwoundus", "nwound", "US citizens"),
    make_one_value_rule("gtd.country-name-fits", "country", "country_txt", "country", example=_COUNTRY_NAME),
    make_one_value_rule("gtd.region-name-fits", "region", "region_txt", "region", example=_COUNTRY_NAME),
    make_point_rule("gtd", "country_txt", list_names()),
)
