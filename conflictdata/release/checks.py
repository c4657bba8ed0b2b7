"""Release checks. All reasons to refuse a release are reported together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from conflictdata.comparison.collections import describe_change, list_lost_ids
from conflictdata.comparison.model import KINDS
from conflictdata.comparison.result import Diff
from conflictdata.datapackage.version import Release
from conflictdata.findings import Report
from conflictdata.registry.index import order
from conflictdata.release.changelog import Changelog
from conflictdata.rules._helpers import BY_RELEASE

SHOWN = 10  # ids named in a refusal


def find_blockers(
    report: Report,
    declared: Release,
    version: str,
    changes: Diff | None,
    changelog: Changelog,
    known: Mapping[str, Any],
) -> list[str]:
    """Return every reason to refuse a release, one sentence per reason.

    Args:
        report: Validation report of the seeds.
        declared: Version and day in `release.yaml` of the seeds.
        version: The requested version.
        changes: Changes since the previous version. None for the first.
        changelog: The changelog.
        known: Earlier versions.

    Returns:
        The reasons. An empty list allows the release.
    """
    return [
        *_clean(report),
        *_check_agreement(declared, version),
        *_check_newer(version, known),
        *_check_version_step(version, changes),
        *_check_retired(changes),
        *_check_collections(changes),
        *changelog.find_faults(version),
    ]


def _clean(report: Report) -> Iterator[str]:
    late = [finding for finding in report.errors if finding.rule in BY_RELEASE]
    if count := len(report.errors) - len(late):
        yield f"the seeds have {count} error{'s' if count > 1 else ''}; `conflictdata validate` shows them"
    # `validate` only checks whether a day is after today.
    for finding in late[:SHOWN]:
        yield f"{finding.place}: {finding.message}. {finding.hint}"
    if len(late) > SHOWN:
        yield f"{len(late) - SHOWN} more days are after the release"


def _check_agreement(declared: Release, version: str) -> Iterator[str]:
    if declared.version != version:
        yield f"release.yaml of the seeds says version {declared.version}, not {version}"


def _check_newer(version: str, known: Mapping[str, Any]) -> Iterator[str]:
    newest = max(known, key=order, default=None)
    if newest is not None and order(version) <= order(newest):
        yield f"{version} is not newer than {newest}, the last version"


def _check_version_step(version: str, changes: Diff | None) -> Iterator[str]:
    if changes is None:
        return
    if not changes:
        yield f"nothing differs from {changes.old.version}: there is nothing to release"
        return
    least = changes.next_version()
    if least and order(version) < order(least):
        forcing = "; ".join(reason.what for reason in changes.reasons if reason.level == changes.bump)
        yield f"the changes since {changes.old.version} are {changes.bump} ({forcing}): the version must be at least {least}"


def _check_retired(changes: Diff | None) -> Iterator[str]:
    """Rule 47: each key of the last release is still used, or is in `retired.csv`."""
    gone = changes.unretired if changes is not None else None
    if gone:
        more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
        yield f"gone without a row in retired.csv (id, replaced_by, on, reason): {', '.join(gone[:SHOWN])}{more}"


def _check_collections(changes: Diff | None) -> Iterator[str]:
    """Each id of a collection stays: its importer retracts what the makers removed."""
    for name, collection in (changes.collections if changes is not None else {}).items():
        gone = list_lost_ids(collection) if describe_change(collection) == "changed" else []
        if gone:
            more = f" and {len(gone) - SHOWN} more" if len(gone) > SHOWN else ""
            yield f"gone from the collection {name}, whose ids never go: {', '.join(gone[:SHOWN])}{more}"


Tables = Mapping[str, pl.DataFrame]


def find_missing_from_diff(changes: Diff, old: Tables, new: Tables) -> list[str]:
    """Find the tables for which the diff lists fewer changed rows than there are.

    Args:
        changes: The diff.
        old: Tables of the previous version.
        new: Tables of this version.

    Returns:
        One sentence per table. An empty list means that the diff is complete.
    """
    faults = []
    for table in sorted(old.keys() & new.keys()):
        counts = changes.counts.get(table) or dict.fromkeys(KINDS, 0)
        following = changes.rows[table].following if table in changes.rows else 0
        altered = counts["corrected"] + counts["replaced"] + following
        for what, one, other, direct in (
            ("gone", old[table], new[table], counts["removed"]),
            ("new", new[table], old[table], counts["added"]),
        ):
            differ, listed = _count_unmatched_rows(one, other), altered + direct
            if differ > listed:
                faults.append(f"{differ:,} rows of {table} are {what}, and the diff says {listed:,}")
    return faults


def _count_unmatched_rows(one: pl.DataFrame, other: pl.DataFrame) -> int:
    """Count the rows that have no identical row in the other table."""
    columns = [c for c in one.columns if c in other.columns]
    return one.join(other, on=columns, how="anti", nulls_equal=True).height
