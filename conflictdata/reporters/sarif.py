"""A report as SARIF 2.1.0, the interchange format of static analysis.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
"""

from __future__ import annotations

import hashlib
from collections import Counter
from importlib.metadata import version
from typing import Any
from urllib.parse import quote

from conflictdata.findings import Finding, Place, Report
from conflictdata.reporters.common import advice, visible
from conflictdata.reporters.json import dump
from conflictdata.validation.catalogue import Entry, catalogue, entry

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"  # by convention the folder that relative addresses start from: here the working folder
FINGERPRINT = "conflictdataRecord/v1"

_WAIVED = {
    "kind": "external",
    "status": "accepted",
    "justification": "A waiver lets it stand; its reason is in the table flags.",
}


def render(report: Report) -> str:
    """The report as a SARIF log with one run. A waived finding is a suppressed result."""
    entries = {**catalogue(), **{f.rule: entry(f) for f in (*report.findings, *report.waived)}}
    numbers = {id_: number for number, id_ in enumerate(entries)}
    seen: Counter[str] = Counter()
    results = [_result(f, numbers, seen) for f in report.findings]
    results += [{**_result(f, numbers, seen), "suppressions": [_WAIVED]} for f in report.waived]
    driver = {
        "name": "conflictdata",
        "version": version("conflictdata"),
        "rules": [_rule(e) for e in entries.values()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which the check ran."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _text(*lines: str) -> dict[str, str]:
    """A message. In SARIF, braces mark placeholders (3.11.5), and `[..](..)` is a link (3.11.6) that data must not make."""
    text = "\n".join(visible(line) for line in lines)
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _rule(told: Entry) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": visible(told.id)}
    if told.why:
        rule["shortDescription"] = _text(told.why.partition(". ")[0].removesuffix(".") + ".")
        rule["fullDescription"] = _text(told.why)
    if told.hint:
        rule["help"] = _text(told.hint)
    rule["defaultConfiguration"] = {"level": told.severity}
    rule["properties"] = {
        "tags": [visible(told.id).partition(".")[0]],
        "problem.severity": told.severity,
        "waivable": told.waivable,
    }
    return rule


def _result(finding: Finding, numbers: dict[str, int], seen: Counter[str]) -> dict[str, Any]:
    mark = _fingerprint(finding)
    seen[mark] += 1
    result: dict[str, Any] = {
        "ruleId": visible(finding.rule),
        "ruleIndex": numbers[finding.rule],
        "level": finding.severity,
        "message": _text(finding.message, *advice(finding)),
    }
    if finding.place and finding.place.file:
        result["locations"] = [_location(finding, finding.place)]
    result["partialFingerprints"] = {FINGERPRINT: f"{mark}:{seen[mark]}"}
    return result


def _location(finding: Finding, place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": address(place.file)}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.record:
        location["logicalLocations"] = [{"fullyQualifiedName": visible(f"{finding.table} {finding.record}")}]
    return location


def address(file: str) -> dict[str, str]:
    """An artifactLocation: relative to the working folder, or a file URI where the path is absolute."""
    absolute = file.startswith("/") or file[1:3] in (":/", ":\\")
    if absolute:
        return {"uri": "file:///" + quote(file.replace("\\", "/").lstrip("/"), safe="/:", errors="replace")}
    return {"uri": quote(file, errors="replace"), "uriBaseId": ROOT}


def _fingerprint(finding: Finding) -> str:
    """What stays the same while lines move and figures are mended: the rule and the record, else the message."""
    what = finding.record or finding.message
    file = finding.place.file if finding.place else ""
    parts = (file, finding.rule, finding.table, what, *finding.fields)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
