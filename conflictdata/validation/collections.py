"""Validate a collection: its records by all rules for imported data, and the warnings that its recipe explains."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.readers import open_table
from conflictdata.readers.normalize import convert_to_text
from conflictdata.readers.tables import LocatedTable, OwnTable
from conflictdata.rules import load_rules
from conflictdata.schema.columns import (
    list_key_columns,
    list_references,
    list_tables,
    make_empty_frame,
    make_polars_schema,
)
from conflictdata.seeds import Progress
from conflictdata.seeds.collections import CollectionDraft, ExplainedWarning, read_collection
from conflictdata.validation.pipeline import ValidationResult, ValidationTarget, validate_target

REGISTERS = ("conflicts", "actors", "locations")  # shared with the curated records

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True)
class CheckedCollection:
    """A collection after its validation.

    Attributes:
        draft: The collection as it is in the seeds.
        report: The findings. Those of the form of its files are among them.
        tables: All tables, typed, with the flags of the explained warnings. Empty if its files cannot be read.
    """

    draft: CollectionDraft
    report: Report
    tables: dict[str, pl.DataFrame]

    @property
    def name(self) -> str:
        """Return the name of the collection."""
        return self.draft.name


def read_registers(seeds: Path) -> dict[str, pl.DataFrame]:
    """Read the registers of a folder of seeds, which its collections share.

    Raises:
        UsageError: If one of them is missing or cannot be read.
    """
    from conflictdata.datapackage.tables import read_csv  # loads pandera

    registers = {}
    for table in REGISTERS:
        file = seeds / "reference" / f"{table}.csv"
        try:
            registers[table] = _complete(table, read_csv(make_polars_schema(table), file))
        except (OSError, pl.exceptions.PolarsError) as fault:
            reason = str(getattr(fault, "strerror", None) or fault).splitlines()[0]
            raise UsageError(
                f"{file} cannot be read: {reason}; a collection needs the registers of its seeds"
            ) from None
    return registers


def _complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return all columns of a table, in order. Columns that the file leaves out are empty."""
    (key,) = list_key_columns(table)
    frame.get_column(key)  # raises if this is another table
    types = make_polars_schema(table)
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in types.items() if name not in frame.columns]
    return frame.with_columns(absent).select(*types)


def validate_collection(
    draft: CollectionDraft, registers: Tables, *, released_on: dt.date | None = None, progress: Progress = iter
) -> CheckedCollection:
    """Validate a collection.

    Args:
        draft: The collection.
        registers: Conflicts, actors and locations of the curated records, typed. Rows that the collection refers to become
            rows of it.
        released_on: Day up to which things may have happened. Default: today.
        progress: Wraps the batches of rules, to show a progress bar.
    """
    if draft.findings or draft.manifest is None or draft.recipe is None:
        return CheckedCollection(draft, Report(list(draft.findings), files=1), {})
    target = _read_target(draft, registers)
    result = validate_target(target, released_on=released_on, progress=progress)
    flags, faults = _explain_warnings(result.report, draft.recipe.explained)
    result.report.add(faults)
    result.report.sort()
    return CheckedCollection(draft, result.report, {**result.tables, "flags": flags})


def check_folder(folder: Path, released_on: dt.date | None, progress: Progress) -> ValidationResult:
    """Validate the collection in a folder, with the registers of the seeds around it.

    Raises:
        UsageError: If a register cannot be read.
    """
    registers = read_registers(folder.resolve().parents[1])
    checked = validate_collection(read_collection(folder), registers, released_on=released_on, progress=progress)
    return ValidationResult(checked.report, checked.tables)


def _read_target(draft: CollectionDraft, registers: Tables) -> ValidationTarget:
    """Read the packed files as a target of the validation. Tables without a file are empty."""
    assert draft.manifest is not None
    target = ValidationTarget({}, files=len(draft.manifest.tables), imported=True)
    for listed in draft.manifest.tables:
        source = open_table(draft.get_file(listed.table), listed.table)
        target.findings += source.findings
        sheet = OwnTable(listed.table, source)
        target.sheets[listed.table] = sheet
        target.malformed_lines[listed.table] = sheet.malformed_lines
        target.missing_columns[listed.table] = sheet.missing_columns
    shared = select_registers({table: sheet.frame for table, sheet in target.sheets.items()}, registers)
    for table in list_tables():
        added = shared.get(table, make_empty_frame(table))
        target.sheets[table] = _ExtendedTable(table, target.sheets.get(table), added)
    return target


