"""Rules of Russian losses according to Ukraine's General Staff, and of the publisher's corrections."""

from __future__ import annotations

import datetime as dt
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import SPOT, count_days, list_present, make_empty_result
from conflictdata.datasets.compiled import get_constraints
from conflictdata.datasets.rules._days import make_not_in_future_rule
from conflictdata.datasets.rules._running_totals import (
    make_day_unique_rule,
    make_days_in_order_rule,
    make_decrease_rule,
    make_gap_rule,
    make_reset_rule,
)
from conflictdata.datasets.rules._spikes import make_spike_rule
from conflictdata.rules.base import VERDICT, Example, Frames, Row, Rule, rule

PERSONNEL, EQUIPMENT, CORRECTION = "ukraine_personnel", "ukraine_equipment", "ukraine_correction"
LOSSES = "ukraine_losses"  # personnel and equipment joined by the day
DAY = "date"
WAR_START = dt.date(2022, 2, 24)

_col = nw.col

_PEOPLE = ("personnel", "POW")
_LOST = tuple(c.column for c in get_constraints(EQUIPMENT) if c.kind == "count" and c.column != "day")
_APART, _MERGED = ("military auto", "fuel tank"), "vehicles and fuel tanks"

_DAY_FITS = Example(
    "The day of the war is that of the date",
    bad={
        "personnel.json": """
            [{"date": "2022-02-26", "day": 2, "personnel": 4300, "personnel*": "about"}]
            """,
    },
    good={
        "personnel.json": """
            [{"date": "2022-02-26", "day": 3, "personnel": 4300, "personnel*": "about"}]
            """,
    },
    of="ukraine_personnel.day-fits-date",
)


def _make_day_fits_rule(table: str) -> Rule:
    """Make the rule that the day of the war is that of the date."""

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        return [row | {"wanted": (row[DAY] - WAR_START).days + 1} for row in rows]

    @rule(
        f"{table}.day-fits-date",
        "warning",
        ("day", DAY),
        message="day is {day}, but {date} is day {wanted}",
        hint="24 February 2022 is day 1; correct the one that is wrong.",
        why="Day and date say the same. Where they differ, one row was shifted against the others.",
        explain=explain,
        example=_DAY_FITS,
    )
    def check() -> nw.Expr:
        return count_days(nw.lit(WAR_START), _col(DAY)) + 1 == _col("day")

    return check


_VEHICLES_ONCE = Example(
    "Vehicles are counted together or apart",
    bad={
        "equipment.json": """
            [{"date": "2022-05-01", "day": 67, "tank": 1000, "fuel tank": 70, "vehicles and fuel tanks": 1800}]
            """,
    },
    good={
        "equipment.json": """
            [{"date": "2022-04-30", "day": 66, "tank": 990, "fuel tank": 70},
             {"date": "2022-05-01", "day": 67, "tank": 1000, "vehicles and fuel tanks": 1800}]
            """,
    },
    of="ukraine_equipment.vehicles-counted-once",
)


def _make_vehicles_rule(table: str) -> Rule:
    """Make the rule that vehicles are counted together or apart."""

    @rule(
        f"{table}.vehicles-counted-once",
        "error",
        (_MERGED,),
        message="vehicles are counted both together ({vehicles and fuel tanks}) and apart",
        hint="Since 1 May 2022 both are counted together; keep one.",
        why=(
            "`military auto` and `fuel tank` were merged into one column after 65 days; a row with both counts them "
            "twice."
        ),
        example=_VEHICLES_ONCE,
    )
    def check(frames: Frames) -> nw.LazyFrame[Any]:
        frame = frames[table]
        apart = list_present(frame, _APART)
        if not apart or _MERGED not in frame.collect_schema().names():
            return make_empty_result(frame)
        alone = nw.all_horizontal(*(_col(name).is_null() for name in apart), ignore_nulls=False)
        return frame.with_columns((alone | _col(_MERGED).is_null()).alias(VERDICT))

    return check


def _make_daily_rules(table: str) -> tuple[Rule, ...]:
    return (
        make_day_unique_rule(table, DAY),
        make_days_in_order_rule(table, DAY),
        _make_day_fits_rule(table),
        make_not_in_future_rule(table, DAY),
    )


def _make_toll_rules(table: str, columns: tuple[str, ...], **decrease: Any) -> tuple[Rule, ...]:
    return (
        *_make_daily_rules(table),
        make_gap_rule(table, DAY),
        make_spike_rule(table, columns, DAY),
        make_decrease_rule(table, columns, DAY, **decrease),
        make_reset_rule(table, columns, DAY),
    )


def _read_corrections(frames: Frames) -> dict[dt.date, dict[str, Any]]:
    if CORRECTION not in frames:
        return {}
    return {row[DAY]: row for row in frames[CORRECTION].collect().rows(named=True)}


def _explain_fall(rows: list[Row], frames: Frames) -> list[Row]:
    """Add the correction of a fall: of its day, or of the day before."""
    corrections = _read_corrections(frames)
    for row in rows:
        by = (corrections.get(row[DAY]) or {}).get(row[SPOT])
        earlier = (corrections.get(row[DAY] - dt.timedelta(days=1)) or {}).get(row[SPOT])
        if by:
            row["correction"] = f"; a correction of that day says {by:+}"
        elif earlier:
            row["correction"] = f"; no correction of that day says so, one of the day before says {earlier:+}"
        else:
            row["correction"] = "; no correction of that day says so" if corrections else ""
    return rows


_BY_CORRECTION = (
    "A correction explains the fall: take it as a revision of earlier days. Without one, ask which number is meant."
)

RULES = (
    *_make_toll_rules(PERSONNEL, _PEOPLE),
    *_make_toll_rules(EQUIPMENT, _LOST, explain=_explain_fall, hint=_BY_CORRECTION),
    _make_vehicles_rule(EQUIPMENT),
    *_make_toll_rules(LOSSES, (*_PEOPLE, *_LOST), explain=_explain_fall, hint=_BY_CORRECTION),
    _make_vehicles_rule(LOSSES),
    *_make_daily_rules(CORRECTION),
)


@rule(
    "ukraine_correction.day-is-reported",
    "warning",
    ("date",),
    message="a correction of {date}, of which the table of equipment has no row",
    hint="Take both files from the same day.",
    why="A correction says by how much that day's numbers include changes of earlier days.",
    requires_tables=("ukraine_equipment",),
    example=Example(
        "A correction is of a day that has a row",
        bad={
            "equipment.json": """
                [{"date": "2022-05-01", "day": 67, "tank": 1000, "APC": 2000}]
                """,
            "correction.json": """
                [{"date": "2022-05-02", "day": 68, "tank": -5, "APC": 0, "personnel": 0}]
                """,
        },
        good={
            "equipment.json": """
                [{"date": "2022-05-01", "day": 67, "tank": 1000, "APC": 2000}]
                """,
            "correction.json": """
                [{"date": "2022-05-01", "day": 67, "tank": -5, "APC": 0, "personnel": 0}]
                """,
        },
    ),
)
def _check_equipment_day(frames: Frames) -> nw.LazyFrame[Any]:
    """Check that each correction has its day in the table of equipment."""
    days = frames[EQUIPMENT].select(_col(DAY), nw.lit(True).alias("there")).unique()
    rows = frames[CORRECTION].filter(~_col(DAY).is_null())
    return rows.join(days, on=DAY, how="left").with_columns(_col("there").fill_null(False).alias(VERDICT))
