"""The text of a seed file or of a table of ours, and the characters in it that nobody sees."""

from __future__ import annotations

import csv
import os
import re
import unicodedata
from pathlib import Path

from conflictdata._utils.regular_files import leads_out, read_at_most
from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding

LIMIT = 2_000_000  # bytes of one seed file; the longest page so far needs 6,000


TABLE_LIMIT = 500_000_000  # bytes of one table as CSV


_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff]")


# What Git writes into a file that two people have changed.
MERGE_MARK = re.compile(r"^(?:(?:<{7}|>{7}|\|{7})(?: .*)?|={7})\r?$", re.MULTILINE)


_BINARY = re.compile(b"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


# Next to a comma or at the end of a line, a tab separates nothing.
_TAB_AT_EDGE = re.compile("(?<=[^:\\-\t\n ])\t+(?=,|$)|(?<=,)\t+", re.MULTILINE)


_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\x85]")


def allow_long_cells() -> None:
    """Let Python's reader of CSV take cells of any length: by itself it gives up after 131,072 characters."""
    csv.field_size_limit(max(csv.field_size_limit(), TABLE_LIMIT))


def describe_character(char: str) -> str:
    """Return a character that cannot be seen, by code point and name."""
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
    """Return the text with faulty characters replaced so that places stay, and a finding for each line that has one.

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


def read_bytes(
    path: Path, file: str, *, limit: int = LIMIT, root: Path | None = None
) -> tuple[bytes | None, list[Finding]]:
    """Read the bytes of a file, and what is wrong with it; None where it cannot be read or is too large.

    Args:
        path: the file.
        file: its name, for the findings.
        limit: the most bytes that are read.
        root: the folder that a link may not lead out of; None: anywhere.
    """
    whole = Place(file)
    try:
        if root is not None and leads_out(path, root):
            message, hint = (
                "the file is not read: it is a link that leads out of the repository",
                "Put the file in its place.",
            )
            return None, [make_file_finding("file.unreadable", message, whole, hint=hint)]
        data = read_at_most(path, limit)
        if len(data) > limit:
            size = max(os.stat(path).st_size, len(data))
            message = f"the file has {size:,} bytes, more than the {limit:,} that are read"
            return None, [make_file_finding("file.size", message, whole)]
        return data, []
    except OSError as fault:
        return None, [make_file_finding("file.unreadable", f"the file cannot be read: {fault.strerror}", whole)]


def decode_text(data: bytes, file: str, *, tabs: bool = True) -> tuple[str | None, list[Finding]]:
    """Return the text that bytes hold, and what is wrong with it; None where they are not text at all."""
    if not data.strip():
        return None, [make_file_finding("file.empty", "the file is empty", Place(file))]
    if _BINARY.search(data[:4096]) and b"\x00" in data[:4096]:
        return None, [make_file_finding("file.binary", "the file is binary, not text", Place(file))]
    text, findings = _decode(data, file)
    if findings:
        return None, findings
    if mark := MERGE_MARK.search(text):
        place = Place(file, text.count("\n", 0, mark.start()) + 1, 1)
        return None, [make_file_finding("file.merge-mark", "a merge that was not finished", place, value=mark[0][:7])]
    return clean_text(text, file, tabs=tabs)


def read_text(
    path: Path, file: str, *, limit: int = LIMIT, tabs: bool = True, root: Path | None = None
) -> tuple[str | None, list[Finding]]:
    """Read the text of a file, and what is wrong with it; None where it is not text at all."""
    data, findings = read_bytes(path, file, limit=limit, root=root)
    return decode_text(data, file, tabs=tabs) if data is not None else (None, findings)
