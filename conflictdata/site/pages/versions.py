"""Pages of versions: each against the one before."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflictdata.findings import UsageError
from conflictdata.site.layout import Crumb, Page, TextFile
from conflictdata.site.records import SiteTables

CAP = 40  # changed rows on a page; the JSON file has all


def list_released(registry: Path | None) -> list[dict[str, str]]:
    """Return the versions of a registry, oldest first: number and day.

    Raises:
        UsageError: If the folder is not a registry.
    """
    if registry is None:
        return []
    index = registry / "index.json"
    try:
        entries = json.loads(index.read_text(encoding="utf-8"))["versions"]
        versions = [{"version": str(e["version"]), "released": str(e["released"])} for e in entries]
    except (OSError, ValueError, KeyError, TypeError) as fault:
        raise UsageError(
            f"{registry} is not a registry: {index.name} cannot be read. Give the folder that `releases/make` writes"
        ) from fault
    return sorted(versions, key=lambda v: [int(part) if part.isdecimal() else 0 for part in v["version"].split(".")])


def iterate_version_pages(records: SiteTables, registry: Path | None) -> Iterator[Page | TextFile]:
    """Yield the list of versions, and a page per pair of versions in a row.

    Args:
        records: The tables of the newest version.
        registry: Folder of released versions. None: only the list.
    """
    released = list_released(registry)
    lines = [{**entry, "path": "", "summary": "the first version"} for entry in released]
    for before, line in zip(released, lines[1:], strict=False):
        if registry is None:
            break
        path = f"versions/{before['version']}..{line['version']}.html"
        context, whole = _compare_versions(registry, before["version"], line["version"])
        line["path"], line["summary"] = path, str(context["summary"])
        yield Page(
            path,
            "version.html.jinja",
            f"What changed from {before['version']} to {line['version']}",
            context,
            "Versions",
        )
        yield TextFile(path.replace(".html", ".json"), whole)
    if not lines:
        lines = [{"version": records.version, "released": records.day, "path": "", "summary": "this version"}]
    yield Page(
        "versions/index.html",
        "versions.html.jinja",
        "Versions",
        {"lines": lines[::-1], "complete": bool(released)},
        "Versions",
    )


def _compare_versions(registry: Path, old: str, new: str) -> tuple[dict[str, Any], str]:
    """Return what the page of two versions shows, and the whole comparison as JSON."""
    from conflictdata import comparison
    from conflictdata.comparison.forms import page

    diff = comparison.diff(registry / old, registry / new)
    context = {
        "crumbs": [Crumb("Versions", "versions/index.html")],
        "old": old,
        "new": new,
        "summary": page.format_summary(diff),
        "sections": page.build_sections(diff, CAP),
        "tolls": [
            {"id": t.toll_id, "what": t.what, "old": page.format_point(t.old), "new": page.format_point(t.new)}
            for t in diff.tolls[:CAP]
        ],
        "more_tolls": max(0, len(diff.tolls) - CAP),
        "schema": [
            {"what": s.what, "where": ", ".join(s.where[:3]), "old": s.old, "new": s.new} for s in diff.schema[:CAP]
        ],
        "more_schema": max(0, len(diff.schema) - CAP),
        "whole": f"{old}..{new}.json",
    }
    return context, "".join(comparison.render(diff, "json"))
