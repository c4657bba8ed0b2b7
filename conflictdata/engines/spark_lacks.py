"""What narwhals 2.29 lacks on Spark and the rules use, added to it."""

from __future__ import annotations

from typing import Any


def supply() -> None:
    """Give narwhals the minutes of a duration on Spark, where it has none of its own."""
    from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as Times
    from narwhals._utils import not_implemented

    if isinstance(vars(Times).get("total_minutes"), not_implemented):
        Times.total_minutes = _total_minutes  # type: ignore[assignment]


def _total_minutes(self: Any) -> Any:
    from pyspark.sql import functions as F  # noqa: N812 - its usual name

    def minutes(gap: Any) -> Any:
        # The parts of an interval have its sign.
        days, hours, rest = (F.extract(F.lit(unit), gap) for unit in ("DAY", "HOUR", "MINUTE"))
        return days.cast("bigint") * 1440 + hours * 60 + rest

    return self.compliant._with_elementwise(minutes)
