"""Russian losses as claimed by Ukraine's General Staff: personnel, equipment, and the corrections beside them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.feeds import tolls
from conflictdata.feeds.compiled import constraints
from conflictdata.feeds.days import ISO, MIDNIGHT
from conflictdata.feeds.judging import SPOT, days, nothing, present
from conflictdata.feeds.profile import FeedTable, Profile
from conflictdata.schema.rules.base import VERDICT, Frames, Row, Rule

PERSONNEL, EQUIPMENT, CORRECTION = "ukraine_personnel", "ukraine_equipment", "ukraine_correction"
DAY = "date"
DAYS = (ISO, MIDNIGHT)  # the JSON and the CSV of the makers have the day alone; programs that pass it on add midnight
FIRST = dt.date(2022, 2, 24)
_LOST = tuple(c.column for c in constraints(EQUIPMENT) if c.kind == "count" and c.column != "day")
_APART, _MERGED = ("military auto", "fuel tank"), "vehicles and fuel tanks"

_col = nw.col


def _corrections(frames: Frames) -> dict[dt.date, dict[str, Any]]:
    if CORRECTION not in frames:
        return {}
    return {row[DAY]: row for row in frames[CORRECTION].collect().rows(named=True)}


def _corrected(rows: list[Row], frames: Frames) -> list[Row]:
    """What the corrections say of a fall: of its day, or of the day before."""
    said = _corrections(frames)
    for row in rows:
        by = (said.get(row[DAY]) or {}).get(row[SPOT])
        earlier = (said.get(row[DAY] - dt.timedelta(days=1)) or {}).get(row[SPOT])
        if by:
            row["correction"] = f"; a correction of that day says {by:+}"
        elif earlier:
            row["correction"] = f"; no correction of that day says so, one of the day before says {earlier:+}"
        else:
            row["correction"] = "; no correction of that day says so" if said else ""
    return rows


def _day_fits(table: str) -> Rule:
    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            row["wanted"] = (row[DAY] - FIRST).days + 1
        return rows

    return Rule(
        id=f"{table}.day-fits-date", number=0, table=table, severity="warning", fields=("day", DAY), explain=explain,
        check=days(nw.lit(FIRST), _col(DAY)) + 1 == _col("day"),
        message="day is {day}, but {date} is day {wanted}", hint="24 February 2022 is day 1; correct the one that is wrong.",
        why="Day and date say the same. Where they differ, one row was shifted against the others.",
    )  # fmt: skip


def _one_way(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[EQUIPMENT]
    apart = present(frame, _APART)
    if not apart or _MERGED not in frame.collect_schema().names():
        return nothing(frame)
    alone = nw.all_horizontal(*(_col(name).is_null() for name in apart), ignore_nulls=False)
    return frame.with_columns((alone | _col(_MERGED).is_null()).alias(VERDICT))


def _of_equipment(frames: Frames) -> nw.LazyFrame[Any]:
    """Each correction has its day in the table of equipment."""
    days = frames[EQUIPMENT].select(_col(DAY), nw.lit(True).alias("there")).unique()
    rows = frames[CORRECTION].filter(~_col(DAY).is_null())
    return rows.join(days, on=DAY, how="left").with_columns(_col("there").fill_null(False).alias(VERDICT))


def _daily(table: str) -> tuple[Rule, ...]:
    return (tolls.day_unique(table, DAY), tolls.days_in_order(table, DAY), _day_fits(table))


_PERSONNEL = (
    *_daily(PERSONNEL),
    tolls.falls(PERSONNEL, ("personnel", "POW"), DAY),
    tolls.restarts(PERSONNEL, ("personnel", "POW"), DAY),
)

_EQUIPMENT = (
    *_daily(EQUIPMENT),
    tolls.falls(
        EQUIPMENT, _LOST, DAY, explain=_corrected,
        hint="A correction explains the fall: take it as a revision of earlier days. Without one, ask which number is meant.",
    ),
    tolls.restarts(EQUIPMENT, _LOST, DAY),
    Rule(
        id="ukraine_equipment.vehicles-counted-once", number=0, table=EQUIPMENT, severity="error", fields=(_MERGED,), check=_one_way,
        message="vehicles are counted both together ({vehicles and fuel tanks}) and apart", hint="Since 1 May 2022 both are counted together; keep one.",
        why="`military auto` and `fuel tank` were merged into one column after 65 days; a row with both counts them twice.",
    ),
)  # fmt: skip

_CORRECTION = (
    *_daily(CORRECTION),
    Rule(
        id="ukraine_correction.day-is-reported", number=0, table=CORRECTION, severity="warning", fields=(DAY,), needs=(EQUIPMENT,), check=_of_equipment,
        message="a correction of {date}, of which the table of equipment has no row", hint="Take both files from the same day.",
        why="A correction says by how much that day's numbers include changes of earlier days.",
    ),
)  # fmt: skip

PROFILE = Profile(
    name="ukraine",
    title="2022 Ukraine Russia War Dataset",
    licence="MIT",
    citation="Ivaniuk, Petro. 2022 Ukraine Russia War Dataset. https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    url="https://github.com/PetroIvaniuk/2022-Ukraine-Russia-War-Dataset",
    tables=(
        FeedTable(PERSONNEL, _PERSONNEL, needs=(DAY, "personnel"), day_forms=DAYS),
        FeedTable(EQUIPMENT, _EQUIPMENT, needs=(DAY, "tank"), day_forms=DAYS),
        FeedTable(CORRECTION, _CORRECTION, needs=(DAY, "tank", "personnel"), day_forms=DAYS),
    ),
    note="personnel* says about or more: the number is approximate, or a lower bound. Corrections stand in a file of their own.",
)
