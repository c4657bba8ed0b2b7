"""The points of running tolls: their statements, in order."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

from conflictdata.analysis.groups import PeopleTerm, parse_group, select_group
from conflictdata.analysis.records import CountRow, Records
from conflictdata.analysis.refused import Refused
from conflictdata.analysis.regroup import narrow_number, sum_parts
from conflictdata.analysis.statements import PageNumber, Statement, choose_last, merge_numbers, read_number
from conflictdata.analysis.words import check_reading, check_term


@dataclass(frozen=True)
class PointQuery:
    """What is asked of a toll.

    Attributes:
        group: The people.
        outcome: The outcome.
        unit: The unit.
        reading: `stated` or `counted`.
        regroup: Whether printed parts narrow a number, and are added up if a page prints no number for the group.
        basis: Only numbers on this basis, `occurred` or `recorded`. None: on any.
    """

    group: PeopleTerm
    outcome: str = "killed"
    unit: str = "persons"
    reading: str = "stated"
    regroup: bool = False
    basis: str | None = None


def make_query(
    records: Records,
    group: str | None,
    outcome: str,
    unit: str,
    reading: str,
    *,
    regroup: bool = False,
    basis: str | None = None,
) -> PointQuery:
    """Check the arguments that all questions about tolls have in common.

    Raises:
        Refused: If there is more than one outcome or unit.
        UsageError: If a word is unknown.
    """
    return PointQuery(
        parse_group(group, records),
        check_term("outcome", outcome),
        check_term("unit", unit),
        check_reading(reading),
        regroup,
        check_term("basis", basis) if basis is not None else None,
    )


def list_roots(records: Records, toll: str, query: PointQuery) -> list[CountRow]:
    """Return the totals of a toll that hold, of cumulative claims."""
    return [
        row for row in records.rows
        if row.toll_id == toll and row.parent_id is None and row.current == "yes"
        and (row.outcome, row.unit, row.scope) == (query.outcome, query.unit, "cumulative")
        and query.basis in (None, row.basis)
    ]  # fmt: skip


def list_points(records: Records, toll: str, query: PointQuery) -> list[Statement]:
    """Return the statements of a toll, by day and then by number.

    Raises:
        Refused: If no figure of the toll counts the group. The choices are the groups that it has.
    """
    roots = list_roots(records, toll, query)
    trees = _collect_trees(records, roots, query)
    numbers = [number for root in roots for number in _list_numbers(records, trees[root.claim_id], root, query)]
    if roots and not numbers:
        raise _refuse_group(records, toll, roots, trees, query)
    by_day: dict[dt.date, list[PageNumber]] = defaultdict(list)
    for number in numbers:
        by_day[number.row.as_of].append(number)
    return [one for day in sorted(by_day) for one in merge_numbers(by_day[day])]


def _collect_trees(records: Records, roots: list[CountRow], query: PointQuery) -> dict[str, list[CountRow]]:
    return {
        root.claim_id: [
            row for row in records.by_claim[root.claim_id] if (row.outcome, row.unit) == (query.outcome, query.unit)
        ]
        for root in roots
    }


def _list_numbers(records: Records, tree: list[CountRow], root: CountRow, query: PointQuery) -> list[PageNumber]:
    below = [row for row in tree if row is root or records.find_root(row) is root] if query.group.attributes else tree
    chosen = select_group(below, root, query.group)
    if not chosen and query.regroup:
        summed = sum_parts(records, root, query.group, query.reading)
        return [summed] if summed else []
    numbers = [read_number(records, row, query.reading) for row in chosen]
    if query.regroup and query.reading == "stated":
        return [narrow_number(records, number) for number in numbers]
    return numbers


def _refuse_group(
    records: Records, toll: str, roots: list[CountRow], trees: dict[str, list[CountRow]], query: PointQuery
) -> Refused:
    names = {
        row.path.rsplit(" > ", 1)[-1]: None
        for root in roots for row in trees[root.claim_id] if row is not root and row.depth == 1 and row.label is None
    }  # fmt: skip
    listed = sorted(name for name in names if _names_group(name, records))
    choices = [f"group={name}" for name in listed] or ["leave the group out"]
    return Refused(
        ["no-group"], f"no figure of {toll} counts {query.group.text}.", [{"code": "no-group", "toll": toll}], choices
    )


def _names_group(name: str, records: Records) -> bool:
    try:
        parse_group(name, records)
    except ValueError:
        return False
    return True


def mark_days(records: Records, points: list[Statement]) -> dict[int, tuple[str, bool]]:
    """Return, by the id of the object, the last statement of each day: how that is known, and whether the toll falls."""
    marks: dict[int, tuple[str, bool]] = {}
    largest = 0
    for _, day in groupby(points, key=lambda one: one.as_of):
        last, order = choose_last(records, list(day))
        if last is None or last.n is None:
            continue
        falls = not last.is_rounding and last.n < largest
        marks[id(last)] = (order, falls)
        largest = max(largest, 0 if last.is_rounding else last.n)
    return marks
