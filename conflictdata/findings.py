"""Findings, reports and exceptions of the validation. Imports no other module."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Place:
    """Position of a value in a file, or in a DataFrame.

    Lines and columns count from 1. Line 0 means the whole file, column 0 the whole line. Rows of a DataFrame
    count from 0, as in `iloc`; -1 means that there is no row.
    """

    file: str
    line: int = 0
    column: int = 0
    row: int = -1

    def __str__(self) -> str:
        if self.row >= 0:
            return f"{self.file}, row {self.row}"
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True)
class Finding:
    """One error or warning about one record or file.

    Attributes:
        rule: Id of the rule that reports it, such as `figures.parts-cover-parent`.
        severity: `error` (blocks publishing) or `warning`.
        message: The problem, with the arithmetic written out.
        hint: How to fix it. May be empty.
        table: Table of the record. Empty for a finding about a file.
        record: Key of the record; several key columns are joined by `|`. Empty for a file.
        fields: Columns that the finding is about.
        value: Text of the first of these fields, as written.
        place: Position of the value, if known.
        found: Text that a waiver must repeat under `found` to cover this finding. Empty outside
            seeds, and for rules that cannot be waived.
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
        """Return the finding as in the JSON report. An empty `found` is left out, and so is `row` outside DataFrames."""
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
            **({"row": self.place.row} if self.place and self.place.row >= 0 else {}),
            **({"found": self.found} if self.found else {}),
        }

    def sort_key(self) -> tuple[Any, ...]:
        """Return the key that sorts findings by place, then rule, then record."""
        place = self.place or Place("")
        return (place.file, place.line, place.column, place.row, self.rule, self.table, self.record, self.message)


@dataclass
class Tally:
    """Number of records for which a rule returned valid, invalid and unknown."""

    valid: int = 0
    invalid: int = 0
    unknown: int = 0

    def add(self, other: Tally) -> None:
        """Add the counts of another tally."""
        self.valid += other.valid
        self.invalid += other.invalid
        self.unknown += other.unknown

    def as_dict(self) -> dict[str, int]:
        """Return the three counts as in the JSON report."""
        return {"valid": self.valid, "invalid": self.invalid, "unknown": self.unknown}


@dataclass
class Report:
    """Result of a validation.

    Attributes:
        findings: Findings that no waiver covers, sorted by place.
        waived: Findings that a waiver covers. They are published in the table `flags`.
        evaluated: Tally per rule that was evaluated.
        counts: Number of records per table.
        files: Number of files read.
        unlisted: Number of findings per severity that were counted but not listed. If a table has
            very many findings, only the first are listed.
        notes: Remarks for the reader, such as the dataset that a file was recognised as.
        not_evaluated: Rules that need a column or a table that was not given, in words, such as "5 rules need the table
            claims".
    """

    findings: list[Finding] = field(default_factory=list)
    waived: list[Finding] = field(default_factory=list)
    evaluated: dict[str, Tally] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    files: int = 0
    unlisted: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    not_evaluated: list[str] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that block publishing."""
        return [f for f in self.findings if f.severity == "error"]

    @property
    def warnings(self) -> list[Finding]:
        """Return the findings that do not block publishing."""
        return [f for f in self.findings if f.severity == "warning"]

    @property
    def ok(self) -> bool:
        """Return whether the report has no errors, listed or unlisted."""
        return not self.errors and not self.unlisted.get("error")

    def __str__(self) -> str:
        return _show(self, "text")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return _show(self, "html")

    def add(self, findings: Iterable[Finding]) -> None:
        """Append findings to the report."""
        self.findings.extend(findings)

    def add_tally(self, rule: str, tally: Tally) -> None:
        """Add the counts of a rule."""
        self.evaluated.setdefault(rule, Tally()).add(tally)

    def sort(self) -> None:
        """Sort the findings and the waived findings by place."""
        self.findings.sort(key=Finding.sort_key)
        self.waived.sort(key=Finding.sort_key)

    def to_frame(self) -> pd.DataFrame:
        """Return the findings as a pandas DataFrame.

        Returns:
            One row per finding. The columns are the keys of the JSON report; `fields` is one text,
            with spaces between the names. Findings in DataFrames have the column `row`.
        """
        import pandas as pd

        columns = list(Finding("", "error", "").as_dict())
        if any(f.place and f.place.row >= 0 for f in self.findings):
            columns.append("row")
        frame = pd.DataFrame([f.as_dict() for f in self.findings], columns=columns)
        return frame.assign(fields=frame["fields"].map(" ".join)) if len(frame) else frame

    def raise_if_errors(self) -> None:
        """Raise an exception if the report has errors.

        Raises:
            ValidationError: If there is an error. The exception holds the report.
        """
        if not self.ok:
            raise ValidationError(self)


def _show(report: Report, form: str) -> str:
    """Show a report with the functions of `reporters`, which are imported by name when they are needed."""
    import pkgutil

    text: str = pkgutil.resolve_name(f"conflictdata.reporters.screen:render_{form}")(report)
    return text


class ConflictDataError(Exception):
    """Base class of the exceptions for users. The message says how to go on."""


class UsageError(ConflictDataError, ValueError):
    """Invalid call: an unknown name, a missing path, or a folder that is not writable.

    Attributes:
        lines: The lines of the message.
    """

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines

    def __reduce__(self) -> tuple[type[UsageError], tuple[str, ...]]:
        return type(self), self.lines


class ValidationError(ConflictDataError):
    """The data have errors. The attribute `report` lists them."""

    def __init__(self, report: Report) -> None:
        self.report = report
        first = report.errors[0]
        more = len(report.errors) - 1
        where = f"{first.place}: " if first.place else ""
        tail = f" (and {more} more)" if more else ""
        super().__init__(f"{where}{first.rule}: {first.message}{tail}")
