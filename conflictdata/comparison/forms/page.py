"""Content shared by text, Markdown and HTML.

The summary lines, and the changed rows grouped by the record that they describe.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from conflictdata.comparison.changes import QUANTITY
from conflictdata.comparison.collections import describe_change
from conflictdata.comparison.model import CellChange, Change, Kind, Point, SnapshotInfo, TollChange
from conflictdata.comparison.result import Diff
from conflictdata.reporters.common import format_count

SIGNS: dict[str, str] = {"removed": "-", "replaced": "~", "corrected": "~", "changed": "~", "added": "+"}
SECTIONS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("Removed", ("removed",)),
    ("Corrected", ("replaced", "corrected")),
    ("Added", ("added",)),
)
EMPTY = "(empty)"
COLLECTIONS_HINT = "`conflictdata diff OLD NEW --collection NAME` compares one row by row"
POINTS = 10  # points shown per toll
TOLLS = 50


@dataclass(frozen=True)
class ChangeLine:
    """One line about a changed row: its name, old value, new value and reason."""

    sign: str
    kind: str
    name: str
    old: str
    new: str
    why: str


@dataclass(frozen=True)
class ChangeGroup:
    """Changed rows of one record: its id, the record in words, the rows."""

    subject: str
    about: str
    changes: tuple[Change, ...]

    def iterate_lines(self) -> Iterator[ChangeLine]:
        """Yield the rows as lines. A reason is omitted if the row before has the same one."""
        last = ""
        for change in self.changes:
            for number, line in enumerate(_make_lines(change)):
                reason = "" if number or line.why == last else line.why
                yield ChangeLine(line.sign, line.kind, line.name, line.old, line.new, reason)
            last = _format_reason(change)


@dataclass(frozen=True)
class ChangeSection:
    """Removed, corrected or added rows: the total, those shown, the number omitted."""

    title: str
    total: int
    shown: tuple[ChangeGroup, ...]
    rest: int


def build_sections(diff: Diff, cap: int | None) -> list[ChangeSection]:
    """Build the sections, with at most `cap` rows in all, shared fairly between them."""
    totals = [diff.total(*kinds) for _, kinds in SECTIONS]
    quotas = _divide_rows(totals, cap)
    built = []
    for (title, kinds), total, quota in zip(SECTIONS, totals, quotas, strict=True):
        if total:
            shown = tuple(group_changes(_take_first(iterate_independent_changes(diff, kinds), quota)))
            built.append(ChangeSection(title, total, shown, total - quota))
    return built


def iterate_independent_changes(diff: Diff, kinds: Iterable[Kind]) -> Iterator[Change]:
    """Yield the rows of these kinds that do not merely follow a replaced id."""
    return (change for change in diff.changes(*kinds) if not change.follows)


def _divide_rows(totals: list[int], cap: int | None) -> list[int]:
    """Divide the rows to show among the sections.

    Each section gets an equal share; unused shares go to the others, in order.
    """
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
    """Group rows by the record that they describe."""
    for subject, group in groupby(changes, key=lambda change: change.subject):
        rows = tuple(group)
        yield ChangeGroup(subject, rows[0].about, rows)


def _make_lines(change: Change) -> Iterator[ChangeLine]:
    """Yield one line per removed or added row, and one per changed cell of other rows.

    A quantity (qualifier, bounds, number) counts as one cell.
    """
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
    """Return the old and the new key, without the subject's id if both start with it."""
    start = f"{change.subject}."
    if change.subject and change.was.startswith(start) and change.record.startswith(start):
        return change.was.removeprefix(start), change.record.removeprefix(start)
    return change.was, change.record


def _find_changed_parents(change: Change) -> set[tuple[object, object]]:
    """Return the old and the new parent, if the parent differs.

    The id of a figure shows its parent already.
    """
    return {(cell.old, cell.new) for cell in change.cells if cell.column == "parent_id"}


def select_cells(change: Change) -> tuple[CellChange, ...]:
    """Return the changed cells that no other line of the page shows."""
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
    """Format a side with its version, such as `build/package (package, 1.1.0)`."""
    what = ", ".join(filter(None, [side.kind if side.kind not in (side.name, "revision") else "", side.version]))
    return f"{side.name} ({what})" if what else side.name


def format_summary(diff: Diff) -> str:
    """Format the number of differences in one line."""
    numbers = [(diff.total(*kinds), title.lower()) for title, kinds in SECTIONS]
    rows = [f"{number:,} {what}" for number, what in numbers if number]
    parts = [f"rows: {', '.join(rows)}"] if rows else []
    if diff.tolls:
        parts.append(f"{format_count(len(diff.tolls), 'running toll')} {'moves' if len(diff.tolls) == 1 else 'move'}")
    if diff.schema:
        parts.append(format_count(len(diff.schema), "change") + " of the schema")
    if diff.collections:
        parts.append(f"{format_count(len(diff.collections), 'collection')} changed")
    return "; ".join(parts) or "nothing differs"


def iterate_collections(diff: Diff) -> Iterator[str]:
    """Yield one line per collection that differs."""
    for name, changes in diff.collections.items():
        what = describe_change(changes)
        side = changes.old if what == "removed" else changes.new
        rows = [f"{side.rows.get(table, 0):,} {table}" for table in ("claims", "figures")]
        yield f"{name}: {what}, {' and '.join(rows) if what != 'changed' else format_summary(changes)}"


def format_version(diff: Diff) -> str:
    """Format the version that the diff needs in one line."""
    if diff.bump == "none":
        return "no new version is needed"
    step = diff.next_version()
    after = f": {diff.old.version} to {step} or later" if step else ""
    return f"needs a {diff.bump} version{after}"


def iterate_notes(diff: Diff) -> Iterator[str]:
    """Yield warnings about the two sides that a reader needs first."""
    for side, which in ((diff.old, "old"), (diff.new, "new")):
        if side.missing:
            yield f"{side.name} has no seeds: everything is {'added' if which == 'old' else 'removed'}"
        if side.errors:
            yield (
                f"{side.name} has {format_count(side.errors, 'error')}: conflictdata validate lists them. "
                "Unreadable cells are compared as empty."
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
    """Format a toll with its day, such as `at least 727 (2024-12-05)`."""
    return f"{point} ({point.as_of})" if point else "none"


def format_bounds(toll: TollChange) -> str:
    """Format old and new low, best and high of the last day."""
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
