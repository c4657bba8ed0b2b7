"""The rules that a country has one name and one number, made for a table from its column of numbers."""

from __future__ import annotations

from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import mark_most_common, mark_most_common_grouped
from conflictdata.rules.base import Example, Frames, Rule, rule

Frame = nw.LazyFrame[Any]


def make_country_name_rule(table: str, number: str, *, example: Example) -> Rule:
    """Make the rule that rows with the same number of a country have the same name."""

    @rule(
        f"{table}.country-name-fits",
        "error",
        ("country", number),
        message=f"{number} {{{number}}} is {{usual!r}} in {{others}} row(s), and {{country!r}} here",
        hint="Write the country as the other rows do.",
        why="One country under two names is two countries to every program that groups by name.",
        group_check=lambda frames: mark_most_common_grouped(frames[table], "country", number),
        example=example,
    )
    def check(frames: Frames) -> Frame:
        return mark_most_common(frames[table], "country", number)

    return check


def make_country_number_rule(id_: str, number: str, what: str, *, example: Example) -> Rule:
    """Make the rule that rows with the same name of a country have the same number.

    Args:
        id_: Id of the rule. It begins with the table.
        number: Column with the number.
        what: What the numbers are, in the plural.
        example: A bad and a good example.
    """
    table = id_.partition(".")[0]

    @rule(
        id_,
        "error",
        (number, "country"),
        message=f"{{country!r}} is {number} {{usual}} in {{others}} row(s), and {{{number}}} here",
        hint="Use the number that the other rows have.",
        why=f"A country with two {what} is joined to two countries in other datasets.",
        group_check=lambda frames: mark_most_common_grouped(frames[table], number, "country"),
        example=example,
    )
    def check(frames: Frames) -> Frame:
        return mark_most_common(frames[table], number, "country")

    return check
