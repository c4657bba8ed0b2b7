"""What text, Markdown and HTML show alike: the head, and the changed rows grouped by the record that they are about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from conflictdata.comparison.model import CellChange, Change, Kind, Point, SnapshotInfo, TollChange
from conflictdata.comparison.result import QUANTITY, Diff
from conflictdata.reporters.common import format_count

SIGNS: dict[str, str] = {"removed": "-", "replaced": "~", "corrected": "~", "changed": "~", "added": "+"}
SECTIONS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Removed", ("removed",)),
    ("Corrected", ("replaced", "corrected")),
    ("Added", ("added",)),
)
EMPTY = "(empty)"
POINTS = 10  # points of one toll that are shown
TOLLS = 50


@dataclass(frozen=True)
class ChangeLine:
    """One thing that a changed row says: its name, before, now, why."""

    sign: str
    kind: str
    name: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class ChangeGroup:
    """Changed rows about one record: its id, what it is, the rows."""

    subject: str
    about: str
    changes: tuple[Change, ...]

    def iterate_lines(self) -> Iterator[ChangeLine]:
        """The rows as lines; a reason that a row shares with the one before is said once."""
        last = ""
        for change in self.changes:
            for number, line in enumerate(_make_lines(change)):
                reason = "" if number or line.why == last else line.why
                yield ChangeLine(line.sign, line.kind, line.name, line.old, line.new, reason)
            last = _format_reason(change)


@dataclass(frozen=True)
class ChangeSection:
    """Removed, corrected or added rows: how many there are, those shown, and how many are left out."""

    title: str
    total: int
    shown: tuple[ChangeGroup, ...]
    rest: int


def build_sections(diff: Diff, cap: int | None) -> list[ChangeSection]:
    """The sections with at most `cap` rows in all, shared out so that no section hides another."""
    totals = [diff.total(*kinds) for _, kinds in SECTIONS]
    quotas = _divide_rows(totals, cap)
    built = []
    for (title, kinds), total, quota in zip(SECTIONS, totals, quotas, strict=True):
        if total:
            shown = tuple(group_changes(_take_first(iterate_independent_changes(diff, kinds), quota)))
            built.append(ChangeSection(title, total, shown, total - quota))
    return built


def iterate_independent_changes(diff: Diff, kinds: Iterable[Kind]) -> Iterator[Change]:
    """The rows of these kinds that say something of their own."""
    return (change for change in diff.changes(*kinds) if not change.follows)


def _divide_rows(totals: list[int], cap: int | None) -> list[int]:
    """Rows shown of each section: a fair share each, and what one leaves over to the next, in order."""
    if cap is None or sum(totals) <= cap:
        return totals
    quotas = [min(total, cap // len(totals)) for total in totals]
    for i, total in enumerate(totals):
        quotas[i] += min(total - quotas[i], cap - sum(quotas))
    return quotas


def _take_first(changes: Iterator[Change], number: int) -> Iterator[Change]:
    for _, change in zip(range(number), changes, strict=False):
        yield change


def group_changes(changes: Iterable[Change]) -> Iterator[ChangeGroup]:
    """Rows by the record that they are about."""
    for subject, group in groupby(changes, key=lambda change: change.subject):
        rows = tuple(group)
        yield ChangeGroup(subject, rows[0].about, rows)


def _make_lines(change: Change) -> Iterator[ChangeLine]:
    """A removed or added row is one line; of a corrected one each cell is, a number with its bounds and words being one."""
    sign, why = SIGNS[change.kind], _format_reason(change)
    if change.kind in ("removed", "added"):
        yield ChangeLine(sign, change.kind, change.label, change.old, change.new, why)
        return
    if change.kind == "replaced":
        yield ChangeLine(sign, change.kind, f"{change.label}, new id", *_shorten_ids(change), why)
    if change.old or change.new:
        yield ChangeLine(sign, change.kind, change.label, change.old, change.new, why)
    for cell in select_cells(change):
        name = f"{change.label}, {cell.column}"
        yield ChangeLine(sign, change.kind, name, _format_cell(cell.old), _format_cell(cell.new), why)


def _shorten_ids(change: Change) -> tuple[str, str]:
    """Old and new key; without the record that both are about, which stands above them."""
    start = f"{change.subject}."
    if change.subject and change.was.startswith(start) and change.record.startswith(start):
        return change.was.removeprefix(start), change.record.removeprefix(start)
    return change.was, change.record


def _find_changed_parents(change: Change) -> set[tuple[object, object]]:
    """Old and new parent, where the parent differs: a figure's id says it already."""
    return {(cell.old, cell.new) for cell in change.cells if cell.column == "parent_id"}


