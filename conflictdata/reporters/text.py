"""A report as text: one block per finding.

A block has the location and the message with its arithmetic, the line with a caret, the record, and how to fix it.
Findings of one rule with the same hint share it. A terminal gets lines that are wrapped at words; a file or a pipe
gets each message in one line, for `grep`.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import escape_hidden, format_location, format_summary, select_first, waiver_line
from conflictdata.reporters.excerpt import Excerpts

CAP = 50  # findings printed in full
LINES = 1_000  # further findings, printed in one line each
_EXPLAINED = 3  # rules that the closing lines name

_STYLES = {"error": "bold red", "warning": "bold yellow"}


def _print(console: Console, line: Text) -> None:
    """Print a line without wrapping it.

    Bypasses rich if nothing is styled: rendering a thousand lines would take longer than the check itself.
    """
    if console.is_terminal or console.color_system or console.record:
        console.print(line, soft_wrap=True)
    else:
        console.file.write(f"{line.plain}\n")


def _print_wrapped(console: Console, line: Text) -> None:
    """Print a line, on a terminal wrapped at words and indented from the second line on."""
    if not console.is_terminal:
        _print(console, line)
        return
    indent = len(line.plain) - len(line.plain.lstrip()) or 4
    start, end, width = 0, 0, console.width
    for word in re.finditer(r"\S+", line.plain):
        if end and cell_len(line.plain[start : word.end()]) > width:
            _print(console, Text.assemble(" " * indent * (start > 0), line[start:end]))
            start, width = word.start(), max(console.width - indent, 20)
        end = word.end()
    _print(console, Text.assemble(" " * indent * (start > 0), line[start:end]))


def _print_finding(console: Console, finding: Finding, excerpt: Iterable[str] = ()) -> None:
    head = Text()
    if place := format_location(finding):
        head.append(f"{place}: ", style="bold")
    head.append(finding.severity, style=_STYLES[finding.severity])
    head.append(f"[{escape_hidden(finding.rule)}] ", style="cyan")
    head.append(escape_hidden(finding.message))
    _print_wrapped(console, head)
    for line in excerpt:
        _print(console, Text(line))
    if finding.record:
        _print(console, Text(escape_hidden(f"    {finding.table} {finding.record}"), style="dim"))
    if found := waiver_line(finding):
        _print(console, Text(f"    in a waiver: {found}"))


def _group_by_hint(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Group findings of one rule with the same hint, in the order of the first of each group."""
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for i, finding in enumerate(findings):
        key = (finding.severity, finding.rule, finding.hint) if finding.hint else (i,)
        groups.setdefault(key, []).append(finding)
    return list(groups.values())


def _print_group(console: Console, group: list[Finding], excerpts: Excerpts | None) -> None:
    """Print findings that share a hint, and the hint once."""
    for finding in group:
        _print_finding(console, finding, excerpts.render(finding) if excerpts else ())
    if hint := escape_hidden(group[0].hint):
        name = "hint" if len(group) == 1 else f"hint for all {len(group)}"
        _print_wrapped(console, Text(f"    {name}: {hint}"))


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


def _print_blocks(console: Console, findings: list[Finding], cap: int | None, excerpts: Excerpts | None) -> None:
    shown = findings if cap is None else select_first(findings, cap + LINES)
    for group in _group_by_hint(shown[:cap]):
        _print_group(console, group, excerpts)
    for finding in shown[len(shown) if cap is None else cap :]:
        _print_line(console, finding)
    if rest := len(findings) - len(shown):
        console.print(f"... and {rest:,} more (--concise and --format json list all)")
    if shown:
        console.print()


def render_findings(findings: Iterable[Finding], console: Console) -> None:
    """Print findings in full, without closing lines."""
    for group in _group_by_hint(findings):
        _print_group(console, group, None)


def _list_explained(findings: Iterable[Finding]) -> list[str]:
    """Return the commands that explain the rules of the first errors."""
    rules = dict.fromkeys(escape_hidden(finding.rule) for finding in findings if finding.severity == "error")
    return [f"For the reason and examples: conflictdata explain {rule}" for rule in list(rules)[:_EXPLAINED]]


def render(
    report: Report,
    console: Console,
    *,
    cap: int | None = CAP,
    errors_only: bool = False,
    concise: bool = False,
    excerpts: Excerpts | None = None,
) -> None:
    """Print a report.

    Args:
        report: The report.
        console: Where to print it.
        cap: Number of findings to print in full. `LINES` more get one line each. Errors come first if not all fit.
            None: print all in full.
        errors_only: Omit warnings.
        concise: Print one line per finding, without hints, and only the last closing line.
        excerpts: Show the lines of the files, which must not have changed since they were read. Default: no lines.
    """
    findings = report.errors if errors_only else report.findings
    if concise:
        for finding in findings:
            _print_line(console, finding)
    else:
        _print_blocks(console, findings, cap, excerpts)
    if unlisted := sum(
        number for severity, number in report.unlisted.items() if severity == "error" or not errors_only
    ):
        console.print(f"{unlisted:,} more are counted and not listed (--findings FILE.parquet writes all)")
    *lines, last = format_summary(report)
    for line in [] if concise else [*lines, *_list_explained(findings)]:
        _print_wrapped(console, Text(line, style="dim"))
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
