"""Words of a sentence, with offsets in the document."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"(?:[A-Z]\.){2,}|\d+(?:[,.]\d+)*|['’]s\b|[^\W\d_]+|[^\s]")
_OUTSIDE = [""] * 100
_STRAIGHT = {"’": "'", "’s": "'s", "–": "-", "—": "-", "‑": "-", "−": "-", "‐": "-"}


class Sentence:
    """The tokens of a sentence.

    Attributes:
        raw: the tokens as printed; `low`: in small letters, with dashes and apostrophes made plain.
        start, end: their offsets in the document.
        at: the word at a place, in small letters; empty up to a hundred places outside the sentence.
        begin, stop: the offsets of the sentence.
    """

    def __init__(self, text: str, begin: int, stop: int) -> None:
        hits = list(_TOKEN.finditer(text, begin, stop))
        self.text, self.begin, self.stop = text, begin, stop
        self.raw = [h.group() for h in hits]
        self.start = [h.start() for h in hits]
        self.end = [h.end() for h in hits]
        self.low = [_STRAIGHT.get(w) or w.lower() for w in self.raw]
        # A plain list method, because it is called for every word: blanks at the end serve places outside the sentence.
        self.at: Callable[[int], str] = (self.low + _OUTSIDE).__getitem__

    def __len__(self) -> int:
        return len(self.raw)

    def glued(self, i: int) -> bool:
        """Whether the token at `i` follows the one before it without a space."""
        return 0 < i < len(self.raw) and self.start[i] == self.end[i - 1] and "—" not in (self.raw[i], self.raw[i - 1])

    def phrase(self, i: int, j: int) -> str:
        """The text from token `i` up to token `j`, as printed."""
        return self.text[self.start[i] : self.end[j - 1]] if j > i else ""
