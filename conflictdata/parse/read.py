"""Read files and pages as documents. Trafilatura extracts the text of HTML."""

from __future__ import annotations

import re
from datetime import date
from hashlib import sha256

from conflictdata.findings import UsageError
from conflictdata.parse.model import Document

LIMIT = 50_000_000  # bytes of one document
_MARKUP = re.compile(r"\s{0,200}(?:<!--|<!doctype html|<html|<\?xml|<head|<body)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]{0,400}?\slang\s?=\s?[\"']?([A-Za-z]{2,3})", re.IGNORECASE)


def read_bytes(
    data: bytes, *, name: str = "", published: date | None = None, publisher: str = "", language: str = ""
) -> Document:
    """Read a document from bytes.

    Args:
        data: Bytes of the file, in UTF-8. A byte-order mark is skipped.
        name: Name of the file.
        published: Day of publication.
        publisher: Actor id of the publisher.
        language: Declared language. Empty: that of the page, or else English.

    Raises:
        UsageError: If the bytes are too many or not UTF-8, if the language is not English, or if the document is HTML and
            the extra `html` is not installed or finds no article.
    """
    if len(data) > LIMIT:
        raise UsageError(f"{name or 'the document'} has {len(data):,} bytes; more than {LIMIT:,} are not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UsageError(
            f"{name or 'the document'} is not UTF-8: byte 0x{data[fault.start]:02x} at {fault.start}"
        ) from None
    declared = language
    if _MARKUP.match(text):
        hit = _LANGUAGE.search(text[:20_000])
        declared = declared or (hit.group(1) if hit else "")
        _require_english(declared, name)
        text = _extract_article(text, name)
    _require_english(declared, name)
    return Document(text, published, publisher, name, sha256(data).hexdigest())


def _require_english(language: str, name: str) -> None:
    if language and language.lower()[:2] != "en":
        raise UsageError(f"{name or 'the document'} is declared as {language!r}: only English is parsed")


def _extract_article(html: str, name: str) -> str:
    try:
        import trafilatura
    except ImportError:
        raise UsageError(
            "HTML is read through trafilatura: pip install 'conflictdata\\[html]', or give the plain text"
        ) from None
    text: str | None = trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True)
    if not text:
        raise UsageError(f"no article was found in the page {name}")
    return text
