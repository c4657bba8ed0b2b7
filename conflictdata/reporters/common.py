"""What the forms of a report share: its closing lines, texts that hide nothing, and which findings come first."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from conflictdata.findings import Finding, Report
from conflictdata.seeds.scalars import write_found

# Characters that no form shows as they are: control characters (a terminal obeys them, XML forbids them), marks that turn
# or hide text, line separators, halves of surrogate pairs (from file names that are not UTF-8), non-characters.
# The joiners U+200C and U+200D stay: Persian names and many Indian scripts need them.
HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)

_NOUNS = {
    "sources": "sources", "claims": "claims", "figures": "figures", "events": "events",
    "actors": "actors", "locations": "locations",
}  # fmt: skip


def escape_hidden(text: str) -> str:
    r"""A text on one line, with every hidden character written out: `\n`, `\x1b`, `\u202e`."""
    return HIDDEN.sub(lambda hit: hit[0].encode("unicode_escape").decode("ascii"), text)


def shorten_text(text: str, longest: int) -> str:
    """A text of at most `longest` characters; what was cut off shows as three dots."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def format_location(finding: Finding) -> str:
    """`file:line:column` of a finding, as far as it is known; empty where nothing is."""
    return escape_hidden(str(finding.place)) if finding.place and finding.place.file else ""


def advice(finding: Finding, longest: int | None = None) -> list[str]:
    """Return what to do about a finding, one line each: the hint, and the line with which a waiver would cover an error.

    Args:
        finding: The finding.
        longest: Most characters of a hint. Default: as many as it has.
    """
    hint = escape_hidden(finding.hint) if longest is None else shorten_text(escape_hidden(finding.hint), longest)
    parts = {"hint": hint, "in a waiver": waiver_line(finding)}
    return [f"{name}: {text}" for name, text in parts.items() if text]


def waiver_line(finding: Finding) -> str:
    """Return the line with which a waiver covers an error; "" if none may, and for a warning, which blocks nothing."""
    return escape_hidden(write_found(finding.found)) if finding.found and finding.severity == "error" else ""


def select_first(findings: Sequence[Finding], cap: int) -> list[Finding]:
    """The findings that are shown where only so many fit: errors before warnings, else in their order."""
    return sorted(findings, key=lambda f: f.severity != "error")[:cap] if len(findings) > cap else list(findings)


def group_by_file(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by the file they lie in, in order of place; those without a file come first, under the empty name."""
    return _group_findings(sorted(findings, key=Finding.sort_key), lambda f: f.place.file if f.place else "")


def group_by_rule(findings: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Findings by rule, in their order."""
    return _group_findings(findings, lambda f: f.rule)


def _group_findings(findings: Iterable[Finding], name: Callable[[Finding], str]) -> dict[str, list[Finding]]:
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(name(finding), []).append(finding)
    return groups


def format_count(number: int, noun: str) -> str:
    """A number with its noun: `1 error`, `2 errors`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def format_verdict(report: Report) -> str:
    """What was found, in one line: `2 errors, 1 warning, 6 waived`."""
    more = report.unlisted
    errors = format_count(len(report.errors) + more.get("error", 0), "error")
    warnings = format_count(len(report.warnings) + more.get("warning", 0), "warning")
    return f"{errors}, {warnings}, {len(report.waived):,} waived"


def format_totals(report: Report) -> list[str]:
    """What was read, where the records are known, and what was asked."""
    records = [f"{report.counts[t]:,} {noun}" for t, noun in _NOUNS.items() if report.counts.get(t)]
    read = [f"{', '.join(records)} in {format_count(report.files, 'file')}"] if records else []
    tallies = report.evaluated.values()
    valid, invalid, unknown = (sum(getattr(t, name) for t in tallies) for name in ("valid", "invalid", "unknown"))
    return [
        *map(escape_hidden, report.notes),
        *read,
        f"{len(tallies)} rules: {valid:,} valid, {invalid:,} invalid, {unknown:,} unknown",
    ]


def format_summary(report: Report) -> list[str]:
    """The closing lines: what was read, what was asked, what was found."""
    return [*format_totals(report), format_verdict(report)]
