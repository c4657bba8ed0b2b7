"""Validate seeds, then build the package.

Only this module combines the two steps.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from pathlib import Path

from conflictdata.datapackage.build import publish
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report, UsageError, ValidationError
from conflictdata.release.collections import add_findings, check_collections, make_parts
from conflictdata.seeds import Progress, is_seeds
from conflictdata.validation.pipeline import ValidationTarget, read_seeds_target, validate_target


def publish_seeds(seeds: Path, out: Path, *, progress: Progress = iter) -> tuple[Report, Path | None]:
    """Validate a seeds folder with its collections and, if there is no error, build the package at `out`.

    frictionless reads the tables of the curated records too. If it finds an error, the old package is kept. It takes four
    times as long for the collections, which `verify` has it read.

    Returns:
        The report, and the folder of the package. The folder is None if there are errors; then nothing was written.

    Raises:
        UsageError: If the folder does not contain seeds, or `out` cannot be written.
    """
    if not seeds.exists():
        raise UsageError(f"{seeds} does not exist")
    if not is_seeds(seeds):
        raise UsageError(f"{seeds} is not a folder of seeds (one with reference/ and sources/)")
    subject = read_seeds_target(seeds, progress=progress)
    release = release_of(subject, seeds)
    checked = validate_target(subject, released_on=release.released_on)
    if not checked.report.ok:
        return checked.report, None
    collections = check_collections(seeds, checked.tables, release.released_on)
    add_findings(checked.report, collections)
    if not checked.report.ok:
        return checked.report, None
    inspect, parts = partial(_inspect, checked.report, out), make_parts(collections)
    try:
        return checked.report, publish(checked.tables, out, release, inspect=inspect, collections=parts)
    except ValidationError:
        return checked.report, None


def _inspect(report: Report, out: Path, built: Path) -> None:
    """Have a package read by frictionless before it is published.

    Raises:
        ValidationError: If frictionless finds an error. The report has it.
    """
    from conflictdata.validation.second_reader import add_second_opinion

    add_second_opinion(report, built, str(out))
    report.raise_if_errors()


def release_of(subject: ValidationTarget, seeds: Path) -> Release:
    """Return version and day from `release.yaml` of a seeds folder.

    Raises:
        UsageError: If one of them is missing or invalid.
    """
    note = subject.draft.release if subject.draft else None
    if note is None:
        raise UsageError(f"{seeds}/release.yaml must give `version` and `date`")
    try:
        return Release(note.version.text, dt.date.fromisoformat(note.date.text))
    except ValueError as fault:
        raise UsageError(f"{seeds}/release.yaml:{note.date.line}: {fault}") from None
