"""A report as JSON, version 1: everything, nothing capped."""

from __future__ import annotations

import json

from conflictdata.findings import Report

VERSION = 1


def render(report: Report) -> str:
    """The report as a JSON text."""
    document = {
        "report_version": VERSION,
        "ok": report.ok,
        "files": report.files,
        "counts": report.counts,
        "findings": [finding.as_dict() for finding in report.findings],
        "waived": [finding.as_dict() for finding in report.waived],
        "evaluated": {rule: tally.as_dict() for rule, tally in sorted(report.evaluated.items())},
    }
    return json.dumps(document, ensure_ascii=False, indent=2)
