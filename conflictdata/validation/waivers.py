"""Findings that may stand: waivers are applied, published as flags, and judged themselves (rule 52).

A waiver of the seeds says under `found` which values it covers. Published flags have no such column: they cover what their rule finds.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from conflictdata.findings import Finding, Place, Report
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.tables import LocatedTable
from conflictdata.rules import load_rules
from conflictdata.schema.columns import list_key_columns
from conflictdata.seeds.ledgers import FOUND
from conflictdata.seeds.scalars import write_found
from conflictdata.validation.suppression import Suppressor

FOUND_SINCE = (1, 2, 0)  # the first version whose waivers say what they cover

WAIVER_RULES: dict[str, str] = {
    "flags.rule-exists": "A waiver for a rule that does not exist hides nothing, and looks as if it did.",
    "flags.record-exists": "A waiver for a record that is gone would wait for a new one of that name.",
    "flags.waivable": "Types, keys and integrity have no exceptions: software relies on them.",
    "flags.used": "A waiver that nothing needs would hide the next true fault.",
    "flags.found-given": "A waiver that does not say which values it covers would also cover the next slip in the same record.",
    "flags.found-fits": "Somebody compared these values with the page, and no others. With other values somebody has to look again.",
}


def _collect_keys(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    found: set[str] = set()
    for table, frame in tables.items():
        if table == "flags":
            continue
        columns = [pl.col(c).cast(pl.String) for c in list_key_columns(table)]
        found.update(frame.select(pl.concat_str(columns, separator="|").alias("k"))["k"].drop_nulls().to_list())
    return found


WaiverFault = tuple[str, str, str]  # rule, message, hint


def _find_nearest(name: str, names: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, sorted(set(names)), n=1, cutoff=0.75)
    return close[0] if close else ""


def _format_question(name: str) -> str:
    return f"Did you mean {name}? " if name else ""


@dataclass(frozen=True)
class WaiverTexts:
    """What the waivers of a folder of seeds say that they cover.

    Attributes:
        found: the text of each waiver, in their order; empty where it says nothing.
        is_due: whether each must say it.
    """

    found: Sequence[str]
    is_due: bool

    @classmethod
    def read(cls, draft: RecordDraft, *, is_released: bool) -> WaiverTexts:
        """Read it from seeds.

        Args:
            draft: the seeds.
            is_released: whether they may be those of an older release. Waivers of versions before `FOUND_SINCE` need not say it.
        """
        found = [record.text(FOUND) for record in draft.records["flags"]]
        return cls(found, not (is_released and _is_before(draft, FOUND_SINCE)))


def _is_before(draft: RecordDraft, version: tuple[int, ...]) -> bool:
    parts = draft.release.version.text.split(".") if draft.release else []
    return len(parts) == len(version) and all(map(str.isdecimal, parts)) and tuple(map(int, parts)) < version


def _check_waiver(record: str, rule_id: str, used: bool, records: set[str]) -> WaiverFault | None:
    rule = load_rules().get(rule_id)
    if rule is None:
        hint = f"{_format_question(_find_nearest(rule_id, load_rules()))}Use the id that the report prints in brackets."
        return "flags.rule-exists", f"there is no rule {rule_id}", hint
    if record not in records:
        hint = f"{_format_question(_find_nearest(record, records))}Name the record that the report prints below the finding, or remove the waiver."
        return "flags.record-exists", f"there is no record {record}", hint
    if not rule.may_be_waived:
        return "flags.waivable", f"{rule_id} may not be waived", f"Remove the waiver, and mend {record}."
    if used:
        return None
    return "flags.used", f"{record} does not break {rule_id}", "Remove the waiver: the record passes the rule."


def _check_found(stated: str, now: str, is_due: bool) -> WaiverFault | None:
    """Judge what a waiver says of the values that it covers, against what its rule finds now."""
    if stated == now or not (stated or is_due):
        return None
    if not stated:
        hint = f"Compare the record with its page. If the page says so, add the line `{write_found(now)}`."
        return "flags.found-given", "the waiver does not say which values it covers", hint
    message = f"found is {now!r} now, and the waiver says {stated!r}"
    hint = f"Correct the record, or compare it with its page again. If the page says so, write `{write_found(now)}`."
    return "flags.found-fits", message, hint


def _is_waivable(finding: Finding) -> bool:
    rule = load_rules().get(finding.rule)
    return rule is not None and rule.may_be_waived


def _join_found(findings: Iterable[Finding]) -> list[Finding]:
    """Give all findings of a rule on one record one `found`: a waiver is for one rule and one record."""
    listed = list(findings)
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in listed:
        texts[finding.record, finding.rule].append(finding.found)
    return [
        replace(f, found="; ".join(sorted(texts[f.record, f.rule]))) if f.found and len(texts[f.record, f.rule]) > 1 else f
        for f in listed
    ]  # fmt: skip


def _find_intended(record: str, rule_id: str, findings: Iterable[Finding]) -> Finding | None:
    """The finding that a misspelt waiver means: the report says that it is misspelt, and not what it would have covered."""
    candidates = [f for f in findings if f.record == record] or [f for f in findings if f.rule == rule_id]
    found = _find_nearest(f"{rule_id} {record}", [f"{f.rule} {f.record}" for f in candidates])
    return next((f for f in candidates if f"{f.rule} {f.record}" == found), None)


def apply_waivers(
    report: Report,
    sheet: LocatedTable,
    tables: Mapping[str, pl.DataFrame],
    suppressor: Suppressor,
    texts: WaiverTexts | None = None,
) -> None:
    """Move waived findings of a report aside, and add a finding for each waiver that is not in order.

    Args:
        report: what was found.
        sheet: the waivers.
        tables: the tables, for their keys.
        suppressor: records of which nothing is sure: whether a waiver of theirs is used cannot be said.
        texts: what the waivers say that they cover; None for published flags, which do not say it.
    """
    report.findings = _join_found(report.findings)
    rows = [(row["record_id"] or "", row["rule_id"] or "") for row in sheet.frame.iter_rows(named=True)]
    found = {(f.record, f.rule): f.found for f in report.findings if _is_waivable(f)}
    covered = set(found) & set(rows)
    records = _collect_keys(tables)
    for number, waiver in enumerate(rows):
        record, rule = waiver
        fault = _check_waiver(record, rule, waiver in found, records) if record and rule else None
        if fault is None and texts is not None and waiver in found:
            fault = _check_found(texts.found[number], found[waiver], texts.is_due)
            covered -= {waiver} if fault and fault[0] == "flags.found-fits" else set()
        if fault is None or (fault[0] in ("flags.used", "flags.record-exists") and suppressor.is_unreliable(record)):
            continue
        if fault[0] == "flags.used" and suppressor.incomplete_tables & set(load_rules()[rule].requires_tables):
            continue
        if fault[0] in ("flags.rule-exists", "flags.record-exists"):
            intended = _find_intended(record, rule, [f for f in report.findings if _is_waivable(f)])
            covered |= {(intended.record, intended.rule)} if intended else set()
        report.add([_make_finding(fault, record, rule, sheet.place(number, _COLUMNS_OF_RULE[fault[0]]))])
    report.waived += [f for f in report.findings if (f.record, f.rule) in covered]
    report.findings = [f for f in report.findings if (f.record, f.rule) not in covered]


_COLUMNS_OF_RULE = {
    "flags.rule-exists": ("rule_id",), "flags.waivable": ("rule_id",), "flags.record-exists": ("record_id",),
    "flags.used": ("record_id",), "flags.found-given": ("rule_id",), "flags.found-fits": (FOUND,),
}  # fmt: skip


def _make_finding(fault: WaiverFault, record: str, rule: str, place: Place) -> Finding:
    id_, message, hint = fault
    value = rule if _COLUMNS_OF_RULE[id_] == ("rule_id",) else record
    return Finding(id_, "error", message, hint, "flags", f"{record}|{rule}", ("record_id", "rule_id"), value, place)
