"""Whose slip a sum that does not come out may be: which figure, what it should say, and in words.

Nothing is repaired. The clue goes into the hint, and the finding points at the figure; where two figures may be to blame
there is no clue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conflictdata.rules import _typos
from conflictdata.rules._figures import extract_name
from conflictdata.rules.base import Row


@dataclass(frozen=True)
class Diagnosis:
    """The figure that is to blame.

    Attributes:
        culprit: its key.
        clue: what speaks against it, as a sentence with a space after it.
        spot: the column at which to point, where it is not the number.
    """

    culprit: str | None = None
    clue: str = ""
    spot: str | None = None


NO_DIAGNOSIS = Diagnosis()
MAX_CANDIDATES = 3  # figures that may be to blame; of more than these none is named

Evidence = Mapping[str, bool | None]  # by figure, whether its printed phrase holds its number


def get_single_number(row: Row) -> int | None:
    """The one number that a figure prints; None for a range, a share, a bare word."""
    if row["qualifier"] == "range":
        return None
    return next((row[c] for c in ("best", "low", "high") if row[c] is not None), None)


def format_name(row: Row) -> str:
    """A figure by its name: the last one of its path."""
    return f"`{extract_name(row['figure_id'])}`"


def find_misprint(rows: Iterable[Row], printed: Evidence) -> Diagnosis:
    """The one figure of them whose phrase holds another number."""
    found = [row for row in rows if printed.get(row["figure_id"]) is False]
    if len(found) != 1:
        return NO_DIAGNOSIS
    row = found[0]
    clue = f"{format_name(row)} is coded as {get_single_number(row)}, and its printed phrase is {row['printed']!r}. "
    return Diagnosis(row["figure_id"], clue)


def find_slip(candidates: Sequence[tuple[Row, int]], printed: Evidence) -> Diagnosis:
    """The one figure that a single slip would explain.

    Args:
        candidates: figures, each with the number that would make the sum come out.
        printed: a figure whose phrase holds its number is not to blame.
    """
    open_ = [(row, number, get_single_number(row)) for row, number in candidates if not printed.get(row["figure_id"])]
    slips = [
        (row, n, how) for row, n, coded in open_ if coded is not None and (how := _typos.describe_digit_slip(coded, n))
    ]
    # Two digits exchanged explain a sum far less often by chance than one digit that is another.
    exchanged = [slip for slip in slips if slip[2] == _typos.EXCHANGED]
    found = exchanged if len(exchanged) == 1 else slips
    if len(found) != 1:
        return Diagnosis(None, _format_candidates(slips))
    row, number, how = found[0]
    clue = f"With {number} for {format_name(row)} it comes out, and {get_single_number(row)} is that with {how}. "
    return Diagnosis(row["figure_id"], clue)


def _format_candidates(slips: Sequence[tuple[Row, int, str]]) -> str:
    if not 2 <= len(slips) <= MAX_CANDIDATES:
        return ""
    named = [f"{number} for {format_name(row)}" for row, number, _ in slips]
    return f"It comes out with {', '.join(named[:-1])} or {named[-1]}. "


def find_misplaced(missing: int, inside: Iterable[Row]) -> Diagnosis:
    """The one figure below the list that counts just what the list lacks."""
    found = [row for row in inside if row["best"] == missing]
    if len(found) != 1:
        return NO_DIAGNOSIS
    row = found[0]
    above = extract_name(row["parent_id"])
    clue = f"{missing} is what {format_name(row)} counts, which stands under `{above}`: move it up if it is a part of its own. "
    return Diagnosis(row["figure_id"], clue)


def find_counted_twice(over: int, parts: Iterable[Row]) -> Diagnosis:
    """The one part that counts just what the list has too many."""
    found = [row for row in parts if row["best"] == over]
    if len(found) != 1:
        return NO_DIAGNOSIS
    row = found[0]
    clue = (
        f"{over} is what {format_name(row)} counts: move it under the part that holds it (`including`), or to `besides` if the page "
        "counts it outside. "
    )
    return Diagnosis(row["figure_id"], clue)
