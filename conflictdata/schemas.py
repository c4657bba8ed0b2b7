"""The tables as pandera models with their rules: `conflictdata.schemas.Figures.validate(df)`.

A model enforces the columns and every rule that needs no other table, with the findings of `conflictdata.validate`. A
schema from `bound` also enforces the rules that need other tables. Findings that a flag of the installed release covers
are left out. Warnings are issued as `pandera.errors.SchemaWarning`.
"""

from __future__ import annotations

import datetime as dt
import sys
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import pandera
import polars as pl
from pandera import errors
from pandera.config import get_config_context

from conflictdata.findings import Finding, Place, UsageError
from conflictdata.readers.frames import convert_frame
from conflictdata.readers.parquet import find_unknown_columns
from conflictdata.rules import load_rules
from conflictdata.schema import tables as models
from conflictdata.schema.columns import list_key_columns, load_constraints
from conflictdata.schema.pandera_types import CellwiseSchema
from conflictdata.validation.cells import check_cells
from conflictdata.validation.frames import FrameTable, validate_texts
from conflictdata.validation.pipeline import ValidationResult
from conflictdata.validation.published_flags import apply_flags

MESSAGE_LIMIT = 2_000  # characters of an error

_LONGEST = 400  # characters of one rule and column in it
_SHOWN = 5  # rows of one rule and column in it
_PACKAGES = tuple(f"{Path(module.__file__ or '').parent}/" for module in (pandera, sys.modules["conflictdata"]))


@dataclass(frozen=True)
class Failure:
    """One failed cell, or one failed rule of a record.

    Attributes:
        finding: The finding.
        rows: Positions of the rows. Empty for a finding about a whole column.
        text: The cell, or what the rule says.
        is_rule: Whether it is a rule of a record.
    """

    finding: Finding
    rows: tuple[int, ...]
    text: str
    is_rule: bool = False

    @property
    def column(self) -> str:
        """Return the first column that the finding is about."""
        return self.finding.fields[0] if self.finding.fields else self.finding.value


class RuledSchemaErrors(errors.SchemaErrors):
    """All failures of a table, in a message of at most 2,000 characters.

    Attributes:
        failure_cases: One row per failed cell or record: `check` (id of the rule), `column`, `index`, `failure_case`.
        schema_errors: One `SchemaError` per rule and column, with its failure cases.
    """

    def __init__(self, schema: RuledSchema, failures: Sequence[Failure], data: pd.DataFrame) -> None:
        self.schema, self.data = schema, data
        self.schema_errors = list(_make_errors(schema, failures, data))
        cases = [e.failure_cases.assign(check=e.check.name, column=e.column_name) for e in self.schema_errors]
        self.failure_cases = pd.concat(cases, ignore_index=True)
        self.error_counts = self.failure_cases["check"].value_counts().to_dict()
        count = len(self.failure_cases)
        self.message = _join_messages(f"{schema.name}: {count:,} failure{'s' * (count != 1)}", self.schema_errors)
        Exception.__init__(self, self.message)

    def __str__(self) -> str:
        return str(self.message)


def _join_messages(head: str, failed: Sequence[errors.SchemaError]) -> str:
    """Return one line per error, and how many were left out to stay within the limit."""
    lines = [head]
    for error in failed:
        if sum(map(len, lines)) + len(lines) + _LONGEST > MESSAGE_LIMIT - _LONGEST:
            return "\n".join(
                [*lines, f"… and {len(failed) - len(lines) + 1:,} more rules or columns, in `failure_cases`"]
            )
        lines.append(f"- {error}")
    return "\n".join(lines)


def _make_errors(schema: RuledSchema, failures: Sequence[Failure], data: pd.DataFrame) -> Iterator[errors.SchemaError]:
    """Yield one error of pandera per rule and column, with the rows under the labels of the caller."""
    groups: dict[tuple[str, str], list[Failure]] = {}
    for failure in failures:
        groups.setdefault((failure.finding.rule, failure.column), []).append(failure)
    for (rule, column), members in groups.items():
        pairs = [(data.index[row], f.text) for f in members for row in f.rows] or [(None, f.text) for f in members]
        cases = pd.DataFrame({"index": [p[0] for p in pairs], "failure_case": [p[1] for p in pairs]})
        yield errors.SchemaError(
            schema, data, _describe_group(rule, column, members, cases["index"]),
            failure_cases=cases, check=pandera.Check(bool, name=rule), column_name=column or None,
        )  # fmt: skip


