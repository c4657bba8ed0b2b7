"""Shares in printed phrases: `62%`, `62.5 per cent`, `yüzde 62`, `forty-four percent`."""

from __future__ import annotations

import math
import re

from conflictdata.schema.number_words import DIGITS, VALUE_OF, parse_number_words

# Signs, and beginnings of words, after the number of a share. Turkish and some Arabic texts have them before it.
_AFTER = (
    "[%％٪﹪]|percent(?!il)|per ?cent|per-cent|pct|por ?ciento|por ?cento|pour ?cent|per ?cento|prozent|procent|prosent|százalék|persen|"
    "процент|відсот|одсто|посто|τοις εκατό|في المئة|في المائة|بالمئة|بالمائة|प्रतिशत|फीसदी|শতাংশ"
)
_BEFORE = "yüzde|[%％٪]"
# What every phrase with a share has, for a quick look.
MARKS = f"(?i){_AFTER.replace('(?!il)', '')}|{_BEFORE}"  # without what only Python understands

_ASCII = {ord(char): str(n) for n, chars in enumerate(DIGITS) for char in chars}
_NUMBER = r"(?<![\d.,])\d+(?:[.,٫]\d+)?"
_GAP = r"[\s-]?"
_FIGURES = re.compile(
    rf"(?P<one>{_NUMBER})(?:{_GAP}(?:to|-|–)?{_GAP}(?P<two>{_NUMBER}))?{_GAP}(?:{_AFTER})|(?:{_BEFORE}) ?(?P<turned>{_NUMBER})",
    re.IGNORECASE,
)
_SPELT = re.compile(
    rf"(?P<words>[^\W\d_]+(?:[ -][^\W\d_]+){{0,3}})[ -](?:{_AFTER})|yüzde (?P<turned>[^\W\d_]+)", re.IGNORECASE
)


def _parse_spelt(words: str) -> list[float]:
    listed = re.findall(r"[^\W\d_]+", words.lower())
    if several := parse_number_words(" ".join(listed)):
        return [float(several[-1])]
    return [float(VALUE_OF[listed[-1]])] if listed and listed[-1] in VALUE_OF else []


def list_shares(text: str) -> list[float]:
    """Return the shares that a text gives in percent, in digits or words."""
    plain = text.translate(_ASCII)
    found: list[float] = []
    for hit in _FIGURES.finditer(plain):
        found += [float(n.replace(",", ".").replace("٫", ".")) for n in hit.groups() if n]
    for hit in _SPELT.finditer(plain):
        found += _parse_spelt(hit["turned"] or hit["words"])
    return found


def list_share_counts(text: str) -> set[int]:
    """Return the counts that somebody may have coded for the shares of a text: 62, 63 and 625 for 62.5%.

    A number that the text gives elsewhere as a count is left out.
    """
    if not re.search(MARKS, text):
        return set()
    rest = _FIGURES.sub(" ", text.translate(_ASCII))
    counted = {int(re.sub(r"\D", "", number)) for number in re.findall(r"\d[\d.,]*", rest)}
    return {number for share in list_shares(text) for number in _round_both_ways(share)} - counted


def is_share_of(number: int | None, phrase: str | None) -> bool:
    """Return whether a phrase gives a number as a share, and not as a count."""
    return number is not None and bool(phrase) and number in list_share_counts(str(phrase))


def _round_both_ways(share: float) -> set[int]:
    whole = {math.floor(share), math.ceil(share)}
    return whole if share == int(share) else whole | {round(share * 10)}