def select_cells(change: Change) -> tuple[CellChange, ...]:
    """The cells of a corrected row that nothing else on the page says."""
    covered = set(QUANTITY) if change.old or change.new else set()
    if change.kind == "replaced":
        covered |= set(change.key)
        if (change.was.rpartition(".")[0], change.record.rpartition(".")[0]) in _find_changed_parents(change):
            covered.add("parent_id")
    cells = [cell for cell in change.cells if cell.own and cell.column not in covered]
    return tuple(c for c in cells if not (c.old is None and c.new == change.reason))


def _format_cell(value: object) -> str:
    return EMPTY if value is None else str(value)


def _format_reason(change: Change) -> str:
    if change.replaced_by:
        return f"{change.reason} Now {change.replaced_by}.".strip()
    return change.reason


def format_snapshot(side: SnapshotInfo) -> str:
    """A side with its version: `build/package (package, 1.1.0)`."""
    what = ", ".join(filter(None, [side.kind if side.kind not in (side.name, "revision") else "", side.version]))
    return f"{side.name} ({what})" if what else side.name


def format_summary(diff: Diff) -> str:
    """How much differs, in one line."""
    numbers = [(diff.total(*kinds), title.lower()) for title, kinds in SECTIONS]
    rows = [f"{number:,} {what}" for number, what in numbers if number]
    parts = [f"rows: {', '.join(rows)}"] if rows else []
    if diff.tolls:
        parts.append(f"{format_count(len(diff.tolls), 'running toll')} {'moves' if len(diff.tolls) == 1 else 'move'}")
    if diff.schema:
        parts.append(format_count(len(diff.schema), "change") + " of the schema")
    return "; ".join(parts) or "nothing differs"


def format_version(diff: Diff) -> str:
    """The version that it needs, in one line."""
    if diff.bump == "none":
        return "no new version is needed"
    step = diff.next_version()
    after = f": {diff.old.version} to {step} or later" if step else ""
    return f"needs a {diff.bump} version{after}"


def iterate_notes(diff: Diff) -> Iterator[str]:
    """What a reader must know of the two sides before believing the rest."""
    for side, which in ((diff.old, "old"), (diff.new, "new")):
        if side.missing:
            yield f"{side.name} has no seeds: everything is {'added' if which == 'old' else 'removed'}"
        if side.errors:
            stand = "stands" if side.errors == 1 else "stand"
            yield (
                f"{format_count(side.errors, 'error')} {stand} in {side.name}: conflictdata validate names them; "
                "cells that cannot be read count as empty"
            )
        if side.unread:
            listed = ", ".join(side.unread[:3]) + (f" and {len(side.unread) - 3} more" if len(side.unread) > 3 else "")
            yield f"not readable in {side.name}, so that records are missing: {listed}"
    yield from _iterate_id_notes(diff)
    if diff.reordered:
        yield f"rows stand in another order in {', '.join(diff.reordered)}, which means nothing"


def _iterate_id_notes(diff: Diff) -> Iterator[str]:
    following = sum(rows.following for rows in diff.rows.values())
    if following:
        yield f"{format_count(following, 'row')} not listed: nothing in {'it' if following == 1 else 'them'} differs but ids that were replaced"
    if diff.unretired:
        first = ", ".join(diff.unretired[:3]) + (", ..." if len(diff.unretired) > 3 else "")
        are = "id is" if len(diff.unretired) == 1 else "ids are"
        yield f"{len(diff.unretired):,} {are} gone without a row in retired.csv: {first}"


def format_point(point: Point | None) -> str:
    """A toll with its day: `at least 727 (2024-12-05)`."""
    return f"{point} ({point.as_of})" if point else "none"


def format_bounds(toll: TollChange) -> str:
    """Low, best and high at the last day, before and now."""
    pairs = []
    for name in ("low", "best", "high"):
        old, new = (getattr(p, name) if p else None for p in (toll.old, toll.new))
        if old is not None or new is not None:
            pairs.append(
                f"{name} {_format_number(old)} -> {_format_number(new)}"
                if old != new
                else f"{name} {_format_number(old)}"
            )
    return ", ".join(pairs)


def _format_number(value: int | None) -> str:
    return "-" if value is None else f"{value:,}"