def _describe_group(rule: str, column: str, members: Sequence[Failure], labels: pd.Series[Any]) -> str:
    shown = ", ".join(str(label)[:40] for label in labels[:_SHOWN])
    more = f" and {len(labels) - _SHOWN:,} more" if len(labels) > _SHOWN else ""
    rows = f", row{'s' * (len(labels) > 1)} {shown}{more}" if members[0].rows else ""
    message = members[0].text if members[0].is_rule else members[0].finding.message
    text = f"{rule}{f', column {column[:60]}' if column else ''}{rows}: {message}"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


@dataclass
class TableSet:
    """Tables as text, by name.

    Attributes:
        texts: The tables.
        released_on: Last day on which an event may have happened. None: today.
    """

    texts: Mapping[str, pl.DataFrame]
    released_on: dt.date | None = None

    def validate_with(self, table: str, text: pl.DataFrame) -> ValidationResult:
        """Validate a table together with the others. If it is the one of the set, the result is computed once."""
        if table in self.texts and text.equals(self.texts[table]):
            return self._whole
        return _validate_texts({**self.texts, table: text}, self.released_on)

    @cached_property
    def _whole(self) -> ValidationResult:
        return _validate_texts(self.texts, self.released_on)


def _validate_texts(texts: Mapping[str, pl.DataFrame], released_on: dt.date | None) -> ValidationResult:
    result = validate_texts(texts, released_on=released_on)
    apply_flags(result.report, result.tables, None)
    return result


class RuledSchema(CellwiseSchema):
    """The schema of a table, enforced by the pipeline of `conflictdata.validate`.

    Attributes:
        tables: The tables that it is validated with.
    """

    tables = TableSet({})

    def validate(
        self,
        check_obj: pd.DataFrame,
        head: int | None = None,
        tail: int | None = None,
        sample: int | None = None,
        random_state: int | None = None,
        lazy: bool = False,
        inplace: bool = False,
    ) -> pd.DataFrame:
        """Check a DataFrame, and return it with the types of the table.

        Args:
            check_obj: The frame. Text, whole numbers and days are read in any type that holds them without loss.
            head: Number of rows at the start to check; all if None.
            tail: Number of rows at the end to check; all if None.
            sample: Number of random rows to check; all if None.
            random_state: Seed of the sample.
            lazy: Whether to collect every failure before raising.
            inplace: Whether to change the caller's frame.

        Returns:
            The frame with columns of dtype `string`, `Int64`, `Float64` and `datetime64[s]`.

        Raises:
            pandera.errors.SchemaError: If a check fails and `lazy` is false. Holds the first failure.
            pandera.errors.SchemaErrors: If a check fails and `lazy` is true. Lists each failed cell and record once.
        """
        if not get_config_context().validation_enabled:
            return check_obj
        text = self._read_text(check_obj)
        findings, typed = self._find(text)
        failures = list(_group_findings(findings, text, str(self.name)))
        if (head, tail, sample) != (None, None, None):
            kept = _select_rows(len(text), head, tail, sample, random_state)
            failures = [f for f in failures if not f.rows or kept & set(f.rows)]
        _issue_warnings([f for f in failures if f.finding.severity == "warning"])
        if failed := [f for f in failures if f.finding.severity == "error"]:
            raise RuledSchemaErrors(self, failed, check_obj) if lazy else next(_make_errors(self, failed, check_obj))
        return _set_types(check_obj if inplace else check_obj.copy(deep=False), self.columns, typed)

    def _read_text(self, frame: pd.DataFrame) -> pl.DataFrame:
        try:
            return convert_frame(frame, str(self.name))
        except UsageError as fault:
            raise errors.SchemaError(self, frame, str(fault)) from None

    def _find(self, text: pl.DataFrame) -> tuple[list[Finding], pl.DataFrame]:
        """Return the findings and the typed table."""
        table = str(self.name)
        if table in models.DERIVED:
            return find_cell_faults(table, text)
        result = self.tables.validate_with(table, text)
        found = [f for f in result.report.findings if (f.table or (f.place and f.place.file)) == table]
        return [*_find_empty_texts(table, text), *found], result.tables[table]


