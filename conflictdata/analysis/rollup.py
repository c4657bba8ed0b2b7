"""A safe sum: add up numbers that count different people for certain, and refuse all others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.analysis.bounds import Bounds, add, union
from conflictdata.analysis.clashes import Clash, find_clashes, list_components
from conflictdata.analysis.columns import document_columns, make_frame
from conflictdata.analysis.groups import ATTRIBUTES, is_narrowed
from conflictdata.analysis.overlaps import SHARING, OverlapJudge
from conflictdata.analysis.points import PointQuery, make_query
from conflictdata.analysis.records import COLUMNS, CountRow, Data, Records, read_records
from conflictdata.analysis.refused import CODES, Refused
from conflictdata.analysis.statements import PageNumber, Statement, get_number, is_unnamed, merge_numbers, read_number
from conflictdata.analysis.words import find_record, join, write_number
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd

ON_OVERLAP = ("refuse", "union")  # what `rollup` does with numbers that may share people

_SHORT = {
    "conflict": "conflict_id", "claimant": "claimant_id", "place": "location_id", "location": "location_id", "toll": "toll_id",
    "event": "event_ids", "actor": "actor_id", "claim": "claim_id", "figure": "figure_id", "source": "source_id",
    "publisher": "publisher_id",
}  # fmt: skip
_KINDS = {
    "conflict_id": "conflict",
    "claimant_id": "actor",
    "location_id": "place",
    "toll_id": "toll",
    "actor_id": "actor",
}
_CHOICES = {
    "part-with-total": "where relation=total", "subset-added": "where relation=total", "two-axes": "where axis=..., one list",
    "additional": "additional=True", "same-toll": "`timeline` of the toll, or `window`", "superseded": "current=True",
    "retracted": "current=True", "two-claimants": "where claimant=..., or `compare`", "two-conflicts": "by conflict",
    "same-event": "`compare` of the event", "unit": "one unit", "outcome": "one outcome", "basis": "where basis=occurred",
    "scope": "where scope=event", "overlapping-windows": "on_overlap=union", "place-inside-place": "on_overlap=union",
    "place-unknown": "on_overlap=union", "no-number": "where qualifier=exact", "part-of": "on_overlap=union",
    "outside-conflict": "`timeline` of its toll",
}  # fmt: skip


@document_columns("rollup")
def rollup(
    by: str | Sequence[str] = (),
    where: Mapping[str, Any] | None = None,
    *,
    group: str | None = None,
    outcome: str | None = "killed",
    unit: str | None = "persons",
    reading: str = "stated",
    on_overlap: str = "refuse",
    additional: bool = False,
    current: bool = True,
    explain: bool = False,
    data: Data = None,
    collection: str | None = None,
) -> pd.DataFrame:
    """Add up numbers, cell by cell, if they count different people for certain.

    Each pair of numbers in a cell is tested: by claimant, page, event, toll, place, days and people. Pages that carry the
    same number of a claimant are one number. There is no sum over claimants and none over conflicts.

    Args:
        by: Columns of `casualties` that make the cells, such as `event`, `place` or `conflict`. Default: one cell.
        where: Values by column, such as `{"claimant": "sohr", "relation": "total"}`; a list means any of them.
        group: The people, as in `timeline`. Default: everybody, unless `where` names people.
        outcome: Outcome. None: any, which refuses if there is more than one in a cell.
        unit: Unit. None: any, likewise.
        reading: `stated` or `counted`, as in `timeline`.
        on_overlap: `refuse`; or `union`, for numbers that may share people: at least the largest, at most the sum.
        additional: Add figures outside the total of their page (*another 15*), too.
        current: Leave out what was corrected or retracted; else such numbers refuse.
        explain: Return the figures instead of sums, each with whether it is used and why not. Never refuses.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        One row per cell, sorted; the columns of `by` come first. With `explain`, one row per figure, with other columns.

    Raises:
        Refused: If two numbers may count the same people, or one cannot be in a sum. `reasons` has all codes, `rows` an
            example of each.
        UsageError: If a column, a name or a word is unknown.

    Examples:
        >>> import conflictdata as cd
        >>> airwars = {"claimant": "airwars", "relation": "total", "person_status": "civilian"}
        >>> cd.rollup(where=airwars, on_overlap="union").columns[:3].tolist()
        ['low', 'best', 'high']
    """
    records = read_records(data, collection)
    plan = plan_rollup(
        records, by, where, group, outcome, unit, reading, on_overlap, current=current, additional=additional
    )
    cells = list_cells(records, plan)
    if explain:
        return make_frame("explain", explain_cells(cells), records.origin, plan.by)
    return make_frame("rollup", sum_cells(records, cells, plan), records.origin, plan.by)


@dataclass(frozen=True)
class SumPlan:
    """What is added up.

    Attributes:
        by: Columns that make the cells, as typed.
        columns: The same columns, as in `casualties`.
        where: Allowed values by column.
        query: People, outcome, unit and reading. "" as outcome or unit: any.
        on_overlap: `refuse` or `union`.
        current: Whether only what holds is added up.
        additional: Whether figures outside a total are added to it.
    """

    by: tuple[str, ...]
    columns: tuple[str, ...]
    where: dict[str, set[Any]]
    query: PointQuery
    on_overlap: str
    current: bool
    additional: bool


@dataclass
class SumCell:
    """A cell of the sum.

    Attributes:
        key: Its values of the columns of `by`, by their names as typed.
        items: Its statements.
        clashes: Why they may not be added: a code, and the items that it is about.
        left: Figures that fit the place, outcome and unit, and are left out, with the reason.
    """

    key: dict[str, str | None]
    items: list[Statement]
    clashes: list[Clash] = field(default_factory=list)
    left: list[tuple[CountRow, str]] = field(default_factory=list)


def plan_rollup(
    records: Records,
    by: str | Sequence[str],
    where: Mapping[str, Any] | None,
    group: str | None,
    outcome: str | None,
    unit: str | None,
    reading: str,
    on_overlap: str = "refuse",
    *,
    current: bool = True,
    additional: bool = False,
) -> SumPlan:
    """Check the arguments of `rollup`.

    Raises:
        UsageError: If a column, a name or a word is unknown.
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    if on_overlap not in ON_OVERLAP:
        raise UsageError(f"there is no on_overlap {on_overlap!r}. There are: {', '.join(ON_OVERLAP)}.")
    allowed = {}
    for name, value in (where or {}).items():
        column = _find_column(name)
        values = list(value) if isinstance(value, list | tuple | set) else [value]
        kind = _KINDS.get(column, "event" if column == "event_ids" else "")
        allowed[column] = {find_record(records, kind, item) for item in values} if kind else set(values)
        if not kind:
            _check_values(records, column, allowed[column])
    query = make_query(records, group, outcome or "killed", unit or "persons", reading)
    query = PointQuery(query.group, outcome or "", unit or "", reading)
    return SumPlan(names, tuple(_find_column(name) for name in names), allowed, query, on_overlap, current, additional)


