"""Two files of others in one: the line or row that repeats the header is one finding, with the rows below it that repeat rows above."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from conflictdata.findings import Finding

# Ends of the rules that compare a row with the rows above it.
_REPEATS = (".id-unique", ".day-unique", ".row-unique", ".row-not-repeated", ".no-look-alike", ".days-in-order")


@dataclass
class JoinedFile:
    """A file with a line that repeats the header.

    Attributes:
        header: The finding on the line.
        repeats: Number of findings on rows below it that repeat rows above, by rule. They follow from the line.
        has_error: Whether one of them is an error.
    """

    header: Finding
    repeats: Counter[str] = field(default_factory=Counter)
    has_error: bool = False

    def take(self, findings: Iterable[Finding]) -> list[Finding]:
        """Count the findings that follow from the line. Return the others."""
        others = []
        for finding in findings:
            if self._explains(finding):
                self.repeats[finding.rule] += 1
                self.has_error = self.has_error or finding.severity == "error"
            else:
                others.append(finding)
        return others

    def _explains(self, finding: Finding) -> bool:
        place, line = finding.place, self.header.place
        if place is None or line is None or place.file != line.file or not finding.rule.endswith(_REPEATS):
            return False
        if line.line:
            return place.line > line.line
        return place.row < 0 or place.row > line.row  # a cell of a Parquet file has no place

    def make_finding(self) -> Finding:
        """Return the one finding: an error if the repeated rows are one."""
        if not self.repeats:
            return self.header
        number = sum(self.repeats.values())
        rules = ", ".join(f"{n:,} {rule}" for rule, n in self.repeats.most_common())
        rows = "1 row below it repeats a row above" if number == 1 else f"{number:,} rows below it repeat rows above"
        return replace(
            self.header,
            message=f"{self.header.message}; {rows} ({rules})",
            hint="Two files were joined: give each of them for itself, the older first.",
            severity="error" if self.has_error else self.header.severity,
        )


def find_joined(findings: Sequence[Finding]) -> list[JoinedFile]:
    """Return the files of which a finding says that a line repeats the header."""
    return [JoinedFile(f) for f in findings if f.rule == "csv.header" and f.message.endswith(_MESSAGES)]


_MESSAGES = (" repeats the header", " repeat the header; the first is here")
