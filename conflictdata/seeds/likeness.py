"""Names that are another one but for a letter, found without holding every name against every other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from conflictdata.seeds.walk import one_letter


def shortened(word: str) -> Iterator[str]:
    """The word, and the word without one of its letters: two words that differ by one letter have one of these in common."""
    yield word
    for n in range(len(word)):
        yield word[:n] + word[n + 1 :]


class Likeness:
    """A set of names that can be asked which of them a word is but for a letter."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for name in names:
            for short in shortened(name):
                self._names[short].add(name)

    def to(self, word: str) -> list[str]:
        """The names that differ from a word by one letter, in order."""
        near = {name for short in shortened(word) for name in self._names.get(short, ())}
        return sorted(name for name in near if one_letter(word, name))
