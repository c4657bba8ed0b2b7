"""Write the files of a version: the package, and the files that describe it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from conflictdata.comparison import render
from conflictdata.comparison.result import Diff
from conflictdata.datapackage import metadata
from conflictdata.datapackage.build import build
from conflictdata.datapackage.descriptor import FILE, get_collection_path, hash_file, read_descriptor
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report
from conflictdata.registry.index import File
from conflictdata.release import archive, environment
from conflictdata.release.changelog import Changelog
from conflictdata.release.collections import make_parts
from conflictdata.rules import load_rules
from conflictdata.validation.collections import CheckedCollection
from conflictdata.validation.pipeline import ValidationResult

SUMS = "SHA256SUMS"
FIRST = "# Changes\n\nThis is the first version: there is none before it.\n"


def write(
    folder: Path,
    checked: ValidationResult,
    release: Release,
    changelog: Changelog,
    changes: Diff | None,
    made_in: str | None,
    collections: Sequence[CheckedCollection] = (),
) -> None:
    """Write a version into an empty folder. The same input gives the same bytes.

    Args:
        folder: An empty folder.
        checked: The validated seeds.
        release: Version and day.
        changelog: The changelog.
        changes: Changes since the previous version. None for the first.
        made_in: Text of `environment.json`. None: leave the file out.
        collections: The validated collections.
    """
    build(checked.tables, release, folder, collections=make_parts(collections))
    texts = _render_texts(folder, checked.report, changelog.truncate_at(release.version), changes)
    for name, text in {**texts, **({} if made_in is None else {environment.NAME: made_in})}.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for collection in collections:
        _write_collection_texts(folder / get_collection_path(collection.name), collection, changes)
    (folder / SUMS).write_text(render_sums(folder), encoding="utf-8", newline="\n")
    archive.write(folder, folder / zip_name(release.version), f"conflictdata-{release.version}")


def _write_collection_texts(place: Path, collection: CheckedCollection, changes: Diff | None) -> None:
    """Write the files that describe a collection: its rules, its metadata, and its changes if there are any."""
    texts = {"rules.json": render_rules(collection.report), **metadata.render_files(place)}
    own = changes.collections.get(collection.name) if changes is not None else None
    if own is not None and not own.old.missing:
        texts |= {"diff.json": "".join(render(own, "json")), "DIFF.md": "".join(render(own, "markdown"))}
    for name, text in texts.items():
        (place / name).write_text(text, encoding="utf-8", newline="\n")


def zip_name(version: str) -> str:
    """Return the name of a version's zip."""
    return f"conflictdata-{version}.zip"


def _render_texts(folder: Path, report: Report, changelog: str, changes: Diff | None) -> dict[str, str]:
    texts = {"CHANGELOG.md": changelog, "rules.json": render_rules(report), **metadata.render_files(folder)}
    if changes is None:
        return {**texts, "diff.json": _render_json({"diff_version": 1, "first": True}), "DIFF.md": FIRST}
    return {**texts, "diff.json": "".join(render(changes, "json")), "DIFF.md": "".join(render(changes, "markdown"))}


def render_rules(report: Report) -> str:
    """Return the evaluated rules with their counts, and the warnings, as JSON.

    Waived findings are in the table `flags`.
    """
    severity = {rule.id: rule.severity for rule in load_rules().values()}
    evaluated = [
        {"id": rule, "severity": severity.get(rule, "error"), **tally.as_dict()}
        for rule, tally in sorted(report.evaluated.items())
    ]
    warned = [
        {"rule": f.rule, "table": f.table, "record": f.record, "message": f.message}
        for f in sorted(report.warnings, key=lambda f: (f.table, f.record, f.rule, f.message))
    ]
    return _render_json({"rules_version": 1, "rules": evaluated, "warnings": warned, "waived": len(report.waived)})


def render_sums(folder: Path) -> str:
    """Return the text of SHA256SUMS, as `sha256sum --check` reads it."""
    known = _read_described_hashes(folder)
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != SUMS)
    names = [(path, path.relative_to(folder).as_posix()) for path in paths]
    return "".join(f"{known.get(name) or hash_file(path)}  {name}\n" for path, name in names)


def _read_described_hashes(folder: Path) -> dict[str, str]:
    """Return the hashes of the table files from the descriptor.

    This avoids computing the hashes of large files twice.
    """
    resources = read_descriptor(folder / FILE)["resources"]
    listed = [item for resource in resources for item in (resource, *resource["alternates"])]
    return {item["path"]: item["hash"].removeprefix("sha256:") for item in listed}


def list_files(folder: Path) -> dict[str, File]:
    """List the files of a version for the index.

    Call it right after the version was written: sizes come from the disk, hashes from SHA256SUMS.
    """
    lines = (folder / SUMS).read_text(encoding="utf-8").splitlines()
    hashes = {name: found for found, name in (line.split("  ", 1) for line in lines)}
    paths = sorted(p for p in folder.rglob("*") if p.is_file())
    named = {path.relative_to(folder).as_posix(): path for path in paths}
    return {name: File(path.stat().st_size, hashes.get(name) or hash_file(path)) for name, path in named.items()}


def _render_json(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"