def find_cell_faults(table: str, text: pl.DataFrame) -> tuple[list[Finding], pl.DataFrame]:
    """Return what is wrong with the columns, the cells and the keys of a table, and the typed table."""
    missing = [c.column for c in load_constraints(table) if c.column not in text.columns]
    whole = text.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)
    typed, faults, _ = check_cells(table, whole)
    sheet = FrameTable(table, text)
    found = [
        Finding(f.rule, "error", f.message, f.hint, table, "", (f.column,), f.value, sheet.place(f.row))
        for f in faults
        if f.column not in missing
    ]
    key = list(list_key_columns(table))
    duplicated: Iterable[int] = (
        typed.select(pl.struct(key).is_duplicated()).to_series().arg_true() if not missing else []
    )
    rule, message = f"{table}.key-unique", f"the key ({', '.join(key)}) is duplicated"
    found += [Finding(rule, "error", message, "", table, "", tuple(key), "", sheet.place(row)) for row in duplicated]
    return [*find_unknown_columns(text.columns, table, table), *_find_empty_texts(table, text), *found], typed


def _find_empty_texts(table: str, text: pl.DataFrame) -> Iterator[Finding]:
    """Find cells that hold a text without characters: in a frame, unlike a CSV, it is not a missing value."""
    for name in (c.column for c in load_constraints(table) if c.column in text.columns):
        for row in (text[name] == "").fill_null(value=False).arg_true():
            message, place = f"{name} is a text without characters", Place(table, row=row)
            yield Finding("cells.length", "error", message, "Use a missing value.", table, "", (name,), "", place)


def _group_findings(findings: Sequence[Finding], text: pl.DataFrame, table: str) -> Iterator[Failure]:
    """Join the findings of one rule on one record. A record is every row with its key."""
    rows = _list_rows(text, table)
    groups: dict[tuple[Any, ...], list[Finding]] = {}
    cells: set[tuple[Any, ...]] = set()  # each is reported once
    for finding in findings:
        if finding.rule.startswith("cells."):
            cell = (finding.fields, finding.place)
            if cell in cells:
                continue
            cells.add(cell)
        is_rule = finding.rule in load_rules() and finding.record in rows
        key = (
            (finding.rule, finding.record) if is_rule else (finding.rule, finding.fields, finding.place, finding.value)
        )
        groups.setdefault(key, []).append(finding)
    for (first, *more), is_rule in ((group, len(key) == 2) for key, group in groups.items()):
        at = first.place.row if first.place else -1
        texts = dict.fromkeys(f.message for f in (first, *more))
        if is_rule:
            yield Failure(first, tuple(rows[first.record]), "; ".join(texts), is_rule=True)
        else:
            yield Failure(first, (at,) if at >= 0 else (), first.value if at >= 0 and first.value else first.message)


def _list_rows(text: pl.DataFrame, table: str) -> dict[str, list[int]]:
    keys = [pl.col(c).fill_null("None") for c in list_key_columns(table) if c in text.columns]
    rows: dict[str, list[int]] = {}
    for row, record in enumerate(text.select(pl.concat_str(keys, separator="|")).to_series() if keys else ()):
        rows.setdefault(record, []).append(row)
    return rows


def _select_rows(height: int, head: int | None, tail: int | None, sample: int | None, seed: int | None) -> set[int]:
    rows = pd.Series(range(height))
    parts = [rows.head(head or 0), rows.tail(tail or 0), rows.sample(sample or 0, random_state=seed)]
    return set(pd.concat(parts))


