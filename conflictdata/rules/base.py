"""What a rule is: data with one predicate."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.findings import Severity

Frames = Mapping[str, nw.LazyFrame[Any]]  # every table by name, and the views of `schema.views`

Row = dict[str, Any]
# Adds message columns to the rows of one rule that failed. For what frames cannot say alike on every engine: a list in
# words, in the order in which it is written.
Explain = Callable[[list[Row], Frames], list[Row]]

VERDICT = "verdict"  # true: valid; false: invalid; null: unknown
TIMES = "times"  # how many rows a verdict is of (`Rule.grouped`)


@dataclass(frozen=True)
class Rule:
    """One rule of the data.

    Attributes:
        id: `table.kebab-name`, never recycled.
        number: its number in the list of rules; several rules may share one.
        table: the table whose records it judges.
        severity: `error` or `warning`.
        fields: the columns of that table that it reads and that a finding points at; the first holds the value shown.
        check: for a row rule, a boolean narwhals expression over the view `over` (null: unknown). For a frame rule,
            a function of all frames that gives one row a judged record: the table's key columns, `verdict`, and
            whatever columns `message` names. Records that it leaves out are not counted.
        message: `str.format` template over the columns of the judged row; shows the arithmetic.
        hint: the way out.
        found: for a rule whose findings may be waived, the values that it compared, as a short text that a waiver repeats: a
            `str.format` template over the judged row, or a function of it (`schema.rules._found`). Never made from `message`.
        why: a paragraph: what goes wrong in the world when this is broken.
        over: for a row rule, the frame that it reads: the table itself or one of its views.
        optional: columns that a row rule reads as empty where the table lacks them; one of them must be there.
        alike: for a frame rule that looks for records which are alike in these columns: any other record is right, so that
            of a big table only those that are alike in them need be looked at.
        grouped: for a frame rule that says the same of all rows that agree in some columns: one row for each such group, with
            `TIMES` and the verdict. It is asked first of a big table; where every group is right, no row need be looked at.
        repeats: for a row rule that is dear and whose `fields`, which are all that it reads, are often those of other rows: an
            engine may ask it once for all rows that agree in them.
        needs: the tables without which it cannot be asked (its own is understood).
        waivable: whether a waiver may let a finding stand.
        within_page: whether what it says of a record on a page follows from the records of that page, the reference tables
            and the events. Then it is asked of the wanted pages alone where some files of many are checked. A rule that
            might look at another page says false.
        explain: adds further columns for `message`, `hint` and `found` to the rows that failed; called once for all of them. Three
            columns are for the place of the finding: `culprit`, the key of the one record whose slip would explain the
            fault; `spot`, the column at which it points, where that is not the first of `fields` (empty text: the record
            itself); and `at`, the keys of the records that take part in the fault, joined by `|` in their written order.
            `follows` marks a row whose fault another one explains: it is not told.
        imported_severity: its severity for records of somebody else's dataset, where that is another one. Whatever may be
            waived in ours is a warning there: nobody waives what other people publish.
        of_coders: it looks for slips of a coder's pen, and is not asked of these records, which nobody typed.
        imported_check: for a row rule, the check for these records, where they may be what ours may not.
    """

    id: str
    number: int
    table: str
    severity: Severity
    fields: tuple[str, ...]
    check: nw.Expr | Callable[[Frames], nw.LazyFrame[Any]]
    message: str
    hint: str
    why: str
    view: str = ""
    optional: tuple[str, ...] = ()
    key_columns: tuple[str, ...] = ()
    group_check: Callable[[Frames], nw.LazyFrame[Any]] | None = None
    cacheable: bool = False
    requires_tables: tuple[str, ...] = ()
    waivable: bool = False
    within_page: bool = False
    explain: Explain | None = None
    found: str | Callable[[Row], str] = ""
    imported_severity: Severity | None = None
    imported_check: nw.Expr | None = None
    skip_for_imports: bool = False

    @property
    def may_be_waived(self) -> bool:
        """True if a waiver may cover a finding: any warning, and an error whose rule is `waivable`."""
        return self.waivable or self.severity == "warning"

    @property
    def is_row_rule(self) -> bool:
        """True where the check is one expression over a row."""
        return isinstance(self.check, nw.Expr)

    def is_applicable(self, columns: Set[str]) -> bool:
        """True where a table with these columns can be asked."""
        return set(self.fields) <= columns and (not self.optional or not columns.isdisjoint(self.optional))

    def convert_for_imports(self) -> Rule:
        """The rule as it holds for records of somebody else's dataset."""
        severity: Severity = "warning" if self.waivable else self.severity
        check = self.check if self.imported_check is None else self.imported_check
        return replace(self, severity=self.imported_severity or severity, check=check)


def add_optional_columns(frame: nw.LazyFrame[Any], rules: Iterable[Rule], columns: Set[str]) -> nw.LazyFrame[Any]:
    """A frame with these columns, and with an empty one for each that the rules read where it is there (`Rule.optional`)."""
    missing = sorted({name for rule in rules for name in rule.optional if name not in columns})
    return frame.with_columns(*(nw.lit(None, nw.String).alias(name) for name in missing)) if missing else frame
