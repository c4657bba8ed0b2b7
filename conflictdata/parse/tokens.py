"""Tokens of a sentence, with their offsets in the document."""

from __future__ import annotations

import re
from collections.abc import Callable

# Words first, because most tokens are words: "U.S." is not one of two letters or more.
_TOKEN = re.compile(r"[^\W\d_]{2,}(?:-by\b)?|(?:[A-Z]\.){2,}|\d+(?:[,.]\d+)*|['’]s\b|\S")
_OUTSIDE = [""] * 100
_STRAIGHT = {"’": "'", "’s": "'s", "–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-"}


class Sentence:
    """The tokens of a sentence.

    Attributes:
        text: The whole document.
        begin: Offset of the sentence.
        stop: Offset after the sentence.
        raw: The tokens as printed.
        low: The tokens in lower case, with plain dashes and apostrophes.
        start: Offset of each token.
        end: Offset after each token.
        at: Function that returns the lower-case word at an index; "" up to 100 places outside the sentence.
    """

    __slots__ = ("at", "begin", "end", "low", "raw", "start", "stop", "text")

    def __init__(self, text: str, begin: int, stop: int) -> None:
        spans = [hit.span() for hit in _TOKEN.finditer(text, begin, stop)]
        self.text, self.begin, self.stop = text, begin, stop
        self.start = [a for a, _ in spans]
        self.end = [b for _, b in spans]
        self.raw = [text[a:b] for a, b in spans]
        low = [w.lower() for w in self.raw]
        self.low = low if text[begin:stop].isascii() else [_STRAIGHT.get(w, w) for w in low]
        # A plain list method, because it is called for every word. Empty words at the end serve indexes outside the sentence.
        self.at: Callable[[int], str] = (self.low + _OUTSIDE).__getitem__

    def find_positions(self, words: frozenset[str]) -> list[int]:
        """Return the indexes of the given words, in order."""
        return [] if words.isdisjoint(self.low) else [i for i, word in enumerate(self.low) if word in words]

    def __len__(self) -> int:
        return len(self.raw)

    def is_glued(self, i: int) -> bool:
        """Return whether the token at `i` follows the one before it without a space."""
        return 0 < i < len(self.raw) and self.start[i] == self.end[i - 1] and "—" not in (self.raw[i], self.raw[i - 1])

    def extract_phrase(self, i: int, j: int) -> str:
        """Return the text from token `i` to before token `j`, as printed."""
        return self.text[self.start[i] : self.end[j - 1]] if j > i else ""
