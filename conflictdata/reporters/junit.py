"""A report as JUnit XML: one test suite per table, one test case per rule.

A rule with errors gives one failure that lists them all, because many readers show only one failure per case. Warnings
and waived findings are output of the case. A rule that could not decide any record is skipped.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from conflictdata.findings import Finding, Report, Tally
from conflictdata.reporters.common import advice, escape_hidden, format_count, format_location, group_by_rule


def render(report: Report) -> str:
    """Render the report as JUnit XML."""
    errors, warnings, waived = (group_by_rule(findings) for findings in (report.errors, report.warnings, report.waived))
    root = ET.Element("testsuites", {"name": "conflictdata"})
    cases: dict[str, list[ET.Element]] = {}
    for rule in sorted({*report.evaluated, *errors, *warnings, *waived}):
        findings = [group.get(rule, []) for group in (errors, warnings, waived)]
        cases.setdefault(_get_table(rule), []).append(_make_case(rule, report.evaluated.get(rule), *findings))
    for table, members in cases.items():
        suite = ET.SubElement(root, "testsuite", {"name": table, **_count_cases(members)})
        suite.extend(members)
    root.attrib.update(_count_cases([case for members in cases.values() for case in members]))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _get_table(rule: str) -> str:
    return escape_hidden(rule).partition(".")[0]


def _count_cases(cases: list[ET.Element]) -> dict[str, str]:
    failed = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    # Times are not measured, but some readers require the attribute.
    return {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": str(skipped), "time": "0"}


def _make_case(
    rule: str, tally: Tally | None, errors: list[Finding], warnings: list[Finding], waived: list[Finding]
) -> ET.Element:
    case = ET.Element("testcase", {"name": escape_hidden(rule), "classname": _get_table(rule), "time": "0"})
    if file := next((f.place.file for f in (*errors, *warnings) if f.place), ""):
        case.set("file", escape_hidden(file))
    if tally:
        _add_properties(case, tally, len(waived))
    if errors:
        _add_failure(case, errors)
    elif tally and not (tally.valid or tally.invalid or warnings):
        ET.SubElement(case, "skipped", {"message": f"no record could be judged: {tally.unknown:,} unknown"})
    if output := [*map(_format_finding, warnings), *(f"waived: {_format_finding(f)}" for f in waived)]:
        ET.SubElement(case, "system-out").text = "\n".join(output)
    return case


def _add_properties(case: ET.Element, tally: Tally, waived: int) -> None:
    properties = ET.SubElement(case, "properties")
    for name, value in {**tally.as_dict(), "waived": waived}.items():
        ET.SubElement(properties, "property", {"name": name, "value": str(value)})


def _add_failure(case: ET.Element, errors: list[Finding]) -> None:
    head = escape_hidden(errors[0].message)
    message = head if len(errors) == 1 else f"{format_count(len(errors), 'error')}, the first: {head}"
    failure = ET.SubElement(case, "failure", {"message": message, "type": "error"})
    failure.text = "\n".join(_format_finding(f) for f in errors)


def _format_finding(finding: Finding) -> str:
    place = format_location(finding)
    head = f"{place}: {finding.severity}: " if place else f"{finding.severity}: "
    return "\n    ".join([head + escape_hidden(finding.message), *advice(finding)])
