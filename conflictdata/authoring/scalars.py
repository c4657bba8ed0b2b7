"""One value as it is written: cleaned where that changes nothing it says, and days in the one form of the tables."""

from __future__ import annotations

import re
import unicodedata

from conflictdata.authoring import dates
from conflictdata.authoring.key_order import SHAPES

_SPACES = re.compile(r"[ \t\r\n]+")


def normalize_value(text: str, shape: str, key: str | None) -> str:
    """What a value under a key of a block becomes (`clean_text`)."""
    return clean_text(text, day=key in SHAPES[shape].dates, free=key in SHAPES[shape].texts)


def clean_text(text: str, *, day: bool = False, free: bool = False) -> str:
    """A value with single spaces and none at its ends; a day where it is plain which; free text in Unicode's NFC."""
    text = _SPACES.sub(" ", text).strip(" ")
    if day:
        return dates.normalize_day(text)
    return unicodedata.normalize("NFC", text) if free else text
