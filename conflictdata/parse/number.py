"""Number expressions as data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class NumberExpression:
    """A number expression.

    Attributes:
        first: First token of the number.
        last: Token after it.
        before: First token of its hedges and determiners.
        value: The number; the lower end of a range.
        top: Upper end of a range, otherwise None.
        qualifier: A qualifier of docs/seeds-reference.md.
        kind: `digits`, `words`, `article` (a, an or another for 1), `both`, `vague` or `multiplied` (two dozen).
        is_more: Whether it is outside an earlier number ("another", "more").
        is_definite: Whether it is definite ("the two").
        exclusion: Why it counts no people, or empty.
        stop: Token after the bare number, without "or more" and the like.
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
