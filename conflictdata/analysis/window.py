"""How many between two days: the growth of a running toll, with its bounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from conflictdata.analysis.bounds import Bounds, ContradictionError, meet, subtract
from conflictdata.analysis.columns import document_columns, make_frame
from conflictdata.analysis.points import PointQuery, list_points, make_query
from conflictdata.analysis.records import Data, Records, read_records
from conflictdata.analysis.refused import Refused
from conflictdata.analysis.statements import PageNumber, Statement, choose_last, read_bounds
from conflictdata.analysis.words import find_record, join, read_window

if TYPE_CHECKING:
    import pandas as pd

_DAY = dt.timedelta(days=1)
_ZERO = Bounds(0, 0, 0)


@document_columns("window")
def window(
    toll: str,
    since: Any,
    until: Any,
    *,
    group: str | None = None,
    outcome: str = "killed",
    unit: str = "persons",
    reading: str = "stated",
    regroup: bool = False,
    basis: str | None = None,
    data: Data = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """Say by how many a toll grew over some days, and within which bounds.

    The growth is what was *recorded* in these days: it holds late reports of earlier deaths. Nothing is interpolated.

    Args:
        toll: Id or name of a toll.
        since: First day, a date or a text such as 2024-12-01.
        until: Last day; it is inside the window.
        group: The people, as in `timeline`. Default: everybody whom the toll counts.
        outcome: Outcome, such as `killed`.
        unit: Unit, such as `persons`.
        reading: `stated` or `counted`, as in `timeline`.
        regroup: Use printed parts, as in `timeline`.
        basis: Only numbers on this basis: `occurred`, by the day of death, or `recorded`, by the day of record. Default: any.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        One row.

    Raises:
        Refused: If the window is impossible, the toll has no number from before it (`no-start`) or within it (`no-end`),
            its numbers close no end (`no-bound`), it falls (`toll-fell`), or its numbers have two bases (`basis`).
        UsageError: If a name or a day is unknown.

    Examples:
        >>> import conflictdata as cd
        >>> toll = "sohr.syria_2024_offensive.2024-11-27"
        >>> cd.window(toll, "2024-12-01", "2024-12-04", reading="counted").best.item()
        377
    """
    records = read_records(data, collection)
    query = make_query(records, group, outcome, unit, reading, regroup=regroup, basis=basis)
    row = measure_window(records, find_record(records, "toll", toll), since, until, query)
    return make_frame("window", [row], records.origin)


def measure_window(records: Records, toll: str, since: Any, until: Any, query: PointQuery) -> dict[str, Any]:
    """Return the row of `window`.

    Raises:
        Refused: If there is no answer.
    """
    first, last = read_window(since, until)
    points = [point for point in list_points(records, toll, query) if point.n is not None]
    points = _drop_lagging(toll, points, last)
    start = records.tolls[toll]["date_start"]
    opening = None if start and first <= start else _find_last(records, points, lambda day: day < first)
    closing = _find_last(records, points, lambda day: first <= day <= last)
    _check_ends(toll, points, (opening, closing), (first, last), start, query.reading)
    assert closing is not None
    before, after = (opening.bounds if opening else _ZERO), closing.bounds
    try:
        grown = subtract(after, before)
        days = subtract(_bound_day(points, last, None), _bound_day(points, first - _DAY, start))
    except ContradictionError as fault:
        raise _refuse_fall(toll, points, fault) from None
    used = [point for point in (opening, closing) if point is not None]
    gap = (first - _DAY - opening.as_of).days if opening else 0
    return {
        "toll": toll, "claimant": closing.row.claimant_id, "group": query.group.text or None, "outcome": query.outcome,
        "unit": query.unit, "reading": query.reading, "since": first, "until": last,
        "from_as_of": opening.as_of if opening else None, "from_n": opening.n if opening else 0,
        "to_as_of": closing.as_of, "to_n": closing.n, "low": grown.low, "best": grown.best, "high": grown.high,
        "days_low": days.low, "days_high": days.high, "basis": "recorded", "gap_days": gap + (last - closing.as_of).days,
        "pages": len({item.row.source_id for point in used for item in point.everything}),
        "claims": join(claim for point in used for claim in point.claims),
    }  # fmt: skip


def _find_last(records: Records, points: Sequence[Statement], holds: Callable[[dt.date], bool]) -> Statement | None:
    """Return the last statement with a bound on the days that fit."""
    days = [list(day) for as_of, day in groupby(points, key=lambda point: point.as_of) if holds(as_of)]
    return next((last for day in reversed(days) if (last := choose_last(records, day, bounded=True)[0])), None)


def _bound_day(points: Iterable[Statement], day: dt.date, start: dt.date | None) -> Bounds:
    """Return what the statements leave for the toll at the end of a day: it never falls.

    Raises:
        ContradictionError: If a later number is smaller than an earlier one.
    """
    if start and day < start:
        return _ZERO
    listed = list(points)
    before = [Bounds(low=point.bounds.low) for point in listed if point.as_of <= day]
    return meet([*before, *(Bounds(high=point.bounds.high) for point in listed if point.as_of > day)])


def _check_ends(
    toll: str,
    points: Sequence[Statement],
    ends: tuple[Statement | None, Statement | None],
    days: tuple[dt.date, dt.date],
    start: dt.date | None,
    reading: str,
) -> None:
    """Refuse a window without a number at one of its ends, or with numbers on two bases."""
    (opening, closing), (first, last) = ends, days
    from_zero = start is not None and first <= start
    if closing is None or (opening is None and not from_zero):
        held = [p for p in points if (first <= p.as_of <= last if closing is None else p.as_of < first)]
        code = "no-bound" if held else "no-end" if closing is None else "no-start"
        where = f"within {first} to {last}" if closing is None else f"from before {first}"
        what = "only numbers without a bound" if held else "no number"
        dated = sorted({point.as_of for point in points})
        span = (
            f"its numbers are as of {dated[0]} to {dated[-1]}"
            if dated
            else "it has no number for this outcome and unit"
        )
        other = "counted" if reading == "stated" else "stated"
        closes = any(_read_in(item, other).is_bounded for point in held for item in point.items)
        choices = ([f"reading={other}"] if closes else []) if held else [f"since={start}"] if start and closing else []
        rows = [{"code": code, "toll": toll, "as_of": p.as_of, "wording": p.wording} for p in held or points[:1]]
        raise Refused([code], f"{toll} has {what} {where}; {span}.", rows, choices)
    used = [point for point in (opening, closing) if point]
    if len({point.row.basis for point in used}) > 1:
        rows = [{"code": "basis", "as_of": p.as_of, "wording": p.wording, "basis": p.row.basis} for p in used]
        raise Refused(
            ["basis"],
            f"{toll} counts by the day of death on one day, and by the day of record on the other.",
            rows,
            sorted({f"basis={point.row.basis}" for point in points}),
        )


def _read_in(item: PageNumber, reading: str) -> Bounds:
    """Return what a number leaves possible in another reading."""
    return read_bounds(item.qualifier, item.n, item.row.high, reading, opened=item.opened_by is not None)


def _drop_lagging(toll: str, points: Sequence[Statement], last: dt.date) -> list[Statement]:
    """Leave out numbers that are smaller than one of an earlier day, if another page of their day has the larger one.

    Raises:
        Refused: If up to the last day of the window, all numbers of a day are smaller than one of an earlier day.
    """
    kept: list[Statement] = []
    largest = -1
    for as_of, day in groupby(points, key=lambda point: point.as_of):
        listed = list(day)
        fitting = [point for point in listed if point.bounds.high is None or point.bounds.high >= largest]
        if as_of <= last and not any(point.bounds.is_bounded for point in fitting) and len(fitting) < len(listed):
            most = max(point.bounds.high for point in listed if point.bounds.high is not None)
            fault = ContradictionError(f"at least {largest} before {as_of}, and at most {most} then")
            raise _refuse_fall(toll, points, fault)
        kept += fitting
        largest = max([largest, *(point.bounds.low for point in fitting if point.bounds.low is not None)])
    return kept


def _refuse_fall(toll: str, points: Sequence[Statement], fault: ContradictionError) -> Refused:
    """Return the refusal for a falling toll, with the two statements that contradict each other most."""
    worst: tuple[int, Statement, Statement] | None = None
    largest: Statement | None = None  # of the days before
    for _, day in groupby(points, key=lambda point: point.as_of):
        listed = list(day)
        for two in listed:
            if largest is not None and two.bounds.high is not None:
                fall = (largest.bounds.low or 0) - two.bounds.high
                worst = max(worst or (fall, largest, two), (fall, largest, two), key=lambda pair: pair[0])
        lows = [point for point in (largest, *listed) if point is not None and point.bounds.low is not None]
        largest = max(lows, key=lambda point: (point.bounds.low or 0, point.as_of), default=None)
    rows = [
        {"code": "toll-fell", "as_of": p.as_of, "wording": p.wording, "claims": join(p.claims)}
        for p in (worst or ())[1:]
    ]
    return Refused(
        ["toll-fell"],
        f"the numbers of {toll} cannot all hold: {fault}.",
        rows,
        [f"revisions({toll!r}) shows where it fell"],
    )
