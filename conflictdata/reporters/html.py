"""A report as one HTML page that needs nothing else: no script, no request, everything escaped by the template engine."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from conflictdata.findings import Finding, Report
from conflictdata.reporters.common import (
    by_rule,
    first,
    place_of,
    plural,
    shortened,
    totals,
    verdict,
    visible,
    waiver_line,
)
from conflictdata.validation.catalogue import Entry, entry

if TYPE_CHECKING:
    from jinja2 import Template

CAP = 2_000  # findings on the page; a browser on a phone still scrolls it
LONGEST = 2_000  # characters of a text

_NO_ANCHOR = re.compile("[^A-Za-z0-9.-]")
_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Section:
    """One rule and its findings, as the page shows them."""

    anchor: str
    rule: Entry
    kind: str  # of the findings: error, warning or waived
    findings: list[Finding]

    @property
    def count(self) -> str:
        """How many findings, as a text."""
        number = len(self.findings)
        return f"{number:,} waived" if self.kind == "waived" else plural(number, self.kind)


def render(report: Report) -> str:
    """The report as an HTML page: the verdict, a list of rules to choose from, a table a rule."""
    shown = first(report.findings, CAP)
    return _template().render(
        headline=_headline(report),
        ok=report.ok,
        totals=totals(report),
        verdict=verdict(report),
        sections=_sections(shown),
        waived=_sections(first(report.waived, CAP), waived=True),
        rest=len(report.findings) - len(shown),
        evaluated=sorted(report.evaluated.items()),
    )


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES, encoding="utf-8"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update({"visible": _shown, "place": place_of, "waiver_line": waiver_line})
    return environment.get_template("report.html.jinja")


def _shown(text: str) -> str:
    return shortened(visible(text), LONGEST)


def _sections(findings: list[Finding], waived: bool = False) -> list[Section]:
    """Rules with errors first, then by id."""
    sections = []
    for rule, found in sorted(by_rule(findings).items(), key=lambda item: (item[1][0].severity != "error", item[0])):
        kind = "waived" if waived else found[0].severity  # a rule has one severity
        anchor = f"{'waived' if waived else 'rule'}-{_NO_ANCHOR.sub('-', rule)}"
        sections.append(Section(anchor, entry(found[0]), kind, found))
    return sections


def _headline(report: Report) -> str:
    if not report.ok:
        return plural(len(report.errors), "error")
    return f"No errors, {plural(len(report.warnings), 'warning')}" if report.warnings else "Clean"
