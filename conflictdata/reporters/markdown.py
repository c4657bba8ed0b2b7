"""A report as GitHub-flavoured Markdown, for a job summary or a comment.

Verdict, counts, and one table per file.
"""

from __future__ import annotations

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import (
    advice,
    escape_hidden,
    format_count,
    format_totals,
    format_verdict,
    group_by_file,
    select_first,
    shorten_text,
)
from conflictdata.validation import incomplete

CAP = 50  # rows; with the lengths below, a summary stays under 1 MiB, from which on GitHub discards it
LONG, SHORT = 400, 120  # characters: of a message or hint; of a name
NAMES = 2_000  # limit for the message that lists the rules that were not evaluated; one per table

# GitHub must not read a cell as markup. It looks for mentions (`@`, `#`) after Markdown, in runs of text, and the
# <span> splits the run. `$` would start a formula.
_ESCAPES = str.maketrans(
    {c: f"&#{ord(c)};" for c in "&<>|\\"} | {c: f"\\{c}" for c in "`*_[]~"} | {c: f"<span>{c}</span>" for c in "@#$"}
)


def render(report: Report) -> str:
    """Render at most 50 findings as Markdown; errors come first if not all fit."""
    shown = select_first(report.findings, CAP)
    blocks = [
        f"## conflictdata: {_format_headline(report)}",
        "\\\n".join([*format_totals(report), f"**{format_verdict(report)}**"]),
    ]
    for file, findings in group_by_file(shown).items():
        blocks += [f"### {_escape_text(file, 2 * SHORT) or 'Without a file'}", _format_table(findings)]
    if rest := len(report.findings) - len(shown):
        blocks.append(f"… and {rest:,} more. `conflictdata validate --concise` lists all.")
    return "\n\n".join(blocks) + "\n"


def _format_headline(report: Report) -> str:
    if not report.ok:
        return format_count(len(report.errors), "error")
    return f"no errors, {format_count(len(report.warnings), 'warning')}" if report.warnings else "clean"


def _escape_text(text: str, longest: int) -> str:
    return shorten_text(escape_hidden(text), longest).translate(_ESCAPES)


def _format_table(findings: list[Finding]) -> str:
    rows = ["| Line | Rule | What is wrong |", "| ---: | --- | --- |"]
    for finding in findings:
        place = finding.place
        line = (
            f"{place.line}:{place.column}"
            if place and place.column
            else str(place.line)
            if place and place.line
            else ""
        )
        rule = f"**{finding.severity}**<br>{_escape_text(finding.rule, SHORT)}"
        parts = [_escape_text(finding.message, NAMES if finding.rule == incomplete.RULE else LONG)]
        if finding.record:
            parts.append(f"<sub>{_escape_text(f'{finding.table} {finding.record}', SHORT)}</sub>")
        parts += [line.translate(_ESCAPES) for line in advice(finding, LONG)]
        rows.append(f"| {line} | {rule} | {'<br>'.join(parts)} |")
    return "\n".join(rows)
