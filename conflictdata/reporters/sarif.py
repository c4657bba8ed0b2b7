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
from conflictdata.reporters.common import advice, escape_hidden
from conflictdata.reporters.json import dump
from conflictdata.rules.texts import RuleText
from conflictdata.validation.catalogue import find_rule_text, load_catalogue

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
ROOT = "%SRCROOT%"  # by convention the base of relative addresses: here the working folder
FINGERPRINT = "conflictdataRecord/v1"

_WAIVED = {
    "kind": "external",
    "status": "accepted",
    "justification": "A waiver lets it stand; its reason is in the table flags.",
}


def render(report: Report) -> str:
    """Render the report as a SARIF log with one run; waived findings are suppressed."""
    entries = {**load_catalogue(), **{f.rule: find_rule_text(f) for f in (*report.findings, *report.waived)}}
    numbers = {id_: number for number, id_ in enumerate(entries)}
    counts: Counter[str] = Counter()
    results = [_make_result(f, numbers, counts) for f in report.findings]
    results += [{**_make_result(f, numbers, counts), "suppressions": [_WAIVED]} for f in report.waived]
    driver = {
        "name": "conflictdata",
        "version": version("conflictdata"),
        "rules": [_make_rule(e) for e in entries.values()],
    }
    run = {
        "tool": {"driver": driver},
        "invocations": [{"executionSuccessful": True}],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The folder in which the check ran."}}},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return dump({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _make_message(*lines: str) -> dict[str, str]:
    """Make a message from lines of text.

    Escapes braces, which mark placeholders in SARIF (3.11.5), and splits `](`, so that data cannot form links (3.11.6).
    """
    text = "\n".join(escape_hidden(line) for line in lines)
    return {"text": text.replace("{", "{{").replace("}", "}}").replace("](", "] (")}


def _make_rule(info: RuleText) -> dict[str, Any]:
    rule: dict[str, Any] = {"id": escape_hidden(info.id)}
    if info.why:
        rule["shortDescription"] = _make_message(info.why.partition(". ")[0].removesuffix(".") + ".")
        rule["fullDescription"] = _make_message(info.why)
    if info.hint:
        rule["help"] = _make_message(info.hint)
    rule["defaultConfiguration"] = {"level": info.severity}
    rule["properties"] = {
        "tags": [escape_hidden(info.id).partition(".")[0]],
        "problem.severity": info.severity,
        "waivable": info.waivable,
    }
    return rule


def _make_result(finding: Finding, numbers: dict[str, int], counts: Counter[str]) -> dict[str, Any]:
    mark = _compute_fingerprint(finding)
    counts[mark] += 1
    result: dict[str, Any] = {
        "ruleId": escape_hidden(finding.rule),
        "ruleIndex": numbers[finding.rule],
        "level": finding.severity,
        "message": _make_message(finding.message, *advice(finding)),
    }
    if finding.place and finding.place.file:
        result["locations"] = [_make_location(finding, finding.place)]
    result["partialFingerprints"] = {FINGERPRINT: f"{mark}:{counts[mark]}"}
    return result


def _make_location(finding: Finding, place: Place) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": make_artifact_location(place.file)}
    if place.line:
        physical["region"] = {"startLine": place.line, **({"startColumn": place.column} if place.column else {})}
    location: dict[str, Any] = {"physicalLocation": physical}
    if finding.record:
        location["logicalLocations"] = [{"fullyQualifiedName": escape_hidden(f"{finding.table} {finding.record}")}]
    return location


def make_artifact_location(file: str) -> dict[str, str]:
    """Make an artifactLocation.

    Its URI is relative to the working folder, or a file URI if the path is absolute.
    """
    absolute = file.startswith("/") or file[1:3] in (":/", ":\\")
    if absolute:
        return {"uri": "file:///" + quote(file.replace("\\", "/").lstrip("/"), safe="/:", errors="replace")}
    return {"uri": quote(file, errors="replace"), "uriBaseId": ROOT}


def _compute_fingerprint(finding: Finding) -> str:
    """Compute a fingerprint that survives moved lines and corrected figures.

    It covers file, rule, table, fields, and the record, or the message if there is no record.
    """
    what = finding.record or finding.message
    file = finding.place.file if finding.place else ""
    parts = (file, finding.rule, finding.table, what, *finding.fields)
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
