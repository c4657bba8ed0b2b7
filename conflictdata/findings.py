"""What checking says: places, findings, counts, the report, and the exceptions. Imports nothing of ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """Where a value stands in a file. Lines and columns count from 1; 0 means the whole file or line."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or doubtful, with one record.

    Attributes:
        rule: id of the rule that speaks, `table.kebab-name`.
        severity: `error` (blocks publishing) or `warning`.
        table: table of the record; empty for a finding about a file.
        record: key of the record (several key columns joined by `|`); empty for a file.
        fields: columns that the finding is about.
        value: the text as it stands in the first of these fields.
        message: what is wrong, with the arithmetic written out.
        hint: the way out.
        place: where the value stands.
        found: what a waiver says that covers it; empty where none may, and outside of seeds.
    """

    rule: str
    severity: Severity
    message: str
    hint: str = ""
    table: str = ""
    record: str = ""
    fields: tuple[str, ...] = ()
    value: str = ""
    place: Place | None = None
    found: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding as in the JSON report; `found` is left out where it is empty."""
        return {
            "rule": self.rule,
            "severity": self.severity,
            "table": self.table,
            "record": self.record,
            "fields": list(self.fields),
            "value": self.value,
            "message": self.message,
            "hint": self.hint,
            "file": self.place.file if self.place else "",
            "line": self.place.line if self.place else 0,
            "column": self.place.column if self.place else 0,
            **({"found": self.found} if self.found else {}),
        }

    def sort_key(self) -> tuple[Any, ...]:
        """Order of a report: by place, then rule, then record."""
        place = self.place or Place("")
        return (place.file, place.line, place.column, self.rule, self.table, self.record, self.message)


@dataclass
class Tally:
    """How often a rule answered valid, invalid and unknown."""

    valid: int = 0
    invalid: int = 0
    unknown: int = 0

    def as_dict(self) -> dict[str, int]:
        """The three counts as in the JSON report."""
        return {"valid": self.valid, "invalid": self.invalid, "unknown": self.unknown}


@dataclass
class Report:
    """The outcome of a check.

    Attributes:
        findings: what stands against the data, waived findings left out, in order of place.
        waived: findings that a waiver covers; published in the `flags` table.
        evaluated: for each rule that ran, its tally.
        counts: records seen, by table.
        files: files read.
        unlisted: findings that are counted here alone, by severity: of a table with very many the first are listed.
        notes: what a reader should know, such as whose dataset a file was taken for.
    """

    findings: list[Finding] = field(default_factory=list)
    waived: list[Finding] = field(default_factory=list)
    evaluated: dict[str, Tally] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: int = 0
    unlisted: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """Findings that block."""
        return [f for f in self.findings if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """Findings that do not block."""
        return [f for f in self.findings if f.severity == "warning"]

    @property
    def ok(self) -> bool:
        """True where no error stands."""
        return not self.errors and not self.unlisted.get("error")

    def add(self, findings: Iterable[Finding]) -> None:
        """Add findings."""
        self.findings.extend(findings)

    def sort(self) -> None:
        """Put findings in order of place."""
        self.findings.sort(key=Finding.sort_key)
        self.waived.sort(key=Finding.sort_key)

    def to_frame(self) -> pd.DataFrame:
        """The findings as a pandas DataFrame, one row a finding, with the keys of the JSON report as columns."""
        import pandas as pd

        columns = list(Finding("", "error", "").as_dict())
        frame = pd.DataFrame([f.as_dict() for f in self.findings], columns=columns)
        return frame.assign(fields=frame["fields"].map(" ".join)) if len(frame) else frame

    def raise_if_errors(self) -> None:
        """Raise `ValidationError` where an error stands."""
        if not self.ok:
            raise ValidationError(self)


class ConflictDataError(Exception):
    """Base of the exceptions that this package raises on purpose; the message is for the user."""


class UsageError(ConflictDataError):
    """The call cannot be carried out as given: an unknown name, a path that is not there, a folder that cannot be written."""


class ValidationError(ConflictDataError):
    """The data has errors; `report` holds them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        first = report.errors[0]
        more = len(report.errors) - 1
        where = f"{first.place}: " if first.place else ""
        tail = f" (and {more} more)" if more else ""
        super().__init__(f"{where}{first.rule}: {first.message}{tail}")
