r"""The class `Rule`: data and one predicate, with an example beside it.

A rule is a decorated function. Without arguments, the function returns a boolean narwhals expression over the rows of
one table. With an argument, it gets all frames and returns the checked records:

    @rule(
        "locations.point-whole",
        "error",
        ("latitude", "longitude"),
        message="latitude is {latitude}, and longitude is {longitude}: one without the other",
        hint="Give both, or neither.",
        why="Half a point is a line round the earth. Programs that draw maps drop it, or draw it at zero.",
        example=Example(
            "A point has both coordinates",
            bad={"locations.csv": "location_id,latitude,longitude\ntown,35.13,"},
            good={"locations.csv": "location_id,latitude,longitude\ntown,35.13,36.75"},
        ),
    )
    def _check_point_whole() -> nw.Expr:
        return is_filled("latitude") == is_filled("longitude")

`conflictdata.rules` finds it in any module of this folder, and `conflictdata.datasets.rules` those of other datasets in any module of
that one. `conflictdata publish --repository` tries the example and writes the page of the rule.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any, Literal

import narwhals.stable.v1 as nw

from conflictdata.findings import Severity
from conflictdata.rules.texts import Example, RuleText

__all__ = ["Example", "Rule", "RuleText", "rule"]

Frames = Mapping[str, nw.LazyFrame[Any]]  # every table and every view of `schema.views`, by name

Row = dict[str, Any]
# Adds columns for the message to the failed rows of one rule. Used for texts that frames cannot build on every engine,
# such as a list in its written order.
Explain = Callable[[list[Row], Frames], list[Row]]

VERDICT = "verdict"  # true: valid; false: invalid; null: unknown
TIMES = "times"  # number of rows that a verdict covers (`Rule.group_check`)


@dataclass(frozen=True, kw_only=True)
class Rule(RuleText):
    """One rule of a table: of ours, or of another dataset.

    Attributes:
        table: Table whose records the rule checks.
        fields: Columns of that table that the rule reads and a finding points at. The first holds the value shown.
        check: For a row rule, a boolean narwhals expression over `view` (null: unknown). For a frame rule, a function
            of all frames. It returns one row per checked record, with the key columns of the table, `verdict`, and
            the columns that `message` uses. Records without a row are not counted.
        after: Rules that come first, by id or by an ending such as `*-resolves`. A finding of theirs may make this rule
            unknown (`invalidates`, `affects`), so that one fault gives one finding. A rule comes as late as the others
            allow.
        invalidates: Columns of the record that no later rule trusts if this one fails.
        invalidates_other: Likewise columns of other records: the table, the column with the record's key, the columns.
        affects: What else a failure makes unreliable: the whole `tree` of the claim's figures, the `position` of the figure,
            its `number`, or the `page`, whose records do not find it under the name that it should have.
        depends_on: Cells that the rule reads in other records: their table, the column with the record's key, the columns.
        reverse_reference: For a rule that fails because nothing names a record, the column of its key. No finding if a
            mistyped name meant it.
        view: For a row rule, the frame to read: one of the views, or the table itself if empty.
        optional: Columns that a row rule reads as empty if the table lacks them. At least one must exist.
        key_columns: For a frame rule that compares records which are equal in these columns. All other records are
            valid, so that of a large table only records with equal values need to be checked.
        group_check: For a frame rule with the same verdict for all rows that agree in some columns: a function that
            returns one row per such group, with `TIMES` and the verdict. It is evaluated first on a large table. If
            all groups are valid, the rows need not be checked.
        cacheable: For an expensive row rule that reads only its `fields`, with few distinct values. An engine may
            evaluate it once per distinct combination of values.
        requires_tables: Other tables that the rule needs.
        explain: Adds columns for `message`, `hint` and `found` to the failed rows. Called once for all of them. Some
            columns have a meaning for the finding. `likely_error`: key of the only record whose typing error would explain
            the failure. `spot`: column to point at, if not the first of `fields`; empty text for the record itself.
            `at`: keys of the records that take part, joined by `|` in written order. `follows`: true if another
            failed row explains this one, which is then not reported.
        found: For a rule that can be waived, the values that it compared, as a short text that a waiver repeats. A
            `str.format` template over the failed row, or a function of it (`rules._compared_values`). Independent of
            `message`.
        imported_severity: Severity for records of imported datasets, if it differs. Every rule that can be waived is a
            warning there, because nobody adds waivers for data that others publish.
        imported_check: For a row rule, the check for records of imported datasets, if it differs.
        skip_for_imports: Whether the rule detects typing errors. It is skipped for imported records, which nobody
            typed.
    """

    table: str
    fields: tuple[str, ...]
    check: nw.Expr | Callable[[Frames], nw.LazyFrame[Any]]
    after: tuple[str, ...] = ()
    invalidates: tuple[str, ...] = ()
    invalidates_other: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    affects: Literal["", "tree", "position", "number", "page"] = ""
    depends_on: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    reverse_reference: str = ""
    view: str = ""
    optional: tuple[str, ...] = ()
    key_columns: tuple[str, ...] = ()
    group_check: Callable[[Frames], nw.LazyFrame[Any]] | None = None
    cacheable: bool = False
    requires_tables: tuple[str, ...] = ()
    explain: Explain | None = None
    found: str | Callable[[Row], str] = ""
    imported_severity: Severity | None = None
    imported_check: nw.Expr | None = None
    skip_for_imports: bool = False

    @property
    def may_be_waived(self) -> bool:
        """Return whether a waiver may cover a finding: a warning, or a `waivable` error."""
        return self.waivable or self.severity == "warning"

    @property
    def is_row_rule(self) -> bool:
        """Return whether the check is an expression over single rows."""
        return isinstance(self.check, nw.Expr)

    def is_applicable(self, columns: Set[str]) -> bool:
        """Return whether the rule can be evaluated on a table with these columns."""
        return set(self.fields) <= columns and (not self.optional or not columns.isdisjoint(self.optional))

    def convert_for_imports(self) -> Rule:
        """Return the rule with the severity and check for imported datasets."""
        severity: Severity = "warning" if self.waivable else self.severity
        check = self.check if self.imported_check is None else self.imported_check
        return replace(self, severity=self.imported_severity or severity, check=check)


Check = Callable[[], nw.Expr] | Callable[[Frames], nw.LazyFrame[Any]]


def rule(
    id: str,  # noqa: A002
    severity: Severity,
    fields: tuple[str, ...],
    *,
    message: str,
    hint: str,
    why: str,
    example: Example | None = None,
    **details: Any,
) -> Callable[[Check | nw.Expr], Rule]:
    """Make a rule of a function.

    Args:
        id: Id of the rule. Its first part is the table.
        severity: `error` or `warning`.
        fields: Columns that the rule reads.
        message: What is wrong.
        hint: How to fix it.
        why: Why it matters.
        example: A bad and a good example.
        **details: The other attributes of `Rule`.

    Returns:
        A decorator for a function without arguments, which returns an expression, or for one of all frames. It also takes
        the expression itself.
    """

    def make_rule(function: Check | nw.Expr) -> Rule:
        is_expression = isinstance(function, nw.Expr) or inspect.signature(function).parameters
        check: Any = function if is_expression else function()  # type: ignore[call-arg, operator]
        return Rule(
            id=id, table=id.partition(".")[0], severity=severity, fields=fields, check=check, message=message, hint=hint, why=why,
            example=example, **details,
        )  # fmt: skip

    return make_rule


def share(compute: Callable[[Frames], nw.LazyFrame[Any]]) -> Callable[[Frames], nw.LazyFrame[Any]]:
    """Make several rules share the result of a function of all frames.

    If the frames have an attribute `shared`, a dictionary, the result is computed on the first call and kept there.
    """

    @wraps(compute)
    def compute_once(frames: Frames) -> nw.LazyFrame[Any]:
        shared = getattr(frames, "shared", None)
        if shared is None:
            return compute(frames)
        if compute not in shared:
            shared[compute] = compute(frames).collect().lazy()
        result: nw.LazyFrame[Any] = shared[compute]
        return result

    return compute_once


def add_optional_columns(frame: nw.LazyFrame[Any], rules: Iterable[Rule], columns: Set[str]) -> nw.LazyFrame[Any]:
    """Add an empty column for each optional one that the rules read and a frame lacks.

    Args:
        frame: The frame.
        rules: The rules to evaluate on it (see `Rule.optional`).
        columns: The columns of the frame.
    """
    missing = sorted({name for rule in rules for name in rule.optional if name not in columns})
    return frame.with_columns(*(nw.lit(None, nw.String).alias(name) for name in missing)) if missing else frame
