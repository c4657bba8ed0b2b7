"""The form of a text file: encoding, byte-order mark, line ends, invisible characters. Its text in UTF-8 with line feeds."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from conflictdata.findings import Finding, Place
from conflictdata.readers.text import clean_text
from conflictdata.rules.file_rules import make_file_finding

_HEAD = 4096  # bytes that decide whether a file is text
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_MAGIC = (b"PK\x03\x04", b"\x1f\x8b", b"%PDF", b"PAR1", b"\x89PNG", b"\xd0\xcf\x11\xe0", b"\x28\xb5\x2f\xfd")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_CONTROL_SHARE = 0.02  # of the first bytes; above it the file is binary
_WRONG = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")
_UNDEFINED = {0x81, 0x8D, 0x8F, 0x90, 0x9D}  # in Windows-1252
_HIDDEN = bytes([*range(1, 9), 11, 12, *range(14, 32), 127])
_UPPER = bytes(range(128, 256))
# By the first bytes of a character, which are quick to find, the characters in UTF-8 that nobody sees.
_INVISIBLE = {
    b"\xc2": re.compile(rb"\xc2[\x80-\x9f\xad]"),
    b"\xe2\x80": re.compile(rb"\xe2\x80[\x8b\x8e\x8f\xa8-\xae]"),
    b"\xe2\x81": re.compile(rb"\xe2\x81[\xa0\xa6-\xa9]"),
    b"\xef\xbb\xbf": re.compile(rb"\xef\xbb\xbf"),
}
_SHEET_HINT = "Give the table as CSV: save a spreadsheet as CSV (UTF-8), or read it with pd.read_excel(FILE) and give the DataFrame."
_PAGE = re.compile(rb"\s*<(?:!doctype\s+html|html|head)\b", re.IGNORECASE)
_PAGE_HINT = "The server sent a page in place of the file, as one that asks to log in does. Open the file in a browser to see it, and download the table again."
_BLANK_HINT = "Check that the download is complete, or take the file from its makers again."
_NUL = "\ue000"
_ODD_ENDS = re.compile(rb"\r\n?")
_SHOWN = {
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "cp1252": "Windows-1252", "latin-1": "Latin-1",
    b"\r\n": "'\\r\\n' at the ends of lines (Windows)", b"\r": "'\\r' at the ends of lines",
}  # fmt: skip


@dataclass
class TextForm:
    """How the text of a file is stored.

    Attributes:
        file: Name of the file, as findings print it.
        is_own: Whether the file is a table of ours. Another form than UTF-8 with line feeds is an error there, and a remark in files
            of others.
        encoding: Encoding of the bytes.
        has_mark: Whether the file starts with a byte-order mark.
        findings: What is wrong with the form.
        remarks: Other forms that were read, in words.
    """

    file: str
    is_own: bool
    encoding: str
    has_mark: bool
    findings: list[Finding] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _ends: Counter[bytes] = field(default_factory=Counter)
    _first_end: tuple[bytes, int] = (b"", 0)
    _is_encoding_reported: bool = False

    @property
    def is_plain(self) -> bool:
        """Return whether the bytes read so far are UTF-8 with line feeds, without a mark."""
        return self.encoding == "utf-8" and not self.has_mark and not self._ends and not self.findings

    def convert(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Yield the text in UTF-8 with line feeds. Bytes that are not UTF-8 in a UTF-8 file stay as they are."""
        line = 1
        for block in _align_lines(self._convert_ends(self._transcode(blocks))):
            if self.encoding != "utf-8" and not self._is_encoding_reported:
                self._report_encoding(block, line)
            text = self._clean(block, line) if self.is_own else block
            yield text
            line += text.count(b"\n")
        self._report()

    def _transcode(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        if self.encoding == "utf-8":
            first = True
            for block in blocks:
                yield block.removeprefix(codecs.BOM_UTF8) if first else block
                first = False
            return
        decoder = codecs.getincrementaldecoder(self.encoding)("replace")
        for block in blocks:
            yield decoder.decode(block).removeprefix("\ufeff").encode()
        yield decoder.decode(b"", final=True).encode()

    def _report_encoding(self, block: bytes, line: int) -> None:
        """Report the first byte that is not UTF-8."""
        name = _SHOWN[self.encoding]
        if self.encoding.startswith("utf-16"):
            message, column = f"the file is {name}, not UTF-8", 0
        elif hit := re.search("[^\x00-\x7f]", text := block.decode()):
            byte = hit[0].encode(self.encoding, "replace")[0]
            message = f"byte 0x{byte:02x} is not UTF-8; the file is read as {name}"
            line += text.count("\n", 0, hit.start())
            column = hit.start() - text.rfind("\n", 0, hit.start())
        else:
            return
        self._is_encoding_reported = True
        if self.is_own:
            self._add("file.encoding", message, line, column)
        else:
            self.remarks.append(name)

    def _convert_ends(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        line, kept = 1, b""
        for raw in blocks:
            block = kept + raw
            kept = b"\r" if block.endswith(b"\r") else b""  # its `\n` may be in the next block
            block = block.removesuffix(b"\r") if kept else block
            if b"\r" in block:
                block = self._replace_ends(block, line)
            line += block.count(b"\n")
            yield block
        if kept:
            yield self._replace_ends(kept, line)

    def _replace_ends(self, block: bytes, line: int) -> bytes:
        hits = Counter(_ODD_ENDS.findall(block))
        if not self._ends:
            first = _ODD_ENDS.search(block)
            assert first is not None
            self._first_end = first[0], line + block.count(b"\n", 0, first.start())
        self._ends += hits
        return _ODD_ENDS.sub(b"\n", block)

    def _clean(self, block: bytes, line: int) -> bytes:
        """Replace characters that nobody sees in a table of ours, and report their lines."""
        if _is_clean(block):
            return block
        text = block.decode("utf-8", "surrogateescape").replace("\0", _NUL)  # a NUL is for the grammar of lines
        text, findings = clean_text(text, self.file, tabs=False)
        for found in findings:
            assert found.place is not None
            self.findings.append(replace(found, place=replace(found.place, line=found.place.line + line - 1)))
        return text.replace(_NUL, "\0").encode("utf-8", "surrogateescape")

    def _report(self) -> None:
        if self.has_mark and self.encoding == "utf-8":
            if self.is_own:
                self._add("file.byte-order-mark", "the file starts with a byte-order mark", 1, 1)
            else:
                self.remarks.append("a byte-order mark")
        if not self._ends:
            return
        sign, line = self._first_end
        if not self.is_own:
            self.remarks.append(_SHOWN[sign])
            return
        count = self._ends.total()
        system = {b"\r\n": " (Windows)", b"\r": " (a lone carriage return)"}[sign]
        lines = "1 line ends" if count == 1 else f"{count} lines end"
        message = f"{lines} in {sign.decode()!r}{system} instead of '\\n'"
        self._add("file.line-ending", message, line, 0, repr(sign.decode()))

    def _add(self, rule: str, message: str, line: int, column: int, value: str = "") -> None:
        self.findings.append(make_file_finding(rule, message, Place(self.file, line, column), value=value))


def _is_clean(block: bytes) -> bool:
    """Return whether a text has no character that nobody sees, and is in normal form C. Bytes that are not UTF-8 are not clean."""
    if len(block.translate(None, _HIDDEN)) < len(block):
        return False
    if block.isascii():
        return True
    if any(sign in block and pattern.search(block) for sign, pattern in _INVISIBLE.items()):
        return False
    try:
        return unicodedata.is_normalized("NFC", block.decode())
    except UnicodeDecodeError:
        return False


def _align_lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in blocks that end with a line."""
    kept: list[bytes] = []
    for block in blocks:
        edge = block.rfind(b"\n") + 1
        if not edge:
            kept.append(block)
            continue
        yield b"".join([*kept, block[:edge]])
        kept = [block[edge:]]
    if last := b"".join(kept):
        yield last


def detect_form(blocks: Iterator[bytes], file: str, *, is_own: bool) -> TextForm | Finding:
    """Detect how the text of a file is stored.

    Args:
        blocks: The bytes of the file. They are read to the end unless a mark or zeros tell the encoding.
        file: Name of the file.
        is_own: Whether the file is a table of ours.

    Returns:
        The form; or a finding for a file that is empty or is not text.
    """
    head = b""
    for block in blocks:
        head += block
        if len(head) >= _HEAD:
            break
    start = head[:_HEAD]
    if not head.strip(b" \t\r\n\0\xef\xbb\xbf\xff\xfe"):
        return make_file_finding("file.empty", _describe_blank(head, blocks), Place(file), hint=_BLANK_HINT)
    mark = next((mark for mark in _MARKS if start.startswith(mark)), b"")
    encoding = _MARKS.get(mark) or ("" if start.startswith(_MAGIC) else _detect_wide(start))
    if not encoding and _is_binary(start):
        what, hint = _describe_binary(start)
        return make_file_finding("file.binary", f"the file is {what}, not text", Place(file), hint=hint)
    if _PAGE.match(start.removeprefix(codecs.BOM_UTF8)):
        return make_file_finding("file.unreadable", "the file is a web page, not a table", Place(file), hint=_PAGE_HINT)
    return TextForm(file, is_own, encoding or _detect_by_all_bytes(_chain(head, blocks)), bool(mark))


def _describe_blank(head: bytes, blocks: Iterator[bytes]) -> str:
    """Return what a file holds that begins with blanks or NULs alone."""
    if not head:
        return "the file is empty"
    zeros = head.count(0)
    kind = "NULs, bytes of zeros" if zeros == len(head) else "NULs and blanks" if zeros else "blanks"
    if next(blocks, b""):
        return f"the first {len(head):,} bytes of the file are {kind}"
    return f"the file holds nothing but {kind}"


def _chain(head: bytes, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from blocks


def _describe_binary(start: bytes) -> tuple[str, str]:
    """Return the kind of a file that is not text, in words, and how to give its table."""
    kinds = (
        (
            start.startswith(b"PK") and (b"[Content_Types].xml" in start or b"xl/" in start),
            "a workbook (.xlsx)",
            _SHEET_HINT,
        ),
        (start.startswith(b"PK") and b"opendocument.spreadsheet" in start, "a workbook (.ods)", _SHEET_HINT),
        (start.startswith(b"\xd0\xcf\x11\xe0"), "a workbook (.xls) or another old document", _SHEET_HINT),
        (start.startswith(b"PK"), "a zip archive", "Name it as it is, such as table.csv.zip, or unpack it."),
        (start.startswith(b"\x1f\x8b"), "packed with gzip", "Name it as it is, such as table.csv.gz, or unpack it."),
        (
            start.startswith(b"\x28\xb5\x2f\xfd"),
            "packed with zstd",
            "Name it as it is, such as table.csv.zst, or unpack it.",
        ),
        (start.startswith(b"%PDF"), "a PDF", "Take the table from its makers as CSV, JSON or Parquet."),
    )
    hint = "Give the table as CSV, JSON or Parquet; save a spreadsheet as CSV, and unpack an archive."
    return next(((what, fix) for is_kind, what, fix in kinds if is_kind), ("binary", hint))


def _is_binary(start: bytes) -> bool:
    return start.startswith(_MAGIC) or len(_CONTROL.findall(start)) > max(1, len(start) * _CONTROL_SHARE)


def _detect_wide(start: bytes) -> str:
    """Return the UTF-16 that zeros between ASCII characters tell; "" if there are none."""
    half = max(1, len(start) // 2)
    even, odd = start[0::2].count(0), start[1::2].count(0)
    if odd > 0.8 * half and not even:
        return "utf-16-le"
    return "utf-16-be" if even > 0.8 * half and not odd else ""


def _detect_by_all_bytes(blocks: Iterator[bytes]) -> str:
    """Return UTF-8 if most of what is not ASCII is UTF-8; else Windows-1252, or Latin-1 if a byte is none of its characters."""
    strict, decoder = codecs.getincrementaldecoder("utf-8")(), codecs.getincrementaldecoder("utf-8")("surrogateescape")
    wrong = right = 0
    is_defined = True
    for block in blocks:
        if block.isascii() and not strict.getstate()[0] and not decoder.getstate()[0]:
            continue
        if not wrong:
            state = strict.getstate()
            try:
                strict.decode(block)
            except UnicodeDecodeError:
                decoder.setstate(state)
            else:
                right += len(block) - len(block.translate(None, _UPPER))
                continue
        text = decoder.decode(block)
        wrong += len(_WRONG.findall(text))
        right += len(_BEYOND_ASCII.findall(text))
        is_defined = is_defined and not set(block) & _UNDEFINED
    if wrong and wrong >= right:
        return "cp1252" if is_defined else "latin-1"
    return "utf-8"