class _ExtendedTable:
    """Rows of a file, then rows without a place."""

    def __init__(self, table: str, sheet: LocatedTable | None, added: pl.DataFrame) -> None:
        self._sheet = sheet
        text = convert_to_text(added, table)
        self.frame = text if sheet is None else pl.concat([sheet.frame, text.select(sheet.frame.columns)])

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the place of the first filled one of these fields of a row. It is empty for an added row."""
        is_in_file = self._sheet is not None and row < self._sheet.frame.height
        return self._sheet.place(row, fields) if self._sheet is not None and is_in_file else Place("")


def select_registers(tables: Tables, registers: Tables) -> dict[str, pl.DataFrame]:
    """Select the rows of the registers to which the tables refer, and the rows to which these refer.

    A row that a collection has itself is selected too: the rule on keys then reports that it has two.
    """
    selected: dict[str, pl.DataFrame] = {}
    size = -1
    while size < sum(frame.height for frame in selected.values()):
        size = sum(frame.height for frame in selected.values())
        frames = [*tables.items(), *selected.items()]
        for register in REGISTERS:
            (key,) = list_key_columns(register)
            ids = {value for table, frame in frames for value in _iterate_references(table, frame, register)}
            selected[register] = registers[register].filter(pl.col(key).is_in(sorted(ids)))
    return selected


def _iterate_references(table: str, frame: pl.DataFrame, register: str) -> Iterator[str]:
    (key,) = list_key_columns(register)
    own = [key] if table == register else []
    for column in [*own, *(column for column, target in list_references(table).items() if target == register)]:
        if column in frame.columns:
            yield from frame[column].drop_nulls().unique()


def _explain_warnings(report: Report, explained: Sequence[ExplainedWarning]) -> tuple[pl.DataFrame, list[Finding]]:
    """Move the explained warnings to `report.waived`.

    Returns:
        The table `flags`, and a finding for each entry of the recipe that does not fit.
    """
    rows, faults = [], []
    for entry in explained:
        covered = [f for f in report.findings if f.rule == entry.rule]
        if fault := _check_entry(entry, covered):
            faults.append(fault)
            continue
        report.findings = [f for f in report.findings if f.rule != entry.rule]
        report.waived += covered
        common = (entry.rule, entry.reason, entry.note or None, entry.by, dt.date.fromisoformat(entry.on))
        rows += [(record, *common) for record in dict.fromkeys(f.record for f in covered)]
    return pl.DataFrame(rows, schema=make_polars_schema("flags"), orient="row"), faults


def _check_entry(entry: ExplainedWarning, covered: Sequence[Finding]) -> Finding | None:
    rule = load_rules().get(entry.rule)
    if rule is None:
        id_, message, hint = (
            "flags.rule-exists",
            f"there is no rule {entry.rule}",
            "Use the id that the report prints in brackets.",
        )
    elif not covered:
        message, hint = f"no record breaks {entry.rule}", "Remove the entry: the records pass the rule."
        id_ = "flags.used"
    elif any(f.severity == "error" for f in covered):
        id_, message, hint = (
            "flags.waivable",
            f"findings of {entry.rule} are errors",
            "Correct the importer; an error is not explained.",
        )
    elif len(covered) != entry.count:
        message = f"{len(covered):,} records break {entry.rule}, and the recipe explains {entry.count:,}"
        id_, hint = (
            "flags.found-fits",
            f"Compare the new ones with the makers' table. If it says so, write count: {len(covered)}.",
        )
    elif not _is_day(entry.on):
        id_, message, hint = "cells.date", f"on is {entry.on!r}, not a day", "Write it as 2026-11-30."
    else:
        return None
    return Finding(id_, "error", message, hint, "flags", entry.rule, ("rule_id",), entry.rule, entry.place)


def _is_day(text: str) -> bool:
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
