"""How a toll rose: the statements of running tolls, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictdata.analysis.columns import document_columns, make_frame
from conflictdata.analysis.points import PointQuery, list_points, make_query, mark_days
from conflictdata.analysis.records import Data, Records, read_records
from conflictdata.analysis.words import find_record, join
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd


@document_columns("timeline")
def timeline(
    toll: str | None = None,
    *,
    conflict: str | None = None,
    claimant: str | None = None,
    group: str | None = None,
    outcome: str = "killed",
    unit: str = "persons",
    reading: str = "stated",
    regroup: bool = False,
    data: Data = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """List what a claimant said of a running toll, day by day.

    Pages that carry the same number of the same day are one row. A rounded number (*more than 240*) is a row of its own
    only if no number of the day (242), or more than one, rounds to it. Corrected claims are left out; see `revisions`.

    Args:
        toll: Id or name of a toll.
        conflict: Instead of a toll: all tolls of a conflict.
        claimant: With a conflict: only the tolls of this claimant.
        group: The people, in the words of the seeds: `civilians`, `children`, the id of an actor, or several joined by
            `+`. Default: everybody whom the toll counts.
        outcome: Outcome, such as `killed` or `injured`.
        unit: Unit, such as `persons` or `bodies`.
        reading: `stated` (what the words leave possible) or `counted` (what the claimant had on its list).
        regroup: Use printed parts: they narrow the bounds of a number of their claim and, where a page prints no number
            for an actor, those that make up its people are added up.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        One row per statement, by toll, day and number. Empty, with its columns, if the toll has no such number.

    Raises:
        Refused: If no figure of the toll counts the group (`no-group`), there is more than one outcome or unit, or the
            data are older than version 2.
        UsageError: If a name is unknown. The message shows the nearest.

    Examples:
        >>> import conflictdata as cd
        >>> toll = cd.timeline("sohr.syria_2024_offensive.2024-11-27")
        >>> toll[toll.last_of_day].wording.tolist()[-1]
        'at least 910'
    """
    records = read_records(data, collection)
    query = make_query(records, group, outcome, unit, reading, regroup=regroup)
    tolls = select_tolls(records, toll, conflict, claimant)
    return make_frame("timeline", list_timeline(records, tolls, query, one=toll is not None), records.origin)


def select_tolls(records: Records, toll: str | None, conflict: str | None, claimant: str | None) -> list[str]:
    """Return the ids of the tolls that are meant, sorted.

    Raises:
        UsageError: If neither a toll nor a conflict is given, or a name is unknown.
    """
    if (toll is None) == (conflict is None):
        raise UsageError(
            "name a toll or a conflict: toll='sohr.syria_2024_offensive.2024-11-27' or conflict='gaza_2023'"
        )
    if toll is not None:
        return [find_record(records, "toll", toll)]
    conditions = {"conflict_id": find_record(records, "conflict", conflict or "")}
    if claimant is not None:
        conditions["claimant_id"] = find_record(records, "actor", claimant)
    return sorted(
        id_ for id_, row in records.tolls.items() if all(row[key] == value for key, value in conditions.items())
    )


def list_timeline(records: Records, tolls: list[str], query: PointQuery, *, one: bool) -> list[dict[str, Any]]:
    """Return the rows of a timeline.

    Args:
        records: The records.
        tolls: Ids of tolls.
        query: What is asked of them.
        one: Refuse if the toll has no figure for the group; else leave such tolls out.

    Raises:
        Refused: If no figure counts the group.
    """
    from conflictdata.analysis.refused import Refused

    rows: list[dict[str, Any]] = []
    refused: list[Refused] = []
    for toll in tolls:
        try:
            rows += _list_toll(records, toll, query)
        except Refused as reason:
            refused.append(reason)
    if refused and (one or not rows):
        raise refused[0]
    return rows


def _list_toll(records: Records, toll: str, query: PointQuery) -> list[dict[str, Any]]:
    points = list_points(records, toll, query)
    marks = mark_days(records, points)
    rows = []
    for point in points:
        order, falls = marks.get(id(point), ("", False))
        parts = [part.figure_id for item in point.items for part in item.parts]
        rows.append({
            "toll": toll,
            "claimant": point.row.claimant_id,
            "group": query.group.text or None,
            "outcome": query.outcome,
            "unit": query.unit,
            "reading": query.reading,
            **point.describe(),
            "last_of_day": id(point) in marks,
            "order": order or None,
            "falls": falls,
            "derived": all(item.parts for item in point.items),
            "parts": join(sorted(parts)),
        })  # fmt: skip
    return rows
