"""The exception for a question that has no answer, and its codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from conflictdata.findings import ConflictDataError

# Each code has a section in docs/refusals.md.
CODES: dict[str, str] = {
    "old-version": "The data are older than version 2 and do not say which toll a total belongs to.",
    "impossible-window": "The window ends before it begins.",
    "no-group": "No figure counts the group.",
    "no-start": "There is no number of the toll from before the window.",
    "no-end": "There is no number of the toll from within the window.",
    "no-bound": "The numbers of the toll leave both ends open in this reading.",
    "toll-fell": "A later number of the toll is smaller than an earlier one.",
    "part-with-total": "A part is added to the total that holds it.",
    "subset-added": "A subset may share people with what it is added to.",
    "two-axes": "Two complete lists divide the same people.",
    "additional": "A figure lies outside the total of its page.",
    "same-toll": "Two numbers are points of one running toll.",
    "overlapping-windows": "Two numbers of one claimant cover the same days.",
    "place-inside-place": "One place lies inside the other.",
    "place-unknown": "The data do not say whether two places overlap.",
    "two-claimants": "Two claimants may count the same people.",
    "two-conflicts": "Numbers of two conflicts were chosen and recorded in different ways.",
    "same-event": "Two numbers are about the same event.",
    "part-of": "One claim is a part of the other.",
    "unit": "The numbers count different things.",
    "outcome": "The numbers count different outcomes.",
    "basis": "One number counts by the day of death, another by the day on which the death was recorded.",
    "scope": "A level or a forecast is not a count over days.",
    "superseded": "The claimant has corrected the number.",
    "retracted": "The claimant has taken the number back.",
    "no-number": "A claim gives no number.",
    "outside-conflict": "The number covers days outside the conflict.",
}


class Refused(ConflictDataError, ValueError):
    """A question that the claims cannot answer. The message gives the reasons and what to ask instead.

    Attributes:
        reasons: Codes, each a key of `conflictdata.analysis.refused.CODES` and a section of docs/refusals.md.
        rows: The records behind the reasons, as dictionaries with a key `code`.
        choices: What to ask instead, in words.
    """

    def __init__(
        self, reasons: Iterable[str], message: str, rows: Iterable[Mapping[str, Any]] = (), choices: Iterable[str] = ()
    ) -> None:
        self.reasons: tuple[str, ...] = tuple(reasons)
        self.rows: list[dict[str, Any]] = [dict(row) for row in rows]
        self.choices: Sequence[str] = list(choices)
        self.message = message
        hint = f" Instead: {'; '.join(self.choices)}." if self.choices else ""
        super().__init__(f"{', '.join(self.reasons)}: {message}{hint}")

    @property
    def code(self) -> str:
        """Return the first reason."""
        return self.reasons[0]

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy or another process needs."""
        return type(self), (self.reasons, self.message, self.rows, self.choices)
