"""Tech for Palestine: daily tables of killed and injured in Gaza, the West Bank and Lebanon, and of buildings in Gaza."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.feeds import tolls
from conflictdata.feeds.compiled import constraints
from conflictdata.feeds.days import ISO, MIDNIGHT
from conflictdata.feeds.profile import FeedTable, Profile
from conflictdata.schema.rules.base import Rule

GAZA, WEST_BANK, LEBANON, BUILDINGS = (
    "palestine_gaza", "palestine_west_bank", "palestine_lebanon", "palestine_infrastructure",
)  # fmt: skip
DAY = "report_date"
DAYS = (ISO, MIDNIGHT)  # the JSON and the CSV of the makers have the day alone; programs that pass it on add midnight


def _running(table: str) -> tuple[str, ...]:
    """The columns of a table that count since the first day."""
    names = [c.column for c in constraints(table) if c.kind == "count"]
    return tuple(names) if table == BUILDINGS else tuple(name for name in names if name.endswith("_cum"))


def _daily(table: str) -> tuple[Rule, ...]:
    columns = _running(table)
    return (
        tolls.day_unique(table, DAY),
        tolls.days_in_order(table, DAY),
        tolls.falls(table, columns, DAY),
        tolls.restarts(table, columns, DAY),
    )


def _differences(table: str, *daily: str) -> tuple[Rule, ...]:
    return tuple(tolls.difference(table, name, f"{name}_cum", DAY, "report_period") for name in daily)


def _whole_days(table: str) -> Rule:
    return Rule(
        id=f"{table}.period-whole-days", number=0, table=table, severity="warning", fields=("report_period",),
        check=nw.col("report_period").is_in([24 * days for days in range(15)]),
        message="report_period is {report_period} hours, which is no whole number of days up to two weeks", hint="Compare with the report of that day.",
        why="Reports cover 24 hours, or the days since the last one; 0 means that there was none.",
    )  # fmt: skip


_GAZA = (
    *_daily(GAZA),
    *_differences(GAZA, "killed", "injured", "ext_killed", "ext_injured"),
    *(
        tolls.subset(GAZA, f"{part}_cum", "killed_cum")
        for part in ("killed_children", "killed_women", "med_killed", "press_killed", "civdef_killed", "aid_seeker_killed")
    ),
    tolls.subset(GAZA, "aid_seeker_injured_cum", "injured_cum"),
    tolls.subset(GAZA, "child_famine_cum", "famine_cum"),
    tolls.subset(GAZA, "killed_recovered", "killed"),
    tolls.together(GAZA, ("killed_children_cum", "killed_women_cum"), "killed_cum"),
    *(tolls.same(GAZA, f"ext_{name}", name) for name in ("killed_cum", "injured_cum")),
    _whole_days(GAZA),
)  # fmt: skip

_WEST_BANK = (
    *_daily(WEST_BANK),
    *_differences(
        WEST_BANK, "verified.killed", "verified.injured", "verified.killed_children", "verified.injured_children",
        "killed", "injured", "killed_children", "injured_children",
    ),
    tolls.subset(WEST_BANK, "killed_children_cum", "killed_cum"),
    tolls.subset(WEST_BANK, "injured_children_cum", "injured_cum"),
    tolls.subset(WEST_BANK, "verified.killed_children_cum", "verified.killed_cum"),
    tolls.subset(WEST_BANK, "verified.injured_children_cum", "verified.injured_cum"),
)  # fmt: skip

_LEBANON = (*_daily(LEBANON), *_differences(LEBANON, "killed", "injured"), _whole_days(LEBANON))

_BUILDINGS = (
    *_daily(BUILDINGS),
    *(
        tolls.same(BUILDINGS, c.column, c.column.replace("ext_", ""))
        for c in constraints(BUILDINGS)
        if ".ext_" in c.column
    ),
)

PROFILE = Profile(
    name="palestine",
    title="Palestine Datasets of Tech for Palestine",
    licence="Unlicense",
    citation="Tech for Palestine. Palestine Datasets. https://data.techforpalestine.org/",
    url="https://data.techforpalestine.org/docs/datasets/",
    tables=(
        FeedTable(GAZA, _GAZA, needs=(DAY,), day_forms=DAYS),
        FeedTable(WEST_BANK, _WEST_BANK, needs=(DAY,), day_forms=DAYS),
        FeedTable(LEBANON, _LEBANON, needs=(DAY,), day_forms=DAYS),
        FeedTable(BUILDINGS, _BUILDINGS, needs=(DAY,), day_forms=DAYS),
    ),
    note="ext_ columns are filled in by the makers, the others reported; killed counts those recorded that day, "
    "recovered bodies and late approvals among them. The lists of names are personal data and have no profile.",
)
