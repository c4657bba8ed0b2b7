"""A report as one self-contained HTML page.

The page has no scripts and loads nothing. The template engine escapes all text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import (
    escape_hidden,
    format_count,
    format_location,
    format_totals,
    format_verdict,
    group_by_rule,
    select_first,
    shorten_text,
    waiver_line,
)
from conflictdata.rules.texts import RuleText
from conflictdata.validation.catalogue import find_rule_text

if TYPE_CHECKING:
    from jinja2 import Template

CAP = 2_000  # findings on the page; a phone can still scroll it
LONGEST = 2_000  # characters of a text

_NO_ANCHOR = re.compile("[^A-Za-z0-9.-]")
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class RuleSection:
    """A rule and its findings, as the page shows them.

    Attributes:
        anchor: Id of the section in the page.
        rule: The rule.
        kind: `error`, `warning` or `waived`.
        findings: The findings to show.
    """

    anchor: str
    rule: RuleText
    kind: str  # of the findings: error, warning or waived
    findings: list[Finding]

    @property
    def count(self) -> str:
        """Number of findings, as text."""
        number = len(self.findings)
        return f"{number:,} waived" if self.kind == "waived" else format_count(number, self.kind)


def render(report: Report) -> str:
    """Render the report as an HTML page: verdict, list of rules, one table per rule."""
    shown = select_first(report.findings, CAP)
    return _load_template().render(
        headline=_format_headline(report),
        ok=report.ok,
        totals=format_totals(report),
        verdict=format_verdict(report),
        sections=_build_sections(shown),
        waived=_build_sections(select_first(report.waived, CAP), waived=True),
        rest=len(report.findings) - len(shown),
        evaluated=sorted(report.evaluated.items()),
    )


@cache
def _load_template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({"visible": _format_text, "place": format_location, "waiver_line": waiver_line})
    return environment.get_template("report.html.jinja")


def _format_text(text: str) -> str:
    return shorten_text(escape_hidden(text), LONGEST)


def _build_sections(findings: list[Finding], waived: bool = False) -> list[RuleSection]:
    """Build one section per rule: rules with errors first, then by id."""
    sections = []
    for rule, members in sorted(
        group_by_rule(findings).items(), key=lambda item: (item[1][0].severity != "error", item[0])
    ):
        kind = "waived" if waived else members[0].severity  # a rule has one severity
        anchor = f"{'waived' if waived else 'rule'}-{_NO_ANCHOR.sub('-', rule)}"
        sections.append(RuleSection(anchor, find_rule_text(members[0]), kind, members))
    return sections


def _format_headline(report: Report) -> str:
    if not report.ok:
        return format_count(len(report.errors), "error")
    return f"No errors, {format_count(len(report.warnings), 'warning')}" if report.warnings else "Clean"
