"""Helpers shared by the formats of a report: closing lines, escaping, grouping."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from conflictdata.findings import Finding, Report
from conflictdata.seeds.scalars import write_found

# Characters that every format escapes: control characters (terminals execute them, XML forbids them), marks that
# reverse or hide text, line separators, lone surrogates (from file names that are not UTF-8), non-characters.
# The joiners U+200C and U+200D are kept: Persian names and many Indian scripts need them.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)

_NOUNS = {
    "sources": "source", "claims": "claim", "figures": "figure", "events": "event",
    "actors": "actor", "locations": "location",
}  # fmt: skip


def escape_hidden(text: str) -> str:
    r"""Return a text on one line, with hidden characters written as `\n` or `\u202e`."""
    return HIDDEN.sub(lambda hit: hit[0].encode("unicode_escape").decode("ascii"), text)


def shorten_text(text: str, longest: int) -> str:
    """Shorten a text to `longest` characters, ending in `…` if it was cut."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def format_location(finding: Finding) -> str:
    """Format the location of a finding as `file:line:column`, as far as it is known."""
    return escape_hidden(str(finding.place)) if finding.place and finding.place.file else ""


def advice(finding: Finding, longest: int | None = None) -> list[str]:
    """Return what to do about a finding, one line each.

    The lines are the hint, and the `found` line of a waiver that would cover an error.

    Args:
        finding: The finding.
        longest: Limit for the hint, in characters. Default: no limit.
    """
    hint = escape_hidden(finding.hint) if longest is None else shorten_text(escape_hidden(finding.hint), longest)
    parts = {"hint": hint, "in a waiver": waiver_line(finding)}
    return [f"{name}: {text}" for name, text in parts.items() if text]


def waiver_line(finding: Finding) -> str:
    """Return the `found` line of a waiver that would cover an error.

    Returns "" if the finding cannot be waived, and for warnings, which block nothing.
    """
    return escape_hidden(write_found(finding.found)) if finding.found and finding.severity == "error" else ""


def select_first(findings: Sequence[Finding], cap: int) -> list[Finding]:
    """Return the findings to show if at most `cap` fit.

    Errors come before warnings; otherwise the order does not change.
    """
    return sorted(findings, key=lambda f: f.severity != "error")[:cap] if len(findings) > cap else list(findings)


def group_by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Group findings by file, sorted by location.

    Findings without a file come first, under the name "".
    """
    return _group_findings(sorted(findings, key=Finding.sort_key), lambda f: f.place.file if f.place else "")


def group_by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Group findings by rule, in their order."""
    return _group_findings(findings, lambda f: f.rule)


def _group_findings(findings: Iterable[Finding], name: Callable[[Finding], str]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(name(finding), []).append(finding)
    return groups


def format_count(number: int, noun: str) -> str:
    """Format a number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def format_verdict(report: Report) -> str:
    """Format the result in one line: `2 errors, 1 warning, 6 waived`."""
    more = report.unlisted
    errors = format_count(len(report.errors) + more.get("error", 0), "error")
    warnings = format_count(len(report.warnings) + more.get("warning", 0), "warning")
    return f"{errors}, {warnings}, {len(report.waived):,} waived"


def format_totals(report: Report) -> list[str]:
    """Format the notes, the number of records read, and the totals of all rules."""
    records = [format_count(report.counts[t], noun) for t, noun in _NOUNS.items() if report.counts.get(t)]
    read = [f"Read {format_count(report.files, 'file')}: {', '.join(records)}."] if records else []
    tallies = report.evaluated.values()
    valid, invalid, unknown = (sum(getattr(t, name) for t in tallies) for name in ("valid", "invalid", "unknown"))
    return [
        *map(escape_hidden, report.notes),
        *(f"not evaluated: {line}" for line in report.not_evaluated),
        *read,
        f"{format_count(len(tallies), 'rule')}: {valid:,} checks passed, {invalid:,} failed, {unknown:,} could not be decided"
        + (" (a value is missing, or is already reported)." if unknown else "."),
    ]


def format_summary(report: Report) -> list[str]:
    """Format the closing lines: totals and verdict."""
    return [*format_totals(report), format_verdict(report)]
