"""Rules that hold two columns of a daily table against each other, made for a table from the columns.

They check that daily numbers are differences of running tolls, that parts are not above wholes, and that numbers filled in by the
makers are those that were reported.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import ROW, count_days, select_dated
from conflictdata.datasets.rules._spikes import IS_NEAR_SPIKE, IS_SPIKE, mark_spikes
from conflictdata.rules.base import VERDICT, Example, Explain, Frames, Row, Rule, rule

Frame = nw.LazyFrame[Any]

_col = nw.col


def _make_explain(**columns: str) -> Explain:
    """Copy cells to names that a message can use.

    Some column names have a dot, so a message cannot use them.
    """

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        return [row | {name: row[column] for name, column in columns.items()} for row in rows]

    return explain


def _write_id(column: str) -> str:
    """Return a column's name as a part of an id."""
    return column.replace("_", "-").replace(".", "-")


_DIFFERENCE = Example(
    "The number of a day is the difference of the running toll",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "ext_press_killed_cum": 9, "killed": 10, "killed_cum": 100},
             {"report_date": "2024-01-02", "ext_press_killed_cum": 9, "killed": 25, "killed_cum": 120}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "ext_press_killed_cum": 9, "killed": 10, "killed_cum": 100},
             {"report_date": "2024-01-02", "ext_press_killed_cum": 9, "killed": 20, "killed_cum": 120}]
            """,
    },
    of="palestine_gaza.killed-is-difference",
)


def make_difference_rule(table: str, daily: str, total: str, day: str, period: str = "") -> Rule:
    """Make the rule that a daily number is the difference of its running toll.

    It is evaluated if the row before covers the time until the row.

    Args:
        table: Name of the table.
        daily: Column with the daily number.
        total: Column with the running toll.
        day: Column with the day.
        period: Column with the hours that a row covers. If given, rows may be several days apart.
    """

    @rule(
        f"{table}.{_write_id(daily)}-is-difference",
        "warning",
        (daily, total, day),
        message=f"{daily} is {{daily}}, but {total} goes from {{earlier}} ({{earlier_on}}) to {{total}}, by {{step}}",
        hint="Use the running toll, or the daily number, and do not mix them.",
        why=(
            "The makers print both the day's number and the toll. Where they differ, late records, recovered bodies or "
            "corrections went into one of them."
        ),
        explain=_make_explain(daily=daily, total=total),
        example=_DIFFERENCE,
    )
    def check(frames: Frames) -> Frame:
        known = select_dated(frames, table, day)
        spikes = mark_spikes(known, total, day).filter(_col(IS_NEAR_SPIKE))
        frame = known.join(spikes.select(ROW, near=_col(IS_NEAR_SPIKE)), on=ROW, how="left").with_columns(
            _col(total).shift(1).over(order_by=[day, ROW]).alias("earlier"),
            _col(day).shift(1).over(order_by=[day, ROW]).alias("earlier_on"),
        )
        gap = count_days(_col("earlier_on"), _col(day))
        near = gap == 1  # a day that is there twice has its own finding
        if period and period in frame.collect_schema().names():
            near = near | (_col(period) == gap * 24).fill_null(False)
        is_filled = ~_col(daily).is_null() & ~_col(total).is_null() & ~_col("earlier").is_null()
        step = frame.filter(near & _col("near").is_null() & is_filled).with_columns(
            (_col(total) - _col("earlier")).alias("step")
        )
        return step.with_columns((_col(daily) == _col("step")).alias(VERDICT))

    return check


_SUBSET = Example(
    "A part of a toll is not above the toll",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "killed_children_cum": 120}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "killed_children_cum": 20}]
            """,
    },
    of="palestine_gaza.killed-children-cum-within-killed-cum",
)


def make_subset_rule(table: str, part: str, whole: str) -> Rule:
    """Make the rule that a part of a toll is not above the toll."""

    @rule(
        f"{table}.{_write_id(part)}-within-{_write_id(whole.rpartition('.')[2])}",
        "warning",
        (part, whole),
        message=f"{part} is {{part}}, more than {whole}, {{whole}}",
        hint="Compare with the report of that day.",
        why="A part of the people who were counted cannot be more than all of them.",
        explain=_make_explain(part=part, whole=whole),
        example=_SUBSET,
    )
    def check() -> nw.Expr:
        return _col(part) <= _col(whole)

    return check


_DISJOINT = Example(
    "Children and women are together not above the toll",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "killed_children_cum": 60, "killed_women_cum": 50}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "killed_children_cum": 50, "killed_women_cum": 50}]
            """,
    },
)


def make_disjoint_groups_rule(table: str, parts: Sequence[str], whole: str) -> Rule:
    """Make the rule that disjoint groups together are not above the toll."""

    def explain(rows: list[Row], _: Frames) -> list[Row]:
        for row in rows:
            numbers = [row[part] for part in parts]
            row["arithmetic"] = f"{' + '.join(map(str, numbers))} = {sum(numbers)}"
        return rows

    @rule(
        f"{table}.{'-and-'.join(part.split('_')[-2] for part in parts)}-within-{_write_id(whole)}",
        "warning",
        (*parts, whole),
        message=f"{' and '.join(parts)}: {{arithmetic}}, more than {whole}, {{{whole}}}",
        hint="Compare with the report of that day.",
        why="Nobody belongs to both groups, so that together they cannot be more than all who were counted.",
        explain=explain,
        example=_DISJOINT,
    )
    def check() -> nw.Expr:
        total: nw.Expr = sum((_col(part) for part in parts[1:]), _col(parts[0]))
        return total <= _col(whole)

    return check


_EQUAL = Example(
    "What was filled in is what was reported",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "ext_killed_cum": 90, "ext_press_killed_cum": 9}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_source": "mohtel", "killed_cum": 100, "ext_killed_cum": 100, "ext_press_killed_cum": 9}]
            """,
    },
    of="palestine_gaza.ext-killed-cum-as-reported",
)


def make_equal_rule(table: str, one: str, other: str, day: str) -> Rule:
    """Make the rule that a filled-in number equals the reported number. Numbers that are slips are left out."""

    @rule(
        f"{table}.{_write_id(one)}-as-reported",
        "warning",
        (one, other),
        message=f"{one} is {{one}}, but {other}, which was reported, is {{other}}",
        hint="Use the reported number; the other was filled in by the makers.",
        why="The filled-in columns are meant to repeat what was reported and to bridge what was not.",
        explain=_make_explain(one=one, other=other),
        example=_EQUAL,
    )
    def check(frames: Frames) -> Frame:
        frame = dated = select_dated(frames, table, day)
        for name in (one, other):
            spikes = mark_spikes(dated, name, day).filter(_col(IS_SPIKE))
            frame = frame.join(spikes.select(ROW, nw.lit(value=True).alias(f"slip:{name}")), on=ROW, how="left")
        both = ~_col(one).is_null() & ~_col(other).is_null()
        sound = frame.filter(both & _col(f"slip:{one}").is_null() & _col(f"slip:{other}").is_null())
        return sound.with_columns((_col(one) == _col(other)).alias(VERDICT))

    return check
