"""A quantity as people write it: `at least 727`, `100 to 200`, `dozens`, `more than 62%`.

Bounds hold only what was said: `about 600` has no bounds, `up to 600` no lower one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from conflictdata.vocab import QUALIFIER

_NUMBER = r"(?:0|[1-9][0-9]*)"
_SHARE = re.compile(rf"(?:(?P<words>[a-z]+(?: [a-z]+)?) )?(?P<share>{_NUMBER}(?:\.[0-9]+)?)%\Z")
_ONE = re.compile(rf"(?:(?P<words>[a-z]+(?: [a-z]+)?) )?(?P<n>{_NUMBER})\Z")
_RANGE = re.compile(rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})\Z")

MOST = 10_000_000_000  # more people than live; a number above it is a slip

# The words before a number, with the columns that the number then fills.
_WORDS = {
    "": ("exact", ("low", "best", "high")),
    "at least": ("at_least", ("low",)),
    "more than": ("more_than", ("low",)),
    "about": ("about", ("best",)),
    "nearly": ("nearly", ("high",)),
    "up to": ("up_to", ("high",)),
}
_BARE = {"several", "dozens", "hundreds", "thousands", "many", "most", "unstated"}


@dataclass(frozen=True)
class Quantity:
    """A quantity as columns of `figures`, all as text."""

    qualifier: str
    low: str = ""
    best: str = ""
    high: str = ""
    share: str = ""


class NotAQuantity(ValueError):
    """The text is none; the message says why, `hint` what was perhaps meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def parse(text: str) -> Quantity:
    """Read a quantity.

    Raises:
        NotAQuantity: it is none of the forms of docs/seeds.md.
    """
    if text in _BARE:
        return Quantity(text)
    if (hit := _SHARE.match(text)) and (hit["words"] or "") in _WORDS:
        if float(hit["share"]) > 100:
            raise NotAQuantity(f"{text} is more than the whole")
        return Quantity(_WORDS[hit["words"] or ""][0], share=hit["share"])
    if hit := _RANGE.match(text):
        if int(hit["low"]) >= int(hit["high"]):
            raise NotAQuantity(f"the range {text} does not rise", "Write the smaller number first.")
        return Quantity("range", low=_small(hit["low"]), high=_small(hit["high"]))
    if (hit := _ONE.match(text)) and (hit["words"] or "") in _WORDS:
        qualifier, columns = _WORDS[hit["words"] or ""]
        return Quantity(qualifier, **dict.fromkeys(columns, _small(hit["n"])))
    raise _refusal(text)


def _small(digits: str) -> str:
    if len(digits) > 11 or int(digits) > MOST:
        raise NotAQuantity(f"{digits} is more people than have lived on earth at a time", "Check the number of zeros.")
    return digits


_SLIPS: tuple[tuple[re.Pattern[str], str, Callable[[str], str]], ...] = (
    (re.compile(r"-\s*[0-9]"), "a count is never negative", lambda _: ""),
    (re.compile(r"0[0-9]+\Z"), "a number has no leading zero", lambda t: t.lstrip("0") or "0"),
    (re.compile(r"[0-9]{1,3}(?:[,_'’\u00a0 .][0-9]{3})+\Z"), "digits stand without separators", lambda t: re.sub(r"[^0-9]", "", t)),
    (re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+\Z"), "the number is written out", lambda t: f"{float(t):.0f}" if len(t) < 8 else ""),
    (re.compile(r"[0-9]+\.[0-9]+\Z"), "a count is whole", lambda _: ""),
    (re.compile(r"[0-9]+\+\Z"), "the plus is written in words", lambda t: f"at least {t[:-1]}"),
    (re.compile(r"[0-9]+ ?(?:-|–|—) ?[0-9]+\Z"), "a range is written with 'to'", lambda t: " to ".join(re.findall(r"[0-9]+", t))),
    (re.compile(r"(?:n/?a|nan|null|none|~|unknown|\?)\Z", re.IGNORECASE), "this is no number", lambda _: "unstated"),
)  # fmt: skip


def _refusal(text: str) -> NotAQuantity:
    if any(c.isdecimal() and c not in "0123456789" for c in text):
        plain = "".join(str(int(c)) if c.isdecimal() else c for c in text)
        return NotAQuantity(f"{text!r} is not written in the digits 0-9", f"Write {plain}.")
    for pattern, reason, mend in _SLIPS:
        if pattern.match(text):
            meant = mend(text)
            return NotAQuantity(f"{text!r} is not a quantity: {reason}", f"Write {meant}." if meant else "")
    forms = ", ".join(f"{words} N" for words in _WORDS if words)
    return NotAQuantity(
        f"{text!r} is not a quantity", f"Write N, N to M, {forms}, {', '.join(sorted(_BARE))}, or a share such as 62%."
    )


def write(qualifier: str, low: int | None, best: int | None, high: int | None, share: float | None = None) -> str:
    """The quantity as it is written in a seed, from columns of `figures`."""
    if qualifier in _BARE:
        return qualifier
    if qualifier == "range":
        return f"{low} to {high}"
    words = next(w for w, (q, _) in _WORDS.items() if q == qualifier)
    number = f"{share:g}%" if share is not None else str(next(n for n in (best, low, high) if n is not None))
    return f"{words} {number}".strip()


assert {q for q, _ in _WORDS.values()} | _BARE | {"range"} == set(QUALIFIER.values)
