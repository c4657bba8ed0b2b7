"""Rules of UCDP's yearly datasets: battle-related deaths, one-sided violence and non-state conflict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import describe_broken_bounds, mark_duplicates
from conflictdata.datasets.rules._days import make_year_not_in_future_rule
from conflictdata.rules.base import Example, Frames, Row, Rule, rule

Bounds = tuple[str, str, str]  # the columns of the low, the best and the high estimate

FATALITIES: Bounds = ("low_fatality_estimate", "best_fatality_estimate", "high_fatality_estimate")
BATTLE_DEATHS: Bounds = ("bd_low", "bd_best", "bd_high")
THRESHOLD = 25  # deaths in a year from which on UCDP lists a row

_col = nw.col

_ROW_UNIQUE = Example(
    "A dyad has one row per year",
    bad={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,30,30,45
            730,330,1999,31,31,45
            """,
    },
    good={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,30,30,45
            730,330,2000,31,31,45
            """,
    },
    of="ucdp_brd.row-unique",
)


def _make_key_rule(table: str, key: Sequence[str]) -> Rule:
    """Make the rule that there is one row per key and year."""
    shown = ", ".join(f"{name} {{{name}}}" for name in key)

    @rule(
        f"{table}.row-unique",
        "error",
        tuple(key),
        message=f"{{times}} rows are of {shown}",
        hint="Remove the copy, or check whether two releases were joined.",
        why="A row that is there twice is counted twice.",
        example=_ROW_UNIQUE,
    )
    def check(frames: Frames) -> nw.LazyFrame[Any]:
        return mark_duplicates(frames[table].filter(*(~_col(name).is_null() for name in key)), list(key))

    return check


_IN_ORDER = Example(
    "The best estimate is between the two others",
    bad={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,30,32,45
            """,
    },
    good={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,32,30,45
            """,
    },
    of="ucdp_brd.low-best-high",
)


def _make_bounds_rule(table: str, bounds: Bounds) -> Rule:
    """Make the rule that the best estimate is between the two others."""
    low, best, high = bounds

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        return [row | {"broken": describe_broken_bounds(row, bounds)} for row in rows]

    @rule(
        f"{table}.low-best-high",
        "warning",
        (best, low, high),
        message="{broken}",
        hint="Do not use the three as an interval here; compare with the release at ucdp.uu.se.",
        why=(
            "UCDP publishes a few rows whose bounds do not hold the best estimate. An interval built on them is empty "
            "or upside down."
        ),
        explain=explain,
        example=_IN_ORDER,
    )
    def check() -> nw.Expr:
        return (_col(low) <= _col(best)) & (_col(best) <= _col(high))

    return check


_AT_LEAST = Example(
    "A year has at least 25 deaths",
    bad={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,3,3,4
            """,
    },
    good={
        "brd.csv": """
            dyad_id,conflict_id,year,bd_best,bd_low,bd_high
            730,330,1999,30,30,45
            """,
    },
    of="ucdp_brd.at-least-25",
)


def _make_threshold_rule(table: str, bounds: Bounds) -> Rule:
    """Make the rule that a row has at least 25 deaths by some estimate."""
    best, high = bounds[1:]

    @rule(
        f"{table}.at-least-25",
        "warning",
        (best, high),
        message=f"{best} is {{{best}}}, below the {THRESHOLD} deaths from which on UCDP lists a year",
        hint="Check whether the number was cut off.",
        why=(
            "A year is listed if at least 25 people were killed in it. A smaller number was changed, or is of another "
            "table."
        ),
        example=_AT_LEAST,
    )
    def check() -> nw.Expr:
        return (_col(best) >= THRESHOLD) | (_col(high) >= THRESHOLD)

    return check


def _make_yearly_rules(table: str, key: str, bounds: Bounds) -> tuple[Rule, ...]:
    newer = "Check the year. If the file is newer, give the day of its release."
    return (
        _make_key_rule(table, (key, "year")),
        _make_bounds_rule(table, bounds),
        _make_threshold_rule(table, bounds),
        make_year_not_in_future_rule(table, "year", hint=newer),
    )


RULES = (
    *_make_yearly_rules("ucdp_brd", "dyad_id", BATTLE_DEATHS),
    *_make_yearly_rules("ucdp_brd_conflict", "conflict_id", BATTLE_DEATHS),
    *_make_yearly_rules("ucdp_onesided", "actor_id", FATALITIES),
    *_make_yearly_rules("ucdp_nonstate", "dyad_id", FATALITIES),
)


@rule(
    "ucdp_nonstate.sides-differ",
    "error",
    ("side_b_id", "side_a_id"),
    message="side_a_id and side_b_id are both {side_b_id}",
    hint="Take the row from the release again; one of the two was copied over the other.",
    why="Nobody fights against itself.",
    example=Example(
        "The two sides are not the same",
        bad={
            "nonstate.csv": """
                dyad_id,year,side_a_id,side_b_id,best_fatality_estimate
                10098,2021,607,607,41
                """,
        },
        good={
            "nonstate.csv": """
                dyad_id,year,side_a_id,side_b_id,best_fatality_estimate
                10098,2021,607,701,41
                """,
        },
    ),
)
def _check_sides() -> nw.Expr:
    return _col("side_a_id") != _col("side_b_id")
