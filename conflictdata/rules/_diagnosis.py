"""Find the figure that probably makes a sum wrong, and describe the error.

Nothing is changed: the clue is added to the hint, and the finding points at the figure. If several figures may
be wrong, none is named as the likely error.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from conflictdata.rules import _typos
from conflictdata.rules._figures import extract_name, format_figure
from conflictdata.rules._shares import is_share_of
from conflictdata.rules.base import Row


@dataclass(frozen=True)
class Diagnosis:
    """Probable cause of a sum that is wrong.

    Attributes:
        likely_error: Key of the figure that is probably wrong, if exactly one is.
        clue: The evidence, as a sentence with a space after it. May be empty.
        spot: Column to point at, if it is not the number.
    """

    likely_error: str | None = None
    clue: str = ""
    spot: str | None = None


NO_DIAGNOSIS = Diagnosis()
WHOLE, NEAR_WHOLE = 100, 2  # shares of one list add up to 100, but for so much
MAX_CANDIDATES = 3  # the hint names this many possible figures, or none

Evidence = Mapping[str, bool | None]  # whether the printed phrase of a figure contains its number, by figure id


def get_single_number(row: Row) -> int | None:
    """Return the one number of a figure. None for a range, a share, or a word alone."""
    if row["qualifier"] == "range":
        return None
    return next((row[c] for c in ("best", "low", "high") if row[c] is not None), None)


def format_name(row: Row) -> str:
    """Return the name of a figure in backticks: the last part of its id."""
    return f"`{extract_name(row['figure_id'])}`"


def find_share(whole: Row, parts: Sequence[Row]) -> Diagnosis:
    """Return the first part whose phrase gives its number as a share, or a clue if the parts add up to 100."""
    numbers = [get_single_number(part) for part in parts]
    for part, number in zip(parts, numbers, strict=True):
        if is_share_of(number, part["printed"]):
            clue = (
                f"{format_name(part)} is coded as {number}, and its printed phrase {part['printed']!r} gives a share: write "
                f"`{format_figure(part)}%`. "
            )
            return Diagnosis(part["figure_id"], clue)
    is_large = (get_single_number(whole) or 0) >= 2 * WHOLE
    added = sum(number or 0 for number in numbers)
    if is_large and len(parts) > 1 and None not in numbers and abs(added - WHOLE) <= NEAR_WHOLE:
        return Diagnosis(None, f"The parts add up to {added}: if they are shares, write each with its sign (`62%`). ")
    return NO_DIAGNOSIS


def find_misprint(rows: Iterable[Row], printed: Evidence) -> Diagnosis:
    """Return the only figure whose printed phrase contains another number.

    Returns:
        The diagnosis; `NO_DIAGNOSIS` unless exactly one figure has such a phrase.
    """
    misprints = [row for row in rows if printed.get(row["figure_id"]) is False]
    if len(misprints) != 1:
        return NO_DIAGNOSIS
    row = misprints[0]
    clue = f"{format_name(row)} is coded as {get_single_number(row)}, and its printed phrase is {row['printed']!r}. "
    return Diagnosis(row["figure_id"], clue)


def find_slip(candidates: Sequence[tuple[Row, int]], printed: Evidence) -> Diagnosis:
    """Return the only figure that one typing error would explain.

    Args:
        candidates: Figures, each with the number that would make the sum right.
        printed: Evidence per figure. A figure whose phrase contains its number is not considered.

    Returns:
        The diagnosis. If two or three figures are possible, it has a clue without a likely error.
    """
    open_ = [(row, number, get_single_number(row)) for row, number in candidates if not printed.get(row["figure_id"])]
    slips = [
        (row, n, how) for row, n, coded in open_ if coded is not None and (how := _typos.describe_digit_slip(coded, n))
    ]
    # By chance, exchanged digits explain a sum far less often than one changed digit does.
    exchanged = [slip for slip in slips if slip[2] == _typos.EXCHANGED]
    likely = exchanged if len(exchanged) == 1 else slips
    if len(likely) != 1:
        return Diagnosis(None, _format_candidates(slips))
    row, number, how = likely[0]
    clue = f"With {number} for {format_name(row)} it comes out, and {get_single_number(row)} is that with {how}. "
    return Diagnosis(row["figure_id"], clue)


def _format_candidates(slips: Sequence[tuple[Row, int, str]]) -> str:
    if not 2 <= len(slips) <= MAX_CANDIDATES:
        return ""
    named = [f"{number} for {format_name(row)}" for row, number, _ in slips]
    return f"It comes out with {', '.join(named[:-1])} or {named[-1]}. "


def find_misplaced(missing: int, inside: Iterable[Row]) -> Diagnosis:
    """Return the only figure below the list that counts exactly the missing number."""
    matches = [row for row in inside if row["best"] == missing]
    if len(matches) != 1:
        return NO_DIAGNOSIS
    row = matches[0]
    above = extract_name(row["parent_id"])
    clue = f"{missing} is what {format_name(row)} counts, which is under `{above}`: move it up if it is a part of its own. "
    return Diagnosis(row["figure_id"], clue)


def find_counted_twice(over: int, parts: Iterable[Row]) -> Diagnosis:
    """Return the only part that counts exactly the excess of the list."""
    matches = [row for row in parts if row["best"] == over]
    if len(matches) != 1:
        return NO_DIAGNOSIS
    row = matches[0]
    clue = (
        f"{over} is what {format_name(row)} counts: move it under the part that holds it (`including`), or to `besides` if the page "
        "counts it outside. "
    )
    return Diagnosis(row["figure_id"], clue)
