"""Releases: a version of the data, with what changed and how to check it, in a folder that a static web server can serve.

A version is written once and never again. `index.json` is renewed last: whoever reads it sees whole versions only.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from conflictdata._utils import atomic_write
from conflictdata.comparison import diff, read_snapshot
from conflictdata.comparison.result import Diff
from conflictdata.datapackage.descriptor import FILE
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report, UsageError
from conflictdata.registry import index
from conflictdata.registry.index import Entry
from conflictdata.release import artifacts, checks, environment
from conflictdata.release.changelog import Changelog
from conflictdata.release.checks import find_missing_from_diff
from conflictdata.release.publish import release_of
from conflictdata.seeds import Progress, is_seeds
from conflictdata.validation.pipeline import ValidationResult, read_seeds_target, validate_target

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True)
class Outcome:
    """What a release came to.

    Attributes:
        report: of the check of the seeds.
        refusals: why there is no release; empty where there is one.
        changes: against the version before; None for the first.
        folder: the version's folder; None where it was refused.
    """

    report: Report
    refusals: tuple[str, ...]
    changes: Diff | None
    folder: Path | None


def release(version: str, to: Path, *, seeds: Path, changelog: Path, progress: Progress = iter) -> Outcome:
    """Check the seeds and, where nothing stands against it, write a version.

    Args:
        version: such as `1.1.0`; `release.yaml` of the seeds says the same.
        to: the registry: a folder, made where it is not there.
        seeds: the folder of seeds.
        changelog: the file that has an entry for this version.
        progress: wraps the source files while they are read, to show a bar.

    Returns:
        What it came to. Nothing was written where `refusals` says why.

    Raises:
        UsageError: an argument is wrong, the version is there already, or the folder cannot be written.
    """
    if not is_seeds(seeds):
        raise UsageError(f"{seeds} is no folder of seeds (one with reference/ and sources/)")
    if not index.is_version(version):
        raise UsageError(f"{version!r} is no version: three numbers such as 1.2.0")
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
    """Write a version that may be released into its registry: all of it or nothing, the index last.

    Args:
        draft: the version.
        to: the registry.
        known: the versions released before.

    Returns:
        The version's folder.

    Raises:
        UsageError: the folder cannot be written, or holds something else.
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
        version: the version asked for.
        release: what the seeds say of version and day.
        checked: the check of the seeds.
        changelog: the changelog.
        changes: against the version before; None for the first.
    """

    version: str
    release: Release
    checked: ValidationResult
    changelog: Changelog
    changes: Diff | None

    @classmethod
    def read(cls, version: str, seeds: Path, changelog: Path, before: Path | None, progress: Progress = iter) -> Draft:
        """Read and check everything that a version is made of.

        Raises:
            UsageError: something cannot be read.
        """
        subject = read_seeds_target(seeds, progress=progress, released=True)
        said = release_of(subject, seeds)
        checked = validate_target(subject, released_on=said.released_on)
        changes = None
        if before is not None and checked.report.ok:
            changes = _compare_with_last(before, checked, said, seeds)
        return cls(version, said, checked, Changelog.read(changelog), changes)

    def write(self, folder: Path) -> None:
        """Write the version's files into an empty folder. The same draft gives the same bytes in the same environment."""
        self.write_as(folder, environment.render_environment())

    def write_as(self, folder: Path, made_in: str | None) -> None:
        """Write them with this `environment.json`; without one where it is None."""
        artifacts.write(folder, self.checked, self.release, self.changelog, self.changes, made_in)


def _compare_with_last(before: Path, checked: ValidationResult, said: Release, seeds: Path) -> Diff:
    """Against the version before. Both sides are called by their versions: where they lie is nobody's business."""
    old = read_snapshot(before, name=before.name)
    new = read_snapshot(checked.tables, name=said.version)
    named = replace(new, info=replace(new.info, version=said.version, errors=0))
    changes = diff(old, named, retired=seeds / "retired.csv")
    if missing := find_missing_from_diff(changes, old.tables, checked.tables):
        raise UsageError(f"the difference to {before.name} leaves something out (rule 51): {'; '.join(missing)}")
    return changes


def read_index(registry: Path) -> dict[str, Entry]:
    """The versions of a registry; none where there is no index yet.

    Raises:
        UsageError: the index cannot be read.
    """
    file = registry / index.NAME
    try:
        return index.read(file.read_bytes(), str(file))
    except FileNotFoundError:
        return {}
    except OSError as fault:
        raise UsageError(f"{file} cannot be read: {fault.strerror}") from None


def find_latest(known: Mapping[str, Entry], registry: Path) -> Path | None:
    """The folder of the newest version; None where there is none.

    Raises:
        UsageError: the index lists a version whose files are not there.
    """
    if not known:
        return None
    folder = registry / max(known, key=index.order)
    if not (folder / FILE).is_file():
        raise UsageError(f"{registry / index.NAME} lists {folder.name}, but {folder / FILE} is missing")
    return folder


def _check_leaving(folder: Path, version: str) -> None:
    """A folder that no index lists is what a killed run left, if it is a version of ours; anything else stays."""
    from conflictdata.datapackage.descriptor import NAME, read_descriptor

    if not any(folder.iterdir()):
        return
    try:
        said = read_descriptor(folder / FILE)
    except UsageError:
        said = {}
    if (said.get("name"), said.get("version")) != (NAME, version):
        raise UsageError(f"{folder} is not empty and is no version of this data; move it elsewhere")


@contextlib.contextmanager
def _lock_registry(to: Path) -> Iterator[None]:
    """One release at a time; the lock ends with the process, however that ends."""
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
