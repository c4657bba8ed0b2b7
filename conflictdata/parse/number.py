"""A number expression, as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class NumberExpression:
    """A number expression.

    Attributes:
        first, last: the tokens it covers, `last` exclusive; `before`: the first token of hedge and determiners.
        value, top: the number; `top` where it is a range.
        qualifier: a qualifier of docs/seeds.md.
        kind: `digits`, `words`, `article` (a, an, one standing for 1), `both`, `vague`, `multiplied` (two dozen).
        more: "another", "more": outside an earlier number. definite: "the two".
        refused: why it counts no people, or empty.
        stop: the token after the bare number, without "or more" and the like.
    """

    first: int
    last: int
    before: int
    value: int
    top: int | None = None
    qualifier: str = "exact"
    kind: str = "digits"
    is_more: bool = False
    is_definite: bool = False
    exclusion: str = ""
    stop: int = 0
