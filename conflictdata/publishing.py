"""From seeds to package: check, then build. The one place where the two meet."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from conflictdata.check.validate import Subject, check, seeds_subject
from conflictdata.findings import Report, UsageError
from conflictdata.package.build import publish, write_root
from conflictdata.package.release import Release
from conflictdata.package.swap import replace_file
from conflictdata.seeds import Progress, is_seeds


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
    subject = seeds_subject(seeds, progress=progress)
    release = release_of(subject, seeds)
    checked = check(subject, released_on=release.released_on)
    if not checked.report.ok:
        return checked.report, None
    return checked.report, publish(checked.tables, out, release)


def publish_repository(seeds: Path, root: Path, *, progress: Progress = iter) -> tuple[Report, Path | None]:
    """Renew what a repository keeps of its own data and rules.

    The package in the wheel, the root descriptor, the schemas of tables and of seeds, and the rules as pages of the docs.

    Args:
        seeds: the folder of seeds.
        root: the repository.
        progress: wraps the source files while they are read, to show a bar.

    Returns:
        The report, and the folder of the package; None where errors stand and nothing was written.

    Raises:
        UsageError: `root` is not the repository, or the seeds are none.
    """
    package = root / "conflictdata" / "data"
    if not package.parent.is_dir() or not (root / "pyproject.toml").is_file():
        raise UsageError(f"{root.resolve()} is not the repository: it has no conflictdata/ and pyproject.toml")
    report, folder = publish_seeds(seeds, package, progress=progress)
    if folder is not None:
        write_root(root, package)
        write_generated(root)
    return report, folder


def write_generated(root: Path) -> None:
    """Write what is made from the code alone: the rules explained, their pages, the schemas of seeds, the models compiled."""
    from conflictdata import editor
    from conflictdata.explaining import collect
    from conflictdata.feeds import compiled as feeds
    from conflictdata.schema import compiled

    files = editor.files() | collect.files() | compiled.files() | feeds.files()
    for folder in (root / "docs" / "rules", root / "schemas"):
        folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        replace_file(root / name, text.encode())
    for page in (root / "docs" / "rules").glob("*.md"):
        if page.relative_to(root).as_posix() not in files:
            page.unlink()  # of a rule that is gone


def release_of(subject: Subject, seeds: Path) -> Release:
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
