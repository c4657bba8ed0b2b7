"""Metadata of a package: name, title, licence and sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

CC_BY = {
    "name": "CC-BY-4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
    "title": "Creative Commons Attribution 4.0 International",
}
_SUMMARY = (
    "Who says that how many people were killed, injured, missing, captured or displaced, over which window and where: "
    "claims of news pages and reports, coded by hand. Each number keeps its source, its bounds as they were said, its "
    "breakdown and its revisions. Claims are evidence, not truth: nothing is averaged, repaired or filled in, and what "
    "contradicts itself is published unchanged, and flagged."
)
_SOURCES = {"title": "The pages and reports listed in the table sources", "path": "csv/sources.csv"}
_KEYWORDS = ("armed conflict", "casualties", "civilians", "displacement", "claims", "sources", "open data")


@dataclass(frozen=True)
class About:
    """Metadata of a package.

    Attributes:
        name: Name of the data package.
        title: Title.
        summary: Description, in a few sentences.
        licence: `name`, `title` and, if there is one, `path`.
        licence_note: What users of the data must do.
        contributors: Who made the package.
        sources: Where its numbers come from.
        keywords: Search terms.
        imported: For a package made from a third-party dataset: what it was made from. Such a package is validated as
            an import. Otherwise empty.
        sections: Markdown for the README, placed before the licence.
        collection: For a collection: its name. Otherwise empty.
        caution: For a collection: what readers must know before they use a number.
        licence_text: Text of the licence, for a file of the package. Empty: no file.
    """

    name: str = "conflictdata"
    title: str = "Casualty claims in armed conflicts"
    summary: str = _SUMMARY
    licence: Mapping[str, str] = field(default_factory=lambda: CC_BY)
    licence_note: str = (
        "Name the project and its version. The texts of the sources are not part of the data and stay with\n"
        "their publishers."
    )
    contributors: tuple[Mapping[str, Any], ...] = (
        {"title": "The conflictdata project", "roles": ["creator", "publisher"]},
    )
    sources: tuple[Mapping[str, str], ...] = (_SOURCES,)
    keywords: tuple[str, ...] = _KEYWORDS
    imported: Mapping[str, Any] = field(default_factory=dict)
    sections: str = ""
    collection: str = ""
    caution: str = ""
    licence_text: str = ""


OURS = About()
