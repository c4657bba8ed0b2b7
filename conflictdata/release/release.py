"""Publish a version in a registry, a folder that a static web server can serve.

A version is written once and never changed. `index.json` is replaced last, so readers only see complete versions.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from conflictdata._utils import atomic_write
from conflictdata.comparison import diff, read_snapshot
from conflictdata.comparison.result import Diff
from conflictdata.comparison.sides import CollectionSide, Snapshot, make_collection_snapshot
from conflictdata.datapackage.descriptor import FILE
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report, UsageError
from conflictdata.registry import index
from conflictdata.registry.index import Entry
from conflictdata.release import artifacts, checks, environment
from conflictdata.release.changelog import Changelog
from conflictdata.release.checks import find_missing_from_diff
from conflictdata.release.collections import add_findings, check_collections
from conflictdata.release.publish import release_of
from conflictdata.seeds import Progress, is_seeds
from conflictdata.validation.collections import CheckedCollection
from conflictdata.validation.pipeline import ValidationResult, read_seeds_target, validate_target

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Outcome:
    """The outcome of a release.

    Attributes:
        report: Validation report of the seeds.
        refusals: Reasons to refuse the release. Empty if it was written.
        changes: Changes since the previous version. None for the first.
        folder: The version's folder. None if the release was refused.
    """

    report: Report
    refusals: tuple[str, ...]
    changes: Diff | None
    folder: Path | None


def release(version: str, to: Path, *, seeds: Path, changelog: Path, progress: Progress = iter) -> Outcome:
    """Check the seeds and publish them as a new version.

    If any check fails, nothing is written and `Outcome.refusals` lists every reason. A published version is never
    changed.

    Args:
        version: Three numbers, such as `1.1.0`. Must match `release.yaml` of the seeds.
        to: Registry folder. Created if missing.
        seeds: Seeds folder.
        changelog: Changelog with an entry for this version.
        progress: Wraps the list of source files, for example for a progress bar.

    Returns:
        The outcome: report, reasons for refusal, changes since the previous version, and the new folder.

    Raises:
        UsageError: If an argument is invalid, the version exists already, or the registry cannot be written.
    """
    if not is_seeds(seeds):
        raise UsageError(f"{seeds} is not a folder of seeds (one with reference/ and sources/)")
    if not index.is_version(version):
        raise UsageError(f"{version!r} is not a version: write three numbers such as 1.2.0")
    with _lock_registry(to):
        known = read_index(to)
        if version in known:
            raise UsageError(f"version {version} is in {to} already; what was released is never changed")
        draft = Draft.read(version, seeds, changelog, find_latest(known, to), progress)
        refusals = checks.find_blockers(
            draft.checked.report, draft.release, draft.version, draft.changes, draft.changelog, known
        )
        if refusals:
            return Outcome(draft.checked.report, tuple(refusals), draft.changes, None)
        folder = put(draft, to, known)
    return Outcome(draft.checked.report, (), draft.changes, folder)


def put(draft: Draft, to: Path, known: Mapping[str, Entry]) -> Path:
    """Write a checked version into its registry, completely or not at all.

    The index is replaced last.

    Args:
        draft: The version.
        to: Registry folder.
        known: Earlier versions.

    Returns:
        The version's folder.

    Raises:
        UsageError: If the folder cannot be written, or contains other files.
    """
    version, folder = draft.version, to / draft.version
    atomic_write.replace_folder(draft.write, folder, lambda out: _check_leaving(out, version))
    entries = {**known, version: Entry(version, draft.release.released_on.isoformat(), artifacts.list_files(folder))}
    atomic_write.replace_file(to / index.NAME, index.write(entries.values()).encode())
    return folder


@dataclass(frozen=True)
class Draft:
    """A version before it is written.

    Attributes:
        version: The requested version.
        release: Version and day in `release.yaml`.
        checked: The validated seeds.
        changelog: The changelog.
        changes: Changes since the previous version. None for the first.
        collections: The validated collections.
    """

    version: str
    release: Release
    checked: ValidationResult
    changelog: Changelog
    changes: Diff | None
    collections: tuple[CheckedCollection, ...] = ()

    @classmethod
    def read(cls, version: str, seeds: Path, changelog: Path, before: Path | None, progress: Progress = iter) -> Draft:
        """Read and check all inputs of a version.

        Raises:
            UsageError: If one of them cannot be read.
        """
        subject = read_seeds_target(seeds, progress=progress, released=True)
        release = release_of(subject, seeds)
        checked = validate_target(subject, released_on=release.released_on)
        collections = check_collections(seeds, checked.tables, release.released_on) if checked.report.ok else []
        add_findings(checked.report, collections)
        changes = None
        if before is not None and checked.report.ok:
            changes = _compare_with_last(before, checked, release, seeds, collections)
        return cls(version, release, checked, Changelog.read(changelog), changes, tuple(collections))

    def write(self, folder: Path) -> None:
        """Write the version's files into an empty folder.

        The same draft gives the same bytes in the same environment.
        """
        self.write_as(folder, environment.render_environment())

    def write_as(self, folder: Path, made_in: str | None) -> None:
        """Write the version's files with this `environment.json`; None leaves it out."""
        artifacts.write(
            folder, self.checked, self.release, self.changelog, self.changes, made_in, collections=self.collections
        )


