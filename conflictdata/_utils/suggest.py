"""Spelling suggestions: the known word nearest to an unknown one."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

# Words that people write instead of a key.
_SYNONYMS = {
    "dead": "killed", "deaths": "killed", "died": "killed", "fatalities": "killed", "martyrs": "killed", "wounded": "injured",
    "hurt": "injured", "casualties": "killed_or_injured", "kidnapped": "abducted", "hostages": "abducted", "arrested": "detained",
    "prisoners": "captured", "refugees": "displaced", "idps": "displaced", "source": "claimant", "agency": "via", "place": "location",
    "quote": "printed", "date": "published", "of which": "including", "of whom": "including", "total": "n", "number": "n",
}  # fmt: skip


def find_closest(word: str, words: Collection[str]) -> str:
    """Return the known word that an unknown word probably means, or ""."""
    plain = word.strip().lower()
    if (other := _SYNONYMS.get(plain)) and other in words:
        return other
    return next(iter(find_close(plain, words, least=0.7)), "")


def find_close(word: str, words: Iterable[str], *, least: float, most: int = 1) -> list[str]:
    """Return the known words that are spelt like a word, the closest first.

    Args:
        word: The word as typed.
        words: The known words.
        least: Minimum similarity, 0 to 1: twice the number of equal letters in equal order, over all letters.
        most: Maximum number of words to return.
    """
    return difflib.get_close_matches(word, list(words), n=most, cutoff=least)


def suggest(word: str, words: Collection[str]) -> str:
    """Return a question that suggests the closest known word, or ""."""
    return ask_whether(find_closest(word, words))


def ask_whether(*words: str) -> str:
    """Return the question "Did you mean 'a' or 'b'?", or "" if there is no word.

    An explanation in brackets after a word is not quoted: "Did you mean 'sohr' (Syrian Observatory)?".
    """
    quoted = [f"{word!r}{bracket}{label}" for word, bracket, label in (word.partition(" (") for word in words if word)]
    return f"Did you mean {', '.join(quoted[:-1])}{' or ' if quoted[1:] else ''}{quoted[-1]}?" if quoted else ""


def is_one_edit_away(word: str, other: str) -> bool:
    """Return whether two words of at least 5 letters differ by one typing error.

    One typing error is a letter replaced, added or missing, or two neighbouring letters exchanged. Equal
    words return False.
    """
    if word == other or min(len(word), len(other)) < 5:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    one, two = word[head:], other[head:]
    exchanged = len(one) > 1 and len(two) > 1 and one[:2] == two[1::-1] and one[2:] == two[2:]
    return exchanged or one[1:] == two[1:] or one[1:] == two or one == two[1:]


def iterate_deletions(word: str) -> Iterator[str]:
    """Yield a word, and the word without each of its letters.

    Two words at edit distance 1 have at least one of these forms in common.
    """
    yield word
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]


class EditDistanceIndex:
    """Index of names, to look up those at edit distance 1."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for short in iterate_deletions(name):
                self._names[short].add(name)

    def find_neighbours(self, word: str) -> list[str]:
        """Return the names one edit away from a word, sorted."""
        near = {name for short in iterate_deletions(word) for name in self._names.get(short, ())}
        return sorted(name for name in near if is_one_edit_away(word, name))


NEAR, NEAR_LONG = 66, 75  # minimum similarity, 0 to 100; below it a suggestion confuses more than it helps


LONG = 7  # words of at least so many letters need NEAR_LONG


MOST = 3


def find_nearest_ids(word: str, names: Mapping[str, Sequence[str]], *, most: int = MOST) -> list[str]:
    """Return the ids nearest to a word, the nearest first.

    Args:
        word: The word as typed, or the name of a web host.
        names: All names of each id, by id.
        most: Maximum number of ids to return.

    Returns:
        The ids whose id or name is similar enough to the word. May be empty.
    """
    plain = _normalize_name(word)
    least = NEAR_LONG if len(plain) >= LONG else NEAR
    best: dict[str, tuple[float, float]] = {}
    for id_, called in names.items():
        score = max(_measure_similarity(plain, _normalize_name(name)) for name in called)
        if score >= least:
            # Of equally similar ids, the one with most of the letters in any order.
            letters = difflib.SequenceMatcher(None, plain, _normalize_name(id_)).quick_ratio()
            best[id_] = (-score, -letters)
    return sorted(best, key=lambda id_: (*best[id_], id_))[:most]


def _measure_similarity(one: str, other: str) -> float:
    """Return the similarity of two names, 0 to 100.

    It is the higher of two scores: word by word in any order, or letter by letter without the spaces.
    """
    joined = _compare_letters(one.replace(" ", ""), other.replace(" ", ""))
    words, others = set(one.split()), set(other.split())
    if not (common := " ".join(sorted(words & others))):
        return max(joined, _compare_letters(" ".join(sorted(words)), " ".join(sorted(others))))
    # Each name as the common words and its own after them. A name within the other is equal to it.
    rest, rests = (" ".join([common, *sorted(own)]) for own in (words - others, others - words))
    pairs = ((common, rest), (common, rests), (rest, rests))
    return max(joined, *(_compare_letters(left, right) for left, right in pairs))


def _compare_letters(one: str, other: str) -> float:
    """Return the similarity of two texts, letter by letter, 0 to 100."""
    letters = difflib.SequenceMatcher(None, one, other, autojunk=False)
    # The two upper bounds are quick.
    if 100 * letters.real_quick_ratio() < NEAR or 100 * letters.quick_ratio() < NEAR:
        return 0
    return 100 * letters.ratio()


def _normalize_name(text: str) -> str:
    """Return the text in small letters without accents, other characters as spaces."""
    letters = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]", " ", letters.lower()).strip()
