"""Columns of other datasets whose cells break one rule: one finding, whatever the length of the column.

They are most cells of the column; or they are all in one form, such as `1,096`, which a program writes for numbers from 1,000 on.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from conflictdata.findings import Finding, Place
from conflictdata.rules.cell_rules import CELL_RULES
from conflictdata.schema.columns import Constraint
from conflictdata.validation.cells import Naming, judge_column, make_fault
from conflictdata.validation.odd_columns import OddColumn, format_message

LEAST = 3  # cells that are a form of the column, and no slips
_MOST_TEXTS = 10_000  # different texts that break a rule; more of them are not of one form
_THOUSANDS, _PERCENT, _ERROR = "a sign between thousands", "a per cent sign", "an error of a spreadsheet"
_MINUS, _SCRIPT = "a minus of typesetters", "digits of another script"
_FORMS = {
    _THOUSANDS: re.compile(r"[-+]?[0-9]{1,3}(?:[,.'’ \u00a0\u202f][0-9]{3})+"),
    _PERCENT: re.compile(r"[-+]?[0-9.,]+ ?%"),
    _MINUS: re.compile(r"[\u2010-\u2015\u2212] ?[0-9]+(?:[.,][0-9]+)?"),
    _SCRIPT: re.compile(r"(?=.*[^\x00-\x7f])[-+]?\d+(?:[.,\u066b\u066c]\d+)*"),
    _ERROR: re.compile(r"#(?:DIV/0!|REF!|VALUE!|NAME\?|NUM!|SPILL!|CALC!)"),
}
# What people write for a missing value, beside the words of programs (`readers.normalize`).
_PLACEHOLDER = re.compile(
    r"-9{1,5}(?:\.0+)?|[-–—?*]+|n\.?\s?[ad]\.?|nk|unk|unknown|missing|none|not (?:available|known)|no data|nil|blank|[(\[](?:null|nil|blank|empty|none|missing)[)\]]",
    re.IGNORECASE,
)
_DECIMAL_COMMA = r"\A[-+]?[0-9]+,[0-9]+\z"
_MISSING_HINT = "If it means that the value is missing, leave the cell empty."


@dataclass
class CellCount:
    """The cells of one column, counted a block of rows at a time.

    Attributes:
        rows: Number of rows.
        filled: Number of cells that are filled.
        broken: Number of cells that break each rule of cells.
        first: The row and the text of the first of them.
        forms: The forms that all of them have so far, by rule; none if they have no form, or several.
        commas: Whether all of them have a decimal comma so far, by rule.
    """

    rows: int = 0
    filled: int = 0
    broken: Counter[str] = field(default_factory=Counter)
    first: dict[str, tuple[int, str]] = field(default_factory=dict)
    forms: dict[str, set[str]] = field(default_factory=dict)
    commas: dict[str, bool] = field(default_factory=dict)

    def add(self, texts: pl.Series, judged: pl.Series) -> None:
        """Count the next cells.

        Args:
            texts: Their texts; missing ones null.
            judged: For each of them, the rule that it breaks; null if it breaks none.
        """
        if judged.null_count() < judged.len():
            for rule, number in judged.drop_nulls().value_counts().iter_rows():
                self.broken[rule] += number
                if rule not in self.first:
                    row = (judged == rule).arg_max() or 0
                    self.first[rule] = self.rows + row, texts[row] or ""
                self._add_forms(rule, texts.filter((judged == rule).fill_null(value=False)))
        self.filled += texts.len() - texts.null_count()
        self.rows += texts.len()

    def _add_forms(self, rule: str, broken: pl.Series) -> None:
        has_commas = self.commas.get(rule, True) and broken.str.contains(_DECIMAL_COMMA).fill_null(value=False).all()
        self.commas[rule] = has_commas
        if rule in self.forms and not self.forms[rule]:
            return
        texts = broken.unique().to_list() if broken.n_unique() <= _MOST_TEXTS else [""]
        self.forms[rule] = self.forms.get(rule, set()) | {_find_form(text or "") for text in texts}
        if len(self.forms[rule]) != 1 or "" in self.forms[rule]:
            self.forms[rule] = set()

    def find_common_rule(self) -> str:
        """Return the rule that most cells break, or that cells of one form break; "" if there is none."""
        for rule, number in self.broken.most_common():
            if number >= LEAST and (number * 2 > self.count_judged(rule) or self.forms.get(rule)):
                return rule
        return ""

    def find_cause(self, rule: str) -> str:
        """Return what all cells that break a rule have in common, in words; "" if nothing shows it."""
        if self.commas.get(rule):
            return "a decimal comma"
        return next(iter(self.forms.get(rule, ())), "")

    def count_judged(self, rule: str) -> int:
        """Return the number of cells, or rows, that a rule of cells judges."""
        return self.rows if rule == "cells.required" else self.filled


def _find_form(text: str) -> str:
    """Return the form of a cell that is not read: its sign, or the text itself if it is a word for a missing value."""
    cell = text.strip()
    found = next((form for form, pattern in _FORMS.items() if pattern.fullmatch(cell)), "")
    return found or (cell if _PLACEHOLDER.fullmatch(cell) else "")


def count_cells(columns: Sequence[Constraint], texts: pl.DataFrame, counts: dict[str, CellCount]) -> None:
    """Add the cells of a block of rows to the counts of their columns."""
    judged = texts.lazy().select(judge_column(c).alias(c.column) for c in columns).collect()
    for c in columns:
        counts.setdefault(c.column, CellCount()).add(texts[c.column], judged[c.column])


def make_whole_column(c: Constraint, count: CellCount, *, table: str, record: str, place: Place) -> OddColumn:
    """Make the finding on a column most of whose cells break one rule.

    Args:
        c: The column.
        count: Its cells.
        table: Name of the table.
        record: Key of the row of the first cell that breaks the rule.
        place: Place of that cell.
    """
    rule = count.find_common_rule()
    value = count.first[rule][1]
    fault = make_fault(c, CELL_RULES[rule], pl.DataFrame({c.column: [value]}), 0, Naming())
    hint = _MISSING_HINT if _PLACEHOLDER.fullmatch(value.strip()) else fault.hint
    finding = Finding(rule, "error", "", hint, table, record, (c.column,), value, place)
    odd = OddColumn(
        c.column, is_whole=True, is_single=False, finding=finding, reason=fault.message, cause=count.find_cause(rule),
        number=count.broken[rule], judged=count.count_judged(rule), noun="rows" if rule == "cells.required" else "cells",
    )  # fmt: skip
    return replace(odd, finding=replace(finding, message=format_message([odd])))
