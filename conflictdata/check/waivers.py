"""Findings that may stand: waivers are applied, published as flags, and judged themselves (rule 52)."""

from __future__ import annotations

import difflib
from collections.abc import Mapping

import polars as pl

from conflictdata.check.sheets import Sheet
from conflictdata.findings import Finding, Report
from conflictdata.schema.physical import key
from conflictdata.schema.rules import rules

_HINTS = {
    "flags.rule-exists": "Use the id that the report prints.",
    "flags.record-exists": "Remove the waiver, or name the record that it means.",
    "flags.waivable": "Mend the record; this rule lets nothing stand.",
    "flags.used": "Remove the waiver: the record passes the rule.",
}
WAIVER_RULES: dict[str, str] = {
    "flags.rule-exists": "A waiver for a rule that does not exist hides nothing, and looks as if it did.",
    "flags.record-exists": "A waiver for a record that is gone would wait for a new one of that name.",
    "flags.waivable": "Types, keys and integrity have no exceptions: software relies on them.",
    "flags.used": "A waiver that nothing needs would hide the next true fault.",
}


def _records(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    found: set[str] = set()
    for table, frame in tables.items():
        if table == "flags":
            continue
        columns = [pl.col(c).cast(pl.String) for c in key(table)]
        found.update(frame.select(pl.concat_str(columns, separator="|").alias("k"))["k"].drop_nulls().to_list())
    return found


def _judge(row: dict[str, str], used: bool, records: set[str]) -> tuple[str, str] | None:
    rule = rules().get(row["rule_id"])
    if rule is None:
        close = difflib.get_close_matches(row["rule_id"], rules(), n=1)
        guess = f"; did you mean {close[0]}?" if close else ""
        return "flags.rule-exists", f"there is no rule {row['rule_id']}{guess}"
    if row["record_id"] not in records:
        return "flags.record-exists", f"there is no record {row['record_id']}"
    if not rule.waivable and rule.severity == "error":
        return "flags.waivable", f"{rule.id} may not be waived"
    return None if used else ("flags.used", f"{row['record_id']} does not break {rule.id}")


def apply(report: Report, sheet: Sheet, tables: Mapping[str, pl.DataFrame]) -> None:
    """Move waived findings of a report aside, and add a finding for each waiver that is not in order."""
    waivers: dict[
        tuple[str, str], list[int]
    ] = {}  # one that stands twice is a finding about its key, and used all the same
    for n, row in enumerate(sheet.frame.iter_rows(named=True)):
        waivers.setdefault((row["record_id"], row["rule_id"]), []).append(n)
    standing: list[Finding] = []
    used: set[int] = set()
    for finding in report.findings:
        numbers = waivers.get((finding.record, finding.rule))
        rule = rules().get(finding.rule)
        if numbers is None or rule is None or not (rule.waivable or rule.severity == "warning"):
            standing.append(finding)
        else:
            used.update(numbers)
            report.waived.append(finding)
    report.findings = standing
    records = _records(tables)
    for number, row in enumerate(sheet.frame.iter_rows(named=True)):
        fault = _judge(row, number in used, records) if row["record_id"] and row["rule_id"] else None
        if fault:
            id_, message = fault
            place = sheet.place(number, ("rule_id" if id_ == "flags.rule-exists" else "record_id",))
            record = f"{row['record_id']}|{row['rule_id']}"
            report.add(
                [
                    Finding(
                        id_,
                        "error",
                        message,
                        _HINTS[id_],
                        "flags",
                        record,
                        ("record_id", "rule_id"),
                        row["record_id"],
                        place,
                    )
                ]
            )
