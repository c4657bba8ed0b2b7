"""A report as GitHub annotations: one workflow command a line.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import (
    advice,
    escape_hidden,
    format_count,
    format_location,
    group_by_file,
    shorten_text,
)

CAP = 10  # annotations of a kind that GitHub shows of one step; it drops the others in silence
LONGEST = 2_000  # characters of a message
FILES = 5  # files named for what does not fit

# `escape_hidden` leaves no line break in a text; the runner's own escapes of them are here all the same.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    """The report as workflow commands: the errors, the warnings, and a notice about what does not fit."""
    shown = [*report.errors[:CAP], *report.warnings[:CAP]]
    lines = [_format_annotation(finding) for finding in shown]
    if rest := [*report.errors[CAP:], *report.warnings[CAP:]]:
        lines.append(_format_command("notice", {"title": "conflictdata"}, _format_rest(rest)))
    return "".join(f"{line}\n" for line in lines)


def _format_command(name: str, properties: dict[str, str], message: str) -> str:
    pairs = ",".join(f"{key}={value.translate(_PROPERTY)}" for key, value in properties.items())
    return f"::{name} {pairs}::{message.translate(_DATA)}"


def _format_annotation(finding: Finding) -> str:
    place = finding.place
    properties: dict[str, str] = {}
    if place and place.file:
        properties["file"] = escape_hidden(place.file)
        if place.line:
            properties["line"] = str(place.line)
            if place.column:
                properties["col"] = str(place.column)
    properties["title"] = escape_hidden(finding.rule)
    # The runner's log keeps only the message, so that it names the place again.
    parts = [format_location(finding), escape_hidden(finding.message)]
    text = ": ".join(shorten_text(part, LONGEST) for part in parts if part)
    return _format_command(finding.severity, properties, "\n".join([text, *advice(finding, LONGEST)]))


def _format_rest(rest: list[Finding]) -> str:
    """What does not fit: how much, in which files, and where all of it is to be had."""
    errors = sum(f.severity == "error" for f in rest)
    counts = {"error": errors, "warning": len(rest) - errors}
    counted = " and ".join(format_count(number, f"more {noun}") for noun, number in counts.items() if number)
    files = sorted(group_by_file(rest).items(), key=lambda item: (-len(item[1]), item[0]))
    named = [
        f"{shorten_text(escape_hidden(file), 200) or 'no file'} ({len(listed):,})" for file, listed in files[:FILES]
    ]
    if len(files) > FILES:
        named.append(format_count(len(files) - FILES, "other file"))
    return f"{counted} not shown here: {', '.join(named)}\nAll are listed by: conflictdata validate --concise"
