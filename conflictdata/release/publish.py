"""From seeds to package: check, then build. The one place where the two meet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from conflictdata.datapackage.build import publish
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report, UsageError
from conflictdata.seeds import Progress, is_seeds
from conflictdata.validation.pipeline import ValidationTarget, read_seeds_target, validate_target


def publish_seeds(seeds: Path, out: Path, *, progress: Progress = iter) -> tuple[Report, Path | None]:
    """Check a folder of seeds and, where no error stands, build the package at `out`.

    Returns:
        The report, and the folder of the package; None where errors stand and nothing was written.

    Raises:
        UsageError: the folder is no seeds, or `out` cannot be written.
    """
    if not seeds.exists():
        raise UsageError(f"{seeds} does not exist")
    if not is_seeds(seeds):
        raise UsageError(f"{seeds} is no folder of seeds (one with reference/ and sources/)")
    subject = read_seeds_target(seeds, progress=progress)
    release = release_of(subject, seeds)
    checked = validate_target(subject, released_on=release.released_on)
    if not checked.report.ok:
        return checked.report, None
    return checked.report, publish(checked.tables, out, release)


def release_of(subject: ValidationTarget, seeds: Path) -> Release:
    """What `release.yaml` of a folder of seeds says: version and day.

    Raises:
        UsageError: it does not say both, or not as it should.
    """
    note = subject.draft.release if subject.draft else None
    if note is None:
        raise UsageError(f"{seeds}/release.yaml must give `version` and `date`")
    try:
        return Release(note.version.text, dt.date.fromisoformat(note.date.text))
    except ValueError as fault:
        raise UsageError(f"{seeds}/release.yaml:{note.date.line}: {fault}") from None
