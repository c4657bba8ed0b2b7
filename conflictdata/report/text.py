"""A report as text: one finding a block, the place first, the arithmetic in the message, the way out below it."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from conflictdata.findings import Finding, Report

CAP = 50  # findings printed; all are counted

_NOUNS = {
    "sources": "sources", "claims": "claims", "figures": "figures", "events": "events",
    "actors": "actors", "locations": "locations",
}  # fmt: skip


def _finding(console: Console, finding: Finding) -> None:
    style = "bold red" if finding.severity == "error" else "bold yellow"
    head = Text()
    if finding.place:
        head.append(f"{finding.place}: ", style="bold")
    head.append(finding.severity, style=style)
    head.append(f"[{finding.rule}] ", style="cyan")
    head.append(finding.message)
    console.print(head, soft_wrap=True)
    if finding.record:
        console.print(Text(f"    {finding.table} {finding.record}", style="dim"), soft_wrap=True)
    if finding.hint:
        console.print(Text(f"    hint: {finding.hint}"), soft_wrap=True)


def plural(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun}" if number != 1 else f"1 {noun}"


def summary(report: Report) -> list[str]:
    """The closing lines: what was read, what was asked, what was found."""
    seen = [f"{report.counts[t]:,} {noun}" for t, noun in _NOUNS.items() if report.counts.get(t)]
    valid = sum(t.valid for t in report.evaluated.values())
    invalid = sum(t.invalid for t in report.evaluated.values())
    unknown = sum(t.unknown for t in report.evaluated.values())
    lines = []
    if seen:
        files = plural(report.files, "file" if report.files == 1 else "files")
        lines.append(f"{', '.join(seen)} in {files}")
    lines.append(f"{len(report.evaluated)} rules: {valid:,} valid, {invalid:,} invalid, {unknown:,} unknown")
    errors, warnings, waived = len(report.errors), len(report.warnings), len(report.waived)
    lines.append(
        f"{plural(errors, 'error' if errors == 1 else 'errors')}, "
        f"{plural(warnings, 'warning' if warnings == 1 else 'warnings')}, {waived} waived"
    )
    return lines


def render(report: Report, console: Console, *, cap: int = CAP, quiet: bool = False) -> None:
    """Print a report.

    Args:
        report: the report.
        console: where to.
        cap: how many findings are printed, errors first where they do not all fit.
        quiet: leave warnings out.
    """
    findings = report.errors if quiet else report.findings
    if len(findings) > cap:
        findings = sorted(findings, key=lambda f: f.severity != "error")[:cap]
    for finding in findings:
        _finding(console, finding)
    rest = len(report.errors if quiet else report.findings) - len(findings)
    if rest:
        console.print(f"... and {rest:,} more (--format json lists all)")
    if findings:
        console.print()
    lines = summary(report)
    for line in lines[:-1]:
        console.print(Text(line, style="dim"), soft_wrap=True)
    style = "bold green" if report.ok else "bold red"
    console.print(Text(("clean: " if report.ok else "") + lines[-1], style=style), soft_wrap=True)
