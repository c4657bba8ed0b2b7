"""Apply waivers to a report, and check the waivers themselves (rule 52).

A waiver of the seeds states under `found` the values it covers. Published flags have no such column, and cover all findings of
their rule on their record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import Finding, Place, Report
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.tables import LocatedTable
from conflictdata.rules import load_rules
from conflictdata.seeds.ledgers import FOUND
from conflictdata.seeds.scalars import write_found
from conflictdata.validation.evaluate import list_record_keys
from conflictdata.validation.suppression import Suppressor

FOUND_SINCE = (1, 2, 0)  # the first version whose waivers say what they cover


def _collect_keys(tables: Mapping[str, pl.DataFrame]) -> set[str]:
    found: set[str] = set()
    for table, frame in tables.items():
        if table == "flags":
            continue
        found.update(list_record_keys(table, frame).drop_nulls())
    return found


WaiverFault = tuple[str, str, str]  # rule, message, hint


def _suggest_nearest(name: str, names: Iterable[str]) -> str:
    """Return a question with the nearest name, and a space after it; or ""."""
    return f"{ask_whether(*find_close(name, sorted(set(names)), least=0.75))} ".lstrip()


@dataclass(frozen=True)
class WaiverTexts:
    """The values that the waivers of a folder of seeds state under `found`.

    Attributes:
        found: The text per waiver, in their order. Empty if the waiver states none.
        is_due: Whether every waiver must state it.
    """

    found: Sequence[str]
    is_due: bool

    @classmethod
    def read(cls, draft: RecordDraft, *, is_released: bool) -> WaiverTexts:
        """Read the texts from a draft.

        Args:
            draft: The seeds.
            is_released: Whether the seeds may be those of an older release. Waivers before `FOUND_SINCE` need no `found`.
        """
        found = [record.text(FOUND) for record in draft.records["flags"]]
        return cls(found, not (is_released and _is_before(draft, FOUND_SINCE)))


def _is_before(draft: RecordDraft, version: tuple[int, ...]) -> bool:
    parts = draft.release.version.text.split(".") if draft.release else []
    return len(parts) == len(version) and all(map(str.isdecimal, parts)) and tuple(map(int, parts)) < version


def _check_waiver(record: str, rule_id: str, used: bool, records: set[str]) -> WaiverFault | None:
    rule = load_rules().get(rule_id)
    if rule is None:
        hint = f"{_suggest_nearest(rule_id, load_rules())}Use the id that the report prints in brackets."
        return "flags.rule-exists", f"there is no rule {rule_id}", hint
    if record not in records:
        hint = f"{_suggest_nearest(record, records)}Name the record that the report prints below the finding, or remove the waiver."
        return "flags.record-exists", f"there is no record {record}", hint
    if not rule.may_be_waived:
        return "flags.waivable", f"{rule_id} may not be waived", f"Remove the waiver, and fix {record}."
    if used:
        return None
    return "flags.used", f"{record} does not break {rule_id}", "Remove the waiver: the record passes the rule."


def _check_found(stated: str, now: str, is_due: bool) -> WaiverFault | None:
    """Compare the stated values of a waiver with those that its rule finds now."""
    if stated == now or not (stated or is_due):
        return None
    if not stated:
        hint = f"Compare the record with its page. If the page says so, add the line `{write_found(now)}`."
        return "flags.found-given", "the waiver does not say which values it covers", hint
    message = f"found is {now!r} now, and the waiver says {stated!r}"
    hint = f"Correct the record, or compare it with its page again. If the page says so, write `{write_found(now)}`."
    return "flags.found-fits", message, hint


def _is_evaluated(rule_id: str, tables: Iterable[str]) -> bool:
    """Return whether the tables of a rule are all there; of a rule that does not exist, nothing is missing."""
    rule = load_rules().get(rule_id)
    return rule is None or {rule.table, *rule.requires_tables} <= set(tables)


def is_waivable(finding: Finding) -> bool:
    """Return whether a waiver may cover a finding."""
    rule = load_rules().get(finding.rule)
    return rule is not None and rule.may_be_waived


def _join_found(findings: Iterable[Finding]) -> list[Finding]:
    """Give all findings of a rule on one record the same `found`: a waiver covers one rule and one record."""
    listed = list(findings)
    texts: dict[tuple[str, str], list[str]] = defaultdict(list)
    for finding in listed:
        texts[finding.record, finding.rule].append(finding.found)
    return [replace(f, found="; ".join(sorted(texts[f.record, f.rule]))) if f.found else f for f in listed]


def _find_intended(record: str, rule_id: str, findings: Iterable[Finding]) -> Finding | None:
    """Return the finding that a misspelt waiver means. Only the misspelling is reported, not this finding."""
    candidates = [f for f in findings if f.record == record] or [f for f in findings if f.rule == rule_id]
    found = find_close(f"{rule_id} {record}", sorted({f"{f.rule} {f.record}" for f in candidates}), least=0.75)
    return next((f for f in candidates if f"{f.rule} {f.record}" in found), None)


def apply_waivers(
    report: Report,
    sheet: LocatedTable,
    tables: Mapping[str, pl.DataFrame],
    suppressor: Suppressor,
    texts: WaiverTexts | None = None,
) -> None:
    """Apply the waivers to a report, in place.

    Moves each waived finding from `report.findings` to `report.waived`, and adds an error for each invalid waiver.

    Args:
        report: The report to change.
        sheet: The waivers, one per row.
        tables: All tables by name, to look up record ids.
        suppressor: Records with earlier findings. Their waivers are not reported as unused.
        texts: The values that the waivers cover. None for published flags, which do not state them.
    """
    report.findings = _join_found(report.findings)
    rows = [(row["record_id"] or "", row["rule_id"] or "") for row in sheet.frame.iter_rows(named=True)]
    found = {(f.record, f.rule): f.found for f in report.findings if is_waivable(f)}
    covered = set(found) & set(rows)
    records = _collect_keys(tables)
    for number, waiver in enumerate(rows):
        record, rule = waiver
        fault = _check_waiver(record, rule, waiver in found, records) if record and rule else None
        if fault is None and texts is not None and waiver in found:
            fault = _check_found(texts.found[number], found[waiver], texts.is_due)
            covered -= {waiver} if fault and fault[0] == "flags.found-fits" else set()
        unknown = suppressor.is_unreliable(record) or not _is_evaluated(rule, tables)
        if fault is None or (unknown and fault[0] in ("flags.used", "flags.record-exists")):
            continue
        if fault[0] == "flags.used" and suppressor.incomplete_tables & set(load_rules()[rule].requires_tables):
            continue
        if fault[0] in ("flags.rule-exists", "flags.record-exists"):
            intended = _find_intended(record, rule, [f for f in report.findings if is_waivable(f)])
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
