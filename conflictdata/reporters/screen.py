"""A report on one screen, for `print` and notebooks."""

from __future__ import annotations

from html import escape

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import escape_hidden, format_location, format_verdict, select_first, shorten_text

CAP = 20  # findings shown
LONGEST = 200  # characters of a text

_HEADINGS = ("Severity", "Place", "Rule", "Record", "What is wrong")


def render_text(report: Report) -> str:
    """Render the verdict and the first findings, one line each."""
    lines = [f"Report: {format_verdict(report)}"]
    for severity, place, rule, _, message in map(_list_cells, select_first(report.findings, CAP)):
        lines.append(f"  {f'{place}: ' if place else ''}{severity}[{rule}]: {message}")
    return "\n".join([*lines, *_list_closing_lines(report)])


def render_html(report: Report) -> str:
    """Render the verdict and the first findings as a table in HTML."""
    head = "".join(f"<th>{name}</th>" for name in _HEADINGS)
    rows = (
        "".join(f"<td>{escape(text)}</td>" for text in _list_cells(finding))
        for finding in select_first(report.findings, CAP)
    )
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    rest = "".join(f"<p>{escape(line)}</p>" for line in _list_closing_lines(report))
    body = f"<table><thead><tr>{head}</tr></thead><tbody>{table}</tbody></table>" if table else ""
    return f"<div><p><b>{escape(format_verdict(report))}</b></p>{body}{rest}</div>"


def _list_cells(finding: Finding) -> list[str]:
    record = f"{finding.table} {finding.record}" if finding.record else ""
    texts = (finding.severity, format_location(finding), finding.rule, record, finding.message)
    return [shorten_text(escape_hidden(text), LONGEST) for text in texts]


def _list_closing_lines(report: Report) -> list[str]:
    """Return how many findings are not shown, and what was not evaluated."""
    rest = max(0, len(report.findings) - CAP) + sum(report.unlisted.values())
    more = [f"... and {rest:,} more; to_frame() has {len(report.findings):,}"] if rest else []
    return more + [f"not evaluated: {shorten_text(escape_hidden(line), LONGEST)}" for line in report.not_evaluated[:2]]
