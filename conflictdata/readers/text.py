"""A file as lines of text, whatever its encoding: UTF-8 with or without byte-order mark, UTF-16, Windows-1252, Latin-1."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding

LONGEST_LINE = 1_000_000  # characters; the longest line of a real file so far has 21,000


LARGEST_JSON = 200_000_000  # bytes


_BLOCK = 1 << 20


_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


_BYTES = re.compile("[\udc80-\udcff]")


_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class LineTooLongError(Exception):
    """A line is too long to be read; `args` holds its number."""


class TextFile:
    """A file of text.

    Attributes:
        path: the file.
        file: its name, as findings print it.
        encoding: how its bytes are read.
        start: its first characters.
        fault: why it is no text, if it is none.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = display_path(path)
        self.encoding = "utf-8"
        self.start = ""
        self.fault: Finding | None = None
        try:
            self._inspect()
        except OSError as fault:
            self._fail("file.unreadable", f"the file cannot be read: {fault.strerror or fault}")

    def _fail(self, id_: str, message: str) -> None:
        self.fault = make_file_finding(id_, message, Place(self.file), hint=_HINTS.get(id_, ""))

    def _inspect(self) -> None:
        with self.path.open("rb") as handle:
            head = handle.read(4096)
        if not head.strip(b" \t\r\n\0"):
            self._fail("file.empty", "the file is empty" if not head else "the file holds nothing but blanks")
            return
        self.encoding = _detect_encoding(head) or self._detect_by_all_bytes()
        self.start = head.decode(self.encoding, "replace").removeprefix("\ufeff")
        if _CONTROL.search(self.start):
            self._fail("file.binary", "the file is binary, not text")

    def _detect_by_all_bytes(self) -> str:
        """UTF-8 where most of what is not ASCII is; else Windows-1252, or Latin-1 where a byte is none of its characters."""
        decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
        wrong = right = 0
        defined = True
        with self.path.open("rb") as handle:
            while block := handle.read(_BLOCK):
                if block.isascii() and not decoder.getstate()[0]:
                    continue
                text = decoder.decode(block)
                wrong += len(_BYTES.findall(text))
                right += len(_BEYOND_ASCII.findall(text))
                defined = defined and not set(block) & _UNDEFINED
        if wrong and wrong >= right:
            return "cp1252" if defined else "latin-1"
        return "utf-8"

    def iterate_lines(self) -> Iterator[str]:
        r"""The lines with their ends: `\n`, `\r\n` or `\r`. A byte that is no character becomes U+FFFD.

        Raises:
            LineTooLongError: a line is longer than `LONGEST_LINE`.
        """
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as handle:
            number = 0
            while line := handle.readline(LONGEST_LINE):
                number += 1
                if len(line) == LONGEST_LINE:
                    raise LineTooLongError(number)
                yield line.removeprefix("\ufeff") if number == 1 else line

    def read_all(self) -> str:
        """All of it, with its line ends as they are."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as handle:
            return handle.read().removeprefix("\ufeff")


_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # in Windows-1252


_HINTS = {
    "file.empty": "Check that the download is complete.",
    "file.binary": "Give the table as CSV, JSON or Parquet; a spreadsheet or an archive is to be saved or unpacked as one.",
}


def _detect_encoding(head: bytes) -> str:
    """The encoding that a byte-order mark tells, or zeros between ASCII characters; empty where neither is there."""
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if head.startswith(mark):
            return encoding
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > 0.8 * half and head[0::2].count(0) == 0:
        return "utf-16-le"
    if head[0::2].count(0) > 0.8 * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""


LIMIT = 2_000_000  # bytes of one seed file; the longest page so far needs 6,000


TABLE_LIMIT = 500_000_000  # bytes of one table as CSV


_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")


_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff]")


_BINARY = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


# Beside a comma or at the end of a line a tab parts nothing.
_TAB_AT_EDGE = re.compile("(?<=[^:\\-\t\n ])\t+(?=,|$)|(?<=,)\t+", re.MULTILINE)


_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")


def allow_long_cells() -> None:
    """Let Python's reader of CSV take cells of any length: by itself it gives up after 131,072 characters."""
    csv.field_size_limit(max(csv.field_size_limit(), TABLE_LIMIT))


