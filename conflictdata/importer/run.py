"""From files to a package: read, held against what is there, judged, written; all of it or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

from conflictdata._utils.paths import shown
from conflictdata.datasets.converter import Dataset
from conflictdata.datasets.profile import Profile
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.importer import package
from conflictdata.importer.read import Opened, Refused, Rows, opened, rows
from conflictdata.rules.file_rules import problem
from conflictdata.seeds import Progress

if TYPE_CHECKING:
    from conflictdata.importer.match import Matched

MOST_REMOVED = 0.05  # of the active records, the share that a release may remove without a word
_SHOWN = 5  # records that a message names


@dataclass
class Imported:
    """What came of an import.

    Attributes:
        profile: whose dataset the files are.
        out: the folder of the package.
        left: findings on rows that were left out.
        refused: why nothing was imported: a finding on each file, column or row.
        rows_left: how many these are.
        report: what our rules say of the tables; None where there was nothing to do.
        counts: claims that are `new`, `revised`, `moved`, `same` and `gone`.
        notes: what a user should know.
        written: whether the package was written. It is not where an error stands or nothing is new.
    """

    profile: str
    out: Path
    left: list[Finding] = field(default_factory=list)
    refused: list[Finding] = field(default_factory=list)
    rows_left: int = 0
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
) -> Imported:
    """Make a data package of files of somebody else's dataset, or bring one up to date with newer files.

    Args:
        profile: whose dataset they are (`conflictdata.datasets.NAMES`), or `auto`: by their columns.
        files: CSV, JSON or Parquet files of one dataset.
        out: the folder of the package. One that holds an older import of the dataset gets the revisions.
        released: the day of the release; the last day that a file tells of where it is not given.
        part: the files are a part of the dataset: what they lack is not taken for gone.
        accept_removals: whether the files may lack more than `MOST_REMOVED` of the active records.
        progress: wraps the rules while they are asked, to show a bar.

    Returns:
        What was found and done. If it was `refused`, or `report` has errors, nothing was written.

    Raises:
        UsageError: a file cannot be read or is none of the dataset, holds no people, or is older than what is there; `out`
            holds something else or cannot be written. What was there is still there.
    """
    from conflictdata.datasets import dataset

    found, known = opened([Path(p) for p in files], profile)
    chosen = dataset(found.name)
    target = Path(out)
    old = package.read(target, found.name)
    done = Imported(found.name, target)
    taken = _taken(known, chosen, old, done, released)
    if done.refused:
        return done
    if any(file.page.table in chosen.tables for file in taken):
        _merge(taken, old, found, chosen, done, part=part, accept_removals=accept_removals, progress=progress)
    elif taken and not done.notes:
        raise UsageError(_alone(taken[0], chosen))
    return done


def _alone(file: Rows, dataset: Dataset) -> str:
    """Why a file that only explains another one cannot be imported by itself."""
    names = ", ".join(dataset.tables)
    return f"{file.page.file} explains another table and holds no claims: give it together with {names}"


def _taken(
    known: Sequence[Opened], dataset: Dataset, old: package.There, done: Imported, released: dt.date | None
) -> list[Rows]:
    """The rows of the files that count people and are not in the package yet."""
    taken: list[Rows] = []
    for given in known:
        path, feed = given.path, given.feed
        if what := dataset.not_people.get(feed.name):
            done.notes.append(f"{shown(path)} counts {what}, not people, and is left out")
            continue
        try:
            file = rows(given, dataset, released)
        except Refused as fault:
            done.refused += fault.findings
            continue
        if any(file.page.sha256 == other.page.sha256 for other in taken):
            raise UsageError(f"{shown(path)} is given twice")
        if file.page.sha256 in old.hashes and feed.name in dataset.tables:
            done.notes.append(f"{shown(path)} is in {done.out} already")
            continue
        old.check_newer(file.page, shown(path), done.out)
        done.left += file.left
        done.left.sort(key=Finding.sort_key)
        done.rows_left += file.rows_left
        if feed.name in dataset.tables and (words := dataset.tables[feed.name].without(file.frame)):
            done.notes.append(f"{shown(path)}: {words}")
        taken.append(file)
    done.refused.sort(key=Finding.sort_key)
    if not taken and not done.refused and all("not people" in note for note in done.notes):
        raise UsageError(f"{'; '.join(done.notes)}: there is nothing to import")
    return taken


def _merge(
    taken: Sequence[Rows],
    old: package.There,
    profile: Profile,
    dataset: Dataset,
    done: Imported,
    *,
    part: bool,
    accept_removals: bool,
    progress: Progress,
) -> None:
    import polars as pl

    from conflictdata.importer import match as revising
    from conflictdata.importer.draft import drafted
    from conflictdata.importer.merge import merged
    from conflictdata.validation.pipeline import judged

    # Loading what builds the package takes half a second, and the rules leave a core free.
    Thread(target=import_module, args=("conflictdata.datapackage.build",)).start()
    draft = drafted(taken, dataset)
    main = [file for file in taken if file.page.table in dataset.tables]
    whole = not part and all(file.is_whole for file in main)
    left = pl.concat([file.keys_left for file in main])
    seen = revising.Seen([file.page for file in taken], left, whole)
    match = revising.matched(draft, old.tables, seen)
    done.counts = {state: match.count(state) for state in ("new", "revised", "moved", "same")}
    done.counts["gone"] = len(match.gone)
    _check_same(done)
    done.refused += [] if accept_removals else _find_removals(main, match)
    if done.refused:
        return
    if not whole and not part and old.imports:
        done.notes.append("rows were left out whose key is not known: nothing is taken for gone")
    if not sum(n for state, n in done.counts.items() if state != "same"):
        done.notes.append(f"{done.out} holds all of it already; nothing is changed")
        return
    tables = merged(draft, old.tables, seen, match, dataset, profile)
    imports = [*old.imports, *(package.described(file) for file in taken)]
    release = package.release(imports)
    done.report = judged(tables, release.released_on, progress, len(imports))
    if done.report.ok:
        package.write(done.out, tables, release, profile, dataset, imports)
        done.written = True


def _find_removals(main: Sequence[Rows], match: Matched) -> list[Finding]:
    """Find the tables of which the files lack more records than a release removes."""
    found = []
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
        found.append(problem("feed.records-removed", message, Place(files[0].name), value=value))
    return found


def _check_same(done: Imported) -> None:
    """Refuse files that have no record in common with what is there and would have all of it retracted."""
    counts = done.counts
    if counts["gone"] and not counts["same"] + counts["revised"] + counts["moved"]:
        raise UsageError(
            f"the files hold none of the {counts['gone']:,} records in {done.out}: they are no newer version of them. "
            "Import another part of the dataset with --part, or into another folder"
        )
