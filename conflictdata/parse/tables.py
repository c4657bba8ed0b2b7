"""Tables and lists of figures: their numbers are not claims, and no number of them is lost in silence."""

from __future__ import annotations

import itertools

from conflictdata.parse.lexicon.outcomes import BACK, NOUNS, PAST, TOLLS
from conflictdata.parse.tokens import Sentence

LONGEST_ROW = 24  # tokens of a row, besides its numbers
LONGEST_LABEL = 8  # tokens of a short row
UNDER_CASUALTIES = "a number of a table or list under casualty words: read it in the page"
IN_ROW = "a number of a table row: which column it is in, the text does not show"
_HEADINGS = frozenset(PAST) | frozenset(BACK) | frozenset(NOUNS) | TOLLS | {"casualties", "losses"}
_ENDS = frozenset((".", "!", "?"))


def is_row(s: Sentence) -> bool:
    """Return whether a sentence is a row of a table: numbers side by side, with nothing between them."""
    numeric = [w[0].isdigit() and not _is_date_part(s, i) for i, w in enumerate(s.low)]
    pairs = sum(
        a and b and not s.is_glued(i + 1) and not _is_thousands(s, i)
        for i, (a, b) in enumerate(itertools.pairwise(numeric))
    )
    cells = s.low.count("|")
    words = len(s) - sum(numeric)
    if cells > 1 and sum(numeric) > 1:
        return True
    return words <= LONGEST_ROW and (pairs > 1 or (pairs == 1 and words <= LONGEST_LABEL and s.low[-1] not in _ENDS))


def _is_thousands(s: Sentence, i: int) -> bool:
    """Return whether a number continues as a group of thousands: `1 486`."""
    return len(s.low[i]) <= 3 and len(s.low[i + 1]) == 3 and s.low[i + 1].isdigit() and s.start[i + 1] - s.end[i] == 1


def _is_date_part(s: Sentence, i: int) -> bool:
    """Return whether a number is a year after a month, so that "June 2023 12" is not a pair."""
    return (
        len(s.low[i]) == 4 and i > 0 and s.low[i - 1].isalpha() and s.low[i].isdigit() and 1900 <= int(s.low[i]) <= 2099
    )


def is_heading(words: list[str], text: str) -> bool:
    """Return whether a line is a heading with casualty words: short, without a full stop, and followed by other lines."""
    return 0 < len(words) <= LONGEST_ROW and text.rstrip()[-1:] not in _ENDS and not _HEADINGS.isdisjoint(words)


def is_list_line(words: list[str], text: str) -> bool:
    """Return whether a line may be a row of the table or list under a heading: short, and no sentence of prose."""
    return 0 < len(words) <= LONGEST_ROW and (text.rstrip()[-1:] not in _ENDS or len(words) <= LONGEST_LABEL)
