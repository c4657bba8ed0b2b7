"""Compare names as people write them: without case, accents, hyphens, apostrophes and articles."""

from __future__ import annotations

import re
import unicodedata

from conflictdata.findings import UsageError

LONGEST = 200  # characters of a text to look up

# Letters that Unicode does not divide into a plain letter and a mark.
_LETTERS = str.maketrans(
    {"ı": "i", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ə": "e", "&": " and ",
     "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": ""}
)  # fmt: skip
# Apostrophes, quotation marks, primes, Hebrew geresh, and the half rings of transliteration. They may be left out.
_MARKS = re.compile("['’‘‛`´ʼʻʿʾʹʺˈ′″\"“”„«»׳״\u200c\u200d]")
_ARTICLES = re.compile(r"\b(?:the|al|el)\W+(?=\w)|\b(?:a[dnrstz]|ash|e[rs])-(?=\w)|\bال(?=\w{3})")
_BREAKS = re.compile(r"\W+")
_HOST = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:[^/@\s]*@)?(?P<host>[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::[0-9]*)?(?:[/?#]\S*)?\Z",
    re.IGNORECASE,
)
_PREFIXES = re.compile(r"(?:(?:www[0-9]?|amp|m|mobile)\.)+(?=[^.]+\.)")
# No name has these signs; a text with one is a program's, not a name.
_FOREIGN_SIGNS = frozenset("<>{}[]\\|^$*=;~")
_FOREIGN_CATEGORIES = ("So", "Sc", "Cn", "Co", "Cs", "Cc", "Cf", "Zl", "Zp")
_JOINERS = "\u200c\u200d"  # Persian and Indian scripts need them


def fold_name(text: str) -> str:
    """Return a name in small plain letters: one blank between words, no accents, apostrophes or articles."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    plain = _MARKS.sub("", plain.translate(_LETTERS)).replace("_", " ")
    words = _BREAKS.sub(" ", plain).strip()
    return _BREAKS.sub(" ", _ARTICLES.sub("", plain)).strip() or words


def read_host(text: str) -> str:
    """Return the host of an address or of a bare host, without `www.`, `amp.` and port; "" for another text."""
    found = _HOST.match(text.strip())
    return _PREFIXES.sub("", found["host"].lower(), count=1) if found else ""


def check_text(text: str) -> str:
    """Return a text to look up, without outer spaces.

    Raises:
        UsageError: If it is empty or longer than 200 characters, has no letter and no digit, or has a sign that no
            name has: a line break, a hidden character, an emoji, or a sign of a program.
    """
    if not isinstance(text, str):
        raise UsageError(f"the text to find is a {type(text).__name__}, not a text")
    plain = text.strip(" ")
    if len(plain) > LONGEST:
        raise UsageError(f"the text to find has {len(plain):,} characters; a name has at most {LONGEST}")
    foreign = "" if read_host(plain) else next((c for c in plain if _is_foreign(c)), "")
    if foreign:
        sign = repr(foreign) if foreign.isprintable() and foreign.isascii() else _describe_sign(foreign)
        raise UsageError(f"the text to find contains {sign}, which no name contains; give a name, an id or a host")
    if not any(c.isalnum() for c in plain):
        raise UsageError("the text to find has no letter and no digit; give a name, an id or a host, such as SOHR")
    return plain


def _is_foreign(sign: str) -> bool:
    return sign not in _JOINERS and (sign in _FOREIGN_SIGNS or unicodedata.category(sign) in _FOREIGN_CATEGORIES)


def _describe_sign(sign: str) -> str:
    return f"U+{ord(sign):04X} ({unicodedata.name(sign, 'control character').lower()})"


def escape_hidden(text: str) -> str:
    """Return a text with each character that a terminal could obey or hide written as its escape."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
