"""Who says what of one event, or of one place and window: rival claims side by side."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from conflictdata.analysis.bounds import Bounds, gap
from conflictdata.analysis.columns import document_columns, make_frame
from conflictdata.analysis.groups import PeopleTerm, is_narrowed
from conflictdata.analysis.points import PointQuery, make_query
from conflictdata.analysis.records import CountRow, Data, Records, read_records
from conflictdata.analysis.refused import Refused
from conflictdata.analysis.relate import PlaceRelations, get_place, get_window, relate_times, resolve_event
from conflictdata.analysis.statements import PageNumber, Statement, is_unnamed, merge_numbers, read_number
from conflictdata.analysis.words import find_record, read_window
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd

_RANKED = ("same", "narrower_group")
# Why a number is not ranked, in words.
REASONS = {
    "wider": "counts more than this", "narrower": "counts only a part of this", "part_of": "a part of another claim",
    "singled_out": "one victim or group singled out", "replaced": "corrected or retracted",
}  # fmt: skip


@document_columns("compare")
def compare(
    event: str | None = None,
    *,
    place: str | None = None,
    since: Any = None,
    until: Any = None,
    group: str | None = None,
    outcome: str = "killed",
    unit: str = "persons",
    reading: str = "stated",
    data: Data = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """List what each claimant says of an event, or of the days at a place, side by side.

    Pages that carry the same number of a claimant are one row. Nothing is averaged, and no claimant is preferred: rows
    are sorted by number. A claim about the event has the event's place, whatever place its page names. Claims that
    count something else are listed and not ranked: `comparable` has the reason.

    Args:
        event: Id or name of an event.
        place: Instead of an event: a place, with `since` and `until`.
        since: First day at the place.
        until: Last day at the place.
        group: The people, as in `timeline`. Default: all; a claim that counts civilians alone is ranked as a lower bound.
        outcome: Outcome, such as `killed`.
        unit: Unit, such as `persons`.
        reading: `stated` or `counted`, as in `timeline`.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        One row per statement; those that are ranked first, by number. Empty, with its columns, if nobody gives one.

    Raises:
        Refused: If no figure counts the group (`no-group`), the window is impossible, there is more than one outcome or
            unit, or the data are older than version 2.
        UsageError: If a name or a day is unknown.

    Examples:
        >>> import conflictdata as cd
        >>> rivals = cd.compare("2024-12-01-idlib-strikes")
        >>> rivals[["claimant", "wording", "gap_max"]].values.tolist()[-1]
        ['ohchr', '22', 14]
    """
    records = read_records(data, collection)
    query = make_query(records, group, outcome, unit, reading)
    rows = list_rivals(records, find_target(records, event, place, since, until), query)
    return make_frame("compare", rows, records.origin)


@dataclass(frozen=True)
class CompareTarget:
    """What is compared.

    Attributes:
        event: Id of an event. None: a place and a window.
        place: Id of the place.
        window: First and last day.
    """

    event: str | None
    place: str | None
    window: tuple[dt.date | None, dt.date | None]


def find_target(records: Records, event: str | None, place: str | None, since: Any, until: Any) -> CompareTarget:
    """Return what is compared.

    Raises:
        UsageError: If it is neither an event nor a place with two days, or a name is unknown.
    """
    if event is not None and place is None and since is None and until is None:
        id_ = resolve_event(records, find_record(records, "event", event))
        row = records.events[id_]
        return CompareTarget(id_, row["location_id"], (row["date_start"], row["date_end"]))
    if event is not None or place is None or since is None or until is None:
        raise UsageError(
            "name an event, or a place with since and until: place='aleppo', since='2024-11-29', until=..."
        )
    return CompareTarget(None, find_record(records, "place", place), read_window(since, until))


def list_rivals(records: Records, target: CompareTarget, query: PointQuery) -> list[dict[str, Any]]:
    """Return the rows of `compare`.

    Raises:
        Refused: If there are claims, and no figure counts the group.
    """
    judge = _make_judge(records, target)
    roots = [
        (root, why) for root in _list_candidates(records, target)
        if root.parent_id is None and (root.outcome, root.unit) == (query.outcome, query.unit) and (why := judge(root))
    ]  # fmt: skip
    numbers = [found for root, why in roots for found in _choose_figures(records, root, why, query)]
    if roots and not numbers:
        raise _refuse_group(records, [root for root, _ in roots], query)
    bundles: dict[tuple[Any, ...], list[PageNumber]] = defaultdict(list)
    for number, why, crowd in numbers:
        row = number.row
        page = row.source_id if is_unnamed(records, row.claimant_id) else ""
        bundles[row.claimant_id, page, row.as_of, crowd, why, row.population].append(number)
    rivals = [(one, key) for key, items in bundles.items() for one in merge_numbers(items)]
    rivals.sort(
        key=lambda pair: (
            pair[1][4] not in _RANKED,
            pair[0].n is None,
            pair[0].n or 0,
            pair[1][0],
            pair[0].as_of,
            pair[0].claims,
        )
    )
    ranked = [pair for pair in rivals if pair[1][4] in _RANKED]
    last: dict[tuple[Any, ...], dt.date] = {}
    for _, key in rivals:
        last[key[0], *key[3:5]] = max(key[2], last.get((key[0], *key[3:5]), key[2]))
    return [
        {**_describe_rival(records, one, key, query, later=last[key[0], *key[3:5]] > key[2]), **_describe_gap(one, key, ranked)}
        for one, key in rivals
    ]  # fmt: skip


def _list_candidates(records: Records, target: CompareTarget) -> Iterable[CountRow]:
    """Return the rows among which the rivals are: of an event, the totals about it and about events merged into it."""
    if target.event is None:
        return records.rows
    events = [id_ for id_ in records.events if resolve_event(records, id_) == target.event]
    return dict.fromkeys(root for id_ in events for root in records.roots_by_event.get(id_, ()))


def _make_judge(records: Records, target: CompareTarget) -> Callable[[CountRow], str]:
    """Return a function that says how a total lies to the target: a word of `comparable`, "" for not at all."""
    places = PlaceRelations(records)
    inside = {claim for claim, _ in records.links["part_of"]}

    def judge(root: CountRow) -> str:
        if target.event:
            events = {resolve_event(records, event) for event in root.events}
            where = "" if target.event not in events else "wider" if len(events) > 1 else "same"
        else:
            where = _judge_place(places, records, root, target)
        if not where:
            return ""
        if root.current != "yes":
            return "replaced"
        if root.claim_id in inside:
            return "part_of"
        return "singled_out" if root.population == "singled_out" else where

    return judge


def _judge_place(places: PlaceRelations, records: Records, root: CountRow, target: CompareTarget) -> str:
    if root.scope in ("stock", "projection"):
        return ""
    place = places.relate(get_place(records, root), target.place)
    time = relate_times(get_window(root), target.window)
    words = {place, time}
    if "apart" in words or "unknown" in words:
        return ""
    if words == {"same"}:
        return "same"
    if words <= {"same", "inside"}:
        return "narrower"
    return "wider" if words <= {"same", "holds"} else ""


_Chosen = tuple[PageNumber, str, str]  # a number, its word of `comparable`, and the people it counts


def _choose_figures(records: Records, root: CountRow, why: str, query: PointQuery) -> list[_Chosen]:
    """Return the figures of a claim that count the group."""
    if not query.group.attributes:
        crowd = "" if root.population == "everybody" and root.label is None else _describe_people(root)
        word = "narrower_group" if crowd and why == "same" else why
        return [(read_number(records, root, query.reading), word, crowd)]
    tree = [row for row in records.by_claim[root.claim_id] if records.find_root(row) is root]
    for any_status in (False, True):
        fitting = [row for row in tree if _fits(row, root, query.group, any_status=any_status)]
        if fitting:
            least = min(row.depth for row in fitting)
            word = "narrower_group" if any_status and why == "same" else why
            crowd = "status" if any_status else ""
            return [(read_number(records, row, query.reading), word, crowd) for row in fitting if row.depth == least]
    return []


def _fits(row: CountRow, root: CountRow, group: PeopleTerm, *, any_status: bool) -> bool:
    return row.relation != "additional" and group.covers(row, any_status=any_status) and not is_narrowed(row, root)


def _describe_people(root: CountRow) -> str:
    """Return whom a total counts, as one text that differs where the people do."""
    return "/".join((root.population or "", root.population_detail or "", root.label or ""))


def _describe_rival(
    records: Records, one: Statement, key: tuple[Any, ...], query: PointQuery, *, later: bool
) -> dict[str, Any]:
    claimant, *_, why, population = key
    return {
        "claimant": claimant,
        "family": records.list_chain("actors", claimant)[-1],
        "group": query.group.text or None,
        "population": population if one.row.parent_id is None else None,
        "outcome": query.outcome,
        "unit": query.unit,
        "reading": query.reading,
        **one.describe(),
        "comparable": why,
        "later": later and not is_unnamed(records, claimant),
    }


def _describe_gap(
    one: Statement, key: tuple[Any, ...], ranked: Sequence[tuple[Statement, tuple[Any, ...]]]
) -> dict[str, Any]:
    """Return the largest gap to another claimant's number; nothing for a number that is not ranked."""
    claimant, _, _, crowd, why, _ = key
    if why not in _RANKED:
        return {"gap_max": None, "gap_open": None, "with": None}
    others = [(other, its) for other, its in ranked if its[0] != claimant]
    gaps = [(*_measure_gap((one, crowd), (other, its[3])), its[0]) for other, its in others]
    widest = max(gaps, key=lambda found: (found[0], found[2]), default=(0, False, None))
    return {"gap_max": widest[0], "gap_open": widest[1], "with": widest[2] if widest[0] else None}


def _measure_gap(one: tuple[Statement, str], other: tuple[Statement, str]) -> tuple[int, bool]:
    """Return the distance that two statements leave, and whether the higher one is open above.

    A count of civilians alone is a lower bound of a count of everybody. Two counts of different people leave nothing.
    """
    (first, first_crowd), (second, second_crowd) = one, other
    a, b = first.bounds, second.bounds
    if first_crowd != second_crowd:
        if first_crowd and second_crowd:
            return 0, False
        a, b = (a._replace(high=None) if first_crowd else a), (b._replace(high=None) if second_crowd else b)
    higher: Bounds = (first.bounds, second.bounds)[a.least < b.least]
    return gap(a, b), higher.high is None


def _refuse_group(records: Records, roots: Sequence[CountRow], query: PointQuery) -> Refused:
    below = {
        row.path.rsplit(" > ", 1)[-1]
        for root in roots
        for row in records.children.get(root.figure_id, [])
        if row.label is None
    }
    choices = [f"group={name}" for name in sorted(below)] or ["leave the group out"]
    return Refused(
        ["no-group"], f"no figure of these claims counts {query.group.text}.", [{"code": "no-group"}], choices
    )
