"""A report as text: one finding a block, the place first, the arithmetic in the message, the way out below it."""

from __future__ import annotations

import io
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import advice, escape_hidden, format_location, format_summary, select_first

CAP = 50  # findings printed in full; all are counted
LINES = 1_000  # findings beyond these that have a line each

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def _print(console: Console, line: Text) -> None:
    """Print a line as long as it is. Where nothing is styled, rich would take longer over a thousand lines than a check may."""
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
    """`file:line:column: error: message [rule]`, as compilers write it and editors read it; the record where there is no line."""
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
    """Print findings alone, each in full."""
    for finding in findings:
        _print_finding(console, finding)


def render(
    report: Report, console: Console, *, cap: int | None = CAP, errors_only: bool = False, concise: bool = False
) -> None:
    """Print a report.

    Args:
        report: the report.
        console: where to.
        cap: how many findings are printed in full, with `LINES` more in a line each, errors first where they do not all
            fit; None for all.
        errors_only: leave warnings out.
        concise: one line a finding, all of them, without hints, and the closing line alone.
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
    console.file.flush()  # a pipe that is closed is noticed here, and not when Python ends


def render_plain(report: Report, *, concise: bool = False) -> str:
    """The report as a text without colours, for a file: every finding in full, or one line each."""
    text = io.StringIO()
    render(report, Console(file=text, highlight=False, color_system=None, width=80), cap=None, concise=concise)
    return text.getvalue()