def _find_column(name: str) -> str:
    known = [*COLUMNS["casualties"], "country"]
    column = _SHORT.get(name, name)
    if column not in known:
        near = find_close(str(name), [*_SHORT, *known], least=0.6)
        hint = ask_whether(*near) or f"Columns: {', '.join([*_SHORT, *known])}."
        raise UsageError(f"there is no column {str(name)[:40]!r}. {hint}")
    return column


def _check_values(records: Records, column: str, values: Iterable[Any]) -> None:
    known = {_get_cell(records, row, column) for row in records.rows}
    for value in values:
        if value is not None and value not in known:
            texts = sorted(str(item) for item in known if item is not None)
            hint = ask_whether(*find_close(str(value), texts, least=0.6)) or f"There are: {', '.join(texts[:12])}."
            raise UsageError(f"no {column} is {str(value)[:60]!r}. {hint}")


def _get_cell(records: Records, row: CountRow, column: str) -> Any:
    if column == "country":
        return records.places.get(row.location_id or "", {}).get("country")
    if column == "toll_id":
        return records.toll_of_claim.get((row.claim_id, row.outcome, row.unit))
    return getattr(row, column)


def list_cells(records: Records, plan: SumPlan) -> list[SumCell]:
    """Return the cells, sorted, with the reasons why their numbers may not be added."""
    cells: dict[tuple[Any, ...], list[CountRow]] = defaultdict(list)
    for row in records.rows:
        if _is_selected(records, row, plan):
            cells[tuple(_get_cell(records, row, column) for column in plan.columns)].append(row)
    judge = OverlapJudge(records, additional=plan.additional)
    free = [column for column in ATTRIBUTES if column in plan.where]
    if "actor_id" in free:  # an actor's kind implies the status of its people
        free.append("person_status")
    made = []
    for key in sorted(cells, key=lambda values: tuple((value is None, str(value)) for value in values)):
        cell = SumCell({name: None if v is None else str(v) for name, v in zip(plan.by, key, strict=True)}, [])
        reasons = [(row, _leave_out(row, plan, free)) for row in cells[key]]
        cell.left = [(row, why) for row, why in reasons if why]
        cell.items = _merge_rows(records, [row for row, why in reasons if not why], plan.query.reading)
        cell.clashes = find_clashes(judge, cell.items)
        made.append(cell)
    return made


def _is_selected(records: Records, row: CountRow, plan: SumPlan) -> bool:
    if plan.query.outcome not in ("", row.outcome) or plan.query.unit not in ("", row.unit):
        return False
    for column, values in plan.where.items():
        if column == "event_ids":
            if not values & set(row.events):
                return False
        elif _get_cell(records, row, column) not in values:
            return False
    return True


def _leave_out(row: CountRow, plan: SumPlan, free: Sequence[str]) -> str:
    """Return why a figure is not in the sum; "" if it is. It may name people in the free columns alone."""
    if plan.current and row.current != "yes":
        return "retracted" if row.status == "retracted" else "superseded"
    if row.population == "singled_out":
        return "singled_out"
    group = plan.query.group
    if group.attributes or not free:
        return "" if group.covers(row) else "group"
    others = [column for column in ATTRIBUTES if column not in free and getattr(row, column) is not None]
    return ", ".join(others)


