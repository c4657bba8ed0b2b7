"""What was known on a day."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from conflictdata import loading
from conflictdata.analysis.columns import document_columns
from conflictdata.analysis.records import CountRow, Data, Records, read_records
from conflictdata.analysis.words import read_day
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd

KNOWN = ("published", "cut_off")


@document_columns("as_of")
def as_of(day: Any, *, known: str = "published", data: Data = None, collection: str | None = None) -> pd.DataFrame:
    """Return the rows of `casualties` as they were known on a day.

    A claim that was corrected later is a row, because on that day it held. A claim that the project took back has no
    day on which it held, and is left out.

    Args:
        day: The day, a date or a text such as 2024-12-04.
        known: `published` (the page was published by then) or `cut_off` (the claimant had counted up to that day).
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        The rows and columns of `casualties`, sorted by `figure_id`, and four more.

    Raises:
        Refused: If the data are older than version 2.
        UsageError: If the day or the word after `known` cannot be read.

    Examples:
        >>> import conflictdata as cd
        >>> then = cd.as_of("2023-11-01")
        >>> then[then.claim_id == "macdaniels_blog-2023-10-23.2"].standing.unique().tolist()
        ['superseded_later']
    """
    import pandas as pd

    records = read_records(data, collection)
    standings = judge_claims(records, read_day("day", day), known)
    if data is None or isinstance(data, str):
        frame = loading.load(version=data, collection=collection)
    else:
        frame = data["casualties"]
    frame = frame[frame["claim_id"].isin(list(standings))].sort_values("figure_id", ignore_index=True)
    bases = {id_: row["published_basis"] for id_, row in records.sources.items()}
    added = {
        "standing": pd.array(frame["claim_id"].map(standings).tolist(), dtype="string"),
        "published_basis": pd.array([bases.get(source) for source in frame["source_id"]], dtype="string"),
        **{name: pd.array([value] * len(frame), dtype="string") for name, value in records.origin.items()},
    }
    return frame.assign(**added)


def judge_claims(records: Records, day: dt.date, known: str) -> dict[str, str]:
    """Return the claims that were known on a day, each with what became of it.

    Raises:
        UsageError: If the way of knowing does not exist.
    """
    if known not in KNOWN:
        raise UsageError(f"known={str(known)[:40]!r} does not exist. There are: {', '.join(KNOWN)}.")
    first = {row.claim_id: row for row in reversed(records.rows)}
    days = {claim: row.published_on if known == "published" else row.as_of for claim, row in first.items()}
    successors = _list_successors(records, first)
    standings = {}
    for claim, row in first.items():
        known_on = days[claim]
        if known_on is None or known_on > day:
            continue
        later = [date for successor in successors[claim] if (date := days.get(successor))]
        if row.current == "yes":
            standings[claim] = "current"
        elif later and min(later) > day:
            standings[claim] = "retracted_later" if row.status == "retracted" else "superseded_later"
    return standings


def _list_successors(records: Records, first: dict[str, CountRow]) -> dict[str, list[str]]:
    """Return the claims that corrected each claim, or the same statement on another page."""
    corrected: dict[str, list[str]] = defaultdict(list)
    for claim, record in records.claims.items():
        if record["supersedes"]:
            corrected[record["supersedes"]].append(claim)
    roots: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for row in records.rows:
        if row.parent_id is None and first[row.claim_id].current != "yes":
            roots[row.claim_id].append((row.outcome, row.unit, row.qualifier, row.low, row.best, row.high))
    alike: dict[tuple[Any, ...], list[str]] = defaultdict(list)
    for claim, numbers in roots.items():
        alike[first[claim].claimant_id, first[claim].as_of, tuple(sorted(numbers, key=str))].append(claim)
    found: dict[str, list[str]] = defaultdict(list, {claim: list(later) for claim, later in corrected.items()})
    for claims in alike.values():
        for claim in claims:
            found[claim] += [later for other in claims if other != claim for later in corrected.get(other, [])]
    for one, other in records.links["repeats"]:
        found[one] += corrected.get(other, [])
        found[other] += corrected.get(one, [])
    return found
