"""A report as GitHub annotations: one workflow command per line.

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

CAP = 10  # annotations of one severity that GitHub shows per step; it drops the rest without notice
LONGEST = 2_000  # characters of a message
FILES = 5  # files named in the notice

# `escape_hidden` removes line breaks already. These are the escapes that the runner documents.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def render(report: Report) -> str:
    """Render errors and warnings as workflow commands, and a notice about the rest."""
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
    # The runner's log shows only the message, so repeat the location in it.
    parts = [format_location(finding), escape_hidden(finding.message)]
    text = ": ".join(shorten_text(part, LONGEST) for part in parts if part)
    return _format_command(finding.severity, properties, "\n".join([text, *advice(finding, LONGEST)]))


def _format_rest(rest: list[Finding]) -> str:
    """Summarise the findings that are not shown.

    Gives their number, their files, and the command that lists them.
    """
    errors = sum(f.severity == "error" for f in rest)
    counts = {"error": errors, "warning": len(rest) - errors}
    total = " and ".join(format_count(number, f"more {noun}") for noun, number in counts.items() if number)
    files = sorted(group_by_file(rest).items(), key=lambda item: (-len(item[1]), item[0]))
    named = [
        f"{shorten_text(escape_hidden(file), 200) or 'no file'} ({len(listed):,})" for file, listed in files[:FILES]
    ]
    if len(files) > FILES:
        named.append(format_count(len(files) - FILES, "other file"))
    return f"{total} not shown here: {', '.join(named)}\nAll are listed by: conflictdata validate --concise"
