"""Entries of a bibliography, as BibTeX, APA and CFF."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from conflictdata.datapackage.metadata import citation_cff
from conflictdata.datapackage.metadata.dataset import AUTHOR

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip

_MANY = 30  # a running toll of a collection has thousands of claims on one page

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",  # BibTeX counts braces, escaped ones too
        "}": r"\textbraceright{}",
        "#": r"\#",
        "$": r"\$",
        "%": r"\%",
        "&": r"\&",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class CitedVersion:
    """A version of the data.

    Attributes:
        title: Title of the dataset.
        number: `major.minor.patch`.
        released_on: Day of the release.
        licence: SPDX name.
        author: Who made the data.
        collection: Name of the collection. Empty for the curated records.
    """

    title: str
    number: str
    released_on: dt.date
    licence: str
    author: str = AUTHOR
    collection: str = ""

    @property
    def edition(self) -> str:
        """Return the version in words, with the name of the collection."""
        return f"Version {self.number}" + (f", conflictdata collection {self.collection}" if self.collection else "")


@dataclass(frozen=True)
class CitedPage:
    """A page with claims.

    Attributes:
        source_id: Key of the page.
        publisher: Name of the publisher.
        kind: "article", "report", …, as in the vocabulary.
        published_on: Day of publication.
        url: Address, or `urn:` if the address is lost.
        accessed_on: Day on which the page was read, if known.
        claimants: Names of the claimants, in order.
        claims: Keys of the cited claims, in order.
    """

    source_id: str
    publisher: str
    kind: str
    published_on: dt.date
    url: str
    accessed_on: dt.date | None
    claimants: tuple[str, ...]
    claims: tuple[str, ...]

    @property
    def about(self) -> str:
        """Return the claimants and the ids of the cited claims, in words; of many ids, the first and the last."""
        many = len(self.claims) > _MANY
        ids = f"{len(self.claims):,}: {self.claims[0]} … {self.claims[-1]}" if many else ", ".join(self.claims)
        return f"claims of {', '.join(self.claimants)} ({ids})"


def render_bibtex(version: CitedVersion, pages: Sequence[CitedPage]) -> str:
    """Return BibTeX, one `@misc` per entry. The keys are the ids."""
    data = {
        "author": f"{{{_escape_latex(version.author)}}}",
        "title": f"{{{_escape_latex(version.title)}}}",
        "year": str(version.released_on.year),
        "month": str(version.released_on.month),
        "howpublished": "Data set",
        "note": _escape_latex(f"{version.edition}, {version.licence}"),
    }
    return "\n".join(
        [
            _render_misc("-".join(filter(None, ["conflictdata", version.collection, version.number])), data),
            *(_render_misc(p.source_id, _build_fields(p)) for p in pages),
        ]
    )


def _build_fields(page: CitedPage) -> dict[str, str]:
    day = page.published_on
    title = f"{page.kind.capitalize()} of {day.day} {MONTHS[day.month - 1]} {day.year}"
    accessed = f"; accessed {page.accessed_on.isoformat()}" if page.accessed_on else ""
    return {
        "author": f"{{{_escape_latex(page.publisher)}}}",
        "title": f"{{{title}}}",
        "year": str(day.year),
        "month": str(day.month),
        # BibTeX reads this field verbatim, so characters that would end it are encoded, not escaped.
        "url": quote(page.url, safe=":/?#[]@!$&'()*+,;=%~"),
        "note": _escape_latex(page.about + accessed),
    }


def _render_misc(key: str, fields: dict[str, str]) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{lines}}}\n"


def _escape_latex(text: str) -> str:
    return text.translate(_LATEX)


def render_apa(version: CitedVersion, pages: Sequence[CitedPage]) -> str:
    """Return APA, 7th edition, one line per entry.

    The dataset comes first, then the pages by publisher and day.
    """
    head = f"{version.author}. ({version.released_on.year}). {version.title} ({version.edition}) [Data set]."
    listed = sorted(pages, key=lambda p: (p.publisher.casefold(), p.published_on, p.source_id))
    return "\n".join([head, *map(_render_apa_entry, listed)]) + "\n"


def _render_apa_entry(page: CitedPage) -> str:
    day = page.published_on
    when = f"{day.year}, {MONTHS[day.month - 1]} {day.day}"
    return f"{page.publisher.rstrip('.')}. ({when}). [{page.kind.capitalize()}; {page.about}]. {page.url}"


def render_cff(version: CitedVersion, pages: Sequence[CitedPage]) -> str:
    """Return CITATION.cff 1.2.0, with the pages under `references`."""
    document: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": citation_cff.MESSAGE,
        "type": "dataset",
        "title": version.title,
        "version": version.number,
        "date-released": version.released_on.isoformat(),
        "authors": [{"name": version.author}],
        "license": version.licence,
    }
    if pages:
        document["references"] = [_build_reference(page) for page in pages]
    return citation_cff.render_yaml(document)


def _build_reference(page: CitedPage) -> dict[str, Any]:
    day = page.published_on
    where = (
        {"url": page.url}
        if page.url.startswith("http")
        else {"identifiers": [{"type": "other", "value": page.url, "description": "the address is lost"}]}
    )
    return {
        "type": "report" if page.kind == "report" else "article",
        "title": f"{page.kind.capitalize()} of {day.isoformat()}",
        "authors": [{"name": page.publisher}],
        "date-published": day.isoformat(),
        **({"date-accessed": page.accessed_on.isoformat()} if page.accessed_on else {}),
        **where,
        "notes": page.about,
    }


STYLES = {"bibtex": render_bibtex, "apa": render_apa, "cff": render_cff}
