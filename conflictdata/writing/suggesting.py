"""Names that come near to one that is not known. They are suggested to a person; nothing is decided by them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, utils
from rapidfuzz.distance import OSA

NEAR, NEAR_LONG = 66, 75  # of 100; below that a suggestion confuses more than it helps
LONG = 7  # letters from which on the stricter one holds
MOST = 3


def nearest(word: str, names: Mapping[str, Sequence[str]], *, most: int = MOST) -> list[str]:
    """The ids whose id or name comes nearest to a word, the nearest first.

    Args:
        word: what was typed, or what a host is called.
        names: for each id everything that it is called.
        most: how many at most.
    """
    plain = _plain(word)
    least = NEAR_LONG if len(plain) >= LONG else NEAR
    best: dict[str, tuple[float, float]] = {}
    for id_, called in names.items():
        score = max(_likeness(plain, _plain(name)) for name in called)
        if score >= least:
            best[id_] = (-score, OSA.distance(plain, _plain(id_)))
    return sorted(best, key=lambda id_: (*best[id_], id_))[:most]


def _likeness(one: str, other: str) -> float:
    """How like two names are, of 100: word by word in any order, or letter by letter without the spaces."""
    joined = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max(fuzz.token_set_ratio(one, other), joined)


def _plain(text: str) -> str:
    """Small letters without accents; anything else is a space."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return utils.default_process(letters.replace("_", " "))


def question(found: Sequence[str]) -> str:
    """The names as a question; empty where there are none."""
    return f"did you mean {', '.join(found[:-1])}{' or ' if found[1:] else ''}{found[-1]}?" if found else ""