def describe_character(char: str) -> str:
    """A character that cannot be seen, by code point and name."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'control character')}"


def _decode(data: bytes, file: str) -> tuple[str, list[Finding]]:
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as fault:
        start = data.rfind(b"\n", 0, fault.start) + 1
        line = data.count(b"\n", 0, fault.start) + 1
        column = len(data[start : fault.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[fault.start]:02x} is not UTF-8"
        return "", [make_file_finding("file.encoding", message, Place(file, line, column))]


def _scan(text: str, file: str, tabs: bool) -> list[Finding]:
    patterns = [("file.bidi", _BIDI), ("file.control-character", _HIDDEN)]
    if tabs:
        patterns.append(("file.tab", re.compile("\t")))
    found = []
    for id_, pattern in patterns:
        if not pattern.search(text):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if hit := pattern.search(line):
                what = "a tab" if hit[0] == "\t" else f"an invisible character, {describe_character(hit[0])}"
                message = f"the line holds {what}"
                found.append(make_file_finding(id_, message, Place(file, number, hit.start() + 1), value=repr(hit[0])))
    return found


def _normalize_unicode(text: str, file: str) -> tuple[str, list[Finding]]:
    """The text in normal form C, and a finding for each line that was not in it."""
    if unicodedata.is_normalized("NFC", text):
        return text, []
    findings, lines = [], text.split("\n")
    for number, line in enumerate(lines):
        lines[number] = normalized = unicodedata.normalize("NFC", line)
        if normalized != line:
            at = next(i for i, (a, b) in enumerate(zip(line, normalized + " ", strict=False)) if a != b)
            parts = f"{line[at]!r} with {describe_character(line[at + 1])}" if line[at + 1 : at + 2] else repr(line[at])
            place = Place(file, number + 1, at + 1)
            message = f"{normalized[at]!r} is written as {parts}, not as one character"
            findings.append(make_file_finding("file.normal-form", message, place, value=normalized[at]))
    return "\n".join(lines), findings


def clean_text(text: str, file: str, *, tabs: bool) -> tuple[str, list[Finding]]:
    """The text with faulty characters replaced so that places stay, and a finding for each line that has one.

    Args:
        text: the file's text.
        file: its name, for the findings.
        tabs: whether a tab is a fault.
    """
    findings = []
    if text.startswith("\ufeff"):
        findings.append(
            make_file_finding("file.byte-order-mark", "the file starts with a byte-order mark", Place(file, 1, 1))
        )
        text = text[1:]
    if hit := _LINE_ENDS.search(text):
        line = text.count("\n", 0, hit.start()) + 1
        count = len(_LINE_ENDS.findall(text))
        system = {"\r\n": " (Windows)", "\r": " (a lone carriage return)"}.get(hit[0], "")
        lines = "1 line ends" if count == 1 else f"{count} lines end"
        message = f"{lines} in {hit[0]!r}{system} instead of '\\n'"
        findings.append(make_file_finding("file.line-ending", message, Place(file, line, 0), value=repr(hit[0])))
        text = _LINE_ENDS.sub("\n", text)
    findings += _scan(text, file, tabs)
    text, faults = _normalize_unicode(_HIDDEN.sub("", _BIDI.sub("", text)), file)
    text = _TAB_AT_EDGE.sub("", text) if tabs else text
    return (text.replace("\t", " ") if tabs else text), findings + faults


def read_bytes(path: Path, file: str, *, limit: int = LIMIT) -> tuple[bytes | None, list[Finding]]:
    """The bytes of a file, and what is wrong with it; None where it cannot be read or is too large."""
    whole = Place(file)
    try:
        size = path.stat().st_size
        if size > limit:
            message = f"the file has {size:,} bytes, more than the {limit:,} that are read"
            return None, [make_file_finding("file.size", message, whole)]
        return path.read_bytes(), []
    except OSError as fault:
        return None, [make_file_finding("file.unreadable", f"the file cannot be read: {fault.strerror}", whole)]


def decode_text(data: bytes, file: str, *, tabs: bool = True) -> tuple[str | None, list[Finding]]:
    """The text that bytes hold, and what is wrong with it; None where they are no text at all."""
    if not data.strip():
        return None, [make_file_finding("file.empty", "the file is empty", Place(file))]
    if _BINARY.search(data[:4096]) and b"\x00" in data[:4096]:
        return None, [make_file_finding("file.binary", "the file is binary, not text", Place(file))]
    text, findings = _decode(data, file)
    if findings:
        return None, findings
    return clean_text(text, file, tabs=tabs)


def read_text(path: Path, file: str, *, limit: int = LIMIT, tabs: bool = True) -> tuple[str | None, list[Finding]]:
    """The text of a file, and what is wrong with it; None where it is no text at all."""
    data, findings = read_bytes(path, file, limit=limit)
    return decode_text(data, file, tabs=tabs) if data is not None else (None, findings)
