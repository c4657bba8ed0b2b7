"""The language of a text, by its script and its function words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from conflictdata.parse.lexicon.languages import FUNCTION_WORDS, LETTERS, SCRIPT_WORDS, SCRIPTS
from conflictdata.schema.languages import load_languages

MOST_CHARACTERS = 20_000  # of a text that are looked at
FEWEST_LETTERS = 12  # a shorter text shows no script
FEWEST_WORDS = 2  # function words that show a language
CLEAR = 2  # how many times as many function words as English another language must have
_WORD = re.compile(r"[^\W\d_]+")


def find_language(text: str) -> str:
    """Return the code of the language of a text; "" if the text does not show one other than English.

    Args:
        text: The text.
    """
    part = text[:MOST_CHARACTERS]
    return _find_by_script(part) or _find_by_words(part)


def name_language(code: str) -> str:
    """Return the English name of a language, or the code itself."""
    return re.split("[,;(]", load_languages().get(code, code))[0].strip()


def _find_by_script(text: str) -> str:
    if text.isascii():
        return ""
    letters = [c for c in text if c.isalpha()]
    foreign = [c for c in letters if ord(c) > 0x24F and not unicodedata.name(c, "").startswith("LATIN")]
    if len(foreign) < FEWEST_LETTERS or len(foreign) * 2 < len(letters):
        return ""
    scripts = Counter(unicodedata.name(c, "").split(" ")[0].split("-")[0] for c in foreign[:2_000])
    script = "HIRAGANA" if scripts["HIRAGANA"] else scripts.most_common(1)[0][0]
    present = set(foreign)
    by_letters = next((code for code, marks in LETTERS.get(script, ()) if present & marks), "")
    words = set(text.split())
    by_words = max(
        SCRIPT_WORDS.get(script, {}).items(), key=lambda item: len(words & item[1]), default=("", frozenset())
    )
    return by_letters or (by_words[0] if words & by_words[1] else "") or SCRIPTS.get(script, "")


def _find_by_words(text: str) -> str:
    counts = Counter(w.lower() for w in _WORD.findall(text))
    scores = {code: sum(counts[w] for w in words) for code, words in FUNCTION_WORDS.items()}
    kinds = {code: sum(w in counts for w in words) for code, words in FUNCTION_WORDS.items()}
    best = max((code for code in scores if code != "en"), key=lambda code: (scores[code], kinds[code]))
    if kinds[best] < FEWEST_WORDS or scores[best] < CLEAR * scores["en"] or scores[best] <= scores["en"] + 1:
        return ""
    return best
