"""Words that are nearly another one: which known word is meant, and which of many names differ by a letter."""

from __future__ import annotations

import difflib
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Words that people write for a key of another name.
_SYNONYMS = {
    "dead": "killed", "deaths": "killed", "died": "killed", "fatalities": "killed", "martyrs": "killed", "wounded": "injured",
    "hurt": "injured", "casualties": "killed_or_injured", "kidnapped": "abducted", "hostages": "abducted", "arrested": "detained",
    "prisoners": "captured", "refugees": "displaced", "idps": "displaced", "source": "claimant", "agency": "via", "place": "location",
    "quote": "printed", "date": "published", "of which": "including", "of whom": "including", "total": "n", "number": "n",
}  # fmt: skip


def find_closest(word: str, words: Collection[str]) -> str:
    """The known word that is meant by an unknown one; empty where there is no telling."""
    plain = word.strip().lower()
    if (other := _SYNONYMS.get(plain)) and other in words:
        return other
    close = difflib.get_close_matches(plain, list(words), n=1, cutoff=0.7)
    return close[0] if close else ""


def suggest(word: str, words: Collection[str]) -> str:
    """A question that suggests the known word that is meant, or nothing."""
    return ask_whether(find_closest(word, words))


def ask_whether(word: str) -> str:
    """Ask whether a word is meant; empty if there is none."""
    return f"Did you mean {word!r}?" if word else ""


def is_one_edit_away(word: str, other: str) -> bool:
    """True where two words differ by one letter: another one, one more or less, or two neighbours exchanged."""
    if word == other or min(len(word), len(other)) < 5:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    one, two = word[head:], other[head:]
    exchanged = len(one) > 1 and len(two) > 1 and one[:2] == two[1::-1] and one[2:] == two[2:]
    return exchanged or one[1:] == two[1:] or one[1:] == two or one == two[1:]


def iterate_deletions(word: str) -> Iterator[str]:
    """The word, and the word without one of its letters: two words that differ by one letter have one of these in common."""
    yield word
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]


class EditDistanceIndex:
    """A set of names that can be asked which of them a word is but for a letter."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for short in iterate_deletions(name):
                self._names[short].add(name)

    def find_neighbours(self, word: str) -> list[str]:
        """The names that differ from a word by one letter, in order."""
        near = {name for short in iterate_deletions(word) for name in self._names.get(short, ())}
        return sorted(name for name in near if is_one_edit_away(word, name))


NEAR, NEAR_LONG = 66, 75  # of 100; below that a suggestion confuses more than it helps


LONG = 7  # letters from which on the stricter one holds


MOST = 3


def find_nearest_ids(word: str, names: Mapping[str, Sequence[str]], *, most: int = MOST) -> list[str]:
    """The ids whose id or name comes nearest to a word, the nearest first.

    Args:
        word: what was typed, or what a host is called.
        names: for each id everything that it is called.
        most: how many at most.
    """
    from rapidfuzz.distance import OSA

    plain = _normalize_name(word)
    least = NEAR_LONG if len(plain) >= LONG else NEAR
    best: dict[str, tuple[float, float]] = {}
    for id_, called in names.items():
        score = max(_measure_similarity(plain, _normalize_name(name)) for name in called)
        if score >= least:
            best[id_] = (-score, OSA.distance(plain, _normalize_name(id_)))
    return sorted(best, key=lambda id_: (*best[id_], id_))[:most]


def _measure_similarity(one: str, other: str) -> float:
    """How like two names are, of 100: word by word in any order, or letter by letter without the spaces."""
    from rapidfuzz import fuzz

    joined = fuzz.ratio(one.replace(" ", ""), other.replace(" ", ""))
    return max(fuzz.token_set_ratio(one, other), joined)


def _normalize_name(text: str) -> str:
    """Small letters without accents; anything else is a space."""
    from rapidfuzz import utils

    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return utils.default_process(letters.replace("_", " "))


def format_question(found: Sequence[str]) -> str:
    """The names as a question; empty where there are none."""
    return f"did you mean {', '.join(found[:-1])}{' or ' if found[1:] else ''}{found[-1]}?" if found else ""
