"""Validate the collections of a folder of seeds, and describe them as parts of the package."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.datapackage.about import About
from conflictdata.datapackage.build import PackagePart
from conflictdata.datasets import get_dataset, get_profile
from conflictdata.findings import Report
from conflictdata.importer.package import render_sections
from conflictdata.reporters.common import format_count, format_verdict
from conflictdata.seeds import Progress
from conflictdata.seeds.collections import list_collection_folders, read_collection
from conflictdata.validation.collections import CheckedCollection, validate_collection


def check_collections(
    seeds: Path, registers: Mapping[str, pl.DataFrame], released_on: dt.date | None, progress: Progress = iter
) -> list[CheckedCollection]:
    """Validate all collections of a folder of seeds.

    Args:
        seeds: The folder of seeds.
        registers: The tables of its curated records, typed.
        released_on: Day up to which things may have happened.
        progress: Wraps the batches of rules, to show a progress bar.
    """
    return [
        validate_collection(read_collection(folder), registers, released_on=released_on, progress=progress)
        for folder in list_collection_folders(seeds)
    ]


def add_findings(report: Report, checked: Sequence[CheckedCollection]) -> None:
    """Add the findings of collections to the report of their seeds, and one note per collection."""
    for collection in checked:
        known = set(report.findings)
        report.add(f for f in collection.report.findings if f not in known)
        counts = collection.report.counts
        size = f"{format_count(counts.get('claims', 0), 'claim')}, {format_count(counts.get('figures', 0), 'figure')}"
        report.notes.append(f"collection {collection.name}: {size}; {format_verdict(collection.report)}")
    report.sort()


def make_parts(checked: Sequence[CheckedCollection]) -> list[PackagePart]:
    """Return collections without errors as parts of a package."""
    return [PackagePart(collection.tables, make_about(collection)) for collection in checked]


def make_about(collection: CheckedCollection) -> About:
    """Return the metadata of a collection."""
    recipe, manifest = collection.draft.recipe, collection.draft.manifest
    assert recipe is not None
    assert manifest is not None
    profile, dataset = get_profile(recipe.profile), get_dataset(recipe.profile)
    imports: list[dict[str, Any]] = [dict(done) for done in manifest.imports]
    made_from = {
        "profile": profile.name, "licence": recipe.licence["name"], "citation": profile.citation, "origin": recipe.origin,
        "files": imports, "columns": [dict(column) for column in manifest.columns],
    }  # fmt: skip
    return About(
        name=f"conflictdata-{collection.name}", title=recipe.title, summary=recipe.summary,
        licence=recipe.licence, licence_note=f"{recipe.notice}\n\n{profile.citation}",
        contributors=(
            {"title": dataset.publisher["name"], "path": recipe.origin, "roles": ["creator"]},
            {"title": "The conflictdata project", "roles": ["converter", "publisher"]},
        ),
        sources=({"title": profile.title, "path": recipe.origin},),
        keywords=("armed conflict", "casualties", "claims", collection.name, profile.name),
        imported=made_from, sections=render_sections(profile, dataset, imports) + _render_columns(manifest.columns),
        collection=collection.name, caution=recipe.caution, licence_text=collection.draft.licence_text,
    )  # fmt: skip


def _render_columns(columns: Sequence[Mapping[str, Any]]) -> str:
    """Return a table of the makers' columns: how many cells are filled, and their sum."""
    carried = [c for c in columns if c["carried"]]
    rows = "\n".join(f"| `{c['table']}` | `{c['column']}` | {c['filled']:,} | {c['sum']:,} |" for c in carried)
    head = "| table | column | cells with a number | their sum |\n|---|---|---:|---:|"
    note = "The sums show that no number was lost. They count people many times, and mean nothing else."
    return f"## The makers' columns\n\n{note}\n\n{head}\n{rows}\n\n"