def _merge_rows(records: Records, rows: Iterable[CountRow], reading: str) -> list[Statement]:
    """Return the statements: pages that carry the same number of a claimant are one."""
    bundles: dict[tuple[Any, ...], list[PageNumber]] = defaultdict(list)
    for row in rows:
        root = records.find_root(row)
        page = row.claim_id if is_unnamed(records, row.claimant_id) else ""
        toll = records.toll_of_claim.get((row.claim_id, row.outcome, row.unit))
        spot = toll or row.event_ids or (row.location_id, row.period_start)
        narrow = (row.location_id, row.period_start, row.period_end, row.cause, row.perpetrators)
        key = (
            row.claimant_id, page, row.conflict_id, row.outcome, row.unit, row.scope, row.basis, row.current, spot,
            row.as_of, row.period_end, row.label, *(getattr(row, column) for column in ATTRIBUTES),
            narrow if is_narrowed(row, root) else None, row.relation == "additional",
        )  # fmt: skip
        bundles[key].append(read_number(records, row, reading))
    return [one for items in bundles.values() for one in merge_numbers(items)]


def sum_cells(records: Records, cells: Sequence[SumCell], plan: SumPlan) -> list[dict[str, Any]]:
    """Return one row per cell.

    Args:
        records: The records.
        cells: The cells, as `list_cells` returns them.
        plan: What is added up.

    Raises:
        Refused: If a cell has numbers that may not be added.
    """
    allowed = SHARING if plan.on_overlap == "union" else frozenset()
    if any(clash.code not in allowed for cell in cells for clash in cell.clashes):
        raise _refuse(cells, allowed)
    judge = OverlapJudge(records, additional=plan.additional)
    rows = []
    for cell in cells:
        if not cell.items:
            continue
        parts = list_components(judge, cell.items) if cell.clashes else [[i] for i in range(len(cell.items))]
        sums = [
            union(cell.items[i].bounds for i in part) if len(part) > 1 else cell.items[part[0]].bounds for part in parts
        ]
        total: Bounds = add(sums)
        everything = [item for one in cell.items for item in one.everything]
        rows.append({
            **cell.key, "low": total.low, "best": total.best, "high": total.high, "n_items": len(cell.items),
            "how": "union" if cell.clashes else "sum", "reading": plan.query.reading,
            "pages": len({item.row.source_id for item in everything}),
            "claims": join(sorted({item.row.claim_id for item in everything})),
        })  # fmt: skip
    return rows


def _refuse(cells: Sequence[SumCell], allowed: frozenset[str]) -> Refused:
    """Return the refusal: one row per code, with an example and the numbers of pairs and cells."""
    clashes = [(cell, clash) for cell in cells for clash in cell.clashes if clash.code not in allowed]
    rows: list[dict[str, Any]] = []
    for code in CODES:
        mine = [(cell, clash) for cell, clash in clashes if clash.code == code]
        if mine:
            cell, (_, where, _, _) = mine[0]
            one, other = cell.items[where[0]], cell.items[where[-1]] if len(where) > 1 else None
            rows.append({
                "code": code, "meaning": CODES[code], **cell.key,
                "one": _describe(one), "other": _describe(other) if other else None,
                "times": sum(clash.times for _, clash in mine), "cells": len({id(cell) for cell, _ in mine}),
            })  # fmt: skip
    rows.sort(key=lambda row: -row["times"])
    choices = list(dict.fromkeys(_CHOICES[row["code"]] for row in rows if row["code"] in _CHOICES))
    count = len({id(cell) for cell, _ in clashes})
    where_ = f"{count} of {len(cells)} cells have" if len(cells) > 1 else "there are"
    return Refused([row["code"] for row in rows], f"{where_} numbers that cannot be added.", rows, choices)


def _describe(one: Statement) -> str:
    return f"{one.row.figure_id} ({one.wording})"


def explain_cells(cells: Sequence[SumCell]) -> list[dict[str, Any]]:
    """Return one row per figure, with whether it is used and why not, by cell and figure."""
    rows = []
    for cell in cells:
        why: dict[int, list[str]] = defaultdict(list)
        for clash in cell.clashes:
            for i in clash.items:
                why[i].append(clash.code)
        refused = bool(cell.clashes)
        found = [(row, False, reason) for row, reason in cell.left]
        for i, one in enumerate(cell.items):
            codes = join(sorted(why[i])) or ("cell refused" if refused else "")
            first, *others = one.everything
            found += [(first.row, not refused, codes or ""), *((item.row, False, "relay") for item in others)]
        rows += [
            {
                **cell.key, "figure_id": row.figure_id, "claim_id": row.claim_id, "claimant": row.claimant_id,
                "as_of": row.as_of, "wording": write_number(row.qualifier, get_number(row), row.high, row.share), "used": used, "why": reason or None,
            }
            for row, used, reason in sorted(found, key=lambda item: item[0].figure_id)
        ]  # fmt: skip
    return rows
