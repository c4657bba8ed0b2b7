"""Check that a draft still fits its text: its hash and each number's offsets."""

from __future__ import annotations

import json
import re

from conflictdata.parse.model import Document

_EVIDENCE = re.compile(r"\s*# evidence (\d{1,12})-(\d{1,12}) (\".*\")\s*\Z")
_HASH = re.compile(r"sha256: ([0-9a-f]{64})\s*\Z")


def check_draft(draft: str, document: Document) -> tuple[int, list[str]]:
    """Compare a draft with its text.

    Returns:
        The number of evidence lines checked, and one message per difference, with its line in the draft.
    """
    faults, count, hashed = [], 0, False
    for number, line in enumerate(draft.splitlines(), 1):
        if hit := _HASH.match(line):
            hashed = True
            if hit[1] != document.sha256:
                faults.append(
                    f"line {number}: the text's SHA-256 is {document.sha256}, the draft was made from {hit[1]}"
                )
        elif hit := _EVIDENCE.match(line):
            count += 1
            start, end, expected = int(hit[1]), int(hit[2]), json.loads(hit[3])
            actual = " ".join(document.text[start:end].split())
            if actual != expected:
                faults.append(f"line {number}: characters {start}-{end} hold {actual[:60]!r}, not {expected!r}")
    if not hashed:
        faults.append("the draft has no sha256")
    if not count:
        faults.append("the draft has no evidence lines")
    return count, faults
