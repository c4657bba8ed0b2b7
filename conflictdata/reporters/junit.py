"""A report as JUnit XML: a test suite a table, a test case a rule asked.

A rule with errors fails, once, with all of them in its text: many readers show one failure of a case. Warnings and
waived findings are output of the case. A rule that judged no record is skipped: it says nothing.
"""

from __future__ import annotations

from xml.etree import ElementTree as ET

from conflictdata.findings import Finding, Report, Tally
from conflictdata.reporters.common import advice, by_rule, place_of, plural, visible


def render(report: Report) -> str:
    """The report as a JUnit XML text."""
    errors, warnings, waived = (by_rule(found) for found in (report.errors, report.warnings, report.waived))
    root = ET.Element("testsuites", {"name": "conflictdata"})
    cases: dict[str, list[ET.Element]] = {}
    for rule in sorted({*report.evaluated, *errors, *warnings, *waived}):
        found = [group.get(rule, []) for group in (errors, warnings, waived)]
        cases.setdefault(_table(rule), []).append(_case(rule, report.evaluated.get(rule), *found))
    for table, members in cases.items():
        suite = ET.SubElement(root, "testsuite", {"name": table, **_counts(members)})
        suite.extend(members)
    root.attrib.update(_counts([case for members in cases.values() for case in members]))
    ET.indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{ET.tostring(root, encoding="unicode")}\n'


def _table(rule: str) -> str:
    return visible(rule).partition(".")[0]


def _counts(cases: list[ET.Element]) -> dict[str, str]:
    failed = sum(case.find("failure") is not None for case in cases)
    skipped = sum(case.find("skipped") is not None for case in cases)
    # A check has no times worth comparing; some readers want the attribute.
    return {"tests": str(len(cases)), "failures": str(failed), "errors": "0", "skipped": str(skipped), "time": "0"}


def _case(
    rule: str, tally: Tally | None, errors: list[Finding], warnings: list[Finding], waived: list[Finding]
) -> ET.Element:
    case = ET.Element("testcase", {"name": visible(rule), "classname": _table(rule), "time": "0"})
    if file := next((f.place.file for f in (*errors, *warnings) if f.place), ""):
        case.set("file", visible(file))
    if tally:
        _properties(case, tally, len(waived))
    if errors:
        _failure(case, errors)
    elif tally and not (tally.valid or tally.invalid or warnings):
        ET.SubElement(case, "skipped", {"message": f"no record could be judged: {tally.unknown:,} unknown"})
    if told := [*map(_told, warnings), *(f"waived: {_told(f)}" for f in waived)]:
        ET.SubElement(case, "system-out").text = "\n".join(told)
    return case


def _properties(case: ET.Element, tally: Tally, waived: int) -> None:
    properties = ET.SubElement(case, "properties")
    for name, value in {**tally.as_dict(), "waived": waived}.items():
        ET.SubElement(properties, "property", {"name": name, "value": str(value)})


def _failure(case: ET.Element, errors: list[Finding]) -> None:
    head = visible(errors[0].message)
    message = head if len(errors) == 1 else f"{plural(len(errors), 'error')}, the first: {head}"
    failure = ET.SubElement(case, "failure", {"message": message, "type": "error"})
    failure.text = "\n".join(_told(f) for f in errors)


def _told(finding: Finding) -> str:
    place = place_of(finding)
    head = f"{place}: {finding.severity}: " if place else f"{finding.severity}: "
    return "\n    ".join([head + visible(finding.message), *advice(finding)])
