"""Split a text into sentences, with offsets.

One pass without backtracking. A sentence has a maximum length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from conflictdata.parse.datelines import find_dateline_end
from conflictdata.parse.lexicon.people import PLURAL

LONGEST = 3_000  # characters; a longer "sentence" is not prose, and is cut at a space

_BOUNDARY = re.compile(r"[.!?…][\"”’')\]]{0,3}(?=\s|[A-Z][a-z]|[A-Z]{2}|[A-Z] [A-Za-z]|[“\"][A-Z]|$)|\n")
_NUMBER = re.compile(r"[\d.,]+(?: (?:million|thousand))?")
LONGEST_NUMBER = 16  # characters of a line that holds a number alone
_CITY = re.compile(r"[A-Z][A-Za-z.]{2,20}(?: [A-Z][a-z]{2,14})?(?:, [A-Z][A-Za-z.]{2,14})?: [A-Z]")
LONG = 4  # letters of a word that a headline writes with a capital, and the least number of such words
TITLE = 0.9
_ABBREVIATIONS = frozenset(
    """mr mrs ms dr prof gen col lt maj capt sgt brig adm cpl gov sen rep rev hon st mt no nos nov dec jan feb mar apr jun jul aug sep sept
    oct vs etc inc ltd co corp dept est approx fig al jr sr u.s u.n u.k u.s.a e.g i.e a.m p.m ft km sqn pvt cmdr messrs supt insp cf
    """.split()
)
_MONTHS = frozenset("jan feb mar apr jun jul aug sep sept oct nov dec etc".split())
_OPENING = "(\"'“‘[—–-"
_CLOSING = frozenset('.!?…:;"”')


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence, in order.

    Together they cover everything except white space.
    """
    start = 0
    for hit in _BOUNDARY.finditer(text):
        if hit.start() < start:
            continue
        if hit.group() == "\n":
            if not _is_line_break(text, start, hit.start()):
                continue
        elif not _is_full_stop(text, hit):
            continue
        yield from _cut_pieces(text, start, hit.end())
        start = hit.end()
    yield from _cut_pieces(text, start, len(text))


def _is_full_stop(text: str, hit: re.Match[str]) -> bool:
    """Return whether a full stop ends a sentence.

    It does not after an abbreviation or an initial, nor before a lower-case letter.
    """
    mark = hit.start()
    if text[mark] != ".":
        return text[mark - 1 : mark] != "("  # "a mosque (…) in the district"
    following = text[hit.end() : hit.end() + 4]
    if following.lstrip()[:1].islower():
        return False
    before = _read_word_before(text, mark)
    if before in _MONTHS and following[:1].isspace() and following.lstrip()[:1].isalpha():
        return True  # "on 24th Feb. Of those killed"
    if before in _ABBREVIATIONS or (len(before) == 1 and before.isalpha()):
        return False
    if following[:1].isspace() or (following[:1].isupper() and following[1:2].islower()):
        return not ("." in before and not following[:1].isspace())
    return (
        before[-2:].isalnum()
        and len(before) > 1
        and before[-1:].islower() | before[-1:].isdigit()
        and "." not in before
    )


def _read_word_before(text: str, mark: int) -> str:
    """Return the word that ends at `mark`, in lower case.

    A long word is cut to its last twelve characters.
    """
    words = text[max(0, mark - 12) : mark].split()
    return words[-1].lstrip(_OPENING).lower() if words else ""


def _is_line_break(text: str, start: int, at: int) -> bool:
    """Return whether a line break ends a sentence; in hard-wrapped prose it does not."""
    if at == start:
        return True
    following = text[at + 1 : at + 2]
    if _is_number_over_noun(text, start, at):
        return False
    if not following or following.isspace():
        return True
    if following.islower() and text[at - 1] not in _CLOSING:
        return False  # a narrow column
    wrapped = at - text.rfind("\n", max(0, at - 120), at) > 60 and text[at - 1] not in _CLOSING
    return (
        not (wrapped and (following.islower() or at - start > 60))
        or _is_title(text[start:at])
        or _CITY.match(text, at + 1) is not None
        or find_dateline_end(text, at + 1, len(text)) > at + 1
    )


def _is_title(line: str) -> bool:
    """Return whether a line is a headline, with capitals: `Red Cross Says 18 Killed in the Capital Since Saturday`."""
    words = [w for w in line.split() if len(w) >= LONG and w[0].isalpha()]
    return len(words) >= LONG and sum(w[0].isupper() for w in words) >= TITLE * len(words)


def _is_number_over_noun(text: str, start: int, at: int) -> bool:
    """Return whether a line holds a number alone, and the next one opens with the people it counts, as boxes of figures do."""
    line = text[start:at].strip()
    if not line or len(line) > LONGEST_NUMBER or not line[0].isdigit() or not _NUMBER.fullmatch(line):
        return False
    words = text[at : at + 40].split(maxsplit=1)
    return bool(words) and words[0].lower() in PLURAL and text[at : at + 40].count("\n") <= 2


def _cut_pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = cut if cut > 0 else start + LONGEST
        yield start, cut
        start = cut
    if not text[start:end].isspace() and end > start:
        yield start, end
