"""Global Terrorism Database of START: one row per attack. Its terms forbid to pass it on; files are validated, not imported."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._country_boxes import list_names, make_point_rule
from conflictdata.datasets._helpers import make_one_value_rule, mark_duplicates
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

TABLE = "gtd"

_col = nw.col


def _check_id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_duplicates(frames[TABLE].filter(~_col("eventid").is_null()), ["eventid"])


def _check_year(frames: Frames) -> nw.LazyFrame[Any]:
    known = frames[TABLE].filter(~_col("iyear").is_null()).join(frames["release"], how="cross")
    return known.with_columns((_col("iyear") <= _col("released_on").dt.year()).alias(VERDICT))


def _explain_id(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["start"] = row["eventid"][:8]
        row["date"] = f"{row['iyear']:04}-{row['imonth']:02}-{row['iday']:02}"
    return rows


_DAY_OF_ID = _col("eventid").str.slice(0, 8).cast(nw.Int64)


def _make_part_rule(part: str, whole: str, who: str) -> Rule:
    def explain(rows: list[Row], _: Frames) -> list[Row]:
        # Counts of shared attacks are fractions in older releases; a whole number is shown as one.
        return [row | {"part": f"{row[part]:g}", "whole": f"{row[whole]:g}"} for row in rows]

    return Rule(
        id=f"gtd.{part}-within-{whole}", number=7, table=TABLE, severity="warning", fields=(part, whole), check=_col(part) <= _col(whole),
        explain=explain, message=f"{part} is {{part}}, more than {whole}, {{whole}}", hint="Compare with the release and with the summary of the event.",
        why=f"{whole} counts everybody, {who} among them. A part cannot be more than the whole.",
    )  # fmt: skip


RULES = (
    Rule(
        id="gtd.id-unique", number=46, table=TABLE, severity="error", fields=("eventid",), check=_check_id_unique,
        message="{times} rows have the id {eventid}", hint="Remove the copy, or check whether two releases were joined.",
        why="Each attack has one id and is one row. A row that is there twice is counted twice.",
    ),
    Rule(
        id="gtd.id-is-day", number=29, table=TABLE, severity="warning", fields=("eventid", "iyear", "imonth", "iday"), explain=_explain_id,
        check=_col("iyear") * 10_000 + _col("imonth") * 100 + _col("iday") == _DAY_OF_ID,
        message="eventid begins with {start}, but the day is {date}", hint="The day was corrected after the id was given, or the file was changed: compare with the release.",
        why="The id of an attack begins with its day. Where a spreadsheet turned the id into 2.01501E+11, or a day was changed, the two part.",
    ),
    Rule(
        id="gtd.day-not-in-future", number=20, table=TABLE, severity="error", fields=("iyear",), check=_check_year,
        message="iyear is {iyear}, after {released_on}", hint="Check the year.", why="Nothing is counted before it happens.",
    ),
    Rule(
        id="gtd.coordinates-real", number=36, table=TABLE, severity="error", fields=("latitude", "longitude"),
        check=(_col("latitude").is_null() == _col("longitude").is_null()) & ~((_col("latitude") == 0) & (_col("longitude") == 0)).fill_null(False),
        message="latitude {latitude} and longitude {longitude} are not a place", hint="Both are given or neither is; 0, 0 lies in the sea.",
        why="A point where both are zero lands attacks in the Gulf of Guinea.",
    ),
    _make_part_rule("nkillter", "nkill", "the perpetrators"),
    _make_part_rule("nkillus", "nkill", "US citizens"),
    _make_part_rule("nwoundte", "nwound", "the perpetrators"),
    _make_part_rule("nwoundus", "nwound", "US citizens"),
    make_one_value_rule(TABLE, "country-name-fits", "country", "country_txt", "country"),
    make_one_value_rule(TABLE, "region-name-fits", "region", "region_txt", "region"),
    make_point_rule(TABLE, "country_txt", list_names()),
)  # fmt: skip

PROFILE = Profile(
    name="gtd",
    title="Global Terrorism Database",
    licence="START's terms of use: not to be passed on",
    citation="START (National Consortium for the Study of Terrorism and Responses to Terrorism). Global Terrorism Database. https://www.start.umd.edu/gtd",
    url="https://www.start.umd.edu/gtd/",
    tables=(ProfileTable(TABLE, RULES, needs=("eventid", "iyear")),),
    note="START's terms forbid to pass its data on; the package checks your own copy on your machine, and makes no claims of it.",
)  # fmt: skip
