"""Normalize single values: spaces, days, and the Unicode form of free text."""

from __future__ import annotations

import re
import unicodedata

from conflictdata.authoring import dates
from conflictdata.authoring.key_order import SHAPES

_SPACES = re.compile(r"[ \t\r\n]+")


def normalize_value(text: str, shape: str, key: str | None) -> str:
    """Normalize a value under a key of a block (`clean_text`)."""
    return clean_text(text, day=key in SHAPES[shape].dates, free=key in SHAPES[shape].texts)


def clean_text(text: str, *, day: bool = False, free: bool = False) -> str:
    """Normalize the spaces of a value, and trim it.

    Args:
        text: The value.
        day: The value is a day: write it as YYYY-MM-DD if it is unambiguous.
        free: The value is free text: convert it to Unicode's NFC.
    """
    text = _SPACES.sub(" ", text).strip(" ")
    if day:
        return dates.normalize_day(text)
    return unicodedata.normalize("NFC", text) if free else text