def _compare_with_last(
    before: Path, checked: ValidationResult, release: Release, seeds: Path, collections: Sequence[CheckedCollection]
) -> Diff:
    """Diff against the previous version, labelled by version, not path."""
    old = read_snapshot(before, name=before.name)
    new = read_snapshot(checked.tables, name=release.version)
    sides = {c.name: CollectionSide("", partial(_read_checked, c, release)) for c in collections}
    named = replace(new, info=replace(new.info, version=release.version, errors=0), collections=sides)
    changes = diff(old, named, retired=seeds / "retired.csv")
    if missing := find_missing_from_diff(changes, old.tables, checked.tables):
        raise UsageError(f"the difference to {before.name} leaves something out (rule 51): {'; '.join(missing)}")
    return changes


def _read_checked(collection: CheckedCollection, release: Release) -> Snapshot:
    name = f"{release.version}, collection {collection.name}"
    return make_collection_snapshot(collection.name, name, collection.tables, release.version)


def read_index(registry: Path) -> dict[str, Entry]:
    """Return the versions of a registry. Without an index, there are none.

    Raises:
        UsageError: If the index cannot be read.
    """
    file = registry / index.NAME
    try:
        return index.read(file.read_bytes(), str(file))
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise UsageError(f"{file} cannot be read: {fault.strerror}") from None


def find_latest(known: Mapping[str, Entry], registry: Path) -> Path | None:
    """Return the folder of the newest version; None if there is none.

    Raises:
        UsageError: If the index lists a version whose files are missing.
    """
    if not known:
        return None
    folder = registry / max(known, key=index.order)
    if not (folder / FILE).is_file():
        raise UsageError(f"{registry / index.NAME} lists {folder.name}, but {folder / FILE} is missing")
    return folder


def _check_leaving(folder: Path, version: str) -> None:
    """Refuse to replace a folder that is not this version of the data.

    A folder of this version that no index lists is the rest of an interrupted run, and may be replaced.
    """
    from conflictdata.datapackage.descriptor import NAME, read_descriptor

    if not any(folder.iterdir()):
        return
    try:
        package = read_descriptor(folder / FILE)
    except UsageError:
        package = {}
    if (package.get("name"), package.get("version")) != (NAME, version):
        raise UsageError(f"{folder} is not empty and is not a version of this data; move it elsewhere")


@contextlib.contextmanager
def _lock_registry(to: Path) -> Iterator[None]:
    """Allow one release at a time. The lock ends with the process."""
    try:
        to.mkdir(parents=True, exist_ok=True)
        handle = os.open(to / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as fault:
        raise UsageError(f"{to} cannot be written: {os.strerror(fault.errno or 0).lower()}") from None
    try:
        if fcntl is not None:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
