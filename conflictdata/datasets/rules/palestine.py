"""Rules of the daily tables of Tech for Palestine."""

from __future__ import annotations

import narwhals.stable.v1 as nw

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
from conflictdata.datasets.rules._tolls import (
    make_difference_rule,
    make_disjoint_groups_rule,
    make_equal_rule,
    make_subset_rule,
)
from conflictdata.rules.base import Example, Frames, Row, Rule, rule

GAZA, WEST_BANK, LEBANON, BUILDINGS = (
    "palestine_gaza", "palestine_west_bank", "palestine_lebanon", "palestine_infrastructure",
)  # fmt: skip
DAY = "report_date"


def _list_running_columns(table: str) -> tuple[str, ...]:
    """List the columns of a table that count since the first day."""
    names = [c.column for c in get_constraints(table) if c.kind == "count"]
    return tuple(names) if table == BUILDINGS else tuple(name for name in names if name.endswith("_cum"))


def _make_daily_rules(table: str, period: str = "") -> tuple[Rule, ...]:
    columns = _list_running_columns(table)
    # Lebanon has a row for each report, not for each day.
    gaps = () if table == LEBANON else (make_gap_rule(table, DAY, period),)
    return (
        make_day_unique_rule(table, DAY),
        make_days_in_order_rule(table, DAY),
        *gaps,
        make_not_in_future_rule(table, DAY),
        make_spike_rule(table, columns, DAY),
        make_decrease_rule(table, columns, DAY),
        make_reset_rule(table, columns, DAY),
    )


def _make_difference_rules(table: str, *daily: str) -> tuple[Rule, ...]:
    return tuple(make_difference_rule(table, name, f"{name}_cum", DAY, "report_period") for name in daily)


_WHOLE_DAYS = Example(
    "A report covers whole days",
    bad={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_period": 30, "ext_press_killed_cum": 9}]
            """,
    },
    good={
        "gaza.json": """
            [{"report_date": "2024-01-01", "report_period": 48, "ext_press_killed_cum": 9}]
            """,
    },
    of="palestine_gaza.period-whole-days",
)


def _make_whole_days_rule(table: str) -> Rule:
    """Make the rule that a report covers whole days."""

    @rule(
        f"{table}.period-whole-days",
        "warning",
        ("report_period",),
        message="report_period is {report_period} hours, which is not a whole number of days",
        hint="Compare with the report of that day.",
        why="Reports cover 24 hours, or the days since the last one; 0 means that there was none.",
        example=_WHOLE_DAYS,
    )
    def check() -> nw.Expr:
        hours = nw.col("report_period")
        return hours // 24 * 24 == hours  # Arrow types of pandas have no remainder

    return check


_PARTS = ("killed_recovered", "killed_succumbed", "killed_committee", "killed_truce_new")


def _explain_parts(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        numbers = {name: row[name] for name in _PARTS if row.get(name) is not None}
        row["arithmetic"] = f"{' + '.join(map(str, numbers.values()))} = {sum(numbers.values())}"
        row["parts"] = ", ".join(numbers)
    return rows


@rule(
    "palestine_gaza.parts-sum-to-killed",
    "error",
    ("killed",),
    message="{arithmetic} ({parts}), but killed is {killed}",
    hint="Take the row from the release again; one of the numbers was changed.",
    why=(
        "The day's killed are those recovered, those who died of earlier injuries, those approved late and those "
        "newly killed. In every release the parts sum to them."
    ),
    optional=_PARTS,
    explain=_explain_parts,
    example=Example(
        "The parts of a day's killed sum to them",
        bad={
            "gaza.json": """
                [{"report_date": "2025-03-04", "killed": 5, "killed_cum": 48405, "killed_women_cum": 300, "killed_recovered": 3, "killed_succumbed": 1}]
                """,
        },
        good={
            "gaza.json": """
                [{"report_date": "2025-03-04", "killed": 5, "killed_cum": 48405, "killed_women_cum": 300, "killed_recovered": 4, "killed_succumbed": 1}]
                """,
        },
    ),
)
def _check_parts() -> nw.Expr:
    """Check the sum if the row has two parts or more: on some days the report names one of several."""
    # A part that the file lacks is a column of empty texts, which pandas casts to no whole number.
    filled = nw.sum_horizontal(*(nw.when(~nw.col(name).is_null()).then(1).otherwise(0) for name in _PARTS))
    numbers = [nw.when(~nw.col(name).is_null()).then(nw.col(name).cast(nw.Float64)).otherwise(0.0) for name in _PARTS]
    is_known = ~nw.col("killed").is_null() & (filled > 1)
    return nw.when(is_known).then(nw.sum_horizontal(*numbers) == nw.col("killed"))


_SUBSETS = (
    "killed_children", "killed_women", "med_killed", "press_killed", "civdef_killed", "aid_seeker_killed",
)  # fmt: skip

RULES = (
    *_make_daily_rules(GAZA, "report_period"),
    *_make_difference_rules(GAZA, "killed", "injured", "ext_killed", "ext_injured"),
    *(make_subset_rule(GAZA, f"{part}_cum", "killed_cum") for part in _SUBSETS),
    make_subset_rule(GAZA, "aid_seeker_injured_cum", "injured_cum"),
    make_subset_rule(GAZA, "child_famine_cum", "famine_cum"),
    make_subset_rule(GAZA, "killed_recovered", "killed"),
    make_disjoint_groups_rule(GAZA, ("killed_children_cum", "killed_women_cum"), "killed_cum"),
    *(make_equal_rule(GAZA, f"ext_{name}", name, DAY) for name in ("killed_cum", "injured_cum")),
    _make_whole_days_rule(GAZA),
    *_make_daily_rules(WEST_BANK),
    *_make_difference_rules(
        WEST_BANK, "verified.killed", "verified.injured", "verified.killed_children", "verified.injured_children",
        "killed", "injured", "killed_children", "injured_children",
    ),
    make_subset_rule(WEST_BANK, "killed_children_cum", "killed_cum"),
    make_subset_rule(WEST_BANK, "injured_children_cum", "injured_cum"),
    make_subset_rule(WEST_BANK, "verified.killed_children_cum", "verified.killed_cum"),
    make_subset_rule(WEST_BANK, "verified.injured_children_cum", "verified.injured_cum"),
    *_make_daily_rules(LEBANON),
    *_make_difference_rules(LEBANON, "killed", "injured"),
    _make_whole_days_rule(LEBANON),
    *_make_daily_rules(BUILDINGS),
    *(
        make_equal_rule(BUILDINGS, c.column, c.column.replace("ext_", ""), DAY)
        for c in get_constraints(BUILDINGS)
        if ".ext_" in c.column
    ),
)  # fmt: skip
