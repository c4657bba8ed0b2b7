"""The rule that an id has one name, made for a table from the two columns."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.datasets._helpers import list_present, mark_most_common, mark_most_common_grouped
from conflictdata.rules.base import Example, Frames, Rule, rule

Frame = nw.LazyFrame[Any]

_NEVER: Mapping[tuple[str, ...], nw.Expr] = MappingProxyType({})


def make_one_value_rule(
    id_: str, by: str, of: str, what: str, *, example: Example, unless: Mapping[tuple[str, ...], nw.Expr] = _NEVER
) -> Rule:
    """Make the rule that rows with the same value in one column have the same value in another.

    Args:
        id_: Id of the rule. It begins with the table.
        by: Column with the id.
        of: Column that follows from it.
        what: What the id is an id of.
        example: A bad and a good example.
        unless: Rows that another rule reports, by the columns that show it.
    """
    table = id_.partition(".")[0]

    def select(frames: Frames) -> Frame:
        frame = frames[table]
        for columns, reported in unless.items():
            if len(list_present(frame, columns)) == len(columns):
                frame = frame.filter(~reported.fill_null(False))
        return frame

    @rule(
        id_,
        "error",
        (of, by),
        message=f"{by} {{{by}}} has {of} {{usual!r}} in {{others}} row(s), and {{{of}!r}} here",
        hint="Take the row from the release again; one of the two was changed.",
        why=(
            f"In a release each {what} has one {of}. With two of them it is two to every program that groups by one column, "
            "and joined wrongly by the other."
        ),
        group_check=lambda frames: mark_most_common_grouped(select(frames), of, by),
        example=example,
    )
    def check(frames: Frames) -> Frame:
        return mark_most_common(select(frames), of, by)

    return check
