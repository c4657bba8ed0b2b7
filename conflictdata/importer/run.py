"""Run an import: read, match, validate and write, completely or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from conflictdata._utils.paths import display_path
from conflictdata.datasets.converter import Dataset
from conflictdata.datasets.profile import Profile
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.importer import package
from conflictdata.importer.read import ImportedRows, OpenedFile, RefusedFile, open_files, read_rows
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.seeds import Progress

if TYPE_CHECKING:
    from conflictdata.importer.match import MatchedClaims

MOST_REMOVED = 0.05  # share of the active records that a release may remove without confirmation
_SHOWN = 5  # most records that a message names


@dataclass
class ImportResult:
    """The result of an import.

    Attributes:
        profile: Name of the dataset's profile.
        out: Folder of the package.
        rejected: Findings on rows that were left out.
        refused: Reasons to refuse the import: findings on files, columns or rows.
        rejected_count: Number of rows that were left out because of a fault.
        left_out: Number of rows that were left out, by the rule that they break or the reason in words.
        hidden_names: Number of notes in which `[name]` replaces a person's name with an age.
        report: Validation report of the tables. None if there was nothing to do.
        counts: Number of claims that are `new`, `revised`, `moved`, `same` and `gone`.
        notes: Notes for the user.
        written: Whether the package was written. False if there is an error or nothing is new.
    """

    profile: str
    out: Path
    rejected: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    rejected_count: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    hidden_names: int = 0
    report: Report | None = None
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    written: bool = False


def import_files(
    profile: str,
    files: Sequence[str | Path],
    out: str | Path,
    *,
    released: dt.date | None = None,
    part: bool = False,
    accept_removals: bool = False,
    progress: Progress = iter,
) -> ImportResult:
    """Convert files of a third-party dataset to a data package, or update one.

    Args:
        profile: A name from `conflictdata.datasets.NAMES`, or `auto` to detect it from the columns.
        files: CSV, JSON or Parquet files of one dataset.
        out: Folder of the package. If it has an older import of the dataset, revisions are added to it.
        released: Day of the release. Default: the last day in a file.
        part: The files are part of the dataset: keep the records that they do not contain.
        accept_removals: Accept files that lack more than `MOST_REMOVED` of the active records.
        progress: Wraps the rules during validation, for example for a progress bar.

    Returns:
        The result. If it has `refused`, or its `report` has errors, nothing was written.

    Raises:
        UsageError: If a file cannot be read, is not of the dataset, does not count people, or is older than the
            existing import; or if `out` contains anything else or cannot be written. The old contents are kept.
    """
    from conflictdata.datasets import get_dataset

    recognized, known = open_files([Path(p) for p in files], profile)
    chosen = get_dataset(recognized.name)
    target = Path(out)
    old = package.read_existing(target, recognized.name)
    done = ImportResult(recognized.name, target)
    accepted = _accept_files(known, chosen, old, done, released)
    if done.refused:
        return done
    if any(file.page.table in chosen.tables for file in accepted):
        _merge(accepted, old, recognized, chosen, done, part=part, accept_removals=accept_removals, progress=progress)
    elif accepted and not done.notes:
        raise UsageError(_describe_auxiliary(accepted[0], chosen))
    return done


def _describe_auxiliary(file: ImportedRows, dataset: Dataset) -> str:
    """Explain why a file that only supplements another one cannot be imported alone."""
    names = ", ".join(dataset.tables)
    return f"{file.page.file} explains another table and holds no claims: give it together with {names}"


def _accept_files(
    known: Sequence[OpenedFile],
    dataset: Dataset,
    old: package.ExistingPackage,
    done: ImportResult,
    released: dt.date | None,
) -> list[ImportedRows]:
    """Return the rows of files that count people and were not imported before."""
    accepted: list[ImportedRows] = []
    for opened in known:
        path, feed = opened.path, opened.feed
        if what := dataset.not_people.get(feed.name):
            done.notes.append(f"{display_path(path)} counts {what}, not people, and is left out")
            continue
        try:
            file = read_rows(opened, dataset, released)
        except RefusedFile as fault:
            done.refused += fault.findings
            continue
        if any(file.page.sha256 == other.page.sha256 for other in accepted):
            raise UsageError(f"{display_path(path)} is given twice")
        if file.page.sha256 in old.hashes and feed.name in dataset.tables:
            done.notes.append(f"{display_path(path)} is in {done.out} already")
            continue
        old.require_newer(file.page, display_path(path), done.out)
        done.rejected += file.rejected
        done.rejected.sort(key=Finding.sort_key)
        done.rejected_count += file.rejected_count
        for reason, number in file.left_out.items():
            done.left_out[reason] = done.left_out.get(reason, 0) + number
        done.notes += opened.sheet.format_remarks()
        accepted.append(file)
    done.refused.sort(key=Finding.sort_key)
    if not accepted and not done.refused and all("not people" in note for note in done.notes):
        raise UsageError(f"{'; '.join(done.notes)}: there is nothing to import")
    return accepted


def _merge(
    accepted: Sequence[ImportedRows],
    old: package.ExistingPackage,
    profile: Profile,
    dataset: Dataset,
    done: ImportResult,
    *,
    part: bool,
    accept_removals: bool,
    progress: Progress,
) -> None:
    import polars as pl

    from conflictdata.importer import match as revising
    from conflictdata.importer.draft import build_draft
    from conflictdata.importer.merge import merge_tables
    from conflictdata.validation.pipeline import validate_imported

    # Importing this module takes half a second; the rules leave a core free for it.
    Thread(target=import_module, args=("conflictdata.datapackage.build",)).start()
    draft, hidden = build_draft(accepted, dataset)
    done.hidden_names = sum(hidden)
    main = [file for file in accepted if file.page.table in dataset.tables]
    whole = not part and all(file.is_whole for file in main)
    rejected_keys = pl.concat([file.rejected_keys for file in main])
    coverage = revising.FileCoverage([file.page for file in accepted], rejected_keys, whole)
    match = revising.match_claims(draft, old.tables, coverage)
    done.counts = {state: match.count(state) for state in ("new", "revised", "moved", "same")}
    done.counts["gone"] = len(match.gone)
    _require_common_records(done)
    done.refused += [] if accept_removals else _find_removals(main, match)
    if done.refused:
        return
    if not whole and not part and old.imports:
        done.notes.append("rows were left out whose key is not known: nothing is taken for gone")
    if not sum(n for state, n in done.counts.items() if state != "same"):
        done.notes.append(f"{done.out} holds all of it already; nothing is changed")
        return
    tables = merge_tables(draft, old.tables, coverage, match, dataset, profile)
    imports = [*old.imports, *map(package.describe_file, accepted, hidden)]
    release = package.make_release(imports)
    done.report = validate_imported(tables, release.released_on, progress, len(imports))
    if done.report.ok:
        package.write_package(done.out, tables, release, profile, dataset, imports)
        done.written = True


def _find_removals(main: Sequence[ImportedRows], match: MatchedClaims) -> list[Finding]:
    """Find the tables that lose more records than a release may remove."""
    findings = []
    for table, active in match.active.items():
        keys = match.removed.filter(scheme=table)["key"]
        if len(keys) / active <= MOST_REMOVED:
            continue
        files = [file for file in main if file.page.table == table]
        value = f"{len(keys):,} of {active:,}"
        listed = ", ".join(keys.sort().head(_SHOWN)) + (", ..." if len(keys) > _SHOWN else "")
        message = (
            f"{value} active records are missing ({len(keys) / active:.1%}, more than {MOST_REMOVED:.0%}): {listed}"
        )
        findings.append(make_file_finding("feed.records-removed", message, Place(files[0].name), value=value))
    return findings


def _require_common_records(done: ImportResult) -> None:
    """Refuse files without a common record, which would retract the whole import."""
    counts = done.counts
    if counts["gone"] and not counts["same"] + counts["revised"] + counts["moved"]:
        raise UsageError(
            f"the files hold none of the {counts['gone']:,} records in {done.out}: they are not a newer version of them. "
            "Import another part of the dataset with --part, or into another folder"
        )
