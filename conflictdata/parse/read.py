"""Read files and pages as documents. Trafilatura extracts the text of HTML, with its address, day and title."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

from conflictdata.findings import UsageError
from conflictdata.parse.language import find_language, name_language
from conflictdata.parse.model import Document

LIMIT = 50_000_000  # bytes of one document
HTML_LIMIT = 5_000_000  # bytes of one page of HTML
MOST_NULS = 0.01  # share of NUL bytes in a text
_WHITE = frozenset(b"\t\n\r\f\v\x1b")
_MARKUP = re.compile(r"\s{0,200}(?:<!--|<!doctype html|<html|<\?xml|<head|<body)", re.IGNORECASE)
_LANGUAGE = re.compile(r"<html[^>]{0,400}?\slang\s?=\s?[\"']?([A-Za-z]{2,3})", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s?=\s?[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
# The first bytes of files that hold no text, and what to do with them.
_BINARY: tuple[tuple[bytes, str], ...] = (
    (
        b"%PDF",
        "is a PDF. Convert it first: pdftotext -layout FILE.pdf FILE.txt (a scan has no text: run ocrmypdf before)",
    ),
    (b"\x89PNG", "is a picture. Run text recognition on it first, such as tesseract FILE.png FILE"),
    (b"\xff\xd8\xff", "is a picture. Run text recognition on it first, such as tesseract FILE.jpg FILE"),
    (b"II*\x00", "is a picture. Run text recognition on it first, such as tesseract FILE.tif FILE"),
    (b"MM\x00*", "is a picture. Run text recognition on it first, such as tesseract FILE.tif FILE"),
    (b"GIF8", "is a picture. Run text recognition on it first, such as tesseract"),
    (b"PK\x03\x04", "is a ZIP archive or an Office document. Save its text as a .txt file first"),
    (b"\xd0\xcf\x11\xe0", "is an old Office document. Save its text as a .txt file first"),
    (b"\x1f\x8b", "is compressed. Unpack it first: gunzip FILE"),
    (b"{\\rtf", "is an RTF document. Save its text as a .txt file first"),
)


@dataclass(frozen=True)
class PageFacts:
    """What a curator declares about a page. Empty fields are taken from the page, where it states them.

    Attributes:
        published: Day of publication.
        publisher: Actor id of the publisher.
        url: Address.
        conflict: Id of the conflict that it is about.
        language: Language of the text.
    """

    published: date | None = None
    publisher: str = ""
    url: str = ""
    conflict: str = ""
    language: str = ""


@dataclass
class _Article:
    """The article of an HTML page."""

    text: str
    title: str = ""
    url: str = ""
    site: str = ""
    published: date | None = None


def read_bytes(
    data: bytes,
    *,
    name: str = "",
    published: date | None = None,
    publisher: str = "",
    language: str = "",
    url: str = "",
    conflict: str = "",
) -> Document:
    """Read a document from bytes.

    Args:
        data: Bytes of the file, in UTF-8, UTF-16 or Windows-1252. A byte-order mark is skipped.
        name: Name of the file.
        published: Day of publication. None: that of the page.
        publisher: Actor id of the publisher.
        language: Declared language. Empty: that of the page, or else that which the words show.
        url: Address of the page. Empty: that which the page states.
        conflict: Id of the conflict that the text is about.

    Raises:
        UsageError: If the bytes are too many or no text, if the language is not English, or if the document is HTML and
            the extra `html` is not installed or finds no article.
    """
    facts = PageFacts(published, publisher, url, conflict, language)
    if len(data) > LIMIT:
        raise UsageError(f"{name or 'the document'} has {len(data):,} bytes; more than {LIMIT:,} are not read")
    text = decode_text(data, name)
    if _MARKUP.match(text):
        return _read_page(text, name, facts, sha256(data).hexdigest())
    require_english(text, name, language)
    return Document(text, published, publisher, name, sha256(data).hexdigest(), conflict=conflict, url=url)


def decode_text(data: bytes, name: str) -> str:
    """Decode the bytes of a text: UTF-8, UTF-16, or else Windows-1252.

    Raises:
        UsageError: If the bytes are not text. The message says what to do.
    """
    who = name or "the document"
    for magic, advice in _BINARY:
        if data.startswith(magic):
            raise UsageError(f"{who} {advice}")
    try:
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        return _decode_other(data, who, fault)
    if text.count("\0") > MOST_NULS * len(text):
        return _decode_other(data, who, None)
    return text


def _decode_other(data: bytes, who: str, fault: UnicodeDecodeError | None) -> str:
    """Decode bytes that are not UTF-8: UTF-16 without a mark, the charset of a page, or Windows-1252."""
    nuls = data[:4_000].count(0)
    if len(data) % 2 == 0 and nuls > len(data[:4_000]) // 4:
        for codec in ("utf-16-le", "utf-16-be"):
            text = data.decode(codec, errors="replace")
            if text.isprintable() or sum(c.isascii() for c in text[:1_000]) > len(text[:1_000]) * 0.8:
                return text
    if nuls > MOST_NULS * len(data[:4_000]) or fault is None:
        at = data.find(0) if fault is None else fault.start
        raise UsageError(
            f"{who} is not UTF-8, UTF-16 or Windows-1252 text: byte 0x{data[at]:02x} at {at}. Save it as a text file in UTF-8"
        )
    controls = sum(byte < 32 and byte not in _WHITE for byte in data[:4_000])
    if controls > MOST_NULS * len(data[:4_000]):
        raise UsageError(
            f"{who} is not UTF-8, and no text in another encoding either: it holds control characters, as binary files do"
        )
    charset = _CHARSET.search(data[:4_000])
    for codec in ([charset[1].decode()] if charset else []) + ["cp1252", "latin-1"]:
        try:
            return data.decode(codec)
        except (UnicodeDecodeError, LookupError):
            continue
    raise UsageError(f"{who} is not UTF-8: byte 0x{data[fault.start]:02x} at {fault.start}")


def require_english(text: str, name: str, declared: str = "") -> None:
    """Raise an error unless a text is English, as it is declared or as its words show.

    Raises:
        UsageError: If it is not. The message names the language.
    """
    who = name or "the document"
    if declared and declared.lower()[:2] != "en":
        raise UsageError(f"{who} is declared as {declared!r}: only English is parsed")
    language = "" if declared else find_language(text)
    if language:
        raise UsageError(f"{who} is in {name_language(language)}, as its words show: only English is parsed")


def _read_page(html: str, name: str, facts: PageFacts, digest: str) -> Document:
    """Read a page of HTML. What the curator declares comes before what the page states."""
    if len(html) > HTML_LIMIT:
        raise UsageError(
            f"{name or 'the page'} has {len(html):,} characters of HTML; more than {HTML_LIMIT:,} are not read. Save its article as plain text"
        )
    hit = _LANGUAGE.search(html[:20_000])
    declared = facts.language or (hit.group(1) if hit else "")
    if declared:
        require_english("", name, declared)
    article = _extract_article(html, name)
    require_english(article.text, name, facts.language)
    document = Document(article.text, facts.published or article.published, facts.publisher, name, digest)
    return replace(
        document,
        conflict=facts.conflict,
        url=facts.url or article.url,
        title=article.title,
        site=article.site,
        dated_by_page=facts.published is None and article.published is not None,
    )


def _extract_article(html: str, name: str) -> _Article:
    try:
        import trafilatura
    except ImportError:
        raise UsageError(
            "HTML is read through trafilatura: pip install trafilatura lxml-html-clean, or give the plain text"
        ) from None
    text: str | None = trafilatura.extract(html, include_comments=False, include_tables=True, favor_recall=True)
    if not text:
        raise UsageError(f"no article was found in the page {name}")
    found = trafilatura.extract_metadata(html, date_config={"original_date": True, "extensive_search": False})
    return _Article(
        text,
        title=" ".join((found.title or "").split()),
        url=found.url or "",
        site=found.hostname or found.sitename or "",
        published=_read_day(found.date),
    )


def _read_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
