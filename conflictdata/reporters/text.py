"""A report as text: one block per finding.

A block has the location and the message with its arithmetic, then the record and how to fix it.
"""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import advice, escape_hidden, format_location, format_summary, select_first

CAP = 50  # findings printed in full
LINES = 1_000  # further findings, printed in one line each

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def _print(console: Console, line: Text) -> None:
    """Print a line without wrapping it.

    Bypasses rich if nothing is styled: rendering a thousand lines would take longer than the check itself.
    """
    if console.is_terminal or console.color_system or console.record:
        console.print(line, soft_wrap=True)
    else:
        console.file.write(f"{line.plain}\n")


def _print_finding(console: Console, finding: Finding) -> None:
    head = Text()
    if place := format_location(finding):
        head.append(f"{place}: ", style="bold")
    head.append(finding.severity, style=_STYLES[finding.severity])
    head.append(f"[{escape_hidden(finding.rule)}] ", style="cyan")
    head.append(escape_hidden(finding.message))
    _print(console, head)
    if finding.record:
        _print(console, Text(escape_hidden(f"    {finding.table} {finding.record}"), style="dim"))
    for line in advice(finding):
        _print(console, Text(f"    {line}"))


def _print_line(console: Console, finding: Finding) -> None:
    """Print a finding as `file:line:column: error: message [rule]`.

    Compilers use this form and editors read it. Adds the record if the line is unknown.
    """
    line = Text()
    if place := format_location(finding):
        line.append(f"{place}: ", style="bold")
    if finding.record and place and finding.place and not finding.place.line:
        line.append(escape_hidden(f"{finding.table} {finding.record}: "), style="bold")
    line.append(f"{finding.severity}: ", style=_STYLES[finding.severity])
    line.append(escape_hidden(finding.message))
    line.append(f" [{escape_hidden(finding.rule)}]", style="cyan")
    _print(console, line)


def _print_blocks(console: Console, findings: list[Finding], cap: int | None) -> None:
    shown = findings if cap is None else select_first(findings, cap + LINES)
    for finding in shown[:cap]:
        _print_finding(console, finding)
    for finding in shown[len(shown) if cap is None else cap :]:
        _print_line(console, finding)
    if rest := len(findings) - len(shown):
        console.print(f"... and {rest:,} more (--concise and --format json list all)")
    if shown:
        console.print()


def render_findings(findings: Iterable[Finding], console: Console) -> None:
    """Print findings in full, without closing lines."""
    for finding in findings:
        _print_finding(console, finding)


def render(
    report: Report, console: Console, *, cap: int | None = CAP, errors_only: bool = False, concise: bool = False
) -> None:
    """Print a report.

    Args:
        report: The report.
        console: Where to print it.
        cap: Number of findings to print in full. `LINES` more get one line each. Errors come first if not all fit.
            None: print all in full.
        errors_only: Omit warnings.
        concise: Print one line per finding, without hints, and only the last closing line.
    """
    findings = report.errors if errors_only else report.findings
    if concise:
        for finding in findings:
            _print_line(console, finding)
    else:
        _print_blocks(console, findings, cap)
    if unlisted := sum(
        number for severity, number in report.unlisted.items() if severity == "error" or not errors_only
    ):
        console.print(f"{unlisted:,} more are counted and not listed (--findings FILE.parquet writes all)")
    *lines, last = format_summary(report)
    for line in [] if concise else lines:
        _print(console, Text(line, style="dim"))
    style = "bold green" if report.ok else "bold red"
    _print(console, Text(("clean: " if report.ok else "") + last, style=style))
    console.file.flush()  # raises here if the pipe is closed, and not when Python exits


def render_plain(report: Report, *, concise: bool = False) -> str:
    """Render the report as text without colours, for a file.

    Args:
        report: The report.
        concise: Print one line per finding instead of each in full.
    """
    text = io.StringIO()
    render(report, Console(file=text, highlight=False, color_system=None, width=80), cap=None, concise=concise)
    return text.getvalue()
