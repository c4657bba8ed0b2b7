"""A file as lines of text, whatever its encoding: UTF-8 with or without byte-order mark, UTF-16, Windows-1252, Latin-1."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from conflictdata.findings import Finding, Place
from conflictdata.seeds import shown
from conflictdata.seeds.problems import problem

LONGEST_LINE = 1_000_000  # characters; the longest line of a real file so far has 21,000
LARGEST_JSON = 200_000_000  # bytes

_BLOCK = 1 << 20
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_BYTES = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class LineTooLongError(Exception):
    """A line is too long to be read; `args` holds its number."""


class Text:
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
        self.file = shown(path)
        self.encoding = "utf-8"
        self.start = ""
        self.fault: Finding | None = None
        try:
            self._look()
        except OSError as fault:
            self._fail("file.unreadable", f"the file cannot be read: {fault.strerror or fault}")

    def _fail(self, id_: str, message: str) -> None:
        self.fault = problem(id_, message, Place(self.file), hint=_HINTS.get(id_, ""))

    def _look(self) -> None:
        with self.path.open("rb") as handle:
            head = handle.read(4096)
        if not head.strip(b" \t\r\n\0"):
            self._fail("file.empty", "the file is empty" if not head else "the file holds nothing but blanks")
            return
        self.encoding = _by_first_bytes(head) or self._by_all_bytes()
        self.start = head.decode(self.encoding, "replace").removeprefix("\ufeff")
        if _CONTROL.search(self.start):
            self._fail("file.binary", "the file is binary, not text")

    def _by_all_bytes(self) -> str:
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

    def lines(self) -> Iterator[str]:
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

    def whole(self) -> str:
        """All of it, with its line ends as they are."""
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as handle:
            return handle.read().removeprefix("\ufeff")


_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # in Windows-1252
_HINTS = {
    "file.empty": "Check that the download is complete.",
    "file.binary": "Give the table as CSV, JSON or Parquet; a spreadsheet or an archive is to be saved or unpacked as one.",
}


def _by_first_bytes(head: bytes) -> str:
    """The encoding that a byte-order mark tells, or zeros between ASCII characters; empty where neither is there."""
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return encoding
    half = max(1, len(head) // 2)
    if head[1::2].count(0) > 0.8 * half and head[0::2].count(0) == 0:
        return "utf-16-le"
    if head[0::2].count(0) > 0.8 * half and head[1::2].count(0) == 0:
        return "utf-16-be"
    return ""
