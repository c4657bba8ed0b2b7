"""Spelling suggestions: the known word nearest to an unknown one."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

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
    close = difflib.get_close_matches(plain, list(words), n=1, cutoff=0.7)
    return close[0] if close else ""


def suggest(word: str, words: Collection[str]) -> str:
    """Return a question that suggests the closest known word, or ""."""
    return ask_whether(find_closest(word, words))


def ask_whether(word: str) -> str:
    """Return the question "Did you mean …?", or "" for an empty word."""
    return f"Did you mean {word!r}?" if word else ""


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


def format_question(names: Sequence[str]) -> str:
    """Return a question that lists the names, or "" if the list is empty."""
    return f"did you mean {', '.join(names[:-1])}{' or ' if names[1:] else ''}{names[-1]}?" if names else ""
