"""Words beside a number that show that it counts no people, with the reason."""

from __future__ import annotations


def _build_table(**lines: str) -> dict[str, str]:
    return {word: kind.replace("_", " ") for kind, line in lines.items() for word in line.split()}


BEFORE = _build_table(
    money="$ £ € ₪ ₹ us$ rs inr usd eur gbp nis",
    designation="# no number resolution route highway division brigade article flight unit phase act battalion page camp zone level chapter",
    age="aged age ages",
)
AFTER = _build_table(
    share="% percent percentage per thirds quarters fifths",
    measure="° mm km kg m mph kph",
    time="pm am",
    ordinal="th st nd rd",
    times="times",
    money="dollars euros dollar euro",
)
YEAR_BEFORE = frozenset(
    """in since of by until till from during after before early late mid year fy and to between summer winter spring autumn through -
    the this ( a , 's""".split()
) | {""}
