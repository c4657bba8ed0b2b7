"""What was revised: the corrections of a claim, or the steps of a running toll."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.analysis.columns import document_columns, make_frame
from conflictdata.analysis.points import PointQuery, list_points, make_query, mark_days
from conflictdata.analysis.records import CountRow, Data, Records, read_records
from conflictdata.analysis.statements import Statement, merge_numbers, read_number
from conflictdata.analysis.words import find_record, join
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd


@document_columns("revisions")
def revisions(
    record: str,
    *,
    outcome: str = "killed",
    unit: str = "persons",
    group: str | None = None,
    data: Data = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """List how a number changed: by corrections of a claim, or along a running toll.

    The next point of a running toll is not a correction: 704 was right on its day.

    Args:
        record: Id of a claim, or id or name of a toll.
        outcome: Outcome, such as `killed`.
        unit: Unit, such as `persons`.
        group: For a toll: the people, as in `timeline`.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        One row per step, the earliest first. None, but the columns, if the claim has no such number.

    Raises:
        Refused: If no figure of the toll counts the group, or the data are older than version 2.
        UsageError: If the claim or toll does not exist. The message shows the nearest.

    Examples:
        >>> import conflictdata as cd
        >>> cd.revisions("gma_news-2023-11-11.1")[["wording", "kind"]].values.tolist()
        [['more than 1,400', 'first'], ['about 1,200', 'revision']]
    """
    records = read_records(data, collection)
    rows = list_revisions(records, record, make_query(records, group, outcome, unit, "stated"))
    return make_frame("revisions", rows, records.origin)


def list_revisions(records: Records, record: str, query: PointQuery) -> list[dict[str, Any]]:
    """Return the rows of `revisions`.

    Raises:
        Refused: If no figure of a toll counts the group.
        UsageError: If the claim or toll does not exist.
    """
    if record in records.claims:
        steps = [
            (one, "first" if i == 0 else "revision") for i, one in enumerate(_list_corrections(records, record, query))
        ]
    else:
        steps = _list_toll_steps(records, _find_toll(records, record), query)
    rows, before = [], None
    for number, (one, kind) in enumerate(steps, start=1):
        reasons = [records.claims.get(claim, {}).get("revision_reason") for claim in one.claims]
        rows.append({
            "step": number, "claim_id": one.claims[0], "as_of": one.as_of, "wording": one.wording, "n": one.n,
            "low": one.bounds.low, "high": one.bounds.high,
            "change": None if before is None or one.n is None else one.n - before,
            "reason": next((reason for reason in reasons if reason), None), "kind": kind, "pages": one.pages,
            "claims": join(one.claims),
        })  # fmt: skip
        before = one.n if one.n is not None else before
    return rows


def _find_toll(records: Records, record: str) -> str:
    try:
        return find_record(records, "toll", record)
    except UsageError:
        if "." in record and (near := find_close(record, records.claims, least=0.85)):
            raise UsageError(f"there is no claim or toll {record[:80]!r}. {ask_whether(*near)}") from None
        raise


def _list_corrections(records: Records, claim: str, query: PointQuery) -> list[Statement]:
    """Return the chain of corrections that a claim belongs to, the earliest first."""
    earlier = {id_: row["supersedes"] for id_, row in records.claims.items() if row["supersedes"]}
    later = {old: new for new, old in sorted(earlier.items(), reverse=True)}
    chain = [claim]
    while (before := earlier.get(chain[0])) and before not in chain:
        chain.insert(0, before)
    while (after := later.get(chain[-1])) and after not in chain:
        chain.append(after)
    roots: dict[str, CountRow] = {
        row.claim_id: row for row in records.rows
        if row.claim_id in chain and row.parent_id is None and (row.outcome, row.unit) == (query.outcome, query.unit)
    }  # fmt: skip
    return [merge_numbers([read_number(records, roots[id_], "stated")])[0] for id_ in chain if id_ in roots]


def _list_toll_steps(records: Records, toll: str, query: PointQuery) -> list[tuple[Statement, str]]:
    """Return the last statement of each day, and before a corrected one, what it corrected."""
    points = list_points(records, toll, query)
    marks = mark_days(records, points)
    steps: list[tuple[Statement, str]] = []
    for point in points:
        old = {records.claims.get(claim, {}).get("supersedes") for claim in point.claims} - {None}
        rows = [
            row for claim in sorted(filter(None, old)) for row in records.by_claim.get(claim, ())
            if row.toll_id == toll and row.outcome == query.outcome
        ]  # fmt: skip
        if rows and not query.group.attributes:
            before = merge_numbers([read_number(records, row, "stated") for row in rows])
            steps += [(one, "next_point" if steps else "first") for one in before]
            steps.append((point, "revision"))
        elif id(point) in marks:
            steps.append((point, "fall" if marks[id(point)][1] else "next_point" if steps else "first"))
    return steps
