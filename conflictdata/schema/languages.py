"""Languages and their ISO 639 codes, to detect invalid codes.

`languages.csv` has one row per language of ISO 639-1: `alpha2`, `alpha3`, `bibliographic` if it differs (both
from ISO 639-2), and the English `name`. Languages without a two-letter code use the three letters of ISO 639-3,
which are not listed.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

from conflictdata._utils.suggest import ask_whether

# Country codes that people write for the language, and old codes.
_CORRECTIONS = {
    "ua": "uk", "gr": "el", "cz": "cs", "jp": "ja", "cn": "zh", "dk": "da", "ir": "fa", "il": "he", "iw": "he", "by": "be",
    "rs": "sr", "al": "sq", "gb": "en", "us": "en", "sy": "ar", "ye": "ar", "eg": "ar", "at": "de", "mx": "es",
    "in": "id", "pk": "ur", "me": "sr", "vn": "vi", "ph": "tl",
}  # fmt: skip


# Common names that differ from those in the standard.
_NAMES = {
    "greek": "el", "farsi": "fa", "dari": "fa", "pashto": "ps", "punjabi": "pa", "uyghur": "ug", "kyrgyz": "ky", "mandarin": "zh",
    "bokmål": "nb", "nynorsk": "nn", "flemish": "nl", "castilian": "es", "moldovan": "ro", "filipino": "tl", "gaelic": "gd",
}  # fmt: skip


@cache
def load_languages() -> dict[str, str]:
    """Return the English name of every language by its two-letter code."""
    return {row["alpha2"]: row["name"] for row in _read_rows()}


@cache
def load_code_corrections() -> dict[str, str]:
    """Return the right two-letter code for each code that must not be used."""
    longer = {
        row[column]: row["alpha2"] for row in _read_rows() for column in ("alpha3", "bibliographic") if row[column]
    }
    return longer | _CORRECTIONS


def suggest_language(text: str) -> str:
    """Return a sentence with the right code for a language name or an unusual code.

    Args:
        text: English name of a language, or a code such as `en-US` or `eng`.

    Returns:
        The sentence, or "" if the language is unknown.
    """
    plain = text.strip()
    if named := (_NAMES | {row["name"].casefold(): row["alpha2"] for row in _read_rows()}).get(plain.casefold()):
        return f"The code for {plain} is {named!r}."
    first = plain.casefold().replace("_", "-").partition("-")[0]  # `en-US` is English
    meant = first if first in load_languages() else load_code_corrections().get(first, "")
    return ask_whether(meant)


def _read_rows() -> list[dict[str, str]]:
    text = resources.files(__package__).joinpath("languages.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
