"""Render pages from templates. The engine escapes all text and refuses a value that is not there."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conflictdata.reporters.common import escape_hidden
from conflictdata.site.layout import Page, locate_page
from conflictdata.site.lines import name_event
from conflictdata.site.marks import KEYS, PATHS, draw_mark
from conflictdata.site.permalinks import Withdrawn, locate_successor
from conflictdata.site.records import SiteTables
from conflictdata.site.trees import choose_width
from conflictdata.site.wording import format_day

TEMPLATES = Path(__file__).parent / "templates"
NAVIGATION = (
    ("Explore", "explore.html"),
    ("Conflicts", "conflicts/index.html"),
    ("Claimants", "claimants/index.html"),
    ("Guide", "about.html"),
    ("Download", "data/index.html"),
)
_WEB = re.compile(r"https?://[^\s<>\"'\\]+\Z", re.IGNORECASE)
_LANGUAGE = re.compile(r"[a-z]{2,3}\Z")
_SHIFTS = {"up": 2, "down": 25, "exact": 12, "about": 12, "sum": 12}


class Renderer:
    """Renders pages of one site.

    Args:
        records: The tables.
        address: Web address of the site. Empty if it is not known.
        workbook: Whether the site offers an Excel workbook.
        preview: Path of the picture for previews of links to pages that are about the whole site. Empty if there is none.
        withdrawn: Records of earlier versions.
    """

    def __init__(
        self,
        records: SiteTables,
        address: str,
        *,
        workbook: bool,
        preview: str = "",
        withdrawn: Sequence[Withdrawn] = (),
    ) -> None:
        self._records = records
        package = records.bundle.package
        self._environment = Environment(
            loader=FileSystemLoader(TEMPLATES, encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_show_hidden,
        )
        self._environment.filters.update(web=keep_web_address, long_day=format_day, language_tag=keep_language)
        successors = {row: locate_successor(records, row) for row in withdrawn}
        self._shared: dict[str, Any] = {
            "site_name": package["name"],
            "dataset": package["title"],
            "maker": package["contributors"][0]["title"] if package.get("contributors") else package["name"],
            "licence_name": package["licenses"][0]["name"],
            "year": records.day[:4],
            "version": records.version,
            "release_day": format_day(dt.date.fromisoformat(records.day)),
            "address": address,
            "workbook": workbook,
            "navigation": NAVIGATION,
            "sprite": draw_sprite(),
            "mark": draw_mark,
            "KEYS": KEYS,
            "scripts": False,
            "locate": locate_page,
            "exists": lambda table, id_: records.find_row(table, id_) is not None,
            "name_of": records.find_name,
            "name_event": name_event,
            "choose_width": choose_width,
            "successor": successors.__getitem__,
            "json_ld": Markup(""),
        }
        self._preview = preview
        self._json_ld = describe_dataset(records, address)

    def render(self, page: Page) -> str:
        """Return a page as HTML."""
        context = {
            **self._shared,
            **page.context,
            "page": page,
            "root": page.root,
            # The picture of one toll would mislead on the page of another record.
            "preview": page.preview or ("" if page.root else self._preview),
            # A toll whose claims were all moved to other tolls has no rows.
            "csv_name": "" if page.context.get("csv") == "" else page.path.rpartition("/")[2].replace(".html", ".csv"),
            "description": shorten_description(str(page.context.get("lead", ""))) or str(self._shared["dataset"]),
        }
        if page.path == "index.html":
            context["json_ld"] = self._json_ld
        return self._environment.get_template(page.template).render(context)


def _show_hidden(value: Any) -> Any:
    """Write out signs that cannot be seen or that turn the direction of a text."""
    if isinstance(value, str) and not isinstance(value, Markup) and not value.isprintable():
        return escape_hidden(" ".join(value.splitlines()))
    return value


def shorten_description(text: str) -> str:
    """Return a text for search engines, at most 160 characters."""
    return text if len(text) <= 160 else f"{text[:157].rpartition(' ')[0]}…"


def keep_web_address(text: str | None) -> str:
    """Return an address if it is one of the web. Any other text, such as a script, gives an empty text."""
    return text if text and _WEB.match(text) else ""


def keep_language(code: str | None) -> str:
    """Return a code of a language if it has the form of one."""
    return code if code and _LANGUAGE.match(code) else ""


def draw_sprite() -> Markup:
    """Return the marks of a page, once, for `draw_mark`."""
    symbols = {name: f'<g transform="translate({x} 0)">{PATHS[name]}</g>' for name, x in _SHIFTS.items()}
    symbols["range"] = '<path class="m" d="M1-8V8M23-8V8M1 0H23"/>'
    symbols["words"] = '<path class="w" d="M2 0H24"/>'
    body = "".join(
        f'<symbol id="q-{name}" viewBox="-5 -9 34 18" overflow="visible">{path}</symbol>'
        for name, path in symbols.items()
    )
    return Markup(
        f'<svg width="0" height="0" class="skip" aria-hidden="true" focusable="false"><defs>{body}</defs></svg>'
    )


def describe_dataset(records: SiteTables, address: str) -> Markup:
    """Return the dataset as schema.org JSON-LD. `<` is escaped, so that no text ends the block."""
    package = records.bundle.package
    claims = [claim["as_of"] for claim in records.list_rows("claims") if claim["as_of"]]
    document: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "name": package["title"],
        "description": package.get("description", package["title"]),
        "version": records.version,
        "datePublished": records.day,
        "license": package["licenses"][0].get("path", package["licenses"][0]["name"]),
        "isAccessibleForFree": True,
        "creator": {
            "@type": "Organization",
            "name": package["contributors"][0]["title"] if package.get("contributors") else package["name"],
        },
        "inLanguage": "en",
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": "text/csv",
                "contentUrl": f"{address}data/csv/{name}.csv",
                "name": name,
            }
            for name in records.bundle.tables
        ],
    }
    if address:
        document["url"] = address
    if claims:
        document["temporalCoverage"] = f"{min(claims).isoformat()}/{max(claims).isoformat()}"
    return Markup(json.dumps(document, ensure_ascii=False).replace("<", "\\u003c").replace("&", "\\u0026"))
