"""A report as JSON, version 1, complete.

`unlisted` counts the findings that the scan of a large table did not keep.
"""

from __future__ import annotations

import json
import re

from conflictdata.findings import Report

VERSION = 1

_SURROGATE = re.compile(
    "[\ud800-\udfff]"
)  # from file names that are not UTF-8; JSON can escape them, UTF-8 cannot hold them


def render(report: Report) -> str:
    """Render the report as JSON."""
    document = {
        "report_version": VERSION,
        "ok": report.ok,
        "files": report.files,
        "counts": report.counts,
        **({"notes": report.notes} if report.notes else {}),
        **({"not_evaluated": report.not_evaluated} if report.not_evaluated else {}),
        "findings": [finding.as_dict() for finding in report.findings],
        **({"unlisted": report.unlisted} if report.unlisted else {}),
        "waived": [finding.as_dict() for finding in report.waived],
        "evaluated": {rule: tally.as_dict() for rule, tally in sorted(report.evaluated.items())},
    }
    return dump(document)


def dump(document: object) -> str:
    """Convert a document to JSON text that can be encoded as UTF-8."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _SURROGATE.sub(lambda hit: f"\\u{ord(hit[0]):04x}", text) + "\n"
