"""Rules of the deaths of UCDP GED: the three estimates, and the parts of the best one."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import describe_broken_bounds
from conflictdata.rules.base import Example, Frames, Row, rule

_col = nw.col

_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


def _explain_order(rows: list[Row], _: Frames) -> list[Row]:
    """Add which of the two comparisons fails."""
    for row in rows:
        row["event"] = f"event {row['id']}: " if row.get("id") else ""
        row["broken"] = describe_broken_bounds(row, ("low", "best", "high"))
    return rows


@rule(
    "ucdp_ged.low-best-high",
    "warning",
    ("low", "best", "high"),
    message="{event}low {low}, best {best}, high {high}: {broken}",
    hint="Do not use the three as an interval here; compare with the event at ucdp.uu.se and report it there.",
    why=(
        "UCDP publishes some rows whose bounds do not hold the best estimate. An interval built on them is empty "
        "or upside down, and sums of low and high are wrong with them."
    ),
    explain=_explain_order,
    example=Example(
        "The best estimate lies between the lowest and the highest",
        bad={
            "ged.csv": """
                id,low,best,high,date_start,date_end
                141,4,3,5,2020-03-01,2020-03-01
                """,
        },
        good={
            "ged.csv": """
                id,low,best,high,date_start,date_end
                141,2,3,5,2020-03-01,2020-03-01
                """,
        },
    ),
)
def _check_bounds() -> nw.Expr:
    return (_col("low") <= _col("best")) & (_col("best") <= _col("high"))


def _explain_sum(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        total = sum(row[part] for part in _PARTS)
        short = row["best"] - total
        row |= {"total": total, "off": f"{abs(short)} {'short' if short > 0 else 'too many'}"}
    return rows


@rule(
    "ucdp_ged.parts-sum-to-best",
    "error",
    ("best", *_PARTS),
    message="{deaths_a} + {deaths_b} + {deaths_civilians} + {deaths_unknown} = {total}, but best is {best} ({off})",
    hint="One of the five numbers was changed after the release; take the row from the release again.",
    why=("best is by definition the sum of the four parts, in every release. Where it is not, the row is not UCDP's."),
    explain=_explain_sum,
    example=Example(
        "The four parts add up to the best estimate",
        bad={
            "ged.csv": """
                id,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best
                141,1,2,0,0,9
                """,
        },
        good={
            "ged.csv": """
                id,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best
                141,1,2,0,0,3
                """,
        },
    ),
)
def _check_sum() -> nw.Expr:
    return _col("deaths_a") + _col("deaths_b") + _col("deaths_civilians") + _col("deaths_unknown") == _col("best")
