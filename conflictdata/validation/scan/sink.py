"""Findings of a scan: all are counted, all go to a file if the user wants one, and the first are listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from conflictdata.findings import Finding
from conflictdata.validation.findings_file import FindingsFile

MAX_KEPT = 10_000  # findings of each severity that a report holds


class FindingSink:
    """Takes findings.

    Args:
        out: File for all of them, if any.

    Attributes:
        listed: Those that the report holds.
        unlisted: Number of the others, by severity.
        limit: Number of findings of a severity that the report holds.
    """

    def __init__(self, out: FindingsFile | None) -> None:
        self.out = out
        self.listed: list[Finding] = []
        self.unlisted: Counter[str] = Counter()
        self.limit = MAX_KEPT
        self._room = {"error": MAX_KEPT, "warning": MAX_KEPT}

    def select_severities(self) -> frozenset[str]:
        """Return the severities whose findings must be worded. The others are only counted."""
        return frozenset(name for name, room in self._room.items() if room > 0 or self.out is not None)

    def add(self, findings: Iterable[Finding]) -> None:
        """Take findings, in order."""
        some = list(findings)
        if self.out is not None:
            self.out.write(some)
        for finding in some:
            if self._room[finding.severity] > 0:
                self._room[finding.severity] -= 1
                self.listed.append(finding)
            else:
                self.unlisted[finding.severity] += 1