def _issue_warnings(failures: Sequence[Failure]) -> None:
    """Issue warnings at the line outside this package and pandera that called."""
    frame, level = sys._getframe(1), 2
    while frame.f_back and frame.f_code.co_filename.startswith(_PACKAGES):
        frame, level = frame.f_back, level + 1
    for failure in failures:
        finding = failure.finding
        warnings.warn(f"{finding.rule}: {finding.record}: {failure.text}", errors.SchemaWarning, stacklevel=level)


def _set_types(frame: pd.DataFrame, columns: Mapping[str, Any], typed: pl.DataFrame) -> pd.DataFrame:
    for name in frame.columns:
        dtype = columns[name].dtype.type
        if frame[name].dtype != dtype:
            frame[name] = pd.Series(typed[name].to_list(), index=frame.index, dtype=dtype)
    return frame


class _Ruled:
    """Mixin that makes a model of `conflictdata.schema.tables` enforce its rules."""

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> RuledSchema:
        """Return the schema of the table with its columns and its rules."""
        plain = super().build_schema_(**kwargs)  # type: ignore[misc]
        return RuledSchema(plain.columns, **kwargs)


def bound(tables: Mapping[str, pd.DataFrame], *, released_on: dt.date | None = None) -> dict[str, RuledSchema]:
    """Return schemas that also enforce the rules between tables. Each schema is bound to the other tables given here.

    Args:
        tables: pandas frames by table name.
        released_on: Last day on which an event may have happened. Default: today.

    Returns:
        A schema per table; `bound(tables)["figures"].validate(tables["figures"])`.

    Raises:
        pandera.errors.SchemaErrors: If a table does not pass the constraints of its own columns.
    """
    schemas = {name: RuledSchema(SCHEMAS[name].to_schema().columns, name=name, strict=True) for name in tables}
    texts = {name: schema._read_text(tables[name]) for name, schema in schemas.items()}
    together = TableSet(texts, released_on)
    for name, schema in schemas.items():
        findings, _ = find_cell_faults(name, texts[name])
        if failures := [f for f in _group_findings(findings, texts[name], name) if f.finding.rule not in load_rules()]:
            raise RuledSchemaErrors(schema, failures, tables[name])
        schema.tables = together
    return schemas


def _add_rules(model: type[models.TableModel]) -> type[models.TableModel]:
    config = type("Config", (model.Config,), {})
    return type(model.__name__, (_Ruled, model), {"__doc__": model.__doc__, "Config": config, "__module__": __name__})


Conflicts = _add_rules(models.Conflicts)
Actors = _add_rules(models.Actors)
Locations = _add_rules(models.Locations)
LocationMembers = _add_rules(models.LocationMembers)
ConflictActors = _add_rules(models.ConflictActors)
CommonNames = _add_rules(models.CommonNames)
Tolls = _add_rules(models.Tolls)
TollPlaces = _add_rules(models.TollPlaces)
OldSeries = _add_rules(models.OldSeries)
ClaimEvents = _add_rules(models.ClaimEvents)
Aliases = _add_rules(models.Aliases)
Sources = _add_rules(models.Sources)
Events = _add_rules(models.Events)
EventActors = _add_rules(models.EventActors)
EventSources = _add_rules(models.EventSources)
Claims = _add_rules(models.Claims)
ClaimPerpetrators = _add_rules(models.ClaimPerpetrators)
ClaimLinks = _add_rules(models.ClaimLinks)
Figures = _add_rules(models.Figures)
Flags = _add_rules(models.Flags)
Crosswalk = _add_rules(models.Crosswalk)
Casualties = _add_rules(models.Casualties)

SCHEMAS: dict[str, type[models.TableModel]] = {
    model.Config.name: model
    for model in (
        Conflicts, Actors, ConflictActors, Locations, LocationMembers, Aliases, CommonNames, Sources, Events, EventActors,
        EventSources, Tolls, TollPlaces, OldSeries, Claims, ClaimEvents, ClaimPerpetrators, ClaimLinks, Figures, Flags, Crosswalk,
    )
}  # fmt: skip
